"""The search in which starts move: ruin and recreate, each place at its full price."""

from __future__ import annotations

import math

from solver.core.anneal import Heat, Style, keep_best, penalties
from solver.core.jit import compiled, entry, inlined
from solver.core.layout import (
    BANK,
    BEST,
    COST,
    FEW_SHIFTS,
    FIX,
    HIT,
    ITERATION,
    LANE,
    LENGTH,
    NEXT,
    OLD_BANK,
    PREV,
    REMOVED,
    SIZE,
    STOP,
    USED,
    Board,
    Table,
    World,
)
from solver.core.load import NODE, ON
from solver.core.recreate import call_back, choose_order, order_removed
from solver.core.ripple import (
    DUE_END,
    ENDS,
    IN_STEP,
    LATE,
    MOST_LATE,
    PUSHED,
    WAY,
    Pond,
    lateness,
    link,
    remember,
    restore,
    settle,
    unlink,
)
from solver.core.ripple_place import may_be, place_one, place_two
from solver.core.rng import below, unit
from solver.core.ruin import draw_string

_OF_THE_LATE, _AMONG = 4, 8
"""One step in so many begins with the latest of some visits, of one in so many."""


@compiled
def remove(world: World, board: Board, pond: Pond, v: int) -> None:
    """Take out visit v and those in step with it."""
    unlink(world, board, pond, v)
    board.out[board.ctl[REMOVED]] = v
    board.ctl[REMOVED] += 1
    for k in range(pond.push_at[v], pond.push_at[v + 1]):
        x = pond.push[k, PUSHED]
        if pond.push[k, IN_STEP] and board.node[x, LANE] >= 0:
            unlink(world, board, pond, x)
            board.out[board.ctl[REMOVED]] = x
            board.ctl[REMOVED] += 1


@compiled
def remove_string(world: World, board: Board, pond: Pond, c: int, size: int) -> None:
    """Remove a string of so many visits with c in it, perhaps keeping some in its middle."""
    node = board.node
    v, split, kept = draw_string(board, c, size)
    for x in range(size + kept):
        if node[v, NEXT] < 0:
            break
        on = node[v, NEXT]
        if x < split or x >= split + kept:
            remove(world, board, pond, v)
        v = on


@inlined
def overdue(board: Board, v: int) -> int:
    """How late visit v is; negative if it could be later."""
    return int(board.node[v, ENDS] - board.node[v, DUE_END])


