"""The commands that explain: ``explain``, ``slots``, ``why`` and ``insert``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from solver.console import count
from solver.explain import (
    apply_cure,
    best_slots,
    explain,
    explanation_to_json,
    here_to_json,
    insert,
    slot_to_json,
    why_here,
)
from solver.plan import Plan
from solver.problem import BadProblem, Problem
from solver.wire import (
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_sha256,
    problem_to_json,
)

Read = Callable[[str], str]
Write = Callable[[str, Any], None]


def add_commands(commands: Any, read: Read, write: Write) -> None:
    """Enter them into the command line; ``read`` and ``write`` know what ``-`` means."""

    def add(name: str, run: Callable[..., Any], about: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = commands.add_parser(name, help=about)
        one.add_argument("problem")
        one.add_argument("plan")
        one.set_defaults(run=lambda given: _run(run, given, read, write))
        return one

    add("explain", _explain, "why visits are left out, and what would help")
    one = add("slots", _slots, "the cheapest places for a visit")
    one.add_argument("visit")
    one.add_argument("-k", type=count(1), default=5)
    one = add("why", _why, "what a planned visit would cost elsewhere")
    one.add_argument("visit")
    one = add("insert", _insert, "the plan with one visit more, if need be after a cure")
    one.add_argument("visit")
    one.add_argument("--cure", type=count(0), help="carry out this cure of its explanation first")
    one.add_argument("--problem-output", help="where the changed problem goes")
    one.add_argument("-o", dest="output", default="-")


def _run(run: Callable[..., Any], given: argparse.Namespace, read: Read, write: Write) -> int:
    problem, plan = problem_from_json(read(given.problem)), plan_from_json(read(given.plan))
    data = run(problem, plan, given, write)
    write(getattr(given, "output", "-"), data)
    return 0


def _explain(problem: Problem, plan: Plan, *_given: object) -> Any:
    if plan.problem_sha256 and plan.problem_sha256 != problem_sha256(problem):
        raise BadProblem("plan: it was made for another problem")
    return [explanation_to_json(one) for one in explain(problem, plan)]


def _slots(problem: Problem, plan: Plan, given: argparse.Namespace, _write: Write) -> Any:
    return [slot_to_json(slot) for slot in best_slots(problem, plan, given.visit, given.k)]


def _why(problem: Problem, plan: Plan, given: argparse.Namespace, _write: Write) -> Any:
    return here_to_json(why_here(problem, plan, given.visit))


def _insert(problem: Problem, plan: Plan, given: argparse.Namespace, write: Write) -> Any:
    if given.cure is not None:
        problem = _cured(problem, plan, given.visit, given.cure)
    if given.problem_output:
        write(given.problem_output, problem_to_json(problem))
    made = insert(problem, plan, given.visit)
    if made is None:
        raise BadProblem(f"visit: {given.visit!r} has no place in this plan")
    return plan_to_json(made)


def _cured(problem: Problem, plan: Plan, visit: str, number: int) -> Problem:
    cures = [one.cures for one in explain(problem, plan) if one.visit == visit]
    if not cures or not 0 <= number < len(cures[0]):
        raise BadProblem(f"cure: {visit!r} has no cure {number}")
    return apply_cure(problem, cures[0][number])
