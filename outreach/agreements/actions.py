"""Writes: making and changing agreements, and bringing a week's due visits to life."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import selectinload

from outreach.agreements.models import Agreement, VisitRequest
from outreach.agreements.queries import DueVisit, due
from outreach.agreements.rules import is_rule
from outreach.catalogue.models import ChecklistItem, Service
from outreach.core import audit
from outreach.core.db import atomic, db
from outreach.core.errors import Invalid
from outreach.visits.models import OUTREACH, TaskCheck, Visit, VisitStatus, VisitTask

_UNTOUCHED = (VisitStatus.PLANNED, VisitStatus.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFields:
    """What a person enters about an agreement; names as in ``models.Agreement``."""

    site_id: str
    services: list[str]
    interval_days: int | None
    tolerance_days: int
    rrule: str
    min_gap_days: int
    minutes: int | None
    people: int
    crews: int
    weekdays: list[int]
    earliest: int | None
    latest: int | None
    preferred_team: str
    priority: int
    starts_on: date
    ends_on: date | None
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFields:
    """What a person enters about a single visit."""

    site_id: str
    services: list[str]
    earliest: date
    latest: date
    minutes: int | None
    priority: int


@atomic
def save(given: AgreementFields, agreement: Agreement | None = None) -> Agreement:
    """Make an agreement, or change one.

    Raises:
        Invalid: a field contradicts another; it says which.
    """
    _check(given)
    row = agreement or Agreement()
    for field in fields(given):
        setattr(row, field.name, getattr(given, field.name))
    db.session.add(row)
    db.session.flush()
    audit.record("change" if agreement else "create", "agreement", row.id)
    return row


def _check(given: AgreementFields) -> None:
    wrong: dict[str, str] = {}
    if (given.interval_days is None) == (not given.rrule):
        wrong["interval_days"] = _("Give either an interval in days or a recurrence rule.")
    if given.rrule and not is_rule(given.rrule):
        wrong["rrule"] = _(
            "This is not a recurrence rule, such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU."
        )
    if given.ends_on and given.ends_on < given.starts_on:
        wrong["ends_on"] = _("The last day lies before the first.")
    if given.earliest and given.latest and given.earliest >= given.latest:
        wrong["latest"] = _("The latest time lies before the earliest.")
    if not given.services:
        wrong["services"] = _("Choose at least one service.")
    if wrong:
        raise Invalid(wrong)


@atomic
def save_request(given: RequestFields, found: VisitRequest | None = None) -> VisitRequest:
    """Note a single visit that somebody asked for, or change what was noted.

    Raises:
        Invalid: the days are in the wrong order, or no service is chosen.
    """
    if given.latest < given.earliest:
        raise Invalid({"latest": _("The last day lies before the first.")})
    if not given.services:
        raise Invalid({"services": _("Choose at least one service.")})
    row = found or VisitRequest()
    for field in fields(given):
        setattr(row, field.name, getattr(given, field.name))
    db.session.add(row)
    db.session.flush()
    audit.record("change" if found else "create", "request", row.id)
    return row


@atomic
def withdraw(found: VisitRequest, *, is_withdrawn: bool = True) -> None:
    """Owe a single visit no more, or again; a plan that is made from now on follows."""
    found.status = "withdrawn" if is_withdrawn else "open"
    audit.record("withdraw" if is_withdrawn else "reopen", "request", found.id)


@atomic
def bring_due(
    monday: date, keep: AbstractSet[str] = frozenset(), left_out: AbstractSet[str] = frozenset()
) -> None:
    """Store a visit for everything that the week owes; may be called again and again.

    A stored visit follows its agreement: it takes over what was changed since, and is cancelled
    when it is not owed any more. Visits in ``keep`` (those of the published plan, of which people
    were told) and visits that have begun stay as they are. ``left_out`` as in ``queries.due``.
    """
    owed = {_key(one): one for one in due(monday, left_out)}
    stored = {_key_of(v): v.visit for v in _numbered(_visits(monday))}
    for key, one in owed.items():
        visit = stored.get(key)
        if visit is None:
            db.session.add(Visit(monday=monday, **_values(one)))
        elif visit.id not in keep and visit.status in _UNTOUCHED:
            _follow(visit, one)
    for key, gone in stored.items():
        if key not in owed and gone.id not in keep and gone.status in _UNTOUCHED:
            gone.status = VisitStatus.CANCELLED
    db.session.flush()
    add_tasks(_of_week(monday))


def _follow(visit: Visit, one: DueVisit) -> None:
    """Make a stored visit what is owed now; with other services comes another check list."""
    visit.status = VisitStatus.PLANNED
    if visit.services != list(one.services):
        unchecked = VisitTask.id.not_in(select(TaskCheck.task_id))
        db.session.execute(delete(VisitTask).where(VisitTask.visit_id == visit.id, unchecked))
    for name, value in _values(one).items():
        setattr(visit, name, value)


@dataclass(frozen=True, slots=True)
class _Numbered:
    visit: Visit
    seq: int


_Key = tuple[str, int]


def _key(one: DueVisit) -> _Key:
    return (one.agreement_id or one.request_id or "", one.seq)


def _key_of(one: _Numbered) -> _Key:
    return (one.visit.agreement_id or one.visit.request_id or "", one.seq)


def _of_week(monday: date) -> Select[Visit]:
    return select(Visit).where(Visit.monday == monday, Visit.book == OUTREACH)


def _visits(monday: date) -> list[Visit]:
    return list(db.session.scalars(_of_week(monday).order_by(Visit.id)))


def _numbered(visits: list[Visit]) -> list[_Numbered]:
    seen: dict[str, int] = {}
    numbered = []
    for visit in visits:
        owner = visit.agreement_id or visit.request_id
        if owner is None:
            continue
        numbered.append(_Numbered(visit, seen.get(owner, 0)))
        seen[owner] = seen.get(owner, 0) + 1
    return numbered


def _values(one: DueVisit) -> dict[str, Any]:
    return {
        "site_id": one.site_id, "agreement_id": one.agreement_id, "request_id": one.request_id,
        "services": list(one.services), "service_minutes": one.service_minutes,
        "setup_minutes": one.setup_minutes, "priority": one.priority, "people": one.people,
        "crews": one.crews, "earliest": one.due.earliest, "latest": one.due.latest,
    }  # fmt: skip


def add_tasks(chosen: Select[Visit]) -> None:
    """Copy the check lists of the services to those of the visits that have none yet."""
    lists: dict[str, list[ChecklistItem]] = {
        service.code: service.checklist
        for service in db.session.scalars(select(Service).options(selectinload(Service.checklist)))
    }
    bare = db.session.scalars(chosen.where(~Visit.tasks.any()).order_by(Visit.id))
    for visit in bare:
        items = [(code, item) for code in visit.services for item in lists.get(code, [])]
        db.session.add_all(
            VisitTask(
                visit_id=visit.id, seq=seq, service=code, text_da=item.text_da,
                text_en=item.text_en, is_mandatory=item.is_mandatory,
            )
            for seq, (code, item) in enumerate(items)
        )  # fmt: skip
