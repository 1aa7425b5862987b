"""Reads of agreements and requests, and what a week owes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from outreach.agreements.models import Agreement, VisitRequest
from outreach.agreements.rules import Due, Promise, due_in_week, expected_days, request_due
from outreach.catalogue.models import Service
from outreach.catalogue.queries import service_names
from outreach.core import calendar, clock
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.sites.models import Site, SiteStatus
from outreach.visits.models import Visit, VisitStatus

_HORIZON_WEEKS = 104
_FAILED = (VisitStatus.NO_ACCESS, VisitStatus.NO_SHOW, VisitStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit that a week owes, whether stored yet or not.

    Attributes:
        agreement_id, request_id: exactly one is set.
        seq: 0, 1, … among the visits of one agreement in the week.
        service_minutes, setup_minutes: from the agreement or the sum over its services.
    """

    site_id: str
    site_label: str
    site_kind: str
    agreement_id: str | None
    request_id: str | None
    seq: int
    services: tuple[str, ...]
    service_minutes: int
    setup_minutes: int
    priority: int
    people: int
    crews: int
    due: Due


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A line of the list of agreements; ``services`` by name."""

    id: str
    site_id: str
    site_label: str
    services: tuple[str, ...]
    interval_days: int | None
    rrule: str
    minutes: int | None
    priority: int
    is_active: bool
    last_visit: date | None


def due(monday: date, left_out: AbstractSet[str] = frozenset()) -> tuple[DueVisit, ...]:
    """Everything that the week of ``monday`` owes. Cost: four statements.

    ``left_out`` are visits of weeks before that a published plan does without: they keep nothing.
    """
    services = {s.code: s for s in db.session.scalars(select(Service))}
    owners: list[tuple[Agreement | VisitRequest, tuple[Due, ...]]] = [
        *_agreements_due(monday, left_out),
        *_requests_due(monday, left_out),
    ]
    found = [
        _due_visit(owner, one, seq, services)
        for owner, dues in owners
        for seq, one in enumerate(dues)
    ]
    return tuple(sorted(found, key=lambda d: (d.site_label, d.agreement_id or "", d.seq)))


def _agreements_due(
    monday: date, left_out: AbstractSet[str]
) -> list[tuple[Agreement, tuple[Due, ...]]]:
    sunday = monday + timedelta(days=6)
    agreements = db.session.scalars(
        select(Agreement)
        .join(Site, Site.id == Agreement.site_id)
        .where(Agreement.is_active, Site.status == SiteStatus.ACTIVE)
        .where(Agreement.starts_on <= sunday)
        .where(or_(Agreement.ends_on.is_(None), Agreement.ends_on >= monday))
        .options(joinedload(Agreement.site))
        .order_by(Agreement.id)
    ).all()
    last = last_visits(before=monday, left_out=left_out)
    holidays = calendar.holidays_between(monday, sunday)
    return [(a, due_in_week(promise_of(a), monday, last.get(a.id), holidays)) for a in agreements]


def _requests_due(
    monday: date, left_out: AbstractSet[str]
) -> list[tuple[VisitRequest, tuple[Due, ...]]]:
    requests = db.session.scalars(
        select(VisitRequest)
        .join(Site, Site.id == VisitRequest.site_id)
        .where(VisitRequest.status.in_(("open", "planned")), Site.status == SiteStatus.ACTIVE)
        .where(~_has_visit(Visit.monday < monday, _counts(left_out)))
        .options(joinedload(VisitRequest.site))
        .order_by(VisitRequest.id)
    )
    dues = ((r, request_due(r.earliest, r.latest, monday)) for r in requests)
    return [(r, (one,)) for r, one in dues if one is not None]


def _due_visit(
    owner: Agreement | VisitRequest, one: Due, seq: int, services: dict[str, Service]
) -> DueVisit:
    known = [services[code] for code in owner.services if code in services]
    is_agreement = isinstance(owner, Agreement)
    return DueVisit(
        site_id=owner.site_id,
        site_label=owner.site.label,
        site_kind=owner.site.kind,
        agreement_id=owner.id if is_agreement else None,
        request_id=None if is_agreement else owner.id,
        seq=seq,
        services=tuple(owner.services),
        service_minutes=owner.minutes or max(1, sum(s.minutes for s in known)),
        setup_minutes=max((s.setup_minutes for s in known), default=0),
        priority=owner.priority,
        people=max(owner.people if isinstance(owner, Agreement) else 1, owner.site.people),
        crews=owner.crews if isinstance(owner, Agreement) else 1,
        due=one,
    )


def promise_of(agreement: Agreement) -> Promise:
    """The rhythm of a stored agreement."""
    return Promise(
        agreement.interval_days, agreement.tolerance_days, agreement.rrule,
        agreement.starts_on, agreement.ends_on,
    )  # fmt: skip


def last_visits(before: date, left_out: AbstractSet[str] = frozenset()) -> dict[str, date]:
    """The day of each agreement's last visit before a Monday. Cost: one statement.

    A visit of the past counts if it was carried out; one that is still to come counts on the
    Monday of its week, unless it is ``left_out``.
    """
    happened = func.coalesce(Visit.done_on, Visit.monday)
    rows = db.session.execute(
        select(Visit.agreement_id, func.max(happened))
        .where(Visit.agreement_id.is_not(None), Visit.monday < before, _counts(left_out))
        .group_by(Visit.agreement_id)
    )
    return {agreement: day for agreement, day in rows if agreement is not None}


def _counts(left_out: AbstractSet[str]) -> ColumnElement[bool]:
    """Whether a visit was carried out or may still be: it keeps the promise."""
    may_still_be = and_(
        Visit.monday >= clock.monday_of(clock.today()), Visit.id.not_in(sorted(left_out))
    )
    return and_(Visit.status.not_in(_FAILED), or_(Visit.done_on.is_not(None), may_still_be))


def _has_visit(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a request has such a visit."""
    return exists().where(Visit.request_id == VisitRequest.id, *where)