@compiled
def seed_of(world: World, board: Board) -> int:
    """A visit to begin with: any, or at times the latest of some."""
    dice = board.dice
    seed = below(dice, world.size[0])
    if below(dice, _OF_THE_LATE) == 0:
        for _ in range(world.size[0] // _AMONG):
            v = below(dice, world.size[0])
            if overdue(board, v) > overdue(board, seed):
                seed = v
    return seed


@compiled
def ruin(world: World, board: Board, pond: Pond, style: Style) -> None:
    """Remove about so many visits in strings from lanes around one."""
    ctl, dice = board.ctl, board.dice
    served = max(1, world.size[0] - ctl[BANK])
    length = max(1.0, min(style[1], served / max(1, ctl[USED])))
    left = int(unit(dice) * (4.0 * style[0] / (1.0 + length) - 1.0) + 1.0)
    seed = seed_of(world, board)
    for z in range(-1, world.near.shape[1]):
        c = seed if z < 0 else world.near[seed, z]
        r = board.node[c, LANE]
        if r < 0 or board.lane[r, HIT] == ctl[ITERATION]:
            continue
        board.lane[r, HIT] = ctl[ITERATION]
        size = int(unit(dice) * min(float(board.lane[r, SIZE]), length) + 1.0)
        remove_string(world, board, pond, c, min(board.lane[r, SIZE], size))
        left -= 1
        if left <= 0:
            break


@compiled
def partner_of(board: Board, pond: Pond, c: int) -> int:
    """The visit in step with c that has no place either, -1 if there is none."""
    for k in range(pond.push_at[c], pond.push_at[c + 1]):
        x = pond.push[k, PUSHED]
        if pond.push[k, IN_STEP] and board.node[x, LANE] < 0:
            return int(x)
    return -1


@compiled
def recreate(world: World, board: Board, pond: Pond, blink: int) -> None:
    """Put back what was removed, two in step at once; what finds no place goes to the bank."""
    ctl = board.ctl
    for k in range(ctl[REMOVED]):
        c = board.out[k]
        if board.node[c, LANE] >= 0:
            continue
        d = partner_of(board, pond, c)
        if d >= 0 and place_two(world, board, pond, c, d, blink):
            continue
        if not place_one(world, board, pond, c, blink):
            board.bank[ctl[BANK]] = c
            ctl[BANK] += 1
    ctl[REMOVED] = 0


@compiled
def whole(world: World, board: Board, pond: Pond) -> int:
    """The whole price of the present plan."""
    return int(pond.sums[WAY] + lateness(world, pond) + penalties(world, board))


@compiled
def shelve(world: World, board: Board) -> None:
    """The present plan is the best so far; its starts are kept as agreed ones."""
    for v in range(world.size[0]):
        board.node[v, FIX] = board.node[v, ENDS] - board.node[v, LENGTH]
    keep_best(board)


@compiled
def rebuild(world: World, board: Board, pond: Pond, style: Style) -> bool:
    """Take some visits out and put them back; whether all times hold without them."""
    ruin(world, board, pond, style)
    call_back(board, board.ctl[BANK])
    order_removed(world, board, choose_order(board))
    held = settle(world, board, pond)
    if held:
        recreate(world, board, pond, style[2])
    return held


@compiled
def step(world: World, board: Board, pond: Pond, temperature: float, style: Style) -> None:
    """One ruin and recreate, kept or undone."""
    ctl, sums = board.ctl, pond.sums
    ctl[ITERATION] += 1
    remember(world, board, pond)
    way, late, most, used = sums[WAY], sums[LATE], sums[MOST_LATE], ctl[USED]
    ctl[OLD_BANK] = ctl[BANK]
    for k in range(ctl[BANK]):
        board.old_bank[k] = board.bank[k]
    held = rebuild(world, board, pond, style)
    cost = whole(world, board, pond)
    if held and cost - ctl[COST] < -temperature * math.log(unit(board.dice) + 1e-12):
        ctl[COST] = cost
        if cost < ctl[BEST]:
            shelve(world, board)
        return
    restore(world, board, pond)
    sums[WAY], sums[LATE], sums[MOST_LATE], ctl[USED] = way, late, most, used
    ctl[REMOVED], ctl[BANK] = 0, ctl[OLD_BANK]
    for k in range(ctl[BANK]):
        board.bank[k] = board.old_bank[k]


@entry
def search(world: World, board: Board, pond: Pond, steps: int, heat: Heat, style: Style) -> None:
    """So many steps, or until told to stop; the temperature falls with the share of the budget."""
    ctl, share = board.ctl, heat[2]
    for _ in range(steps):
        if ctl[STOP]:
            break
        temperature = heat[0] * math.exp(share * math.log(heat[1] / heat[0]))
        step(world, board, pond, temperature, style)
        share += heat[3]


@inlined
def take_over(world: World, board: Board, pond: Pond, stops: Table) -> None:
    """Put stops behind what stands on their lanes; all or nothing, if the times do not hold."""
    for k in range(stops.shape[0]):
        v, r = stops[k, NODE], stops[k, ON]
        if board.node[v, LANE] < 0 and may_be(world, board, pond, v, r):
            link(world, board, pond, v, board.node[world.size[1] + 2 * r + 1, PREV])
    if not settle(world, board, pond):
        for v in range(world.size[0]):
            if board.node[v, LANE] >= 0:
                unlink(world, board, pond, v)
        settle(world, board, pond)


@entry
def begin(world: World, board: Board, pond: Pond, stops: Table, blink: int) -> None:
    """On an empty board: what holds of earlier stops, and all that fits beside it."""
    ctl = board.ctl
    ctl[ITERATION] += 1
    take_over(world, board, pond, stops)
    for v in range(world.size[0]):
        if board.node[v, LANE] < 0:
            board.out[ctl[REMOVED]] = v
            ctl[REMOVED] += 1
    order_removed(world, board, FEW_SHIFTS)
    recreate(world, board, pond, blink)
    ctl[COST] = whole(world, board, pond)
    shelve(world, board)
