"""Measures speed and re-planning: ``python -m tests.bench.goals [--only NAME,…] [--json FILE]``.

The goals of the optimiser that are no gap in cost. Seconds are those of the processor, unless a row
says "clock"; every row is the median and the worst of several seeds. One thread.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import solver
from solver import After, Frozen, Iterations, Plan, Problem, generate, solve
from solver.core.arrays import Arrays
from solver.core.searcher import Searcher
from solver.engine import style_of

T = TypeVar("T")
SEEDS = (1, 2, 3)
TEAMS = {60: 4, 120: 7, 500: 25, 2000: 100, 5000: 250}
WEDNESDAY = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One goal on one size; ``wanted`` is the most, or the least where ``is_least``."""

    goal: str
    of: str
    unit: str
    wanted: float | None
    values: Sequence[float]
    is_least: bool = False

    def worst(self) -> float:
        """The value that is furthest from what is wanted."""
        return min(self.values) if self.is_least else max(self.values)


@cache
def week(visits: int, seed: int, *, pairs: bool = False, teams: int = 0) -> Problem:
    """A generated week; its name is worked out before anything is measured."""
    teams = teams or TEAMS[visits]
    made = generate(visits, seed=seed, teams=teams, breaks=True, pairs=pairs)
    assert made.sha256
    return made


def cpu(work: Callable[..., T], *given: object, **more: object) -> tuple[float, T]:
    """Milliseconds of the processor, the median of five after a first, and what came out."""
    found, moments = work(*given, **more), [time.process_time()]
    for _time in range(5):
        work(*given, **more)
        moments.append(time.process_time())
    return 1e3 * statistics.median(b - a for a, b in pairwise(moments)), found


def processor(seconds: float) -> After:
    """A stop rule by the processor's clock."""
    return After(seconds, time.process_time)


def first_plan() -> Iterator[Row]:
    """From the problem to a plan in which nothing more can be put, all in all and the engine's."""
    for visits, wanted in {60: 5, 120: 10, 500: 40, 2000: 300}.items():
        whole, core = [], []
        for seed in SEEDS:
            case = week(visits, seed)
            whole.append(cpu(solve, case, stop=Iterations(0))[0])
            arrays = Arrays(case)
            core.append(cpu(lambda a, s: Searcher(a, s).begin(None), arrays, seed)[0])
        of = f"{visits} visits"
        yield Row("first plan, from the problem to the checked plan", of, "ms", wanted, whole)
        yield Row("first plan, in the engine's own form", of, "ms", wanted, core)


def left_insertable(problem: Problem, plan: Plan) -> int:
    """Visits that were left out though one insertion could place them."""
    return sum(bool(solver.best_slots(problem, plan, one.visit, 1)) for one in plan.unserved)


def lost_day(problem: Problem, plan: Plan) -> tuple[Problem, set[str]]:
    """The busiest team of Wednesday does not go out; it is Wednesday, seven o'clock."""
    days = {shift.id: shift.day for shift in problem.shifts}
    routes = [route for route in plan.routes if days[route.shift] == WEDNESDAY]
    lost = max(routes, key=lambda route: len(route.stops))
    shifts = tuple(shift for shift in problem.shifts if shift.id != lost.shift)
    now = replace(problem, shifts=shifts, baseline=plan, frozen_until=Frozen(WEDNESDAY, 420))
    assert now.sha256
    return now, {stop.visit for stop in lost.stops}


def moved(was: Plan, now: Plan) -> int:
    """Visits that changed team or day, or are not served any more."""
    before, after = (
        {s.visit: r.shift for r in plan.routes for s in r.stops} for plan in (was, now)
    )
    return sum(after.get(visit) != shift for visit, shift in before.items())


