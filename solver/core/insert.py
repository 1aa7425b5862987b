"""Where a visit of one crew may go, and what it costs there."""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    ALIKE,
    BANK,
    CNEXT,
    DATE,
    DAY,
    DAYS,
    DEMAND,
    FAR,
    FILLING,
    FIXED,
    FLAGS,
    FROM_COST,
    FROM_TIME,
    GAP,
    HOW,
    ITERATION,
    KEPT_OF_LANE,
    LANE,
    LANES_LOGGED,
    LOAD,
    MOST_TRAVEL,
    MOST_VISITS,
    NEXT,
    OPTIONAL,
    OTHER,
    PENALTY,
    PREV,
    PROFILE,
    READY0,
    READY1,
    ROOM,
    SERVICE,
    SETUP,
    SHUT,
    SITE,
    SIZE,
    SLOTS,
    STAMP,
    TO_COST,
    TO_TIME,
    TOGETHER,
    TRAVEL,
    USED,
    Board,
    World,
)
from solver.core.outing import is_short
from solver.core.rng import below, next32
from solver.core.soft import fair_price, soft_price
from solver.core.timing import arrives, forward, holds_with, rest_of

_BESIDE = 24
"""Places are looked for beside so many neighbours that are on lanes open to a visit."""
Place = tuple[int, int]
"""A change of cost and the node behind which the visit goes, -1 if there is none."""
Limits = tuple[int, int]
"""The days on which a visit's series lets it be, as bits, and the lane of its company or -1."""


@compiled
def days_apart(world: World, board: Board, r: int, least: int) -> int:
    """The days, as bits, that lie at least so many calendar days from the day of lane r."""
    days = 0
    for day in range(world.size[3]):
        if abs(world.date[day] - board.lane[r, DATE]) >= least:
            days |= 1 << day
    return days


@compiled
def limits_of(world: World, board: Board, c: int) -> Limits:
    """What the places of other visits leave to visit c."""
    days, lane = -1, -1
    for k in range(world.link_at[c], world.link_at[c + 1]):
        r = board.node[world.link[k, OTHER], LANE]
        if r < 0:
            continue
        if world.link[k, HOW] == TOGETHER:
            if lane >= 0 and lane != r:
                days = 0
            lane = r
        elif world.link[k, HOW] == GAP:
            days &= days_apart(world, board, r, world.link[k, DAYS])
    return days, lane


@compiled
def has_kits(world: World, board: Board, c: int, r: int) -> bool:
    """Whether the pool and the slots of lane r have what visit c needs."""
    new = 0
    for k in range(world.kit_at[c], world.kit_at[c + 1]):
        kit = world.kit[k]
        if not world.owned[r, kit] and board.bag[r, kit] == 0:
            if board.taken[board.lane[r, DAY], kit] >= world.pool[kit]:
                return False
            new += 1
    if new:
        for kit in range(world.pool.shape[0]):
            new += board.bag[r, kit] > 0
    return bool(new <= board.lane[r, SLOTS])


@inlined
def has_room(world: World, board: Board, c: int, r: int) -> bool:
    """Whether lane r has room for visit c: numbers, demand and kits."""
    lane = board.lane
    room = lane[r, SIZE] < lane[r, MOST_VISITS]
    room = room and lane[r, LOAD] + world.about[c, DEMAND] <= lane[r, ROOM]
    if room and world.kit_at[c + 1] > world.kit_at[c]:
        room = has_kits(world, board, c, r)
    return bool(room)


@inlined
def is_open(world: World, board: Board, c: int, r: int, limits: Limits) -> bool:
    """Whether visit c may be on lane r at all, as the other visits stand."""
    return (
        world.fee[c, r] < FAR
        and (limits[0] >> board.lane[r, DAY]) & 1 == 1
        and (limits[1] < 0 or limits[1] == r)
        and has_room(world, board, c, r)
    )


@inlined
def price(world: World, board: Board, c: int, i: int) -> int:
    """By how much the cost rises with node c behind node i, as far as the way decides it."""
    node, lane = board.node, board.lane
    r, j = node[i, LANE], node[i, NEXT]
    row = world.arc[lane[r, PROFILE], node[c, SITE]]
    more = row[node[i, SITE], FROM_COST] + row[node[j, SITE], TO_COST] - node[i, CNEXT]
    if lane[r, SIZE] == 0:
        more += lane[r, FIXED]
    return int(more + world.fee[c, r])


