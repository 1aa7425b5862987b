"""Appointments: visits whose start more than one lane has a say in.

Visits of two crews, and visits that stand before or after others, get an agreed start when they
are put in and keep it, so each lane can be timed alone. Taking the visit out frees the start.
"""

from __future__ import annotations

from solver.core.insert import Limits, fits, full_price, is_open, is_too_dear, price
from solver.core.jit import compiled, inlined
from solver.core.layout import (
    DAY,
    FAR,
    FIRST,
    FIX,
    FROM_TIME,
    HOW,
    LAG,
    LANE,
    LEAST,
    MOST,
    NEXT,
    OTHER,
    PIN_TEAM,
    PREPARE,
    PREV,
    PROFILE,
    READY0,
    READY1,
    SHUT,
    SITE,
    SIZE,
    SPOT_DELTA,
    SPOT_LANE,
    SPOT_NODE,
    SPOT_START,
    SPOTS,
    TEAM,
    THEN,
    TO_TIME,
    TWIN,
    Board,
    Table,
    World,
)
from solver.core.links import drop, put, touch
from solver.core.rng import next32
from solver.core.soft import soft_price
from solver.core.timing import arrives, forward, rest_of, start_after

Span = tuple[int, int, int]
"""The days on which an appointment may be, as bits, and its first and last start."""


@compiled
def span_of(world: World, board: Board, c: int) -> Span:
    """What the appointments before and after visit c leave to it."""
    days, first, last = -1, 0, FAR
    for k in range(world.link_at[c], world.link_at[c + 1]):
        other, how = world.link[k, OTHER], world.link[k, HOW]
        r = board.node[other, LANE]
        if r < 0:
            continue
        if how == FIRST:
            days &= 1 << board.lane[r, DAY]
            first = max(first, board.node[other, FIX] + world.about[other, PREPARE])
        elif how == THEN:
            days &= 1 << board.lane[r, DAY]
            last = min(last, board.node[other, FIX] - world.about[c, PREPARE])
        elif how == LAG:
            days &= 1 << board.lane[r, DAY]
            first = max(first, board.node[other, FIX] + world.link[k, LEAST])
            last = min(last, board.node[other, FIX] + world.link[k, MOST])
    return days, first, last


@compiled
def is_other_team(world: World, board: Board, c: int, r: int) -> bool:
    """Whether lane r has none of the teams that make the visits in step with c."""
    for k in range(world.link_at[c], world.link_at[c + 1]):
        s = board.node[world.link[k, OTHER], LANE]
        if world.link[k, HOW] == LAG and s >= 0 and board.lane[s, TEAM] == board.lane[r, TEAM]:
            return False
    return True


@inlined
def is_known(spot: Table, i: int) -> bool:
    """Whether the place behind node i is among the cheapest already."""
    found = False
    for z in range(SPOTS):
        found = found or (spot[z, SPOT_NODE] == i and spot[z, SPOT_DELTA] < FAR)
    return bool(found)


@inlined
def price_at(world: World, board: Board, c: int, i: int, start: int) -> int:
    """By how much the prices of times rise with visit c, begun at ``start``, behind node i."""
    node = board.node
    was = node[c, FIX]
    node[c, FIX] = start
    more = soft_price(world, board, c, i)
    node[c, FIX] = was
    return more


@compiled
def consider(world: World, board: Board, c: int, i: int, span: Span) -> None:
    """Enter the place behind node i into the cheapest of its day, if it holds."""
    node, lane = board.node, board.lane
    r, j = node[i, LANE], node[i, NEXT]
    spot = board.spot[lane[r, DAY]]
    cost = full_price(world, board, c, i)
    if cost >= spot[SPOTS - 1, SPOT_DELTA] or not is_other_team(world, board, c, r):
        return
    row = world.arc[lane[r, PROFILE], node[c, SITE]]
    there, rest, length = row[node[i, SITE], FROM_TIME], rest_of(lane, r), world.about[c, PREPARE]
    least = span[1] - there
    ready = (max(node[i, READY0], least), max(node[i, READY1], least))
    ready = forward(world, board, c, rest, ready, (there, length))
    start = min(ready[0], ready[1]) - length
    if start > span[2] or not arrives(board, rest, ready, row[node[j, SITE], TO_TIME], j):
        return
    cost += price_at(world, board, c, i, start)
    if cost >= spot[SPOTS - 1, SPOT_DELTA] or is_known(spot, i):
        return
    k = SPOTS - 1
    while k > 0 and spot[k - 1, SPOT_DELTA] > cost:
        for column in range(4):
            spot[k, column] = spot[k - 1, column]
        k -= 1
    spot[k, SPOT_DELTA] = cost
    spot[k, SPOT_NODE] = i
    spot[k, SPOT_LANE] = r
    spot[k, SPOT_START] = start


@compiled
def look_beside(world: World, board: Board, c: int, limits: Limits, span: Span, blink: int) -> None:
    """Consider the places beside candidate neighbours."""
    node = board.node
    for z in range(world.candidate.shape[1]):
        v = world.candidate[c, z]
        if v < 0:
            break
        r = node[v, LANE]
        if r < 0 or not is_open(world, board, c, r, limits):
            continue
        if next32(board.dice) >= blink:
            consider(world, board, c, v, span)
        if next32(board.dice) >= blink:
            consider(world, board, c, node[v, PREV], span)


