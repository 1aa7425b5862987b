"""OR-Tools routing as an engine: every rule holds, nothing insertable is left, and it says so."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from solver import (
    FALLBACK,
    After,
    Break,
    Frozen,
    Iterations,
    Pin,
    Plan,
    Problem,
    Window,
    check,
    evaluate,
    generate,
    plan_from_json,
    problem_to_json,
    solve,
)
from solver.routing_model import Model
from tests.solver.cases import problem, shift, visit
from tests.solver.fuzz import fits, knotted_problem, random_problem, sequences

ROOT = Path(__file__).parents[2]
NAME = "ortools routing"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("make", [random_problem, knotted_problem])
@pytest.mark.parametrize("batch", [range(20), range(20, 40)], ids=str)
def test_no_plan_breaks_a_rule_nor_leaves_out_what_one_insertion_could_place(
    batch: range, make: Callable[[int], Problem]
) -> None:
    for seed in batch:
        case = make(seed)
        plan = solve(case, stop=Iterations(1000), engine="ortools")
        assert plan.engine == NAME
        assert [f.text for f in check(case, plan).hard] == [], f"seed {seed}"
        placeable = [one.visit for one in plan.unserved if fits(case, plan, one.visit)]
        assert placeable == [], f"seed {seed}"


def test_routing_does_the_work_and_not_the_repair() -> None:
    case = generate(60, seed=2, teams=4, breaks=True)
    repaired = solve(case, stop=Iterations(0), engine="ortools")
    routed = solve(case, stop=Iterations(200_000), engine="ortools")
    assert repaired.iterations == 0
    assert routed.iterations > 100_000
    assert routed.cost["total"] < 0.95 * repaired.cost["total"]


def test_the_same_iterations_give_the_same_plan() -> None:
    case = generate(40, seed=1, teams=3, breaks=True, pairs=True, series=True)
    first, second = (solve(case, stop=Iterations(30_000), engine="ortools") for _ in range(2))
    assert first == second


def routed(case: Problem, looks: int) -> Plan:
    """What routing says before anything is repaired."""
    lanes = Model(case, {}).search(lambda n: n > looks, lambda _cost, _lanes: None, 60)
    return evaluate(
        case, [(case.shifts[s].id, [case.visits[v].id for v in lane]) for s, lane in lanes.items()]
    )


def test_what_routing_sees_holds_before_the_repair() -> None:
    monday = (Window(0, 480, 960),)
    case = problem(
        shift("A", people=1, skills=("x",), break_=Break(30, 600, 700), max_visits=2),
        shift("B", clearances=("S1",), max_travel=60, capacity=5),
        shift("A", 1, overtime=30),
        visit("skill", 1, skills=("x",)), visit("people", 1, people=2, windows=monday),
        visit("clear", 2, clearance="S1", demand=5, windows=monday),
        visit("pin", 3, pin=Pin(1, "A", 600)), visit("kit", 2, kits=("K",)),
        visit("gap", 1, windows=(Window(0, 490, 520), Window(0, 700, 730)), skills=("x",)),
        kits={"K": 1},
    )  # fmt: skip
    plan = routed(case, 5_000)
    assert check(case, plan).hard == ()
    assert plan.unserved == ()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_week_without_links_needs_no_repair(seed: int) -> None:
    case = generate(60, seed=seed, teams=4, breaks=True)
    plan = routed(case, 50_000)
    assert check(case, plan).hard == ()
    assert len(plan.unserved) <= 3


def test_breaks_of_a_large_week_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.routing_model._SMALL", 10)
    case = generate(60, seed=2, teams=4, breaks=True)
    plan = solve(case, stop=Iterations(50_000), engine="ortools")
    assert check(case, plan).hard == ()
    assert all(route.break_ is not None for route in plan.routes)
    assert len(plan.unserved) <= 3


def test_windows_may_differ_from_day_to_day() -> None:
    case = problem(
        shift("A", 0, start=480, end=600), shift("A", 1, start=480, end=600),
        visit("V1", windows=(Window(0, 900, 960), Window(1, 490, 560))),
        visit("V2", windows=(Window(0, 490, 560), Window(1, 900, 960))),
    )  # fmt: skip
    plan = solve(case, stop=Iterations(2000), engine="ortools")
    assert sequences(plan) == {"A-0": ["V2"], "A-1": ["V1"]}


@pytest.mark.parametrize("seed", range(12))
def test_a_start_that_holds_is_never_made_worse(seed: int) -> None:
    case = random_problem(seed)
    start = solve(case, stop=Iterations(200), seed=seed)
    again = solve(case, stop=Iterations(500), start=start, engine="ortools")
    assert again.cost["total"] <= start.cost["total"]


def test_it_stops_in_time_and_when_told() -> None:
    case = generate(120, seed=3, teams=6)
    began = time.monotonic()
    solve(case, stop=After(1.5), engine="ortools")
    assert time.monotonic() - began < 4
    limit = After(60)
    began = time.monotonic()
    plan = solve(
        case, stop=limit, engine="ortools",
        progress=lambda progress: setattr(limit, "told", progress.iterations > 0),
    )  # fmt: skip
    assert time.monotonic() - began < 10
    assert check(case, plan).hard == ()


def test_the_command_line_solves_with_it(tmp_path: Path) -> None:
    week, plan = tmp_path / "week.json", tmp_path / "plan.json"
    week.write_text(json.dumps(problem_to_json(generate(20, seed=1, teams=2))), encoding="utf-8")
    done = run("-m", "solver", "solve", str(week), "--engine", "ortools", "--iterations", "5000",
               "--progress", "-o", str(plan))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert all("best" in json.loads(line) for line in done.stderr.splitlines())
    assert plan_from_json(plan.read_text(encoding="utf-8")).engine == NAME
    assert run("-m", "solver", "check", str(week), str(plan)).returncode == 0
    assert run("-m", "solver", "solve", str(week), "--engine", "vroom").returncode == 2


@pytest.mark.parametrize("fault", ["ImportError", "OSError"])
def test_where_numba_cannot_be_loaded_auto_says_that_it_fell_back(
    tmp_path: Path, fault: str
) -> None:
    (tmp_path / "numba.py").write_text(f"raise {fault}('no such library')", encoding="utf-8")
    week, plan = tmp_path / "week.json", tmp_path / "plan.json"
    case = generate(20, seed=1, teams=2)
    week.write_text(json.dumps(problem_to_json(case)), encoding="utf-8")
    without = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from solver.__main__ import main; sys.exit(main())"
    )
    done = run("-c", without, "solve", str(week), "--iterations", "5000", "-o", str(plan))
    assert done.returncode == 0, done.stderr
    made = plan_from_json(plan.read_text(encoding="utf-8"))
    assert made.engine == FALLBACK
    assert check(case, made).hard == ()
    with_numba = solve(case, stop=Iterations(10))
    assert with_numba.engine not in (FALLBACK, NAME)


def test_the_solver_loads_neither_engine_before_it_is_asked() -> None:
    heavy = "{'numba', 'numpy', 'ortools'} & set(sys.modules)"
    done = run("-c", f"import sys, solver; sys.exit(bool({heavy}))")
    assert done.returncode == 0


def test_frozen_stops_stay_where_they_are() -> None:
    case = random_problem(4)
    started = solve(replace(case, baseline=None, frozen_until=None), stop=Iterations(50))
    under_way = replace(case, baseline=started, frozen_until=Frozen(1, 600))
    plan = solve(under_way, stop=Iterations(2000), engine="ortools")
    assert check(under_way, plan).hard == ()
