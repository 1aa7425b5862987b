"""Visits that begin in step with another, and lateness: timed, searched, explained and judged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from solver import (
    Iterations,
    Lag,
    Problem,
    Weights,
    Window,
    check,
    evaluate,
    explain,
    generate,
    solve,
)
from solver.bench import line
from solver.instances import read
from solver.search import Engine
from tests.solver.cases import problem, shift, timed, visit

ENGINES: tuple[Engine, ...] = ("auto", "ortools")


def in_step(least: int, most: int) -> Problem:
    """Two specialists at one site, of whom the second lives farther away."""
    far = shift("B", from_location=7, to_location=7, skills=("b",))
    return problem(
        shift("A", skills=("a",)), far, visit("V1", 3, skills=("a",)),
        visit("V2", 3, skills=("b",), lag=Lag("V1", least, most)),
    )  # fmt: skip


@pytest.mark.parametrize(("least", "most", "starts"), [(0, 0, [520, 520]), (60, 90, [510, 570])])
def test_who_would_be_early_waits_for_the_other(least: int, most: int, starts: list[int]) -> None:
    case = in_step(least, most)
    plan = timed(case, A_0=["V1"], B_0=["V2"])
    assert [route.stops[0].start for route in plan.routes] == starts
    assert check(case, plan).hard == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_both_are_planned_by_two_teams_of_one_day(engine: Engine) -> None:
    for least, most in ((0, 0), (60, 90)):
        case = in_step(least, most)
        plan = solve(case, stop=Iterations(300), engine=engine)
        assert plan.unserved == ()
        assert check(case, plan).hard == ()


def test_a_week_has_most_of_its_pairs_in_step() -> None:
    week = generate(60, seed=1, teams=4, breaks=True)
    visits = list(week.visits)
    for n in range(0, 20, 2):
        lag = Lag(visits[n].id, 0, 30 if n % 4 else 0)
        visits[n + 1] = replace(visits[n + 1], lag=lag, windows=visits[n].windows)
    week = replace(week, visits=tuple(visits))
    plan = solve(week, stop=Iterations(2000), seed=1)
    assert check(week, plan).hard == ()
    left = {one.visit for one in plan.unserved}
    pairs = [{v.id, v.lag.visit} for v in visits if v.lag is not None]
    assert sum(not pair & left for pair in pairs) >= 8


def test_one_that_cannot_be_in_step_is_blamed_on_the_other() -> None:
    case = problem(
        shift("A"), shift("B"), visit("V1", windows=(Window(0, 480, 520),)),
        visit("V2", 2, windows=(Window(0, 800, 960),), lag=Lag("V1", 0, 60)),
    )  # fmt: skip
    plan = timed(case, A_0=["V1"])
    (one,) = explain(case, plan)
    assert [(r.code, r.detail) for r in one.reasons] == [("locked_conflict", {"visits": ["V1"]})]


def test_lateness_is_priced_and_avoided() -> None:
    case = problem(shift(), visit("V1", 1), visit("V2", 5, due=530), weights=Weights(late_minute=3))
    late = timed(case, A_0=["V1", "V2"])
    assert late.cost["late_minutes"] == 30
    assert late.cost["total"] == 100 + 90
    assert ("late_minutes", 30) in [(one.rule, one.amount) for one in check(case, late).soft]
    plan = solve(case, stop=Iterations(300))
    assert plan.cost["late_minutes"] == 0


TWO = {
    "patients": [
        {"id": "p1", "location": [3, 0], "time_window": [10, 20],
         "required_caregivers": [{"service": "s1", "duration": 5}]},
        {"id": "p2", "location": [0, 4], "time_window": [1, 3],
         "required_caregivers": [{"service": "s1", "duration": 2},
                                 {"service": "s2", "duration": 2}],
         "synchronization": {"type": "sequential", "distance": [3, 4]}},
    ],
    "services": [{"id": "s1"}, {"id": "s2"}],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s2"]}],
    "central_offices": [{"id": "d", "location": [0, 0]}],
    "distances": [[0, 3, 4], [3, 0, 5], [4, 5, 0]],
}  # fmt: skip


def written(folder: Path, data: object) -> str:
    file = folder / "two.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return str(file)


def test_home_care_counts_distance_and_lateness_by_thirds(tmp_path: Path) -> None:
    routes = [
        {"caregiver_id": "c1", "locations": [{"patient": "p2", "service": "s1"},
                                             {"patient": "p1", "service": "s1"}]},
        {"caregiver_id": "c2", "locations": [{"patient": "p2", "service": "s2"}]},
    ]  # fmt: skip
    (tmp_path / "sol-two-1.json").write_text(json.dumps({"routes": routes}), encoding="utf-8")
    instance = read(written(tmp_path, TWO))
    assert instance.best_known == pytest.approx((12 + 8 + 4 + (1 + 4)) / 3)
    plan = evaluate(instance.problem, [("c1", ["2", "1"]), ("c2", ["2+"])])
    found = line(instance, plan, {})
    assert (found["instance"], found["routes"]) == ("two", [[2, 1], [2]])
    assert found["gap_percent"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("central_offices", []), ("patients", [{"required_caregivers": []}]), ("distances", [[0, 1]])],
)
def test_what_is_no_home_care_is_refused(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"two\.json: "):
        read(written(tmp_path, {**TWO, field: value}))
