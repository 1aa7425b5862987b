"""Ruin: strings of neighbouring visits leave lanes around a random one.

Source: Christiaens and Vanden Berghe (2020), Slack Induction by String Removals for Vehicle
Routing Problems, Transportation Science 54(2), section 5.
"""

from __future__ import annotations

from solver.core.jit import compiled
from solver.core.layout import (
    BANK,
    FLAGS,
    HIT,
    HOW,
    ITERATION,
    LAG,
    LANE,
    LOCKED,
    NEXT,
    OTHER,
    PREV,
    REMOVED,
    SEED,
    SHUT,
    SIZE,
    TOGETHER,
    USED,
    Board,
    World,
)
from solver.core.linked import take_out
from solver.core.links import visit_of
from solver.core.rng import below, next32, unit

_WHOLE = 16
"""Lanes of at most so many visits are removed whole."""


@compiled
def first_of_string(board: Board, c: int, total: int) -> int:
    """Where a string of so many nodes begins, drawn so that it holds c and ends in time."""
    node = board.node
    v, before = c, 0
    while before < total - 1 and node[node[v, PREV], PREV] >= 0:
        v = node[v, PREV]
        before += 1
    v, after = c, 0
    while after < total - 1 and node[node[v, NEXT], NEXT] >= 0:
        v = node[v, NEXT]
        after += 1
    least = max(0, total - 1 - after)
    v = c
    for _ in range(least + below(board.dice, before - least + 1)):
        v = node[v, PREV]
    return v


@compiled
def leaves_with(world: World, board: Board, v: int, other: int) -> bool:
    """Whether a node leaves its lane when visit v is removed."""
    x = visit_of(world, board, other)
    if x == v:
        return True
    for k in range(world.link_at[v], world.link_at[v + 1]):
        if world.link[k, HOW] == TOGETHER and world.link[k, OTHER] == x:
            return True
    return False


@compiled
def remove_one(world: World, board: Board, v: int) -> int:
    """Take out visit v, unless it is locked where it is; the change of cost."""
    if world.about[v, FLAGS] & LOCKED or board.node[v, LANE] < 0:
        return 0
    board.out[board.ctl[REMOVED]] = v
    board.ctl[REMOVED] += 1
    return take_out(world, board, v)


@compiled
def remove(world: World, board: Board, v: int) -> int:
    """Take out visit v and those that must be on the same lane or in step; the change of cost."""
    change = remove_one(world, board, v)
    for k in range(world.link_at[v], world.link_at[v + 1]):
        other = world.link[k, OTHER]
        how = world.link[k, HOW]
        if how in (TOGETHER, LAG) and board.node[other, LANE] >= 0:
            change += remove_one(world, board, other)
    return change


@compiled
def draw_string(board: Board, c: int, size: int) -> tuple[int, int, int]:
    """A string of so many visits with c in it, perhaps keeping some in its middle.

    Its first node, how many leave before those that are kept, and how many are kept.
    """
    node, dice = board.node, board.dice
    most = board.lane[node[c, LANE], SIZE]
    kept = 0
    if 1 < size < most and next32(dice) & 1:
        kept = 1
        while size + kept < most and next32(dice) & 128 == 0:
            kept += 1
    v = first_of_string(board, c, size + kept)
    return v, size if kept == 0 else below(dice, size + 1), kept


@compiled
def remove_string(world: World, board: Board, c: int, size: int) -> int:
    """Remove a string of so many visits with c in it, perhaps keeping some in its middle."""
    node = board.node
    v, split, kept = draw_string(board, c, size)
    change = 0
    for x in range(size + kept):
        if node[v, NEXT] < 0:
            break
        on = node[v, NEXT]
        if x < split or x >= split + kept:
            first = visit_of(world, board, v)
            while node[on, NEXT] >= 0 and leaves_with(world, board, first, on):
                on = node[on, NEXT]
            change += remove(world, board, first)
        v = on
    return change


@compiled
def ruin(world: World, board: Board, mean: float, longest: float) -> int:
    """Remove ``mean`` visits on average, in strings of at most ``longest``; the change of cost.

    Where no lane is to be opened, the first string is a whole lane.
    """
    ctl, dice = board.ctl, board.dice
    served = max(1, world.size[0] - ctl[BANK])
    length = max(1.0, min(longest, served / max(1, ctl[USED])))
    left = int(unit(dice) * (4.0 * mean / (1.0 + length) - 1.0) + 1.0)
    seed = below(dice, world.size[0])
    ctl[SEED] = seed
    change = 0
    for z in range(-1, world.near.shape[1]):
        c = seed if z < 0 else world.near[seed, z]
        r = board.node[c, LANE]
        if r < 0 or board.lane[r, HIT] == ctl[ITERATION]:
            continue
        board.lane[r, HIT] = ctl[ITERATION]
        size = int(unit(dice) * min(float(board.lane[r, SIZE]), length) + 1.0)
        if z < 0 and ctl[SHUT] and board.lane[r, SIZE] <= _WHOLE:
            size = board.lane[r, SIZE]
        change += remove_string(world, board, c, min(board.lane[r, SIZE], size))
        left -= 1
        if left <= 0:
            break
    return change
