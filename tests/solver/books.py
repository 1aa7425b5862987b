"""Goes through a search step by step and audits the core's books after each.

Run by the tests without the compiler, so that its inner functions can be called one by one.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from solver import Iterations, Problem, generate, plan_to_json, solve
from solver.core import layout as at
from solver.core import ripple
from solver.core.anneal import begin_step, step
from solver.core.arrays import Arrays
from solver.core.insert import fits, is_open
from solver.core.layout import Board, Ints, World
from solver.core.links import undo
from solver.core.load import adopt, recount
from solver.core.outing import outing
from solver.core.recreate import is_sound
from solver.core.rippler import Rippler
from solver.core.searcher import Searcher
from solver.core.soft import reprice
from solver.core.span import is_plain, shortest
from solver.core.tails import exchange_tails
from tests.solver.fuzz import knotted_problem, late_problem, limited_problem, random_problem

_UNDONE_NOT = {"ctl", "dice", "out", "old_bank", "node_log", "lane_log", "spot", "span", "best"}
_STYLE = (6.0, 5.0, 1 << 26)


def a_week(seed: int) -> Problem:
    """A small week with more than one visit on most shifts."""
    return generate(24, seed=seed, teams=3, breaks=bool(seed % 2), pairs=True, series=True)


KINDS = {
    "random": random_problem, "knotted": knotted_problem, "limited": limited_problem,
    "late": late_problem, "week": a_week,
}  # fmt: skip


def kept(board: Board) -> dict[str, Ints]:
    """What an undone step must leave as it was, stamps left out."""
    copy = {name: getattr(board, name).copy() for name in board._fields if name not in _UNDONE_NOT}
    copy["node"] = copy["node"][:, : at.KEPT_OF_NODE]
    copy["lane"] = copy["lane"][:, : at.KEPT_OF_LANE]
    copy["bank"] = np.sort(copy["bank"][: board.ctl[at.BANK]])
    copy["sums"] = board.ctl[[at.COST, at.USED, at.BANK, at.IMBALANCE]].copy()
    return copy


def same(a: dict[str, Ints], b: dict[str, Ints]) -> None:
    """Fail where two copies differ; what a node says that is in no lane means nothing."""
    for name, whole in a.items():
        here, there = whole, b[name]
        if name == "node":
            inside = (here[:, at.LANE] >= 0) | (there[:, at.LANE] >= 0)
            here, there = here[inside], there[inside]
        assert np.array_equal(here, there), (name, here, there)


def moved_anew(searcher: Searcher, arrays: Arrays, fresh: Board) -> dict[str, Ints]:
    """The books of the present plan, kept from nothing."""
    board, world = searcher.board, arrays.world
    shelf = np.stack([board.node[:, c] for c in (at.NEXT, at.LANE, at.FIX)], axis=1)
    arrays.clear(fresh)
    begin_step(fresh)
    adopt(world, fresh, searcher._rows(shelf))  # noqa: SLF001 - an audit
    recount(world, fresh)
    return kept(fresh)


def judged(world: World, board: Board) -> int:
    """Fail where the parts of a lane say other than walking along it; how many tries they judge."""
    tries = 0
    for r in range(world.size[2]):
        most, i = board.lane[r, at.MOST_DURATION], world.size[1] + 2 * r
        while most < at.FAR and i >= 0 and board.node[i, at.NEXT] >= 0:
            for c in board.bank[: board.ctl[at.BANK]]:
                if is_open(world, board, c, r, (-1, -1)) and is_plain(world, board, r, c, i):
                    long = most + 1 - is_in_time(world, board, c, i)
                    walked = outing(world, board, (r, c, i))
                    told = max(long, shortest(world, board, r, c, i)) <= most
                    assert told == (walked[1] < at.FAR), (r, c, i)
                    tries += 1
            i = board.node[i, at.NEXT]
    return tries


def is_in_time(world: World, board: Board, c: int, i: int) -> bool:
    """Whether the clocks alone let node c stand behind node i."""
    r, most = board.node[i, at.LANE], board.lane[board.node[i, at.LANE], at.MOST_DURATION].copy()
    board.lane[r, at.MOST_DURATION] = at.FAR
    held = fits(world, board, c, i)
    board.lane[r, at.MOST_DURATION] = most
    return bool(held)


def audit(problem: Problem, seed: int, steps: int) -> tuple[int, int, int]:
    """Steps that changed nothing or were undone, those that changed the plan, lengths judged."""
    arrays = Arrays(problem)
    searcher = Searcher(arrays, seed)
    searcher.begin(None)
    board, world, fresh = searcher.board, arrays.world, arrays.board(1)
    counts, tries = [0, 0], 0
    for k in range(steps):
        before, cost = kept(board), int(board.ctl[at.COST])
        step(world, board, 1200.0 if k % 3 else 1.0, _STYLE)
        after = kept(board)
        same(after, moved_anew(searcher, arrays, fresh))
        columns = [at.NEXT, at.LANE, at.FIX]
        moved = not np.array_equal(before["node"][:, columns], after["node"][:, columns])
        if not moved and int(board.ctl[at.COST]) == cost:
            same(before, after)
        counts[moved] += 1
        tries += judged(world, board)
    return counts[0], counts[1], tries


def audit_moving(problem: Problem, seed: int, steps: int) -> tuple[int, int, int]:
    """The same for the search in which starts move: times and sums are those of a fresh count."""
    one = Rippler(Arrays(problem), seed)
    one.begin(None)
    board, pond, counts = one.board, one._pond, [0, 0]  # noqa: SLF001 - an audit
    sums = [ripple.WAY, ripple.LATE, ripple.MOST_LATE]
    for _ in range(steps):
        before, cost = board.node[:, at.NEXT].copy(), int(board.ctl[at.COST])
        one.run(1, 0.5, 0.0)
        after, counted = board.node.copy(), pond.sums[sums].copy()
        assert ripple.settle(one._world, board, pond)  # noqa: SLF001
        served = np.flatnonzero(after[: len(problem.visits), at.LANE] >= 0)
        assert np.array_equal(after[served, ripple.ENDS], board.node[served, ripple.ENDS])
        assert np.array_equal(counted, pond.sums[sums])
        rows = one._rows(board.node[:, [at.NEXT, at.LANE, at.FIX]])  # noqa: SLF001
        fresh = Rippler(Arrays(problem), seed)
        fresh._load(rows, 0)  # noqa: SLF001
        assert fresh.board.ctl[at.COST] <= board.ctl[at.COST]
        moved = not np.array_equal(before, board.node[:, at.NEXT])
        assert moved or cost == board.ctl[at.COST]
        counts[moved] += 1
    return counts[0], counts[1], 0


def audit_tails(problem: Problem, seed: int, steps: int) -> tuple[int, int]:
    """Exchanges of tails that were undone, and those that were kept; every other one is kept."""
    arrays = Arrays(problem)
    searcher = Searcher(arrays, seed)
    searcher.begin(None)
    board, world, fresh = searcher.board, arrays.world, arrays.board(1)
    counts = [0, 0]
    for k in range(steps):
        begin_step(board)
        before = kept(board)
        change = exchange_tails(world, board, 1e6)
        if change >= at.FAR or not is_sound(world, board):
            undo(world, board)
            same(before, kept(board))
            continue
        balance = int(board.ctl[at.IMBALANCE])
        board.ctl[at.COST] += change + reprice(world, board)
        same(kept(board), moved_anew(searcher, arrays, fresh))
        if k % 2:
            undo(world, board)
            board.ctl[at.IMBALANCE] = balance
            board.ctl[at.COST] = before["sums"][0]
            same(before, kept(board))
        counts[k % 2 == 0] += 1
    return counts[0], counts[1]


def main(what: str, kind: str, first: int, last: int) -> None:
    """Audit, or print plans as the interpreted core makes them."""
    make = KINDS[kind]
    for seed in range(first, last):
        if what == "audit":
            look = audit_moving if kind == "late" else audit
            print(*look(make(seed), 7, 60))  # noqa: T201 - this is a command
        elif what == "tails":
            print(*audit_tails(make(seed), 7, 60))  # noqa: T201
        else:
            plan = solve(make(seed), stop=Iterations(40), seed=3)
            print(json.dumps(plan_to_json(plan)))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
