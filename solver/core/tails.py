"""Tails: two lanes of one day exchange all that stands behind a cut in each (2-opt*).

Strings alone seldom do it where routes are long: half a route is more than one step takes out.

Source: Potvin and Rousseau (1995), An Exchange Heuristic for Routeing Problems with Time Windows,
Journal of the Operational Research Society 46(12).
"""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    APPOINTED,
    CNEXT,
    DAY,
    FAR,
    FIXED,
    FLAGS,
    HOW,
    LANE,
    LOAD,
    LOCKED,
    MOST_VISITS,
    NEXT,
    OTHER,
    PREV,
    PROFILE,
    READY0,
    READY1,
    REST_FROM,
    REST_LENGTH,
    REST_TO,
    ROOM,
    SITE,
    SIZE,
    SLOTS,
    TO_COST,
    TO_TIME,
    TOGETHER,
    TRAVEL,
    USED,
    Board,
    World,
)
from solver.core.links import book, retime_backward, retime_forward, touch, touch_lane
from solver.core.rng import below
from solver.core.timing import arrives, rest_of

_TRIES = 12
"""Cuts that are looked at in one step."""
_NEAREST = 16
"""Of so many nearest visits one begins the other tail."""


@inlined
def are_alike(world: World, board: Board, r: int, q: int) -> bool:
    """Whether two lanes have the same clocks, ways and base, so that tails fit without more ado."""
    lane, ends = board.lane, world.size[1]
    return bool(
        lane[r, DAY] == lane[q, DAY]
        and lane[r, PROFILE] == lane[q, PROFILE]
        and lane[r, REST_FROM] == lane[q, REST_FROM]
        and lane[r, REST_TO] == lane[q, REST_TO]
        and lane[r, REST_LENGTH] == lane[q, REST_LENGTH]
        and board.node[ends + 2 * r + 1, SITE] == board.node[ends + 2 * q + 1, SITE]
    )


@compiled
def fees_of(world: World, board: Board, v: int, q: int) -> int:
    """By how much the fees of v and all behind it rise on lane q; FAR if they may not go there."""
    node, more = board.node, 0
    r = node[v, LANE]
    while node[v, NEXT] >= 0:
        if v >= world.size[0] or world.about[v, FLAGS] & (LOCKED | APPOINTED):
            return FAR
        if world.fee[v, q] >= FAR:
            return FAR
        for k in range(world.link_at[v], world.link_at[v + 1]):
            if world.link[k, HOW] == TOGETHER and board.node[world.link[k, OTHER], LANE] >= 0:
                return FAR
        more += world.fee[v, q] - world.fee[v, r]
        v = node[v, NEXT]
    return more


@compiled
def gain(world: World, board: Board, c: int, v: int, limit: float) -> int:
    """The change of cost if what stands behind c and what begins with v change lanes.

    FAR where it is not below ``limit``, or cannot hold.
    """
    node, lane = board.node, board.lane
    r, q, p, n = node[c, LANE], node[v, LANE], node[v, PREV], node[c, NEXT]
    row = world.arc[lane[r, PROFILE]]
    a, b = row[node[c, SITE], node[v, SITE], TO_COST], row[node[p, SITE], node[n, SITE], TO_COST]
    is_merged = node[n, NEXT] < 0 and node[p, PREV] < 0
    if is_merged:
        b = -lane[q, FIXED]
    change = a + b - node[c, CNEXT] - node[p, CNEXT]
    if change >= limit:
        return FAR
    rest = rest_of(lane, r)
    there = row[node[c, SITE], node[v, SITE], TO_TIME]
    if not arrives(board, rest, (node[c, READY0], node[c, READY1]), there, v):
        return FAR
    there = row[node[p, SITE], node[n, SITE], TO_TIME]
    if not is_merged and not arrives(board, rest, (node[p, READY0], node[p, READY1]), there, n):
        return FAR
    away = fees_of(world, board, n, q)
    back = fees_of(world, board, v, r)
    return FAR if away >= FAR or back >= FAR else int(change + away + back)


