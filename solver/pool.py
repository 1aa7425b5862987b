"""Routes that a search went through: the columns of the set partitioning in ``master``."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.core import layout as at
from solver.core.arrays import Arrays
from solver.core.layout import APPOINTED, FLAGS, PER_IMBALANCE, Board, Longs

_CALENDAR = (*range(at.DAY, at.MOST_DURATION + 1),)
"""The columns of a lane that say what it may do."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a lane did once.

    Attributes:
        nodes: in their order, both crews of a visit as one and the same.
        starts: of the visits among them whose start others have a say in.
        price: the way, the fees and what its times cost.
    """

    lane: int
    nodes: tuple[int, ...]
    starts: tuple[tuple[int, int], ...]
    price: int


class Pool:
    """The cheapest order of each set of visits on each kind of lane, the latest found last."""

    def __init__(self, arrays: Arrays, most: int) -> None:
        self._arrays, self._most = arrays, most
        self.kinds = _kinds(arrays)
        dice = np.random.default_rng(1)
        nodes, visits = arrays.nodes, len(arrays.visits)
        self._mark = dice.integers(1 << 62, size=visits, dtype=np.uint64)[arrays.owner]
        flags = arrays.world.about[arrays.owner, FLAGS] if nodes else np.zeros(0, np.int32)
        self._appointed = flags & APPOINTED > 0
        self._found: dict[tuple[int, int], Route] = {}

    def __len__(self) -> int:
        return len(self._found)

    def routes(self) -> list[Route]:
        """What is kept, the latest last."""
        return list(self._found.values())

    def kind_of(self, route: Route) -> int:
        """Which lanes it could be driven on: those with the same number."""
        return self.kinds[route.lane]

    def gather(self, board: Board) -> list[Route]:
        """Take in the routes of the present plan; all of them as they are kept."""
        lanes = len(self.kinds)
        marks, prices = self._books(board)
        plan = []
        for r in np.flatnonzero(board.lane[:lanes, at.SIZE]).tolist():
            key, price = (self.kinds[r], int(marks[r])), int(prices[r])
            known = self._found.pop(key, None)
            if known is None or known.price > price:
                known = self._read(board, r, price)
            self._found[key] = known
            plan.append(known)
        while len(self._found) > self._most:
            del self._found[next(iter(self._found))]
        return plan

    def _books(self, board: Board) -> tuple[npt.NDArray[np.uint64], Longs]:
        """For each lane a sum that stands for who is aboard and when, and its price."""
        nodes, lanes = self._arrays.nodes, len(self.kinds)
        inside = np.flatnonzero(board.node[:nodes, at.LANE] >= 0)
        lane = board.node[inside, at.LANE]
        mark = self._mark[inside]
        starts = np.where(self._appointed[inside], board.node[inside, at.FIX] + 2, 1)
        marks = np.zeros(lanes, np.uint64)
        np.add.at(marks, lane, mark * starts.astype(np.uint64))
        prices = (board.lane[:lanes, at.SOFT] + board.lane[:lanes, at.FIXED]).astype(np.int64)
        prices += board.node[nodes::2, at.CNEXT][:lanes]
        fees = self._arrays.world.fee[inside, lane]
        np.add.at(prices, lane, board.node[inside, at.CNEXT].astype(np.int64) + fees)
        return marks, prices

    def _read(self, board: Board, r: int, price: int) -> Route:
        nodes, owner = self._arrays.nodes, self._arrays.owner
        order, starts = [], []
        v = int(board.node[nodes + 2 * r, at.NEXT])
        while v < nodes:
            order.append(int(owner[v]))
            if self._appointed[v]:
                starts.append((int(owner[v]), int(board.node[v, at.FIX])))
            v = int(board.node[v, at.NEXT])
        return Route(r, tuple(order), tuple(starts), price)


def _kinds(arrays: Arrays) -> list[int]:
    """A number for each lane, the same where nothing tells two lanes apart."""
    world, lane = arrays.world, arrays.lane
    tells_teams = bool(world.price[PER_IMBALANCE] or (world.about[:, FLAGS] & APPOINTED).any())
    kept = [c for c in _CALENDAR if c != at.TEAM or tells_teams]
    seen: dict[Hashable, int] = {}
    kinds = []
    for r in range(len(arrays.shifts)):
        ends = arrays.node[arrays.nodes + 2 * r : arrays.nodes + 2 * r + 2]
        what = (
            lane[r, kept].tobytes(), world.fee[:, r].tobytes(), world.owned[r].tobytes(),
            np.delete(ends, [at.NEXT, at.PREV, at.LANE], axis=1).tobytes(),
        )  # fmt: skip
        kinds.append(seen.setdefault(what, len(seen)))
    return kinds
