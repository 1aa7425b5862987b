"""Refuses a problem that makes no sense, with one sentence that names the field.

The greatest numbers are far beyond any week; they keep the core's sums within 32 bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

from solver.problem import MOST_VISITS, BadProblem, Problem, Profile, Shift, Visit

_LATEST = 10_000_000
MOST_DAYS, MOST_DEMAND, LEAST_URGENT, MOST_CREWS = 60, 100_000, 5, 2
_DEAREST = 500_000
"""A leg, or a shift in use."""
_EACH, _UNIT = 100_000, 1000
"""The weight of a visit or a shift, and of a minute or a kilogram."""
_MOST = 1e12
"""The price of a visit that is left out."""
_OF_PIECES = ("used_shift", "unpreferred_team", "moved_team", "moved_day")


def validate(problem: Problem) -> None:
    """Check every field.

    Raises:
        BadProblem: the first thing that is wrong.
    """
    if problem.version != 1:
        raise BadProblem(f"version: {problem.version} is not known")
    refuse_many(len(problem.visits))
    _days(problem)
    for name in problem.weights.__slots__:
        most = _EACH if name in _OF_PIECES else _UNIT
        _number(f"weights.{name}", getattr(problem.weights, name), most)
    sizes = {len(profile.minutes) for profile in problem.profiles.values()}
    for name, profile in problem.profiles.items():
        _profile(problem, name, profile)
    if len(sizes) > 1:
        raise BadProblem("profiles: the matrices differ in size")
    size = sizes.pop() if sizes else 0
    for name, amount in problem.kits.items():
        _whole(f"kits.{name}", amount)
    _unique("shifts", (shift.id for shift in problem.shifts))
    _unique("visits", (visit.id for visit in problem.visits))
    for shift in problem.shifts:
        _shift(problem, shift, size)
    _visits(problem, size)
    _frozen(problem)


def refuse_many(visits: int) -> None:
    """Check how many visits there are.

    Raises:
        BadProblem: too many.
    """
    if visits > MOST_VISITS:
        raise BadProblem(f"visits: {visits} are more than {MOST_VISITS}")


def _days(problem: Problem) -> None:
    _whole("horizon", problem.horizon)
    if not problem.days:
        raise BadProblem("days: there are none")
    if len(problem.days) > MOST_DAYS:
        raise BadProblem(f"days: {len(problem.days)} are more than {MOST_DAYS}")
    try:
        days = [date.fromisoformat(day) for day in problem.days]
    except (TypeError, ValueError):
        raise BadProblem("days: must be ISO dates") from None
    if sorted(set(days)) != days:
        raise BadProblem("days: must be in order, each once")


def _frozen(problem: Problem) -> None:
    if problem.frozen_until is not None:
        _index("frozen_until.day", problem.frozen_until.day, len(problem.days) + 1)
        _whole("frozen_until.minute", problem.frozen_until.minute)


def _profile(problem: Problem, name: str, profile: Profile) -> None:
    size = len(profile.minutes)
    for field, matrix in (("minutes", profile.minutes), ("metres", profile.metres)):
        if len(matrix) != size or any(len(row) != size for row in matrix):
            raise BadProblem(f"profiles.{name}.{field}: the matrix is not square")
        for row in matrix:
            if set(map(type, row)) == {int} and min(row) >= 0 and max(row) <= _LATEST:
                continue
            for value in row:
                _whole(f"profiles.{name}.{field}", value)
    _number(f"profiles.{name}.grams_per_km", profile.grams_per_km, _LATEST)
    weights = problem.weights
    minutes, metres = (max(map(max, m), default=0) for m in (profile.minutes, profile.metres))
    kilograms = profile.grams_per_km * metres / 1_000_000
    if weights.travel_minute * minutes + weights.kilogram_co2 * kilograms > _DEAREST:
        raise BadProblem(f"profiles.{name}: a leg costs more than {_DEAREST}")


def _shift(problem: Problem, shift: Shift, size: int) -> None:
    at = f"shifts.{shift.id}"
    _index(f"{at}.day", shift.day, len(problem.days))
    if shift.profile not in problem.profiles:
        raise BadProblem(f"{at}.profile: {shift.profile!r} is not known")
    _index(f"{at}.from_location", shift.from_location, size)
    _index(f"{at}.to_location", shift.to_location, size)
    for name in ("start", "end", "overtime", "people", "used_minutes_before"):
        _whole(f"{at}.{name}", getattr(shift, name))
    if shift.end <= shift.start or shift.end > problem.horizon:
        raise BadProblem(f"{at}.end: must lie after start, at most {problem.horizon}")
    _limits(at, shift)
    _number(f"{at}.fixed_cost", shift.fixed_cost, _DEAREST)


def _limits(at: str, shift: Shift) -> None:
    for name in ("kit_slots", "max_travel", "max_visits", "capacity", "max_duration"):
        if getattr(shift, name) is not None:
            _whole(f"{at}.{name}", getattr(shift, name))
    if shift.break_ is not None:
        for name in ("minutes", "from_", "to"):
            _whole(f"{at}.break.{name.rstrip('_')}", getattr(shift.break_, name))
        if shift.break_.to - shift.break_.from_ < shift.break_.minutes:
            raise BadProblem(f"{at}.break: does not fit into its window")


def _visits(problem: Problem, size: int) -> None:
    shifts = {shift.id for shift in problem.shifts}
    visits = {visit.id for visit in problem.visits}
    teams = {shift.team for shift in problem.shifts}
    for visit in problem.visits:
        at = f"visits.{visit.id}"
        _visit(problem, visit, size)
        _known(f"{at}.allowed_shifts", visit.allowed_shifts or (), shifts)
        _known(f"{at}.forbidden_shifts", visit.forbidden_shifts, shifts)
        _known(f"{at}.after", visit.after, visits)
        if visit.together_with is not None:
            _known(f"{at}.together_with", (visit.together_with,), visits)
        if visit.pin is not None and visit.pin.team is not None:
            _known(f"{at}.pin.team", (visit.pin.team,), teams)
        if visit.lag is not None:
            _known(f"{at}.lag.visit", (visit.lag.visit,), visits)
            _lag(problem, visit)
        if visit.id in visit.after or visit.id in (visit.together_with, _first(visit)):
            raise BadProblem(f"{at}: refers to itself")


def _first(visit: Visit) -> str | None:
    return visit.lag.visit if visit.lag is not None else None


def _lag(problem: Problem, visit: Visit) -> None:
    at, lag = f"visits.{visit.id}.lag", visit.lag
    if lag is not None:
        _whole(f"{at}.least", lag.least)
        _whole(f"{at}.most", lag.most)
        if lag.most < lag.least:
            raise BadProblem(f"{at}.most: must not be below least")
        if any(one.crews > 1 for one in problem.visits if one.id in (visit.id, lag.visit)):
            raise BadProblem(f"{at}: a visit of two crews cannot have one")


def _visit(problem: Problem, visit: Visit, size: int) -> None:
    at = f"visits.{visit.id}"
    _index(f"{at}.location", visit.location, size)
    for name in ("service_minutes", "setup_minutes", "people", "min_gap_days"):
        _whole(f"{at}.{name}", getattr(visit, name))
    _between(f"{at}.demand", visit.demand, 0, MOST_DEMAND)
    _between(f"{at}.crews", visit.crews, 1, MOST_CREWS)
    _between(f"{at}.priority", visit.priority, 1, LEAST_URGENT)
    _number(f"{at}.skip_cost", visit.skip_cost, _MOST)
    for name in ("preferred_start", "due"):
        if getattr(visit, name) is not None:
            _whole(f"{at}.{name}", getattr(visit, name))
    if visit.optional and visit.mandatory:
        raise BadProblem(f"{at}.optional: what is mandatory cannot be optional")
    _when(problem, visit)


def _when(problem: Problem, visit: Visit) -> None:
    at = f"visits.{visit.id}"
    for window in visit.windows:
        _index(f"{at}.windows.day", window.day, len(problem.days))
        _whole(f"{at}.windows.from", window.from_)
        _whole(f"{at}.windows.to", window.to)
        if window.to < window.from_ or window.to > problem.horizon:
            raise BadProblem(
                f"{at}.windows: must end after it begins, at most at {problem.horizon}"
            )
    if visit.pin is not None and visit.pin.day is not None:
        _index(f"{at}.pin.day", visit.pin.day, len(problem.days))
    if visit.pin is not None and visit.pin.start is not None:
        _whole(f"{at}.pin.start", visit.pin.start)


def _unique(name: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if not one:
            raise BadProblem(f"{name}: an id is empty")
        if one in seen:
            raise BadProblem(f"{name}: the id {one!r} stands there twice")
        seen.add(one)


def _known(name: str, ids: Iterable[str], known: set[str]) -> None:
    for one in ids:
        if one not in known:
            raise BadProblem(f"{name}: {one!r} is not known")


def _index(name: str, value: int, size: int) -> None:
    _whole(name, value)
    if value >= size:
        raise BadProblem(f"{name}: {value} is outside 0 to {size - 1}")


def _between(name: str, value: int, least: int, most: int) -> None:
    _whole(name, value)
    if not least <= value <= most:
        raise BadProblem(f"{name}: must be {least} to {most}, not {value}")


def _whole(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadProblem(f"{name}: must be a whole number, not {value!r}")
    if value < 0:
        raise BadProblem(f"{name}: must not be negative")
    if value > _LATEST:
        raise BadProblem(f"{name}: must be at most {_LATEST}")


def _number(name: str, value: object, most: float) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= value < math.inf:  # type: ignore[operator]
        raise BadProblem(f"{name}: must be a number that is not negative, not {value!r}")
    if value > most:  # type: ignore[operator]
        raise BadProblem(f"{name}: must be at most {most:.15g}")
