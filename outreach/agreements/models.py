"""Agreements and requests, as stored."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.core.db import OrgRow, link, own
from outreach.sites.models import Site


class Agreement(OrgRow):
    """A promise to a site: these services, this often.

    Attributes:
        services: service codes.
        interval_days: the promised distance between visits; None where ``rrule`` says when.
        tolerance_days: by how much a visit may come early or late.
        rrule: RFC 5545 recurrence rule, such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU.
        holiday_policy: what happens to an occurrence on a holiday; ``skip``.
        min_gap_days: two visits of this agreement lie at least so far apart.
        minutes: time on site; None means the sum over the services.
        people: persons that each team needs; crews: so many teams at once.
        weekdays: the days wanted (0 is Monday); empty means any.
        earliest, latest: minutes from midnight that narrow the site's hours.
        priority: 1 (first) to 5.
    """

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"),
        CheckConstraint("(interval_days is null) <> (rrule = '')", name="rhythm"),
        CheckConstraint("priority between 1 and 5", name="priority"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    services: Mapped[list[str]] = mapped_column(JSON)
    interval_days: Mapped[int | None]
    tolerance_days: Mapped[int] = mapped_column(default=3)
    rrule: Mapped[str] = mapped_column(String(200), default="")
    holiday_policy: Mapped[str] = mapped_column(String(10), default="skip")
    min_gap_days: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int | None]
    people: Mapped[int] = mapped_column(default=1)
    crews: Mapped[int] = mapped_column(default=1)
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    earliest: Mapped[int | None]
    latest: Mapped[int | None]
    preferred_team: Mapped[str] = mapped_column(String(2), default="")
    priority: Mapped[int] = mapped_column(default=3)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    site: Mapped[Site] = relationship(lazy="raise", viewonly=True)


class VisitRequest(OrgRow):
    """A single visit that somebody asked for.

    Attributes:
        earliest, latest: the days between which it should happen.
        status: open, planned, done or withdrawn.
    """

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"),
        CheckConstraint("earliest <= latest", name="order"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    services: Mapped[list[str]] = mapped_column(JSON)
    earliest: Mapped[date]
    latest: Mapped[date]
    minutes: Mapped[int | None]
    priority: Mapped[int] = mapped_column(default=3)
    status: Mapped[str] = mapped_column(String(10), default="open")
    site: Mapped[Site] = relationship(lazy="raise", viewonly=True)
