"""The published JSON Schema says what the reader reads, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solver import (
    BadProblem,
    Iterations,
    Plan,
    Problem,
    plan_to_json,
    problem_from_json,
    problem_to_json,
    solve,
)
from solver.schema import schema
from tests.solver.cases import problem, shift, visit
from tests.solver.fuzz import knotted_problem, random_problem

DOCS = Path(__file__).parents[2] / "docs"
KINDS = {"problem": Problem, "plan": Plan}
OF_JSON: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
    "integer": int, "number": (int, float),
}  # fmt: skip


def holds(rule: dict[str, Any], data: Any, whole: dict[str, Any]) -> bool:
    """Whether data keep a schema, by the few words that ours uses."""
    if "$ref" in rule:
        return holds(whole["$defs"][rule["$ref"].split("/")[-1]], data, whole)
    if "anyOf" in rule:
        return any(holds(one, data, whole) for one in rule["anyOf"])
    is_right = isinstance(data, OF_JSON[rule["type"]]) if "type" in rule else True
    if isinstance(data, bool) and rule.get("type") in ("integer", "number"):
        is_right = False
    if not is_right:
        return False
    if isinstance(data, dict) and rule.get("type") == "object":
        known, more = rule.get("properties", {}), rule["additionalProperties"]
        return set(rule.get("required", ())) <= set(data) and all(
            holds(known[key], value, whole) if key in known else more and holds(more, value, whole)
            for key, value in data.items()
        )
    if isinstance(data, list) and not all(holds(rule["items"], one, whole) for one in data):
        return False
    return is_within(rule, data)


def is_within(rule: dict[str, Any], data: Any) -> bool:
    """Whether a value keeps the bounds of its type."""
    if isinstance(data, list):
        return bool(rule.get("minItems", 0) <= len(data) <= rule.get("maxItems", len(data)))
    if isinstance(data, str):
        return bool(len(data) >= rule.get("minLength", 0))
    if isinstance(data, (int, float)):
        is_right = rule.get("minimum", data) <= data <= rule.get("maximum", data)
        return bool(is_right and data == rule.get("const", data))
    return True


@pytest.mark.parametrize("name", KINDS)
def test_what_is_published_is_what_the_code_says(name: str) -> None:
    published = json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert published == schema(KINDS[name])


@pytest.mark.parametrize("seed", range(20))
def test_every_problem_and_plan_keeps_its_schema(seed: int) -> None:
    for case in (random_problem(seed), knotted_problem(seed)):
        rule = schema(Problem)
        assert holds(rule, json.loads(json.dumps(problem_to_json(case))), rule)
        plan, rule = solve(case, stop=Iterations(5)), schema(Plan)
        assert holds(rule, json.loads(json.dumps(plan_to_json(plan))), rule)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("days"),
        lambda data: data.update(colour="red"),
        lambda data: data["visits"][0].update(service_minutes=-1),
        lambda data: data["visits"][0].update(service_minutes="30"),
        lambda data: data["visits"][0].update(mandatory=1),
        lambda data: data["shifts"][0].update(skills="mitid"),
        lambda data: data["shifts"][0].pop("end"),
        lambda data: data["profiles"].update(car=[]),
        lambda data: data.update(version=2),
        lambda data: data.update(days=[]),
        lambda data: data["visits"][0].update(crews=0),
        lambda data: data["visits"][0].update(crews=3),
        lambda data: data["visits"][0].update(priority=6),
        lambda data: data["visits"][0].update(demand=100_001),
        lambda data: data["shifts"][0].update(id=""),
    ],
)
def test_reader_and_schema_refuse_the_same(spoil: Callable[[dict[str, Any]], Any]) -> None:
    rule, data = schema(Problem), problem_to_json(problem(shift(), visit("V1")))
    assert holds(rule, data, rule)
    spoil(data)
    assert not holds(rule, data, rule)
    with pytest.raises(BadProblem):
        problem_from_json(data)


def test_null_and_a_missing_key_mean_the_default() -> None:
    rule, data = schema(Problem), problem_to_json(problem(shift(), visit("V1")))
    del data["visits"][0]["priority"]
    data["visits"][0]["skip_cost"] = None
    assert holds(rule, data, rule)
    assert problem_from_json(data) == problem(shift(), visit("V1"))
