"""Starts that more than one route has a say in: crews begin together, what comes first ends first.

All begin as early as they can. Who would be early waits for the other; who needs the break first
makes the other wait too, but only where it does not fit behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from solver.problem import Problem, Shift, Visit
from solver.route import Kept, TimedRoute, frozen_starts
from solver.timing import NEVER

Order = Mapping[str, Sequence[Visit]]
"""The visits of each shift in their order."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Routes with times that agree.

    Attributes:
        starts: what was agreed on, and what pins and the frozen part prescribe.
        wrong: how many stops, breaks and returns do not hold.
    """

    routes: Mapping[str, TimedRoute]
    starts: Mapping[str, int]
    wrong: int


class Agreement:
    """Times routes of one problem together."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.frozen = frozen_starts(problem)
        pins = {v.id: v.pin.start for v in problem.visits if v.pin and v.pin.start is not None}
        self.fixed: dict[str, int] = {**pins, **self.frozen}
        self._shifts = {shift.id: shift for shift in problem.shifts}
        self.first = {visit.id: visit.after for visit in problem.visits if visit.after}
        self.lags = {visit.id: visit.lag for visit in problem.visits if visit.lag is not None}
        self.ordered = set(self.first) | {v for before in self.first.values() for v in before}
        self.ordered |= set(self.lags) | {lag.visit for lag in self.lags.values()}
        self.linked = {v.id for v in problem.visits if v.crews > 1} | self.ordered
        self._kept = Kept(self.frozen, frozenset(self.linked))
        self._next: dict[str, list[str]] = defaultdict(list)
        for visit, before in self.first.items():
            for other in before:
                self._next[other].append(visit)
        for visit_id, lag in self.lags.items():
            self._next[lag.visit].append(visit_id)

    def amended(self, problem: Problem, shifts: Iterable[Shift]) -> Agreement:
        """The same for a problem where these shifts are others, and no start is."""
        made = copy(self)
        made._problem = problem  # noqa: SLF001 - its own
        made._shifts = {**self._shifts, **{shift.id: shift for shift in shifts}}  # noqa: SLF001
        return made

    def timetable(
        self, order: Order, starts: Mapping[str, int] | None = None,
        changed: Iterable[str] | None = None,
    ) -> Timetable:  # fmt: skip
        """Times for all routes, or for the changed ones and those that they reach.

        ``starts`` is what was agreed on before; nothing of it becomes earlier.
        """
        return _Talk(self, order, {**self.fixed, **(starts or {})}).settled(changed)

    def timed(self, shift: str, visits: Sequence[Visit], starts: Mapping[str, int]) -> TimedRoute:
        """One route that keeps the agreed starts."""
        return TimedRoute(self._problem, self._shifts[shift], visits, starts, self._kept)

    def day(self, shift: str) -> int:
        """The day of a shift."""
        return self._shifts[shift].day

    def related(self, visit: str) -> Iterator[str]:
        """What must end before the visit starts, and what waits for it."""
        yield from self.first.get(visit, ())
        if visit in self.lags:
            yield self.lags[visit].visit
        yield from self._next.get(visit, ())


