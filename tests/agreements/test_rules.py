from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.agreements.rules import (
    Due,
    Promise,
    due_in_week,
    is_rule,
    occurrences,
    request_due,
)
from outreach.core.calendar import holidays_between

MONDAY = date(2026, 11, 23)
SUNDAY = MONDAY + timedelta(days=6)


def every(days: int, tolerance: int = 3, **fields: date | None) -> Promise:
    starts_on = fields.get("starts_on") or date(2026, 1, 1)
    return Promise(days, tolerance, "", starts_on, fields.get("ends_on"))


def by_rule(rule: str, starts_on: date = date(2026, 1, 1)) -> Promise:
    return Promise(None, 0, rule, starts_on, None)


def test_a_visit_is_due_when_interval_minus_tolerance_reaches_the_sunday() -> None:
    last = SUNDAY - timedelta(days=28 - 3)
    assert due_in_week(every(28), MONDAY, last, set()) == (Due(SUNDAY, None, 0),)


def test_a_visit_is_not_due_one_day_before_that() -> None:
    last = SUNDAY - timedelta(days=28 - 4)
    assert due_in_week(every(28), MONDAY, last, set()) == ()


def test_an_overdue_visit_says_by_how_much() -> None:
    (one,) = due_in_week(every(14), MONDAY, MONDAY - timedelta(days=24), set())
    assert one == Due(MONDAY, None, 10)


def test_a_first_visit_is_due_from_the_start() -> None:
    promise = every(28, starts_on=date(2026, 11, 26))
    assert due_in_week(promise, MONDAY, None, set()) == (Due(date(2026, 11, 26), None, 0),)


def test_nothing_is_due_after_the_end_or_before_the_start() -> None:
    assert due_in_week(every(7, ends_on=date(2026, 11, 22)), MONDAY, None, set()) == ()
    assert due_in_week(every(7, starts_on=date(2026, 11, 30)), MONDAY, None, set()) == ()


def test_a_short_interval_owes_several_visits_a_week() -> None:
    assert len(due_in_week(every(3, 0), MONDAY, MONDAY - timedelta(days=3), set())) == 3


def test_every_second_thursday_skips_danish_holidays_in_2027() -> None:
    promise = by_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", date(2027, 3, 11))
    mondays = [date(2027, 3, 1) + timedelta(weeks=n) for n in range(12)]
    found = [
        one.earliest
        for monday in mondays
        for one in due_in_week(
            promise, monday, None, holidays_between(monday, monday + timedelta(days=6))
        )
    ]
    # 25 March (Maundy Thursday) and 6 May (Ascension) are holidays
    assert found == [date(2027, 3, 11), date(2027, 4, 8), date(2027, 4, 22), date(2027, 5, 20)]


def test_a_rule_occurs_the_same_way_across_the_change_to_summer_time() -> None:
    promise = by_rule("FREQ=WEEKLY;BYDAY=SU", date(2027, 3, 21))
    assert occurrences(promise, date(2027, 3, 21), date(2027, 4, 4)) == (
        date(2027, 3, 21), date(2027, 3, 28), date(2027, 4, 4),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=1TH"])
def test_a_rule_by_days_is_a_rule(text: str) -> None:
    assert is_rule(text)


@pytest.mark.parametrize("text", ["", "every Tuesday", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX"])
def test_anything_else_is_no_rule(text: str) -> None:
    assert not is_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=TU;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYSETPOS=5",
        "FREQ=WEEKLY;BYMINUTE=5", "FREQ=WEEKLY;FREQ=DAILY", "INTERVAL=2",
    ],
)  # fmt: skip
def test_a_rule_that_never_happens_or_would_be_searched_without_an_end_is_none(text: str) -> None:
    assert not is_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=6",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;UNTIL=20271231",
    ],
)  # fmt: skip
def test_a_rule_with_any_of_its_parts_is_a_rule(text: str) -> None:
    assert is_rule(text)


def test_a_request_is_due_when_its_latest_day_falls_in_the_week() -> None:
    assert request_due(date(2026, 11, 20), date(2026, 11, 27), MONDAY) == Due(
        MONDAY, date(2026, 11, 27), 0
    )
    assert request_due(date(2026, 11, 20), date(2026, 11, 30), MONDAY) is None


def test_a_request_that_was_missed_stays_due() -> None:
    assert request_due(date(2026, 11, 1), date(2026, 11, 20), MONDAY) == Due(MONDAY, None, 3)


@given(st.integers(7, 200), st.integers(0, 6), st.integers(0, 400))
def test_a_due_visit_never_lies_before_the_promise_minus_its_tolerance(
    interval: int, tolerance: int, ago: int
) -> None:
    last = MONDAY - timedelta(days=ago)
    for one in due_in_week(every(interval, tolerance), MONDAY, last, set()):
        assert one.earliest is not None
        assert one.earliest >= last + timedelta(days=interval - tolerance)
        assert MONDAY <= one.earliest <= SUNDAY
