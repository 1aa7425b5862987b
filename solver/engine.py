"""One run of the engine: a first plan, the compiled search, and what is done after it.

The core (``solver.core``) ruins and recreates on packed arrays. The temperature follows the share
of the budget that is used, so a seed and a number of iterations give the same plan everywhere.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

from solver.agree import Agreement
from solver.check import check
from solver.core.arrays import Arrays
from solver.core.searcher import Found, Searcher, Style
from solver.course import Spell, course
from solver.evaluate import plan_of
from solver.lateness import is_by_lateness
from solver.master import Limit, Master
from solver.plan import Plan
from solver.pool import Pool
from solver.problem import Problem
from solver.repair import complete
from solver.search import EngineFault, Progress
from solver.state import State
from solver.stop import Iterations, Stop

ENGINE = "ruin and recreate"
_ROUND = 0.02
"""Seconds between two looks at the stop rule."""
_FIRST_STEPS, _MOST_STEPS = 50, 50_000
_BEAT = 1_000
"""Where iterations are counted, routes are kept after so many."""
_POOL = 3_000
_KNOWN = 0.01
"""Of the budget, to learn how fast the search is."""
_EFFORT, _SHARE = 0.3, 0.1
"""Of one set partitioning: in CP-SAT's units, and at most of the seconds."""
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


def searcher_for(problem: Problem) -> type[Searcher]:
    """What searches: where lateness has a price and little else goes by times, starts may move."""
    if not is_by_lateness(problem):
        return Searcher
    from solver.core.rippler import Rippler  # noqa: PLC0415 - compiled only where it is needed

    return Rippler


class Run:
    """One call of ``solve``: see there."""

    def __init__(self, problem: Problem, seed: int, start: Plan | None, workers: int) -> None:
        self._problem, self._seed, self._start = problem, seed, start
        self._arrays, self._rules = Arrays(problem), Agreement(problem)
        self._do_starts_move = is_by_lateness(problem)
        style = style_of(self._arrays.leg, is_warm=start is not None)
        kind = searcher_for(problem)
        self._searchers = [kind(self._arrays, seed + _APART * k, style) for k in range(workers)]
        for searcher in self._searchers:
            searcher.begin(start)
        self._pool, self._steps = Pool(self._arrays, _POOL), _FIRST_STEPS
        self._master, self._is_prepared = Master(self._arrays, self._pool), False

    # Searching

    def search(self, stop: Stop, tell: Callable[[Progress], None] | None) -> None:
        """Search until the budget is used."""
        told, spells = float("inf"), self._spells(stop, 0)
        is_empty = not (self._problem.visits and self._problem.shifts)
        with ThreadPoolExecutor(len(self._searchers)) as threads:
            while (used := stop.used(self._iterations)) < 1 and not is_empty:
                if self._best.cost < told:
                    told = self._best.cost
                    self._tell(tell)
                spells = spells or self._spells(stop, used)
                self._prepare(spells)
                if spells and used >= spells[0].until:
                    spells = spells[1:]
                    self._mix(stop, spells[0])
                else:
                    self._run(threads, stop, (*spells, Spell(0, 1))[0], used)
                    if len(spells) > 1:
                        self._gather(stop)
        if self._best.cost < told:
            self._tell(tell)

    def _prepare(self, spells: tuple[Spell, ...]) -> None:
        if len(spells) > 1 and not self._is_prepared:
            self._is_prepared = True
            self._master.prepare()

    def _spells(self, stop: Stop, used: float) -> tuple[Spell, ...]:
        """How to spend the budget; nothing as long as the speed is not known."""
        visits = max(1, len(self._problem.visits))
        if self._do_starts_move:
            return course(0)
        if isinstance(stop, Iterations):
            return course(stop.limit / visits)
        if used < _KNOWN:
            return ()
        return course(self._iterations / used / visits, getattr(stop, "seconds", math.inf))

    def _run(self, threads: Executor, stop: Stop, spell: Spell, used: float) -> None:
        """Steps of all searchers, about as many as fit between two looks at the stop rule."""
        steps, rise = self._steps, 0.0
        if isinstance(stop, Iterations):
            end = math.ceil(spell.until * stop.limit)
            beat = _BEAT - self._iterations % _BEAT
            steps = max(1, min(steps, beat, end - self._iterations))
            rise = 1 / stop.limit / (spell.until - spell.since)
        share, begin = spell.share(used), time.perf_counter()
        runs = [threads.submit(one.run, steps, share, rise, spell.heat) for one in self._searchers]
        for run in runs:
            run.result()
        spent = max(time.perf_counter() - begin, 1e-4)
        self._steps = max(1, min(_MOST_STEPS, round(self._steps * min(_ROUND / spent, 4.0))))

    def _gather(self, stop: Stop) -> None:
        """Keep the routes of the present plans, where iterations are counted at fixed ones."""
        if not isinstance(stop, Iterations) or self._iterations % _BEAT == 0:
            for one in self._searchers:
                self._pool.gather(one.board)

    def _mix(self, stop: Stop, spell: Spell) -> None:
        """Make the best plan of all routes, and begin the next spell."""
        best = self._best
        best.again()
        plan = self._pool.gather(best.board)
        seconds = None if isinstance(stop, Iterations) else _SHARE * getattr(stop, "seconds", 9.0)
        limit = Limit(_EFFORT, seconds, lambda: stop.used(self._iterations) >= 1)
        stops = self._master.best(plan, limit)
        if stops is not None:
            best.again(stops)
        if spell.is_from_best:
            stops = self._best.best_stops()
            for one in self._searchers:
                one.again(stops)

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
        starts, or where they move, there is nothing to gain.
        """
        is_knotted = self._rules.linked or self._arrays.left
        if (
            self._do_starts_move
            or not plan.unserved
            or not is_knotted
            or len(self._problem.visits) > _PROBED
        ):
            return plan
        state = State(self._problem)
        state.load(plan)
        complete(state)
        if len(state.where) == len(self._problem.visits) - len(plan.unserved):
            return plan
        return plan_of(self._problem, state.timetable(), engine=ENGINE)
