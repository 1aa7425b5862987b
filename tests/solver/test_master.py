"""Set partitioning between spells of the search: cheaper or not taken, sound, repeatable."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from solver import Iterations, Problem, check, engine, plan_to_json, solve
from solver.core.arrays import Arrays
from solver.core.layout import SCALE, Ints
from solver.core.searcher import Searcher
from solver.course import course
from solver.master import Limit, Master
from solver.pool import Pool, Route
from tests.solver.cases import problem, shift, visit
from tests.solver.fuzz import knotted_problem, random_problem

LIMIT = Limit(1.0, None, lambda: False)
Lanes = Sequence[Sequence[int]]
"""Which visits stand on the first shift, on the second, and so on, by number."""


def stops(lanes: Lanes) -> Ints:
    rows = [(v, r, -1) for r, visits in enumerate(lanes) for v in visits]
    return np.array(rows, np.int32).reshape(len(rows), 3)


def mixed(case: Problem, *plans: Lanes) -> tuple[float, float | None]:
    """What the last plan costs, and what is made of the routes of all of them."""
    arrays = Arrays(case)
    searcher, pool = Searcher(arrays, 1), Pool(arrays, 100)
    plan: list[Route] = []
    for lanes in plans:
        searcher.again(stops(lanes))
        plan = pool.gather(searcher.board)
    before = sum(route.price for route in plan)
    found = Master(arrays, pool).best(plan, LIMIT)
    if found is None:
        return before / SCALE, None
    fresh = Searcher(arrays, 1)
    fresh.again(found)
    return before / SCALE, fresh.cost


def test_the_best_routes_of_three_plans_make_a_fourth() -> None:
    teams = [shift(team, max_visits=2) for team in "ABC"]
    case = problem(*teams, *(visit(f"V{n}", n) for n in range(1, 7)))
    plans = [
        [[0, 1], [2, 4], [3, 5]],
        [[2, 3], [0, 4], [1, 5]],  # stands on the same shift as the first pair
        [[1, 3], [0, 2], [4, 5]],
    ]
    assert mixed(case, *plans) == (80 + 60 + 120, 40 + 80 + 120)
    assert mixed(case, [[0, 1], [2, 3], [4, 5]])[1] is None


@pytest.mark.parametrize(
    ("rule", "price"),
    [({}, 60.0), ({"kits": ("K",)}, None), ({"series": "S", "min_gap_days": 1}, None)],
    ids=["none", "kits", "gap"],
)
def test_routes_that_are_no_good_together_are_not_taken(
    rule: dict[str, Any], price: float | None
) -> None:
    shifts = [shift("A"), shift("B"), shift("C", 1, fixed_cost=50)]
    case = problem(
        *(shift_ for shift_ in shifts), visit("V1", 1, **rule), visit("V2", 2, **rule),
        kits={"K": 1},
    )  # fmt: skip
    assert mixed(case, [[0], [], [1]], [[], [1], [0]]) == (60 + 50, price)


@pytest.mark.parametrize("make", [random_problem, knotted_problem])
def test_plans_of_problems_with_every_rule_are_sound_and_repeatable(
    make: Callable[[int], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "course", lambda _steps: course(10**6))
    monkeypatch.setattr(engine, "_BEAT", 5)
    for seed in range(20):
        case = make(seed)
        plans = [solve(case, stop=Iterations(60), seed=seed) for _ in range(2 if seed < 6 else 1)]
        assert check(case, plans[0]).hard == (), f"seed {seed}"
        assert len({json.dumps(plan_to_json(plan)) for plan in plans}) == 1, f"seed {seed}"


def test_a_plan_of_several_workers_is_sound_and_repeatable() -> None:
    case = random_problem(4)
    plans = [solve(case, stop=Iterations(400), seed=2, workers=2) for _ in range(2)]
    assert check(case, plans[0]).hard == ()
    assert plans[0] == plans[1]


@pytest.mark.parametrize("steps", [10, 3_000, 100_000])
def test_the_spells_use_the_whole_budget_once(steps: int) -> None:
    spells = course(steps)
    assert [one.since for one in spells] == [0, *(one.until for one in spells[:-1])]
    assert spells[-1].until == 1
    assert len(spells) == {10: 1, 3_000: 2, 100_000: 4}[steps]
    assert len(course(steps, seconds=1)) == 1
