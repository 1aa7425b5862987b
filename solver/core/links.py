"""Putting nodes into lanes and taking them out, with times kept and everything undoable."""

from __future__ import annotations

from solver.core.jit import compiled, inlined
from solver.core.layout import (
    CNEXT,
    DAY,
    DEMAND,
    DUE0,
    DUE1,
    FIX,
    FIXED,
    ITERATION,
    KEPT_OF_LANE,
    KEPT_OF_NODE,
    LANE,
    LANE_STAMP,
    LANES_LOGGED,
    LENGTH,
    LOAD,
    NEXT,
    NODES_LOGGED,
    PAID,
    PINNED,
    PREV,
    PRICED,
    PROFILE,
    READY0,
    READY1,
    SITE,
    SIZE,
    SPANNED,
    STAMP,
    TEAM,
    TO_COST,
    TO_TIME,
    TRAVEL,
    TWIN,
    USED,
    WORKED,
    Board,
    World,
)
from solver.core.timing import backward, forward, on_site, rest_of


@inlined
def visit_of(world: World, board: Board, v: int) -> int:
    """The visit that a node stands for: itself, or that of which it is the twin."""
    return v if v < world.size[0] else board.node[v, TWIN]


@inlined
def touch(board: Board, v: int) -> None:
    """Remember node v as it was before this iteration."""
    node, ctl = board.node, board.ctl
    if node[v, STAMP] != ctl[ITERATION]:
        node[v, STAMP] = ctl[ITERATION]
        k = ctl[NODES_LOGGED]
        ctl[NODES_LOGGED] = k + 1
        for column in range(KEPT_OF_NODE):
            board.node_log[k, column] = node[v, column]
        board.node_log[k, KEPT_OF_NODE] = v


@inlined
def touch_lane(board: Board, r: int) -> None:
    """Remember lane r as it was before this iteration."""
    lane, ctl = board.lane, board.ctl
    lane[r, SPANNED] = 0
    lane[r, PRICED] = 0
    if lane[r, LANE_STAMP] != ctl[ITERATION]:
        lane[r, LANE_STAMP] = ctl[ITERATION]
        k = ctl[LANES_LOGGED]
        ctl[LANES_LOGGED] = k + 1
        for column in range(KEPT_OF_LANE):
            board.lane_log[k, column] = lane[r, column]
        board.lane_log[k, KEPT_OF_LANE] = r


@compiled
def retime_forward(world: World, board: Board, v: int) -> bool:
    """Earliest ends from v on, until nothing changes; whether a time on site changed."""
    node, r = board.node, board.node[v, LANE]
    rest = rest_of(board.lane, r)
    arc = world.arc[board.lane[r, PROFILE]]
    board.lane[r, SPANNED] = 0
    p = node[v, PREV]
    is_other = False
    while node[v, NEXT] >= 0:
        length, paid = on_site(node, node[p, SITE], node[p, PAID], v)
        leg = (arc[node[p, SITE], node[v, SITE], TO_TIME], length)
        a, b = forward(world, board, v, rest, (node[p, READY0], node[p, READY1]), leg)
        same = length == node[v, LENGTH] and paid == node[v, PAID]
        if same and a == node[v, READY0] and b == node[v, READY1]:
            break
        is_other = is_other or not same
        touch(board, v)
        node[v, READY0] = a
        node[v, READY1] = b
        node[v, LENGTH] = length
        node[v, PAID] = paid
        p = v
        v = node[v, NEXT]
    return is_other


@compiled
def retime_backward(world: World, board: Board, v: int, least: int) -> None:
    """Latest arrivals from v back: past ``least`` nodes, then until nothing changes."""
    node, r = board.node, board.node[v, LANE]
    rest = rest_of(board.lane, r)
    arc = world.arc[board.lane[r, PROFILE]]
    while node[v, PREV] >= 0:
        s = node[v, NEXT]
        leg = (arc[node[v, SITE], node[s, SITE], TO_TIME], node[v, LENGTH])
        a, b = backward(world, board, v, rest, (node[s, DUE0], node[s, DUE1]), leg)
        if least <= 0 and a == node[v, DUE0] and b == node[v, DUE1]:
            break
        touch(board, v)
        node[v, DUE0] = a
        node[v, DUE1] = b
        v = node[v, PREV]
        least -= 1


@compiled
def retime(world: World, board: Board, first: int, last: int) -> None:
    """Times of a lane that changed: earliest ends from ``first`` on, latest arrivals from ``last``.

    Where a stop at the same site came or went, times on site change as well, and all latest
    arrivals are worked out anew.
    """
    node = board.node
    r = node[first, LANE]
    if retime_forward(world, board, first):
        v = node[world.size[1] + 2 * r + 1, PREV]
        retime_backward(world, board, v, board.lane[r, SIZE])
    else:
        retime_backward(world, board, last, 1)


