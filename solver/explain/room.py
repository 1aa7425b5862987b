"""Where there may be the time for a visit: ways to it, limits of the routes, the cheapest place.

A place is looked for among the positions that the limits of a route leave; only these are timed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import NamedTuple

from solver.explain.lanes import Lane, Lanes, On, Prober, holds
from solver.explain.obstacles import now
from solver.problem import Problem, Shift, Visit
from solver.state import Place, State
from solver.timing import Timer


class _Ways(NamedTuple):
    """All ways to a visit from one route, the least minutes, and where it has neighbours.

    Attributes:
        is_near: whether a stop of the route is at the same location.
        beside: the positions before such a stop, which may save it setting up.
    """

    all: list[_Way]
    least: int
    is_near: bool
    beside: list[int]


@dataclass(frozen=True, slots=True)
class Guest:
    """A visit as it might be.

    Attributes:
        windows: of each day.
        start: the only start that will do, if there is one.
        said: whether a shift has the time, as far as it was asked.
    """

    v: int
    visit: Visit
    windows: Mapping[int, tuple[tuple[int, int], ...]]
    start: int | None
    said: dict[tuple[int, ...], bool]


class _Way(NamedTuple):
    """What it adds to a route to go to a visit at a position, in cost and in minutes."""

    cost: float
    s: int
    position: int
    minutes: int


class Room(State):
    """A board that knows where there may be the time.

    Attributes:
        base: the problem as it was given.
        lanes: of all routes that were looked at.
        moved: shifts that a visit was taken out of.
        users: which shifts take a pool kit along, by day and kit.
        anew: whether all starts that were agreed on are worked out anew.
        said: what was asked about each visit as it might be.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.base, self.lanes = problem, Lanes(len(problem.shifts))
        self.moved: set[int] = set()
        self.users: dict[tuple[int, str], set[int]] = {}
        self.anew = False
        self.said: dict[tuple[object, ...], dict[tuple[int, ...], bool]] = {}
        self._altered: dict[tuple[object, ...], Shift] = {}
        self._known_ways: dict[tuple[int, int], _Ways] = {}
        self._lanes_as_given: dict[tuple[int, int, int], Lane] = {}

    def altered(self, s: int, shift: Shift, **fields: int | None) -> Shift:
        """A shift with other fields; where it is one as given, made only once."""
        if shift is not self.base.shifts[s]:
            return replace(shift, **fields)  # type: ignore[arg-type]
        key = (s, *fields.items())
        if key not in self._altered:
            self._altered[key] = replace(shift, **fields)  # type: ignore[arg-type]
        return self._altered[key]

    def place(self, v: int, among: Sequence[int] | None = None) -> Place | None:
        """The cheapest place as the board is now."""
        known, shifts = self.known, self.known.allowed[v]
        is_alone = self.visits[v].crews == 1 and not known.ordered
        if is_alone:
            found = self._nearest(v, among)
            if found is not None or not known.linked:
                return found
            among = [
                s for s in (shifts if among is None else among)
                if any(u in known.linked for u in self.routes[s])
            ]  # fmt: skip
        found = Prober(self, self.lanes).any(v, among)
        return found if found is not None or not known.linked else self._agreed_anew(v, among)

    def _agreed_anew(self, v: int, among: Sequence[int] | None) -> Place | None:
        """The cheapest place where starts that were agreed on may become earlier as well."""
        allowed = self.known.allowed[v]
        shifts = [s for s in allowed if among is None or s in among]
        with self._unbound(shifts):
            return Prober(self, self.lanes).anew(v, shifts)

    @contextmanager
    def _unbound(self, shifts: Iterable[int]) -> Iterator[None]:
        """The board with nothing agreed on: these routes as early as they could be alone."""
        saved = self.agreed, self.clocks
        self.agreed, self.clocks = {}, self.clocks[:]
        for s in shifts:
            run = On(self, s, self.shifts[s], self.timers[s], self.routes[s], free=True)
            self.clocks[s] = self.lanes.clocks(run)
        try:
            yield
        finally:
            self.agreed, self.clocks = saved

    def _nearest(self, v: int, among: Sequence[int] | None) -> Place | None:
        """The cheapest place that leaves agreed starts as they are, the shortest way first."""
        finder, start, found = Prober(self, self.lanes), self.start_of(v), None
        shifts = set(self.known.allowed[v])
        shifts = shifts if among is None else shifts.intersection(among)
        able: dict[int, bool] = {}
        for cost, s, position, _minutes in sorted(self._roomy(v, shifts)):
            if found is not None and cost >= found.cost:
                break
            if s not in able:
                able[s] = self._may_take(v, s)
            if able[s]:
                bound = found.cost if found is not None else inf
                rise = finder.insertion(v, (s, position), start, bound)
                found = Place(rise, ((s, position),)) if rise < bound else found
        return found

    def _roomy(self, v: int, shifts: Iterable[int]) -> Iterator[_Way]:
        """The ways to positions where there may be the time."""
        for s in shifts:
            lane, ways = self._lane(s), self._ways(v, s)
            need = self._need(v, ways)
            if ways.least + need <= lane.most or ways.beside:
                for way in ways.all:
                    is_short = way.minutes + need <= lane.spare[way.position]
                    if is_short or way.position in ways.beside:
                        yield way

    def _lane(self, s: int) -> Lane:
        """The lane of a shift as it is; of a route as given it is known by its hours."""
        shift = self.shifts[s]
        run = On(self, s, shift, self.timers[s], self.routes[s])
        if s in self.moved or self.anew or s >= len(self.base.shifts):
            return self.lanes.of(run)
        key = (s, shift.start, shift.end + shift.overtime)
        if key not in self._lanes_as_given:
            self._lanes_as_given[key] = self.lanes.of(run)
        return self._lanes_as_given[key]

    def _need(self, v: int, ways: _Ways) -> int:
        """Minutes on site, at least."""
        visit = self.visits[v]
        return visit.service_minutes + (0 if ways.is_near else visit.setup_minutes)

    def has_time(self, guest: Guest, s: int, shift: Shift, gone: Collection[int]) -> bool:
        """Whether a shift may have the time for a visit without these visits; no is certain.

        Guest and shift are as they might be.
        """
        linked = self.known.linked
        if linked and any(u in linked for u in (guest.v, *self.routes[s])):
            return True
        key = (s, shift.start, shift.end + shift.overtime, *gone)
        if key not in guest.said:
            guest.said[key] = self._has_time(guest, s, shift, gone)
        return guest.said[key]

    def _has_time(self, guest: Guest, s: int, shift: Shift, gone: Collection[int]) -> bool:
        windows = guest.windows.get(shift.day, ())
        route = [u for u in self.routes[s] if u not in gone]
        places = [self.visits[u].location for u in route]
        is_beside, visit = guest.visit.location in places, guest.visit
        need = visit.service_minutes + (0 if is_beside else visit.setup_minutes)
        ways = list(self._detours(visit.location, shift, places))
        most = shift.end + shift.overtime - shift.start - self._work(shift, route, places)
        if not windows or min(ways)[0] + need > most:
            return False
        run = On(self, s, shift, Timer(self.problem, shift), route)
        lane = self.lanes.of(run)
        for more, position in ways:
            if is_beside or more + need <= lane.spare[position]:
                clock = run.timer.step(lane.clocks[position], visit, windows, guest.start)
                if holds(run, lane, position, clock):
                    return True
        return False

    def _work(self, shift: Shift, route: Sequence[int], places: Sequence[int]) -> int:
        """Minutes of driving, service and rest, without setting up, which visits may share."""
        minutes = self.problem.profiles[shift.profile].minutes
        rest = shift.break_.minutes if shift.break_ is not None else 0
        legs = pairwise((shift.from_location, *places, shift.to_location) if places else ())
        drive = sum([minutes[a][b] for a, b in legs])
        return drive + rest + sum([self.visits[u].service_minutes for u in route])

    def _may_take(self, v: int, s: int) -> bool:
        need = self._need(v, self._ways(v, s))
        fits = any(to - from_ >= need for from_, to in self.known.windows[v][s])
        return fits and not any(now(self, v, s))

    def _retime(self, s: int) -> None:
        run = On(self, s, self.shifts[s], self.timers[s], self.routes[s])
        self.clocks[s] = self.lanes.clocks(run)

    def _ways(self, v: int, s: int) -> _Ways:
        """What the way there adds to a route at each position."""
        if s in self.moved or s >= len(self.base.shifts):
            return self._ways_on(v, s)
        if (v, s) not in self._known_ways:
            self._known_ways[v, s] = self._ways_on(v, s)
        return self._known_ways[v, s]

    def _ways_on(self, v: int, s: int) -> _Ways:
        shift, weights, here = self.shifts[s], self.problem.weights, self.visits[v].location
        places = [self.visits[u].location for u in self.routes[s]]
        new = self.visit_cost(v, s) + (0 if places else weights.used_shift + shift.fixed_cost)
        ways = [
            _Way(weights.travel_minute * more + new, s, position, more)
            for more, position in self._detours(here, shift, places)
        ]
        beside = [position for position, there in enumerate(places) if there == here]
        return _Ways(ways, min(way.minutes for way in ways), here in places, beside)

    def _detours(self, here: int, shift: Shift, places: Sequence[int]) -> Iterator[tuple[int, int]]:
        """How many minutes more it is to drive there, at each position."""
        minutes = self.problem.profiles[shift.profile].minutes
        there = minutes[here]
        legs = pairwise((shift.from_location, *places, shift.to_location))
        for position, (a, b) in enumerate(legs):
            yield minutes[a][here] + there[b] - (minutes[a][b] if places else 0), position
