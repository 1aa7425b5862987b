"""Prices that depend on when a lane does what: overtime, waiting, starts that are off, balance."""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    DUE_BY,
    END,
    FAIR,
    FAR,
    FROM_TIME,
    IMBALANCE,
    IS_SOFT,
    KEPT_OF_LANE,
    LANE,
    LANES_LOGGED,
    MOST_DURATION,
    NEXT,
    PAID,
    PER_IMBALANCE,
    PER_LATE,
    PER_MOVED_MINUTE,
    PER_OVERTIME,
    PER_START_OFF,
    PER_WAIT,
    PRICED,
    PROFILE,
    READY0,
    READY1,
    SERVICE,
    SETUP,
    SITE,
    SIZE,
    SOFT,
    SOFT_IN_CHOOSING,
    TEAM,
    TO_TIME,
    WAS_DAY,
    WAS_START,
    WISH,
    WORKED,
    Board,
    World,
)
from solver.core.outing import Way, departure
from solver.core.timing import Pair, Rest, forward, on_site, rested


@inlined
def stop_price(world: World, v: int, day: int, when: Pair) -> int:
    """Price of arriving and starting at v at these times; 0 on a clock that does not hold."""
    arrive, start = when
    cost = 0
    if start < FAR // 2:
        cost = (start - arrive) * world.price[PER_WAIT]
        if v < world.size[0]:
            if world.about[v, WISH] >= 0:
                cost += abs(start - world.about[v, WISH]) * world.price[PER_START_OFF]
            cost += max(0, start - world.about[v, DUE_BY]) * world.price[PER_LATE]
            if world.about[v, WAS_DAY] == day:
                cost += abs(start - world.about[v, WAS_START]) * world.price[PER_MOVED_MINUTE]
    return cost


@inlined
def back(rest: Rest, ready: Pair, travel: int, cost: Pair, leave: Pair) -> tuple[int, int, int]:
    """When a lane is back, what its stops cost, and the minutes worked; by both clocks so far."""
    home, price, begun, pause = ready[0] + travel, cost[0], leave[0], 0
    if ready[1] + travel < rested(rest, ready[0], travel):
        home, price, begun, pause = ready[1] + travel, cost[1], leave[1], rest[3]
    elif rest[3] > 0 and max(ready[0], rest[1]) < home:
        home, pause = home + rest[3], rest[3]
    return home, price, home - begun - pause


@compiled
def lane_price(world: World, board: Board, way: Way) -> Pair:
    """Price of the times of a lane, perhaps with a node more, and the minutes that its team works.

    Both clocks are followed side by side, each with what its stops cost so far. A lane that may be
    out for a limited time leaves when it must, and its nodes' own times do not hold.
    """
    node, lane = board.node, board.lane
    r, c, i = way
    leave, rest = departure(world, board, way)
    is_other = lane[r, MOST_DURATION] < FAR
    arc = world.arc[lane[r, PROFILE]]
    p = world.size[1] + 2 * r
    v = c if p == i else node[p, NEXT]
    ready0, ready1 = leave, FAR
    site, paid = node[p, SITE], node[p, PAID]
    cost0, cost1, is_first, out = 0, 0, True, leave
    while v == c or node[v, NEXT] >= 0:
        is_other = is_other or v == c
        travel = arc[site, node[v, SITE], TO_TIME]
        length, paid = on_site(node, site, paid, v)
        on_way = rested(rest, ready0, travel)
        if on_way <= ready1 + travel:
            cost1, out = cost0, leave
        arrive1 = min(on_way, ready1 + travel)
        end0, end1 = int(node[v, READY0]), int(node[v, READY1])
        if is_other:
            end0, end1 = forward(world, board, v, rest, (ready0, ready1), (travel, length))
        start0, start1 = end0 - length, end1 - length
        if is_first:
            leave = max(leave, min(start0, start1) - travel)
        arrive0 = start0 if is_first else ready0 + travel
        cost0 += stop_price(world, v, rest[0], (arrive0, start0))
        cost1 += stop_price(world, v, rest[0], (arrive1, start1))
        ready0, ready1 = end0, end1
        site, is_first = node[v, SITE], False
        v = c if v == i else node[i if v == c else v, NEXT]
    travel = arc[site, node[v, SITE], TO_TIME]
    home, cost, worked = back(rest, (ready0, ready1), travel, (cost0, cost1), (leave, out))
    if home >= FAR // 2:
        return 0, 0  # it does not hold, and the step will be undone
    cost += max(0, home - lane[r, END]) * world.price[PER_OVERTIME]
    return cost, worked


