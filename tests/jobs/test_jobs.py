"""The ledger is the truth: one worker at a time, dead ones replaced, people obeyed."""

from __future__ import annotations

import json
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from outreach.accounts.models import Organisation
from outreach.core import clock
from outreach.core.db import db
from outreach.core.errors import BadSetting, Conflict, RuleBroken
from outreach.jobs import actions, consumer, ledger, transport, views, worker
from outreach.jobs.child import Child
from outreach.jobs.models import Job, JobState
from outreach.jobs.queries import job_by_id
from outreach.jobs.registry import Store, Task, Work, register
from solver import generate, problem_to_json

KIND = "test"


class Probe:
    """A handler that solves a small problem and notes what it was given."""

    def __init__(self, seconds: float = 0.3) -> None:
        self.seconds = seconds
        self.previews: list[dict[str, Any]] = []
        self.results: list[dict[str, Any]] = []

    def __call__(self, _job_id: str, _params: Any) -> Work:
        text = json.dumps(problem_to_json(generate(40, seed=1, teams=4))).encode()
        module = ("solver", "solve", "-", "-o", "-", "--progress", "--plans",
                  "--seconds", str(self.seconds))  # fmt: skip
        task = Task(text, self._keep(self.previews), self._keep(self.results))
        return Work(module, lambda: task)

    @staticmethod
    def _keep(where: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Store]:
        def take(plan: dict[str, Any]) -> Store:
            def store() -> dict[str, Any]:
                where.append(plan)
                return {"stops": sum(len(route["stops"]) for route in plan["routes"])}

            return store

        return take


@pytest.fixture
def probe(org: Organisation) -> Iterator[Probe]:
    made = Probe()
    register(KIND, made)
    yield made
    register(KIND, lambda _id, _params: pytest.fail("nobody should work any more"))


def ask() -> str:
    return actions.enqueue(KIND, "week", "/", {})


def state(job_id: str) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return job_by_id(job_id)


def test_a_job_is_done_and_its_answer_kept_once(app: Flask, probe: Probe) -> None:
    job_id = ask()
    worker.do(app, job_id)
    done = state(job_id)
    assert (done.state, done.attempt, len(probe.results)) == (JobState.DONE, 1, 1)
    assert len(probe.previews) == 1
    assert done.progress
    worker.do(app, job_id)  # the word came twice
    assert len(probe.results) == 1


def test_the_queue_runs_nothing_that_somebody_else_put_in(app: Flask, tmp_path: Path) -> None:
    class Code:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (tmp_path / "run",)

    queue = transport.queue_of(app)
    queue.huey.storage.flush_queue()
    queue.huey.storage.enqueue(pickle.dumps(Code()))
    with pytest.raises(ValueError, match=r"not found|mismatch"):
        queue.receive()
    assert not (tmp_path / "run").exists()
    queue.send("01234567-89ab-7def-8123-456789abcdef")
    assert queue.receive() == "01234567-89ab-7def-8123-456789abcdef"
    assert queue.receive() is None


def test_a_worker_of_its_own_refuses_a_file_that_it_cannot_share(app: Flask) -> None:
    assert app.config["OUTREACH"].queue_url.startswith("sqlite")
    with pytest.raises(BadSetting, match="needs PostgreSQL"):
        consumer.run_forever(app)


def test_two_workers_never_have_the_same_job(probe: Probe) -> None:
    job_id = ask()
    assert ledger.claim(job_id) is not None
    assert ledger.claim(job_id) is None


def test_a_job_about_the_same_week_is_refused_while_one_is_open(probe: Probe) -> None:
    ask()
    with pytest.raises(Conflict):
        ask()


def test_a_worker_that_died_is_replaced_and_its_late_word_refused(app: Flask, probe: Probe) -> None:
    job_id = ask()
    dead = ledger.claim(job_id)
    assert dead is not None
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert ledger.reap() == [job_id]
    worker.do(app, job_id)
    assert (state(job_id).state, state(job_id).attempt) == (JobState.DONE, 2)
    with pytest.raises(ledger.Lost):
        ledger.beat(dead)
    with pytest.raises(ledger.Lost):
        ledger.end(dead, JobState.FAILED)


def test_a_job_whose_word_was_lost_is_found(probe: Probe) -> None:
    job_id = ask()
    assert ledger.reap() == []
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert ledger.reap() == [job_id]


def test_three_dead_workers_are_enough(probe: Probe) -> None:
    job_id = ask()
    for _attempt in range(ledger.MOST_ATTEMPTS):
        assert ledger.claim(job_id) is not None
        clock.move_to(clock.now() + timedelta(minutes=1))
        ledger.reap()
    assert state(job_id).state == JobState.FAILED


