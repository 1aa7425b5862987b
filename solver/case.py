"""A plan beside its problem, with the look-ups that rules need."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property

from solver.plan import Plan, Route, Stop
from solver.problem import Problem, Shift, Visit


class Case:
    """A plan beside its problem, with the look-ups that rules need."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.visits = {visit.id: visit for visit in problem.visits}
        self.shifts = {shift.id: shift for shift in problem.shifts}

    @cached_property
    def routes(self) -> list[tuple[Shift, Route]]:
        """Routes of known shifts that do something."""
        return [(self.shifts[r.shift], r) for r in self.plan.routes if r.shift in self.shifts]

    @cached_property
    def stops(self) -> list[tuple[Shift, Stop, Visit]]:
        """Every stop of a known visit."""
        return [
            (shift, stop, self.visits[stop.visit])
            for shift, route in self.routes
            for stop in route.stops
            if stop.visit in self.visits
        ]

    @cached_property
    def served(self) -> dict[str, list[tuple[Shift, Stop]]]:
        """Where each visit is served, one entry a crew."""
        found: dict[str, list[tuple[Shift, Stop]]] = defaultdict(list)
        for shift, stop, visit in self.stops:
            found[visit.id].append((shift, stop))
        return found

    @cached_property
    def frozen_stops(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Start and end of what must not move, by visit and shift."""
        frozen, baseline = self.problem.frozen_until, self.problem.baseline
        if frozen is None or baseline is None:
            return {}
        return {
            (stop.visit, route.shift): (stop.start, stop.end)
            for route in baseline.routes
            for stop in route.stops
            if route.shift in self.shifts
            and stop.visit in self.visits
            and (self.shifts[route.shift].day, stop.start) < (frozen.day, frozen.minute)
        }

    def calendar_day(self, day: int) -> date:
        """The date of a day number."""
        return date.fromisoformat(self.problem.days[day])
