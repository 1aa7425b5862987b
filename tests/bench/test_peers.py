"""The benchmark itself: what is run and in which order, how it goes on, and who judges."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from threading import Barrier

import pytest

from solver import evaluate
from solver.instances import read
from tests.bench import peers
from tests.bench.cases import FILES, SEEN, family, load, members
from tests.bench.figures import Run
from tests.bench.peers import arguments, estimate, missing, one_run, pinned
from tests.bench.rivals import _alike
from tests.bench.schedule import BLIND, Job, jobs


@pytest.mark.parametrize("engine", ["ours", "ortools", "routing"])
def test_an_engine_answers_in_a_process_of_its_own_and_is_judged(engine: str) -> None:
    found = one_run(Job("week-12-1", engine, 0.3, 1), sys.executable)
    assert (found["breaches"], found["unserved"], found["gap"]) == ([], 0, None)
    assert 0 < found["travel"] == found["total"]


def test_an_engine_that_fails_says_why() -> None:
    found = one_run(Job("week-12-1", "nobody", 0.3, 1), sys.executable)
    assert "nobody" in found["error"]
    assert "total" not in found


def test_two_workers_get_the_time_of_two_and_the_gap_is_to_the_best_known() -> None:
    found = one_run(Job("C201", "ours", 0.3, 1, workers=2), sys.executable)
    known = read(str(FILES["C201"])).best_known or 0
    assert found["cpu_seconds"] >= 0.6
    assert found["breaches"] == []
    assert found["gap"] == pytest.approx(100 * (found["total"] / known - 1))


def test_prizes_that_are_not_collected_are_part_of_the_cost_and_no_visit_left_out() -> None:
    found = peers.judged(load("R1_10_1"), {"routes": []})
    assert found["unserved"] == 0
    assert found["gap"] > 0
    assert found["total"] > found["travel"] == 0


def test_visits_of_two_crews_are_counted_and_what_could_be_put_in() -> None:
    case = load("pairs-60-1")
    pairs = sum(visit.crews > 1 for visit in case.problem.visits)
    found = peers.judged(case, {"routes": []})
    assert (found["pairs"], found["unserved"]) == ([0, pairs], 60)
    empty = evaluate(case.problem, [])
    assert peers.insertable(case.problem, empty) == 60


def test_the_core_set_comes_first_and_takes_less_than_ninety_minutes() -> None:
    wanted = jobs()
    core = [job for job in wanted if job.is_core]
    assert wanted[: len(core)] == core
    assert sum(job.estimate for job in core) < 90 * 60
    assert len({job.key for job in wanted}) == len(wanted)
    assert len({family(job.case) for job in core}) == 4 + 4 + 3 + 7  # weeks and families
    assert family(wanted[0].case).startswith("week-")
    for job in wanted:
        assert (job.seconds == 0) == ("seconds" in BLIND.get(job.engine, ()))
        assert (job.seed == 0) == ("seed" in BLIND.get(job.engine, ()))
    assert sum(job.estimate for job in jobs(is_short=True)) < 5 * 60


def test_two_instances_of_each_class_are_there_and_half_of_them_were_not_tuned_on() -> None:
    names = members("solomon")
    assert len(names) == 12
    assert set(SEEN) <= set(names)
    classes = [name.rstrip("0123456789") + name[-3] for name in names]
    assert {classes.count(one) for one in classes} == {2}
    sizes = {"200": 4, "400": 3, "sdvrptw": 5, "mdvrptw": 3, "pcvrptw": 2, "hhcrsp": 4}
    assert {kind: len(members(kind)) for kind in sizes} == sizes
    assert len(FILES) == 12 + sum(sizes.values())


def test_vehicles_that_are_alike_are_one_kind_for_pyvrp() -> None:
    (whole,), _kinds = _alike(load("R104").problem)
    assert len(whole) == 25
    groups, kinds = _alike(load("PR01").problem)
    assert 1 < len(groups) < len(load("PR01").problem.shifts)
    assert len(set(kinds.values())) == len(groups)
    depots, _kinds = _alike(load("PR11A").problem)
    assert len(depots) == len({s.from_location for s in load("PR11A").problem.shifts})


def test_a_part_is_named_by_its_beginning_and_what_is_done_is_not_wanted() -> None:
    solomon = missing(arguments(["--only", "solomon"]), [])
    assert {family(job.case) for job in solomon} == {"solomon"}
    (one, *rest) = missing(arguments(["--only", "R1_2", "--core"]), [])
    done = {"case": one.case, "engine": one.engine, "seconds": 30.0, "seed": 1, "workers": 1}
    assert missing(arguments(["--only", "R1_2", "--core"]), [done]) == rest
    assert all(job.is_core for job in rest)
    assert estimate([one, *rest], 2).startswith("2 runs, about 1 min for the core set")


def test_a_measurement_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, given = tmp_path / "peers.json", arguments(["--short"])
    asked: list[Job] = []

    def run(job: Job, _python: str) -> Run:
        asked.append(job)
        if len(asked) == 6:
            raise KeyboardInterrupt
        return {**dict(zip(("case", "engine", "seconds", "seed", "workers"), job.key, strict=True))}

    monkeypatch.setattr(peers, "one_run", run)
    monkeypatch.setattr(peers, "versions", lambda _python: {})
    with pytest.raises(KeyboardInterrupt):
        peers.measure(given, target)
    first = json.loads(target.read_text())["runs"]
    assert 0 < len(first) <= 5
    asked[:] = [jobs()[0]] * 6  # from now on nothing stops it
    peers.measure(given, target)
    whole = json.loads(target.read_text())["runs"]
    assert whole[: len(first)] == first
    assert {peers.key(one) for one in whole} == {job.key for job in jobs(is_short=True)}
    assert len(asked) - 6 == len(whole) - len(first)
    peers.measure(given, target)
    assert json.loads(target.read_text())["runs"] == whole
    peers.measure(arguments(["--short", "--again", "ours"]), target)
    again = json.loads(target.read_text())["runs"]
    assert sorted(map(peers.key, again)) == sorted(map(peers.key, whole))
    assert again != whole


def test_of_two_at_once_each_has_a_core_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    cores: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {2, 5})
    monkeypatch.setattr(os, "sched_setaffinity", lambda _pid, mask: cores.append(mask))
    both = Barrier(2, timeout=30)
    with pinned(2) as threads:
        list(threads.map(lambda _: both.wait(), range(2)))
    assert sorted(map(sorted, cores)) == [[2], [5]]
    with pinned(1) as threads:
        list(threads.map(str, range(2)))
    assert len(cores) == 2  # alone it may have all, for two workers
    with pytest.raises(SystemExit, match="3 at once, but there are 2 cores"):
        pinned(3)


def test_without_the_peers_the_measurement_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers, "DISTRIBUTIONS", ("ortools", "no-such-peer"))
    with pytest.raises(SystemExit, match="has not all of ortools, no-such-peer"):
        peers.versions(sys.executable)
