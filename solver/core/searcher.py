"""One search on the core's arrays, driven from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.core import layout as at
from solver.core.anneal import Heat, anneal
from solver.core.anneal import Style as Strings
from solver.core.arrays import Arrays
from solver.core.layout import SCALE, Ints
from solver.core.load import load
from solver.core.recreate import EVERYWHERE
from solver.plan import Plan

_OF_A_ROUTE, _MOST = 1.25, 15.0
"""Visits removed at a time: so much of a usual route of the first plan, and at most so many."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a search goes about it.

    Attributes:
        hot, cold: temperature at the beginning and at the end, as prices.
        mean: visits removed at a time, on average; more where routes are long.
        longest: the longest string.
        blink: the chance of overlooking a place.
    """

    hot: float = 12.0
    cold: float = 0.3
    mean: float = 8.0
    longest: float = 10.0
    blink: float = 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """A plan as the core has it: the order of each used shift, and what starts are agreed on."""

    order: Mapping[int, tuple[int, ...]]
    starts: Mapping[int, int]


class Searcher:
    """A board of its own, from a first plan to the best one found."""

    def __init__(self, arrays: Arrays, seed: int, style: Style | None = None) -> None:
        self._arrays, self._style = arrays, style or Style()
        self.board = arrays.board(seed)
        self._world, self._mean = arrays.world, self._style.mean

    @property
    def iterations(self) -> int:
        """How many steps were made."""
        return int(self.board.ctl[at.ITERATION])

    @property
    def cost(self) -> float:
        """The price of the best plan, as the search counts it."""
        return float(self.board.ctl[at.BEST]) / SCALE

    @property
    def left(self) -> int:
        """How many visits the best plan leaves out, those left to the prober not counted."""
        return int(self.board.ctl[at.BEST_LEFT])

    def begin(self, start: Plan | None) -> None:
        """Make a first plan from what holds of an earlier one."""
        self._load(self._stops(start), 0)
        served = len(self._arrays.visits) - int(self.board.ctl[at.BANK])
        wanted = _OF_A_ROUTE * served / max(1, int(self.board.ctl[at.USED]))
        self._mean = max(self._style.mean, min(wanted, _MOST))

    def again(self, stops: Ints | None = None) -> None:
        """Go on from other stops, or from the best plan; that is forgotten only for a better one.

        Args:
            stops: node, lane and agreed start; None: those of the best plan.
        """
        board, ctl = self.board, self.board.ctl
        kept, cost, left = board.best.copy(), int(ctl[at.BEST]), int(ctl[at.BEST_LEFT])
        stops = self._rows(kept) if stops is None else stops
        self._load(stops, 0)
        if cost <= ctl[at.BEST]:
            board.best[:] = kept
            ctl[at.BEST], ctl[at.BEST_LEFT] = cost, left

    def best_stops(self) -> Ints:
        """Node, lane and agreed start of all that stands in the best plan."""
        return self._rows(self.board.best)

    def run(self, steps: int, share: float, rise: float, heat: float = 1.0) -> None:
        """So many steps; ``share`` of the budget is used, and ``rise`` is used by each step.

        ``heat`` is the temperature at the beginning, as a share of what the style says.
        """
        style = self._style
        hot = max(style.hot * heat, style.cold)
        self._search(
            steps,
            (hot * SCALE, style.cold * SCALE, float(share), float(rise)),
            (float(self._mean), float(style.longest), int(style.blink * 2**32)),
        )

    def stop(self) -> None:
        """Make a run that is under way in another thread return at once."""
        self.board.ctl[at.STOP] = 1

    def best(self) -> Found:
        """The best plan so far."""
        return self._read(self.board.best)

    def finish(self) -> bool:
        """Complete the best plan; False if the core's own books do not hold."""
        return self._load(self._rows(self.board.best), EVERYWHERE)

    def _load(self, stops: Ints, blink: int) -> bool:
        """What holds of such stops on the emptied board, and all that fits beside it."""
        self._arrays.clear(self.board)
        return bool(load(self._world, self.board, stops, blink))

    def _search(self, steps: int, heat: Heat, style: Strings) -> None:
        anneal(self._world, self.board, steps, heat, style)

    def _stops(self, plan: Plan | None) -> Ints:
        """The stops of an earlier plan as the core adopts them."""
        arrays, used, rows = self._arrays, set[int](), list[tuple[int, int, int]]()
        for route in plan.routes if plan else ():
            for stop in route.stops:
                v, r = arrays.number.get(stop.visit), arrays.lane_of.get(route.shift)
                if v is None or r is None:
                    continue
                node = arrays.twin.get(v, -1) if v in used else v
                used.add(v)
                if node >= 0:
                    rows.append((node, r, stop.start))
        days = [shift.day for shift in arrays.shifts]
        rows.sort(key=lambda row: (days[row[1]], row[2]))  # what stands before others comes first
        return np.array(rows, np.int32).reshape(len(rows), 3)

    def _rows(self, shelf: Ints) -> Ints:
        starts = self._agreed(shelf)
        rows = [
            (x, r, starts.get(int(self._arrays.owner[x]), -1))
            for r, lane in self._lanes(shelf).items()
            for x in lane
        ]
        return np.array(rows, np.int32).reshape(len(rows), 3)

    def _lanes(self, shelf: Ints) -> dict[int, list[int]]:
        nodes, lanes = self._arrays.nodes, dict[int, list[int]]()
        for r in range(len(self._arrays.shifts)):
            v = int(shelf[nodes + 2 * r, at.KEPT_NEXT])
            while v < nodes:
                lanes.setdefault(r, []).append(v)
                v = int(shelf[v, at.KEPT_NEXT])
        return lanes

    def _agreed(self, shelf: Ints) -> dict[int, int]:
        about = self._world.about
        return {
            v: int(shelf[v, at.KEPT_FIX])
            for v in np.flatnonzero(about[:, at.FLAGS] & at.APPOINTED).tolist()
            if shelf[v, at.KEPT_LANE] >= 0
        }

    def _read(self, shelf: Ints) -> Found:
        owner = self._arrays.owner
        order = {r: tuple(int(owner[x]) for x in lane) for r, lane in self._lanes(shelf).items()}
        return Found(order, self._agreed(shelf))


def names(arrays: Arrays, found: Found) -> Sequence[tuple[str, Sequence[str]]]:
    """The plan by the ids of shifts and visits."""
    return [
        (arrays.shifts[r].id, [arrays.visits[v].id for v in lane])
        for r, lane in found.order.items()
    ]
