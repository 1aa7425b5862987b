"""Recreate: what was removed, and some of what was left out, goes back to its cheapest place."""

from __future__ import annotations

from solver.core.insert import any_place, best_place, empty_place, is_too_dear, limits_of, price
from solver.core.jit import compiled, inlined
from solver.core.layout import (
    APPOINTED,
    BANK,
    DEAR,
    FAR,
    FAR_OUT,
    FEW_SHIFTS,
    FILLING,
    FLAGS,
    KEPT_OF_LANE,
    LANES_LOGGED,
    LONG,
    MOST_TRAVEL,
    NEAR_BY,
    PENALTY,
    PREV,
    PROFILE,
    READY0,
    READY1,
    REMOVED,
    SEED,
    SITE,
    SIZE,
    TO_TIME,
    TRAVEL,
    Board,
    World,
)
from solver.core.linked import place_linked
from solver.core.links import put
from solver.core.outing import is_short
from solver.core.rng import below, next32
from solver.core.soft import renew
from solver.core.timing import arrives, rest_of

MOST_CALLED = 12
_NEARLY, _FAR_OFF = 7, 63
"""Of dice of so many sides and one, a nought: a visit too dear by little, and by much, is tried."""
EVERYWHERE = -1
SHARES = (
    *(FEW_SHIFTS,) * 6, *(LONG,) * 3, *(DEAR,) * 2, *(FAR_OUT,) * 2, NEAR_BY, *(-1,) * 6,
)  # fmt: skip
"""How often each order is drawn: so many in twenty; -1 is a random order."""


@compiled
def call_back(board: Board, most: int) -> None:
    """Move up to so many visits that are left out among those to be put back."""
    ctl = board.ctl
    for _ in range(min(ctl[BANK], most)):
        k = below(board.dice, ctl[BANK])
        ctl[BANK] -= 1
        board.out[ctl[REMOVED]] = board.bank[k]
        board.bank[k] = board.bank[ctl[BANK]]
        ctl[REMOVED] += 1


@compiled
def call_near(world: World, board: Board, most: int) -> None:
    """Of many visits that are left out, move those near where it was ruined among the removed."""
    ctl = board.ctl
    row = world.arc[0, board.node[ctl[SEED], SITE]]
    edge = world.near[ctl[SEED], below(board.dice, world.near.shape[1])]
    reach = row[board.node[edge, SITE], TO_TIME]
    k, left = ctl[BANK] - 1, most
    while k >= 0 and left > 0:
        v = board.bank[k]
        if row[board.node[v, SITE], TO_TIME] <= reach:
            ctl[BANK] -= 1
            board.bank[k] = board.bank[ctl[BANK]]
            board.out[ctl[REMOVED]] = v
            ctl[REMOVED] += 1
            left -= 1
        k -= 1


@compiled
def choose_order(board: Board) -> int:
    """A key for the order in which visits are put back, -1 for a random one."""
    return SHARES[below(board.dice, len(SHARES))]


@compiled
def order_removed(world: World, board: Board, key: int) -> None:
    """Shuffle what is to be put back, and sort it by a key if there is one."""
    out, size = board.out, board.ctl[REMOVED]
    for i in range(size - 1, 0, -1):
        k = below(board.dice, i + 1)
        out[i], out[k] = out[k], out[i]
    if key < 0:
        return
    for i in range(1, size):
        v = out[i]
        rank, k = world.order[key, v], i - 1
        while k >= 0 and world.order[key, out[k]] > rank:
            out[k + 1] = out[k]
            k -= 1
        out[k + 1] = v


@inlined
def is_tried(world: World, board: Board, c: int, cost: int) -> bool:
    """Whether a visit is put in although it is too dear: others near it may then pay for it."""
    if board.ctl[FILLING]:
        return False
    is_near = cost < 2 * world.about[c, PENALTY]
    return next32(board.dice) & (_NEARLY if is_near else _FAR_OFF) == 0


@compiled
def place(world: World, board: Board, c: int, blink: int) -> int:
    """Put visit c where it is cheapest; the change of cost, FAR if it has to be left out."""
    limits = limits_of(world, board, c)
    flags = world.about[c, FLAGS]
    if limits[0] == 0:
        return FAR
    if flags & APPOINTED:
        return place_linked(world, board, c, limits, blink)
    best = (FAR, -1)
    if blink >= 0:
        best = best_place(world, board, c, limits, blink)
        best = empty_place(world, board, c, limits, best)
    if best[1] < 0:
        best = any_place(world, board, c, limits)
    if best[1] < 0 or (is_too_dear(world, c, best[0]) and not is_tried(world, board, c, best[0])):
        return FAR
    cost = price(world, board, c, best[1])
    put(world, board, c, best[1])
    return cost


@compiled
def recreate(world: World, board: Board, blink: int) -> int:
    """Put all removed visits back where they are cheapest; the change of cost, penalties left out.

    A negative ``blink`` looks everywhere.
    """
    ctl, change = board.ctl, 0
    renew(world, board)
    for k in range(ctl[REMOVED]):
        c = board.out[k]
        cost = place(world, board, c, blink)
        if cost >= FAR:
            board.bank[ctl[BANK]] = c
            ctl[BANK] += 1
        else:
            change += cost
            renew(world, board)
    ctl[REMOVED] = 0
    return change


@compiled
def lane_holds(world: World, board: Board, r: int) -> bool:
    """Whether lane r is home in time, its break taken, and neither drives nor is out too long."""
    node, lane = board.node, board.lane
    if lane[r, SIZE] == 0:
        return True
    end = world.size[1] + 2 * r + 1
    last = node[end, PREV]
    travel = world.arc[lane[r, PROFILE], node[last, SITE], node[end, SITE], TO_TIME]
    ready = (node[last, READY0], node[last, READY1])
    if lane[r, TRAVEL] > lane[r, MOST_TRAVEL]:
        return False
    held = arrives(board, rest_of(lane, r), ready, travel, end)
    return held and is_short(world, board, r, -1, -1)


@compiled
def is_sound(world: World, board: Board) -> bool:
    """Whether the lanes that changed still hold: a way round a visit may be longer than through it.

    Where travel times break the triangle inequality, taking a visit out can make a lane too long.
    """
    for k in range(board.ctl[LANES_LOGGED]):
        if not lane_holds(world, board, board.lane_log[k, KEPT_OF_LANE]):
            return False
    return True
