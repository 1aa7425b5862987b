"""The proven optimum of small problems: it breaks no rule, and the search finds its price."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import pytest

from solver import (
    Break,
    Iterations,
    Pin,
    Plan,
    Problem,
    check,
    evaluate,
    exact,
    problem_to_json,
    solve,
)
from solver.__main__ import main
from solver.exact import MOST, NotCovered, optimum
from tests.solver.cases import MONDAY, problem, shift, visit
from tests.solver.fuzz import random_problem

BATCHES = [range(at, at + 20) for at in range(0, 100, 20)]


def covered(seed: int) -> Problem:
    """A random problem without what the exact method refuses."""
    case = random_problem(seed)
    visits = tuple(
        replace(
            one, crews=1, after=(), together_with=None, series=None, due=None, lag=None,
            optional=False,
        )
        for one in case.visits
    )  # fmt: skip
    shifts = tuple(
        replace(one, overtime=0 if one.break_ else one.overtime, max_duration=None)
        for one in case.shifts
    )
    return replace(
        case, visits=visits, shifts=shifts, kits={"K1": 3, "K2": 3}, baseline=None,
        frozen_until=None, weights=replace(case.weights, wait_minute=0, late_minute=0),
    )  # fmt: skip


def price(case: Problem, plan: Plan) -> tuple[int, float]:
    """What has to be served and is not goes before the cost."""
    left = {one.visit for one in plan.unserved}
    missed = [v for v in case.visits if v.id in left and (v.mandatory or v.pin is not None)]
    return len(missed), round(plan.cost["total"], 6)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
def test_the_search_reaches_the_proven_optimum(batch: range) -> None:
    for seed in batch:
        case = covered(seed)
        best = optimum(case)
        assert check(case, best).hard == (), f"seed {seed}"
        found = solve(case, stop=Iterations(3000), seed=seed)
        assert price(case, found) == price(case, best), f"seed {seed}"


def test_no_plan_at_all_is_cheaper() -> None:
    case = problem(
        shift(break_=Break(30, 600, 660)), shift("B", skills=("a",), fixed_cost=5),
        visit("V1", 1), visit("V2", 3, skills=("a",)), visit("V3", 2, preferred_teams=("B",)),
        visit("V4", 5, setup_minutes=15), visit("V5", 5, setup_minutes=15, skip_cost=25),
    )  # fmt: skip
    ids = [one.id for one in case.visits]
    cheapest = float("inf")
    for homes in product((None, "A-0", "B-0"), repeat=len(ids)):
        mine = {
            name: [v for v, home in zip(ids, homes, strict=True) if home == name]
            for name in homes if name is not None
        }  # fmt: skip
        for orders in product(*(permutations(visits) for visits in mine.values())):
            plan = evaluate(case, zip(mine, orders, strict=True))
            if plan.cost["total"] < cheapest and not check(case, plan).hard:
                cheapest = plan.cost["total"]
    assert optimum(case).cost["total"] == pytest.approx(cheapest)


@pytest.mark.parametrize(
    ("case", "what"),
    [
        (problem(*(visit(f"V{n}", 1) for n in range(MOST + 1))), "more than 12 visits"),
        (problem(visit(crews=2)), "crews"),
        (problem(visit(), visit("V2", after=("V1",))), "after"),
        (problem(visit(), visit("V2", together_with="V1")), "together_with"),
        (problem(visit(series="S"), visit("V2", series="S", min_gap_days=2)), "min_gap_days"),
        (problem(shift(), shift("B"), visit(kits=("K",)), kits={"K": 1}), "kits"),
        (problem(shift(overtime=30, break_=Break(30, 600, 660)), visit()), "overtime and break"),
    ],
    ids=lambda one: one.replace(" ", "-") if isinstance(one, str) else "case",
)
def test_what_it_does_not_know_it_refuses(case: Problem, what: str) -> None:
    with pytest.raises(NotCovered, match=what):
        optimum(case)


def test_a_field_that_it_was_never_taught_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_OF_VISITS", ("id", "location", "service_minutes", "windows"))
    optimum(problem(visit()))
    with pytest.raises(NotCovered, match="demand"):
        optimum(problem(visit(demand=1)))
    monkeypatch.undo()
    optimum(problem(visit(demand=1)))


def test_the_command_proves_or_says_what_it_does_not_cover(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(problem_to_json(problem(visit()))))
    assert main(["prove", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["engine"] == "proven optimum"
    file.write_text(json.dumps(problem_to_json(problem(visit(crews=2)))))
    assert main(["prove", str(file)]) == 2
    assert "does not cover: crews" in capsys.readouterr().err


def test_a_pinned_start_is_kept_and_a_dear_visit_goes_before_a_cheap_one() -> None:
    pin = Pin(MONDAY, "A", 600)
    case = problem(
        shift(end=660), visit("V1", pin=pin), visit("V2", 3, skip_cost=900),
        visit("V3", 4, skip_cost=100),
    )  # fmt: skip
    best = optimum(case)
    assert [(stop.visit, stop.start) for stop in best.routes[0].stops] == [("V2", 510), ("V1", 600)]
    assert [one.visit for one in best.unserved] == ["V3"]
