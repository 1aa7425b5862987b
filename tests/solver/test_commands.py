"""The command line: what it refuses, what it tells, and what it leaves behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from solver import __main__ as command
from solver import evaluate, generate, plan_to_json, problem_to_json
from solver.__main__ import main

WRONG = {
    "negative seconds": "--seconds -1",
    "seconds that are no number": "--seconds nan",
    "negative iterations": "--iterations -5",
    "no worker": "--workers 0",
    "too many workers": "--workers 100000",
    "negative seed": "--seed -7",
    "unknown engine": "--engine best",
    "unknown word": "--wishes",
}


@pytest.fixture
def week(tmp_path: Path) -> Path:
    file = tmp_path / "week.json"
    file.write_text(json.dumps(problem_to_json(generate(30, seed=1))), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_word_is_refused_in_one_line(
    name: str, week: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", str(week), *WRONG[name].split()]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert WRONG[name].split()[0] in err


@pytest.mark.parametrize(
    "words",
    ["", "plan", "generate --visits 0", "generate --visits 5001", "generate --teams 0"],
)
def test_a_command_that_is_none_is_refused_in_one_line(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "generate", lambda *_given, **_more: pytest.fail("it began"))
    assert main(words.split()) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", ["slots {} {} V1 -k 0", "slots {} {} V1 -k -3"])
def test_a_number_of_places_that_makes_no_sense_is_refused_in_one_line(
    words: str, week: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = week.with_name("plan.json")
    plan.write_text(json.dumps(plan_to_json(evaluate(generate(31, seed=2), []))), encoding="utf-8")
    assert main(words.format(week, plan).split()) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_a_plan_of_another_problem_is_refused_though_it_leaves_nothing_out(
    week: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = replace(evaluate(generate(31, seed=2), []), unserved=())
    file = week.with_name("plan.json")
    file.write_text(json.dumps(plan_to_json(plan)), encoding="utf-8")
    assert main(["explain", str(week), str(file)]) == 2
    assert "another problem" in capsys.readouterr().err


@pytest.mark.parametrize("lost", ["no/such/plan.json", "."])
def test_an_answer_that_could_not_be_written_is_refused_before_the_search(
    lost: str, week: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "solve", lambda *_given, **_more: pytest.fail("it searched"))
    assert main(["solve", str(week), "-o", str(week.parent / lost)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_answer_is_whole_and_nothing_else_is_left(week: Path) -> None:
    plan = week.with_name("plan.json")
    plan.write_text("an older answer", encoding="utf-8")
    assert main(["solve", str(week), "--iterations", "50", "-o", str(plan)]) == 0
    assert json.loads(plan.read_text(encoding="utf-8"))["routes"]
    assert sorted(file.name for file in week.parent.iterdir()) == ["plan.json", "week.json"]


@pytest.mark.parametrize(
    "routes", ["", "{}", '[["A-0", "V1"]]', '[["A-0"]]', '[["A-0", [1]]]', '[[0, ["V1"]]]']
)
def test_what_is_no_list_of_routes_is_refused(
    routes: str, week: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = week.with_name("routes.json")
    file.write_text(routes, encoding="utf-8")
    assert main(["evaluate", str(week), str(file)]) == 2
    assert "must be a list of [shift, [visit, …]]" in capsys.readouterr().err


def test_the_last_line_of_the_progress_is_what_the_plan_says(
    week: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", str(week), "--iterations", "2000", "--progress"]) == 0
    out, err = capsys.readouterr()
    plan, last = json.loads(out), json.loads(err.splitlines()[-1])
    assert (last["best"], last["unserved"], last["iterations"]) == (
        plan["cost"]["total"], len(plan["unserved"]), plan["iterations"],
    )  # fmt: skip


def test_the_seconds_begin_when_the_problem_is_read_and_the_core_is_loaded(
    week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def noted(name: str) -> Callable[..., object]:
        real = getattr(command, name)

        def run(*given: object) -> object:
            done.append(name)
            return real(*given)

        return run

    steps = ["problem_from_json", "import_module", "After"]
    for name in steps:
        monkeypatch.setattr(command, name, noted(name))
    assert main(["solve", str(week), "--seconds", "0"]) == 0
    assert done == steps


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_told_to_stop_it_answers_with_the_best_so_far(week: Path, number: signal.Signals) -> None:
    words = [sys.executable, "-m", "solver", "solve", str(week), "--seconds", "300", "--progress"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stderr is not None
        first = json.loads(child.stderr.readline())
        child.send_signal(number)
        out, _err = child.communicate()
    assert child.returncode == 0
    assert json.loads(out)["cost"]["total"] <= first["best"]
