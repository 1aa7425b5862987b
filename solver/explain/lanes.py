"""Until when a route may reach each of its positions, so that most places need no timing at all.

Two limits run back along a route beside its two clocks: the latest moment with the break still to
come, and the latest with it taken, from which everything that follows still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from solver.explain.obstacles import lacking
from solver.places import Finder, Spot
from solver.problem import Break, Shift, Visit
from solver.state import Place, State, is_over
from solver.timing import Clock, Timer, beginning, length_of

if TYPE_CHECKING:
    from solver.explain.room import Room

_NEVER = -1
Windows = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Lane:
    """The clocks of a route, and its limits at each of them.

    Attributes:
        before, after: the latest moment there with the break still to come, and with it taken.
        spare: no stop that takes more minutes, way and service, fits in there: an upper bound.
        most: the greatest of them.
    """

    clocks: list[Clock]
    before: list[int]
    after: list[int]
    spare: list[int]
    most: int


def _clocks(run: On) -> list[Clock]:
    clocks = [beginning(run.shift)]
    for visit, windows, fixed in run.stops():
        clocks.append(run.timer.step(clocks[-1], visit, windows, fixed))
    return clocks


def _limits(run: On, clocks: Sequence[Clock]) -> list[tuple[int, int]]:
    """The limits at each position, from the last back to the first."""
    shift, rest = run.shift, run.shift.break_
    minutes, end = run.timer.minutes, shift.end + shift.overtime
    home = minutes[clocks[-1].location][shift.to_location]
    limits = [_earlier((end, end), home, rest, is_home=True)]
    stops = list(run.stops())
    for clock, (visit, windows, fixed) in zip(clocks[-2::-1], reversed(stops), strict=True):
        length, _paid = length_of(clock, visit)
        before, after = limits[-1]
        then = latest(windows, length, fixed, after)
        first = then if before == after else latest(windows, length, fixed, before)
        drive = minutes[clock.location][visit.location]
        limits.append(_earlier((first, then), drive, rest, is_home=False))
    limits.reverse()
    return limits


def _lane(run: On, clocks: list[Clock], limits: Sequence[tuple[int, int]]) -> Lane:
    shift = run.shift
    spare = [_spare(*both, shift.break_) for both in zip(clocks, limits, strict=True)]
    if not run.route:
        spare[0] += run.timer.minutes[shift.from_location][shift.to_location]
    return Lane(clocks, [one[0] for one in limits], [one[1] for one in limits], spare, max(spare))


def latest(windows: Windows, length: int, fixed: int | None, end: int) -> int:
    """The latest arrival from which a stop is over by ``end``; below zero if there is none."""
    if fixed is not None:
        inside = any(opens <= fixed and fixed + length <= closes for opens, closes in windows)
        return fixed if inside and fixed + length <= end else _NEVER
    found = _NEVER
    for opens, closes in windows:
        last = min(closes, end) - length
        if last >= opens and last > found:
            found = last
    return found


def _earlier(
    there: tuple[int, int], drive: int, rest: Break | None, *, is_home: bool
) -> tuple[int, int]:
    """The limits at the beginning of a drive, from those at its end."""
    before, after = there[0] - drive, there[1] - drive
    if rest is None:
        return before, after
    if is_home:
        before = _NEVER
    if rest.from_ + rest.minutes <= there[1]:
        before = max(before, min(rest.to - rest.minutes, after - rest.minutes))
    return before, after


def _spare(clock: Clock, limit: tuple[int, int], rest: Break | None) -> int:
    if rest is None:
        return limit[1] - clock.after
    rested = min(clock.after, clock.before + rest.minutes)
    return max(limit[0] - clock.before, limit[1] - rested)


class On(NamedTuple):
    """A shift with a route; ``free``: nothing that is agreed on binds it."""

    state: State
    s: int
    shift: Shift
    timer: Timer
    route: Sequence[int]
    free: bool = False

    def stops(self, first: int = 0) -> Iterator[tuple[Visit, Windows, int | None]]:
        """Each visit from a position on, its windows of the day, and its only start if any."""
        state, s = self.state, self.s
        start_of = state.known.start_of if self.free else state.start_of
        for u in self.route[first:]:
            yield state.visits[u], state.known.windows[u][s], start_of(u)


class Lanes:
    """Lanes of a board, each made only once; those of one end share their clocks."""

    def __init__(self, shifts: int) -> None:
        self._shifts = shifts
        self._clocks: dict[tuple[int, ...], list[Clock]] = {}
        self._limits: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        self._made: dict[tuple[int, ...], Lane] = {}

    def clocks(self, run: On) -> list[Clock]:
        """The clocks of a shift with a route."""
        if run.s >= self._shifts:
            return _clocks(run)
        key = (run.shift.start, run.s, run.free, *run.route)
        if key not in self._clocks:
            self._clocks[key] = _clocks(run)
        return self._clocks[key]

    def of(self, run: On) -> Lane:
        """The lane of a shift with a route; nothing is kept of a shift that is new."""
        shift, end = run.shift, run.shift.end + run.shift.overtime
        if run.s >= self._shifts:
            clocks = _clocks(run)
            return _lane(run, clocks, _limits(run, clocks))
        here = (run.s, run.free, *run.route)
        key = (shift.start, end, *here)
        if key not in self._made:
            clocks, until = self.clocks(run), (end, *here)
            if until not in self._limits:
                self._limits[until] = _limits(run, clocks)
            self._made[key] = _lane(run, clocks, self._limits[until])
        return self._made[key]


class Prober(Finder):
    """A finder that looks at the limits of a route before it times it."""

    def __init__(self, board: Room, lanes: Lanes) -> None:
        super().__init__(board)
        self._board, self._lanes = board, lanes

    def anew(self, v: int, among: Sequence[int] | None = None) -> Place | None:
        """The cheapest place where all starts are agreed on anew: on a board that is unbound."""
        priced = sorted(self._loose(v, self._shifts(v, among)))
        return next(filter(None, (self.settled(v, at, cost) for cost, at in priced)), None)

    def _kits_suffice(self, visit: Visit, s: int) -> bool:
        """The same as of every finder, from what the board knows of the kits in use."""
        return not visit.kits or not any(lacking(self._board, visit, s))

    def _on(self, s: int, *, free: bool = False) -> On:
        state = self._state
        return On(state, s, state.shifts[s], state.timers[s], state.routes[s], free)

    def insertion(
        self, v: int, spot: Spot, start: int | None, bound: float, *, free: bool = False
    ) -> float:
        """The same as of every finder, found sooner where there is no room."""
        (s, position), state = spot, self._state
        run = self._on(s, free=free)
        lane = self._lanes.of(run)
        more, is_beside = self._way(v, spot)
        if not is_beside and more + state.visits[v].service_minutes > lane.spare[position]:
            return inf
        clock = state.step(s, state.clocks[s][position], v, start)
        if not holds(run, lane, position, clock):
            return inf
        return super().insertion(v, spot, start, bound, free=free)

    def span(self, v: int, spot: Spot) -> tuple[float, float]:
        """The earliest and a latest start there if the route could choose all starts alone."""
        (s, position), state = spot, self._state
        before = self._lanes.of(self._on(s, free=True)).clocks[position]
        clock = state.step(s, before, v, self._known.start_of(v))
        length, _paid = length_of(before, state.visits[v])
        return min(clock.before, clock.after) - length, self.last_start(v, spot, free=True)

    def last_start(self, v: int, spot: Spot, *, free: bool = False) -> float:
        """A moment after which what follows would not hold any more."""
        (s, position), visit = spot, self._state.visits[v]
        run = self._on(s, free=free)
        lane = self._lanes.of(run)
        here, (before, after) = visit.location, self._ends(spot)
        if self._way(v, spot)[1]:
            return inf
        minutes = run.timer.minutes
        arrive = max(lane.before[position], lane.after[position]) + minutes[before][after]
        return arrive - minutes[here][after] - visit.service_minutes

    def _ends(self, spot: Spot) -> tuple[int, int]:
        """The locations before and after a position."""
        (s, position), state = spot, self._state
        route, shift = state.routes[s], state.shifts[s]
        before = state.visits[route[position - 1]].location if position else shift.from_location
        on = position < len(route)
        return before, state.visits[route[position]].location if on else shift.to_location

    def _way(self, v: int, spot: Spot) -> tuple[int, bool]:
        """Minutes more to drive, and whether the next stop is at the same location."""
        (s, position), state = spot, self._state
        here, (before, after) = state.visits[v].location, self._ends(spot)
        minutes, size = state.timers[s].minutes, len(state.routes[s])
        more = minutes[before][here] + minutes[here][after]
        return more - (minutes[before][after] if size else 0), position < size and here == after


def holds(run: On, lane: Lane, position: int, clock: Clock) -> bool:
    """Whether what follows a position still holds from a clock, as far as the time goes."""
    for n, (visit, windows, fixed) in enumerate(run.stops(position), position + 1):
        if is_over(clock):
            return False
        clock = run.timer.step(clock, visit, windows, fixed)
        if clock.paid == lane.clocks[n].paid:
            return clock.before <= lane.before[n] or clock.after <= lane.after[n]
    return not is_over(clock)
