"""Public instances: read as their families mean them, and refused in one sentence otherwise."""

from __future__ import annotations

import json
import re
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

DATA = Path(__file__).parents[1] / "bench" / "data"
R104 = DATA / "solomon/R104.txt"
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
    "file", sorted([*DATA.rglob("*.txt"), *DATA.rglob("*.vrp")]), ids=lambda file: file.stem
)
def test_the_best_known_routes_hold_and_cost_what_their_file_says(file: Path) -> None:
    instance = read(str(file))
    rows = ROUTE.findall(file.with_suffix(".sol").read_text())
    plan = evaluate(instance.problem, [(number, names.split()) for number, names in rows])
    assert check(instance.problem, plan).hard == ()
    may_be_left = {visit.id for visit in instance.problem.visits if visit.optional}
    assert {one.visit for one in plan.unserved} <= may_be_left
    assert instance.cost(plan) == instance.best_known
    assert instance.gap(plan) == 0


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("InstanzCPLEX_HCSRP_25_1", 428.097),
        ("InstanzCPLEX_HCSRP_50_1", 943.728),
        ("InstanzCPLEX_HCSRP_75_1", 1111.37),
        ("InstanzVNS_HCSRP_100_1", 1255.93),
    ],
)
def test_the_best_known_care_costs_what_was_published(name: str, published: float) -> None:
    assert read(str(DATA / f"hhcrsp/{name}.json")).best_known == pytest.approx(published, abs=5e-3)


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
    good = str(R104)
    assert main(["bench", good, written(tmp_path, kind, more), "--seconds", "0.1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""  # nothing was run
    assert says in err
    assert err.count("\n") == 1


def test_a_text_of_another_kind_and_a_broken_row_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (R104).read_text()
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
    assert main(["bench", str(R104), "--seeds", "one"]) == 2


def test_the_command_prints_one_line_for_each_seed(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", str(R104), "--seconds", "0.2", "--seeds", "1,2"]
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


def test_the_temperature_goes_by_the_usual_leg() -> None:
    short, long = (
        Arrays(read(str(DATA / f"solomon/{name}.txt")).problem) for name in ("R104", "RC107")
    )
    assert 90 < short.leg < long.leg < 110
    cold, warm = style_of(short.leg, is_warm=False), style_of(short.leg, is_warm=True)
    assert cold.hot > warm.hot > warm.cold == cold.cold > 0
    assert style_of(2 * short.leg, is_warm=False).hot == pytest.approx(2 * cold.hot)
    assert style_of(0.0, is_warm=False) == Style()
