"""One search in which starts move, driven from outside like any other."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from solver.core import layout as at
from solver.core.anneal import Heat
from solver.core.anneal import Style as Strings
from solver.core.arrays import Arrays
from solver.core.layout import FAR, SCALE, Board, Ints
from solver.core.ripple import DUE_END, PER_MOST, SUMS, WAY, Pond
from solver.core.ripple_search import begin, search
from solver.core.searcher import Searcher, Style

_SPOTS = 12
"""Places of the first of two in step that are tried with the second."""
_LOG, _STACK = 50, 8
"""Rows for each node: what becomes later more often than that waits for itself."""


class Rippler(Searcher):
    """A board of its own, on which nothing is agreed on: see ``solver.core.ripple``."""

    def __init__(self, arrays: Arrays, seed: int, style: Style | None = None) -> None:
        super().__init__(arrays, seed, style)
        self._empty = _empty(arrays, seed)
        self._pond = _pond(arrays)

    def _load(self, stops: Ints, blink: int) -> bool:
        board, sums = self.board, self._pond.sums
        board.node[:], board.lane[:] = self._empty.node, self._empty.lane
        for counter in (at.USED, at.BANK, at.REMOVED):
            board.ctl[counter] = 0
        sums[WAY] = 0
        begin(self._world, board, self._pond, stops, max(0, blink))
        return True

    def _search(self, steps: int, heat: Heat, style: Strings) -> None:
        search(self._world, self.board, self._pond, steps, heat, style)


def _empty(arrays: Arrays, seed: int) -> Board:
    """An empty board with the columns of this search."""
    board = arrays.board(seed)
    for v, visit in enumerate(arrays.visits):
        length = visit.setup_minutes + visit.service_minutes
        board.node[v, at.LENGTH] = length
        board.node[v, DUE_END] = FAR if visit.due is None else visit.due + length
    for r, shift in enumerate(arrays.shifts):
        board.node[arrays.nodes + 2 * r + 1, DUE_END] = shift.end
    return board


def _pond(arrays: Arrays) -> Pond:
    """What the search has beside its board, still empty."""
    nodes, lanes = len(arrays.node), len(arrays.lane)
    push_at, push = _pushes(arrays)

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, np.int32)

    sums = np.zeros(SUMS, np.int64)
    sums[PER_MOST] = round(SCALE * arrays.problem.weights.most_late_minute)
    return Pond(
        push_at=push_at, push=push, log=ints(_LOG * nodes, 2), stack=ints(_STACK * nodes),
        sums=sums, was=ints(nodes, 5), was_lane=ints(lanes, 2), spot=ints(_SPOTS, 2),
        least=np.zeros(nodes, np.int64), behind=ints(nodes),
    )  # fmt: skip


def _pushes(arrays: Arrays) -> tuple[Ints, Ints]:
    """Whom each visit can make later, and where each visit's rows begin."""
    rows: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for v, visit in enumerate(arrays.visits):
        for name in visit.after:
            first = arrays.visits[arrays.number[name]]
            length = first.setup_minutes + first.service_minutes
            rows[arrays.number[name]].append((v, length, 0))
            rows[v].append((arrays.number[name], -FAR, 0))
        if visit.lag is not None:
            first_of_two = arrays.number[visit.lag.visit]
            rows[first_of_two].append((v, visit.lag.least, 1))
            rows[v].append((first_of_two, -visit.lag.most, 1))
    begins = np.zeros(len(arrays.visits) + 1, np.int32)
    begins[1:] = np.cumsum([len(rows[v]) for v in range(len(arrays.visits))])
    flat = [row for v in range(len(arrays.visits)) for row in rows[v]]
    return begins, np.array(flat, np.int32).reshape(len(flat), 3)