class _Talk:
    """One round after the other, until nobody needs to be later."""

    def __init__(self, rules: Agreement, order: Order, starts: dict[str, int]) -> None:
        self._rules, self._order, self._starts = rules, order, starts
        self._timed: dict[str, TimedRoute] = {}
        self._places: dict[str, list[str]] = defaultdict(list)
        for shift, visits in order.items():
            for visit in visits:
                if visit.id in rules.linked and shift not in self._places[visit.id]:
                    self._places[visit.id].append(shift)

    def settled(self, changed: Iterable[str] | None) -> Timetable:
        """The timetable with the least that is wrong among those that agree."""
        todo = self._with_related(self._order if changed is None else changed)
        best: Timetable | None = None
        first: Timetable | None = None
        for _round in range(4 + 4 * len(self._places)):
            for shift in todo:
                self._timed[shift] = self._rules.timed(shift, self._order[shift], self._starts)
            first = first or self._now()
            later = self._later()
            if not later:
                now = self._now()
                best = now if best is None or now.wrong < best.wrong else best
                later = self._rest_first() if now.wrong else {}
            if not later:
                break
            self._starts.update(later)
            todo = self._with_related({s for v in later for s in self._places[v]})
        return best or first or self._now()

    def _with_related(self, shifts: Iterable[str]) -> list[str]:
        """The shifts, and those that serve what comes before or after their visits."""
        wanted = set(shifts)
        found = dict.fromkeys(s for s in self._order if s in wanted)
        for shift in tuple(found):
            for visit in self._order[shift] if self._rules.ordered else ():
                for other in self._rules.related(visit.id):
                    missing = [s for s in self._places.get(other, ()) if s not in self._timed]
                    found.update(dict.fromkeys(missing))
        return list(found)

    def _now(self) -> Timetable:
        wrong = sum(route.wrong for route in self._timed.values())
        return Timetable(dict(self._timed), dict(self._starts), wrong + self._apart())

    def _ours(self) -> Iterator[tuple[str, list[str]]]:
        """The linked visits of the timed routes, and which of these serve them."""
        for visit, shifts in self._places.items():
            if ours := [shift for shift in shifts if shift in self._timed]:
                yield visit, ours

    def _later(self) -> dict[str, int]:
        """The visits that must begin later than agreed, and when."""
        early = {s: route.soonest() for s, route in self._timed.items()}
        times = {s: route.starts() for s, route in self._timed.items()}
        later: dict[str, int] = {}
        for visit, shifts in self._ours():
            agreed = self._starts.get(visit, -1)
            if visit in self._rules.fixed:
                wanted = max(times[s][visit][0] for s in shifts)
            elif len(self._places[visit]) > 1 or visit in self._starts:
                wanted = max(early[s][visit] for s in shifts)
            else:
                wanted = agreed
            if visit in self._rules.first and visit not in self._rules.fixed:
                begin = max(times[s][visit][0] for s in shifts)
                ends = self._end_of_others(visit, times)
                wanted = max(wanted, ends) if ends > begin else wanted
            if wanted > agreed:
                later[visit] = wanted
        self._keep_lags(later, times)
        return later

    def _keep_lags(
        self, later: dict[str, int], times: Mapping[str, Mapping[str, tuple[int, int]]]
    ) -> None:
        """Make later what would begin too soon before or after another visit."""
        for second, lag in self._rules.lags.items():
            starts = [self._start(visit, times) for visit in (lag.visit, second)]
            if starts[0] is None or starts[1] is None:
                continue
            for visit, now, least in (
                (second, starts[1], starts[0] + lag.least),
                (lag.visit, starts[0], starts[1] - lag.most),
            ):
                if least > now and visit not in self._rules.fixed:
                    later[visit] = max(later.get(visit, -1), least)

    def _start(self, visit: str, times: Mapping[str, Mapping[str, tuple[int, int]]]) -> int | None:
        """When a visit begins, as far as its route is timed."""
        return next((times[s][visit][0] for s in self._places.get(visit, ()) if s in times), None)

    def _end_of_others(self, visit: str, times: Mapping[str, Mapping[str, tuple[int, int]]]) -> int:
        """When all that must come first on this day has ended, if it can come first at all."""
        here = self._places[visit]
        return max(
            (
                times[shift][other][1]
                for other in self._rules.first[visit]
                for shift in self._places.get(other, ())
                if shift in times and self._can_precede(other, shift, visit, here)
            ),
            default=-1,
        )

    def _can_precede(self, other: str, shift: str, visit: str, here: Sequence[str]) -> bool:
        if self._rules.day(shift) != self._rules.day(here[0]):
            return False
        if shift not in here:
            return True
        ids = [one.id for one in self._order[shift]]
        return ids.index(other) < ids.index(visit)

    def _apart(self) -> int:
        """Crews that begin apart, pins that are not kept, and visits that begin too early."""
        times = {s: route.starts() for s, route in self._timed.items()}
        days = {shift: self._rules.day(shift) for shift in times}
        found = 0
        for visit, shifts in self._ours():
            starts = {times[s][visit][0] for s in shifts}
            found += len(starts) - 1
            found += bool(starts - {self._rules.fixed.get(visit, min(starts))})
            for other in self._rules.first.get(visit, ()):
                found += any(
                    days[a] != days[b] or times[a][other][1] > times[b][visit][0]
                    for a in self._places.get(other, ()) if a in times
                    for b in shifts
                )  # fmt: skip
            found += visit in self._rules.lags and self._is_out_of_step(visit, times)
        return found

    def _is_out_of_step(
        self, visit: str, times: Mapping[str, Mapping[str, tuple[int, int]]]
    ) -> bool:
        """Whether a visit begins too early or too late after another, or on another day."""
        lag = self._rules.lags[visit]
        here, there = self._start(visit, times), self._start(lag.visit, times)
        if here is None or there is None:
            return False
        days = {self._rules.day(self._places[v][0]) for v in (visit, lag.visit)}
        return len(days) > 1 or not lag.least <= here - there <= lag.most

    def _rest_first(self) -> dict[str, int]:
        """In a route that does not hold, the last agreed start that the break could come before."""
        for route in self._timed.values():
            if route.wrong and route.shift.break_ is not None:
                for visit, start in route.soonest_rested():
                    agreed = self._starts.get(visit)
                    is_free = visit in self._places and visit not in self._rules.fixed
                    if is_free and agreed is not None and agreed < start < NEVER:
                        return {visit: start}
        return {}
