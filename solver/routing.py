"""OR-Tools routing as an engine: the measured baseline, and what serves where numba is missing.

Routing sees day-relative time, windows, skills, kits aboard, people, clearances, lists of shifts
and pins as allowed vehicles, breaks, the limits of a shift, and the prices of the way, of
overtime, of the shift, the team and the day. Two crews get an appointment before it begins, and
pool kits a few shifts of each day. Gaps in a series, company, orders of visits and shared set-up
are left to the repair behind it (``solver.repair``), which is exact: the plan breaks no hard rule
and leaves nothing out that one insertion could place. The prices of waiting, of starts that are
off and of imbalance are not seen.

Routing holds Python's lock for the whole search and cannot be interrupted by another thread. So it
runs with a limited slice of time, and itself looks at the stop rule wherever it looks at limits of
its own; an iteration is one such look. Only the first plan of a very large problem lies between
two looks for long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from solver.agree import Agreement
from solver.check import check
from solver.evaluate import plan_of
from solver.places import Finder
from solver.plan import Plan
from solver.problem import Problem
from solver.repair import board_of, complete
from solver.routing_model import Booked, Lanes, Model
from solver.search import EngineFault, Progress
from solver.state import State
from solver.stop import After, Stop

ENGINE = "ortools routing"
_SHARE = 0.85
"""Of the budget for routing; the rest is for the repair."""
_TOLD_EVERY = 0.05
"""Of the budget between two reports of progress."""
_HOUR = 3600.0
"""Where iterations are counted, time shall not decide; but routing wants a limit."""


class Routed:
    """One call of ``solve`` with this engine: see there."""

    def __init__(self, problem: Problem, start: Plan | None, engine: str) -> None:
        self._problem, self._start, self._engine = problem, start, engine
        self._booked = self._appointments()
        self._lanes: Lanes = {}
        self._looks = 0

    def search(self, stop: Stop, tell: Callable[[Progress], None] | None) -> None:
        """Let routing search until most of the budget is used."""
        if not self._problem.visits or not self._problem.shifts or stop.used(0) >= _SHARE:
            return
        model, told = Model(self._problem, self._booked), -1.0

        def look(looks: int) -> bool:
            self._looks = looks
            return stop.used(looks) >= _SHARE

        def better(cost: float, lanes: Lanes) -> None:
            nonlocal told
            used = stop.used(self._looks)
            if tell is not None and used - told >= _TOLD_EVERY:
                told = used
                plan = self._sound(lanes)
                tell(Progress(self._looks, cost, len(plan.unserved), lambda: plan))

        seconds = stop.seconds * (_SHARE - stop.used(0)) if isinstance(stop, After) else _HOUR
        self._lanes = model.search(look, better, seconds)

    def plan(self, seed: int) -> Plan:
        """The plan, repaired and checked; what comes of the start if that is cheaper.

        Raises:
            EngineFault: it breaks a rule.
        """
        made = [self._sound(self._lanes)]
        if self._start is not None:
            made.append(self._completed(board_of(self._problem, self._start)))
        best = min(made, key=lambda plan: plan.cost["total"])
        hard = check(self._problem, best).hard
        if hard:
            raise EngineFault(hard[0].text)
        return replace(best, seed=seed, iterations=self._looks)

    def _sound(self, lanes: Lanes) -> Plan:
        """The plan that the repair makes of routing's."""
        visits, shifts = self._problem.visits, self._problem.shifts
        order = {shifts[s].id: [visits[v] for v in lane] for s, lane in lanes.items()}
        starts = {visits[v].id: start for v, (_shifts, start) in self._booked.items()}
        table = Agreement(self._problem).timetable(order, starts)
        plan = plan_of(self._problem, table, engine=self._engine)
        return self._completed(board_of(self._problem, plan))

    def _completed(self, state: State) -> Plan:
        complete(state)
        return plan_of(self._problem, state.timetable(), engine=self._engine)

    def _appointments(self) -> Booked:
        """Shifts and starts of the visits of two crews, on a board with nothing but them."""
        state = board_of(self._problem)
        finder, booked = Finder(state), dict[int, tuple[Sequence[int], int]]()
        for v in state.hardest_first():
            if self._problem.visits[v].crews > 1:
                place = finder.any(v)
                if place is not None:
                    state.insert(v, place)
        for v, places in state.where.items():
            start = state.start_of(v)
            if len(places) > 1 and start is not None:
                booked[v] = (places, start)
        return booked
