"""The compiled core: its books are right after every step, and the compiler changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from solver import Iterations, Problem, Weights, plan_to_json, solve
from solver.core.jit import is_compiled
from solver.engine import Run
from tests.solver.books import KINDS
from tests.solver.fuzz import random_problem

ROOT = Path(__file__).parents[2]


def interpreted(what: str, kind: str, first: int, last: int) -> list[str]:
    """What the same functions say without the compiler."""
    words = [sys.executable, "-m", "tests.solver.books", what, kind, str(first), str(last)]
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


@pytest.mark.parametrize("kind", KINDS)
def test_times_costs_and_books_are_right_after_every_step(kind: str) -> None:
    counts = [tuple(map(int, line.split())) for line in interpreted("audit", kind, 0, 60)]
    assert len(counts) == 60
    assert sum(still for still, _moved, _judged in counts) > 100
    assert sum(moved for _still, moved, _judged in counts) > 100
    assert sum(judged for _still, _moved, judged in counts) > 100 or kind != "limited"


def test_books_are_right_after_two_lanes_exchanged_their_tails() -> None:
    counts = [tuple(map(int, line.split())) for line in interpreted("tails", "week", 0, 20)]
    assert sum(undone for undone, _kept in counts) > 30
    assert sum(kept for _undone, kept in counts) > 30


@pytest.mark.parametrize("kind", KINDS)
def test_the_compiler_changes_not_a_byte(kind: str) -> None:
    assert is_compiled()
    plans = interpreted("solve", kind, 0, 25)
    for seed, plan in enumerate(plans):
        case = KINDS[kind](seed)
        assert plan == json.dumps(plan_to_json(solve(case, stop=Iterations(40), seed=3)))
    assert len(plans) == 25


def priced_by_its_times(seed: int) -> Problem:
    """A random problem of visits that stand alone, in which every price of times counts."""
    case = random_problem(seed)
    visits = tuple(
        replace(v, crews=1, after=(), together_with=None, pin=None, preferred_start=600)
        for v in case.visits
    )
    shifts = tuple(replace(shift, overtime=60) for shift in case.shifts)
    weights = Weights(start_off_minute=0.3, imbalance_minute=1, wait_minute=0.5)
    return replace(
        case, shifts=shifts, visits=visits, weights=weights, baseline=None, frozen_until=None
    )


@pytest.mark.parametrize("batch", [range(at, at + 40) for at in range(0, 160, 40)], ids=str)
def test_the_search_counts_what_the_plan_costs(batch: range) -> None:
    for seed in batch:
        run = Run(priced_by_its_times(seed), 1, None, 1)
        run.search(Iterations(60), None)
        plan = run.plan()
        assert run._best.cost == pytest.approx(plan.cost["total"], abs=0.1), seed  # noqa: SLF001
