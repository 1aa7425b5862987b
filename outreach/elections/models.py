"""Elections, local decisions and what is decided for each site, as stored."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.core.db import OrgRow, link, own
from outreach.sites.models import Site


class Election(OrgRow):
    """One election of one municipality.

    Attributes:
        ruleset: code and version of the law that it follows, such as ``dk-kv@2025-01``.
        law: that ruleset's JSON form as it was when chosen; later edits do not reach it.
        writ_day: when the election was called; None where the day is fixed by law.
        setup_minutes, pack_minutes: at the site, before and after the session.
        seconds_per_vote: at one desk.
        percent_voting: expected share of the residents.
        reserve_days: working days to be left free before the window ends, for second attempts.
        first_minute, last_minute: of a team's day; break_minutes: within it.
        longest_minutes: a session that would take longer, set-up and packing included, is split.
        keeps_quiet: sessions stay out of the sites' quiet times; else the host works around them.
        copied_from: the earlier election that it was made from.
        feed_key: random; who knows it may subscribe to the calendar of windows and deadlines.
    """

    __table_args__ = own(CheckConstraint("percent_voting between 1 and 100", name="percent"))

    title: Mapped[str] = mapped_column(String(120))
    ruleset: Mapped[str] = mapped_column(String(90))
    law: Mapped[dict[str, Any]] = mapped_column(JSON)
    election_day: Mapped[date] = mapped_column(index=True)
    writ_day: Mapped[date | None]
    setup_minutes: Mapped[int] = mapped_column(default=25)
    pack_minutes: Mapped[int] = mapped_column(default=15)
    seconds_per_vote: Mapped[int] = mapped_column(default=360)
    percent_voting: Mapped[int] = mapped_column(default=45)
    reserve_days: Mapped[int] = mapped_column(default=1)
    first_minute: Mapped[int] = mapped_column(default=8 * 60)
    last_minute: Mapped[int] = mapped_column(default=16 * 60)
    break_minutes: Mapped[int] = mapped_column(default=30)
    longest_minutes: Mapped[int] = mapped_column(default=300)
    keeps_quiet: Mapped[bool] = mapped_column(default=False)
    copied_from: Mapped[str | None] = mapped_column(String(36))
    feed_key: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid4()))
    decisions: Mapped[list[LocalDecision]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="LocalDecision.option"
    )


class LocalDecision(OrgRow):
    """What the council decided within what the ruleset leaves open.

    Attributes:
        option: the ruleset's name of the choice; value: site kinds with commas, or a moment.
        decided_on: None where it was taken over from an earlier election and nobody has confirmed
            it yet; until then it does not count.
        document: the number under which the decision can be found.
    """

    __table_args__ = own(
        link("election_id", "election", ondelete="CASCADE"),
        UniqueConstraint("election_id", "option"),
    )

    election_id: Mapped[str] = mapped_column(String(36), index=True)
    option: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(160), default="")
    decided_on: Mapped[date | None]
    document: Mapped[str] = mapped_column(String(60))


class SiteDecision(OrgRow):
    """What happens at a site in an election.

    Attributes:
        outcome: session, home, self_served or none.
        expected: votes; None is worked out from the residents.
        desks: places where a vote is received at the same time.
        split: how a site that is too big is served: ``crews`` on one day, or over ``dates``.
        hours_from, hours_to: agreed with the host instead of the site's hours, from midnight.
    """

    __table_args__ = own(
        link("election_id", "election", ondelete="CASCADE"),
        link("site_id", "site"),
        UniqueConstraint("election_id", "site_id"),
    )

    election_id: Mapped[str] = mapped_column(String(36), index=True)
    site_id: Mapped[str] = mapped_column(String(36), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(280), default="")
    expected: Mapped[int | None]
    desks: Mapped[int] = mapped_column(default=1)
    split: Mapped[str] = mapped_column(String(8), default="crews")
    hours_from: Mapped[int | None]
    hours_to: Mapped[int | None]
    site: Mapped[Site] = relationship(lazy="raise", viewonly=True)
