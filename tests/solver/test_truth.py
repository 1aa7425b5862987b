"""What is said of visits that are left out, and of places, is so; ``campaign`` tries many more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from solver import Iterations, Problem, explain, solve
from solver.explain.board import Board
from solver.explain.lanes import Prober
from solver.places import Finder
from tests.solver.cases import problem, shift, timed, visit
from tests.solver.fuzz import full_problem, knotted_problem, named, random_problem
from tests.solver.truth import judge


@pytest.mark.parametrize("seeds", [range(at, at + 3) for at in range(0, 12, 3)], ids=str)
def test_all_that_is_said_is_so_with_every_rule_in_play(seeds: range) -> None:
    for seed in seeds:
        case = full_problem(seed)
        judge(case, solve(case, stop=Iterations(3), seed=seed))


@pytest.mark.parametrize("seed", [40, 42, 54, 114, 196])
def test_what_only_other_agreed_starts_or_other_company_allows_is_found(seed: int) -> None:
    case = knotted_problem(seed)
    judge(case, solve(case, stop=Iterations(3), seed=seed))


@pytest.mark.parametrize("make", [random_problem, full_problem, knotted_problem], ids=named)
def test_the_limits_of_a_route_rule_out_only_what_timing_rules_out(
    make: Callable[[int], Problem],
) -> None:
    for seed in range(20):
        case = make(seed)
        board = Board(case, solve(case, stop=Iterations(3), seed=seed))
        quick, slow = Prober(board, board.lanes), Finder(board)
        for v in (u for u in range(len(case.visits)) if u not in board.where):
            start = board.start_of(v)
            for s in board.known.allowed[v]:
                for at in range(len(board.routes[s]) + 1):
                    for free in (False, True):
                        found = quick.insertion(v, (s, at), start, 1e9, free=free)
                        assert found == slow.insertion(v, (s, at), start, 1e9, free=free)


def test_two_crews_who_share_the_only_kit_are_offered_another() -> None:
    case = problem(shift(), shift("B"), visit(crews=2, kits=("K",)), kits={"K": 1})
    (one,) = explain(case, timed(case))
    (cure,) = (cure for cure in one.cures if cure.code == "kit")
    assert cure.patch == ({"op": "add", "path": "/kits/K", "value": 2},)


def test_a_patch_names_kits_in_the_order_in_which_the_visit_does() -> None:
    kits = ("K9", "K1", "K5")
    case = problem(shift(), visit(kits=kits), kits=dict.fromkeys(kits, 0))
    (one,) = explain(case, timed(case))
    assert [step["path"] for step in one.cures[0].patch] == [f"/kits/{kit}" for kit in kits]
