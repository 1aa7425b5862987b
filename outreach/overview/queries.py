"""Reads of what needs somebody now. Every function says what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from outreach.accounts.models import User
from outreach.agreements import queries as agreements
from outreach.catalogue.queries import service_names
from outreach.core import clock
from outreach.core.db import db
from outreach.field.models import Device, Op
from outreach.people.models import Staff
from outreach.rounds import queries as rounds
from outreach.rounds.models import Plan, PlanState, Round, Stop, Unplanned
from outreach.visits.models import OUTREACH, Visit, VisitStatus

_CLOSED = frozenset({
    VisitStatus.DONE, VisitStatus.PARTIAL, VisitStatus.NO_ACCESS, VisitStatus.NO_SHOW,
    VisitStatus.CANCELLED,
})  # fmt: skip
_KEPT = (VisitStatus.DONE, VisitStatus.PARTIAL)
_TROUBLES = ("conflict", "rejected", "failed")
_TROUBLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class RoundNow:
    """How far a round is.

    Attributes:
        next_site: where the team is or goes next; empty if it is through.
        next_starts: minutes from midnight.
        seen_at: when a tablet of the team last spoke to the server.
    """

    letter: str
    members: tuple[str, ...]
    day: date
    done: int
    stops: int
    next_site: str
    next_starts: int
    next_status: str
    seen_at: datetime | None


def rounds_of(day: date) -> tuple[RoundNow, ...]:
    """The rounds of a day with their state. Cost: five statements."""
    found = rounds.published_rounds(day)
    seen = _last_contacts()
    return tuple(_round_now(one, seen) for one in found)


def _round_now(one: Round, seen: dict[str, datetime]) -> RoundNow:
    left = [stop for stop in one.stops if stop.visit.status not in _CLOSED]
    contacts = [seen[staff_id] for staff_id in one.member_ids if staff_id in seen]
    return RoundNow(
        letter=one.team_letter, members=tuple(one.members), day=one.day,
        done=len(one.stops) - len(left), stops=len(one.stops),
        next_site=left[0].visit.site.label if left else "",
        next_starts=left[0].starts if left else 0,
        next_status=left[0].visit.status if left else "", seen_at=max(contacts, default=None),
    )  # fmt: skip


def _last_contacts() -> dict[str, datetime]:
    """When a tablet of each staff member last spoke to the server."""
    rows = db.session.execute(
        select(Staff.id, func.max(Device.seen_at))
        .join(Device, Device.user_id == Staff.user_id)
        .where(Device.withdrawn_at.is_(None))
        .group_by(Staff.id)
    )
    return {row[0]: row[1] for row in rows}


def next_day_with_rounds(today: date) -> date | None:
    """Today or the first day after it on which somebody goes out. Cost: one statement."""
    return db.session.scalar(
        select(func.min(Round.day))
        .join(Plan, Plan.id == Round.plan_id)
        .where(Plan.state == PlanState.PUBLISHED, Plan.book == OUTREACH, Round.day >= today)
    )


@dataclass(frozen=True, slots=True)
class Overdue:
    """A promise that is late; ``services`` by name, ``days`` to the Monday of this week."""

    site_id: str
    label: str
    services: tuple[str, ...]
    days: int
    agreement_id: str | None


def overdue(monday: date) -> tuple[Overdue, ...]:
    """Promises that are late and were not kept this week, the latest first. Cost: six."""
    kept = set(
        db.session.scalars(
            select(func.coalesce(Visit.agreement_id, Visit.request_id)).where(
                Visit.monday == monday, Visit.book == OUTREACH, Visit.status.in_(_KEPT)
            )
        )
    )
    names = service_names()
    late = [
        Overdue(
            one.site_id, one.site_label, tuple(names.get(code, code) for code in one.services),
            one.due.overdue_days, one.agreement_id,
        )
        for one in agreements.due(monday)
        if one.due.overdue_days and (one.agreement_id or one.request_id) not in kept
    ]  # fmt: skip
    return tuple(sorted(late, key=lambda one: (-one.days, one.label)))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A visit that the newest plan of a week leaves out; ``why`` is the solver's code."""

    label: str
    services: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """How far the planning of a week is; ``number`` 0 means that there is no plan."""

    monday: date
    due: int
    state: str
    number: int
    left_out: tuple[LeftOut, ...]


