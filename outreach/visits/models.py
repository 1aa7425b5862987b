"""Visits and the facts that tablets report about them, as stored.

Facts are never changed. An undo marks them as void; status, checks, counts and notes of a visit
are what the facts that are not void add up to.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from outreach.core.db import OrgRow, link, own
from outreach.sites.models import Site

OUTREACH = ""
"""The book of the weekly outreach; every election keeps a book of its own."""


class VisitStatus(StrEnum):
    """How far a visit is (domain: state machines)."""

    PLANNED = "planned"
    EN_ROUTE = "en_route"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    PARTIAL = "partial"
    NO_ACCESS = "no_access"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class NoAccess(StrEnum):
    """Why a team did not get in."""

    CLOSED = "closed"
    OUTBREAK = "outbreak"
    NO_HOST = "no_host"
    REFUSED = "refused"
    UNSAFE = "unsafe"
    OTHER = "other"


class Visit(OrgRow):
    """One visit that is due in one week; it keeps its identity through every plan.

    Attributes:
        monday: the first day of its week.
        book: empty for the weekly outreach; else the id of the election that it belongs to.
        services: codes, as they were when the visit fell due.
        service_minutes, setup_minutes: the time that it takes, without travel.
        earliest, latest: the days of the promise; None means the week's own ends.
        pin_*: what the coordinator locked: the day; day and team; day, team and start.
        status: the fold of its status marks.
        done_on: the day on which it was carried out.
    """

    __table_args__ = own(
        link("site_id", "site"),
        link("agreement_id", "agreement"),
        link("request_id", "visit_request"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    agreement_id: Mapped[str | None] = mapped_column(String(36), index=True)
    request_id: Mapped[str | None] = mapped_column(String(36), index=True)
    monday: Mapped[date] = mapped_column(index=True)
    book: Mapped[str] = mapped_column(String(36), default=OUTREACH, index=True)
    services: Mapped[list[str]] = mapped_column(JSON)
    service_minutes: Mapped[int]
    setup_minutes: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=3)
    people: Mapped[int] = mapped_column(default=1)
    crews: Mapped[int] = mapped_column(default=1)
    earliest: Mapped[date | None]
    latest: Mapped[date | None]
    pin_day: Mapped[date | None]
    pin_team: Mapped[str | None] = mapped_column(String(2))
    pin_start: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default=VisitStatus.PLANNED, index=True)
    status_reason: Mapped[str] = mapped_column(String(12), default="")
    done_on: Mapped[date | None] = mapped_column(index=True)
    site: Mapped[Site] = relationship(lazy="raise", viewonly=True)
    tasks: Mapped[list[VisitTask]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="VisitTask.seq"
    )
    marks: Mapped[list[StatusMark]] = relationship(lazy="raise", viewonly=True)
    checks: Mapped[list[TaskCheck]] = relationship(lazy="raise", viewonly=True)
    tallies: Mapped[list[Tally]] = relationship(lazy="raise", viewonly=True)
    notes: Mapped[list[Note]] = relationship(lazy="raise", viewonly=True)


class VisitTask(OrgRow):
    """One line of a visit's check list, copied from its service."""

    __table_args__ = own(link("visit_id", "visit", ondelete="CASCADE"))

    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    seq: Mapped[int]
    service: Mapped[str] = mapped_column(String(20))
    text_da: Mapped[str] = mapped_column(String(160))
    text_en: Mapped[str] = mapped_column(String(160))
    is_mandatory: Mapped[bool] = mapped_column(default=True)


class Fact(OrgRow):
    """Something that was reported about a visit, once.

    Attributes:
        op_id: the tablet's operation; unique, so nothing is counted twice.
        by_id: the user; by_name: as the user was called then.
        at: when it happened by the tablet's corrected clock; received_at: when the server knew.
    """

    __abstract__ = True

    @declared_attr.directive
    def __table_args__(cls) -> tuple[object, ...]:  # noqa: N805
        return own(link("visit_id", "visit"))

    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    op_id: Mapped[str] = mapped_column(String(36), unique=True)
    by_id: Mapped[str] = mapped_column(String(36))
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    is_void: Mapped[bool] = mapped_column(default=False)


class StatusMark(Fact):
    """Somebody said how far the visit is."""

    to: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(12), default="")


class TaskCheck(Fact):
    """Somebody checked a task."""

    task_id: Mapped[str] = mapped_column(String(36), index=True)


class Tally(Fact):
    """So many more (or fewer) of a measure, such as ``mitid.served``. Never absolute.

    Attributes:
        day: the Danish date on which it was counted.
    """

    measure: Mapped[str] = mapped_column(String(40), index=True)
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40), default="")
    day: Mapped[date] = mapped_column(index=True)


class Note(Fact):
    """A short remark; never about a citizen."""

    text: Mapped[str] = mapped_column(String(280))


class Retraction(OrgRow):
    """Somebody took a fact back, perhaps before the fact itself arrived.

    An uncheck takes back the checks that it had seen, whoever made them; an undo takes back one
    operation of the same user.

    Attributes:
        op_id: the operation that takes back; target: the one that is taken back.
        by_id: the user who takes back.
        is_void: the uncheck was itself undone.
    """

    __table_args__ = own(link("visit_id", "visit"), UniqueConstraint("org_id", "op_id", "target"))

    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    op_id: Mapped[str] = mapped_column(String(36), index=True)
    target: Mapped[str] = mapped_column(String(36), index=True)
    by_id: Mapped[str] = mapped_column(String(36))
    is_undo: Mapped[bool] = mapped_column(default=False)
    is_void: Mapped[bool] = mapped_column(default=False)
