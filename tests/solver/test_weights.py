"""Every weight of the problem twice: it is what a unit costs, and the search goes by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from solver import Iterations, Plan, Problem, Profile, Weights, Window, check, solve
from tests.solver.cases import line, problem, shift, timed, visit

NOTHING = Weights(**dict.fromkeys((field.name for field in fields(Weights)), 0.0))
Case = tuple[Problem, Plan, str]
"""A problem of which the plan has some of the amount that the weight is for."""


def bare(*parts: object, **more: object) -> Problem:
    """A problem in which nothing has a price but leaving a visit out."""
    return problem(*parts, weights=NOTHING, **more)  # type: ignore[arg-type]


def travel() -> Case:
    case = bare(shift(), visit("V1", 1), visit("V2", 5), visit("V3", 3))
    return case, timed(case, A_0=["V2", "V1", "V3"]), "travel_minutes"


def waiting() -> Case:
    late = (Window(0, 700, 900),)
    early = (Window(0, 480, 960),)
    case = bare(shift(), visit("V1", 1, windows=late), visit("V2", 2, windows=early))
    return case, timed(case, A_0=["V2", "V1"]), "wait_minutes"


def overtime() -> Case:
    case = bare(
        shift("A", end=540, overtime=60), shift("B", overtime=60),
        visit("V1", 1), visit("V2", 1),
    )  # fmt: skip
    return case, timed(case, A_0=["V1", "V2"]), "overtime_minutes"


def carbon() -> Case:
    clean = replace(line(), grams_per_km=0)
    case = bare(
        shift("A"), shift("B", profile="bike"), visit("V1", 3),
        profiles={"car": line(), "bike": clean},
    )  # fmt: skip
    return case, timed(case, A_0=["V1"]), "grams_co2"


def shifts_in_use() -> Case:
    case = bare(shift("A"), shift("B"), visit("V1", 1), visit("V2", 2))
    return case, timed(case, A_0=["V1"], B_0=["V2"]), "used_shifts"


def preferred() -> Case:
    case = bare(shift("A"), shift("B"), visit("V1", preferred_teams=("B",)))
    return case, timed(case, A_0=["V1"]), "unpreferred_team"


def wanted_start() -> Case:
    case = bare(shift(), visit("V1", 1), visit("V2", 1, preferred_start=490))
    return case, timed(case, A_0=["V1", "V2"]), "start_off_minutes"


def lateness() -> Case:
    case = bare(shift(), visit("V1", 1), visit("V2", 1, due=490))
    return case, timed(case, A_0=["V1", "V2"]), "late_minutes"


def largest_lateness() -> Case:
    case = bare(shift(), visit("V1", 1), visit("V2", 1, due=490))
    return case, timed(case, A_0=["V1", "V2"]), "most_late_minutes"


def balance() -> Case:
    case = bare(shift("A"), shift("B"), visit("V1", 1), visit("V2", 1))
    return case, timed(case, A_0=["V1", "V2"]), "imbalance_minutes"


def balance_with_what_was_before() -> Case:
    case = bare(shift("A", used_minutes_before=300), shift("B"), visit("V1", 1))
    return case, timed(case, A_0=["V1"]), "imbalance_minutes"


def published(now: dict[str, list[str]], was: dict[str, list[str]]) -> tuple[Problem, Plan]:
    shifts = (shift("A"), shift("B"), shift("A", 1))
    case = bare(*shifts, visit("V1", 1), visit("V2", 2))
    case = replace(case, baseline=timed(case, **was))
    return case, timed(case, **now)


def other_team() -> Case:
    return *published({"A_0": ["V1", "V2"]}, {"B_0": ["V1", "V2"]}), "moved_team"


def other_day() -> Case:
    return *published({"A_0": ["V1", "V2"]}, {"A_1": ["V1", "V2"]}), "moved_day"


def other_minute() -> Case:
    return *published({"A_0": ["V1", "V2"]}, {"A_0": ["V2", "V1"]}), "moved_minutes"


CASES: dict[str, Callable[[], Case]] = {
    "travel_minute": travel,
    "wait_minute": waiting,
    "overtime_minute": overtime,
    "kilogram_co2": carbon,
    "used_shift": shifts_in_use,
    "unpreferred_team": preferred,
    "start_off_minute": wanted_start,
    "late_minute": lateness,
    "most_late_minute": largest_lateness,
    "imbalance_minute": balance,
    "moved_team": other_team,
    "moved_day": other_day,
    "moved_minute": other_minute,
}


def weighed(case: Problem, weight: str, price: float) -> Problem:
    return replace(case, weights=replace(NOTHING, **{weight: price}))


def test_every_weight_stands_in_the_table() -> None:
    assert sorted(CASES) == sorted(field.name for field in fields(Weights))


@pytest.mark.parametrize("weight", CASES)
def test_a_unit_costs_its_weight_and_nothing_else_does(weight: str) -> None:
    case, plan, amount = CASES[weight]()
    report = check(case, plan)
    assert report.hard == ()
    assert report.cost["total"] == 0
    units = report.cost[amount] / (1000 if weight == "kilogram_co2" else 1)
    assert units > 0
    assert check(weighed(case, weight, 3), plan).cost["total"] == pytest.approx(3 * units)


@pytest.mark.parametrize("make", [*CASES.values(), balance_with_what_was_before])
def test_the_search_avoids_what_has_a_price(make: Callable[[], Case]) -> None:
    case, poor, amount = make()
    weight = next(name for name, one in CASES.items() if one()[2] == amount)
    plan = solve(weighed(case, weight, 3), stop=Iterations(20_000), seed=1, start=poor)
    assert plan.unserved == ()
    assert plan.cost[amount] < poor.cost[amount]
    assert plan.cost["total"] == check(weighed(case, weight, 3), plan).cost["total"]


def test_a_fixed_cost_is_paid_once_for_each_shift_in_use() -> None:
    case = bare(shift("A", fixed_cost=70), shift("B"), visit("V1", 1), visit("V2", 2))
    assert timed(case, A_0=["V1", "V2"]).cost["total"] == 70
    plan = solve(case, stop=Iterations(300), seed=1, start=timed(case, A_0=["V1", "V2"]))
    assert plan.cost["total"] == 0


def test_what_is_left_out_costs_its_own_price() -> None:
    case = bare(shift(), visit("V1", 1, skip_cost=17), visit("V2", 2, skip_cost=40))
    assert timed(case, A_0=["V2"]).cost["total"] == 17


def test_a_profile_of_its_own_has_its_own_minutes() -> None:
    slow = Profile(tuple(tuple(2 * m for m in row) for row in line().minutes), line().metres, 0)
    case = bare(shift("A", profile="bike"), visit("V1", 3), profiles={"car": line(), "bike": slow})
    assert timed(case, A_0=["V1"]).cost["travel_minutes"] == 120


def test_alike_visits_of_equal_teams_are_shared_out_soon() -> None:
    apart = tuple(tuple(0 if a == b else 5 if a and b else 20 for b in range(9)) for a in range(9))
    case = bare(
        shift("A", end=1200), shift("B", end=1200),
        *(visit(f"V{k}", k, windows=(Window(0, 480, 1200),)) for k in range(1, 9)),
        profiles={"car": Profile(apart, apart, 0)},
    )  # fmt: skip
    case = replace(case, weights=replace(NOTHING, travel_minute=1, imbalance_minute=2))
    plan = solve(case, stop=Iterations(3_000), seed=1)
    assert sorted(len(route.stops) for route in plan.routes) == [4, 4]
    assert plan.cost["imbalance_minutes"] == 0
