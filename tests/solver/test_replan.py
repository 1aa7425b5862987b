"""Surprises in a published week: what has begun stays, all rules hold, few people's days change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import pytest

from solver import (
    Frozen,
    Iterations,
    Plan,
    Problem,
    Shift,
    Visit,
    Window,
    check,
    generate,
    plan_to_json,
    solve,
)

WEDNESDAY, TEN_THIRTY = 2, 630
TEAMS = 6


@dataclass(frozen=True)
class Surprise:
    """The week as it is now.

    Attributes:
        hit: the visits that cannot stay where they were published.
    """

    case: Problem
    published: Plan
    hit: frozenset[str]


@cache
def published() -> tuple[Problem, Plan]:
    """A week of sixty visits as it was published, seen on Wednesday at half past ten."""
    week = generate(60, seed=4, teams=TEAMS, breaks=True, pairs=True, series=True)
    plan = solve(week, stop=Iterations(150), seed=1)
    frozen = Frozen(WEDNESDAY, TEN_THIRTY)
    return replace(week, baseline=plan, frozen_until=frozen), plan


def later_stops(plan: Plan, wanted: Callable[[Shift], bool], since: int = TEN_THIRTY) -> set[str]:
    """Published stops that have not begun on the shifts that are wanted."""
    shifts = {shift.id: shift for shift in published()[0].shifts}
    return {
        stop.visit for route in plan.routes if wanted(shifts[route.shift])
        for stop in route.stops
        if (shifts[route.shift].day, stop.start) >= (WEDNESDAY, since)
    }  # fmt: skip


def with_shifts(case: Problem, change: Callable[[Shift], Shift | None]) -> Problem:
    new = (change(shift) for shift in case.shifts)
    return replace(case, shifts=tuple(shift for shift in new if shift is not None))


def with_visit(case: Problem, visit_id: str, change: Callable[[Visit], Visit]) -> Problem:
    new = (change(visit) if visit.id == visit_id else visit for visit in case.visits)
    return replace(case, visits=tuple(new))


def on_thursday(plan: Plan) -> str:
    """A visit that stands on Thursday."""
    return min(later_stops(plan, lambda shift: shift.day == WEDNESDAY + 1))


def ill_colleague() -> Surprise:
    """The team with most to lose is one person on Thursday, without the skills of the other."""
    case, plan = published()
    skilled = {v.id for v in case.visits if v.skills or v.people > 1}

    def lost(team: str) -> set[str]:
        return skilled & later_stops(plan, lambda s: (s.team, s.day) == (team, WEDNESDAY + 1))

    team = max({shift.team for shift in case.shifts}, key=lambda one: (len(lost(one)), one))

    def changed(shift: Shift) -> Shift:
        is_hit = (shift.team, shift.day) == (team, WEDNESDAY + 1)
        return replace(shift, people=1, skills=()) if is_hit else shift

    return Surprise(with_shifts(case, changed), plan, frozenset(lost(team)))


def closed_site() -> Surprise:
    """An outbreak closes a site on Thursday."""
    case, plan = published()
    one = on_thursday(plan)

    def closed(visit: Visit) -> Visit:
        open_ = (w for w in visit.windows if w.day != WEDNESDAY + 1)
        return replace(visit, windows=tuple(open_))

    return Surprise(with_visit(case, one, closed), plan, frozenset({one}))


def longer_visit() -> Surprise:
    """A visit on Thursday takes an hour more."""
    case, plan = published()
    one = on_thursday(plan)

    def longer(visit: Visit) -> Visit:
        return replace(visit, service_minutes=visit.service_minutes + 60)

    return Surprise(with_visit(case, one, longer), plan, frozenset({one}))


def urgent_visit() -> Surprise:
    """Somebody must be seen today or tomorrow."""
    case, plan = published()
    windows = (Window(WEDNESDAY, 480, 960), Window(WEDNESDAY + 1, 480, 960))
    new = Visit("URGENT", case.visits[7].location, 30, windows=windows, priority=1, skip_cost=9000)
    return Surprise(replace(case, visits=(*case.visits, new)), plan, frozenset({"URGENT"}))


def broken_vehicle() -> Surprise:
    """Team A does not go out on Thursday."""
    case, plan = published()

    def gone(shift: Shift) -> bool:
        return (shift.team, shift.day) == ("A", WEDNESDAY + 1)

    new = with_shifts(case, lambda shift: None if gone(shift) else shift)
    return Surprise(new, plan, frozenset(later_stops(plan, gone)))


def broken_kit() -> Surprise:
    """There is one kit less from Wednesday on; what was made before took what there was."""
    case, plan = published()
    case = replace(case, frozen_until=Frozen(WEDNESDAY, 480))
    few = {kit: amount - 1 for kit, amount in case.kits.items()}
    needy = {v.id for v in case.visits if v.kits}
    before = {
        stop.visit for route in plan.routes for stop in route.stops if int(route.shift[-1]) < 2
    }
    made = tuple(replace(v, kits=()) if v.id in before else v for v in case.visits)
    hit = later_stops(plan, lambda shift: shift.day >= WEDNESDAY, since=480) & needy
    return Surprise(replace(case, kits=few, visits=made), plan, frozenset(hit))


SURPRISES = [ill_colleague, closed_site, longer_visit, urgent_visit, broken_vehicle, broken_kit]


@pytest.fixture(params=SURPRISES, ids=lambda make: make.__name__)
def surprise(request: pytest.FixtureRequest) -> Surprise:
    made: Surprise = request.param()
    return made


def replanned(surprise: Surprise) -> Plan:
    return solve(surprise.case, stop=Iterations(60), seed=2)


def places(plan: Plan) -> dict[str, set[str]]:
    """The shifts of each visit."""
    found: dict[str, set[str]] = {}
    for route in plan.routes:
        for stop in route.stops:
            found.setdefault(stop.visit, set()).add(route.shift)
    return found


def begun(case: Problem, plan: Plan) -> str:
    """Every stop that has begun, byte for byte as far as it is frozen."""
    days = {shift.id: shift.day for shift in case.shifts}
    assert case.frozen_until is not None
    limit = (case.frozen_until.day, case.frozen_until.minute)
    stops = sorted(
        (route["shift"], stop["visit"], stop["start"], stop["end"])
        for route in plan_to_json(plan)["routes"] if route["shift"] in days
        for stop in route["stops"]
        if (days[route["shift"]], stop["start"]) < limit
    )  # fmt: skip
    return json.dumps(stops)


def test_no_rule_is_broken_and_what_has_begun_stays(surprise: Surprise) -> None:
    plan = replanned(surprise)
    assert [f.text for f in check(surprise.case, plan).hard] == []
    assert begun(surprise.case, plan) == begun(surprise.case, surprise.published)


def test_few_others_move(surprise: Surprise) -> None:
    """At most twice as many visits change team or day as were hit."""
    was, now = places(surprise.published), places(replanned(surprise))
    moved = {v for v in was.keys() | now.keys() if was.get(v) != now.get(v)}
    assert len(moved) <= 2 * max(1, len(surprise.hit))


def test_few_people_have_another_day(surprise: Surprise) -> None:
    """A team's day changes only where a visit leaves or joins it."""
    was = {route.shift: {s.visit for s in route.stops} for route in surprise.published.routes}
    now = {route.shift: {s.visit for s in route.stops} for route in replanned(surprise).routes}
    changed = {s for s in was.keys() | now.keys() if was.get(s, set()) != now.get(s, set())}
    assert len(changed) <= 1 + 2 * max(1, len(surprise.hit))


def test_what_could_be_placed_is_placed(surprise: Surprise) -> None:
    """Nobody is left out who was served, but for those that were hit and have no place."""
    lost = places(surprise.published).keys() - places(replanned(surprise)).keys()
    assert lost <= surprise.hit


def test_an_urgent_visit_is_served() -> None:
    assert "URGENT" in places(replanned(urgent_visit()))


def test_nothing_moves_where_nothing_happened() -> None:
    case, plan = published()
    assert places(solve(case, stop=Iterations(60), seed=2)) == places(plan)


def test_every_surprise_hits_somebody() -> None:
    assert all(make().hit for make in SURPRISES)
