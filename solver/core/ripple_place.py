"""Where a visit may go, and what it costs there with all that it makes late."""

from __future__ import annotations

from solver.core.insert import price
from solver.core.jit import compiled, inlined
from solver.core.layout import (
    DAY,
    DEMAND,
    FAR,
    FLAGS,
    FROM_TIME,
    LANE,
    LENGTH,
    LOAD,
    MOST_VISITS,
    NEXT,
    OPTIONAL,
    PENALTY,
    PER_LATE,
    PROFILE,
    ROOM,
    SITE,
    SIZE,
    TEAM,
    TO_TIME,
    Board,
    World,
)
from solver.core.ripple import (
    BY,
    DUE_END,
    ENDS,
    IN_STEP,
    LATE,
    LOGGED,
    MOST_LATE,
    NO_BOUND,
    PER_MOST,
    PUSHED,
    Pond,
    lateness,
    lift,
    link,
    spread,
    take_back,
    unlink,
)
from solver.core.rng import next32
from solver.core.timing import start_after

Place = tuple[int, int]
"""A price, or a visit, and the node behind which the visit goes; -1 if there is none."""


@compiled
def floor_of(board: Board, pond: Pond, c: int) -> int:
    """The earliest start that the visits in step with c, or before it, leave to it."""
    least = 0
    for k in range(pond.push_at[c], pond.push_at[c + 1]):
        x = pond.push[k, PUSHED]
        if board.node[x, LANE] < 0:
            continue
        for z in range(pond.push_at[x], pond.push_at[x + 1]):
            if pond.push[z, PUSHED] == c:
                least = max(least, board.node[x, ENDS] - board.node[x, LENGTH] + pond.push[z, BY])
    return least


@compiled
def may_be(world: World, board: Board, pond: Pond, c: int, r: int) -> bool:
    """Whether visit c may be on lane r, as the other visits stand."""
    lane = board.lane
    if world.fee[c, r] >= FAR or lane[r, SIZE] >= lane[r, MOST_VISITS]:
        return False
    if lane[r, LOAD] + world.about[c, DEMAND] > lane[r, ROOM]:
        return False
    for k in range(pond.push_at[c], pond.push_at[c + 1]):
        s = board.node[pond.push[k, PUSHED], LANE]
        if s >= 0 and lane[s, DAY] != lane[r, DAY]:
            return False
        if s >= 0 and pond.push[k, IN_STEP] and lane[s, TEAM] == lane[r, TEAM]:
            return False
    return True


@inlined
def at_least(world: World, board: Board, pond: Pond, c: int, i: int, floor: int) -> int:
    """What visit c costs behind node i at least: its way, and how late it and the next become."""
    node, lane, sums = board.node, board.lane, pond.sums
    r, j = node[i, LANE], node[i, NEXT]
    row = world.arc[lane[r, PROFILE], node[c, SITE]]
    start = max(floor, node[i, ENDS] + row[node[i, SITE], FROM_TIME])
    end = start_after(world.win, (c, lane[r, DAY]), start, node[c, LENGTH]) + node[c, LENGTH]
    on = end + row[node[j, SITE], TO_TIME]
    late = max(0, end - node[c, DUE_END])
    most, more = max(sums[MOST_LATE], late), late
    if node[j, NEXT] >= 0:
        late = on + node[j, LENGTH] - node[j, DUE_END]
        if late > 0:
            most = max(most, late)
            more += max(0, late - max(0, node[j, ENDS] - node[j, DUE_END]))
    elif on > node[j, DUE_END]:
        more = FAR
    if more >= FAR // 2:
        return NO_BOUND
    most -= sums[MOST_LATE]
    return int(price(world, board, c, i) + more * world.price[PER_LATE] + most * sums[PER_MOST])


@compiled
def put_in(world: World, board: Board, pond: Pond, at: Place, floor: int, bound: int) -> int:
    """Put visit at[0] behind node at[1] with all that this makes later; what it costs.

    A price of ``bound`` or more may be cut short; the caller takes back what it does not want.
    """
    c, i = at
    node, before = board.node, lateness(world, pond)
    way = price(world, board, c, i)
    arc = world.arc[board.lane[node[i, LANE], PROFILE]]
    start = max(floor, node[i, ENDS] + arc[node[i, SITE], node[c, SITE], TO_TIME])
    link(world, board, pond, c, i)
    node[c, ENDS] = 0
    if lift(world, board, pond, c, start) and spread(world, board, pond, bound - way + before):
        return int(way + lateness(world, pond) - before)
    return NO_BOUND


@compiled
def trial(world: World, board: Board, pond: Pond, at: Place, floor: int, bound: int) -> int:
    """What visit at[0] costs behind node at[1]; nothing changes."""
    sums = pond.sums
    mark, late, most = sums[LOGGED], sums[LATE], sums[MOST_LATE]
    cost = put_in(world, board, pond, at, floor, bound)
    take_back(board, pond, mark, late, most)
    unlink(world, board, pond, at[0])
    return cost


