"""Ours beside the peers and the best known: each run alone in a process, CPU time, one checker.

``python -m tests.bench.peers`` goes on where it was stopped: what stands in the target file is not
run again. ``--python`` names an interpreter that has the peers, if this one has not; ``--jobs 2``
runs two at once, each on a core of its own; ``--write`` makes docs/benchmarks.md of what was
measured. What is run, and in which order, says ``schedule``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from solver import Plan, Problem, check, evaluate, plan_from_json, problem_to_json
from solver.repair import board_of, complete
from tests.bench import report, schedule
from tests.bench.cases import Case, family, load
from tests.bench.rivals import OWN
from tests.bench.schedule import Job

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = ("ortools", "pyvrp", "pyvroom")
Run = dict[str, Any]


def one_run(job: Job, python: str) -> Run:
    """What one engine made of one case, judged by the checker."""
    case, begin = load(job.case), time.perf_counter()
    words = [sys.executable if job.engine in OWN else python, "-m", "tests.bench.rivals"]
    words += [job.engine, f"{job.seconds}", f"{job.seed}", f"{job.workers}"]
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, check=False,
        input=json.dumps(problem_to_json(case.problem)), capture_output=True,
    )  # fmt: skip
    found: Run = {
        "case": job.case, "engine": job.engine, "seconds": job.seconds, "seed": job.seed,
        "workers": job.workers, "family": family(job.case),
    }  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        return {**found, "error": said[-1]}
    answer = json.loads(done.stdout)
    found |= judged(case, answer)
    found["cpu_seconds"], found["load"] = answer["cpu_seconds"], os.getloadavg()[0]
    return {**found, "took": round(time.perf_counter() - begin, 1)}


def judged(case: Case, answer: dict[str, Any]) -> Run:
    """Breaches and costs as the checker sees them; of peers' routes the times are made here."""
    problem = case.problem
    if "plan" in answer:
        plan = plan_from_json(answer["plan"])
    else:
        plan = evaluate(problem, [(shift, visits) for shift, visits in answer["routes"]])
    said = check(problem, plan)
    plan = replace(plan, cost=said.cost)
    left = {one.visit for one in plan.unserved}
    found: Run = {
        "total": case.cost(plan), "travel": plan.cost["travel_minutes"], "gap": case.gap(plan),
        "unserved": sum(v.id in left and not v.optional for v in problem.visits),
        "breaches": [one.text for one in said.hard], "iterations": plan.iterations,
    }  # fmt: skip
    pairs = [v.id for v in problem.visits if v.crews > 1]
    if pairs:
        found["pairs"] = [sum(v not in left for v in pairs), len(pairs)]
    if pairs and "plan" in answer:
        found["insertable"] = insertable(problem, plan)
    return found


def insertable(problem: Problem, plan: Plan) -> int:
    """How many visits that a plan leaves out could be put into it, one after the other."""
    if not plan.unserved:
        return 0
    board = board_of(problem, plan)
    before = len(board.where)
    complete(board)
    return len(board.where) - before


def versions(python: str) -> dict[str, str]:
    """The peers' versions, as the interpreter that runs them says."""
    ask = "import importlib.metadata as m; print(*(m.version(n) for n in {!r}))"
    words = [python, "-c", ask.format(DISTRIBUTIONS)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1]
        raise SystemExit(f"peers: {python} has not all of {', '.join(DISTRIBUTIONS)}: {why}")
    return dict(zip(DISTRIBUTIONS, done.stdout.split(), strict=True))


def sources() -> str:
    """A short name for the solver as it is now, so that the table can say if it changed."""
    whole = sha256()
    for file in sorted((ROOT / "solver").rglob("*.py")):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:8]


def key(run: Run) -> tuple[str, str, float, int, int]:
    """What tells one run from another: see ``Job``."""
    return run["case"], run["engine"], run["seconds"], run["seed"], run["workers"]


def missing(given: argparse.Namespace, runs: Sequence[Run]) -> list[Job]:
    """What is wanted and not there yet."""
    done = {key(run) for run in runs}
    return [
        job
        for job in schedule.jobs(is_short=given.short)
        if job.key not in done
        and (job.is_core or not given.core)
        and (job.case.startswith(given.only) or family(job.case).startswith(given.only))
    ]


def estimate(wanted: Sequence[Job], at_once: int) -> str:
    """How long it will take, the core set first."""
    core, whole = (
        sum(job.estimate for job in some) / 60 / at_once
        for some in ([job for job in wanted if job.is_core], wanted)
    )
    return f"{len(wanted)} runs, about {core:.0f} min for the core set, {whole:.0f} min in all\n"


def pinned(at_once: int) -> ThreadPoolExecutor:
    """As many threads as runs at once; if several, each with the processes it starts on a core."""
    cores, turn = sorted(os.sched_getaffinity(0)), count()
    if at_once > len(cores):
        raise SystemExit(f"peers: {at_once} at once, but there are {len(cores)} cores")

    def pin() -> None:
        if at_once > 1:
            os.sched_setaffinity(0, {cores[next(turn)]})  # of this thread and its children

    return ThreadPoolExecutor(at_once, initializer=pin)


def measure(given: argparse.Namespace, target: Path) -> None:
    """Run what is missing and keep each result at once."""
    runs = json.loads(target.read_text())["runs"] if target.exists() else []
    runs = [run for run in runs if run["engine"] not in given.again]
    told, source = versions(given.python), sources()
    wanted = missing(given, runs)
    sys.stdout.write(estimate(wanted, given.jobs))
    with pinned(given.jobs) as threads:
        asked = [threads.submit(one_run, job, given.python) for job in wanted]
        try:
            for done in as_completed(asked):
                runs.append({**done.result(), "jobs": given.jobs, "source": source})
                keep(target, {"versions": told, "runs": runs})
                sys.stdout.write(json.dumps(runs[-1]) + "\n")
                sys.stdout.flush()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def keep(target: Path, measured: dict[str, Any]) -> None:
    """Write it all; a run that is stopped leaves the whole file of before."""
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps(measured, indent=1))
    fresh.replace(target)


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="that has the peers")
    parser.add_argument("--target", type=Path, help="build/benchmark.json if nothing is said")
    parser.add_argument("--only", default="", metavar="PREFIX", help="of a case or a family")
    parser.add_argument("--jobs", type=int, default=1, help="at once, each on a core of its own")
    parser.add_argument("--core", action="store_true", help="the core set and no more")
    parser.add_argument("--short", action="store_true", help="a little of everything, to try it")
    parser.add_argument("--again", nargs="*", default=[], metavar="ENGINE", help="measure anew")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--table", action="store_true", help="of what there is; measure nothing")
    return parser.parse_args(words)


def main() -> None:
    given = arguments()
    usual = ROOT / "build" / ("benchmark-short.json" if given.short else "benchmark.json")
    target: Path = given.target or usual
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
