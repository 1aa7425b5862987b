"""The command line: ``python -m solver solve|check|evaluate|generate|explain|…``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from solver import (
    MOST_VISITS,
    After,
    BadProblem,
    Iterations,
    Plan,
    Problem,
    check,
    evaluate,
    generate,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
    report_to_json,
    solve,
)
from solver.bench import bench
from solver.console import (
    Parser,
    Reporter,
    count,
    read_text,
    refuse_lost,
    seconds,
    stopped_by_signals,
    write_json,
)
from solver.exact import NotCovered, optimum
from solver.explain.commands import add_commands
from solver.schema import schema
from solver.sprint import Budget, sprint

_MOST_WORKERS, _MOST_TEAMS = 64, 1000


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 a plan with a hard breach, 2 unreadable input."""
    try:
        given = _parser().parse_args(words)
        status: int = given.run(given)
    except (BadProblem, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"solver: {' '.join(str(error).split())}\n")
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m solver", description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("solve", help="make a plan")
    one.add_argument("problem")
    one.add_argument("--start", help="a plan to begin with")
    one.add_argument("--seconds", type=seconds, default=3.0)
    one.add_argument("--iterations", type=count(0), help="so many steps instead of seconds")
    one.add_argument("--seed", type=count(0), default=0)
    one.add_argument("--workers", type=count(1, _MOST_WORKERS), default=1)
    one.add_argument("--engine", choices=("auto", "ortools"), default="auto")
    one.add_argument("--progress", action="store_true", help="a line of JSON on stderr, at times")
    one.add_argument("--plans", action="store_true", help="with --progress: better plans as well")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_solve)
    _add_sprint(commands)
    one = commands.add_parser("check", help="what a plan breaks and costs")
    one.add_argument("problem")
    one.add_argument("plan")
    one.set_defaults(run=_check)
    add_commands(commands, read_text, write_json)
    one = commands.add_parser("evaluate", help="times for a hand-made plan")
    one.add_argument("problem")
    one.add_argument("routes", help="JSON: [[shift, [visit, …]], …]")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_evaluate)
    one = commands.add_parser("generate", help="invent a week")
    one.add_argument("--visits", type=count(1, MOST_VISITS), default=120)
    one.add_argument("--seed", type=count(0), default=0)
    one.add_argument("--teams", type=count(1, _MOST_TEAMS), default=6)
    for switch in ("--breaks", "--pairs", "--series"):
        one.add_argument(switch, action="store_true")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_generate)
    one = commands.add_parser("bench", help="solve public instances; JSON, a line for each run")
    one.add_argument("files", nargs="+", metavar="FILE")
    one.add_argument("--seconds", type=seconds, default=30.0)
    one.add_argument("--workers", type=count(1, _MOST_WORKERS), default=1)
    one.add_argument("--seeds", default="1", help="1,2,3")
    one.set_defaults(run=_bench)
    one = commands.add_parser("prove", help="a cheapest plan of up to twelve visits")
    one.add_argument("problem")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_prove)
    one = commands.add_parser("schema", help="the JSON Schema of problems or plans")
    one.add_argument("kind", choices=["problem", "plan"])
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_schema)
    one = commands.add_parser("warm", help="compile the core into its cache")
    one.set_defaults(run=_warm)
    return parser


def _add_sprint(commands: Any) -> None:
    one = commands.add_parser("sprint", help="the fewest teams, or the earliest finish")
    one.add_argument("problem")
    one.add_argument("--aim", choices=("fewest", "earliest"), default="fewest")
    one.add_argument("--seconds", type=seconds, default=20.0)
    one.add_argument("--seed", type=count(0), default=0)
    one.add_argument("--progress", action="store_true")
    one.add_argument("--plans", action="store_true")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_sprint)