@compiled
def list_tries(world: World, board: Board, pond: Pond, c: int, blink: int, bound: int) -> int:
    """List the places of visit c that may cost less than ``bound``; how many there are."""
    found, floor = 0, floor_of(board, pond, c)
    for r in range(world.size[2]):
        if not may_be(world, board, pond, c, r):
            continue
        i = world.size[1] + 2 * r
        while board.node[i, NEXT] >= 0:
            if next32(board.dice) >= blink:
                cost = at_least(world, board, pond, c, i, floor)
                if cost < bound:
                    pond.least[found] = cost
                    pond.behind[found] = i
                    found += 1
            i = board.node[i, NEXT]
    return found


@compiled
def cheapest(world: World, board: Board, pond: Pond, c: int, blink: int, bound: int) -> Place:
    """The cheapest place of visit c below ``bound``, as things stand.

    What looks best is tried first, so that most others need not be.
    """
    found, floor = list_tries(world, board, pond, c, blink, bound), floor_of(board, pond, c)
    best, at, first = bound, -1, 0
    for k in range(found):
        if pond.least[k] < pond.least[first]:
            first = k
    for z in range(found):
        k = first if z == 0 else 0 if z == first else z
        if pond.least[k] < best:
            i = pond.behind[k]
            cost = trial(world, board, pond, (c, i), floor, best)
            if cost < best:
                best, at = cost, i
    return best, at


@compiled
def enter(pond: Pond, cost: int, i: int) -> None:
    """Enter a place into the cheapest, which stand in order."""
    spot = pond.spot
    k = spot.shape[0] - 1
    while k > 0 and spot[k - 1, 0] > cost:
        spot[k, 0], spot[k, 1] = spot[k - 1, 0], spot[k - 1, 1]
        k -= 1
    spot[k, 0], spot[k, 1] = cost, i


@compiled
def look(world: World, board: Board, pond: Pond, c: int, blink: int) -> None:
    """The cheapest places of visit c, as if nobody were in step with it."""
    pond.spot[:, 0] = FAR
    floor, last = floor_of(board, pond, c), pond.spot.shape[0] - 1
    for r in range(world.size[2]):
        if not may_be(world, board, pond, c, r):
            continue
        i = world.size[1] + 2 * r
        while board.node[i, NEXT] >= 0:
            worst = int(pond.spot[last, 0])
            if next32(board.dice) >= blink and at_least(world, board, pond, c, i, floor) < worst:
                cost = trial(world, board, pond, (c, i), floor, worst)
                if cost < worst:
                    enter(pond, cost, i)
            i = board.node[i, NEXT]


@inlined
def worth(world: World, c: int) -> int:
    """What visit c may cost at most."""
    is_optional = world.about[c, FLAGS] & OPTIONAL
    return int(world.about[c, PENALTY]) if is_optional else NO_BOUND


@compiled
def place_one(world: World, board: Board, pond: Pond, c: int, blink: int) -> bool:
    """Put a visit where it is cheapest; whether there is a place."""
    at = cheapest(world, board, pond, c, blink, worth(world, c))[1]
    if at < 0 and blink > 0:
        at = cheapest(world, board, pond, c, 0, worth(world, c))[1]
    if at < 0:
        return False
    put_in(world, board, pond, (c, at), floor_of(board, pond, c), NO_BOUND)
    pond.sums[LOGGED] = 0
    return True


@compiled
def best_two(world: World, board: Board, pond: Pond, two: Place, blink: int) -> Place:
    """Behind which nodes two visits in step are cheapest together; -1 if they have no place.

    The first is put into each of its cheapest places, and the second is looked for then.
    """
    c, d = two
    look(world, board, pond, c, blink)
    sums, floor = pond.sums, floor_of(board, pond, c)
    mark, late, most = sums[LOGGED], sums[LATE], sums[MOST_LATE]
    alone = cheapest(world, board, pond, d, 0, NO_BOUND)[0]
    best, a, b = min(NO_BOUND, worth(world, c) + worth(world, d)), -1, -1
    for k in range(pond.spot.shape[0]):
        cost, i = int(pond.spot[k, 0]), int(pond.spot[k, 1])
        if cost >= FAR or cost + alone >= best:
            break
        put_in(world, board, pond, (c, i), floor, NO_BOUND)
        more, behind = cheapest(world, board, pond, d, blink, best - cost)
        take_back(board, pond, mark, late, most)
        unlink(world, board, pond, c)
        if behind >= 0:
            best, a, b = cost + more, i, behind
    return a, b


@compiled
def place_two(world: World, board: Board, pond: Pond, c: int, d: int, blink: int) -> bool:
    """Put two visits in step where they are cheapest together; whether there is a place."""
    a, b = best_two(world, board, pond, (c, d), blink)
    if a < 0:
        return False
    put_in(world, board, pond, (c, a), floor_of(board, pond, c), NO_BOUND)
    put_in(world, board, pond, (d, b), floor_of(board, pond, d), NO_BOUND)
    pond.sums[LOGGED] = 0
    return True
