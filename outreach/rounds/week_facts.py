"""Reads everything that the planner knows of a week. A fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from outreach.agreements.models import Agreement
from outreach.catalogue.models import Kit, Service
from outreach.core import calendar, clock
from outreach.core.db import db
from outreach.core.errors import RuleBroken
from outreach.people import queries as people_queries
from outreach.people.models import Team
from outreach.people.rules import Person
from outreach.rounds import elsewhere
from outreach.rounds.facts import (
    Needs,
    PlacedRound,
    PlacedStop,
    ShiftFacts,
    SiteFacts,
    Terms,
    VisitFacts,
    WeekFacts,
)
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.rounds.rules import MOST_VISITS, days_of
from outreach.sites import queries as site_queries
from outreach.sites.models import Site, SiteClearance, SiteExclusion
from outreach.sites.rules import Hours, windows
from outreach.visits.models import OUTREACH, Visit, VisitStatus

TOO_MANY = _("The week has more visits than can be planned at once.")
_FAR = timedelta(weeks=9)


def read(monday: date, now: datetime | None = None) -> WeekFacts:
    """The week of ``monday`` as it stands. Cost: 25 statements, whatever it holds.

    Raises:
        RuleBroken: it has more visits than the solver takes.
    """
    found = _visits(monday)
    if len(found) > MOST_VISITS:
        raise RuleBroken("too-many-visits", TOO_MANY)
    terms, others = _terms(monday), _other_days(monday)
    holidays = calendar.holidays_between(monday, monday + timedelta(days=6))
    plans = {plan.state: plan for plan in _plans(monday)}
    return WeekFacts(
        monday=monday,
        now=(now or clock.local()).astimezone(clock.DK),
        sites=_sites([visit.site for visit in found], monday, holidays),
        visits=tuple(_visit(v, terms, others) for v in found),
        shifts=_shifts(monday, _rounds_by_shift(plans.get(PlanState.PUBLISHED))),
        services={s.code: Needs(tuple(s.skills), tuple(s.kits)) for s in _all(Service)},
        kits={kit.code: kit.amount for kit in _all(Kit)},
        published=_placed(plans.get(PlanState.PUBLISHED)),
        draft=_placed(plans.get(PlanState.DRAFT)),
        holidays=holidays,
    )


def _all(model: type[Any]) -> Iterable[Any]:
    return db.session.scalars(select(model).order_by(model.code))


def _visits(monday: date) -> list[Visit]:
    site = joinedload(Visit.site)
    return list(
        db.session.scalars(
            select(Visit)
            .where(Visit.monday == monday, Visit.book == OUTREACH)
            .where(Visit.status != VisitStatus.CANCELLED)
            .options(
                site.selectinload(Site.hours), site.selectinload(Site.quiet),
                site.selectinload(Site.closures),
            )
            .order_by(Visit.id)
        )
    )  # fmt: skip


def _visit(
    visit: Visit, terms: Mapping[str, Terms], others: Mapping[str, tuple[date, ...]]
) -> VisitFacts:
    owner = visit.agreement_id
    return VisitFacts(
        visit.id, visit.site_id, tuple(visit.services), visit.service_minutes,
        visit.setup_minutes, visit.priority, max(visit.people, visit.site.people), visit.crews,
        visit.earliest, visit.latest, (visit.pin_day, visit.pin_team, visit.pin_start),
        visit.status, owner, terms.get(owner or "", Terms()), others.get(owner or "", ()),
    )  # fmt: skip


def _terms(monday: date) -> dict[str, Terms]:
    here = select(Visit.agreement_id).where(Visit.monday == monday)
    found = db.session.scalars(select(Agreement).where(Agreement.id.in_(here)))
    return {
        a.id: Terms(a.min_gap_days, tuple(a.weekdays), a.earliest, a.latest, a.preferred_team)
        for a in found
    }


def _other_days(monday: date) -> dict[str, tuple[date, ...]]:
    """Days of visits in other weeks, by agreement: carried out, or published and still to come."""
    near = (Visit.monday >= monday - _FAR, Visit.monday <= monday + _FAR, Visit.monday != monday)
    owned = Visit.agreement_id.is_not(None)
    done = db.session.execute(
        select(Visit.agreement_id, Visit.done_on).where(owned, Visit.done_on.is_not(None), *near)
    )
    newest = (
        select(Plan.monday, func.max(Plan.number).label("number"))
        .where(Plan.state == PlanState.PUBLISHED, Plan.book == OUTREACH)
        .group_by(Plan.monday)
        .subquery()
    )
    planned = db.session.execute(
        select(Visit.agreement_id, Round.day)
        .join(Stop, Stop.visit_id == Visit.id)
        .join(Round, Round.id == Stop.round_id)
        .join(Plan, Plan.id == Round.plan_id)
        .join(newest, (newest.c.monday == Plan.monday) & (newest.c.number == Plan.number))
        .where(Plan.book == OUTREACH)
        .where(owned, Visit.status == VisitStatus.PLANNED, Round.day >= clock.today(), *near)
    )
    days: dict[str, set[date]] = defaultdict(set)
    for agreement, day in (*done, *planned):
        days[agreement].add(day)
    return {agreement: tuple(sorted(found)) for agreement, found in days.items()}


def _sites(found: list[Site], monday: date, holidays: frozenset[date]) -> dict[str, SiteFacts]:
    cleared: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for one in db.session.scalars(select(SiteClearance)):
        cleared[one.site_id].append((one.staff_id, one.valid_to))
    excluded: dict[str, set[str]] = defaultdict(set)
    for out in db.session.scalars(select(SiteExclusion)):
        excluded[out.site_id].add(out.staff_id)
    sites = {site.id: site for site in found}
    positions = site_queries.positions(sites)
    return {
        site.id: SiteFacts(
            site.id, site.code, site.label, site.kind, site.is_secret, positions.get(site.id),
            site.access_minutes, site.people, site.needs_clearance, site.needs_women,
            site.needs_unmarked,
            windows(
                [Hours(h.weekday, h.opens, h.closes) for h in site.hours],
                [Hours(q.weekday, q.starts, q.ends) for q in site.quiet],
                [(c.from_day, c.to_day) for c in site.closures], holidays, days_of(monday),
            ),
            tuple(cleared[site.id]), frozenset(excluded[site.id]),
        )
        for site in sites.values()
    }  # fmt: skip


def _shifts(monday: date, ridden: Mapping[tuple[str, date], Round]) -> tuple[ShiftFacts, ...]:
    """The teams on their days. Where nobody is there, no shift, but for what was begun.

    A day that is over keeps those who rode, whoever is in the team now.
    """
    people = elsewhere.without_those_elsewhere(people_queries.people(), days_of(monday), OUTREACH)
    today = clock.today()
    found = []
    for team in people_queries.active_teams():
        for day in days_of(monday):
            round_ = ridden.get((team.letter, day)) if day < today else None
            there = _rode(round_, people) if round_ else _present(team, day, people)
            if there or ((team.letter, day) in ridden and day <= today):
                found += _shift(team, day, there)
    lost = [
        round_
        for (letter, day), round_ in ridden.items()
        if day <= today and (letter, day) not in {(shift.letter, shift.day) for shift in found}
    ]
    return _with_lost(found, lost, people) if lost else tuple(found)


def _rode(round_: Round, people: Mapping[str, Person]) -> tuple[Person, ...]:
    return tuple(people[id_] for id_ in round_.member_ids if id_ in people)


def _with_lost(
    found: list[ShiftFacts], lost: list[Round], people: Mapping[str, Person]
) -> tuple[ShiftFacts, ...]:
    """Also what teams rode that have another letter now, or go out no more on that day."""
    teams = {
        team.id: team
        for team in db.session.scalars(
            select(Team)
            .where(Team.id.in_({round_.team_id for round_ in lost}))
            .options(joinedload(Team.depot))
        )
    }
    renamed = {(round_.team_id, round_.day): round_.team_letter for round_ in lost}
    shifts = [
        replace(shift, letter=renamed.pop((shift.team_id, shift.day), shift.letter))
        for shift in found
    ]
    gone = [round_ for round_ in lost if (round_.team_id, round_.day) in renamed]
    return (
        *shifts,
        *(_shift_of(round_, teams[round_.team_id], people) for round_ in gone if round_.team_id),
    )


def _shift_of(round_: Round, team: Team, people: Mapping[str, Person]) -> ShiftFacts:
    """The shift of a round that was begun; today nobody is there for anything else."""
    there = _rode(round_, people) if round_.day < clock.today() else ()
    rest = placed(round_).rest or (round_.leaves, round_.leaves)
    return ShiftFacts(
        team.id, round_.team_letter, round_.day, min(round_.leaves, rest[0]),
        max(round_.returns, rest[1]), rest[1] - rest[0], *rest, 0,
        (team.depot.latitude, team.depot.longitude), team.profile, round_.vehicle,
        team.grams_per_km, team.is_unmarked, None, there,
    )  # fmt: skip


def _present(team: Team, day: date, people: Mapping[str, Person]) -> tuple[Person, ...]:
    ids = [m.staff_id for m in team.members if m.weekday == day.weekday()]
    there = [people[id_] for id_ in ids if id_ in people and people[id_].is_there(day)]
    return tuple(sorted(there, key=lambda person: person.name))


def _shift(team: Team, day: date, people: tuple[Person, ...]) -> list[ShiftFacts]:
    return [
        ShiftFacts(
            team.id, team.letter, day, d.starts, d.ends, d.break_minutes, d.break_from,
            d.break_to, d.overtime, (team.depot.latitude, team.depot.longitude), team.profile,
            team.vehicle, team.grams_per_km, team.is_unmarked, team.kit_slots, people,
        )
        for d in team.days
        if d.weekday == day.weekday()
    ]  # fmt: skip


def _plans(monday: date) -> list[Plan]:
    """The newest published plan and the draft, with rounds and stops; the newest comes last."""
    here = (Plan.monday == monday, Plan.book == OUTREACH)
    newest = select(func.max(Plan.number)).where(*here).group_by(Plan.state)
    return list(
        db.session.scalars(
            select(Plan)
            .where(*here, Plan.number.in_(newest))
            .options(selectinload(Plan.rounds).selectinload(Round.stops))
            .order_by(Plan.number)
        )
    )


def _rounds_by_shift(plan: Plan | None) -> dict[tuple[str, date], Round]:
    return {(r.team_letter, r.day): r for r in plan.rounds} if plan else {}


def _placed(plan: Plan | None) -> tuple[PlacedRound, ...] | None:
    return None if plan is None else tuple(placed(round_) for round_ in plan.rounds)


def placed(round_: Round) -> PlacedRound:
    """A stored round as the planner sees it."""
    rest = None
    if round_.break_starts is not None and round_.break_ends is not None:
        rest = (round_.break_starts, round_.break_ends)
    stops = tuple(PlacedStop(s.visit_id, s.arrives, s.starts, s.ends) for s in round_.stops)
    return PlacedRound(
        round_.team_letter, round_.day, stops, round_.leaves, round_.returns,
        tuple(round_.kits), rest,
    )  # fmt: skip
