"""How short a lane can be out, without walking along it for every place that is tried.

For each node of a lane: the fewest minutes from leaving to being done there, and from arriving
there to being back, with the times that go with them; two such parts and a visit between them give
the whole. It holds where nobody takes a break and each visit has one window a day.

Source: Vidal, Crainic, Gendreau and Prins (2013), A hybrid genetic algorithm with adaptive
diversity management for a large class of vehicle routing problems with time-windows, section 4.
"""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    BACK,
    DAY,
    FAR,
    FIX,
    LEAVE_BY,
    LENGTH,
    NEXT,
    OUT,
    PREV,
    PROFILE,
    REACH_AT,
    REST_LENGTH,
    SERVICE,
    SETUP,
    SITE,
    SPANNED,
    TO_TIME,
    Board,
    World,
)
from solver.core.timing import Pair


@inlined
def starts(world: World, board: Board, v: int, day: int, length: int) -> Pair:
    """The first and the last start at node v."""
    fix = board.node[v, FIX]
    first, last = int(world.win[v, day, 0, 0]), int(world.win[v, day, 0, 1] - length)
    if fix >= 0:
        first, last = int(fix), int(fix)
    return first, last


@inlined
def onwards(out: int, leave_by: int, hours: Pair, length: int) -> Pair:
    """The minutes out when a visit is done, and the latest departure with so few.

    ``out`` are the minutes up to the arrival, ``hours`` the first and the last start.
    """
    wait = max(0, hours[0] - out - leave_by)
    return out + wait + length, min(leave_by, hours[1] - out)


@compiled
def span(world: World, board: Board, r: int) -> None:
    """Work out the parts of lane r."""
    node, parts, day = board.node, board.span, board.lane[r, DAY]
    arc = world.arc[board.lane[r, PROFILE]]
    first = world.size[1] + 2 * r
    p, v = first, node[first, NEXT]
    parts[p, OUT], parts[p, LEAVE_BY] = 0, FAR
    while node[v, NEXT] >= 0:
        length = node[v, LENGTH]
        hours = starts(world, board, v, day, length)
        out = parts[p, OUT] + arc[node[p, SITE], node[v, SITE], TO_TIME]
        out, leave_by = onwards(out, parts[p, LEAVE_BY], hours, length)
        parts[v, OUT], parts[v, LEAVE_BY] = out, leave_by
        p, v = v, node[v, NEXT]
    parts[v, BACK], parts[v, REACH_AT] = 0, -FAR
    while p != first:
        length = node[p, LENGTH]
        hours = starts(world, board, p, day, length)
        more = length + arc[node[p, SITE], node[v, SITE], TO_TIME]
        wait = max(0, parts[v, REACH_AT] - more - hours[1])
        parts[p, BACK] = more + wait + parts[v, BACK]
        parts[p, REACH_AT] = max(parts[v, REACH_AT] - more, hours[0]) - wait
        v, p = p, node[p, PREV]
    board.lane[r, SPANNED] = 1


@inlined
def is_plain(world: World, board: Board, r: int, c: int, i: int) -> bool:
    """Whether the parts say how long lane r is out with node c behind node i."""
    node = board.node
    plain = world.win.shape[2] == 1 and board.lane[r, REST_LENGTH] == 0
    if plain and c >= 0:
        a, b, j = node[i, SITE], node[c, SITE], node[i, NEXT]
        plain = a != b and b != node[j, SITE] and a != node[j, SITE]
    return bool(plain)


@inlined
def shortest(world: World, board: Board, r: int, c: int, i: int) -> int:
    """The fewest minutes that lane r is out, with node c behind node i if there is one."""
    node, parts = board.node, board.span
    if not board.lane[r, SPANNED]:
        span(world, board, r)
    arc = world.arc[board.lane[r, PROFILE]]
    if c < 0:
        i = world.size[1] + 2 * r
    j = node[i, NEXT]
    out, leave_by, site = int(parts[i, OUT]), int(parts[i, LEAVE_BY]), node[i, SITE]
    if c >= 0:
        length = node[c, SETUP] + node[c, SERVICE]
        hours = starts(world, board, c, board.lane[r, DAY], length)
        out += arc[site, node[c, SITE], TO_TIME]
        out, leave_by = onwards(out, leave_by, hours, length)
        site = node[c, SITE]
    out += arc[site, node[j, SITE], TO_TIME]
    return int(out + max(0, parts[j, REACH_AT] - out - leave_by) + parts[j, BACK])