@compiled
def reprice_lane(world: World, board: Board, r: int) -> None:
    """Price lane r by its earliest times, if it changed since that was done."""
    lane = board.lane
    if lane[r, PRICED]:
        return
    price, worked = (0, 0)
    if lane[r, SIZE] > 0:
        price, worked = lane_price(world, board, (r, -1, -1))
    board.team[lane[r, TEAM]] += worked - lane[r, WORKED]
    lane[r, SOFT] = price
    lane[r, WORKED] = worked
    lane[r, PRICED] = 1


@compiled
def set_fair(world: World, board: Board) -> None:
    """Look in this iteration at how much teams work more than they do on average now."""
    teams, total = board.team.shape[0], 0
    for team in range(teams):
        total += board.team[team] + world.before[team]
    board.ctl[FAIR] = total // teams


@compiled
def more_above(world: World, board: Board, c: int, i: int) -> int:
    """By how much the price of imbalance rises, about, with node c behind node i."""
    node, lane = board.node, board.lane
    r, j = node[i, LANE], node[i, NEXT]
    row = world.arc[lane[r, PROFILE], node[c, SITE]]
    minutes = row[node[i, SITE], FROM_TIME] + row[node[j, SITE], TO_TIME]
    minutes += node[c, SETUP] + node[c, SERVICE]
    if lane[r, SIZE] > 0:
        minutes -= world.arc[lane[r, PROFILE], node[i, SITE], node[j, SITE], TO_TIME]
    worked = board.team[lane[r, TEAM]] + world.before[lane[r, TEAM]] - board.ctl[FAIR]
    return int((max(0, worked + minutes) - max(0, worked)) * world.price[PER_IMBALANCE])


@inlined
def fair_price(world: World, board: Board, c: int, i: int) -> int:
    """By how much the price of imbalance rises, where this iteration looks at it."""
    more = 0
    if board.ctl[FAIR] < FAR:
        more = more_above(world, board, c, i)
    return more


@compiled
def more_soft(world: World, board: Board, c: int, i: int) -> int:
    """By how much the prices of the times of a lane rise with node c behind node i."""
    r = board.node[i, LANE]
    reprice_lane(world, board, r)
    return int(lane_price(world, board, (r, c, i))[0] - board.lane[r, SOFT])


@inlined
def soft_price(world: World, board: Board, c: int, i: int) -> int:
    """By how much the prices of times rise with node c behind node i, where they are looked at."""
    more = 0
    if board.lane[board.node[i, LANE], IS_SOFT] == SOFT_IN_CHOOSING:
        more = more_soft(world, board, c, i)
    return more


@compiled
def renew(world: World, board: Board) -> None:
    """Bring the minutes that teams work up to date, where this iteration looks at them."""
    if board.ctl[FAIR] < FAR:
        for k in range(board.ctl[LANES_LOGGED]):
            reprice_lane(world, board, board.lane_log[k, KEPT_OF_LANE])


@compiled
def rebalance(world: World, board: Board) -> int:
    """Price anew by how much teams work more than their mean; the change of cost."""
    teams = board.team.shape[0]
    total = 0
    for team in range(teams):
        total += board.team[team] + world.before[team]
    above = 0
    for team in range(teams):
        above += max(0, teams * (board.team[team] + world.before[team]) - total)
    price = above * world.price[PER_IMBALANCE] // teams
    change = price - board.ctl[IMBALANCE]
    board.ctl[IMBALANCE] = price
    return int(change)


@compiled
def reprice(world: World, board: Board) -> int:
    """Price anew the lanes that changed in this iteration; the change of cost."""
    change = 0
    for k in range(board.ctl[LANES_LOGGED]):
        r = board.lane_log[k, KEPT_OF_LANE]
        if board.lane[r, IS_SOFT]:
            reprice_lane(world, board, r)
            change += board.lane[r, SOFT] - board.lane_log[k, SOFT]
    if world.price[PER_IMBALANCE]:
        change += rebalance(world, board)
    return change
