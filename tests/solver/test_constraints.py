"""Each hard rule twice: kept, and broken by a known amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from solver import Break, Frozen, Lag, Pin, Plan, Problem, Rest, Window, check
from solver.constraints import RULES
from tests.solver.cases import TUESDAY, problem, shift, timed, visit

Case = tuple[Problem, Plan]


def edited(plan: Plan, **fields: object) -> Plan:
    """The same plan with fields of its first route changed."""
    return replace(plan, routes=(replace(plan.routes[0], **fields), *plan.routes[1:]))  # type: ignore[arg-type]


def one(more: Mapping[str, Any] | None = None, **shift_fields: Any) -> Case:
    case = problem(shift(**shift_fields), visit(**(more or {})))
    return case, timed(case, A_0=["V1"])


def two_crews(team: str) -> Case:
    case = problem(shift("A"), shift("B"), visit(crews=2))
    return case, timed(case, **{"A_0": ["V1"], f"{team}_0": ["V1"]})


def late_partner() -> Case:
    case, plan = two_crews("B")
    route = plan.routes[1]
    stop = replace(route.stops[0], start=route.stops[0].start + 7, end=route.stops[0].end + 7)
    moved = replace(route, stops=(stop,), return_=route.return_ + 7)
    return case, replace(plan, routes=(plan.routes[0], moved))


def series(gap: int) -> Case:
    members = (visit("V1", series="S", min_gap_days=gap), visit("V2", 2, series="S"))
    case = problem(shift(), shift(day=TUESDAY), *members)
    return case, timed(case, A_0=["V1"], A_1=["V2"])


def company(other: str) -> Case:
    case = problem(shift("A"), shift("B"), visit("V1"), visit("V2", together_with="V1"))
    routes = {"A_0": ["V1", "V2"]} if other == "A" else {"A_0": ["V1"], "B_0": ["V2"]}
    return case, timed(case, **routes)


def sequence(*order: str) -> Case:
    case = problem(shift(), visit("V1"), visit("V2", 2, after=("V1",)))
    return case, timed(case, A_0=list(order))


def step_by_step(later: int) -> Case:
    lag = Lag("V1", 10, 20)
    case = problem(shift("A"), shift("B"), visit("V1"), visit("V2", lag=lag))
    plan = timed(case, A_0=["V1"], B_0=["V2"])
    route = plan.routes[1]
    start = 490 + later
    stop = replace(route.stops[0], start=start, end=start + 30)
    moved = replace(route, stops=(stop,), return_=start + 40)
    return case, replace(plan, routes=(plan.routes[0], moved))


def frozen(moved: bool) -> Case:  # noqa: FBT001 - a switch of this table
    case = problem(shift(), visit("V1", 1), visit("V2", 2))
    before = timed(case, A_0=["V1", "V2"])
    again = replace(case, baseline=before, frozen_until=Frozen(0, 500))
    return again, timed(again, A_0=["V2", "V1"] if moved else ["V1", "V2"])


def pool(teams: int) -> Case:
    case = problem(
        shift("A"), shift("B"), visit("V1", kits=("K",)), visit("V2", kits=("K",)), kits={"K": 1}
    )
    return case, timed(case, A_0=["V1"], **({"B_0": ["V2"]} if teams > 1 else {}))


WINDOW = {"windows": (Window(0, 600, 640),)}
REST = Break(30, 660, 720)
TABLE: dict[str, tuple[Case, Case, float]] = {
    "known": (one(), (one()[0], edited(one()[1], shift="X")), 1),
    "window": (one(WINDOW), one({"windows": (Window(0, 480, 500),)}), 20),
    "duration": (one(), (one({"service_minutes": 40})[0], one()[1]), 10),
    "travel": (one(), (one()[0], edited(one(WINDOW)[1], leave=595)), 5),
    "order": (
        one(),
        (one()[0], edited(one()[1], stops=(replace(one()[1].routes[0].stops[0], arrive=500),))),
        10,
    ),
    "shift": (one(), one({"service_minutes": 480}), 20),
    "break": (one(break_=REST), (one(break_=REST)[0], edited(one()[1], break_=Rest(650, 670))), 20),
    "skill": (one({"skills": ("a",)}, skills=("a",)), one({"skills": ("a", "b")}), 2),
    "people": (one({"people": 2}), one({"people": 3}), 1),
    "clearance": (one({"clearance": "S1"}, clearances=("S1",)), one({"clearance": "S1"}), 1),
    "shift-allowed": (
        one({"allowed_shifts": ("A-0",)}), one({"forbidden_shifts": ("A-0",)}), 1,
    ),
    "kit-aboard": (one({"kits": ("K",)}, kits=("K",)), one({"kits": ("K",)}), 1),
    "kit-slots": (
        one(), (one(kit_slots=1)[0], edited(one()[1], kits=("K1", "K2", "K3"))), 2,
    ),
    "kit-pool": (pool(1), pool(2), 1),
    "max-travel": (one(max_travel=20), one(max_travel=15), 5),
    "capacity": (one({"demand": 4}, capacity=4), one({"demand": 4}, capacity=3), 1),
    "max-duration": (one(max_duration=50), one(max_duration=45), 5),
    "max-visits": (one(max_visits=1), one(max_visits=0), 1),
    "crews": (two_crews("B"), two_crews("A"), 1),
    "same-start": (two_crews("B"), late_partner(), 7),
    "gap": (series(1), series(3), 2),
    "together": (company("A"), company("B"), 1),
    "after": (sequence("V1", "V2"), sequence("V2", "V1"), 70),
    "lag": (step_by_step(10), step_by_step(0), 10),
    "pin": (one({"pin": Pin(0, "A", 540)}), one({"pin": Pin(1, "A", None)}), 1),
    "frozen": (frozen(moved=False), frozen(moved=True), 50),
}  # fmt: skip


def amounts(case: Case, rule: str) -> list[float]:
    return [found.amount for found in check(*case).hard if found.rule == rule]


def test_every_rule_stands_in_the_table() -> None:
    assert sorted(TABLE) == sorted(rule.id for rule in RULES)


@pytest.mark.parametrize("rule", TABLE)
def test_a_plan_that_keeps_the_rule_is_not_blamed(rule: str) -> None:
    assert amounts(TABLE[rule][0], rule) == []


@pytest.mark.parametrize("rule", TABLE)
def test_a_plan_that_breaks_the_rule_is_blamed_by_how_much(rule: str) -> None:
    assert amounts(TABLE[rule][1], rule)[0] == TABLE[rule][2]
