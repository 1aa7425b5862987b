"""The problem by number: what of each visit and shift never changes during a search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from solver.agree import Agreement
from solver.problem import Problem, Shift, Visit
from solver.route import frozen_starts

_BIG = 10**6
T = TypeVar("T")


class Lazy(dict[int, T]):
    """Values by number; each is made when it is first asked for."""

    def __init__(self, make: Callable[[int], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> T:
        """Make it."""
        made = self[number] = self._make(number)
        return made


class Indexed:
    """Visits and shifts by their place in the problem, and which may meet.

    Attributes:
        windows: for each visit and shift, the windows of that day in order.
        allowed: for each visit, the shifts that may serve it, whatever the time.
        linked: visits whose start more than one route has a say in.
        ordered: those of them that stand before or after another.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.agreement = problem, Agreement(problem)
        self.visits, self.shifts = problem.visits, problem.shifts
        self.number = {visit.id: v for v, visit in enumerate(self.visits)}
        self.dates = [date.fromisoformat(day).toordinal() for day in problem.days]
        frozen = self.agreement.frozen
        self.frozen = {self.number[v]: start for v, start in frozen.items() if v in self.number}
        self._days = [shift.day for shift in self.shifts]
        self._most_days = len(problem.days)
        self._frozen_on = self._frozen_shifts()
        self.windows = Lazy(self._windows)
        self.allowed = Lazy(self._allowed)
        self.series = self._same_series()
        self.was = self._baseline_places()
        self.partners = self._together()
        self.linked = {self.number[v] for v in self.agreement.linked}
        self.ordered = {self.number[v] for v in self.agreement.ordered}

    def start_of(self, v: int) -> int | None:
        """The only start that the problem leaves, if there is one."""
        if v in self.frozen:
            return self.frozen[v]
        pin = self.visits[v].pin
        return pin.start if pin else None

    def _frozen_shifts(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for route in self.problem.baseline.routes if self.problem.baseline else ():
            for stop in route.stops:
                v = self.number.get(stop.visit, -1)
                if v in self.frozen and self.frozen[v] == stop.start:
                    found[v].add(route.shift)
        return found

    def _windows(self, v: int) -> list[tuple[tuple[int, int], ...]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for w in self.problem.visits[v].windows:
            first = max(w.from_, self._first_minute(v, w.day))
            if first <= w.to:
                found.setdefault(w.day, []).append((first, w.to))
        days: list[tuple[tuple[int, int], ...]] = [()] * self._most_days
        for day, windows in found.items():
            days[day] = tuple(sorted(windows))
        return list(map(days.__getitem__, self._days))

    def _first_minute(self, v: int, day: int) -> int:
        """Before which nothing new starts."""
        limit = self.problem.frozen_until
        if limit is None or v in self.frozen:
            return 0
        return limit.minute if limit.day == day else _BIG * (limit.day > day)

    def _allowed(self, v: int) -> tuple[int, ...]:
        return tuple(
            s for s, shift in enumerate(self.shifts)
            if self.windows[v][s] and may_serve(self.problem, self.visits[v], shift)
            and (v not in self.frozen or shift.id in self._frozen_on[v])
        )  # fmt: skip

    def _same_series(self) -> dict[int, tuple[int, ...]]:
        groups: dict[str, list[int]] = defaultdict(list)
        for v, visit in enumerate(self.visits):
            if visit.series is not None:
                groups[visit.series].append(v)
        return {v: tuple(o for o in group if o != v) for group in groups.values() for v in group}

    def _together(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for v, visit in enumerate(self.visits):
            if visit.together_with is not None:
                other = self.number[visit.together_with]
                found[v].add(other)
                found[other].add(v)
        return found

    def _baseline_places(self) -> dict[int, tuple[str, int]]:
        shifts = {shift.id: shift for shift in self.shifts}
        return {
            self.number[stop.visit]: (shifts[route.shift].team, shifts[route.shift].day)
            for route in (self.problem.baseline.routes if self.problem.baseline else ())
            for stop in route.stops
            if stop.visit in self.number and route.shift in shifts
        }


def may_serve(problem: Problem, visit: Visit, shift: Shift, *, by_name: bool = True) -> bool:
    """Whether team and visit fit together at all, whatever the time.

    ``by_name`` looks at the lists of allowed and forbidden shifts as well.
    """
    pin, pool = visit.pin, problem.kits
    return (
        set(visit.skills) <= set(shift.skills)
        and shift.people >= visit.people
        and (visit.clearance is None or visit.clearance in shift.clearances)
        and (not by_name or is_named(visit, shift))
        and all(kit in shift.kits or pool.get(kit, 0) > 0 for kit in visit.kits)
        and (pin is None or pin.day is None or pin.day == shift.day)
        and (pin is None or pin.team is None or visit.crews > 1 or pin.team == shift.team)
    )


def is_named(visit: Visit, shift: Shift) -> bool:
    """Whether the visit's lists of allowed and forbidden shifts leave this one."""
    allowed = visit.allowed_shifts is None or shift.id in visit.allowed_shifts
    return allowed and shift.id not in visit.forbidden_shifts


@dataclass(frozen=True, slots=True)
class Was:
    """Where and when a visit stood in the baseline."""

    teams: tuple[str, ...]
    day: int
    start: int


def baseline_places(problem: Problem) -> dict[str, Was]:
    """Where the baseline has each visit, by visit id."""
    shifts = {shift.id: shift for shift in problem.shifts}
    found: dict[str, Was] = {}
    for route in problem.baseline.routes if problem.baseline else ():
        for stop in route.stops if route.shift in shifts else ():
            shift, old = shifts[route.shift], found.get(stop.visit)
            teams = (*(old.teams if old else ()), shift.team)
            found[stop.visit] = Was(teams, old.day if old else shift.day, stop.start)
    return found


def frozen_places(problem: Problem) -> dict[str, set[str]]:
    """On which shifts each frozen visit stands, by visit id."""
    starts, found = frozen_starts(problem), dict[str, set[str]]()
    for route in problem.baseline.routes if problem.baseline else ():
        for stop in route.stops:
            if starts.get(stop.visit) == stop.start:
                found.setdefault(stop.visit, set()).add(route.shift)
    return found
