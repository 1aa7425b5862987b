"""What facts add up to, in whatever order."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.visits.rules import Mark, Outcome, Standing, fold, is_measure, measures, step

_WORDS = (
    "planned", "en_route", "in_progress", "cancelled", "no_show", "no_access", "partial", "done",
)  # fmt: skip
_MARKS = st.builds(
    Mark, st.uuids().map(str), st.sampled_from(_WORDS[1:]), st.just(""),
    st.dates(date(2026, 11, 1), date(2026, 11, 30)),
)  # fmt: skip


def test_without_a_mark_a_visit_is_planned() -> None:
    assert fold([]) == Standing("planned", "", None)


@given(st.lists(_MARKS, max_size=4))
def test_the_order_of_arrival_does_not_matter(marks: list[Mark]) -> None:
    assert len({fold(order) for order in permutations(marks)}) == 1


def test_every_word_is_a_step_from_the_one_before() -> None:
    for before, after in pairwise(_WORDS):
        assert step(after, before).status == "noop"
        assert step(before, after).status in ("applied", "conflict")


@pytest.mark.parametrize(
    ("to", "code"),
    [("done", "performed_after_cancel"), ("partial", "performed_after_cancel"),
     ("no_access", "reported_after_cancel")],
)  # fmt: skip
def test_what_was_done_goes_before_a_cancellation(to: str, code: str) -> None:
    assert step("cancelled", to) == Outcome("conflict", code)


def test_a_visit_done_twice_was_done_on_the_first_day() -> None:
    marks = [Mark(str(n), "done", "", date(2026, 11, n)) for n in (24, 23, 25)]
    assert fold(marks).done_on == date(2026, 11, 23)


def test_measures_come_from_services() -> None:
    assert measures("MITID") == ("mitid.served", "mitid.not_served", "contacts")
    assert measures("VOTE") == ("votes", "assisted", "spoiled", "refused", "contacts")
    assert is_measure("mitid.served", ["MITID"])
    assert not is_measure("mitid.served", ["PASS"])
    assert not is_measure("mitid.drunk", ["MITID"])
