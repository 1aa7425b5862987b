"""The engine: cheapest insertion, then ruin and recreate with slack induction by string removals.

Source: Christiaens and Vanden Berghe (2020), Slack Induction by String Removals for Vehicle
Routing Problems, Transportation Science 54(2). The temperature follows the share of the budget
that is used, so a seed and a number of iterations give the same plan everywhere.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from solver.check import check
from solver.evaluate import plan_of
from solver.places import Finder
from solver.plan import Plan
from solver.problem import Problem
from solver.state import State
from solver.stop import Stop

_REMOVED = 8
_LONGEST = 6
_NEAREST = 60
_FEW = 4
_BLINK = 0.02
_HOT, _COLD = 30.0, 0.3
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Progress:
    """How the search stands.

    Attributes:
        best: the search's own cost of the best plan so far.
        plan: that plan, times included; worked out only when asked for.
    """

    iterations: int
    best: float
    unserved: int
    plan: Callable[[], Plan]


def solve(
    problem: Problem,
    *,
    stop: Stop,
    seed: int = 0,
    start: Plan | None = None,
    workers: int = 1,  # noqa: ARG001 - one thread serves for now
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """The best plan found before ``stop``; it never breaks a hard rule.

    A visit is left out only if no single insertion could place it.
    """
    search = _Search(problem, seed, start or problem.baseline)
    search.run(stop, progress)
    return search.plan()


class _Search:
    def __init__(self, problem: Problem, seed: int, start: Plan | None) -> None:
        self._problem, self._seed = problem, seed
        self._dice = random.Random(seed)  # noqa: S311 - a search, not a secret
        self._state = State(problem)
        self._finder = Finder(self._state)
        self._iterations = 0
        self._begin(start)
        self._complete()
        self._best, self._best_cost = self._state.copy(), self._state.cost()
        self._near = self._neighbours()

    def _begin(self, start: Plan | None) -> None:
        """Take over what still holds of an earlier plan; what is frozen comes first."""
        if start is None or self._adopts(start):
            return
        state, number = self._state, self._state.known.number
        index = {shift.id: s for s, shift in enumerate(state.shifts)}
        home: dict[int, list[int]] = {}
        when: dict[int, tuple[int, int]] = {}
        for route in start.routes:
            for rank, stop in enumerate(route.stops):
                if stop.visit in number and route.shift in index:
                    home.setdefault(number[stop.visit], []).append(index[route.shift])
                    when[number[stop.visit]] = (stop.start, rank)
        for v in sorted(home, key=lambda v: (v not in state.known.frozen, when[v], v)):
            place = self._finder.last(v, home[v]) or self._finder.any(v, among=home[v])
            if place is not None:
                state.insert(v, place)

    def _adopts(self, start: Plan) -> bool:
        """Take over the whole plan, if it breaks nothing."""
        if check(self._problem, start).hard:
            return False
        self._state.load(start)
        return True

    def _first_order(self) -> list[int]:
        """The hardest to place first: few shifts, two crews, high price, little room."""
        visits, state = self._problem.visits, self._state
        return sorted(
            state.unserved(),
            key=lambda v: (
                -visits[v].mandatory, visits[v].pin is None, -visits[v].crews,
                len(state.known.allowed[v]) > _FEW, -visits[v].skip_cost,
                -visits[v].service_minutes, v,
            ),
        )  # fmt: skip

    def _fill(self, order: list[int]) -> None:
        for v in order:
            place = self._finder.best(v, _BLINK, self._dice)
            if place is not None:
                self._state.insert(v, place)

    def _neighbours(self) -> list[list[int]]:
        """For each visit the others, the nearest first."""
        visits = self._problem.visits
        if not visits:
            return []
        minutes = next(iter(self._problem.profiles.values())).minutes

        def nearest(v: int) -> list[int]:
            row = minutes[visits[v].location]
            return sorted(range(len(visits)), key=lambda o: (row[visits[o].location], o))

        return [nearest(v)[:_NEAREST] for v in range(len(visits))]

    def run(self, stop: Stop, progress: Callable[[Progress], None] | None) -> None:
        """Search until the budget is used."""
        current = self._best_cost
        self._tell(progress)
        while (used := stop.used(self._iterations)) < 1 and self._state.where:
            saved = self._state.copy()
            self._ruin()
            is_sound = self._state.holds()
            if is_sound:
                self._fill(self._order())
            self._iterations += 1
            cost = self._state.cost()
            heat = _HOT * (_COLD / _HOT) ** used
            if is_sound and cost < current - heat * math.log(self._dice.random() or _TINY):
                current = cost
            else:
                self._state.restore(saved)
            if current < self._best_cost - _TINY:
                self._best, self._best_cost = self._state.copy(), current
                self._tell(progress)
        self._state.restore(self._best)
        self._complete()

    def _tell(self, progress: Callable[[Progress], None] | None) -> None:
        if progress is not None:
            left_out = len(self._problem.visits) - len(self._best[1])
            progress(Progress(self._iterations, self._best_cost, left_out, self._best_plan))

    def _best_plan(self) -> Plan:
        here = self._state.copy()
        self._state.restore(self._best)
        made = self.plan()
        self._state.restore(here)
        return made

    def _ruin(self) -> None:
        """Remove strings of visits around a random one."""
        state, dice = self._state, self._dice
        served = [v for v in state.where if v not in state.known.frozen]
        if not served:
            return
        seed, wanted = dice.choice(served), 1 + dice.randrange(_REMOVED + _LONGEST)
        touched: set[int] = set()
        gone = 0
        for v in self._near[seed]:
            if gone >= wanted:
                break
            s = state.where.get(v, (-1,))[0]
            if s < 0 or s in touched or v in state.known.frozen:
                continue
            touched.add(s)
            gone += self._cut(s, v, min(_LONGEST, wanted - gone))

    def _cut(self, s: int, v: int, length: int) -> int:
        route = self._state.routes[s]
        size = 1 + self._dice.randrange(min(length, len(route)))
        low = max(0, route.index(v) - self._dice.randrange(size))
        string = [o for o in route[low : low + size] if o not in self._state.known.frozen]
        for o in string:
            self._state.remove(o)
        return len(string)

    def _order(self) -> list[int]:
        visits, dice = self._problem.visits, self._dice
        missing = self._state.unserved()
        dice.shuffle(missing)
        kind = dice.randrange(4)
        if kind == 1:
            missing.sort(key=lambda v: -visits[v].service_minutes)
        elif kind == 2:  # noqa: PLR2004
            missing.sort(key=lambda v: len(self._state.known.allowed[v]))
        elif kind == 3:  # noqa: PLR2004
            missing.sort(key=lambda v: -visits[v].skip_cost)
        return missing

    def _complete(self) -> None:
        """Try every visit that is left out, until nothing can be inserted."""
        self._state.thaw()
        before = -1
        while len(self._state.where) > before:
            before = len(self._state.where)
            for v in self._first_order():
                place = self._finder.any(v)
                if place is not None:
                    self._state.insert(v, place)

    def plan(self) -> Plan:
        """The plan on the board, with times."""
        made = plan_of(self._problem, self._state.timetable(), engine="insertion and ruin")
        return replace(made, seed=self._seed, iterations=self._iterations)
