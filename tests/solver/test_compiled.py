"""How the core is compiled: with its entries, once; a first solve compiles nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import solver.core.load  # noqa: F401 - compiles the core, if nobody did
from solver import Problem, generate
from tests.solver.fuzz import knotted_problem, random_problem

ROOT = Path(__file__).parents[2]
TINY = """
from solver.core.jit import compiled, entry, inlined

@inlined
def twice(x: int) -> int:
    return 2 * x

@compiled
def odd(x: int) -> int:
    return twice(x) + 1

@entry
def call(x: int) -> int:
    return odd(x)
"""
HEARD = """
import json
from numba.core import event
heard = []

class Ear(event.Listener):
    def on_start(self, happening):
        heard.append(happening.data["dispatcher"].py_func.__name__)
    def on_end(self, happening):
        pass

event.register("numba:compile", Ear())
{what}
print(json.dumps(heard))
"""
SOLVE = """
from solver import Iterations, solve
from tests.solver.test_compiled import cases
for case in cases():
    solve(case, stop=Iterations(60))
"""


def cases() -> list[Problem]:
    """A problem of each kind that the core has code of its own for."""
    week = [
        generate(12, breaks="breaks" in rules, pairs="pairs" in rules, series="series" in rules)
        for rules in ("", "breaks", "pairs", "series")
    ]
    return [*week, *map(random_problem, range(6)), *map(knotted_problem, range(6))]


def heard_compiling(what: str, **more: str) -> list[str]:
    """The functions that a process of its own compiles."""
    words = [sys.executable, "-c", HEARD.format(what=what)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    heard: list[str] = json.loads(done.stdout)
    return heard


def test_what_was_warmed_is_not_compiled_again_for_any_kind_of_problem() -> None:
    assert heard_compiling(SOLVE) == []


def test_an_entry_takes_its_parts_in_and_is_kept_alone(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(TINY, encoding="utf-8")
    what = f"import sys; sys.path.append({str(tmp_path)!r}); import tiny; assert tiny.call(3) == 7"
    assert heard_compiling(what, NUMBA_CACHE_DIR=str(tmp_path)) == ["call", "twice", "odd"]
    assert [path.name.split("-")[0] for path in tmp_path.rglob("*.nbi")] == ["tiny.call"]
    assert heard_compiling(what, NUMBA_CACHE_DIR=str(tmp_path)) == []
