"""The tables of the benchmark: what counts, what is lost, and whether a goal is met."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench import report, verdicts
from tests.bench.cases import FILES, family
from tests.bench.figures import Run, group, less, losses
from tests.bench.schedule import jobs


def run(case: str, engine: str, total: float, **more: Any) -> Run:
    """A sound run of one worker, five seconds and seed 1, if nothing else is said."""
    kinds = {"week": "week-60", "R104": "solomon", "RC103": "solomon", "pairs": "pairs-60"}
    found: Run = {
        "case": case, "engine": engine, "seconds": 5.0, "seed": 1, "workers": 1, "jobs": 1,
        "family": kinds[case.partition("-")[0]], "total": total, "travel": total, "unserved": 0,
        "breaches": [], "gap": None, "cpu_seconds": 5.0,
    }  # fmt: skip
    return {**found, **more}


def row(runs: list[Run], what: str) -> str:
    """The row of one goal."""
    (found,) = (line for line in verdicts.table(runs).splitlines() if line.startswith(f"| {what}"))
    return found


def test_travel_is_compared_where_as_many_visits_are_served() -> None:
    runs = [
        run("week-60-1", "ours", 96), run("week-60-1", "pyvrp", 100),
        run("week-60-2", "ours", 90), run("week-60-2", "pyvrp", 80, unserved=1),
        run("week-60-3", "ours", 90), run("week-60-3", "pyvrp", 80, breaches=["late"]),
    ]  # fmt: skip
    one = group(runs, "week-60", 5.0)
    assert less(one.pairs("pyvrp"), "travel") == pytest.approx([4.0])
    assert losses(one.pairs("pyvrp")) == []  # serving fewer for less is no gain
    text = report.table({"versions": {"pyvrp": "0"}, "runs": runs})
    expected = "| PyVRP | 4.00 % (4.00 to 4.00) | 4.00 % (4.00 to 4.00) | 1 | 1 / 0 | 0 of 2 |"
    assert f"{expected} 5.0 | 1 of 3 |" in text
    assert "Where a peer did better" not in text


def test_a_peer_that_serves_more_or_drives_less_has_won_and_is_listed() -> None:
    runs = [
        run("week-60-1", "ours", 100), run("week-60-1", "pyvrp", 98),
        run("week-60-1", "ours", 99, seed=2), run("week-60-1", "pyvrp", 99, seed=2),
        run("week-60-2", "ours", 90, unserved=1),
        run("week-60-2", "vroom", 95, seconds=0.0, seed=0),
    ]  # fmt: skip
    text = report.table({"versions": {}, "runs": runs})
    assert "| week-60-1 | 5 | PyVRP | 1 of 2 | 2.04 % |" in text
    assert "| week-60-2 | 5 | VROOM | 1 of 1 | serves more |" in text


def test_the_one_answer_of_a_blind_peer_stands_beside_each_of_ours() -> None:
    runs = [
        *(run("week-60-1", "ours", 100 + seed, seed=seed) for seed in (1, 2, 3)),
        *(run("week-60-1", "ours", 108 + seed, seed=seed, seconds=0.25) for seed in (1, 2, 3)),
        run("week-60-1", "vroom", 110, seconds=0.0, seed=0),
        run("week-60-1", "ortools", 204, seed=0),
        run("week-60-1", "ortools", 300, seed=0, seconds=1.0),
    ]  # fmt: skip
    one = group(runs, "week-60", 5.0)
    assert [peer["total"] for _ours, peer in one.pairs("vroom")] == [110] * 3
    assert less(one.pairs("ortools"), "total") == pytest.approx([50.49, 50, 49.51], abs=0.01)
    told = row(runs, "week of 60 visits, better than VROOM after 0.25 s")
    assert "| better or as good in 2 of 3 runs, travel 0.0 % less in the median |" in told
    assert told.endswith("| missed by 1.00 runs |")


@pytest.mark.parametrize(
    ("ours", "end"),
    [(95, "5.0 % less after 5 s | met |"), (98, "2.0 % less after 5 s | missed by 2.00 points |")],
    ids=["met", "missed"],
)
def test_a_goal_is_met_or_missed_by_how_much(ours: float, end: str) -> None:
    runs = [run("week-60-1", "ours", ours), run("week-60-1", "pyvrp", 100)]
    assert row(runs, "week of 60 visits, travel against PyVRP").endswith(end)
    assert row(runs, "week of 120 visits, travel against PyVRP").endswith("|  | not measured |")


def test_gaps_are_told_by_mean_median_and_worst_and_two_workers_have_a_row() -> None:
    runs = [
        run("R104", "ours", 1, gap=0.1), run("RC103", "ours", 1, gap=0.5),
        run("RC103", "ours", 1, gap=0.9, seed=2), run("RC103", "pyvrp", 0.9, gap=0.4),
        run("R104", "ours", 1, gap=0.2, workers=2),
    ]  # fmt: skip
    text = report.table({"versions": {}, "runs": runs})
    assert "| ours | 0.50 % | 0.50 % | 0.90 % (RC103) |  | 0 | 5.0 | 0 of 3 |" in text
    assert "| PyVRP | 0.40 % | 0.40 % | 0.40 % (RC103) | 1 of 1 | 0 | 5.0 | 0 of 1 |" in text
    assert "| ours, two workers | 0.20 % | 0.20 % | 0.20 % (R104) |  | 0 | 5.0 | 0 of 1 |" in text
    assert row(runs, "Solomon, 5 s, two workers").endswith("0.20 %, worst 0.20 %; 1 runs | met |")
    beside = row(runs, "Solomon, 5 s, one worker, instances not tuned on")
    assert beside.endswith("| 0.50 %, PyVRP 0.40 %; 1 runs | missed by 0.10 points |")


def test_the_core_set_measures_every_goal() -> None:
    runs = [
        {
            "case": job.case, "engine": job.engine, "seconds": job.seconds, "seed": job.seed,
            "workers": job.workers, "family": family(job.case), "total": 1, "travel": 1,
            "gap": 0.0 if job.case in FILES else None, "unserved": 0, "breaches": [],
            "cpu_seconds": 1.0, "pairs": [1, 1], "insertable": 0,
        }
        for job in jobs()
        if job.is_core
    ]  # fmt: skip
    rows = verdicts.table(runs).splitlines()[2:]
    assert len(rows) == 22
    assert not [line for line in rows if "not measured" in line]
    assert [line for line in rows if "missed" in line] == rows[:8]  # no travel is saved
    text = report.table({"versions": {}, "runs": runs})
    assert text.count("### ") == 1 + 3 * 3 + 1 + 2 + 6 + 1  # goals, weeks, families, two crews


def test_visits_of_two_crews_are_told_for_each_engine() -> None:
    runs = [
        run("pairs-60-1", "ours", 1, pairs=[5, 5], insertable=0, seconds=8.0),
        run("pairs-60-1", "ortools", 1, pairs=[0, 5], seconds=8.0, seed=0),
        {**run("pairs-60-1", "routing", 1), "error": "none"},
    ]
    line = row(runs, "visits of two crews")
    assert "ours 5 of 5; OR-Tools' recipe with linked variables 0 of 5;" in line
    assert line.endswith("repair 0 of 5 | met |")
    text = report.table({"versions": {}, "runs": runs})
    assert "| pairs-60-1 | OR-Tools | 1 | 0 | 0 of 5 | 5.0 |  |" in text


@pytest.mark.parametrize(
    ("load", "jobs", "says"),
    [(1.0, 1, "was quiet"), (4.0, 1, "was not quiet"), (2.0, 2, "was quiet")],
    ids=["alone", "others", "two-at-once"],
)
def test_the_head_says_what_ran_beside_it(load: float, jobs: int, says: str) -> None:
    one = run("R104", "ours", 1, gap=0.1, load=load, jobs=jobs, source="a")
    text = report.table({"versions": {"pyvrp": "7"}, "runs": [one]})
    assert says in text
    assert "pyvrp 7" in text
    assert ("a core of its own" in text) == (jobs == 2)
    assert "versions of it" not in text
    both = report.table({"versions": {}, "runs": [one, {**one, "seed": 2, "source": "b"}]})
    assert "The planner was changed in between: 2 versions of it." in both


def test_the_page_keeps_what_is_around_the_tables() -> None:
    page = report.into("a\n<!-- measured -->\nold\n<!-- /measured -->\nz\n", "new\n")
    assert page == "a\n<!-- measured -->\nnew\n<!-- /measured -->\nz\n"
