"""Taking over a plan, filling it up, and counting its cost from nothing."""

from __future__ import annotations

from solver.core.anneal import begin_step, keep_best, penalties
from solver.core.insert import fits, is_open, limits_of
from solver.core.jit import compiled, entry, inlined
from solver.core.layout import (
    APPOINTED,
    BANK,
    CNEXT,
    COST,
    FAIR,
    FAR,
    FEW_SHIFTS,
    FILLING,
    FIX,
    FIXED,
    FLAGS,
    IMBALANCE,
    IS_SOFT,
    LANE,
    LEFT,
    NEXT,
    PREV,
    SIZE,
    SOFT,
    TWIN,
    Board,
    Table,
    World,
)
from solver.core.linked import is_other_team, span_of
from solver.core.links import drop, put, visit_of
from solver.core.recreate import call_back, lane_holds, order_removed, recreate
from solver.core.soft import rebalance, reprice_lane

NODE, ON, AT = range(3)
"""Columns of ``adopt``'s stops: node, lane, and the agreed start or -1."""


@inlined
def may_stand(world: World, board: Board, x: int, r: int, start: int) -> bool:
    """Whether visit x may be on lane r, begun at ``start``, as the other visits stand."""
    if world.about[x, FLAGS] & LEFT:
        return False
    limits = limits_of(world, board, x)
    if world.about[x, FLAGS] & APPOINTED:
        span = span_of(world, board, x)
        limits = (limits[0] & span[0], limits[1])
        if start < span[1] or start > span[2] or not is_other_team(world, board, x, r):
            return False
    return is_open(world, board, x, r, limits)


@inlined
def drop_halves(world: World, board: Board) -> None:
    """Take out visits of two crews that only one crew has taken over."""
    for v in range(world.size[0]):
        twin = board.node[v, TWIN]
        if twin >= 0 and (board.node[v, LANE] < 0) != (board.node[twin, LANE] < 0):
            drop(world, board, v if board.node[v, LANE] >= 0 else twin)


@compiled
def recount(world: World, board: Board) -> None:
    """Work out what is left out, and the whole cost."""
    ctl = board.ctl
    ctl[BANK] = 0
    ctl[FAIR] = FAR
    for v in range(world.size[0]):
        if board.node[v, LANE] < 0 and not world.about[v, FLAGS] & LEFT:
            board.bank[ctl[BANK]] = v
            ctl[BANK] += 1
    cost = penalties(world, board)
    for r in range(world.size[2]):
        if board.lane[r, IS_SOFT]:
            reprice_lane(world, board, r)
        cost += board.lane[r, SOFT]
        if board.lane[r, SIZE] > 0:
            cost += board.lane[r, FIXED]
            v = world.size[1] + 2 * r
            while board.node[v, NEXT] >= 0:
                cost += board.node[v, CNEXT]
                v = board.node[v, NEXT]
                if board.node[v, NEXT] >= 0:
                    cost += world.fee[v, r]
    rebalance(world, board)
    ctl[COST] = cost + ctl[IMBALANCE]


@compiled
def take_over(world: World, board: Board, stops: Table, trust: int) -> None:
    """Put stops behind what stands on their lanes; without trust, only where the lane holds."""
    node = board.node
    for k in range(stops.shape[0]):
        v, r, start = stops[k, NODE], stops[k, ON], stops[k, AT]
        x = visit_of(world, board, v)
        behind = node[world.size[1] + 2 * r + 1, PREV]
        if node[v, LANE] >= 0 or not may_stand(world, board, x, r, start):
            continue
        was = node[v, FIX]
        if world.about[x, FLAGS] & APPOINTED:
            node[v, FIX] = start
        if trust or fits(world, board, v, behind):
            put(world, board, v, behind)
        else:
            node[v, FIX] = was


@compiled
def empty_broken(world: World, board: Board) -> None:
    """Take everything out of the lanes that do not hold."""
    for r in range(world.size[2]):
        if not lane_holds(world, board, r):
            first = world.size[1] + 2 * r
            while board.lane[r, SIZE]:
                drop(world, board, board.node[first, NEXT])


@inlined
def adopt(world: World, board: Board, stops: Table) -> None:
    """Take over stops in the order of their lanes, as far as they hold; the rest is left out.

    A whole lane may hold where its beginning does not: the way home may be longer half-way.
    """
    take_over(world, board, stops, 1)
    empty_broken(world, board)
    take_over(world, board, stops, 0)
    drop_halves(world, board)
    recount(world, board)


@inlined
def fill(world: World, board: Board, blink: int) -> int:
    """Put in all that is left out, the hardest first; how many were put in."""
    begin_step(board)
    before = board.ctl[BANK]
    call_back(board, before)
    order_removed(world, board, FEW_SHIFTS)
    recreate(world, board, blink)
    recount(world, board)
    return int(before - board.ctl[BANK])


@entry
def load(world: World, board: Board, stops: Table, blink: int) -> bool:
    """What holds of ``stops``, and all that fits beside it; whether every lane holds.

    A negative ``blink`` looks everywhere, so that no single place is overlooked.
    """
    begin_step(board)
    board.ctl[FILLING] = 1
    adopt(world, board, stops)
    while board.ctl[BANK] and fill(world, board, blink):
        pass
    board.ctl[FILLING] = 0
    keep_best(board)
    held = True
    for r in range(world.size[2]):
        held = held and lane_holds(world, board, r)
    return held
