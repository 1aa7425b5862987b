"""Reads of what happened in a period. Facts that were taken back are left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from outreach.core.db import db
from outreach.reports.facts import AmountFact, CountFact, VisitFact
from outreach.reports.periods import Period
from outreach.rounds.models import Plan, PlanState, Unplanned
from outreach.sites.models import Site
from outreach.visits.models import OUTREACH, StatusMark, Tally, Visit, VisitStatus

_SUNDAY = timedelta(days=6)
_ON_SITE = ("in_progress", "done", "partial")


def visits(period: Period) -> tuple[VisitFact, ...]:
    """The weekly outreach's visits, cancelled ones left out. Cost: three statements."""
    minutes, unplanned = _minutes(period), _unplanned(period)
    rows = db.session.execute(
        select(
            Visit.id, Visit.site_id, Site.alias, Site.name, Site.kind, Site.area, Site.is_secret,
            Visit.services, Visit.status, Visit.status_reason, Visit.done_on, Visit.latest,
            Visit.monday,
        )
        .join(Site, Site.id == Visit.site_id)
        .where(_in(period), Visit.book == OUTREACH, Visit.status != VisitStatus.CANCELLED)
        .order_by(Visit.id)
    )  # fmt: skip
    return tuple(
        VisitFact(
            id=row.id, site_id=row.site_id, label=row.alias if row.is_secret else row.name,
            kind=row.kind, area=row.area, is_secret=row.is_secret, services=tuple(row.services),
            status=row.status, reason=row.status_reason, day=_day(row),
            minutes=minutes.get(row.id, 0), unplanned=unplanned.get(row.id, ""),
        )
        for row in rows
    )  # fmt: skip


def _in(period: Period) -> ColumnElement[bool]:
    """Whether a visit's day lies in the period: see ``VisitFact.day``."""
    first, last = period.first, period.last
    return or_(
        Visit.done_on.between(first, last),
        and_(Visit.done_on.is_(None), Visit.latest.between(first, last)),
        and_(
            Visit.done_on.is_(None),
            Visit.latest.is_(None),
            Visit.monday.between(first - _SUNDAY, last - _SUNDAY),
        ),
    )


def _day(row: Any) -> date:
    found: date = row.done_on or row.latest or row.monday + _SUNDAY
    return found


def _minutes(period: Period) -> dict[str, int]:
    """Minutes from the first mark on site to the last mark done, by visit."""
    marks = db.session.execute(
        select(StatusMark.visit_id, StatusMark.to, StatusMark.at)
        .join(Visit, Visit.id == StatusMark.visit_id)
        .where(_in(period), ~StatusMark.is_void, StatusMark.to.in_(_ON_SITE))
    )
    begun: dict[str, datetime] = {}
    ended: dict[str, datetime] = {}
    for visit_id, to, at in marks:
        if to == "in_progress":
            begun[visit_id] = min(at, begun.get(visit_id, at))
        else:
            ended[visit_id] = max(at, ended.get(visit_id, at))
    return {
        visit_id: max(0, round((end - begun[visit_id]).total_seconds() / 60))
        for visit_id, end in ended.items()
        if visit_id in begun
    }


def _unplanned(period: Period) -> dict[str, str]:
    """The first reason of each visit that the published plan of its week leaves out."""
    newest = (
        select(Plan.monday, func.max(Plan.number).label("number"))
        .where(Plan.state == PlanState.PUBLISHED, Plan.book == OUTREACH)
        .where(Plan.monday.between(period.first - _SUNDAY, period.last))
        .group_by(Plan.monday)
        .subquery()
    )
    rows = db.session.execute(
        select(Unplanned.visit_id, Unplanned.reasons)
        .join(Plan, Plan.id == Unplanned.plan_id)
        .join(newest, and_(newest.c.monday == Plan.monday, newest.c.number == Plan.number))
        .where(Plan.book == OUTREACH)
    )
    return {visit_id: _first_code(reasons) for visit_id, reasons in rows}


def _first_code(reasons: Iterable[dict[str, Any]]) -> str:
    return next((str(reason["code"]) for reason in reasons), "other")


def counts(period: Period) -> tuple[CountFact, ...]:
    """What was counted in a period, by tally, kind and area. Cost: one statement."""
    secret_id = case((Site.is_secret, Visit.site_id), else_="").label("site_id")
    places = (
        select(
            secret_id, Tally.measure, Site.kind, Site.area, Site.is_secret, Tally.amount
        )
        .join(Visit, Visit.id == Tally.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(~Tally.is_void, Tally.day.between(period.first, period.last))
        .subquery()
    )  # fmt: skip
    keys = [places.c[name] for name in ("site_id", "measure", "kind", "area", "is_secret")]
    rows = db.session.execute(
        select(*keys, func.sum(places.c.amount).label("amount")).group_by(*keys).order_by(*keys)
    )
    return tuple(
        CountFact(row.site_id, row.measure, row.kind, row.area, row.is_secret, int(row.amount))
        for row in rows
    )


def amounts(period: Period, measure: str) -> tuple[AmountFact, ...]:
    """What was counted of a measure at each visit, day by day. Cost: one statement."""
    keys = (
        Visit.id, Visit.site_id, Site.alias, Site.name, Site.kind, Site.area, Site.is_secret,
        Tally.day, Tally.measure,
    )  # fmt: skip
    totals = (
        select(*keys, func.sum(Tally.amount).label("amount"))
        .join(Visit, Visit.id == Tally.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(~Tally.is_void, Tally.day.between(period.first, period.last), _tally_is(measure))
        .group_by(*keys)
        .order_by(Tally.day.desc(), Visit.id)
    )
    return tuple(
        AmountFact(
            site_id=row.site_id, label=row.alias if row.is_secret else row.name, kind=row.kind,
            area=row.area, is_secret=row.is_secret, day=row.day, tally=row.measure,
            amount=int(row.amount),
        )
        for row in db.session.execute(totals)
    )  # fmt: skip


def _tally_is(measure: str) -> ColumnElement[bool]:
    """The tallies that make up a measure, of all services."""
    if measure in ("served", "not_served"):
        return Tally.measure.endswith(f".{measure}", autoescape=True)
    return Tally.measure == measure
