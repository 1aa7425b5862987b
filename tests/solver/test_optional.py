"""Optional visits: served where that costs no more than leaving them out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver import Iterations, Problem, check, explain, insert, solve
from solver.search import Engine
from tests.solver.cases import problem, shift, visit
from tests.solver.fuzz import fits, random_problem, sequences

ENGINES: tuple[Engine, ...] = ("auto", "ortools")


def a_far_visit(skip_cost: float, *, optional: bool) -> Problem:
    """One visit at the door and one whose way costs a hundred minutes."""
    far = visit("V2", 6, skip_cost=skip_cost, optional=optional)
    return problem(shift(), visit("V1", 1), far)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("skip_cost", "left"), [(99, ["V2"]), (101, [])])
def test_an_optional_visit_is_served_where_that_is_cheaper(
    engine: Engine, skip_cost: float, left: list[str]
) -> None:
    case = a_far_visit(skip_cost, optional=True)
    for more in (Iterations(0), Iterations(500)):
        plan = solve(case, stop=more, engine=engine)
        assert [one.visit for one in plan.unserved] == left
    must = a_far_visit(skip_cost, optional=False)
    assert solve(must, stop=Iterations(500), engine=engine).unserved == ()


def test_two_that_pay_only_together_are_found() -> None:
    far = [visit(f"V{n}", 6, skip_cost=70, optional=True) for n in range(3)]
    plan = solve(problem(shift(), *far), stop=Iterations(500))
    assert plan.unserved == ()
    assert plan.cost["total"] == 120


def test_many_that_pay_only_together_are_found() -> None:
    far = [visit(f"V{n}", 6, skip_cost=15, optional=True) for n in range(10)]
    plan = solve(problem(shift(), *far), stop=Iterations(3000))
    assert plan.unserved == ()
    assert plan.cost["total"] == 120


def test_what_was_not_worth_it_has_no_reason_and_a_price() -> None:
    case = a_far_visit(60, optional=True)
    plan = solve(case, stop=Iterations(100))
    (one,) = explain(case, plan)
    assert (one.reasons, [(cure.code, cure.price) for cure in one.cures]) == ((), [("insert", 100)])
    made = insert(case, plan, "V2")
    assert made is not None
    assert sorted(sequences(made)["A-0"]) == ["V1", "V2"]


@pytest.mark.parametrize("batch", [range(40), range(40, 80)], ids=str)
def test_every_rule_holds_and_all_others_are_placed(batch: range) -> None:
    spared = 0
    for seed in batch:
        case = random_problem(seed)
        visits = tuple(
            replace(v, optional=n % 2 == 0, skip_cost=40 if n % 2 == 0 else v.skip_cost)
            for n, v in enumerate(case.visits)
        )
        case = replace(case, visits=visits, baseline=None, frozen_until=None)
        plan = solve(case, stop=Iterations(30), seed=seed)
        assert [found.text for found in check(case, plan).hard] == [], seed
        optional = {v.id for v in visits if v.optional}
        left = [one.visit for one in plan.unserved]
        assert [v for v in left if v not in optional and fits(case, plan, v)] == [], seed
        spared += sum(v in optional and fits(case, plan, v) for v in left)
    assert spared > 20