def replanning() -> Iterator[Row]:
    """A team is lost for a day of a published week."""
    for visits in (120, 500):
        found: dict[str, list[float]] = {name: [] for name in ("ms", "gap", "moved", "left")}
        for seed in SEEDS:
            published = solve(week(visits, seed), stop=processor(3), seed=seed)
            now, hit = lost_day(week(visits, seed), published)
            spent, first = cpu(solve, now, stop=Iterations(0))
            found["ms"].append(spent)
            found["left"].append(left_insertable(now, first))
            soon = solve(now, stop=processor(1), seed=seed)
            free = replace(now.weights, moved_team=0, moved_day=0, moved_minute=0)
            cold = solve(replace(now, weights=free), stop=processor(30), seed=seed)
            same = solver.check(replace(now, weights=free), soon)
            found["gap"].append(100 * (same.cost["total"] / cold.cost["total"] - 1))
            found["moved"].append(moved(published, soon) / len(hit))
        of = f"{visits} visits"
        for goal, unit, wanted, name in (
            ("everything placed", "ms", 50, "ms"),
            ("placeable visits left out", "", 0, "left"),
            ("1 s above 30 s without the price of moves", "%", 3, "gap"),
            ("visits moved for each that was hit", "", 2, "moved"),
        ):
            yield Row(f"lost team-day: {goal}", of, unit, wanted, found[name])


def many_pairs() -> Iterator[Row]:
    """Two thousand visits, two hundred of them of two teams."""
    left, insertable = [], []
    for seed in SEEDS:
        case = week(2000, seed, pairs=True, teams=60)
        plan = solve(case, stop=processor(20), seed=seed)
        left.append(float(len(plan.unserved)))
        insertable.append(float(left_insertable(case, plan)))
    of = "2,000 visits, 60 teams, 200 pairs, 20 s"
    yield Row("left out", of, "", None, left)
    yield Row("left out though one insertion could place it", of, "", 0, insertable)


def stopping() -> Iterator[Row]:
    """From the word to the answer; by the clock other work on the machine counts, too."""
    for visits in (60, 120, 500, 2000):
        spent, waited = [], []
        for seed in SEEDS:
            limit, told = After(60), list[float]()

            def tell(limit: After = limit, told: list[float] = told) -> None:
                told[:] = time.process_time(), time.perf_counter()
                limit.told = True

            threading.Timer(2 + seed, tell).start()
            solve(week(visits, seed), stop=limit, seed=seed)
            spent.append(1e3 * (time.process_time() - told[0]))
            waited.append(1e3 * (time.perf_counter() - told[1]))
        of = f"{visits} visits"
        yield Row("stop to answer, to the caller", of, "ms", 50, spent)
        yield Row("stop to answer, to the caller", of, "ms by the clock", None, waited)
        core = [1e3 * _stop_of_core(week(visits, seed), seed) for seed in SEEDS]
        yield Row("stop to answer, in the core", of, "ms by the clock", 10, core)


def _stop_of_core(problem: Problem, seed: int) -> float:
    searcher = Searcher(Arrays(problem), seed)
    searcher.begin(None)
    thread = threading.Thread(target=searcher.run, args=(10**9, 0.5, 0.0))
    thread.start()
    time.sleep(0.5)
    begin = time.perf_counter()
    searcher.stop()
    thread.join()
    return time.perf_counter() - begin


def explaining() -> Iterator[Row]:
    """A week with too few teams: why, and what would help."""
    spent = []
    for seed in SEEDS:
        case = generate(120, seed=seed, teams=3, breaks=True)
        plan = solve(case, stop=Iterations(20_000), seed=seed)
        spent.append(cpu(solver.explain, case, plan)[0] / len(plan.unserved))
    yield Row("explanation with its cures, a visit", "120 visits, 3 teams", "ms", 2, spent)


def same_bytes() -> Iterator[Row]:
    """The same seed and iterations without the compiler."""
    differ = []
    for seed in SEEDS:
        case = week(60, seed, pairs=True)
        words = ["solve", "-", "--iterations", "200", "--seed", str(seed)]
        there = subprocess.run(
            [sys.executable, "-m", "solver", *words], env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
            input=json.dumps(solver.problem_to_json(case)).encode(), check=True,
            stdout=subprocess.PIPE,
        ).stdout  # fmt: skip
        plan = solve(case, stop=Iterations(200), seed=seed)
        differ.append(float(json.loads(there) != json.loads(json.dumps(solver.plan_to_json(plan)))))
    yield Row("plans that differ without the compiler", "60 visits, 200 steps", "", 0, differ)


