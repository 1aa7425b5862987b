"""Set partitioning: which routes of a pool serve everybody at the lowest price (CP-SAT).

The model knows who is served by whom, how many lanes there are of a kind, pool kits, gaps in a
series and the agreed start of two crews. What else there is (company, orders) the core looks at
when it takes the answer over, so the answer may be no good but never breaks a rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from threading import Thread
from typing import Any

import numpy as np

from solver.core.arrays import Arrays
from solver.core.layout import DAYS, FLAGS, GAP, HOW, LEFT, OTHER, PENALTY, Ints
from solver.pool import Pool, Route

_LIBRARY = "ortools.sat.python.cp_model"
"""Loaded only where it is needed: it brings pandas with it."""
_LOOK = 0.01
"""Seconds between two looks at the stop rule."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long the solver may think.

    Attributes:
        effort: in units of its own, which are the same on every machine.
        seconds: by the clock; None where the answer has to be the same everywhere.
        is_over: asked while it thinks.
    """

    effort: float
    seconds: float | None
    is_over: Callable[[], bool]


class Master:
    """The model of one problem."""

    def __init__(self, arrays: Arrays, pool: Pool) -> None:
        self._arrays, self._pool = arrays, pool

    @staticmethod
    def prepare() -> None:
        """Load CP-SAT beside the search: it takes a while, and the stop rule shall not wait."""
        Thread(target=import_module, args=(_LIBRARY,), daemon=True).start()

    def best(self, plan: Sequence[Route], limit: Limit) -> Ints | None:
        """Stops of a plan made of pool routes that should be cheaper than ``plan``; or None."""
        model = _Model(self._arrays, self._pool, plan)
        chosen = model.solved(limit)
        if chosen is None:
            return None
        return self._stops(chosen)

    def _stops(self, chosen: Sequence[Route]) -> Ints:
        """The stops of the routes, each on its own lane or on a free one of the same kind."""
        rows: list[tuple[int, int, int]] = []
        used = set[int]()
        for route, lane in zip(chosen, self._lanes(chosen), strict=True):
            starts = dict(route.starts)
            for v in route.nodes:
                node = self._arrays.twin[v] if v in used else v
                used.add(v)
                rows.append((node, lane, starts.get(v, -1)))
        return np.array(rows, np.int32).reshape(len(rows), 3)

    def _lanes(self, chosen: Sequence[Route]) -> list[int]:
        kinds, first = self._pool.kinds, dict[int, Route]()
        for route in chosen:
            first.setdefault(route.lane, route)
        free: dict[int, list[int]] = defaultdict(list)
        for r in range(len(kinds)):
            if r not in first:
                free[kinds[r]].append(r)
        return [
            route.lane if first[route.lane] is route else free[kinds[route.lane]].pop(0)
            for route in chosen
        ]


class _Model:
    def __init__(self, arrays: Arrays, pool: Pool, plan: Sequence[Route]) -> None:
        self._library = library = import_module(_LIBRARY)
        self._arrays, self._pool = arrays, pool
        self._routes = pool.routes()
        self._model = model = library.CpModel()
        now = {id(route) for route in plan}
        self._x = [model.new_bool_var("") for _ in self._routes]
        self._hint = {x.index: id(r) in now for x, r in zip(self._x, self._routes, strict=True)}
        self._terms: list[tuple[Any, int]] = [
            (x, r.price) for x, r in zip(self._x, self._routes, strict=True)
        ]
        self._bound = sum(r.price for r in plan)
        self._served: dict[tuple[int, int], list[Any]] = defaultdict(list)
        self._add_visits(plan)
        self._add_lanes()
        self._add_kits()
        self._add_gaps()

    def _add_visits(self, plan: Sequence[Route]) -> None:
        model, about = self._model, self._arrays.world.about
        by_visit: dict[int, list[int]] = defaultdict(list)
        for k, route in enumerate(self._routes):
            for v in route.nodes:
                by_visit[v].append(k)
        served = {v for route in plan for v in route.nodes}
        starts = {pair for route in plan for pair in route.starts}
        for v, visit in enumerate(self._arrays.visits):
            if about[v, FLAGS] & LEFT:
                continue
            out = model.new_bool_var("")
            self._hint[out.index] = v not in served
            penalty = int(about[v, PENALTY])
            self._terms.append((out, penalty))
            self._bound += penalty * (v not in served)
            if visit.crews > 1:
                model.add_exactly_one(*self._meetings(v, by_visit[v], starts), out)
            else:
                model.add_exactly_one(*(self._x[k] for k in by_visit[v]), out)
                for k in by_visit[v]:
                    self._served[v, self._day(k)].append(self._x[k])

    def _meetings(self, v: int, among: list[int], now: set[tuple[int, int]]) -> list[Any]:
        """For each day and start of a visit of two crews whether it is that."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for k in among:
            found[self._day(k), dict(self._routes[k].starts)[v]].append(k)
        made = []
        days_now = {self._day(k) for k in among if self._hint[self._x[k].index]}
        for (day, start), mine in found.items():
            meets = self._model.new_bool_var("")
            self._hint[meets.index] = (v, start) in now and day in days_now
            crews = self._arrays.visits[v].crews
            self._model.add(sum(self._x[k] for k in mine) == crews * meets)
            self._served[v, day].append(meets)
            made.append(meets)
        return made

    def _day(self, k: int) -> int:
        return self._arrays.shifts[self._routes[k].lane].day

    def _add_lanes(self) -> None:
        """No more routes than lanes, of each kind."""
        mine: dict[int, list[Any]] = defaultdict(list)
        for x, route in zip(self._x, self._routes, strict=True):
            mine[self._pool.kind_of(route)].append(x)
        for kind, xs in mine.items():
            self._model.add(sum(xs) <= self._pool.kinds.count(kind))

    def _add_kits(self) -> None:
        """No more routes of a day with a pool kit than there are kits."""
        world = self._arrays.world
        if not len(world.kit):
            return
        using: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for k, (x, route) in enumerate(zip(self._x, self._routes, strict=True)):
            kits = {
                int(kit) for v in route.nodes
                for kit in world.kit[world.kit_at[v] : world.kit_at[v + 1]]
                if not world.owned[route.lane, kit]
            }  # fmt: skip
            for kit in sorted(kits):
                using[self._day(k), kit].append(x)
        for (_day, kit), xs in using.items():
            self._model.add(sum(xs) <= int(world.pool[kit]))

    def _add_gaps(self) -> None:
        """Visits of a series keep their distance."""
        world, days = self._arrays.world, self._arrays.days
        for v in range(len(self._arrays.visits)):
            for row in world.link[world.link_at[v] : world.link_at[v + 1]].tolist():
                other, gap = row[OTHER], row[DAYS]
                if row[HOW] != GAP or other < v:
                    continue
                for day, here in enumerate(days):
                    near = [d for d, there in enumerate(days) if abs(here - there) < gap]
                    beside = [x for d in near for x in self._served.get((other, d), ())]
                    mine = self._served.get((v, day), [])
                    if mine and beside:
                        self._model.add_at_most_one(
                            *{x.index: x for x in [*mine, *beside]}.values()
                        )

    def solved(self, limit: Limit) -> list[Route] | None:
        """The cheapest choice, if it is cheaper than the plan it began with."""
        model = self._model
        xs, prices = zip(*self._terms, strict=True)
        cost = self._library.LinearExpr.weighted_sum(xs, prices)
        model.minimize(cost)
        model.add(cost <= self._bound)
        for index, value in self._hint.items():
            model.add_hint(model.get_bool_var_from_proto_index(index), value)
        solver = self._library.CpSolver()
        how = solver.parameters
        how.num_workers = 1
        how.random_seed = 1
        how.linearization_level = 2
        how.max_deterministic_time = limit.effort
        if limit.seconds is not None:
            how.max_time_in_seconds = limit.seconds
        status = _watched(solver, model, limit)
        if status not in (self._library.OPTIMAL, self._library.FEASIBLE):
            return None
        if solver.objective_value >= self._bound:
            return None
        return [r for r, x in zip(self._routes, self._x, strict=True) if solver.value(x)]


def _watched(solver: Any, model: Any, limit: Limit) -> Any:
    """Solve in a thread of its own, so that the stop rule can be asked all the while."""
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(solver.solve(model)), daemon=True)
    thread.start()
    thread.join(_LOOK)
    while thread.is_alive():
        if limit.is_over():
            solver.stop_search()
        thread.join(_LOOK)
    return found[0]
