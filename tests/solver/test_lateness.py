"""Problems of lateness: starts move, and each place is searched for at its full price."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from solver import Break, Iterations, Lag, Problem, Weights, check, evaluate, plan_to_json, solve
from solver.core.jit import is_compiled
from solver.core.searcher import Searcher
from solver.engine import Run, searcher_for
from solver.lateness import is_by_lateness
from tests.solver.cases import problem, shift, timed, visit
from tests.solver.fuzz import fits, late_problem, named
from tests.solver.test_core import interpreted

LATENESS = Weights(late_minute=1, most_late_minute=1)


def both_ways() -> Problem:
    """Two visits that both come late if they stand behind one another on one shift."""
    return problem(
        shift("A"), shift("B"), visit("V1", 5, due=530), visit("V2", 6, due=540), weights=LATENESS
    )


def test_the_largest_lateness_has_a_price_of_its_own() -> None:
    case = both_ways()
    plan = timed(case, A_0=["V1", "V2"])
    starts = {stop.visit: stop.start for route in plan.routes for stop in route.stops}
    late = [starts["V1"] - 530, starts["V2"] - 540]
    assert max(late) > 0
    assert plan.cost["most_late_minutes"] == max(late)
    without = evaluate(replace(case, weights=Weights(late_minute=1)), [("A-0", ["V1", "V2"])])
    assert plan.cost["total"] - without.cost["total"] == max(late)
    found = {one.rule: one.amount for one in check(case, plan).soft}
    assert found["most_late_minutes"] == max(late)


def test_the_search_counts_what_the_plan_costs() -> None:
    for seed in range(120):
        case = late_problem(seed)
        assert is_by_lateness(case)
        run = Run(case, 1, None, 1)
        run.search(Iterations(60), None)
        cost, plan = run._best.cost, run.plan()  # noqa: SLF001 - what the search says of itself
        assert cost == pytest.approx(plan.cost["total"], abs=0.1), seed


def test_nothing_that_one_insertion_could_place_is_left_out() -> None:
    for seed in range(40):
        case = late_problem(seed)
        plan = solve(case, stop=Iterations(60), seed=2)
        assert check(case, plan).hard == ()
        free = [v for v in case.visits if not v.optional]
        left = {one.visit for one in plan.unserved}
        assert [v.id for v in free if v.id in left and fits(case, plan, v.id)] == [], seed


def test_the_compiler_changes_not_a_byte() -> None:
    assert is_compiled()
    plans = interpreted("solve", "late", 0, 25)
    for seed, plan in enumerate(plans):
        made = solve(late_problem(seed), stop=Iterations(40), seed=3)
        assert plan == json.dumps(plan_to_json(made))
    assert len(plans) == 25


def test_times_and_sums_are_those_of_a_fresh_count_after_every_step() -> None:
    counts = [tuple(map(int, line.split())) for line in interpreted("audit", "late", 0, 40)]
    assert len(counts) == 40
    assert sum(still for still, _moved, _judged in counts) > 100
    assert sum(moved for _still, moved, _judged in counts) > 100


def with_breaks(case: Problem) -> Problem:
    return replace(
        case, shifts=tuple(replace(one, break_=Break(30, 600, 700)) for one in case.shifts)
    )


def with_wishes(case: Problem) -> Problem:
    visits = tuple(replace(one, preferred_start=600) for one in case.visits)
    return replace(case, visits=visits, weights=replace(case.weights, start_off_minute=1))


def with_kits(case: Problem) -> Problem:
    return replace(
        case, kits={"K1": 1}, visits=tuple(replace(one, kits=("K1",)) for one in case.visits)
    )


def without_price(case: Problem) -> Problem:
    return replace(case, weights=Weights())


@pytest.mark.parametrize("change", [with_breaks, with_wishes, with_kits, without_price], ids=named)
def test_what_it_does_not_know_is_left_to_the_usual_search(
    change: Callable[[Problem], Problem],
) -> None:
    assert searcher_for(both_ways()) is not Searcher
    assert searcher_for(change(both_ways())) is Searcher


def test_two_in_step_move_together_when_somebody_is_put_before_one_of_them() -> None:
    case = problem(
        shift("A"), shift("B", skills=("b",)), visit("V1", 1, due=490),
        visit("V2", 2, due=560), visit("V3", 2, skills=("b",), lag=Lag("V2")),
        weights=LATENESS,
    )  # fmt: skip
    plan = solve(case, stop=Iterations(200))
    assert plan.unserved == ()
    starts = {stop.visit: stop.start for route in plan.routes for stop in route.stops}
    assert starts == {"V1": 490, "V2": 530, "V3": 530}


def test_an_earlier_plan_is_gone_on_from() -> None:
    for seed in range(12):
        case = late_problem(seed)
        first = solve(case, stop=Iterations(200), seed=1)
        again = solve(case, stop=Iterations(0), seed=2, start=first)
        assert again.cost["total"] <= first.cost["total"], seed
