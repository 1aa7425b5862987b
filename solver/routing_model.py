"""The problem as OR-Tools' routing model.

A visit is as many nodes as there are different pairs of windows and price among its shifts: of
these at most one is visited, so that windows may differ from day to day although time counts from
the midnight of each shift's own day. Money is in hundredths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp
from ortools.constraint_solver.routing_enums_pb2 import (
    FirstSolutionStrategy,
    LocalSearchMetaheuristic,
)

from solver.core import layout as at
from solver.core.arrays import Arrays
from solver.core.layout import FAR, SCALE, Ints
from solver.problem import Problem, Shift

Booked = Mapping[int, tuple[Sequence[int], int]]
"""Shifts and start of each visit of two crews, by number."""
Lanes = Mapping[int, Sequence[int]]
"""The visits of each used shift in their order, by number."""
Spans = tuple[tuple[int, int], ...]
_SMALL = 250
"""Up to so many nodes breaks are placed and the first plan is made by insertion; beyond, breaks
only shorten their shifts and the first plan is made arc by arc, which is ready much sooner."""
_OPTIONAL = False
"""No break may be left out."""
_EVERY = 64
"""Looks of routing at its limits between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A visit on the shifts that are alike for it.

    Attributes:
        fee: what it pays for being there.
        spans: from when to when it may start.
    """

    visit: int
    lanes: tuple[int, ...]
    fee: int
    spans: Spans


class Model:
    """A routing model, built once and searched once."""

    def __init__(self, problem: Problem, booked: Booked) -> None:
        self._problem, self._booked = problem, booked
        self._arrays = Arrays(problem)
        groups = self._groups()
        self._nodes = [node for group in groups for node in group]
        bases = dict.fromkeys(
            place for s in problem.shifts for place in (s.from_location, s.to_location)
        )
        self._base = {place: len(self._nodes) + k for k, place in enumerate(bases)}
        self._sites = np.array(
            [*(problem.visits[node.visit].location for node in self._nodes), *bases], np.intp
        )
        self._index = pywrapcp.RoutingIndexManager(
            len(self._sites), len(problem.shifts),
            [self._base[s.from_location] for s in problem.shifts],
            [self._base[s.to_location] for s in problem.shifts],
        )  # fmt: skip
        self._routing = pywrapcp.RoutingModel(self._index)
        self._add_ways()
        self._add_times()
        self._add_limits()
        self._add_visits(groups)
        self._add_company()

    # Which visit may be where

    def _groups(self) -> list[list[_Node]]:
        """The nodes of each visit, and those of a second crew by themselves."""
        fee = self._fees()
        groups = []
        for x, v in enumerate(self._arrays.owner.tolist()):
            found: dict[tuple[int, Spans], list[int]] = defaultdict(list)
            for r in np.flatnonzero(fee[x] < FAR).tolist():
                spans = self._spans(x, v, self._problem.shifts[r])
                if spans:
                    found[int(fee[x, r]), spans].append(r)
            groups.append([_Node(v, tuple(r), *key) for key, r in found.items()])
        return [group for group in groups if group]

    def _fees(self) -> Ints:
        """The prices of nodes on lanes; appointments and pool kits are dealt out already."""
        world, arrays = self._arrays.world, self._arrays
        fee = world.fee.copy()
        for v, visit in enumerate(self._problem.visits):
            if visit.crews > 1:
                places = self._booked.get(v, ((), 0))[0]
                for k, x in enumerate((v, arrays.twin[v])):
                    kept = fee[x, places[k]] if places else FAR
                    fee[x] = FAR
                    if places:
                        fee[x, places[k]] = min(kept, FAR - 1)
            elif world.about[v, at.FLAGS] & at.LEFT:
                fee[v] = FAR
        for v, lanes in self._without_kits(fee).items():
            fee[v, lanes] = FAR
        return fee

    def _without_kits(self, fee: Ints) -> dict[int, list[int]]:
        """For visits of one crew the shifts that their pool kits are not dealt to."""
        shifts, visits = self._problem.shifts, self._problem.visits
        room = [FAR if s.kit_slots is None else s.kit_slots for s in shifts]
        barred: dict[int, list[int]] = defaultdict(list)
        for kit in self._problem.kits:
            wanted = [v for v, visit in enumerate(visits) if kit in visit.kits]
            able = (fee[wanted] < FAR).sum(axis=0)
            for v in wanted:
                for r in self._booked[v][0] if v in self._booked else ():
                    able[r] += len(fee)
            dealt = self._dealt(kit, able.tolist(), room)
            without = [r for r, s in enumerate(shifts) if r not in dealt and kit not in s.kits]
            for v in wanted:
                if visits[v].crews == 1:
                    barred[v] += without
        return barred

    def _dealt(self, kit: str, able: Sequence[int], room: list[int]) -> set[int]:
        """The shifts that take a pool kit: on each day those that can use it most."""
        shifts, dealt = self._problem.shifts, set[int]()
        left = dict.fromkeys(range(len(self._problem.days)), self._problem.kits[kit])
        for r in sorted(range(len(shifts)), key=lambda r: -able[r]):
            if able[r] and kit not in shifts[r].kits and left[shifts[r].day] and room[r]:
                left[shifts[r].day] -= 1
                room[r] -= 1
                dealt.add(r)
        return dealt

    def _spans(self, x: int, v: int, shift: Shift) -> Spans:
        about, length = self._arrays.world.about[v], int(self._arrays.world.about[v, at.PREPARE])
        start = self._booked[v][1] if v in self._booked else int(about[at.PINNED])
        low, high = shift.start, shift.end + shift.overtime - length
        found = []
        for opens, closes in self._arrays.world.win[x, shift.day].tolist():
            first, last = max(opens, low), min(closes - length, high)
            if start >= 0:
                first, last = (start, start) if first <= start <= last else (1, 0)
            if first <= last:
                found.append((first, last))
        return tuple(found)

    # What routing is told

    def _add_ways(self) -> None:
        """Money and minutes of each way, by profile; a node's fee is paid on the way to it."""
        routing, arc, sites = self._routing, self._arrays.world.arc, self._sites
        fees = np.zeros(len(sites), np.int64)
        fees[: len(self._nodes)] = [node.fee for node in self._nodes]
        about = self._arrays.world.about
        length = np.zeros(len(sites), np.int64)
        length[: len(self._nodes)] = [about[node.visit, at.PREPARE] for node in self._nodes]
        profiles = list(self._problem.profiles)
        of = [profiles.index(shift.profile) for shift in self._problem.shifts]
        ways = np.ix_(sites, sites)
        minutes = [one[..., at.TO_TIME][ways] for one in arc]
        money = [one[..., at.TO_COST][ways] + fees for one in arc]
        dear = [routing.RegisterTransitMatrix(one.tolist()) for one in money]
        slow = [routing.RegisterTransitMatrix((m + length[:, None]).tolist()) for m in minutes]
        for r, (shift, p) in enumerate(zip(self._problem.shifts, of, strict=True)):
            routing.SetArcCostEvaluatorOfVehicle(dear[p], r)
            fixed = shift.fixed_cost + self._problem.weights.used_shift
            routing.SetFixedCostOfVehicle(round(SCALE * fixed), r)
        most = [shift.end + shift.overtime for shift in self._problem.shifts]
        self._on_site = length
        routing.AddDimensionWithVehicleTransits(
            [slow[p] for p in of], max(most), max(most), fix_start_cumul_to_zero=False, name="time"
        )
        self._time = routing.GetDimensionOrDie("time")
        for r, shift in enumerate(self._problem.shifts):
            if shift.max_duration is not None:
                self._time.SetSpanUpperBoundForVehicle(shift.max_duration, r)
        drives = [shift.max_travel for shift in self._problem.shifts]
        if any(limit is not None for limit in drives):
            plain = [routing.RegisterTransitMatrix(one.tolist()) for one in minutes]
            routing.AddDimensionWithVehicleTransitAndCapacity(
                [plain[p] for p in of],
                0,
                _limits(drives),
                fix_start_cumul_to_zero=True,
                name="travel",
            )

    def _add_times(self) -> None:
        """Shifts, overtime and breaks."""
        routing, solver = self._routing, self._routing.solver()
        per_minute = round(SCALE * self._problem.weights.overtime_minute)
        on_site = [0] * routing.Size()
        for n in range(len(self._nodes)):
            on_site[self._index.NodeToIndex(n)] = int(self._on_site[n])
        for r, shift in enumerate(self._problem.shifts):
            last, rest = shift.end + shift.overtime, shift.break_
            if rest is not None and len(self._nodes) > _SMALL:
                last, rest = max(shift.start, last - rest.minutes), None
            for end in (routing.Start(r), routing.End(r)):
                self._time.CumulVar(end).SetRange(shift.start, last)
            if shift.overtime and per_minute:
                self._time.SetCumulVarSoftUpperBound(routing.End(r), shift.end, per_minute)
            if rest is None or rest.minutes == 0:
                continue
            first, latest = max(rest.from_, shift.start), min(rest.to, last) - rest.minutes
            if first <= latest:
                pause = solver.FixedDurationIntervalVar(
                    first, latest, rest.minutes, _OPTIONAL, "rest"
                )
                self._time.SetBreakIntervalsOfVehicle([pause], r, on_site)

    def _add_limits(self) -> None:
        """How much a shift takes: visits and demand."""
        visits, shifts = self._problem.visits, self._problem.shifts
        demand = [visits[node.visit].demand for node in self._nodes]
        for name, amounts, limits in (
            ("visits", [1] * len(self._nodes), [shift.max_visits for shift in shifts]),
            ("load", demand, [shift.capacity for shift in shifts]),
        ):
            if any(limit is not None for limit in limits):
                bases = [0] * len(self._base)
                taken = self._routing.RegisterUnaryTransitVector([*amounts, *bases])
                self._routing.AddDimensionWithVehicleCapacity(
                    taken, 0, _limits(limits), fix_start_cumul_to_zero=True, name=name
                )

    def _add_visits(self, groups: Sequence[Sequence[_Node]]) -> None:
        """Where and when each visit may be, and what leaving it out costs."""
        about, first = self._arrays.world.about, 0
        for group in groups:
            indices = [self._index.NodeToIndex(first + k) for k in range(len(group))]
            first += len(group)
            for index, node in zip(indices, group, strict=True):
                self._routing.VehicleVar(index).SetValues([-1, *node.lanes])
                when = self._time.CumulVar(index)
                when.SetRange(node.spans[0][0], max(last for _first, last in node.spans))
                end = node.spans[0][1]
                for opens, closes in node.spans[1:]:
                    if end + 1 < opens:
                        when.RemoveInterval(end + 1, opens - 1)
                    end = max(end, closes)
            v = group[0].visit
            is_locked = about[v, at.FLAGS] & at.LOCKED or v in self._booked
            self._routing.AddDisjunction(
                indices, FAR if is_locked else int(about[v, at.PENALTY]), 1
            )

    def _add_company(self) -> None:
        """Visits that belong together pay for being apart."""
        places: dict[int, list[int]] = defaultdict(list)
        for n, node in enumerate(self._nodes):
            places[node.visit].append(self._index.NodeToIndex(n))
        for v, visit in enumerate(self._problem.visits):
            if visit.together_with is not None:
                other = self._arrays.number[visit.together_with]
                if places[v] and places[other]:
                    price = min(self._arrays.world.about[[v, other], at.PENALTY].tolist())
                    self._routing.AddSoftSameVehicleConstraint(places[v] + places[other], price)

    # The search

    def search(
        self, look: Callable[[int], bool], better: Callable[[float, Lanes], None],
        seconds: float,
    ) -> Lanes:  # fmt: skip
        """The best routes found until ``look`` says so, or the seconds are over.

        Args:
            look: told how often routing looked at its limits; whether to stop.
            better: told of each better plan and its price.
            seconds: the slice of time.
        """
        routing, looks, best = self._routing, 0, float("inf")

        def is_over() -> bool:
            nonlocal looks
            looks += 1
            return looks % _EVERY == 0 and look(looks)

        def found() -> None:
            nonlocal best
            cost = routing.CostVar().Value() / SCALE
            if cost < best:
                best = cost
                better(cost, self._read(lambda index: routing.NextVar(index).Value()))

        routing.AddSearchMonitor(routing.solver().CustomLimit(is_over))
        routing.AddAtSolutionCallback(found)
        solution = routing.SolveWithParameters(_how(seconds, len(self._nodes)))
        look(looks)
        if solution is None:
            return {}
        return self._read(lambda index: solution.Value(routing.NextVar(index)))

    def _read(self, after: Callable[[int], int]) -> Lanes:
        lanes: dict[int, list[int]] = {}
        for r in range(len(self._problem.shifts)):
            index = after(self._routing.Start(r))
            while not self._routing.IsEnd(index):
                lanes.setdefault(r, []).append(self._nodes[self._index.IndexToNode(index)].visit)
                index = after(index)
        return lanes


def _limits(limits: Sequence[int | None]) -> list[int]:
    return [FAR if limit is None else min(limit, FAR) for limit in limits]


def _how(seconds: float, nodes: int) -> Any:
    """Guided local search from the first plan that was measured best on generated weeks."""
    how, first = pywrapcp.DefaultRoutingSearchParameters(), FirstSolutionStrategy
    is_small = nodes <= _SMALL
    how.first_solution_strategy = (
        first.LOCAL_CHEAPEST_INSERTION if is_small else first.PATH_CHEAPEST_ARC
    )
    how.local_search_metaheuristic = LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromMilliseconds(max(1, round(1000 * seconds)))
    return how