def agreements(site_id: str | None = None) -> tuple[AgreementRow, ...]:
    """Every agreement, by site. Cost: three statements."""
    query = (
        select(Agreement)
        .join(Site, Site.id == Agreement.site_id)
        .options(joinedload(Agreement.site))
        .order_by(Site.sort_key, Agreement.id)
    )
    if site_id is not None:
        query = query.where(Agreement.site_id == site_id)
    last = last_visits(before=clock.monday_of(clock.today()) + timedelta(days=7))
    names = service_names()
    return tuple(
        AgreementRow(
            a.id, a.site_id, a.site.label, _named(a.services, names), a.interval_days, a.rrule,
            a.minutes, a.priority, a.is_active, last.get(a.id),
        )
        for a in db.session.scalars(query)
    )  # fmt: skip


def _named(codes: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(code, code) for code in codes)


def agreement_by_id(agreement_id: str) -> Agreement:
    """One agreement with its site.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Agreement).where(Agreement.id == agreement_id).options(joinedload(Agreement.site))
    ).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A line of the list of open requests; ``services`` by name."""

    id: str
    site_id: str
    site_label: str
    services: tuple[str, ...]
    earliest: date
    latest: date
    priority: int


def request_by_id(request_id: str) -> VisitRequest:
    """One request with its site. Cost: one statement.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(VisitRequest)
        .where(VisitRequest.id == request_id)
        .options(joinedload(VisitRequest.site))
    ).first()
    if found is None:
        raise NotFound
    return found


def open_requests() -> tuple[RequestRow, ...]:
    """Requests that were not met yet, the most urgent first. Cost: two statements."""
    names = service_names()
    was_done = _has_visit(Visit.done_on.is_not(None), Visit.status.not_in(_FAILED))
    found = db.session.scalars(
        select(VisitRequest)
        .where(VisitRequest.status.in_(("open", "planned")), ~was_done)
        .options(joinedload(VisitRequest.site))
        .order_by(VisitRequest.latest, VisitRequest.id)
    )
    return tuple(
        RequestRow(
            r.id, r.site_id, r.site.label, _named(r.services, names), r.earliest, r.latest,
            r.priority,
        )
        for r in found
    )  # fmt: skip


def site_choices(also: str | None = None) -> list[tuple[str, str]]:
    """Id and label of every site that is not closed, for a form. Cost: one statement.

    ``also`` is a site that stays a choice even if it is closed: a form that does not offer what is
    stored would store the first one instead.
    """
    found = db.session.scalars(
        select(Site)
        .where(or_(Site.status != SiteStatus.CLOSED, Site.id == also))
        .order_by(Site.sort_key)
    )
    return [(site.id, site.label) for site in found]


def next_days(agreement: Agreement, count: int = 8) -> tuple[date, ...]:
    """The next days on which an agreement expects a visit. Cost: one statement."""
    today = clock.today()
    last = last_visits(before=today + timedelta(days=1)).get(agreement.id)
    horizon = today + timedelta(weeks=_HORIZON_WEEKS)
    holidays = calendar.holidays_between(today, horizon)
    return expected_days(promise_of(agreement), today, horizon, last, holidays)[:count]
