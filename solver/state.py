"""The engine's board: routes that are always feasible, and what it takes to change them.

The start of a visit that more than one route has a say in is agreed on when it is put in, and
kept; so each route can be timed alone. ``thaw`` makes a new agreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from solver.agree import Timetable
from solver.indexed import Indexed
from solver.plan import Plan
from solver.problem import Problem, Visit
from solver.timing import NEVER, Clock, Timer, beginning

_FEW = 4
Saved = tuple[list[list[int]], dict[int, tuple[int, ...]], dict[int, int]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit would go: on one shift, or on two with a common start.

    Attributes:
        at: shift index and position, one entry a crew.
        starts: visits and the starts that are agreed on with it.
    """

    cost: float
    at: tuple[tuple[int, int], ...]
    starts: tuple[tuple[int, int], ...] = ()


class State:
    """Routes by shift index as lists of visit indices."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.known = problem, Indexed(problem)
        self.visits, self.shifts = problem.visits, problem.shifts
        self.routes: list[list[int]] = [[] for _ in self.shifts]
        self.where: dict[int, tuple[int, ...]] = {}
        self.agreed: dict[int, int] = {}
        self.timers = [Timer(problem, shift) for shift in self.shifts]
        self.clocks: list[list[Clock]] = [[beginning(shift)] for shift in self.shifts]

    # Changing it

    def copy(self) -> Saved:
        """What ``restore`` needs."""
        return [route[:] for route in self.routes], dict(self.where), dict(self.agreed)

    def restore(self, saved: Saved) -> None:
        """Go back to a copy."""
        routes, self.where, self.agreed = saved[0], dict(saved[1]), dict(saved[2])
        for s, route in enumerate(routes):
            if route != self.routes[s] or any(v in self.agreed for v in route):
                self.routes[s] = route[:]
                self._retime(s)

    def load(self, plan: Plan) -> None:
        """Take over a feasible plan as it stands."""
        index = {shift.id: s for s, shift in enumerate(self.shifts)}
        places: dict[int, list[int]] = defaultdict(list)
        for route in plan.routes:
            s = index[route.shift]
            self.routes[s] = [self.known.number[stop.visit] for stop in route.stops]
            for stop, v in zip(route.stops, self.routes[s], strict=True):
                places[v].append(s)
                if v in self.known.linked:
                    self.agreed[v] = stop.start
        self.where = {v: tuple(found) for v, found in places.items()}
        for s in range(len(self.shifts)):
            self._retime(s)

    def insert(self, v: int, place: Place) -> None:
        """Put a visit into a place that was found for it."""
        self.where[v] = tuple(s for s, _position in place.at)
        for s, position in place.at:
            self.routes[s].insert(position, v)
        self._agree(place.starts, self.where[v])

    def remove(self, v: int) -> None:
        """Take a visit out."""
        self.agreed.pop(v, None)
        for s in self.where.pop(v):
            self.routes[s].remove(v)
            self._retime(s)

    def thaw(self) -> Timetable | None:
        """Agree anew on all starts, as early as can be; None where there is nothing to agree on."""
        if not self.known.linked:
            return None
        table = self.known.agreement.timetable(self.order())
        if table.wrong:
            return None
        self._agree(self.starts_of(table), ())
        return table

    def _agree(self, starts: Iterable[tuple[int, int]], shifts: Iterable[int]) -> None:
        self.agreed.update(starts)
        for s in {*shifts, *(s for v, _start in starts for s in self.where[v])}:
            self._retime(s)

    def _retime(self, s: int) -> None:
        clock = beginning(self.shifts[s])
        clocks = [clock]
        for v in self.routes[s]:
            clock = self.step(s, clock, v, self.start_of(v))
            clocks.append(clock)
        self.clocks[s] = clocks

    # Reading it

    def start_of(self, v: int) -> int | None:
        """The only start that will do, if there is one."""
        return self.agreed[v] if v in self.agreed else self.known.start_of(v)

    def step(self, s: int, clock: Clock, v: int, start: int | None) -> Clock:
        """The clock after one more visit on a shift."""
        return self.timers[s].step(clock, self.visits[v], self.known.windows[v][s], start)

    def is_in_time(self, s: int, last: Clock) -> bool:
        """Whether a shift that ends so is home in time, its break taken."""
        return self.timers[s].home(last) <= self.shifts[s].end + self.shifts[s].overtime

    def unserved(self) -> list[int]:
        """Visits that are in no route."""
        return [v for v in range(len(self.visits)) if v not in self.where]

    def hardest_first(self) -> list[int]:
        """What is in no route: few shifts, two crews, high price, little room come first."""
        visits, allowed = self.visits, self.known.allowed
        return sorted(
            self.unserved(),
            key=lambda v: (
                -visits[v].mandatory, visits[v].pin is None, -visits[v].crews,
                len(allowed[v]) > _FEW, -visits[v].skip_cost, -visits[v].service_minutes, v,
            ),
        )  # fmt: skip

    def order(self) -> dict[str, list[Visit]]:
        """The visits of each used shift in their order."""
        return {
            self.shifts[s].id: [self.visits[v] for v in route]
            for s, route in enumerate(self.routes) if route
        }  # fmt: skip

    def starts(self) -> dict[str, int]:
        """What is agreed on, by visit id."""
        return {self.visits[v].id: start for v, start in self.agreed.items()}

    def starts_of(self, table: Timetable) -> tuple[tuple[int, int], ...]:
        """The starts of a timetable that its routes have to agree on."""
        number, linked = self.known.number, self.known.linked
        found = {
            number[visit]: times[0]
            for route in table.routes.values()
            for visit, times in route.starts().items()
            if number[visit] in linked
        }
        return tuple(found.items())

    def timetable(self) -> Timetable:
        """Times for the whole board: as early as can be, or else as agreed."""
        order, agreement = self.order(), self.known.agreement
        table = agreement.timetable(order)
        return agreement.timetable(order, self.starts()) if table.wrong else table

    # What it costs

    def visit_cost(self, v: int, s: int) -> float:
        """The price of serving a visit on this shift rather than on the one it should have."""
        weights, visit, shift = self.problem.weights, self.visits[v], self.shifts[s]
        cost = 0.0
        if visit.preferred_teams and shift.team not in visit.preferred_teams:
            cost += weights.unpreferred_team
        if v in self.known.was:
            team, day = self.known.was[v]
            cost += weights.moved_team * (team != shift.team) + weights.moved_day * (
                day != shift.day
            )
        return cost

    def is_too_dear(self, v: int, cost: float) -> bool:
        """Whether a visit had better be left out than served at such a cost."""
        return self.visits[v].optional and cost >= self.visits[v].skip_cost


def is_over(clock: Clock) -> bool:
    """Whether neither clock can go on."""
    return clock.before >= NEVER and clock.after >= NEVER
