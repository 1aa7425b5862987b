import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.agreements.rules import (
    Due,
    Promise,
    due_in_week,
    expected_days,
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


RULES = [
    "FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=1TH", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO", "FREQ=MONTHLY;BYDAY=1MO,3MO",
    "FREQ=MONTHLY;BYMONTHDAY=15,-1", "FREQ=YEARLY;BYMONTH=12;BYDAY=-1FR", "INTERVAL=2;FREQ=WEEKLY",
    "FREQ=YEARLY;BYMONTH=5,11;BYMONTHDAY=28", "FREQ=WEEKLY;COUNT=10", "FREQ=DAILY;UNTIL=20271231",
]  # fmt: skip


@pytest.mark.parametrize("text", RULES)
def test_a_rule_by_days_is_a_rule(text: str) -> None:
    assert is_rule(text)


@pytest.mark.parametrize("text", [*RULES, "FREQ=MONTHLY", "FREQ=YEARLY"])
@pytest.mark.parametrize("start", [date(2000, 1, 1), date(2024, 2, 29), date(2026, 12, 31)])
def test_every_rule_is_answered_at_once(text: str, start: date) -> None:
    assert is_rule(text)
    begun = time.process_time()
    for week in range(0, 520, 40):
        monday = date(2027, 1, 4) + timedelta(weeks=week)
        due_in_week(by_rule(text, start), monday, None, frozenset())
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "text",
    ["", "every Tuesday", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;INTERVAL=0",
     "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=99999999999", "FREQ=WEEKLY;INTERVAL=-1",
     "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
     "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=31MO", "FREQ=MONTHLY;BYDAY=0MO",
     "FREQ=WEEKLY;BYHOUR=1", "FREQ=WEEKLY;FREQ=DAILY", "DTSTART:20260101\nRRULE:FREQ=DAILY",
     "RRULE:FREQ=DAILY", "FREQ=DAILY;UNTIL=20269999", "FREQ=DAILY;COUNT=2;UNTIL=20271231",
     "FREQ=DAILY;COUNT=0", "FREQ=YEARLY;BYEASTER=1", "FREQ=WEEKLY;BYDAY=TU;", "FREQ", ";", "="],
)  # fmt: skip
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
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28", "FREQ=DAILY;UNTIL=20271231",
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


def test_an_interval_is_expected_in_full_whatever_the_tolerance() -> None:
    last, year = MONDAY - timedelta(days=14), MONDAY + timedelta(days=365)
    found = expected_days(every(28, 7), MONDAY, year, last, set())
    assert found[:3] == tuple(MONDAY + timedelta(days=14 + 28 * n) for n in range(3))
    late = expected_days(every(28, 7), MONDAY, year, MONDAY - timedelta(days=90), set())
    assert late[:2] == (MONDAY, MONDAY + timedelta(days=28))
    first = expected_days(every(28, starts_on=SUNDAY), MONDAY, year, None, set())
    assert first[0] == SUNDAY


def test_nothing_is_expected_after_the_end() -> None:
    year = MONDAY + timedelta(days=365)
    ends = every(28, ends_on=SUNDAY)
    assert expected_days(ends, MONDAY, year, MONDAY - timedelta(days=28), set()) == (MONDAY,)
    over = every(28, ends_on=MONDAY - timedelta(days=1))
    assert expected_days(over, MONDAY, year, None, set()) == ()


def test_days_of_a_rule_are_expected_where_they_are_no_holidays() -> None:
    rule = by_rule("FREQ=WEEKLY;BYDAY=TU,TH")
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    assert expected_days(rule, MONDAY, SUNDAY, None, {thursday}) == (tuesday,)