@inlined
def book_kits(world: World, board: Board, x: int, r: int, step: int) -> None:
    """Count the pool kits that visit x needs on lane r."""
    for k in range(world.kit_at[x], world.kit_at[x + 1]):
        kit = world.kit[k]
        if not world.owned[r, kit]:
            was = board.bag[r, kit]
            board.bag[r, kit] = was + step
            if was + step == 0 or was == 0:
                board.taken[board.lane[r, DAY], kit] += step


@inlined
def book(world: World, board: Board, v: int, r: int, step: int) -> None:
    """Count what node v takes of lane r: room and kits."""
    lane = board.lane
    x = visit_of(world, board, v)
    lane[r, LOAD] += step * world.about[x, DEMAND]
    book_kits(world, board, x, r, step)


@compiled
def drop(world: World, board: Board, v: int) -> int:
    """Take node v out of its lane; returns the change of cost."""
    node, lane, ctl = board.node, board.lane, board.ctl
    r, i, j = node[v, LANE], node[v, PREV], node[v, NEXT]
    touch_lane(board, r)
    touch(board, v)
    touch(board, i)
    touch(board, j)
    arc = world.arc[lane[r, PROFILE]]
    a, b, c = node[i, SITE], node[v, SITE], node[j, SITE]
    lane[r, SIZE] -= 1
    lane[r, TRAVEL] += arc[a, c, TO_TIME] - arc[a, b, TO_TIME] - arc[b, c, TO_TIME]
    leg = arc[a, c, TO_COST]
    change = leg - node[i, CNEXT] - node[v, CNEXT] - world.fee[v, r]
    if lane[r, SIZE] == 0:
        ctl[USED] -= 1
        change -= leg + lane[r, FIXED]
        leg = 0
    node[v, LANE] = -1
    node[v, FIX] = world.about[visit_of(world, board, v), PINNED]
    node[i, NEXT] = j
    node[j, PREV] = i
    node[i, CNEXT] = leg
    book(world, board, v, r, -1)
    retime(world, board, j, i)
    return int(change)


@compiled
def put(world: World, board: Board, v: int, i: int) -> None:
    """Put node v behind node i; its price was worked out by who chose the place."""
    node, lane, ctl = board.node, board.lane, board.ctl
    r, j = node[i, LANE], node[i, NEXT]
    touch_lane(board, r)
    touch(board, v)
    touch(board, i)
    touch(board, j)
    arc = world.arc[lane[r, PROFILE]]
    a, b, c = node[i, SITE], node[v, SITE], node[j, SITE]
    if lane[r, SIZE] == 0:
        ctl[USED] += 1
    lane[r, SIZE] += 1
    lane[r, TRAVEL] += arc[a, b, TO_TIME] + arc[b, c, TO_TIME] - arc[a, c, TO_TIME]
    node[v, LANE] = r
    node[v, PREV] = i
    node[v, NEXT] = j
    node[i, NEXT] = v
    node[j, PREV] = v
    node[i, CNEXT] = arc[a, b, TO_COST]
    node[v, CNEXT] = arc[b, c, TO_COST]
    node[v, LENGTH], node[v, PAID] = on_site(node, a, node[i, PAID], v)
    node[v, READY0] = -1
    book(world, board, v, r, 1)
    retime(world, board, v, v)


@compiled
def unbag(world: World, board: Board, r: int, step: int) -> None:
    """Take all that lane r holds out of the books on kits, or enter it again."""
    node = board.node
    v = node[world.size[1] + 2 * r, NEXT]
    while node[v, NEXT] >= 0:
        book_kits(world, board, visit_of(world, board, v), r, step)
        v = node[v, NEXT]


@compiled
def undo_lane(board: Board, k: int) -> None:
    """Make the k-th lane of the log what it was."""
    lane, r = board.lane, board.lane_log[k, KEPT_OF_LANE]
    board.ctl[USED] += int(board.lane_log[k, SIZE] > 0) - int(lane[r, SIZE] > 0)
    board.team[lane[r, TEAM]] += board.lane_log[k, WORKED] - lane[r, WORKED]
    lane[r, SPANNED] = 0
    lane[r, PRICED] = 1
    for column in range(KEPT_OF_LANE):
        lane[r, column] = board.lane_log[k, column]


@compiled
def undo(world: World, board: Board) -> None:
    """Make nodes, lanes and books what they were before this iteration."""
    ctl = board.ctl
    has_kits = world.kit.shape[0] > 0
    if has_kits:
        for k in range(ctl[LANES_LOGGED]):
            unbag(world, board, board.lane_log[k, KEPT_OF_LANE], -1)
    for k in range(ctl[NODES_LOGGED]):
        v = board.node_log[k, KEPT_OF_NODE]
        for column in range(KEPT_OF_NODE):
            board.node[v, column] = board.node_log[k, column]
    for k in range(ctl[LANES_LOGGED]):
        undo_lane(board, k)
        if has_kits:
            unbag(world, board, board.lane_log[k, KEPT_OF_LANE], 1)