@compiled
def hand_over(world: World, board: Board, v: int, q: int) -> int:
    """Enter v and all behind it into the books of lane q; how many they are."""
    node, moved = board.node, 0
    r = node[v, LANE]
    while node[v, NEXT] >= 0:
        touch(board, v)
        book(world, board, v, r, -1)
        book(world, board, v, q, 1)
        node[v, LANE] = q
        moved += 1
        v = node[v, NEXT]
    return moved


@inlined
def join(world: World, board: Board, a: int, b: int, r: int) -> None:
    """Make b follow a on lane r."""
    node = board.node
    node[a, NEXT] = b
    node[b, PREV] = a
    node[a, CNEXT] = world.arc[board.lane[r, PROFILE], node[a, SITE], node[b, SITE], TO_COST]


@compiled
def settle(world: World, board: Board, r: int, v: int) -> bool:
    """Times and sums of lane r, of which v and what follows are new; whether it has room."""
    node, lane = board.node, board.lane
    first, end = world.size[1] + 2 * r, world.size[1] + 2 * r + 1
    travel, a = 0, first
    while node[a, NEXT] >= 0:
        b = node[a, NEXT]
        travel += world.arc[lane[r, PROFILE], node[a, SITE], node[b, SITE], TO_TIME]
        a = b
    lane[r, TRAVEL] = travel
    if lane[r, SIZE] == 0:
        lane[r, TRAVEL] = 0
        node[first, CNEXT] = 0
        board.ctl[USED] -= 1
    else:
        retime_forward(world, board, v)
        retime_backward(world, board, node[end, PREV], lane[r, SIZE])
    held = lane[r, SIZE] <= lane[r, MOST_VISITS] and lane[r, LOAD] <= lane[r, ROOM]
    return bool(held)


@compiled
def has_enough(world: World, board: Board, r: int) -> bool:
    """Whether lane r has the slots, and its day the kits, for what it holds."""
    used = 0
    for kit in range(world.pool.shape[0]):
        if board.bag[r, kit] > 0:
            used += 1
            if board.taken[board.lane[r, DAY], kit] > world.pool[kit]:
                return False
    return bool(used <= board.lane[r, SLOTS])


@compiled
def exchange(world: World, board: Board, c: int, v: int) -> bool:
    """What stands behind c and what begins with v change lanes; whether both have room for it."""
    node, lane, ends = board.node, board.lane, world.size[1]
    r, q, p, n = node[c, LANE], node[v, LANE], node[v, PREV], node[c, NEXT]
    touch_lane(board, r)
    touch_lane(board, q)
    home_r, home_q = ends + 2 * r + 1, ends + 2 * q + 1
    last_r, last_q = node[home_r, PREV], node[home_q, PREV]
    touch(board, c)
    touch(board, p)
    touch(board, home_r)
    touch(board, home_q)
    there = hand_over(world, board, n, q)
    here = hand_over(world, board, v, r)
    lane[r, SIZE] += here - there
    lane[q, SIZE] += there - here
    join(world, board, c, v, r)
    join(world, board, last_q, home_r, r)
    if there:
        join(world, board, p, n, q)
        join(world, board, last_r, home_q, q)
    else:
        join(world, board, p, home_q, q)
    held = settle(world, board, r, v)
    held = settle(world, board, q, node[p, NEXT]) and held
    return held and has_enough(world, board, r) and has_enough(world, board, q)


@compiled
def exchange_tails(world: World, board: Board, limit: float) -> int:
    """Exchange two tails near each other where that costs less than ``limit``; the change of cost.

    FAR where none was found or the lanes have no room.
    """
    node = board.node
    most = min(_NEAREST, world.near.shape[1])
    for _ in range(_TRIES if most > 0 else 0):
        c = below(board.dice, world.size[0])
        v = world.near[c, below(board.dice, most)]
        r, q = node[c, LANE], node[v, LANE]
        if r < 0 or q < 0 or r == q or not are_alike(world, board, r, q):
            continue
        change = gain(world, board, c, v, limit)
        if change < limit:
            return change if exchange(world, board, c, v) else FAR
    return FAR
