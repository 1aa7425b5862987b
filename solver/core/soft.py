"""Prices that depend on when a lane does what: overtime, waiting, starts that are off, balance."""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    DUE_BY,
    END,
    FAR,
    IMBALANCE,
    IS_SOFT,
    KEPT_OF_LANE,
    LANES_LOGGED,
    LENGTH,
    MOST_DURATION,
    NEXT,
    PER_IMBALANCE,
    PER_LATE,
    PER_MOVED_MINUTE,
    PER_OVERTIME,
    PER_START_OFF,
    PER_WAIT,
    PROFILE,
    READY0,
    READY1,
    SITE,
    SIZE,
    SOFT,
    TEAM,
    TO_TIME,
    WAS_DAY,
    WAS_START,
    WISH,
    WORKED,
    Board,
    World,
)
from solver.core.outing import departure
from solver.core.timing import Pair, forward, rested


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


@compiled
def lane_price(world: World, board: Board, r: int) -> Pair:
    """Price of the times of lane r, and the minutes that its team works.

    Both clocks are followed side by side, each with what its stops cost so far. A lane that may be
    out for a limited time leaves when it must, and its nodes' own times do not hold.
    """
    node, lane = board.node, board.lane
    leave, rest = departure(world, board, r)
    is_limited = lane[r, MOST_DURATION] < FAR
    arc = world.arc[lane[r, PROFILE]]
    p = world.size[1] + 2 * r
    v, ready0, ready1 = node[p, NEXT], leave, FAR
    cost0, cost1, is_first, out = 0, 0, True, leave
    while node[v, NEXT] >= 0:
        travel = arc[node[p, SITE], node[v, SITE], TO_TIME]
        on_way = rested(rest, ready0, travel)
        if on_way <= ready1 + travel:
            cost1, out = cost0, leave
        arrive1 = min(on_way, ready1 + travel)
        end0, end1 = int(node[v, READY0]), int(node[v, READY1])
        if is_limited:
            leg = (travel, node[v, LENGTH])
            end0, end1 = forward(world, board, v, rest, (ready0, ready1), leg)
        start0, start1 = end0 - node[v, LENGTH], end1 - node[v, LENGTH]
        if is_first:
            leave = max(leave, min(start0, start1) - travel)
        arrive0 = start0 if is_first else ready0 + travel
        cost0 += stop_price(world, v, rest[0], (arrive0, start0))
        cost1 += stop_price(world, v, rest[0], (arrive1, start1))
        ready0, ready1 = end0, end1
        p, v, is_first = v, node[v, NEXT], False
    travel = arc[node[p, SITE], node[v, SITE], TO_TIME]
    home, cost, pause = ready0 + travel, cost0, 0
    if ready1 + travel < rested(rest, ready0, travel):
        home, cost, pause, leave = ready1 + travel, cost1, rest[3], out
    elif rest[3] > 0 and max(ready0, rest[1]) < home:
        home, pause = home + rest[3], rest[3]
    if home >= FAR // 2:
        return 0, 0  # it does not hold, and the step will be undone
    cost += max(0, home - lane[r, END]) * world.price[PER_OVERTIME]
    return cost, home - leave - pause


@compiled
def reprice_lane(world: World, board: Board, r: int) -> int:
    """Price lane r by its earliest times; the change of cost."""
    lane = board.lane
    price, worked = (0, 0)
    if lane[r, SIZE] > 0:
        price, worked = lane_price(world, board, r)
    change = price - lane[r, SOFT]
    board.team[lane[r, TEAM]] += worked - lane[r, WORKED]
    lane[r, SOFT] = price
    lane[r, WORKED] = worked
    return int(change)


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
            change += reprice_lane(world, board, r)
    if world.price[PER_IMBALANCE]:
        change += rebalance(world, board)
    return change
