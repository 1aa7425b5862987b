"""What must hold for every problem, tried on two hundred random small ones."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from solver import (
    Iterations,
    Plan,
    Problem,
    check,
    evaluate,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
    solve,
)  # fmt: skip
from tests.solver.fuzz import fits, knotted_problem, random_problem, sequences

BATCHES = [range(at, at + 20) for at in range(0, 200, 20)]


def solved(seed: int, make: Callable[[int], Problem] = random_problem) -> tuple[Problem, Plan]:
    case = make(seed)
    return case, solve(case, stop=Iterations(8), seed=seed)


@pytest.mark.parametrize("make", [random_problem, knotted_problem])
@pytest.mark.parametrize("batch", BATCHES, ids=str)
def test_no_plan_breaks_a_rule_nor_leaves_out_what_one_insertion_could_place(
    batch: range, make: Callable[[int], Problem]
) -> None:
    for seed in batch:
        case, plan = solved(seed, make)
        assert [f.text for f in check(case, plan).hard] == [], f"seed {seed}"
        placeable = [one.visit for one in plan.unserved if fits(case, plan, one.visit)]
        assert placeable == [], f"seed {seed}"


@pytest.mark.parametrize("seed", range(12))
def test_a_seed_and_a_number_of_iterations_give_the_same_bytes(seed: int) -> None:
    first, second = (json.dumps(plan_to_json(solved(seed)[1])) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("seed", range(40))
def test_problem_and_plan_come_back_from_json_as_they_were(seed: int) -> None:
    case, plan = solved(seed)
    assert problem_from_json(json.dumps(problem_to_json(case))) == case
    assert plan_from_json(json.dumps(plan_to_json(plan))) == plan


@pytest.mark.parametrize("seed", range(40))
def test_planning_again_from_an_own_plan_moves_nothing(seed: int) -> None:
    case, plan = solved(seed)
    again = solve(case, stop=Iterations(0), seed=seed, start=plan)
    assert again.routes == plan.routes


@pytest.mark.parametrize("seed", range(60))
def test_the_times_of_an_own_plan_are_those_of_the_same_plan_made_by_hand(seed: int) -> None:
    case, plan = solved(seed, knotted_problem)
    assert evaluate(case, sequences(plan).items()).routes == plan.routes


@pytest.mark.parametrize("seed", range(60))
def test_timing_never_refuses_a_sequence_of_known_visits(seed: int) -> None:
    case = random_problem(seed)
    ids = [visit.id for visit in case.visits]
    everything = {shift.id: ids[n % 2 :: 2] for n, shift in enumerate(case.shifts)}
    made = evaluate(case, everything.items())
    assert sequences(made) == {shift: ids for shift, ids in everything.items() if ids}
