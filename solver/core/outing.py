"""How long a lane is out, where it may be out for a limited time only.

From one departure the clocks run as early as they can; the windows that they meet hold up to some
later departure. Between the two the return stays the same or nobody waits, so only the end of that
span is worth a look, and then the minute after it. A lane without such a limit never comes here.
"""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    CLOSE,
    FAR,
    FIX,
    MOST_DURATION,
    NEXT,
    OPEN,
    PAID,
    PROFILE,
    SITE,
    TO_TIME,
    Board,
    World,
)
from solver.core.span import is_plain, shortest
from solver.core.timing import Pair, Rest, is_inside, on_site, rest_of

Way = tuple[int, int, int]
"""A lane, and a node that is to stand behind another of its nodes; -1 if none is."""
Outing = tuple[int, int, int]
"""Departure, return, and what is done with the break: ON_WAY, BEFORE or BEHIND."""
ON_WAY, BEFORE, BEHIND = range(3)


@inlined
def begin(world: World, board: Board, at: Pair, hand: Pair, stay: Pair) -> Pair:
    """The end on site after an arrival, and the latest departure that its window allows.

    ``at`` is node and day, ``hand`` the arrival and the latest departure up to here, ``stay`` the
    minutes on site and those needed up to its start without waiting.
    """
    v, day = at
    arrive, latest = hand
    length, spent = stay
    fix, end = board.node[v, FIX], FAR
    if arrive < FAR and fix >= 0:
        if arrive <= fix and is_inside(world.win, at, fix, length):
            end, latest = fix + length, min(latest, fix - spent)
    elif arrive < FAR:
        for k in range(world.win.shape[2]):
            start = max(arrive, world.win[v, day, k, 0])
            if start + length <= world.win[v, day, k, 1]:
                end, latest = start + length, min(latest, world.win[v, day, k, 1] - length - spent)
                break
    return end, latest


@inlined
def relieved(rest: Rest, before: Pair, after: Pair, leg: Pair) -> Pair:
    """Arrival with the break taken: earlier on, or on this leg where that is sooner.

    ``leg`` is the drive and the minutes that were needed up to it without waiting.
    """
    travel, spent = leg
    arrive, latest = after[0] + travel, after[1]
    if before[0] < FAR and max(before[0], rest[1]) <= rest[2]:
        here = max(before[0] + travel, rest[1]) + rest[3]
        late = min(before[1], rest[2] - spent)
        if here < arrive or (here == arrive and late >= latest):
            arrive, latest = here, late
    return arrive, latest


@compiled
def run(world: World, board: Board, way: Way, times: Pair, rest: Rest) -> tuple[int, int, int]:
    """Earliest return, the latest departure like it, and the minutes needed without waiting.

    ``times`` are the departure and when the lane must be back.
    """
    node = board.node
    r, c, i = way
    arc = world.arc[board.lane[r, PROFILE]]
    p = world.size[1] + 2 * r
    site, paid, spent = node[p, SITE], node[p, PAID], 0
    before, after = (times[0], FAR), (FAR, -1)
    v = c if p == i else node[p, NEXT]
    while v == c or node[v, NEXT] >= 0:
        travel = arc[site, node[v, SITE], TO_TIME]
        length, paid = on_site(node, site, paid, v)
        after = relieved(rest, before, after, (travel, spent))
        spent += travel
        hand = (before[0] + travel, before[1])
        before = begin(world, board, (v, rest[0]), hand, (length, spent))
        after = begin(world, board, (v, rest[0]), after, (length, spent + rest[3]))
        spent += length
        site = node[v, SITE]
        v = c if v == i else node[i if v == c else v, NEXT]
    travel = arc[site, node[v, SITE], TO_TIME]
    home = (before[0] + travel, before[1])
    if rest[3] > 0:
        home = relieved(rest, before, after, (travel, spent))
    spent += travel + rest[3]
    if home[0] > times[1]:
        return FAR, -1, spent
    return home[0], min(home[1], times[1] - spent), spent


@compiled
def first_short(world: World, board: Board, way: Way, times: Pair, rest: Rest) -> Pair:
    """The earliest return that is soon enough after leaving, and when to leave; FAR if none is."""
    leave, most = times[0], board.lane[way[0], MOST_DURATION]
    while True:
        back, latest, spent = run(world, board, way, (leave, times[1]), rest)
        if back >= FAR or spent > most:
            return FAR, FAR
        leave = min(latest, back - spent)
        if back - leave <= most:
            return leave, back
        leave = latest + 1


@compiled
def outing(world: World, board: Board, way: Way) -> Outing:
    """When a lane leaves and is back so that it is out no longer than it may; FAR if it cannot.

    The break is looked for on the way, then before leaving, then after being back.
    """
    r = way[0]
    first, close, rest = board.lane[r, OPEN], board.lane[r, CLOSE], rest_of(board.lane, r)
    leave, back = first_short(world, board, way, (first, close), rest)
    if back < FAR or rest[3] == 0:
        return leave, back, ON_WAY
    none = (rest[0], 0, -FAR, 0)
    if max(first, rest[1]) <= rest[2]:
        early = max(first, rest[1]) + rest[3]
        leave, back = first_short(world, board, way, (early, close), none)
        if back < FAR:
            return leave, back, BEFORE
    last = min(close - rest[3], rest[2])
    if rest[1] <= last:
        leave, back = first_short(world, board, way, (first, last), none)
    return leave, back, BEHIND


@compiled
def is_short(world: World, board: Board, r: int, c: int, i: int) -> bool:
    """Whether lane r, with node c behind node i, can be out no longer than it may."""
    most = board.lane[r, MOST_DURATION]
    if most >= FAR:
        return True
    if is_plain(world, board, r, c, i):
        return bool(shortest(world, board, r, c, i) <= most)
    return outing(world, board, (r, c, i))[1] < FAR


@compiled
def departure(world: World, board: Board, way: Way) -> tuple[int, Rest]:
    """When a lane leaves at the earliest, and what its clocks need to know of its break."""
    r = way[0]
    rest = rest_of(board.lane, r)
    if board.lane[r, MOST_DURATION] >= FAR:
        return board.lane[r, OPEN], rest
    leave, _back, place = outing(world, board, way)
    if place == ON_WAY:
        return leave, rest
    return leave, (rest[0], 0, -FAR, 0)
