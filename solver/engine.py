"""One run of the engine: a first plan, the compiled search, and what is done after it.

The core (``solver.core``) ruins and recreates on packed arrays. The temperature follows the share
of the budget that is used, so a seed and a number of iterations give the same plan everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from solver.agree import Agreement
from solver.check import check
from solver.core.arrays import Arrays
from solver.core.searcher import Found, Searcher, Style
from solver.evaluate import plan_of
from solver.plan import Plan
from solver.problem import Problem
from solver.repair import complete
from solver.search import EngineFault, Progress
from solver.state import State
from solver.stop import Iterations, Stop

ENGINE = "ruin and recreate"
_ROUND = 0.02
"""Seconds between two looks at the stop rule."""
_FIRST_STEPS, _MOST_STEPS = 50, 50_000
_APART = 1_000_003
"""Between the seeds of two workers."""
_PROBED = 400
"""Up to so many visits, what the core leaves out is tried once more by the exact prober."""
_HOT, _WARM, _COLD = 2.4, 0.6, 0.005
"""Temperature at the beginning, when an earlier plan is taken up again, and at the end: so many of
the problem's usual legs."""


def style_of(leg: float, *, is_warm: bool) -> Style:
    """How to search: the temperature goes by what a usual leg costs, where legs cost anything."""
    usual = Style()
    if leg <= 0:
        return usual
    cold = max(usual.cold, _COLD * leg)
    return replace(usual, hot=max(cold, (_WARM if is_warm else _HOT) * leg), cold=cold)


class Run:
    """One call of ``solve``: see there."""

    def __init__(self, problem: Problem, seed: int, start: Plan | None, workers: int) -> None:
        self._problem, self._seed, self._start = problem, seed, start
        self._arrays, self._rules = Arrays(problem), Agreement(problem)
        style = style_of(self._arrays.leg, is_warm=start is not None)
        self._searchers = [Searcher(self._arrays, seed + _APART * k, style) for k in range(workers)]
        for searcher in self._searchers:
            searcher.begin(start)

    # Searching

    def search(self, stop: Stop, tell: Callable[[Progress], None] | None) -> None:
        """Search until the budget is used."""
        told = self._best.cost
        self._tell(tell)
        steps, is_empty = _FIRST_STEPS, not (self._problem.visits and self._problem.shifts)
        with ThreadPoolExecutor(len(self._searchers)) as pool:
            while not is_empty and (used := stop.used(self._iterations)) < 1:
                rise = 1 / stop.limit if isinstance(stop, Iterations) else 0.0
                if isinstance(stop, Iterations):
                    steps = min(steps, stop.limit - self._iterations)
                began = time.perf_counter()
                list(pool.map(lambda one: one.run(steps, used, rise), self._searchers))  # noqa: B023
                spent = max(time.perf_counter() - began, 1e-4)
                steps = max(1, min(_MOST_STEPS, round(steps * min(_ROUND / spent, 4.0))))
                if self._best.cost < told:
                    told = self._best.cost
                    self._tell(tell)

    @property
    def _iterations(self) -> int:
        return self._searchers[0].iterations

    @property
    def _best(self) -> Searcher:
        return min(self._searchers, key=lambda one: one.cost)

    def _tell(self, tell: Callable[[Progress], None] | None) -> None:
        if tell is not None:
            best = self._best
            left = best.left + self._arrays.left
            tell(Progress(self._iterations, best.cost, left, lambda: self._timed(best.best())))

    # The plan

    def plan(self) -> Plan:
        """The best plan, completed and checked; the start itself if nothing better was found.

        Raises:
            EngineFault: it breaks a rule.
        """
        best = self._best
        best.finish()
        found = self._completed(self._timed(best.best()))
        hard = check(self._problem, found).hard
        kept = self._kept_start()
        if kept is not None and (hard or kept.cost["total"] <= found.cost["total"]):
            found, hard = kept, ()
        if hard:
            raise EngineFault(hard[0].text)
        return replace(found, seed=self._seed, iterations=self._iterations)

    def _kept_start(self) -> Plan | None:
        """The start with times anew, if it holds."""
        if self._start is None or check(self._problem, self._start).hard:
            return None
        state = State(self._problem)
        state.load(self._start)
        kept = self._completed(plan_of(self._problem, state.timetable(), engine=ENGINE))
        return None if check(self._problem, kept).hard else kept

    def _timed(self, found: Found) -> Plan:
        """The plan with times: as early as can be, or else as agreed."""
        visits = self._problem.visits
        order = {
            self._problem.shifts[r].id: [visits[v] for v in lane] for r, lane in found.order.items()
        }
        table = self._rules.timetable(order)
        if table.wrong:
            starts = {visits[v].id: start for v, start in found.starts.items()}
            table = self._rules.timetable(order, starts)
        return plan_of(self._problem, table, engine=ENGINE)

    def _completed(self, plan: Plan) -> Plan:
        """The plan, and what only the exact prober finds a place for.

        The core leaves agreed starts as they are; the prober can make them later. Without agreed
        starts there is nothing to gain.
        """
        is_knotted = self._rules.linked or self._arrays.left
        if not plan.unserved or not is_knotted or len(self._problem.visits) > _PROBED:
            return plan
        state = State(self._problem)
        state.load(plan)
        complete(state)
        if len(state.where) == len(self._problem.visits) - len(plan.unserved):
            return plan
        return plan_of(self._problem, state.timetable(), engine=ENGINE)
