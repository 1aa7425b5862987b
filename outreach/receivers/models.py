"""Appointments of vote receivers, as stored. Never a CPR number."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.core.db import OrgRow, link, own
from outreach.people.models import Staff


class Appointment(OrgRow):
    """Somebody is appointed to receive votes in an election.

    Attributes:
        role: as in the ruleset, such as ``appointed_voter`` or ``municipal_employee``.
        appointed_on: None where it was taken over from an earlier election; nobody is appointed by
            that.
        expires_on: the last day on which it holds; None: until the election is over.
        instructed_on: when the person was instructed; None means not yet.
        attributes: only what the ruleset wants distinct, such as the party; removed afterwards.
        days: ISO days on which the person can come; None means every day of the window.
        is_reserve: only called when somebody else falls out.
        source_ref: number in the list that it was imported from.
    """

    __table_args__ = own(
        link("election_id", "election", ondelete="CASCADE"),
        link("staff_id", "staff"),
        UniqueConstraint("election_id", "staff_id"),
    )

    election_id: Mapped[str] = mapped_column(String(36), index=True)
    staff_id: Mapped[str] = mapped_column(String(36), index=True)
    role: Mapped[str] = mapped_column(String(40))
    appointed_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    instructed_on: Mapped[date | None]
    is_candidate: Mapped[bool] = mapped_column(default=False)
    is_reserve: Mapped[bool] = mapped_column(default=False)
    attributes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    days: Mapped[list[str] | None] = mapped_column(JSON)
    source_ref: Mapped[str] = mapped_column(String(40), default="")
    staff: Mapped[Staff] = relationship(lazy="raise", viewonly=True)
