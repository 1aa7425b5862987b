"""Times of one route: the order is given; the break goes where most stops hold and least is lost.

Never refuses: a stop that no window holds gets the start that breaks least, and ``wrong`` counts
it. Where a shift may be out for a limited time it leaves later, as ``outing`` finds best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from solver.outing import Outings
from solver.plan import Rest, Route, Stop
from solver.problem import Problem, Shift, Visit
from solver.timing import NEVER, Clock, beginning, earliest, length_of, rested


def frozen_starts(problem: Problem) -> dict[str, int]:
    """The start of every baseline stop that must not move any more."""
    if problem.baseline is None or problem.frozen_until is None:
        return {}
    limit = (problem.frozen_until.day, problem.frozen_until.minute)
    days = {shift.id: shift.day for shift in problem.shifts}
    return {
        stop.visit: stop.start
        for route in problem.baseline.routes
        for stop in route.stops
        if route.shift in days and (days[route.shift], stop.start) < limit
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """What a route does not decide alone.

    Attributes:
        frozen: starts that must not move any more.
        linked: visits whose start other routes have a say in; they begin as early as they can.
    """

    frozen: Mapping[str, int]
    linked: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Leg:
    """How one stop was reached on both clocks: arrival, start and end.

    Attributes:
        soonest: earliest start with the break still to come, whatever start is agreed on.
        rested: earliest start with the break taken, whatever start is agreed on.
        missed: stops missed up to here, with the break to come and with the break taken.
        by_break: whether the break is best taken just before this stop.
    """

    visit: Visit
    before: tuple[int, int, int]
    after: tuple[int, int, int]
    soonest: int
    rested: int
    missed: tuple[int, int]
    by_break: bool


class TimedRoute:
    """One route, timed as early as its order and the agreed starts allow.

    Attributes:
        wrong: stops outside their windows or agreed starts, a missing break, a late return, more
            minutes out than there may be.
        times: arrival, start and end of each visit.
    """

    def __init__(
        self, problem: Problem, shift: Shift, visits: Sequence[Visit],
        agreed: Mapping[str, int], kept: Kept,
    ) -> None:  # fmt: skip
        self.shift, self.visits = shift, visits
        self._problem, self._agreed, self._kept = problem, agreed, kept
        self._minutes = problem.profiles[shift.profile].minutes
        self._day, self._apart = shift, _NO_REST
        self._time()
        self._early = self._legs
        if shift.max_duration is not None and visits:
            self._leave_later(shift.max_duration)

    def _time(self) -> None:
        """Times of the day as it is."""
        shift = self._day
        self._legs: list[_Leg] = []
        last = self._drive()
        self._back = self._minutes[last.location][shift.to_location]
        self._gap, home, missed = self._best_gap(last)
        late = home > shift.end + shift.overtime
        self.wrong = missed + late + (shift.break_ is not None and self._gap is None)
        gap = len(self.visits) if self._gap is None else self._gap
        self.times = [leg.after if i >= gap else leg.before for i, leg in enumerate(self._legs)]

    def _leave_later(self, most: int) -> None:
        """Leave so that the shift is out no longer than it may; visits of others' matter stay."""
        linked = {v: when[0] for v, when in self.starts().items() if v in self._kept.linked}
        self._agreed = {**self._agreed, **linked}
        stops = [(v, self._windows(v), self._agreed.get(v.id)) for v in self.visits]
        best = None if self.wrong else Outings(self._minutes, self.shift, stops).best()
        if best is None:
            return
        self._day = replace(self.shift, start=best.leave)
        if best.rest is not None and self.shift.break_ is not None:
            self._apart = Rest(best.rest, best.rest + self.shift.break_.minutes)
            self._day = replace(self._day, break_=None)
        self._time()
        self.wrong += best.minutes > most

    def _windows(self, visit: Visit) -> list[tuple[int, int]]:
        """The visit's windows of the day in order, as far as they are not past."""
        first, day = self._not_before(visit), self.shift.day
        found = [(max(w.from_, first), w.to) for w in visit.windows if w.day == day]
        return sorted(window for window in found if window[0] <= window[1])

    def starts(self) -> dict[str, tuple[int, int]]:
        """Start and end of each visit."""
        return {v.id: when[1:] for v, when in zip(self.visits, self.times, strict=True)}

    def soonest(self) -> dict[str, int]:
        """The earliest start of each visit if the break may wait."""
        return {leg.visit.id: leg.soonest for leg in self._early}

    def soonest_rested(self) -> list[tuple[str, int]]:
        """The earliest start of each visit with the break behind it; the last visit first."""
        return [(leg.visit.id, leg.rested) for leg in reversed(self._early)]

    # The two clocks

    def _drive(self) -> Clock:
        clock, missed, rest = beginning(self._day), (0, 0), self._day.break_
        for visit in self.visits:
            drive = self._minutes[clock.location][visit.location]
            length, paid = length_of(clock, visit)
            arrive = clock.before + drive
            here = rested(clock.before, arrive, rest)
            by_break = _is_better(missed, clock.after + drive, here)
            late = here if by_break else clock.after + drive
            missed = (missed[0], missed[0]) if by_break else missed
            soonest, before = self._times(visit, arrive, length)
            behind, after = self._times(visit, late, length) if late < NEVER else (NEVER, _NOT)
            missed = (missed[0] + self._misses(visit, before),
                      missed[1] + (late < NEVER and self._misses(visit, after)))  # fmt: skip
            leg = _Leg(visit, before, after, soonest, behind, missed, by_break)
            self._legs.append(leg)
            clock = Clock(before[2], after[2], visit.location, paid, clock.travel + drive)
        return clock

    def _times(self, visit: Visit, arrive: int, length: int) -> tuple[int, tuple[int, int, int]]:
        """The soonest start, and arrival, start and end with what is agreed on.

        Where no window is left, the start that breaks least.
        """
        windows = sorted((w.from_, w.to) for w in visit.windows if w.day == self.shift.day)
        ready, agreed = max(arrive, self._not_before(visit)), self._agreed.get(visit.id)
        soonest = earliest(windows, max(ready, agreed or 0), length)
        start = earliest(windows, ready, length, agreed)
        if start >= NEVER:
            start = (
                max(arrive, agreed) if agreed is not None else _least_bad(windows, arrive, length)
            )
        return (soonest if soonest < NEVER else start), (arrive, start, start + length)

    def _not_before(self, visit: Visit) -> int:
        """What has not begun starts no earlier than the moment up to which all is frozen."""
        limit = self._problem.frozen_until
        if limit is None or limit.day != self.shift.day or visit.id in self._kept.frozen:
            return 0
        return limit.minute

    def _misses(self, visit: Visit, times: tuple[int, int, int]) -> bool:
        """Whether a stop is not whole inside one of its windows, or not at its agreed start."""
        _arrive, start, end = times
        day = self.shift.day
        inside = any(w.day == day and w.from_ <= start and end <= w.to for w in visit.windows)
        return not inside or start != self._agreed.get(visit.id, start)

    def _best_gap(self, last: Clock) -> tuple[int | None, int, int]:
        """Before which stop the break is, when the team is home, and how many stops it missed.

        As many as there are stops means on the way home.
        """
        missed = self._legs[-1].missed if self._legs else (0, 0)
        if self._day.break_ is None:
            return None, last.before + self._back, missed[0]
        here = rested(last.before, last.before + self._back, self._day.break_)
        if _is_better(missed, last.after + self._back, here):
            return len(self._legs), here, missed[0]
        for i in range(len(self._legs) - 1, -1, -1):
            if self._legs[i].by_break:
                return i, last.after + self._back, missed[1]
        return None, last.before + self._back, missed[0]

    # What the plan says

    def made(self) -> Route:
        """The route as the plan has it."""
        stops = [Stop(v.id, *when) for v, when in zip(self.visits, self.times, strict=True)]
        rest = self._rest(stops)
        return_ = (stops[-1].end if stops else self._day.start) + self._back
        if rest is not None and self._gap == len(stops) and rest.start < return_:
            return_ += rest.end - rest.start
        leave = self._leave(stops, rest)
        if stops and leave > self._day.start:
            stops[0] = replace(stops[0], arrive=stops[0].start)
        return Route(self.shift.id, tuple(stops), self._apart or rest, self._kits(), leave, return_)

    def _rest(self, stops: list[Stop]) -> Rest | None:
        rest = self._day.break_
        if self._gap is None or rest is None:
            return None
        ready = stops[self._gap - 1].end if self._gap else self._day.start
        begin = max(ready, rest.from_)
        return Rest(begin, begin + rest.minutes)

    def _leave(self, stops: list[Stop], rest: Rest | None) -> int:
        """As late as the first stop allows, unless the break comes first."""
        if not stops:
            return self._day.start
        drive = stops[0].arrive - self._day.start
        is_first = rest is not None and rest.start < stops[0].start
        return self._day.start if is_first else max(self._day.start, stops[0].start - drive)

    def _kits(self) -> tuple[str, ...]:
        pool = self._problem.kits
        needed = {kit for visit in self.visits for kit in visit.kits if kit in pool}
        return tuple(sorted(needed - set(self.shift.kits)))


_NOT = (NEVER, NEVER, NEVER)
_NO_REST: Rest | None = None


def _is_better(missed: tuple[int, int], earlier: int, here: int) -> bool:
    """Whether the break is better taken here than earlier on.

    No break is worth a stop outside its windows, so what is missed counts before the time.
    """
    if here >= NEVER or earlier >= NEVER:
        return here < NEVER
    return (missed[0], here) <= (missed[1], earlier)


def _least_bad(windows: list[tuple[int, int]], arrive: int, length: int) -> int:
    """The start at or after the arrival that leaves the fewest minutes outside a window."""

    def outside(start: int) -> int:
        return min((max(0, a - start) + max(0, start + length - b) for a, b in windows), default=0)

    return min((arrive, *(a for a, _b in windows if a > arrive)), key=outside)
