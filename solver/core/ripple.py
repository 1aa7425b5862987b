"""Starts that move: who becomes later makes later what follows and what is in step with it.

For problems in which lateness has a price. Nothing is agreed on beforehand: all begin as early as
the order of the lanes and the visits in step let them, so a place costs what it makes late.
"""

from __future__ import annotations

from typing import NamedTuple

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    CNEXT,
    DAY,
    DEMAND,
    DUE0,
    FAR,
    FIXED,
    LANE,
    LENGTH,
    LOAD,
    NEXT,
    PER_LATE,
    PREV,
    PROFILE,
    READY0,
    SITE,
    SIZE,
    TO_COST,
    TO_TIME,
    USED,
    Board,
    Counts,
    Row,
    Table,
    World,
)
from solver.core.timing import start_after

ENDS, DUE_END = READY0, DUE0
"""Columns of a node: when it ends, and the end from which on it is late; of a lane, its close."""
# Pond.push[k, …]: that another visit begins no earlier than so long after this one
PUSHED, BY, IN_STEP = range(3)
# Pond.sums[…]
WAY, LATE, MOST_LATE, LOGGED, STACKED, PER_MOST = range(6)
SUMS = 6
# Pond.was[v, …]
WAS_NEXT, WAS_PREV, WAS_LANE, WAS_ENDS, WAS_CNEXT = range(5)
NO_BOUND = 1 << 60


class Pond(NamedTuple):
    """What this search has beside a board.

    Attributes:
        push_at: where each visit's rows of ``push`` begin.
        push: whom a visit can make later, and all in step or in order with it.
        log: nodes and when they ended, so that a try can be taken back.
        stack: nodes that became later and have told nobody yet.
        sums: the price of the way, all lateness, the largest, and how long log and stack are.
        was: the nodes before this iteration.
        was_lane: size and load of the lanes before this iteration.
        spot: prices and nodes of the cheapest places of the first of two in step.
        least: what each place under consideration costs at least.
        behind: the nodes behind which those places are.
    """

    push_at: Row
    push: Table
    log: Table
    stack: Row
    sums: Counts
    was: Table
    was_lane: Table
    spot: Table
    least: Counts
    behind: Row


@inlined
def lateness(world: World, pond: Pond) -> int:
    """What all lateness costs."""
    sums = pond.sums
    return int(sums[LATE] * world.price[PER_LATE] + sums[MOST_LATE] * sums[PER_MOST])


@compiled
def lift(world: World, board: Board, pond: Pond, x: int, start: int) -> bool:
    """Make node x begin no earlier than ``start``; whether it can."""
    node, sums = board.node, pond.sums
    day, length = board.lane[node[x, LANE], DAY], node[x, LENGTH]
    begin = start_after(world.win, (x, day), start, length)
    if begin >= FAR:
        return False
    k, due = sums[LOGGED], node[x, DUE_END]
    if k >= pond.log.shape[0] or sums[STACKED] >= pond.stack.shape[0]:
        return False  # two that wait for each other
    pond.log[k, 0] = x
    pond.log[k, 1] = node[x, ENDS]
    sums[LOGGED] = k + 1
    late = begin + length - due
    if late > 0:
        sums[LATE] += late - max(0, node[x, ENDS] - due)
        sums[MOST_LATE] = max(sums[MOST_LATE], late)
    node[x, ENDS] = begin + length
    pond.stack[sums[STACKED]] = x
    sums[STACKED] += 1
    return True


@compiled
def spread(world: World, board: Board, pond: Pond, bound: int) -> bool:
    """Let all on the stack make later what they must; False if that cannot be or costs too much."""
    node, sums = board.node, pond.sums
    held = True
    while held and sums[STACKED] > 0:
        sums[STACKED] -= 1
        v = pond.stack[sums[STACKED]]
        s, r, end = node[v, NEXT], node[v, LANE], node[v, ENDS]
        there = end + world.arc[board.lane[r, PROFILE], node[v, SITE], node[s, SITE], TO_TIME]
        if node[s, NEXT] < 0:
            held = there <= node[s, DUE_END]
        elif there > node[s, ENDS] - node[s, LENGTH]:
            held = lift(world, board, pond, s, there)
        for k in range(pond.push_at[v], pond.push_at[v + 1]):
            x, least = pond.push[k, PUSHED], end - node[v, LENGTH] + pond.push[k, BY]
            if held and node[x, LANE] >= 0 and least > node[x, ENDS] - node[x, LENGTH]:
                held = lift(world, board, pond, x, least)
        held = held and lateness(world, pond) < bound
    sums[STACKED] = 0
    return held