def week_ahead(monday: date) -> WeekAhead:
    """The state of a week's plan. Cost: seven statements."""
    known = rounds.versions(monday)
    due = len(rounds.due(monday))
    if not known:
        return WeekAhead(monday, due, "", 0, ())
    left = db.session.scalars(
        select(Unplanned)
        .where(Unplanned.plan_id == known[-1].id)
        .options(joinedload(Unplanned.visit).joinedload(Visit.site))
        .order_by(Unplanned.visit_id)
    )
    return WeekAhead(monday, due, known[-1].state, known[-1].number, tuple(map(_left_out, left)))


def _left_out(one: Unplanned) -> LeftOut:
    why = next((str(reason["code"]) for reason in one.reasons), "")
    return LeftOut(one.visit.site.label, tuple(one.visit.services), why)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a tablet reported and that was not taken in as it was meant."""

    user_name: str
    kind: str
    status: str
    code: str
    at: datetime


def troubles() -> tuple[Trouble, ...]:
    """What went wrong with tablets in the last seven days, newest first. Cost: one statement."""
    rows = db.session.execute(
        select(User.name, Op.kind, Op.status, Op.code, Op.received_at)
        .join(User, User.id == Op.user_id)
        .where(Op.status.in_(_TROUBLES))
        .where(Op.received_at >= clock.now() - timedelta(days=_TROUBLE_DAYS))
        .order_by(Op.received_at.desc())
    )
    return tuple(Trouble(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class MyRound:
    """A round of the person who is signed in."""

    day: date
    letter: str
    members: tuple[str, ...]
    vehicle: str
    leaves: int
    stops: int


def my_rounds(user_id: str, today: date) -> tuple[MyRound, ...]:
    """The next rounds of a field user in every book, two weeks at most. Cost: three statements."""
    mine = set(db.session.scalars(select(Staff.id).where(Staff.user_id == user_id)))
    counts = func.count(Stop.id)
    rows = db.session.execute(
        select(Round, counts, Plan.monday, Plan.book, Plan.number)
        .join(Plan, Plan.id == Round.plan_id)
        .outerjoin(Stop, Stop.round_id == Round.id)
        .where(Plan.state == PlanState.PUBLISHED)
        .where(Round.day.between(today, today + timedelta(days=14)))
        .group_by(Round.id, Plan.monday, Plan.book, Plan.number)
        .order_by(Round.day)
    ).all()
    newest = _newest(((row[2], row[3]), row[4]) for row in rows)
    return tuple(
        MyRound(r.day, r.team_letter, tuple(r.members), r.vehicle, r.leaves, stops)
        for r, stops, monday, book, number in rows
        if newest[monday, book] == number and mine & set(r.member_ids)
    )


def _newest(plans: Iterable[tuple[tuple[date, str], int]]) -> dict[tuple[date, str], int]:
    """The highest number of each week and book."""
    found: dict[tuple[date, str], int] = {}
    for key, number in plans:
        found[key] = max(number, found.get(key, 0))
    return found


@dataclass(frozen=True, slots=True)
class Household:
    """What an administrator looks after."""

    users: int
    tablets: int
    demo_users: int


def household() -> Household:
    """How many users and tablets there are. Cost: two statements."""
    people = db.session.execute(select(User.is_demo).where(User.is_active)).scalars().all()
    tablets = db.session.scalar(select(func.count(Device.id)).where(Device.withdrawn_at.is_(None)))
    return Household(len(people), tablets or 0, sum(people))
