"""Until when a route may reach each of its positions, so that most places need no timing at all.

Two limits run back along a route beside its two clocks: the latest moment with the break still to
come, and the latest with it taken, from which everything that follows still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from solver.places import Finder, Spot
from solver.problem import Break, Shift
from solver.state import State, is_over
from solver.timing import Clock, Timer, beginning, length_of

_NEVER = -1
Windows = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Lane:
    """The clocks of a route, and its limits at each of them.

    Attributes:
        before, after: the latest moment there with the break still to come, and with it taken.
        spare: no stop that takes more minutes, way and service, fits in there: an upper bound.
    """

    clocks: list[Clock]
    before: list[int]
    after: list[int]
    spare: list[int]


def lane_of(state: State, s: int, shift: Shift, route: Sequence[int], *, free: bool) -> Lane:
    """The lane of a shift with this route; ``free``: nothing that is agreed on binds it."""
    start_of = state.known.start_of if free else state.start_of
    visits, windows, timer = state.visits, state.known.windows, Timer(state.problem, shift)
    minutes, rest = state.problem.profiles[shift.profile].minutes, shift.break_
    clocks = [beginning(shift)]
    for u in route:
        clocks.append(timer.step(clocks[-1], visits[u], windows[u][s], start_of(u)))
    home = minutes[clocks[-1].location][shift.to_location]
    ends = _earlier((shift.end + shift.overtime,) * 2, home, rest, is_home=True)
    limits = [ends]
    for k in range(len(route) - 1, -1, -1):
        u, visit = route[k], visits[route[k]]
        length, _paid = length_of(clocks[k], visit)
        there = [latest(windows[u][s], length, start_of(u), end) for end in limits[-1]]
        drive = minutes[clocks[k].location][visit.location]
        limits.append(_earlier((there[0], there[1]), drive, rest, is_home=False))
    limits.reverse()
    before, after = [one[0] for one in limits], [one[1] for one in limits]
    spare = [_spare(*both, rest) for both in zip(clocks, limits, strict=True)]
    if not route:
        spare[0] += home
    return Lane(clocks, before, after, spare)


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


@dataclass(frozen=True, slots=True)
class On:
    """A shift with a route; ``free``: nothing that is agreed on binds it."""

    s: int
    route: Sequence[int]
    timer: Timer
    free: bool = False


class Prober(Finder):
    """A finder that looks at the limits of a route before it times it."""

    def __init__(self, state: State, lanes: dict[tuple[object, ...], Lane]) -> None:
        super().__init__(state)
        self._lanes = lanes

    def lane(self, s: int, *, free: bool = False) -> Lane:
        """The lane of a shift as it is now."""
        return self.lane_with(s, self._state.shifts[s], self._state.routes[s], free=free)

    def lane_with(self, s: int, shift: Shift, route: Sequence[int], *, free: bool = False) -> Lane:
        """The lane of a shift as it might be, made only once; not of one that is new."""
        if s >= len(self._known.shifts):
            return lane_of(self._state, s, shift, route, free=free)
        key = (s, *route, shift.start, shift.end + shift.overtime, free)
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = lane_of(self._state, s, shift, route, free=free)
        return found

    def insertion(
        self, v: int, spot: Spot, start: int | None, bound: float, *, free: bool = False
    ) -> float:
        """The same as of every finder, found sooner where there is no room."""
        (s, position), state = spot, self._state
        on = On(s, state.routes[s], state.timers[s], free=free)
        clock = state.step(s, state.clocks[s][position], v, start)
        if not self.holds(on, self.lane(s, free=free), position, clock):
            return inf
        return super().insertion(v, spot, start, bound, free=free)

    def holds(self, on: On, lane: Lane, position: int, clock: Clock) -> bool:
        """Whether what follows a position still holds from a clock, as far as the time goes."""
        state = self._state
        start_of = self._known.start_of if on.free else state.start_of
        for n in range(position, len(on.route)):
            if is_over(clock):
                return False
            u = on.route[n]
            windows = self._known.windows[u][on.s]
            clock = on.timer.step(clock, state.visits[u], windows, start_of(u))
            if clock.paid == lane.clocks[n + 1].paid:
                return clock.before <= lane.before[n + 1] or clock.after <= lane.after[n + 1]
        return not is_over(clock)