@compiled
def take_back(board: Board, pond: Pond, mark: int, late: int, most: int) -> None:
    """Make times what they were when the log was so long and lateness so much."""
    for k in range(pond.sums[LOGGED] - 1, mark - 1, -1):
        board.node[pond.log[k, 0], ENDS] = pond.log[k, 1]
    pond.sums[LOGGED] = mark
    pond.sums[LATE] = late
    pond.sums[MOST_LATE] = most


@compiled
def settle(world: World, board: Board, pond: Pond) -> bool:
    """All times from nothing; whether they hold."""
    node, sums = board.node, pond.sums
    sums[LATE] = sums[MOST_LATE] = sums[STACKED] = sums[LOGGED] = 0
    for v in range(world.size[0]):
        node[v, ENDS] = -1
    held = True
    for r in range(world.size[2]):
        v = world.size[1] + 2 * r
        arc = world.arc[board.lane[r, PROFILE]]
        while node[v, NEXT] >= 0:
            s = node[v, NEXT]
            if node[s, NEXT] >= 0:
                there = node[v, ENDS] + arc[node[v, SITE], node[s, SITE], TO_TIME]
                if there > node[s, ENDS] - node[s, LENGTH]:
                    held = held and lift(world, board, pond, s, there)
            v = s
        held = held and spread(world, board, pond, NO_BOUND)
        sums[LOGGED] = 0
    return held


@compiled
def link(world: World, board: Board, pond: Pond, c: int, i: int) -> None:
    """Put visit c behind node i; its time is not worked out."""
    node, lane = board.node, board.lane
    r, j = node[i, LANE], node[i, NEXT]
    arc = world.arc[lane[r, PROFILE]]
    a, b, on = node[i, SITE], node[c, SITE], node[j, SITE]
    if lane[r, SIZE] == 0:
        board.ctl[USED] += 1
        pond.sums[WAY] += lane[r, FIXED]
    lane[r, SIZE] += 1
    lane[r, LOAD] += world.about[c, DEMAND]
    pond.sums[WAY] += arc[a, b, TO_COST] + arc[b, on, TO_COST] - node[i, CNEXT] + world.fee[c, r]
    node[c, LANE], node[c, PREV], node[c, NEXT] = r, i, j
    node[i, NEXT] = node[j, PREV] = c
    node[i, CNEXT], node[c, CNEXT] = arc[a, b, TO_COST], arc[b, on, TO_COST]


@compiled
def unlink(world: World, board: Board, pond: Pond, c: int) -> None:
    """Take visit c out of its lane; times are not worked out."""
    node, lane = board.node, board.lane
    r, i, j = node[c, LANE], node[c, PREV], node[c, NEXT]
    leg = world.arc[lane[r, PROFILE], node[i, SITE], node[j, SITE], TO_COST]
    pond.sums[WAY] -= node[i, CNEXT] + node[c, CNEXT] + world.fee[c, r]
    lane[r, SIZE] -= 1
    lane[r, LOAD] -= world.about[c, DEMAND]
    if lane[r, SIZE] == 0:
        board.ctl[USED] -= 1
        pond.sums[WAY] -= lane[r, FIXED]
        leg = 0
    pond.sums[WAY] += leg
    node[c, LANE] = -1
    node[i, NEXT], node[j, PREV] = j, i
    node[i, CNEXT] = leg


@compiled
def remember(world: World, board: Board, pond: Pond) -> None:
    """Keep the nodes and lanes as they are before an iteration."""
    for v in range(board.node.shape[0]):
        pond.was[v, WAS_NEXT] = board.node[v, NEXT]
        pond.was[v, WAS_PREV] = board.node[v, PREV]
        pond.was[v, WAS_LANE] = board.node[v, LANE]
        pond.was[v, WAS_ENDS] = board.node[v, ENDS]
        pond.was[v, WAS_CNEXT] = board.node[v, CNEXT]
    for r in range(world.size[2]):
        pond.was_lane[r, 0] = board.lane[r, SIZE]
        pond.was_lane[r, 1] = board.lane[r, LOAD]


@compiled
def restore(world: World, board: Board, pond: Pond) -> None:
    """Make nodes and lanes what they were before this iteration."""
    for v in range(board.node.shape[0]):
        board.node[v, NEXT] = pond.was[v, WAS_NEXT]
        board.node[v, PREV] = pond.was[v, WAS_PREV]
        board.node[v, LANE] = pond.was[v, WAS_LANE]
        board.node[v, ENDS] = pond.was[v, WAS_ENDS]
        board.node[v, CNEXT] = pond.was[v, WAS_CNEXT]
    for r in range(world.size[2]):
        board.lane[r, SIZE] = pond.was_lane[r, 0]
        board.lane[r, LOAD] = pond.was_lane[r, 1]
