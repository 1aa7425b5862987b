"""Marks of a session add up to the same, whatever their order and however often they come."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rulesets.check import RULES
from outreach.rulesets.facts import Finding, Level
from outreach.voting import seats
from outreach.voting.rules import SLACK, Mark, Standing, State, confirmed, fold, outside

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def mark(op_id: str, kind: str, minutes: int, *receivers: str, doubtful: bool = False) -> Mark:
    at = NINE + timedelta(minutes=minutes)
    return Mark(op_id, kind, at, receivers or ("a", "b"), doubtful)


MARKS = st.lists(
    st.builds(
        mark, st.uuids().map(str), st.sampled_from(["open", "swap", "close"]), st.integers(0, 20),
        doubtful=st.booleans(),
    ),
    max_size=8,
)  # fmt: skip


@given(MARKS, st.randoms())
def test_order_and_repetition_change_nothing(marks: list[Mark], chance: object) -> None:
    shuffled = [*marks, *marks]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(marks)


@given(MARKS, MARKS)
def test_a_further_mark_never_leads_back(first: list[Mark], more: list[Mark]) -> None:
    order = list(State)
    assert order.index(fold([*first, *more]).state) >= order.index(fold(first).state)


def test_the_earliest_opening_and_the_last_closing_hold() -> None:
    found = fold([
        mark("4", "close", 90), mark("2", "open", 5, "c", "d"), mark("1", "open", 2),
        mark("3", "close", 80), mark("5", "swap", 30, "a", "c"),
    ])  # fmt: skip
    assert found == Standing(
        State.CLOSED, NINE + timedelta(minutes=2), NINE + timedelta(minutes=90),
        ("a", "b"), ("a", "b"), ("a", "c"),
    )  # fmt: skip


CASES = json.loads((Path(__file__).parent / "data/marks.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_server_and_tablet_fold_alike(case: Any) -> None:
    """``tests/js/session.test.js`` reads the same cases."""
    found = fold(
        Mark(m["op"], m["kind"], moment(m["at"]), tuple(m["receivers"]), m["doubtful"])
        for m in case["marks"]
    )
    assert {
        "state": found.state, "openedAt": minutes(found.opened_at),
        "closedAt": minutes(found.closed_at), "openedBy": list(found.opened_by),
        "closedBy": list(found.closed_by), "here": list(found.here),
        "isDoubtful": found.is_doubtful,
    } == case["standing"]  # fmt: skip


def moment(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


def minutes(at: datetime | None) -> int | None:
    return None if at is None else (at - NINE) // timedelta(minutes=1)


def test_what_was_never_opened_is_not_closed() -> None:
    assert fold([mark("1", "close", 10), mark("2", "swap", 5)]) == Standing()


def test_a_doubtful_end_makes_the_session_doubtful_and_a_doubtful_swap_does_not() -> None:
    sure = [mark("1", "open", 0), mark("2", "swap", 5, doubtful=True)]
    assert not fold(sure).is_doubtful
    assert fold([*sure, mark("3", "close", 9, doubtful=True)]).is_doubtful


def test_only_different_people_who_confirmed_count() -> None:
    assert confirmed(["b", "a", "b"], ["a", "b", "c"]) == ("a", "b")
    assert confirmed(["a", "a"], ["a", "a"]) == ("a",)
    assert confirmed(["a", "b"], ["a"]) == ("a",)


@pytest.mark.parametrize(
    ("minutes", "why"), [(-3, "before_open"), (-1, ""), (60, ""), (91, ""), (93, "after_close")],
    ids=["before", "within the slack", "within", "at the end", "after"],
)  # fmt: skip
def test_a_count_outside_the_session_is_said_to_be_so(minutes: int, why: str) -> None:
    standing = fold([mark("1", "open", 0), mark("2", "close", 90)])
    assert outside(NINE + timedelta(minutes=minutes), standing) == why
    assert timedelta(minutes=1) < SLACK < timedelta(minutes=3)
    assert outside(NINE, Standing()) == "not_open"


def test_every_rule_of_the_checker_is_known_to_tablets() -> None:
    known = {*seats.CODES, *seats.OF_THE_WHOLE}
    assert {rule.id for rule in RULES} == known


def test_a_rule_that_is_new_refuses_all_the_same() -> None:
    found = Finding(Level.BLOCK, "x", "§ 1", "law", "Nej.", "No.", code="moon-phase")
    assert seats.code_of(found) == "not_lawful"
