"""What a plan costs, amount by amount, read from its own times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from solver.plan import AMOUNTS, Plan, Route, Stop
from solver.problem import Problem, Shift, Visit


def cost_of(problem: Problem, plan: Plan) -> dict[str, float]:
    """``total``, ``skip_cost`` and every amount of the plan."""
    visits = {visit.id: visit for visit in problem.visits}
    shifts = {shift.id: shift for shift in problem.shifts}
    amounts: dict[str, float] = dict.fromkeys(AMOUNTS, 0)
    fixed = 0.0
    for route in plan.routes:
        if route.stops:
            _add_route(amounts, problem, shifts[route.shift], route, visits)
            fixed += shifts[route.shift].fixed_cost
    amounts["imbalance_minutes"] = _imbalance(problem, plan, shifts)
    _add_visits(amounts, problem, plan)
    served = {stop.visit for route in plan.routes for stop in route.stops}
    skipped = sum(visit.skip_cost for visit in problem.visits if visit.id not in served)
    total = skipped + fixed + _weighed(problem, amounts)
    return {"total": _tidy(total), "skip_cost": _tidy(skipped),
            **{name: _tidy(value) for name, value in amounts.items()}}  # fmt: skip


def _weighed(problem: Problem, amounts: Mapping[str, float]) -> float:
    weights = problem.weights
    return (
        weights.travel_minute * amounts["travel_minutes"]
        + weights.wait_minute * amounts["wait_minutes"]
        + weights.overtime_minute * amounts["overtime_minutes"]
        + weights.kilogram_co2 * amounts["grams_co2"] / 1000
        + weights.used_shift * amounts["used_shifts"]
        + weights.unpreferred_team * amounts["unpreferred_team"]
        + weights.start_off_minute * amounts["start_off_minutes"]
        + weights.late_minute * amounts["late_minutes"]
        + weights.most_late_minute * amounts["most_late_minutes"]
        + weights.imbalance_minute * amounts["imbalance_minutes"]
        + weights.moved_team * amounts["moved_team"]
        + weights.moved_day * amounts["moved_day"]
        + weights.moved_minute * amounts["moved_minutes"]
    )


def legs(shift: Shift, route: Route, visits: Mapping[str, Visit]) -> list[tuple[int, int]]:
    """The pairs of locations that a route drives, base legs included."""
    places = [shift.from_location, *(visits[s.visit].location for s in route.stops)]
    return list(pairwise([*places, shift.to_location]))


def travel_minutes(
    problem: Problem, shift: Shift, route: Route, visits: Mapping[str, Visit]
) -> int:
    """Minutes of driving of a route."""
    minutes = problem.profiles[shift.profile].minutes
    return sum(minutes[a][b] for a, b in legs(shift, route, visits))


def rest_between(route: Route, start: int, end: int) -> int:
    """Minutes of the break that lie between two moments."""
    if route.break_ is None:
        return 0
    return max(0, min(end, route.break_.end) - max(start, route.break_.start))


def wait_of(stop: Stop, route: Route) -> int:
    """Minutes between arrival and start, a break inside left out."""
    return max(0, stop.start - stop.arrive - rest_between(route, stop.arrive, stop.start))


def _add_route(
    amounts: dict[str, float], problem: Problem, shift: Shift, route: Route,
    visits: Mapping[str, Visit],
) -> None:  # fmt: skip
    profile = problem.profiles[shift.profile]
    metres = sum(profile.metres[a][b] for a, b in legs(shift, route, visits))
    amounts["travel_minutes"] += travel_minutes(problem, shift, route, visits)
    amounts["wait_minutes"] += sum(wait_of(stop, route) for stop in route.stops)
    amounts["metres"] += metres
    amounts["grams_co2"] += metres * profile.grams_per_km / 1000
    amounts["overtime_minutes"] += max(0, route.return_ - shift.end)
    amounts["used_shifts"] += 1


def _imbalance(problem: Problem, plan: Plan, shifts: Mapping[str, Shift]) -> float:
    """Over teams: by how much worked minutes exceed their mean."""
    worked = {shift.team: shift.used_minutes_before for shift in problem.shifts}
    for route in plan.routes:
        if route.stops:
            pause = rest_between(route, route.leave, route.return_)
            worked[shifts[route.shift].team] += route.return_ - route.leave - pause
    mean = sum(worked.values()) / len(worked) if worked else 0
    return sum(max(0.0, minutes - mean) for minutes in worked.values())


def _places(problem: Problem, plan: Plan) -> dict[str, list[tuple[str, int, int]]]:
    """Team, day and start of every served visit, one entry a crew."""
    shifts = {shift.id: shift for shift in problem.shifts}
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for route in plan.routes:
        if route.shift in shifts:
            shift = shifts[route.shift]
            for stop in route.stops:
                found[stop.visit].append((shift.team, shift.day, stop.start))
    return found


def _add_visits(amounts: dict[str, float], problem: Problem, plan: Plan) -> None:
    now = _places(problem, plan)
    was = _places(problem, problem.baseline) if problem.baseline else {}
    for visit in problem.visits:
        here = now.get(visit.id)
        if not here:
            continue
        teams = {team for team, _day, _start in here}
        if visit.preferred_teams and teams - set(visit.preferred_teams):
            amounts["unpreferred_team"] += 1
        if visit.preferred_start is not None:
            amounts["start_off_minutes"] += abs(here[0][2] - visit.preferred_start)
        if visit.due is not None:
            late = max(0, here[0][2] - visit.due)
            amounts["late_minutes"] += late
            amounts["most_late_minutes"] = max(amounts["most_late_minutes"], late)
        if visit.id in was:
            _add_moves(amounts, here, was[visit.id])


def _add_moves(
    amounts: dict[str, float], here: list[tuple[str, int, int]], was: list[tuple[str, int, int]]
) -> None:
    if {team for team, _day, _start in here} != {team for team, _day, _start in was}:
        amounts["moved_team"] += 1
    if here[0][1] != was[0][1]:
        amounts["moved_day"] += 1
    else:
        amounts["moved_minutes"] += abs(here[0][2] - was[0][2])


def _tidy(value: float) -> float:
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded
