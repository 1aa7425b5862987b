"""Voting sessions, the teams that hold them, and what tablets report of them, as stored.

A session is a visit of the house: the plan of an election (``Plan.book`` is the election's id)
places it in rounds, and tablets get it as they get every visit.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.core.db import OrgRow, link, own
from outreach.people.models import Staff
from outreach.visits.models import Fact, Visit


class VotingSession(OrgRow):
    """One session at a site.

    Attributes:
        visit_id: its visit; service, set-up and packing minutes stand there.
        part, parts: where a site is split over several sessions.
        expected: votes of this part; desks: received at the same time.
        channel: of the ruleset, such as ``institution``.
    """

    __table_args__ = own(
        link("election_id", "election", ondelete="CASCADE"),
        link("site_id", "site"),
        link("visit_id", "visit"),
        UniqueConstraint("visit_id"),
        UniqueConstraint("election_id", "site_id", "part"),
    )

    election_id: Mapped[str] = mapped_column(String(36), index=True)
    site_id: Mapped[str] = mapped_column(String(36), index=True)
    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    channel: Mapped[str] = mapped_column(String(40))
    part: Mapped[int] = mapped_column(default=1)
    parts: Mapped[int] = mapped_column(default=1)
    expected: Mapped[int]
    desks: Mapped[int] = mapped_column(default=1)
    visit: Mapped[Visit] = relationship(lazy="raise", viewonly=True)


class VotingTeam(OrgRow):
    """Receivers who go out together on one day of an election.

    Attributes:
        letter: V1 to V9, then VA to VZ.
        vehicle: what they ride in.
        first_minute, last_minute: from midnight.
    """

    __table_args__ = own(
        link("election_id", "election", ondelete="CASCADE"),
        link("depot_id", "depot"),
        UniqueConstraint("election_id", "day", "letter"),
    )

    election_id: Mapped[str] = mapped_column(String(36), index=True)
    day: Mapped[date]
    letter: Mapped[str] = mapped_column(String(2))
    depot_id: Mapped[str] = mapped_column(String(36))
    vehicle: Mapped[str] = mapped_column(String(60), default="")
    first_minute: Mapped[int]
    last_minute: Mapped[int]
    members: Mapped[list[VotingTeamMember]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="VotingTeamMember.id"
    )


class VotingTeamMember(OrgRow):
    """One receiver of a team; ``vehicle`` differs from the team's where somebody rides alone."""

    __table_args__ = own(
        link("team_id", "voting_team", ondelete="CASCADE"),
        link("staff_id", "staff"),
        UniqueConstraint("team_id", "staff_id"),
    )

    team_id: Mapped[str] = mapped_column(String(36), index=True)
    staff_id: Mapped[str] = mapped_column(String(36), index=True)
    vehicle: Mapped[str] = mapped_column(String(60), default="")
    staff: Mapped[Staff] = relationship(lazy="raise", viewonly=True)


class SessionMark(Fact):
    """Somebody opened or closed a session.

    Attributes:
        kind: ``open``, ``close``, or ``swap`` where others receive from then on.
        receivers: staff ids that were named and confirmed; two different ones at least.
        is_doubtful: the tablet's clock and the server's did not agree well enough to be sure.
    """

    kind: Mapped[str] = mapped_column(String(10))
    receivers: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_doubtful: Mapped[bool] = mapped_column(default=False)