@inlined
def fits(world: World, board: Board, c: int, i: int) -> bool:
    """Whether a lane holds its times, and its most minutes driving and out, with c behind i."""
    node, lane = board.node, board.lane
    r, j, site = node[i, LANE], node[i, NEXT], node[c, SITE]
    row = world.arc[lane[r, PROFILE], site]
    there, on = row[node[i, SITE], FROM_TIME], row[node[j, SITE], TO_TIME]
    if site == node[i, SITE] or site == node[j, SITE] or node[i, SITE] == node[j, SITE]:
        held = holds_with(world, board, c, i, j)
    else:
        rest = rest_of(lane, r)
        leg = (there, node[c, SETUP] + node[c, SERVICE])
        ready = forward(world, board, c, rest, (node[i, READY0], node[i, READY1]), leg)
        held = arrives(board, rest, ready, on, j)
    if held and lane[r, MOST_TRAVEL] < FAR:
        old = world.arc[lane[r, PROFILE], node[i, SITE], node[j, SITE], TO_TIME]
        held = lane[r, TRAVEL] + there + on - old <= lane[r, MOST_TRAVEL]
    return held and is_short(world, board, r, c, i)


@inlined
def full_price(world: World, board: Board, c: int, i: int) -> int:
    """The same with what it does to the balance of the teams, where that is looked at."""
    return price(world, board, c, i) + fair_price(world, board, c, i)


@inlined
def better(world: World, board: Board, c: int, i: int, offer: tuple[int, Place]) -> Place:
    """The place behind node i if it holds and is cheaper than the best so far, times included.

    ``offer`` is its price without that of times, and the best place.
    """
    cost, best = offer
    if cost < best[0] and fits(world, board, c, i):
        cost += soft_price(world, board, c, i)
        if cost < best[0]:
            best = cost, i
    return best


@inlined
def is_too_dear(world: World, c: int, cost: int) -> bool:
    """Whether visit c had better be left out than served at such a cost."""
    return bool(world.about[c, FLAGS] & OPTIONAL and cost >= world.about[c, PENALTY])


@compiled
def best_place(world: World, board: Board, c: int, limits: Limits, blink: int) -> Place:
    """The cheapest place beside a candidate neighbour; a place is overlooked at times (blinks)."""
    node = board.node
    best, left = (FAR, -1), _BESIDE
    row = world.candidate[c]
    if world.about[c, FLAGS] & OPTIONAL and 2 * board.ctl[BANK] > world.size[0]:
        row = world.near[c]  # most of those beside it are left out
    for z in range(row.shape[0]):
        v = row[z]
        if v < 0 or left == 0:
            break
        r = node[v, LANE]
        if r < 0 or not is_open(world, board, c, r, limits):
            continue
        left -= 1
        cost = full_price(world, board, c, v)
        if cost < best[0] and next32(board.dice) >= blink:
            best = better(world, board, c, v, (cost, best))
        i = node[v, PREV]
        cost = full_price(world, board, c, i)
        if cost < best[0] and next32(board.dice) >= blink:
            best = better(world, board, c, i, (cost, best))
    return best


@compiled
def empty_place(world: World, board: Board, c: int, limits: Limits, best: Place) -> Place:
    """The cheapest empty lane, if it is cheaper than the best place so far.

    Empty lanes cost the same on many days, and the day decides who else can come aboard: of equal
    ones the first after a random one. Of lanes alike that stand side by side one is looked at.
    """
    lanes = world.size[2]
    if board.ctl[USED] < lanes and not board.ctl[SHUT]:
        first, k = below(board.dice, lanes), 0
        while k < lanes:
            r = (first + k) % lanes
            k += 1
            if board.lane[r, SIZE] == 0:
                k += board.lane[r, ALIKE]
                i = world.size[1] + 2 * r
                cost = full_price(world, board, c, i)
                if cost < best[0] and is_open(world, board, c, r, limits):
                    best = better(world, board, c, i, (cost, best))
    return best


@compiled
def place_on(world: World, board: Board, c: int, r: int, best: Place) -> Place:
    """The cheapest place on lane r, if it is cheaper than the best so far."""
    node = board.node
    i = world.size[1] + 2 * r
    while node[i, NEXT] >= 0:
        best = better(world, board, c, i, (full_price(world, board, c, i), best))
        i = node[i, NEXT]
    return best


@compiled
def any_place(world: World, board: Board, c: int, limits: Limits) -> Place:
    """The cheapest place of all; of a visit left out before, on the lanes that changed since.

    What no lane took before finds room only where something was taken out.
    """
    best = (FAR, -1)
    was_in = board.ctl[FILLING] or board.node[c, STAMP] == board.ctl[ITERATION]
    lanes = world.size[2] if was_in else board.ctl[LANES_LOGGED]
    for k in range(lanes):
        r = k if was_in else int(board.lane_log[k, KEPT_OF_LANE])
        if is_open(world, board, c, r, limits):
            best = place_on(world, board, c, r, best)
    return best