def _solve(given: argparse.Namespace) -> int:
    refuse_lost(given.output)
    if given.engine == "auto":
        _load_early(given.problem)
    problem = problem_from_json(read_text(given.problem))
    start = plan_from_json(read_text(given.start)) if given.start else None
    limit = _limit(given)
    tell = Reporter(plans=given.plans) if given.progress else None
    with stopped_by_signals(limit):
        plan = solve(
            problem, stop=limit, seed=given.seed, start=start, workers=given.workers,
            progress=tell, engine=given.engine,
        )  # fmt: skip
        if tell is not None:
            tell.end(plan)
        write_json(given.output, plan_to_json(plan))
    return 0


def _load_early(name: str) -> None:
    """Load the core while whoever asks still writes the problem."""
    if name == "-":
        import_module("solver.engine")


def _limit(given: argparse.Namespace) -> After | Iterations:
    """When to stop; the seconds begin when the problem is read and the core is loaded."""
    if given.iterations is not None:
        return Iterations(given.iterations)
    if given.engine == "auto":
        import_module("solver.engine")
    return After(given.seconds)


def _sprint(given: argparse.Namespace) -> int:
    refuse_lost(given.output)
    _load_early(given.problem)
    problem = problem_from_json(read_text(given.problem))
    budget = Budget(given.seconds)
    tell = Reporter(plans=given.plans) if given.progress else None
    with stopped_by_signals(budget):
        found = sprint(problem, given.aim, budget=budget, seed=given.seed, tell=tell)
        about = {
            "aim": found.aim, "teams": found.teams, "days": found.days, "bound": found.bound,
            "complete": found.is_complete,
        }  # fmt: skip
        write_json(given.output, {**plan_to_json(found.plan), "sprint": about})
    return 0


def _both(given: argparse.Namespace) -> tuple[Problem, Plan]:
    return problem_from_json(read_text(given.problem)), plan_from_json(read_text(given.plan))


def _check(given: argparse.Namespace) -> int:
    report = check(*_both(given))
    write_json("-", report_to_json(report))
    return 1 if report.hard else 0


def _evaluate(given: argparse.Namespace) -> int:
    problem = problem_from_json(read_text(given.problem))
    routes = _routes(read_text(given.routes))
    write_json(given.output, plan_to_json(evaluate(problem, routes)))
    return 0


def _routes(text: str) -> list[tuple[str, list[str]]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, list) or not all(map(_is_route, data)):
        raise BadProblem("routes: must be a list of [shift, [visit, …]]")
    return [(shift, visits) for shift, visits in data]


def _is_route(one: Any) -> bool:
    match one:
        case [str(), [*visits]]:
            return all(isinstance(visit, str) for visit in visits)
    return False


def _prove(given: argparse.Namespace) -> int:
    try:
        plan = optimum(problem_from_json(read_text(given.problem)))
    except NotCovered as rule:
        raise BadProblem(f"the exact method does not cover: {rule}") from None
    write_json(given.output, plan_to_json(plan))
    return 0


def _schema(given: argparse.Namespace) -> int:
    write_json(given.output, schema(Problem if given.kind == "problem" else Plan))
    return 0


def _warm(_given: argparse.Namespace) -> int:
    from solver.core.jit import forget_older  # noqa: PLC0415 - loads the compiler

    solve(generate(3), stop=Iterations(1))
    forget_older()
    return 0


def _bench(given: argparse.Namespace) -> int:
    try:
        seeds = [int(seed) for seed in given.seeds.split(",")]
    except ValueError:
        raise BadProblem(f"--seeds: {given.seeds!r} is no list of whole numbers") from None
    for line in bench(given.files, seconds=given.seconds, workers=given.workers, seeds=seeds):
        write_json("-", line)
    return 0


def _generate(given: argparse.Namespace) -> int:
    made = generate(
        given.visits, seed=given.seed, teams=given.teams, breaks=given.breaks,
        pairs=given.pairs, series=given.series,
    )  # fmt: skip
    write_json(given.output, problem_to_json(made))
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # who waits for the answer does not wait for the libraries to be put away
