"""The judge: says what any plan breaks and what it costs. Knows nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solver.case import Case
from solver.constraints import RULES
from solver.cost import cost_of
from solver.plan import Finding, Plan, Report
from solver.problem import Problem

_WEIGHTED = {
    "travel_minutes": "minutes of driving",
    "wait_minutes": "minutes of waiting",
    "overtime_minutes": "minutes of overtime",
    "grams_co2": "grams of CO2",
    "used_shifts": "shifts in use",
    "unpreferred_team": "visits not made by a preferred team",
    "start_off_minutes": "minutes away from the preferred start",
    "late_minutes": "minutes begun later than due",
    "most_late_minutes": "minutes begun later than due at most",
    "imbalance_minutes": "minutes above the teams' mean",
    "moved_team": "visits moved to another team",
    "moved_day": "visits moved to another day",
    "moved_minutes": "minutes moved within the day",
}


def check(problem: Problem, plan: Plan) -> Report:
    """Every hard breach, every soft amount, what was missed, and the cost."""
    case = Case(problem, plan)
    cost = cost_of(problem, _known_part(case))
    soft = tuple(
        Finding(name, None, None, cost[name], f"{cost[name]} {words}")
        for name, words in _WEIGHTED.items()
        if cost[name]
    )
    missed = tuple(
        visit.id
        for visit in problem.visits
        if visit.id not in case.served and (visit.mandatory or visit.pin is not None)
    )
    return Report(tuple(_breaches(case)), soft, missed, cost)


def is_sound(problem: Problem, plan: Plan) -> bool:
    """Whether nothing is breached; quicker than the whole report."""
    return next(_breaches(Case(problem, plan)), None) is None


def _breaches(case: Case) -> Iterator[Finding]:
    for rule in RULES:
        found = False
        for visit, shift, amount in rule.breaches(case):
            found = True
            where = " ".join(filter(None, (visit, f"on {shift}" if shift else None)))
            yield Finding(rule.id, visit, shift, amount, f"{where}: {rule.says} ({amount:g})")
        if found and rule.id == "known":
            return  # the plan is for another problem; its times mean nothing


def _known_part(case: Case) -> Plan:
    plan = case.plan
    routes = tuple(
        route
        for route in plan.routes
        if route.shift in case.shifts and all(s.visit in case.visits for s in route.stops)
    )
    return Plan(plan.problem_sha256, routes, plan.unserved, {}, plan.engine)


def report_to_json(report: Report) -> dict[str, Any]:
    """The report as JSON-able data."""
    return {
        "hard": [_finding(one) for one in report.hard],
        "soft": [_finding(one) for one in report.soft],
        "missed": list(report.missed),
        "cost": dict(report.cost),
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule, "visit": one.visit, "shift": one.shift, "amount": one.amount,
        "text": one.text,
    }  # fmt: skip
