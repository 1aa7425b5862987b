"""The command line: ``python -m solver solve|check|evaluate|generate|explain|…``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from solver import (
    After,
    BadProblem,
    Iterations,
    Plan,
    Problem,
    Progress,
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
from solver.exact import NotCovered, optimum
from solver.explain.commands import add_commands
from solver.schema import schema
from solver.sprint import Budget, sprint

_LINES_A_SECOND, _PLANS_A_SECOND = 10, 2


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 a plan with a hard breach, 2 unreadable input."""
    given = _parser().parse_args(words)
    try:
        status: int = given.run(given)
    except (BadProblem, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"solver: {' '.join(str(error).split())}\n")
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solver", description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("solve", help="make a plan")
    one.add_argument("problem")
    one.add_argument("--start")
    one.add_argument("--seconds", type=float, default=3.0)
    one.add_argument("--iterations", type=int)
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--workers", type=int, default=1)
    one.add_argument("--engine", choices=("auto", "ortools"), default="auto")
    one.add_argument("--progress", action="store_true")
    one.add_argument("--plans", action="store_true")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_solve)
    _add_sprint(commands)
    one = commands.add_parser("check", help="what a plan breaks and costs")
    one.add_argument("problem")
    one.add_argument("plan")
    one.set_defaults(run=_check)
    add_commands(commands, _read, _write)
    one = commands.add_parser("evaluate", help="times for a hand-made plan")
    one.add_argument("problem")
    one.add_argument("routes", help="JSON: [[shift, [visit, …]], …]")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_evaluate)
    one = commands.add_parser("generate", help="invent a week")
    one.add_argument("--visits", type=int, default=120)
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--teams", type=int, default=6)
    for switch in ("--breaks", "--pairs", "--series"):
        one.add_argument(switch, action="store_true")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_generate)
    one = commands.add_parser("bench", help="solve public instances; JSON, a line for each run")
    one.add_argument("files", nargs="+", metavar="FILE")
    one.add_argument("--seconds", type=float, default=30.0)
    one.add_argument("--workers", type=int, default=1)
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
    one.add_argument("--seconds", type=float, default=20.0)
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--progress", action="store_true")
    one.add_argument("--plans", action="store_true")
    one.add_argument("-o", dest="output", default="-")
    one.set_defaults(run=_sprint)


def _read(name: str) -> str:
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")


def _write(name: str, data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False)
    if name == "-":
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    else:
        Path(name).write_text(text, encoding="utf-8")


def _solve(given: argparse.Namespace) -> int:
    limit = Iterations(given.iterations) if given.iterations is not None else After(given.seconds)

    def told(_signal: int, _frame: object) -> None:
        limit.told = True

    signal.signal(signal.SIGTERM, told)
    problem = problem_from_json(_read(given.problem))
    start = plan_from_json(_read(given.start)) if given.start else None
    plan = solve(
        problem, stop=limit, seed=given.seed, start=start, workers=given.workers,
        progress=_Reporter(problem, plans=given.plans) if given.progress else None,
        engine=given.engine,
    )  # fmt: skip
    _write(given.output, plan_to_json(plan))
    return 0


def _sprint(given: argparse.Namespace) -> int:
    budget = Budget(given.seconds)

    def told(_signal: int, _frame: object) -> None:
        budget.told = True

    signal.signal(signal.SIGTERM, told)
    problem = problem_from_json(_read(given.problem))
    found = sprint(
        problem, given.aim, budget=budget, seed=given.seed,
        tell=_Reporter(problem, plans=given.plans) if given.progress else None,
    )  # fmt: skip
    about = {
        "aim": found.aim, "teams": found.teams, "days": found.days, "bound": found.bound,
        "complete": found.is_complete,
    }  # fmt: skip
    _write(given.output, {**plan_to_json(found.plan), "sprint": about})
    return 0


def _say(line: dict[str, Any]) -> None:
    sys.stderr.write(json.dumps(line) + "\n")
    sys.stderr.flush()


class _Reporter:
    """Prints how the search stands as NDJSON on stderr."""

    def __init__(self, problem: Problem, *, plans: bool) -> None:
        self._problem, self._plans = problem, plans
        self._begin = time.monotonic()
        self._last_line = self._last_plan = -1.0

    def __call__(self, progress: Progress) -> None:
        """Print, but not too often."""
        now = time.monotonic() - self._begin
        if now - self._last_line < 1 / _LINES_A_SECOND and self._last_line >= 0:
            return
        self._last_line = now
        plan = progress.plan()
        line = {
            "t": round(now, 3), "iterations": progress.iterations, "best": plan.cost["total"],
            "travel_minutes": plan.cost["travel_minutes"], "unserved": progress.unserved,
        }  # fmt: skip
        _say(line)
        if self._plans and (now - self._last_plan >= 1 / _PLANS_A_SECOND or self._last_plan < 0):
            self._last_plan = now
            _say({"plan": plan_to_json(plan)})


def _both(given: argparse.Namespace) -> tuple[Problem, Plan]:
    return problem_from_json(_read(given.problem)), plan_from_json(_read(given.plan))


def _check(given: argparse.Namespace) -> int:
    report = check(*_both(given))
    _write("-", report_to_json(report))
    return 1 if report.hard else 0


def _evaluate(given: argparse.Namespace) -> int:
    problem = problem_from_json(_read(given.problem))
    try:
        routes = [(str(shift), list(visits)) for shift, visits in json.loads(_read(given.routes))]
    except (ValueError, TypeError):
        raise BadProblem("routes: must be a list of [shift, [visit, …]]") from None
    _write(given.output, plan_to_json(evaluate(problem, routes)))
    return 0


def _prove(given: argparse.Namespace) -> int:
    try:
        plan = optimum(problem_from_json(_read(given.problem)))
    except NotCovered as rule:
        raise BadProblem(f"the exact method does not cover: {rule}") from None
    _write(given.output, plan_to_json(plan))
    return 0


def _schema(given: argparse.Namespace) -> int:
    _write(given.output, schema(Problem if given.kind == "problem" else Plan))
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
        _write("-", line)
    return 0


def _generate(given: argparse.Namespace) -> int:
    made = generate(
        given.visits, seed=given.seed, teams=given.teams, breaks=given.breaks,
        pairs=given.pairs, series=given.series,
    )  # fmt: skip
    _write(given.output, problem_to_json(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
