"""Reads of plans for pages. Every function says what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from outreach.accounts.models import User
from outreach.agreements import queries as agreements
from outreach.catalogue.models import Kit, Service
from outreach.core import clock
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.jobs import queries as jobs
from outreach.jobs.models import OPEN
from outreach.people.models import Skill
from outreach.rounds.models import Plan, PlanState, Round, Stop, Unplanned
from outreach.visits.models import OUTREACH, Visit, VisitStatus


@dataclass(frozen=True, slots=True)
class Version:
    """A plan of a week without its rounds."""

    id: str
    number: int
    state: str
    engine: str
    published_at: datetime | None
    published_by: str


def versions(monday: date, book: str = OUTREACH) -> tuple[Version, ...]:
    """Every plan of the week in a book, the oldest first. Cost: one statement."""
    rows = db.session.execute(
        select(Plan.id, Plan.number, Plan.state, Plan.engine, Plan.published_at, User.name)
        .outerjoin(User, User.id == Plan.published_by)
        .where(Plan.monday == monday, Plan.book == book)
        .order_by(Plan.number)
    )
    return tuple(
        Version(r.id, r.number, r.state, r.engine, r.published_at, r.name or "") for r in rows
    )


def whole_plan(plan_id: str) -> Plan:
    """A plan with rounds, stops and what it leaves out. Cost: four statements.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Plan)
        .where(Plan.id == plan_id)
        .options(
            selectinload(Plan.rounds).selectinload(Round.stops), selectinload(Plan.unplanned)
        )
    ).first()  # fmt: skip
    if found is None:
        raise NotFound
    return found


PLANNING = "plan"
"""The kind of the jobs that plan a week; their subject is the week's name."""


def week_name(monday: date) -> str:
    """As in addresses: 2026-W48."""
    return f"{monday:%G-W%V}"


def is_being_planned(monday: date) -> bool:
    """Whether a job works on the week, or waits to. Cost: one statement."""
    job = jobs.newest(PLANNING, week_name(monday))
    return job is not None and job.state in OPEN


def newest(monday: date, state: PlanState | None = None, book: str = OUTREACH) -> str | None:
    """Id of the newest plan of the week, or of the newest in a state. Cost: one statement."""
    query = select(Plan.id).where(Plan.monday == monday, Plan.book == book)
    if state is not None:
        query = query.where(Plan.state == state)
    return db.session.scalars(query.order_by(Plan.number.desc()).limit(1)).first()


def left_out_before(monday: date) -> frozenset[str]:
    """Visits of this week and later, but before ``monday``, that the published plans do without.

    Cost: one statement.
    """
    newest = (
        select(Plan.monday, func.max(Plan.number).label("number"))
        .where(Plan.state == PlanState.PUBLISHED, Plan.monday < monday, Plan.book == OUTREACH)
        .where(Plan.monday >= clock.monday_of(clock.today()))
        .group_by(Plan.monday)
        .subquery()
    )
    return frozenset(
        db.session.scalars(
            select(Unplanned.visit_id)
            .join(Plan, Plan.id == Unplanned.plan_id)
            .join(newest, (newest.c.monday == Plan.monday) & (newest.c.number == Plan.number))
            .where(Plan.book == OUTREACH)
        )
    )


def due(monday: date) -> tuple[agreements.DueVisit, ...]:
    """What the week owes, as the published plans of weeks before leave it. Cost: five."""
    return agreements.due(monday, left_out_before(monday))


def trace(monday: date, book: str = OUTREACH) -> tuple[str, ...]:
    """Another one after every change of the week's newest plan. Cost: one statement."""
    found = db.session.execute(
        select(Plan.id, func.max(Round.id))
        .outerjoin(Round, Round.plan_id == Plan.id)
        .where(Plan.monday == monday, Plan.book == book)
        .group_by(Plan.id, Plan.number)
        .order_by(Plan.number.desc())
        .limit(1)
    ).first()
    return tuple(str(part) for part in found or ())


def published(monday: date, number: int, book: str = OUTREACH) -> Plan:
    """A published plan without its rounds: its snapshot says all. Cost: one statement.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Plan)
        .where(Plan.monday == monday, Plan.book == book)
        .where(Plan.number == number, Plan.state == PlanState.PUBLISHED)
    ).first()
    if found is None:
        raise NotFound
    return found


def visits(monday: date) -> tuple[Visit, ...]:
    """The weekly outreach's visits with sites, cancelled ones left out. Cost: one statement."""
    return tuple(
        db.session.scalars(
            select(Visit)
            .where(Visit.monday == monday, Visit.book == OUTREACH)
            .where(Visit.status != VisitStatus.CANCELLED)
            .options(joinedload(Visit.site))
            .order_by(Visit.id)
        )
    )


def visits_of_plan(plan_id: str) -> tuple[Visit, ...]:
    """The visits that a plan has placed or left out, with sites. Cost: one statement."""
    stops = select(Stop.visit_id).join(Round, Round.id == Stop.round_id)
    return tuple(
        db.session.scalars(
            select(Visit)
            .where(
                Visit.id.in_(stops.where(Round.plan_id == plan_id))
                | Visit.id.in_(select(Unplanned.visit_id).where(Unplanned.plan_id == plan_id))
            )
            .options(joinedload(Visit.site))
            .order_by(Visit.id)
        )
    )


def visit_by_id(visit_id: str, monday: date) -> Visit:
    """One visit of the weekly outreach with its site. Cost: one statement.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Visit)
        .where(Visit.id == visit_id, Visit.monday == monday, Visit.book == OUTREACH)
        .options(joinedload(Visit.site))
    ).first()
    if found is None:
        raise NotFound
    return found


def names() -> dict[str, tuple[str, str]]:
    """Danish and English name of services, skills and kits, by code. Cost: three statements."""
    return {
        row.code: (row.name_da, row.name_en)
        for part in (Skill, Kit, Service)
        for row in db.session.execute(select(part.code, part.name_da, part.name_en))
    }


def published_rounds(day: date, book: str = OUTREACH) -> tuple[Round, ...]:
    """The rounds of a day as published, with stops, visits and sites. Cost: four statements."""
    numbers = (
        select(func.max(Plan.number))
        .where(Plan.state == PlanState.PUBLISHED, Plan.book == book)
        .where(Plan.monday == date.fromordinal(day.toordinal() - day.weekday()))
        .scalar_subquery()
    )
    return tuple(
        db.session.scalars(
            select(Round)
            .join(Plan, Plan.id == Round.plan_id)
            .where(Round.day == day, Plan.state == PlanState.PUBLISHED)
            .where(Plan.book == book, Plan.number == numbers)
            .options(selectinload(Round.stops).joinedload(Stop.visit).joinedload(Visit.site))
            .order_by(Round.team_letter)
        )
    )
