"""Public instances: read as their families mean them, and refused in one sentence otherwise."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from solver import Iterations, check, evaluate, solve
from solver.__main__ import main
from solver.bench import line
from solver.core.arrays import Arrays
from solver.core.searcher import Style
from solver.engine import style_of
from solver.instances import Instance, read
from tests.bench import peers, report
from tests.bench.peers import a_week, known_already, one_run
from tests.bench.report import Run
from tests.bench.rivals import ENGINES

DATA = Path(__file__).parents[1] / "bench" / "data"
ROUTE = re.compile(r"Route #(\d+): *(.*)")

VRP = """NAME : tiny
COMMENT: three customers on a line
TYPE : {kind}
EDGE_WEIGHT_TYPE : EUC_2D
DIMENSION : 4
VEHICLES : 2
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 0
3 6 0
4 0 4.5
DEMAND_SECTION
1 0
2 5
3 5
4 4
SERVICE_TIME_SECTION
1 0
2 1
3 1
4 1
TIME_WINDOW_SECTION
1 0 100
2 0 50
3 0 50
4 0 50
{more}DEPOT_SECTION
{depots}
-1
EOF
"""


def written(folder: Path, kind: str = "VRPTW", more: str = "", depots: str = "1") -> str:
    file = folder / "tiny.vrp"
    file.write_text(VRP.format(kind=kind, more=more, depots=depots))
    return str(file)


def solved(instance: Instance) -> dict[str, object]:
    plan = solve(instance.problem, stop=Iterations(200), seed=1)
    return line(instance, plan, {})


@pytest.mark.parametrize(
    "file", sorted([*DATA.glob("*.txt"), *DATA.glob("*.vrp")]), ids=lambda file: file.stem
)
def test_the_best_known_routes_hold_and_cost_what_their_file_says(file: Path) -> None:
    instance = read(str(file))
    rows = ROUTE.findall(file.with_suffix(".sol").read_text())
    plan = evaluate(instance.problem, [(number, names.split()) for number, names in rows])
    assert check(instance.problem, plan).hard == ()
    assert plan.unserved == ()
    assert instance.cost(plan) == instance.best_known
    assert instance.gap(plan) == 0


def test_a_customer_too_many_breaks_the_capacity(tmp_path: Path) -> None:
    instance = read(written(tmp_path))
    plan = evaluate(instance.problem, [("1", ["1", "2", "3"])])
    assert [one.rule for one in check(instance.problem, plan).hard] == ["capacity"]


def test_two_vehicles_serve_three_customers_at_the_cost_of_the_tenths(tmp_path: Path) -> None:
    found = solved(read(written(tmp_path)))
    assert found["cost"] == 60 + 60 + 45 + 45
    assert sorted(map(sorted, found["routes"])) == [[1, 2], [3]]  # type: ignore[call-overload]
    assert found["gap_percent"] is None


def test_a_prize_that_is_not_collected_counts(tmp_path: Path) -> None:
    prizes = "PRIZE_SECTION\n1 0\n2 50\n3 50\n4 2\n"
    instance = replace(read(written(tmp_path, "PCVRPTW", prizes)), best_known=100.0)
    found = line(instance, evaluate(instance.problem, [("1", ["1", "2"])]), {})
    assert (found["cost"], found["routes"], found["unserved"]) == (120 + 20, [[1, 2]], [3])
    assert found["gap_percent"] == 40


def test_a_vehicle_serves_only_what_it_may(tmp_path: Path) -> None:
    allowed = "VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2 4\n2 3\n"
    found = solved(read(written(tmp_path, "SDVRPTW", allowed)))
    assert sorted(map(sorted, found["routes"])) == [[1, 3], [2]]  # type: ignore[call-overload]
    assert found["cost"] == 3000 + 5408 + 4500 + 12000


def test_a_vehicle_starts_from_its_own_depot(tmp_path: Path) -> None:
    bases = "VEHICLES_DEPOT_SECTION\n1 1\n2 2\n"
    found = solved(read(written(tmp_path, "MDVRPTW", bases, depots="1\n2")))
    assert found["cost"] == 9000 + 6000
    assert sorted(map(sorted, found["routes"])) == [[2], [3]]  # type: ignore[call-overload]


def test_a_vehicle_is_out_no_longer_than_it_may(tmp_path: Path) -> None:
    late = "VEHICLES_MAX_DURATION: 14\nTIME_WINDOW_SECTION\n1 0 100\n2 0 50\n3 0 50\n4 60 90\n"
    instance = read(written(tmp_path, "MDVRPTW", late))
    problem = instance.problem
    plan = evaluate(problem, [("1", ["1", "2"]), ("2", ["3"])])
    assert check(problem, plan).hard == ()
    assert [(r.leave, r.return_) for r in plan.routes] == [(0, 14000), (55500, 65500)]
    both = evaluate(problem, [("1", ["1", "2", "3"])])
    assert [one.rule for one in check(problem, both).hard] == ["capacity", "max-duration"]
    found = solved(instance)
    assert sorted(map(sorted, found["routes"])) == [[1, 2], [3]]  # type: ignore[call-overload]


def test_leaving_out_a_customer_who_must_be_served_is_no_answer(tmp_path: Path) -> None:
    instance = replace(read(written(tmp_path)), best_known=210.0)
    plan = evaluate(instance.problem, [("1", ["1", "2"])])
    assert instance.gap(plan) is None


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("CVRP", "", "TYPE: 'CVRP' is not read"),
        ("MDVRPTW", "VEHICLES_DEPOT_SECTION\n1 3\n", "vehicles: place 3 is no depot"),
        ("VRPTW", "VEHICLES : 1000000\n", "vehicles: 1000000 are not between 1 and 5000"),
        ("VRPTW", "SERVICE_TIME_SECTION\n2 1e99\n", "'1e99' is no number up to 10000000"),
        ("VRPTW", "NODE_COORD_SECTION\n2 3 900000\n", "the places lie too far apart"),
        ("SDVRPTW", "VEHICLES_MAX_DURATION: -1\n", "VEHICLES_MAX_DURATION: -1 must not be"),
        ("SDVRPTW", "VEHICLES_MAX_DURATION: long\n", "VEHICLES_MAX_DURATION: 'long' is no"),
        ("VRPTW", "BACKHAUL_SECTION\n2\n", "BACKHAUL_SECTION: is not read"),
        ("PCVRPTW", "PRIZE_SECTION\n2 much\n", "PRIZE_SECTION: 'much' is no number up to"),
        ("VRPTW", "SERVICE_TIME_SECTION\n2 3 4\n", "SERVICE_TIME_SECTION: '2 3 4' must have 2"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, more: str, says: str
) -> None:
    good = str(DATA / "R104.txt")
    assert main(["bench", good, written(tmp_path, kind, more), "--seconds", "0.1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""  # nothing was run
    assert says in err
    assert err.count("\n") == 1


def test_a_text_of_another_kind_and_a_broken_row_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DATA / "R104.txt").read_text()
    row = next(one for one in text.splitlines() if one.split()[:1] == ["7"])
    for wrong, says in (
        ("hello", "neither Solomon text nor"),
        (text.replace(row, f"{row} 5"), "customer 7: must have 7 numbers"),
        (
            text.replace(row, " ".join([*row.split()[:-1], "x"])),
            "customer 7: service time: 'x' is no number up to",
        ),
    ):
        file = tmp_path / "wrong.txt"
        file.write_text(wrong)
        assert main(["bench", str(file), "--seconds", "0.1"]) == 2
        assert says in capsys.readouterr().err
    assert main(["bench", str(DATA / "R104.txt"), "--seeds", "one"]) == 2


def test_the_command_prints_one_line_for_each_seed(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", str(DATA / "R104.txt"), "--seconds", "0.2", "--seeds", "1,2"]
    assert main(words) == 0
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [one["seed"] for one in lines] == [1, 2]
    for one in lines:
        assert list(one) == [
            "instance", "format", "cost", "best_known", "gap_percent", "seconds", "cpu_seconds",
            "iterations", "seed", "routes", "unserved",
        ]  # fmt: skip
        assert sorted(c for route in one["routes"] for c in route) == list(range(1, 101))
        assert 0 <= one["gap_percent"] < 25


@pytest.mark.parametrize("engine", ["ours", "ortools"])
def test_a_peer_answers_in_a_process_of_its_own_and_is_judged(engine: str) -> None:
    found = one_run(a_week(12, 2, 1), engine, 0.3, 1, sys.executable)
    assert (found["breaches"], found["unserved"]) == ([], 0)
    assert 0 < found["travel"] == found["total"]
    assert "error" in one_run(a_week(12, 2, 1), "nobody", 0.3, 1, sys.executable)


def test_the_table_counts_losses_and_failures() -> None:
    common = {"case": "week-60-1", "seconds": 1.0, "seed": 1, "unserved": 0, "breaches": [],
              "cpu_seconds": 1.0, "best_known": 100}  # fmt: skip
    runs = [
        {**common, "engine": "ours", "total": 110},
        {**common, "engine": "pyvrp", "total": 99},
        {**common, "engine": "vroom", "total": 121, "breaches": ["late"]},
        {"engine": "ortools", "case": "week-60-1", "seconds": 1.0, "seed": 1, "error": "none"},
    ]
    text = report.table({"versions": {"pyvrp": "0"}, "runs": runs})
    assert "| ours |  | +10.00 % (+10.00 to +10.00) | 0 |  | 1.0 | 0 of 1 |" in text
    assert "| PyVRP | -10.00 % (-10.00 to -10.00) | -1.00 % (-1.00 to -1.00) | 0 | 1 of 1" in text
    assert "| VROOM |  |  | 0 | 0 of 0 |  | 1 of 1 |" in text
    assert "| OR-Tools |  |  | 0 | 0 of 0 |  | 1 of 1 |" in text
    fewer = report.table({"versions": {}, "runs": [runs[0], {**runs[1], "unserved": 2}]})
    assert "| PyVRP |  |  | 2 | 0 of 0" in fewer  # serving fewer for less is no gain
    for load, says in ((1.0, "was quiet"), (4.0, "was not quiet")):
        assert says in report.table({"versions": {}, "runs": [{**runs[0], "load": load}]})
    page = report.into("a\n<!-- measured -->\nold\n<!-- /measured -->\nz\n", text)
    assert page == f"a\n<!-- measured -->\n{text}<!-- /measured -->\nz\n"


def test_the_temperature_goes_by_the_usual_leg() -> None:
    short, long = (Arrays(read(str(DATA / f"{name}.txt")).problem) for name in ("R104", "RC107"))
    assert 90 < short.leg < long.leg < 110
    cold, warm = style_of(short.leg, is_warm=False), style_of(short.leg, is_warm=True)
    assert cold.hot > warm.hot > warm.cold == cold.cold > 0
    assert style_of(2 * short.leg, is_warm=False).hot == pytest.approx(2 * cold.hot)
    assert style_of(0.0, is_warm=False) == Style()


def test_an_answer_stands_for_the_seeds_and_budgets_that_an_engine_does_not_look_at() -> None:
    runs = [
        {"case": "c", "engine": name, "seconds": 1.0, "seed": 1, "total": 7}
        for name in ("ours", "pyvrp", "vroom", "ortools")
    ]
    found = known_already(runs, ("c", "vroom", 5.0, 2))
    assert found == {"case": "c", "engine": "vroom", "seconds": 5.0, "seed": 2, "total": 7}
    assert known_already(runs, ("c", "ortools", 1.0, 2)) is not None
    for wanted in (("c", "ortools", 5.0, 2), ("c", "ours", 1.0, 2), ("d", "vroom", 1.0, 1)):
        assert known_already(runs, wanted) is None


def test_a_measurement_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, given = tmp_path / "peers.json", argparse.Namespace(python="python", short=True)
    asked: list[tuple[str, str, float, int]] = []

    def run(case: peers.Case, engine: str, seconds: float, seed: int, _python: str) -> Run:
        if len(asked) == 5:
            raise KeyboardInterrupt
        asked.append((case.name, engine, seconds, seed))
        return {"case": case.name, "engine": engine, "seconds": seconds, "seed": seed}

    monkeypatch.setattr(peers, "one_run", run)
    monkeypatch.setattr(peers, "versions", lambda _python: {})
    with pytest.raises(KeyboardInterrupt):
        peers.measure(given, target)
    first = json.loads(target.read_text())["runs"]
    asked.insert(0, ("", "", 0, 0))  # from now on nothing stops it
    peers.measure(given, target)
    whole = json.loads(target.read_text())["runs"]
    assert whole[: len(first)] == first
    assert len(whole) == len({peers.key(one) for one in whole}) == 4 * 3 * len(ENGINES)
    assert len(set(asked)) == len(asked)
    peers.measure(given, target)
    assert json.loads(target.read_text())["runs"] == whole


def test_without_the_peers_the_measurement_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers, "DISTRIBUTIONS", ("ortools", "no-such-peer"))
    with pytest.raises(SystemExit, match="has not all of ortools, no-such-peer"):
        peers.versions(sys.executable)
