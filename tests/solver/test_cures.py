"""A cure is a change of the problem after which the visit has a place, at the price that was said.

Nothing of the search for cures is used here: the patch is carried out on the problem's JSON, the
visit put in, and the plan judged by ``check``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from solver import (
    BadProblem,
    Break,
    Cure,
    Explanation,
    Iterations,
    Pin,
    Plan,
    Problem,
    Window,
    apply_cure,
    explain,
    insert,
    problem_from_json,
    problem_to_json,
    solve,
)
from solver.explain.patch import patched
from tests.solver.cases import problem, shift, timed, visit
from tests.solver.fuzz import knotted_problem, named, random_problem, sequences, tiny_problem
from tests.solver.truth import judge_cures, judge_yielding

BATCHES = [
    *((tiny_problem, range(at, at + 150)) for at in range(0, 600, 150)),
    *((random_problem, range(at, at + 50)) for at in range(0, 200, 50)),
    *((knotted_problem, range(at, at + 50)) for at in range(0, 200, 50)),
]  # fmt: skip


def explained(
    make: Callable[[int], Problem], seeds: range
) -> Iterator[tuple[Problem, Plan, Explanation]]:
    for seed in seeds:
        case = make(seed)
        plan = solve(case, stop=Iterations(3), seed=seed)
        for one in explain(case, plan):
            yield case, plan, one


@pytest.mark.parametrize(("make", "seeds"), BATCHES, ids=named)
def test_every_cure_plans_the_visit_at_its_price_and_breaks_nothing(
    make: Callable[[int], Problem], seeds: range
) -> None:
    for case, plan, one in explained(make, seeds):
        judge_cures(case, plan, one)


@pytest.mark.parametrize("seeds", [range(at, at + 50) for at in range(0, 100, 50)], ids=str)
def test_where_no_visit_is_said_to_yield_none_could(seeds: range) -> None:
    for case, plan, one in explained(random_problem, seeds):
        judge_yielding(case, plan, one)


# One planted case a kind


def only(case: Problem, plan: Plan | None = None) -> dict[str, Cure]:
    """The cures of the one visit that is left out, by code."""
    (one,) = explain(case, plan or solve(case, stop=Iterations(3)))
    return {cure.code: cure for cure in one.cures}


FULL = {"service_minutes": 400, "priority": 5, "skip_cost": 300}
MONDAY_ONLY = (Window(0, 480, 960),)
PLANTED: dict[str, tuple[Problem, str, object]] = {
    "skill": (problem(shift(), visit(skills=("a",))), "/shifts/0/skills", ["a"]),
    "person": (problem(shift(), visit(people=3)), "/shifts/0/people", 3),
    "clearance": (problem(shift(), visit(clearance="S9")), "/shifts/0/clearances", ["S9"]),
    "kit": (problem(shift(), visit(kits=("K/1",)), kits={"K/1": 0}), "/kits/K~11", 1),
    "slots": (
        problem(shift(kit_slots=0), visit(kits=("K",)), kits={"K": 1}), "/shifts/0/kit_slots", 1,
    ),
    "allow": (
        problem(shift(), visit(forbidden_shifts=("A-0",))), "/visits/0/forbidden_shifts", [],
    ),
    "unlock": (problem(shift(), visit(pin=Pin(1, "A", None))), "/visits/0/pin", None),
    "visits": (problem(shift(max_visits=0), visit()), "/shifts/0/max_visits", 1),
    "travel": (problem(shift(max_travel=12), visit()), "/shifts/0/max_travel", 20),
    "duration": (problem(shift(max_duration=45), visit()), "/shifts/0/max_duration", 60),
    "overtime": (problem(shift(), visit(service_minutes=465, windows=(Window(0, 0, 1200),))),
                 "/shifts/0/overtime", 15),
    "earlier": (problem(shift(), visit(windows=(Window(0, 400, 515),))), "/shifts/0/start", 465),
    "shorter": (problem(shift(), visit(windows=(Window(0, 500, 522),))),
                "/visits/0/service_minutes", 20),
    "window": (problem(shift(), visit(windows=(Window(0, 500, 525),))),
               "/visits/0/windows", [{"day": 0, "from": 500, "to": 540}]),
    "other_day": (
        problem(shift(day=1), visit(windows=MONDAY_ONLY)), "/visits/0/windows",
        [{"day": 0, "from": 480, "to": 960}, {"day": 1, "from": 480, "to": 960}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_lack_is_cured_by_what_is_lacking(code: str) -> None:
    case, path, value = PLANTED[code]
    (step,) = only(case)[code].patch
    assert (step["path"], step["value"]) == (path, value)


def test_a_visit_of_lower_priority_yields_and_one_of_the_same_does_not() -> None:
    windows = (Window(0, 480, 960),)
    here = (shift(), visit("V1", **FULL, windows=windows), visit("V2", 2, service_minutes=300,
            windows=windows, priority=1, skip_cost=200))  # fmt: skip
    case = problem(*here)
    plan = timed(case, A_0=["V1"])
    cure = only(case, plan)["displace"]
    assert cure.patch == ({"op": "replace", "path": "/visits/0/allowed_shifts", "value": []},)
    assert cure.price == 300 + 40 - 20
    made = insert(apply_cure(case, cure), plan, "V2")
    assert made is not None
    assert sequences(made) == {"A-0": ["V2"]}
    same = replace(case, visits=tuple(replace(v, priority=3) for v in case.visits))
    assert "displace" not in only(same, plan)


def test_a_team_more_is_offered_where_the_week_is_full() -> None:
    windows = (Window(0, 480, 960),)
    case = problem(shift(), *(visit(f"V{n}", **FULL, windows=windows) for n in range(2)))
    (step,) = only(case)["team"].patch
    assert (step["op"], step["path"], step["value"]["id"]) == ("add", "/shifts/-", "X1-0")


def test_days_between_visits_of_a_series_are_cut_on_both_sides() -> None:
    pair = [visit(f"V{n}", series="S", min_gap_days=2, windows=(Window(n, 480, 960),))
            for n in range(2)]  # fmt: skip
    case = problem(shift(), shift(day=1), *pair)
    cure = only(case)["gap"]
    assert {(step["path"], step["value"]) for step in cure.patch} == {
        ("/visits/0/min_gap_days", 1), ("/visits/1/min_gap_days", 1),
    }  # fmt: skip


def test_what_two_things_keep_out_two_changes_let_in() -> None:
    case = problem(shift(break_=Break(30, 700, 760)), visit(skills=("a",), people=3))
    assert "person+skill" in only(case)


def test_what_has_a_place_is_offered_the_place() -> None:
    case = problem(shift(), visit("V1"), visit("V2", 2))
    (one,) = explain(case, timed(case, A_0=["V1"]))
    assert one.reasons == ()
    assert [(c.code, c.patch, c.price) for c in one.cures] == [("insert", (), 20)]


def test_what_cannot_be_cured_has_no_cure() -> None:
    case = problem(shift(), visit(skills=("a",), clearance="S9", people=5))
    assert only(case) == {}


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "replace", "path": "/visits/9/pin", "value": None}],
        [{"op": "replace", "path": "/visits/0/none", "value": 1}],
        [{"op": "add", "path": "visits", "value": 1}],
        [{"op": "remove", "path": "/shifts/01"}],
        [{"op": "test", "path": "/version", "value": 2}],
        [{"op": "grow", "path": "/version", "value": 2}],
        [{"path": "/version"}],
        [{"op": "replace", "path": "/shifts/0/end", "value": -1}],
    ],
)
def test_a_patch_that_leads_nowhere_is_refused(patch: list[dict[str, object]]) -> None:
    with pytest.raises(BadProblem):
        apply_cure(problem(shift(), visit()), {"patch": patch})


@pytest.mark.parametrize(
    ("patch", "after"),
    [
        ([{"op": "add", "path": "/a/1", "value": 9}], {"a": [1, 9, 2], "b": {}}),
        ([{"op": "add", "path": "/a/-", "value": 9}], {"a": [1, 2, 9], "b": {}}),
        ([{"op": "add", "path": "/b/x~1y~0z", "value": 9}], {"a": [1, 2], "b": {"x/y~z": 9}}),
        ([{"op": "remove", "path": "/a/0"}], {"a": [2], "b": {}}),
        ([{"op": "move", "from": "/a/0", "path": "/b/c"}], {"a": [2], "b": {"c": 1}}),
        ([{"op": "copy", "from": "/a", "path": "/b/c"}], {"a": [1, 2], "b": {"c": [1, 2]}}),
        ([{"op": "test", "path": "/a/0", "value": 1}], {"a": [1, 2], "b": {}}),
        ([{"op": "replace", "path": "", "value": 3}], 3),
    ],
)
def test_the_operations_do_what_their_standard_says(
    patch: list[dict[str, object]], after: object
) -> None:
    before = {"a": [1, 2], "b": {}}
    assert patched(before, patch) == after
    assert before == {"a": [1, 2], "b": {}}


def test_a_plan_of_another_problem_is_refused_in_one_sentence() -> None:
    case, other = problem(shift(), visit("V1")), problem(shift("B"), visit("V2"))
    for plan in (timed(other, B_0=["V2"]), timed(other)):
        with pytest.raises(BadProblem, match="plan"):
            explain(case, replace(plan, unserved=timed(other).unserved))


def test_the_problem_stays_as_it_was() -> None:
    case = random_problem(5)
    before = problem_to_json(case)
    plan = solve(case, stop=Iterations(3))
    explain(case, plan)
    assert problem_to_json(case) == before
    assert problem_from_json(before) == case