def speed() -> Iterator[Row]:
    """Steps of one thread, at the usual temperatures, after two seconds to get going."""
    sizes = (60, False, 100), (500, False, 60), (2000, False, 35), (500, True, 30)
    for visits, pairs, wanted in sizes:
        rates = []
        for seed in SEEDS:
            case = week(visits, seed, pairs=pairs)
            solve(case, stop=Iterations(1))
            one = Searcher(Arrays(case), seed, style_of(Arrays(case).leg, is_warm=False))
            one.begin(None)
            _steps_in(one, 2, 0.2)
            rates.append(_steps_in(one, 3, 0.5) / 3e3)
        of = f"{visits} visits{' with pairs' if pairs else ''}"
        yield Row("steps a second", of, "thousand", wanted, rates, is_least=True)


def _steps_in(one: Searcher, seconds: float, share: float) -> int:
    before, end = one.iterations, time.process_time() + seconds
    while time.process_time() < end:
        one.run(500, share, 0.0)
    return one.iterations - before


def loading() -> Iterator[Row]:
    """Compiling into an empty cache, and a whole command with a warm one."""
    with tempfile.TemporaryDirectory() as folder:
        cold = cpu_of_child(["warm"], NUMBA_CACHE_DIR=folder)[0]
    warm = [cpu_of_child(["warm"])[0] for _ in SEEDS]
    yield Row("compiling the core", "an empty cache", "s", 15, [cold])
    yield Row("a command from start to end", "3 visits, 1 step", "s", None, warm)


def memory() -> Iterator[Row]:
    """The most memory of ``solve``: resident, after five seconds of search."""
    for visits in (60, 500, 2000, 5000):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "week.json"
            file.write_text(json.dumps(solver.problem_to_json(week(visits, 1))), encoding="utf-8")
            words = ["solve", str(file), "--seconds", "5", "--workers", "2", "-o", os.devnull]
            yield Row("memory of a whole command, two workers", f"{visits} visits", "MB", None,
                      [cpu_of_child(words)[1]])  # fmt: skip


def cpu_of_child(words: Sequence[str], **more: str) -> tuple[float, float]:
    """Seconds of the processor and megabytes of a command."""
    full = [sys.executable, "-m", "solver", *words]
    child = subprocess.Popen(full, env={**os.environ, **more})
    _pid, _status, used = os.wait4(child.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "first": first_plan, "replan": replanning, "pairs": many_pairs, "stop": stopping,
    "explain": explaining, "bytes": same_bytes, "speed": speed, "load": loading, "memory": memory,
}  # fmt: skip


def line(row: Row) -> str:
    """A row of the table."""
    middle, unit = statistics.median(row.values), f" {row.unit}" if row.unit else ""
    wanted = verdict = ""
    if row.wanted is not None:
        wanted = f"{'at least' if row.is_least else 'at most'} {row.wanted:g}{unit}"
        is_met = middle >= row.wanted if row.is_least else middle <= row.wanted
        verdict = "yes" if is_met else "**no**"
    found = f"{middle:.3g}{unit} | {row.worst():.3g}"
    return f"| {row.goal} | {row.of} | {wanted} | {found} | {verdict} |"


def main() -> None:
    """Print the table as it grows; keep the numbers where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json")
    given = parser.parse_args()
    rows = []
    sys.stdout.write("| goal | of | wanted | median | worst | met |\n|---|---|---|---|---|---|\n")
    for name in given.only.split(","):
        for row in PARTS[name]():
            rows.append(asdict(row))
            sys.stdout.write(line(row) + "\n")
            sys.stdout.flush()
    if given.json:
        Path(given.json).write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