def in_background(app: Flask, job_id: str) -> threading.Thread:
    thread = threading.Thread(target=worker.do, args=(app, job_id))
    thread.start()
    return thread


def wait_for(what: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_stop_keeps_the_best_so_far(app: Flask, probe: Probe) -> None:
    probe.seconds = 60
    job_id = ask()
    thread = in_background(app, job_id)
    wait_for(lambda: state(job_id).shown)
    actions.stop(job_id)
    thread.join(timeout=10)
    assert (state(job_id).state, len(probe.results)) == (JobState.DONE, 1)


def test_a_child_that_does_not_stop_is_killed_and_the_best_it_told_of_is_kept(
    app: Flask, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe.seconds = 60
    monkeypatch.setattr(Child, "ask_to_stop", lambda _self: None)
    monkeypatch.setattr(worker, "_PATIENCE_S", 0.2)
    job_id = ask()
    thread = in_background(app, job_id)
    wait_for(lambda: state(job_id).shown)
    actions.stop(job_id)
    thread.join(timeout=10)
    assert (state(job_id).state, state(job_id).attempt) == (JobState.DONE, 1)
    assert len(probe.results) == 1


def test_the_line_is_drawn_on_where_nothing_better_is_found(
    app: Flask, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe.seconds = 60
    monkeypatch.setattr(worker, "_STILL_S", 0.0)
    job_id = ask()
    thread = in_background(app, job_id)

    def is_level() -> bool:
        best = [cost for _at, cost, _left in state(job_id).progress]
        return len(best) > len(set(best)) + 1

    wait_for(is_level)
    actions.cancel(job_id)
    thread.join(timeout=10)
    at = [moment for moment, _cost, _left in state(job_id).progress]
    assert at == sorted(at)


def remember_children(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """Every child that is started from now on."""
    children: list[Child] = []
    begin = Child.__init__

    def remember(self: Child, module: Sequence[str]) -> None:
        begin(self, module)
        children.append(self)

    monkeypatch.setattr(Child, "__init__", remember)
    return children


def test_a_rule_that_stands_in_the_way_is_told_by_its_name(
    app: Flask, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is found while the child already starts: the child ends."""

    def over() -> Task:
        raise RuleBroken("week-over")

    children = remember_children(monkeypatch)
    register(KIND, lambda _id, _params: Work(("solver", "solve", "-"), over))
    job_id = ask()
    worker.do(app, job_id)
    found = views.as_json(state(job_id))
    assert (found["state"], found["error"]) == ("failed", "week-over")
    assert found["text"] == views.failure("week-over") != views.failure("")
    assert children[0].ended() is not None


def test_a_child_yields_to_pages_once_there_is_a_plan_to_see(
    app: Flask, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe.seconds = 60
    children, steps_back = remember_children(monkeypatch), list[int]()
    monkeypatch.setattr(worker, "_HASTE_S", 1000.0)
    step_back = Child.step_back

    def note(self: Child) -> None:
        step_back(self)
        steps_back.append(os.getpriority(os.PRIO_PROCESS, self.pid))

    monkeypatch.setattr(Child, "step_back", note)
    job_id = ask()
    thread = in_background(app, job_id)
    wait_for(lambda: state(job_id).shown)
    wait_for(lambda: steps_back)
    actions.cancel(job_id)
    thread.join(timeout=10)
    assert (len(children), steps_back) == (1, [10])


def test_cancel_kills_the_child_and_keeps_nothing(
    app: Flask, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe.seconds = 60
    children = remember_children(monkeypatch)
    job_id = ask()
    thread = in_background(app, job_id)
    wait_for(lambda: children and state(job_id).shown)
    actions.cancel(job_id)
    thread.join(timeout=10)
    assert (state(job_id).state, probe.results) == (JobState.CANCELLED, [])
    with pytest.raises(ProcessLookupError):
        os.kill(children[0].pid, 0)


def test_a_child_that_is_killed_is_tried_again(
    app: Flask, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Child.__init__
    killed: list[int] = []

    def doomed(self: Child, module: Sequence[str]) -> None:
        begin(self, module)
        if not killed:
            killed.append(self.pid)
            os.kill(self.pid, signal.SIGKILL)

    monkeypatch.setattr(Child, "__init__", doomed)
    job_id = ask()
    assert worker.do(app, job_id) == job_id
    worker.do(app, job_id)
    assert (state(job_id).state, state(job_id).attempt) == (JobState.DONE, 2)


def test_nothing_of_the_problem_is_stored(app: Flask, probe: Probe) -> None:
    job_id = ask()
    worker.do(app, job_id)
    row = state(job_id)
    assert "windows" not in str([getattr(row, column.key) for column in Job.__table__.columns])
