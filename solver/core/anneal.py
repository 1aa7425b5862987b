"""The search: ruin and recreate, accepted as simulated annealing does."""

from __future__ import annotations

import math

from solver.core.jit import compiled, entry
from solver.core.layout import (
    BANK,
    BEST,
    BEST_LEFT,
    COST,
    FAIR,
    FAR,
    FIX,
    IMBALANCE,
    ITERATION,
    KEPT_FIX,
    KEPT_LANE,
    KEPT_NEXT,
    LANE,
    LANES_LOGGED,
    NEXT,
    NODES_LOGGED,
    OLD_BANK,
    PENALTY,
    PER_IMBALANCE,
    SHUT,
    STOP,
    Board,
    Table,
    World,
)
from solver.core.links import undo
from solver.core.recreate import (
    MOST_CALLED,
    call_back,
    call_near,
    choose_order,
    is_sound,
    order_removed,
    recreate,
)
from solver.core.rng import below, unit
from solver.core.ruin import ruin
from solver.core.soft import reprice, set_fair
from solver.core.tails import exchange_tails

Heat = tuple[float, float, float, float]
"""Temperature at the beginning and at the end, share of the budget used, and share per step."""
Style = tuple[float, float, int]
"""Mean number removed, longest string, and the chance of a blink (of 2**32)."""
_SHUT_ONCE_IN = 24
"""One step in so many tries to do with a lane less."""
_FAIR_ONCE_IN = 4
"""Where imbalance has a price, one step in so many looks at it in choosing places."""
_TAILS_ONCE_IN = 4
"""One step in so many exchanges tails instead."""


@compiled
def begin_step(board: Board) -> None:
    """Nothing is logged yet."""
    board.ctl[ITERATION] += 1
    board.ctl[NODES_LOGGED] = 0
    board.ctl[LANES_LOGGED] = 0


@compiled
def penalties(world: World, board: Board) -> int:
    """The price of all that is left out."""
    total = 0
    for k in range(board.ctl[BANK]):
        total += world.about[board.bank[k], PENALTY]
    return total


@compiled
def keep(board: Board, shelf: Table) -> None:
    """Copy the present plan."""
    for v in range(board.node.shape[0]):
        shelf[v, KEPT_NEXT] = board.node[v, NEXT]
        shelf[v, KEPT_LANE] = board.node[v, LANE]
        shelf[v, KEPT_FIX] = board.node[v, FIX]


@compiled
def keep_best(board: Board) -> None:
    """The present plan is the best so far."""
    ctl = board.ctl
    ctl[BEST] = ctl[COST]
    ctl[BEST_LEFT] = ctl[BANK]
    keep(board, board.best)


@compiled
def rebuild(world: World, board: Board, style: Style) -> int:
    """Ruin and recreate; the change of cost, penalties left out."""
    board.ctl[SHUT] = below(board.dice, _SHUT_ONCE_IN) == 0
    board.ctl[FAIR] = FAR
    if world.price[PER_IMBALANCE] and below(board.dice, _FAIR_ONCE_IN) == 0:
        set_fair(world, board)
    change = ruin(world, board, style[0], style[1])
    if board.ctl[BANK] > MOST_CALLED:
        call_near(world, board, MOST_CALLED)
    else:
        call_back(board, MOST_CALLED)
    order_removed(world, board, choose_order(board))
    change += recreate(world, board, style[2])
    board.ctl[SHUT] = 0
    return change


@compiled
def step(world: World, board: Board, temperature: float, style: Style) -> None:
    """One ruin and recreate, kept or undone."""
    ctl = board.ctl
    begin_step(board)
    before, balance = penalties(world, board), ctl[IMBALANCE]
    ctl[OLD_BANK] = ctl[BANK]
    for k in range(ctl[BANK]):
        board.old_bank[k] = board.bank[k]
    limit = -temperature * math.log(unit(board.dice) + 1e-12)
    if below(board.dice, _TAILS_ONCE_IN) == 0:
        change = exchange_tails(world, board, limit)
    else:
        change = rebuild(world, board, style)
    change += reprice(world, board) + penalties(world, board) - before
    if change < limit and is_sound(world, board):
        ctl[COST] += change
        if ctl[COST] < ctl[BEST]:
            keep_best(board)
        return
    undo(world, board)
    ctl[IMBALANCE] = balance
    ctl[BANK] = ctl[OLD_BANK]
    for k in range(ctl[BANK]):
        board.bank[k] = board.old_bank[k]


@entry
def anneal(world: World, board: Board, steps: int, heat: Heat, style: Style) -> None:
    """So many steps, or until told to stop; the temperature falls with the share of the budget."""
    ctl, share = board.ctl, heat[2]
    for _ in range(steps):
        if ctl[STOP]:
            break
        temperature = heat[0] * math.exp(share * math.log(heat[1] / heat[0]))
        step(world, board, temperature, style)
        share += heat[3]
