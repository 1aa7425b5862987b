"""The JSON that leaves and enters the solver, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solver import (
    BadProblem,
    evaluate,
    generate,
    plan_from_json,
    problem_from_json,
    problem_sha256,
    problem_to_json,
)
from solver.__main__ import main
from tests.solver.cases import problem, shift, visit

FIELDS = {
    "problem": "version days profiles kits shifts visits weights baseline frozen_until horizon",
    "shift": "id team day start end overtime from_location to_location profile people skills kits"
    " kit_slots clearances break max_travel max_visits fixed_cost used_minutes_before capacity"
    " max_duration",
    "visit": "id location service_minutes setup_minutes windows skills kits people crews clearance"
    " priority skip_cost mandatory allowed_shifts forbidden_shifts preferred_teams"
    " preferred_start pin series min_gap_days together_with after demand optional due lag",
    "weights": "travel_minute wait_minute overtime_minute kilogram_co2 used_shift unpreferred_team"
    " start_off_minute late_minute most_late_minute imbalance_minute moved_team moved_day"
    " moved_minute",
}


def good() -> dict[str, Any]:
    return problem_to_json(problem(shift(), visit("V1")))


def test_the_fields_of_the_json_are_those_of_its_first_version() -> None:
    data = good()
    parts = {"problem": data, "shift": data["shifts"][0], "visit": data["visits"][0],
             "weights": data["weights"]}  # fmt: skip
    for name, fields in FIELDS.items():
        assert sorted(parts[name]) == sorted(fields.split()), name


def a_visit(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["visits"][0].update(fields)


def a_shift(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["shifts"][0].update(fields)


def on_top(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.update(fields)


def without(part: str, field: str) -> Callable[[dict[str, Any]], None]:
    return lambda data: data[part][0].pop(field)


MINUTES: dict[str, Any] = {"metres": [[0]], "grams_per_km": 0}
BAD: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "version": (on_top(version=2), "version"),
    "no days": (on_top(days=[]), "days"),
    "no date": (on_top(days=["soon"]), "days"),
    "days twice": (on_top(days=["2026-11-23", "2026-11-23"]), "days"),
    "unknown field": (on_top(wishes=[]), "problem.wishes"),
    "not square": (on_top(profiles={"car": {"minutes": [[0, 1]], **MINUTES}}), "minutes"),
    "negative travel": (on_top(profiles={"car": {"minutes": [[-1]], **MINUTES}}), "minutes"),
    "kits": (on_top(kits={"K": -1}), "kits.K"),
    "weight": (on_top(weights={"travel_minute": -1}), "weights.travel_minute"),
    "frozen day": (on_top(frozen_until={"day": 9, "minute": 0}), "frozen_until.day"),
    "no end": (without("shifts", "end"), "shifts[0].end"),
    "end before start": (a_shift(end=400), "shifts.A-0.end"),
    "day of shift": (a_shift(day=2), "shifts.A-0.day"),
    "profile": (a_shift(profile="boat"), "shifts.A-0.profile"),
    "base": (a_shift(from_location=99), "shifts.A-0.from_location"),
    "break": (a_shift(**{"break": {"minutes": 30, "from": 0, "to": 10}}), "shifts.A-0.break"),
    "text for minutes": (a_visit(service_minutes="ten"), "visits[0].service_minutes"),
    "negative minutes": (a_visit(service_minutes=-5), "visits.V1.service_minutes"),
    "true for a number": (a_visit(service_minutes=True), "visits[0].service_minutes"),
    "location": (a_visit(location=99), "visits.V1.location"),
    "crews": (a_visit(crews=3), "visits.V1.crews"),
    "window day": (a_visit(windows=[{"day": 7, "from": 0, "to": 9}]), "visits.V1.windows.day"),
    "window back": (a_visit(windows=[{"day": 0, "from": 9, "to": 0}]), "visits.V1.windows"),
    "infinite price": (a_visit(skip_cost=float("inf")), "visits.V1.skip_cost"),
    "pin team": (a_visit(pin={"team": "Z"}), "visits.V1.pin.team"),
    "pin day": (a_visit(pin={"day": 4}), "visits.V1.pin.day"),
    "pin start": (a_visit(pin={"day": 0, "start": -1}), "visits.V1.pin.start"),
    "preferred start": (a_visit(preferred_start=-1), "visits.V1.preferred_start"),
    "allowed": (a_visit(allowed_shifts=["Z-0"]), "visits.V1.allowed_shifts"),
    "forbidden": (a_visit(forbidden_shifts=["Z-0"]), "visits.V1.forbidden_shifts"),
    "after": (a_visit(after=["V9"]), "visits.V1.after"),
    "optional and mandatory": (a_visit(optional=True, mandatory=True), "visits.V1.optional"),
    "longest outing": (a_shift(max_duration=-1), "shifts.A-0.max_duration"),
    "minutes beyond all weeks": (a_visit(service_minutes=10**30), "visits.V1.service_minutes"),
    "too much to carry": (a_visit(demand=10**6), "visits.V1.demand"),
    "priority": (a_visit(priority=6), "visits.V1.priority"),
    "window after the week": (
        a_visit(windows=[{"day": 0, "from": 0, "to": 9999}]),
        "visits.V1.windows",
    ),
    "end is null": (a_shift(end=None), "shifts[0].end: must be a whole number, not None"),
    "overtime beyond all weeks": (a_shift(overtime=10**12), "shifts.A-0.overtime"),
    "half a minute": (a_visit(service_minutes=1.5), "must be a whole number, not 1.5"),
    "no id": (a_visit(id=""), "visits: an id is empty"),
    "id of two lines": (a_visit(id="a\nb", people=-1), "b.people: must not be negative"),
    "visit twice": (lambda data: data["visits"].append(data["visits"][0]), "'V1' stands there"),
    "days without end": (
        on_top(days=[f"2026-{m:02d}-{d:02d}" for m in (1, 3, 5) for d in range(1, 29)]),
        "days: 84 are more than 60",
    ),
    "no profiles": (on_top(profiles={}), "shifts.A-0.profile"),
    "rows of two lengths": (
        lambda data: data["profiles"]["car"]["metres"][2].pop(),
        "profiles.car.metres",
    ),
    "a leg to the moon": (
        lambda data: data["profiles"]["car"]["minutes"][0].__setitem__(1, 600_000),
        "profiles.car: a leg costs more",
    ),
    "weight of a minute": (on_top(weights={"travel_minute": 10_000}), "weights.travel_minute"),
    "dear shift": (a_shift(fixed_cost=1e9), "shifts.A-0.fixed_cost"),
    "due": (a_visit(due=-1), "visits.V1.due"),
    "lag behind nobody": (a_visit(lag={"visit": "V9"}), "visits.V1.lag.visit"),
    "lag behind itself": (a_visit(lag={"visit": "V1"}), "visits.V1: refers to itself"),
    "lag backwards": (a_visit(lag={"visit": "V1", "least": 2, "most": 1}), "visits.V1.lag.most"),
    "lag of two crews": (a_visit(lag={"visit": "V1"}, crews=2), "visits.V1.lag: a visit of two"),
    "after itself": (a_visit(after=["V1"]), "visits.V1"),
    "grams beyond all cars": (
        lambda data: data["profiles"]["car"].update(grams_per_km=1e308),
        "profiles.car.grams_per_km",
    ),
    "a weight of four hundred digits": (
        on_top(weights={"travel_minute": 10**400}),
        "weights.travel_minute",
    ),
    "a price beyond all purses": (a_visit(skip_cost=1e300), "visits.V1.skip_cost"),
    "company": (a_visit(together_with="V9"), "visits.V1.together_with"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_problem_is_refused_with_the_name_of_the_field(name: str) -> None:
    spoil, field = BAD[name]
    data = good()
    spoil(data)
    with pytest.raises(BadProblem) as refused:
        problem_from_json(data)
    assert field in str(refused.value)


@pytest.mark.parametrize("name", BAD)
def test_the_command_says_it_in_one_line_and_writes_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, _field = BAD[name]
    data, bad, plan = good(), tmp_path / "bad.json", tmp_path / "plan.json"
    spoil(data)
    bad.write_text(json.dumps(data), encoding="utf-8")
    assert main(["solve", str(bad), "--iterations", "1", "-o", str(plan)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), plan.exists()) == ("", 1, False)
    assert err.startswith("solver: ")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": NaN}', "\x00", "[" * 99_999])
def test_what_is_no_problem_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadProblem):
        problem_from_json(text)


@pytest.mark.parametrize("text", ["", "[]", '{"routes": 3}', '{"cost": {"total": NaN}}'])
def test_what_is_no_plan_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadProblem):
        plan_from_json(text)


def test_more_than_five_thousand_visits_are_refused() -> None:
    data = good()
    data["visits"] = [{**data["visits"][0], "id": str(n)} for n in range(5001)]
    with pytest.raises(BadProblem, match="visits: 5001 are more than 5000"):
        problem_from_json(data)
    data["visits"] = [7] * 5001  # refused before any of them is read
    with pytest.raises(BadProblem, match="visits: 5001 are more than 5000"):
        problem_from_json(data)


def test_a_generated_week_comes_back_from_json_as_it_was() -> None:
    week = generate(40, seed=3, breaks=True, pairs=True, series=True)
    assert problem_from_json(json.dumps(problem_to_json(week))) == week


def test_a_hand_made_plan_names_its_problem_unless_nobody_asks() -> None:
    case, same = (problem(shift(), visit("V1")) for _ in range(2))
    plan, bare = (
        evaluate(one, [("A-0", ["V1"])], is_named=named)
        for one, named in ((case, True), (same, False))
    )
    assert plan.problem_sha256 == problem_sha256(case)
    assert bare == replace(plan, problem_sha256="")
    assert "sha256" not in vars(same)  # it was not worked out
