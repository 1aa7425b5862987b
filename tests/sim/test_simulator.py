"""Schedules by the hundred against the real server functions; a seed that fails names itself.

Each mutant is a known way to lose or double work; the simulator must find every one of them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outreach.core import clock
from outreach.core.config import Settings
from outreach.core.db import db
from outreach.field import push, rules, sync
from outreach.visits import actions as visits
from outreach.voting import marks
from tests.sim.house import START, House, install
from tests.sim.schedule import first_fault

SEEDS = 300
POLL_SEEDS = 80
TRIES = 150


def _served(folder: Path, *, has_polls: bool) -> Iterator[House]:
    settings = Settings(env="test", instance=folder, database_url="sqlite://", now=START)
    gc.disable()  # thousands of short sessions; nothing here waits for the collector
    made = House(settings.completed(), has_polls=has_polls)
    with pytest.MonkeyPatch.context() as patch:
        install(made, patch)
        yield made
    made.close()
    gc.enable()
    clock.move_to(None)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from _served(tmp_path_factory.mktemp("sim"), has_polls=False)


@pytest.fixture(scope="module")
def polls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same, but two of the visits are voting sessions."""
    yield from _served(tmp_path_factory.mktemp("polls"), has_polls=True)


@pytest.mark.parametrize("batch", range(10))
def test_no_schedule_loses_or_doubles_work(house: House, batch: int) -> None:
    size = SEEDS // 10
    for seed in range(batch * size, (batch + 1) * size):
        assert first_fault(house, seed) == [], f"seed {seed}"
    gc.collect()


@pytest.mark.parametrize("batch", range(4))
def test_no_schedule_loses_a_vote_or_an_opening(polls: House, batch: int) -> None:
    size = POLL_SEEDS // 4
    for seed in range(batch * size, (batch + 1) * size):
        assert first_fault(polls, seed) == [], f"seed {seed}"
    gc.collect()


def _caught(house: House, **faults: bool) -> bool:
    return any(first_fault(house, seed, **faults) for seed in range(TRIES))


def test_forgetting_which_operations_are_known_is_caught(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "known_ops", lambda _ids: {})
    assert _caught(house)


def test_a_commit_in_the_middle_of_a_push_is_caught(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = push._keep  # noqa: SLF001 - the mutant splits the commit here

    def split(*args: Any) -> Any:
        db.session.commit()
        return real(*args)

    monkeypatch.setattr(push, "_keep", split)
    assert _caught(house)


def test_a_known_operation_that_leaves_its_number_open_is_caught(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    repeats: list[int] = []
    real_repeat, real_raised = push._repeat, rules.raised  # noqa: SLF001

    def repeat(known: Any, raw: Any) -> Any:
        repeats.append(raw["dseq"])
        return real_repeat(known, raw)

    def raised(hwm: int, dseq: int) -> int:
        return hwm if repeats and repeats.pop() else real_raised(hwm, dseq)

    monkeypatch.setattr(push, "_repeat", repeat)
    monkeypatch.setattr(rules, "raised", raised)
    assert _caught(house)


def test_a_number_that_another_life_used_and_that_is_taken_again_is_caught(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place(dseq: int, hwm: int, *, is_known: bool) -> rules.Place:
        if is_known or dseq <= hwm:
            return rules.Place.KNOWN
        return rules.Place.NEXT if dseq == hwm + 1 else rules.Place.GAP

    monkeypatch.setattr(rules, "place", place)
    assert _caught(house)


def test_a_tablet_of_another_epoch_that_is_not_asked_for_everything_is_caught(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = push.push

    def careless(caller: Any, letter: Any) -> Any:
        return real(caller, replace(letter, epoch=caller.epoch))

    monkeypatch.setattr(sync, "push", careless)
    assert _caught(house)


def test_an_acknowledgement_before_the_commit_is_caught(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = push._raise_head  # noqa: SLF001
    pushes = iter(range(10**6))

    def unsure(is_change: Any) -> Any:
        head = real(is_change)
        if next(pushes) % 20 == 7:
            db.session.rollback()
        return head

    monkeypatch.setattr(push, "_raise_head", unsure)
    assert _caught(house)


def test_a_restored_server_without_a_new_epoch_is_caught(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "raises_epoch", False)
    assert _caught(house)


def test_a_tablet_that_keeps_the_view_before_the_rows_is_caught(house: House) -> None:
    assert _caught(house, drops_rows=True)


def test_an_undo_that_leaves_an_opening_as_it_is_is_caught(
    polls: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(visit: Any, report: Any, target: str, _kind: str) -> Any:
        return visits.take_back(visit, report, target, None)

    monkeypatch.setattr(marks, "take_back", careless)
    assert _caught(polls)
