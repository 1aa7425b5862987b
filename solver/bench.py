"""``python -m solver bench``: public instances, and how far from the best known cost we end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from solver.instances import Instance, read
from solver.plan import Plan
from solver.search import solve
from solver.stop import After


def bench(
    files: Sequence[str], *, seconds: float, workers: int, seeds: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """One line for each run; all files are read before the first run.

    Raises:
        BadProblem: a file cannot be read.
    """
    for instance in [read(file) for file in files]:
        for seed in seeds:
            yield run(instance, seconds=seconds, workers=workers, seed=seed)


def run(instance: Instance, *, seconds: float, workers: int, seed: int) -> dict[str, Any]:
    """Solve one instance once."""
    from solver.engine import searcher_for  # noqa: PLC0415 - loading the core is not measured

    searcher_for(instance.problem)

    wall, cpu = time.perf_counter(), time.process_time()
    plan = solve(instance.problem, stop=After(seconds), seed=seed, workers=workers)
    spent = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    return line(instance, plan, {name: round(value, 3) for name, value in spent.items()})


def _number(visit: str) -> int:
    """The customer's number; both visits to a patient of two caregivers have the same."""
    return int(visit.rstrip("+"))


def line(instance: Instance, plan: Plan, spent: dict[str, float]) -> dict[str, Any]:
    """What is printed of a run; routes and what is unserved as customer numbers of the file."""
    gap = instance.gap(plan)
    return {
        "instance": instance.name,
        "format": instance.format,
        "cost": round(instance.cost(plan), 3),
        "best_known": instance.best_known,
        "gap_percent": None if gap is None else round(gap, 4),
        **spent,
        "iterations": plan.iterations,
        "seed": plan.seed,
        "routes": [[_number(stop.visit) for stop in route.stops] for route in plan.routes],
        "unserved": [_number(one.visit) for one in plan.unserved],
    }