@compiled
def look_into_empty(world: World, board: Board, c: int, limits: Limits, span: Span) -> None:
    """Consider the empty lanes."""
    for r in range(world.size[2]):
        if board.lane[r, SIZE] == 0 and is_open(world, board, c, r, limits):
            consider(world, board, c, world.size[1] + 2 * r, span)


@compiled
def look_everywhere(world: World, board: Board, c: int, limits: Limits, span: Span) -> None:
    """Consider every place of every lane."""
    for r in range(world.size[2]):
        if is_open(world, board, c, r, limits):
            i = world.size[1] + 2 * r
            while board.node[i, NEXT] >= 0:
                consider(world, board, c, i, span)
                i = board.node[i, NEXT]


@compiled
def holds_at(world: World, board: Board, c: int, i: int, start: int) -> bool:
    """Whether visit c, begun at ``start``, may stand behind node i."""
    node = board.node
    was = node[c, FIX]
    node[c, FIX] = start
    held = fits(world, board, c, i)
    node[c, FIX] = was
    return held


@compiled
def choose_one(world: World, board: Board, c: int) -> tuple[int, int, int]:
    """The cheapest place of one crew among those considered: cost, node and start."""
    cost, at, start = FAR, -1, 0
    for day in range(world.size[3]):
        for k in range(SPOTS):
            delta, i = board.spot[day, k, SPOT_DELTA], board.spot[day, k, SPOT_NODE]
            if delta >= cost:
                break
            if holds_at(world, board, c, i, board.spot[day, k, SPOT_START]):
                cost, at, start = delta, i, board.spot[day, k, SPOT_START]
    return cost, at, start


@compiled
def may_meet(world: World, board: Board, c: int, r: int, s: int) -> bool:
    """Whether two lanes may serve a visit together: teams, and kits enough for both."""
    lane, pin = board.lane, world.about[c, PIN_TEAM]
    if lane[r, TEAM] == lane[s, TEAM]:
        return False
    if pin >= 0 and lane[r, TEAM] != pin and lane[s, TEAM] != pin:
        return False
    for k in range(world.kit_at[c], world.kit_at[c + 1]):
        kit = world.kit[k]
        new = 0
        new += not world.owned[r, kit] and board.bag[r, kit] == 0
        new += not world.owned[s, kit] and board.bag[s, kit] == 0
        if board.taken[lane[r, DAY], kit] + new > world.pool[kit]:
            return False
    return True


@inlined
def common_start(world: World, board: Board, c: int, day: int, start: int) -> int:
    """When both crews of visit c can begin, who would be at its site by ``start``."""
    if board.node[c, FIX] < 0:
        start = start_after(world.win, (c, day), start, world.about[c, PREPARE])
    return start


@compiled
def choose_two(world: World, board: Board, c: int, last: int) -> tuple[int, int, int, int]:
    """The cheapest places of two crews on one day: cost, both nodes, and the common start."""
    cost, a, b, common = FAR, -1, -1, 0
    for day in range(world.size[3]):
        spot = board.spot[day]
        for x in range(SPOTS):
            for y in range(x + 1, SPOTS):
                total = spot[x, SPOT_DELTA] + spot[y, SPOT_DELTA]
                if total >= cost or spot[y, SPOT_DELTA] >= FAR:
                    break
                if not may_meet(world, board, c, spot[x, SPOT_LANE], spot[y, SPOT_LANE]):
                    continue
                start = max(spot[x, SPOT_START], spot[y, SPOT_START])
                start = common_start(world, board, c, day, start)
                if start > last:
                    continue
                i, k = spot[x, SPOT_NODE], spot[y, SPOT_NODE]
                if holds_at(world, board, c, i, start) and holds_at(world, board, c, k, start):
                    cost, a, b, common = total, i, k, start
    return cost, a, b, common


@compiled
def place_linked(world: World, board: Board, c: int, limits: Limits, blink: int) -> int:
    """Put an appointment into its cheapest place; the change of cost, FAR if there is none.

    A negative ``blink`` looks everywhere.
    """
    span = span_of(world, board, c)
    limits = (limits[0] & span[0], limits[1])
    board.spot[:, :, SPOT_DELTA] = FAR
    if blink < 0:
        look_everywhere(world, board, c, limits, span)
    else:
        look_beside(world, board, c, limits, span, blink)
        if not board.ctl[SHUT]:
            look_into_empty(world, board, c, limits, span)
    twin = board.node[c, TWIN]
    if twin < 0:
        cost, a, start = choose_one(world, board, c)
        b = -1
    else:
        cost, a, b, start = choose_two(world, board, c, span[2])
    if a < 0 or is_too_dear(world, c, cost):
        return FAR
    cost = price(world, board, c, a)
    if twin >= 0:
        cost += price(world, board, twin, b)
    touch(board, c)
    board.node[c, FIX] = start
    put(world, board, c, a)
    if twin >= 0:
        touch(board, twin)
        board.node[twin, FIX] = start
        put(world, board, twin, b)
    return cost


@compiled
def take_out(world: World, board: Board, v: int) -> int:
    """Take a visit out of all its lanes; the change of cost."""
    change = drop(world, board, v)
    if board.node[v, TWIN] >= 0:
        change += drop(world, board, board.node[v, TWIN])
    return change
