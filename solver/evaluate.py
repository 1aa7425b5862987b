"""Times for a given sequence of visits. Never refuses: what breaks is for ``check`` to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from solver.cost import cost_of
from solver.plan import Plan, Rest, Route, Stop, Unserved
from solver.problem import BadProblem, Problem, Shift, Visit
from solver.timing import NEVER, Clock, beginning, earliest, length_of, rested
from solver.wire import problem_sha256

Sequences = Iterable[tuple[str, Sequence[str]]]


def evaluate(problem: Problem, routes: Sequences, *, engine: str = "hand") -> Plan:
    """Earliest times for a hand-made plan: which visits, in which order, on which shift.

    Raises:
        BadProblem: a shift or visit is not known.
    """
    wanted = {shift: tuple(visits) for shift, visits in routes if visits}
    shifts = {shift.id: shift for shift in problem.shifts}
    visits = {visit.id: visit for visit in problem.visits}
    for shift_id, ids in wanted.items():
        if shift_id not in shifts:
            raise BadProblem(f"routes: the shift {shift_id!r} is not known")
        for visit_id in ids:
            if visit_id not in visits:
                raise BadProblem(f"routes: the visit {visit_id!r} is not known")
    fixed = _fixed_starts(problem)
    made: dict[str, Route] = {}
    for _round in range(1 + sum(visit.crews == 2 for visit in problem.visits)):  # noqa: PLR2004
        made = {
            s: _Route(problem, shifts[s], [visits[v] for v in ids], fixed).made()
            for s, ids in wanted.items()
        }
        if not _agree_on_starts(visits, made, fixed):
            break
    in_order = tuple(made[shift.id] for shift in problem.shifts if shift.id in made)
    served = {stop.visit for route in in_order for stop in route.stops}
    left_out = tuple(Unserved(v.id) for v in problem.visits if v.id not in served)
    plan = Plan(problem_sha256(problem), in_order, left_out, {}, engine)
    return Plan(plan.problem_sha256, in_order, left_out, cost_of(problem, plan), engine)


def _fixed_starts(problem: Problem) -> dict[str, int]:
    """Starts that pins and the frozen part of the baseline prescribe."""
    fixed = {v.id: v.pin.start for v in problem.visits if v.pin and v.pin.start is not None}
    return {**fixed, **frozen_starts(problem)}


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


def _agree_on_starts(
    visits: Mapping[str, Visit], made: Mapping[str, Route], fixed: dict[str, int]
) -> bool:
    """Let the crews of a visit begin together: at the later of their starts."""
    starts: dict[str, list[int]] = {}
    for route in made.values():
        for stop in route.stops:
            if visits[stop.visit].crews > 1:
                starts.setdefault(stop.visit, []).append(stop.start)
    apart = {visit: max(times) for visit, times in starts.items() if len(set(times)) > 1}
    news = {v: t for v, t in apart.items() if fixed.get(v, -1) < t}
    fixed.update(news)
    return bool(news)


@dataclass(frozen=True, slots=True)
class _Leg:
    """How one stop was reached on both clocks."""

    visit: Visit
    before: tuple[int, int, int]
    after: tuple[int, int, int]
    by_break: bool


class _Route:
    """Works out one route."""

    def __init__(
        self, problem: Problem, shift: Shift, visits: list[Visit], fixed: Mapping[str, int]
    ) -> None:
        self._shift, self._visits, self._fixed = shift, visits, fixed
        self._minutes = problem.profiles[shift.profile].minutes
        self._pool = problem.kits
        self._frozen_until, self._begun = problem.frozen_until, frozen_starts(problem)

    def made(self) -> Route:
        """The route with the earliest times that its order allows."""
        legs, last = self._legs()
        gap = self._gap_of_break(legs, last)
        times = [leg.after if gap is not None and i >= gap else leg.before
                 for i, leg in enumerate(legs)]  # fmt: skip
        stops = [Stop(leg.visit.id, *when) for leg, when in zip(legs, times, strict=True)]
        rest = self._rest(stops, gap)
        back = self._minutes[last.location][self._shift.to_location]
        ready = stops[-1].end if stops else self._shift.start
        return_ = ready + back
        if rest is not None and gap == len(stops) and rest.start < return_:
            return_ += rest.end - rest.start
        leave = self._leave(stops, rest)
        if stops and leave > self._shift.start:
            stops[0] = replace(stops[0], arrive=stops[0].start)
        return Route(self._shift.id, tuple(stops), rest, self._kits(), leave, return_)

    def _legs(self) -> tuple[list[_Leg], Clock]:
        clock, legs = beginning(self._shift), []
        for visit in self._visits:
            drive = self._minutes[clock.location][visit.location]
            length, paid = length_of(clock, visit)
            arrive = clock.before + drive
            broken = rested(clock.before, arrive, self._shift.break_)
            late = min(clock.after + drive, broken)
            before = self._times(visit, arrive, length)
            after = self._times(visit, late, length) if late < NEVER else (late, late, NEVER)
            legs.append(_Leg(visit, before, after, broken <= clock.after + drive))
            clock = Clock(before[2], after[2], visit.location, paid, clock.travel + drive)
        return legs, clock

    def _times(self, visit: Visit, arrive: int, length: int) -> tuple[int, int, int]:
        """Arrival, start, end; where no window is left, the start that breaks least."""
        windows = [(w.from_, w.to) for w in visit.windows if w.day == self._shift.day]
        fixed = self._fixed.get(visit.id)
        start = earliest(sorted(windows), max(arrive, self._not_before(visit)), length, fixed)
        if start >= NEVER:
            start = max(arrive, fixed) if fixed is not None else _least_bad(windows, arrive, length)
        return arrive, start, start + length

    def _not_before(self, visit: Visit) -> int:
        """What has not begun starts no earlier than the moment up to which all is frozen."""
        limit = self._frozen_until
        is_new = limit is not None and limit.day == self._shift.day and visit.id not in self._begun
        return limit.minute if limit is not None and is_new else 0

    def _gap_of_break(self, legs: list[_Leg], last: Clock) -> int | None:
        """Before which stop the break is: the number of stops means on the way home."""
        if self._shift.break_ is None:
            return None
        back = self._minutes[last.location][self._shift.to_location]
        at_home = rested(last.before, last.before + back, self._shift.break_)
        if at_home <= last.after + back:
            return len(legs) if at_home < NEVER else None
        for i in range(len(legs) - 1, -1, -1):
            if legs[i].by_break:
                return i
        return None

    def _rest(self, stops: list[Stop], gap: int | None) -> Rest | None:
        rest = self._shift.break_
        if gap is None or rest is None:
            return None
        ready = stops[gap - 1].end if gap else self._shift.start
        begin = max(ready, rest.from_)
        return Rest(begin, begin + rest.minutes)

    def _leave(self, stops: list[Stop], rest: Rest | None) -> int:
        """As late as the first stop allows, unless the break comes first."""
        if not stops:
            return self._shift.start
        drive = stops[0].arrive - self._shift.start
        is_first = rest is not None and rest.start < stops[0].start
        return self._shift.start if is_first else max(self._shift.start, stops[0].start - drive)

    def _kits(self) -> tuple[str, ...]:
        own = set(self._shift.kits)
        needed = {kit for visit in self._visits for kit in visit.kits if kit in self._pool}
        return tuple(sorted(needed - own))


def _least_bad(windows: list[tuple[int, int]], arrive: int, length: int) -> int:
    """The start at or after the arrival that leaves the fewest minutes outside a window."""

    def outside(start: int) -> int:
        return min((max(0, a - start) + max(0, start + length - b) for a, b in windows), default=0)

    return min((arrive, *(a for a, _b in windows if a > arrive)), key=outside)
