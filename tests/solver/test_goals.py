"""The measured goals: what counts as met, and what is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver import Iterations, Unserved, generate, solve
from tests.bench.goals import Row, left_insertable, line, lost_day, moved


@pytest.mark.parametrize(
    ("values", "is_least", "verdict"),
    [
        pytest.param((1, 2, 9), False, "2 ms | 9 | yes", id="at most"),
        pytest.param((1, 6, 9), False, "6 ms | 9 | **no**", id="too much"),
        pytest.param((1, 6, 9), True, "6 ms | 1 | yes", id="at least"),
        pytest.param((1, 2, 9), True, "2 ms | 1 | **no**", id="too little"),
    ],
)
def test_the_median_says_whether_a_goal_is_met(
    values: tuple[float, ...], verdict: str, *, is_least: bool
) -> None:
    assert verdict in line(Row("goal", "of", "ms", 5, values, is_least=is_least))


def test_a_lost_day_hits_its_visits_and_they_are_counted() -> None:
    week = generate(30, seed=1, teams=3)
    plan = solve(week, stop=Iterations(200), seed=1)
    now, hit = lost_day(week, plan)
    again = solve(now, stop=Iterations(0))
    assert moved(plan, plan) == 0
    assert moved(plan, again) >= len(hit) > 0


def test_a_visit_that_was_taken_out_could_be_put_in() -> None:
    week = generate(30, seed=1, teams=3)
    plan = solve(week, stop=Iterations(200), seed=1)
    assert left_insertable(week, plan) == 0
    routes = tuple(replace(r, stops=()) for r in plan.routes[:1]) + plan.routes[1:]
    left = tuple(Unserved(stop.visit) for stop in plan.routes[0].stops)
    assert left_insertable(week, replace(plan, routes=routes, unserved=left)) == len(left) > 0
