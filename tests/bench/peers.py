"""Ours beside the peers: in turn, one thread each, CPU time, one checker for all.

``python -m tests.bench.peers`` goes on where it was stopped: what stands in build/peers.json is
not run again. ``--python`` names an interpreter that has the peers, if this one has not.
``--write`` makes docs/benchmarks.md of what was measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from solver import Problem, check, evaluate, generate, problem_to_json
from solver.instances import read
from tests.bench import report
from tests.bench.rivals import ENGINES

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
SEEDS = (1, 2, 3)
WEEKS = ((60, 4), (120, 7), (500, 25))
SECONDS = (1.0, 5.0)
BLIND = {"vroom": ("seed", "seconds"), "ortools": ("seed",)}
"""What an engine takes no notice of: its answer is found once and stands for all of them."""
DISTRIBUTIONS = ("ortools", "pyvrp", "pyvroom")


@dataclass(frozen=True, slots=True)
class Case:
    """A problem under a name, and the best known cost if there is one."""

    name: str
    problem: Problem
    best_known: float | None = None
    budgets: tuple[float, ...] = SECONDS


def a_week(visits: int, teams: int, seed: int) -> Case:
    """A generated week without what some peer cannot express: a pool of kits, breaks, pairs."""
    made = generate(visits, seed=seed, teams=teams)
    plain = tuple(replace(visit, kits=()) for visit in made.visits)
    return Case(f"week-{visits}-{seed}", replace(made, kits={}, visits=plain))


def cases(*, is_short: bool) -> Iterator[Case]:
    """One week of each size, the Solomon instances, further weeks."""
    for visits, teams in WEEKS[: 2 if is_short else None]:
        yield a_week(visits, teams, 1)
    for file in sorted(DATA.glob("*.txt"))[: 2 if is_short else None]:
        instance = read(str(file))
        best = None if instance.best_known is None else instance.best_known * instance.unit
        yield Case(instance.name, instance.problem, best, SECONDS[-1:])
    for seed in () if is_short else SEEDS[1:]:
        for visits, teams in WEEKS:
            yield a_week(visits, teams, seed)


def one_run(case: Case, engine: str, seconds: float, seed: int, python: str) -> dict[str, Any]:
    """What one engine made of one case, judged by the checker."""
    words = [python, "-m", "tests.bench.rivals", engine, str(seconds), str(seed)]
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, check=False,
        input=json.dumps(problem_to_json(case.problem)), capture_output=True,
    )  # fmt: skip
    found: dict[str, Any] = {"case": case.name, "engine": engine, "seconds": seconds, "seed": seed}
    if done.returncode:
        return {**found, "error": done.stderr.strip().splitlines()[-1]}
    answer = json.loads(done.stdout)
    plan = evaluate(case.problem, [(shift, visits) for shift, visits in answer["routes"]])
    breaches = check(case.problem, plan).hard
    return {
        **found, "total": plan.cost["total"], "travel": plan.cost["travel_minutes"],
        "unserved": len(plan.unserved), "breaches": [one.text for one in breaches],
        "cpu_seconds": answer["cpu_seconds"], "best_known": case.best_known,
        "load": os.getloadavg()[0],
    }  # fmt: skip


def key(run: dict[str, Any]) -> tuple[str, str, float, int]:
    return run["case"], run["engine"], run["seconds"], run["seed"]


def known_already(
    runs: list[dict[str, Any]], wanted: tuple[str, str, float, int]
) -> dict[str, Any] | None:
    """The same answer under another seed or budget, where the engine looks at neither."""
    case, engine, seconds, seed = wanted
    asked = {"case": case, "engine": engine, "seconds": seconds, "seed": seed}
    looks_at = asked.keys() - set(BLIND.get(engine, ()))
    if looks_at == asked.keys():
        return None
    for run in runs:
        if all(run[name] == asked[name] for name in looks_at):
            return {**run, **asked}
    return None


def versions(python: str) -> dict[str, str]:
    """The peers' versions, as the interpreter that runs them says."""
    ask = "import importlib.metadata as m; print(*(m.version(n) for n in {!r}))"
    words = [python, "-c", ask.format(DISTRIBUTIONS)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1]
        raise SystemExit(f"peers: {python} has not all of {', '.join(DISTRIBUTIONS)}: {why}")
    return dict(zip(DISTRIBUTIONS, done.stdout.split(), strict=True))


def measure(given: argparse.Namespace, target: Path) -> None:
    """Run what is missing, the engines in turn, and keep each result at once."""
    runs = json.loads(target.read_text())["runs"] if target.exists() else []
    done, told = {key(run) for run in runs}, versions(given.python)
    for case in cases(is_short=given.short):
        budgets = case.budgets[: 1 if given.short else None]
        for seconds, seed, engine in product(budgets, SEEDS, ENGINES):
            if (case.name, engine, seconds, seed) in done:
                continue
            found = known_already(runs, (case.name, engine, seconds, seed))
            python = sys.executable if engine == "ours" else given.python
            runs.append(found or one_run(case, engine, seconds, seed, python))
            fresh = target.with_suffix(".new")
            fresh.write_text(json.dumps({"versions": told, "runs": runs}, indent=1))
            fresh.replace(target)  # a run that is stopped leaves the whole file of before
            sys.stdout.write(json.dumps(runs[-1]) + "\n")
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--table", action="store_true", help="of what there is; measure nothing")
    given = parser.parse_args()
    target = ROOT / "build" / ("peers-short.json" if given.short else "peers.json")
    target.parent.mkdir(exist_ok=True)
    if not given.table:
        measure(given, target)
    text = report.table(json.loads(target.read_text()))
    sys.stdout.write(text)
    if given.write:
        page = ROOT / "docs/benchmarks.md"
        page.write_text(report.into(page.read_text(), text))


if __name__ == "__main__":
    main()
