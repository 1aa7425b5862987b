"""The two clocks of a lane: earliest ends forwards, latest arrivals backwards, break included.

A break on the way lasts from ``max(ready, from)``; whether it interrupts the drive or the wait,
the next stop is reached at ``max(arrival, begin) + minutes``.
"""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    DAY,
    DUE0,
    DUE1,
    FAR,
    FIX,
    LANE,
    NEXT,
    PAID,
    PROFILE,
    READY0,
    READY1,
    REST_FROM,
    REST_LENGTH,
    REST_TO,
    SERVICE,
    SETUP,
    SITE,
    TO_TIME,
    Board,
    Field,
    Table,
    World,
)

Rest = tuple[int, int, int, int]
"""Day, first and last beginning of the break, and its minutes."""
Pair = tuple[int, int]


@inlined
def rest_of(lane: Table, r: int) -> Rest:
    """What the clocks need to know of a lane."""
    return lane[r, DAY], lane[r, REST_FROM], lane[r, REST_TO], lane[r, REST_LENGTH]


@inlined
def start_after(win: Field, at: Pair, ready: int, length: int) -> int:
    """Earliest start at or after ``ready``, whole inside a window; ``at`` is node and day."""
    v, day = at
    found = FAR
    if ready < FAR:
        for k in range(win.shape[2]):
            start = max(ready, win[v, day, k, 0])
            if start + length <= win[v, day, k, 1]:
                found = start
                break
    return found


@inlined
def start_before(win: Field, at: Pair, latest: int, length: int) -> int:
    """Latest start at or before ``latest``, whole inside a window; -FAR if there is none."""
    v, day = at
    found = -FAR
    for k in range(win.shape[2]):
        start = min(latest, win[v, day, k, 1] - length)
        if start >= win[v, day, k, 0]:
            found = max(found, start)
    return found


@inlined
def is_inside(win: Field, at: Pair, start: int, length: int) -> bool:
    """Whether a time on site lies whole inside a window."""
    v, day = at
    found = False
    for k in range(win.shape[2]):
        found = found or (win[v, day, k, 0] <= start and start + length <= win[v, day, k, 1])
    return found


@inlined
def rested(rest: Rest, ready: int, travel: int) -> int:
    """Arrival after a leg on which the break is taken; FAR if it cannot be."""
    begin = max(ready, rest[1])
    arrival = FAR
    if begin <= rest[2]:
        arrival = max(ready + travel, begin) + rest[3]
    return arrival


@inlined
def forward(world: World, board: Board, v: int, rest: Rest, ready: Pair, leg: Pair) -> Pair:
    """Earliest ends at v on both clocks; ``leg`` is the drive there and the time on site."""
    travel, length = leg
    fix = board.node[v, FIX]
    arrive0 = ready[0] + travel
    arrive1 = min(ready[1] + travel, rested(rest, ready[0], travel))
    if fix >= 0:
        end = fix + length if is_inside(world.win, (v, rest[0]), fix, length) else FAR
        end0 = end if arrive0 <= fix else FAR
        end1 = end if arrive1 <= fix else FAR
    else:
        end0 = start_after(world.win, (v, rest[0]), arrive0, length) + length
        end1 = start_after(world.win, (v, rest[0]), arrive1, length) + length
    return min(end0, FAR), min(end1, FAR)


@inlined
def backward(world: World, board: Board, v: int, rest: Rest, due: Pair, leg: Pair) -> Pair:
    """Latest arrivals at v on both clocks; ``leg`` is the drive from it and the time on site."""
    travel, length = leg
    fix = board.node[v, FIX]
    end0 = due[0] - travel
    end1 = due[1] - travel
    if rest[1] + rest[3] <= due[1]:
        end0 = max(end0, min(rest[2], end1 - rest[3]))
    if fix >= 0:
        late = fix if is_inside(world.win, (v, rest[0]), fix, length) else -FAR
        late0 = late if fix + length <= end0 else -FAR
        late1 = late if fix + length <= end1 else -FAR
    else:
        late0 = start_before(world.win, (v, rest[0]), end0 - length, length)
        late1 = start_before(world.win, (v, rest[0]), end1 - length, length)
    return late0, late1


@inlined
def arrives(board: Board, rest: Rest, ready: Pair, travel: int, j: int) -> bool:
    """Whether the rest of a lane from j on holds for a predecessor that is ready so early."""
    node = board.node
    late = min(ready[1] + travel, rested(rest, ready[0], travel))
    return bool(ready[0] + travel <= node[j, DUE0] or late <= node[j, DUE1])


@inlined
def on_site(node: Table, site: int, paid: int, v: int) -> Pair:
    """Minutes on site after a stop at ``site`` where ``paid`` was set up, and what is paid then."""
    already = paid if site == node[v, SITE] else 0
    return max(0, node[v, SETUP] - already) + node[v, SERVICE], max(already, node[v, SETUP])


@compiled
def holds_with(world: World, board: Board, c: int, i: int, j: int) -> bool:
    """Whether a lane holds with c between i and j, walked to its end.

    For places beside a stop at the same site, where set-up times of what follows change.
    """
    node, lane = board.node, board.lane
    r = node[i, LANE]
    rest = rest_of(lane, r)
    arc = world.arc[lane[r, PROFILE]]
    ready = (node[i, READY0], node[i, READY1])
    site, paid, v = node[i, SITE], node[i, PAID], c
    while node[v, NEXT] >= 0 or v == c:
        length, after = on_site(node, site, paid, v)
        ready = forward(world, board, v, rest, ready, (arc[site, node[v, SITE], TO_TIME], length))
        if ready[0] >= FAR and ready[1] >= FAR:
            return False
        site, paid = node[v, SITE], after
        v = j if v == c else node[v, NEXT]
    return arrives(board, rest, ready, arc[site, node[v, SITE], TO_TIME], v)
