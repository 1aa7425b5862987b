from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.calendar import holidays_between
from outreach.sites.rules import Hours, OpenWindow, may_reveal, windows

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
TUESDAY_SPLIT = [Hours(1, 600, 720), Hours(1, 780, 900)]


def test_split_hours_give_exactly_those_windows() -> None:
    assert windows(TUESDAY_SPLIT, (), (), set(), WEEK) == (
        OpenWindow(1, 600, 720),
        OpenWindow(1, 780, 900),
    )


def test_a_closed_week_gives_no_window() -> None:
    assert windows(TUESDAY_SPLIT, (), [(WEEK[0], WEEK[6])], set(), WEEK) == ()


def test_a_quiet_time_cuts_the_hours_in_two() -> None:
    found = windows([Hours(0, 570, 960)], [Hours(None, 720, 780)], (), set(), WEEK)
    assert [(w.starts, w.ends) for w in found] == [(570, 720), (780, 960)]


def test_a_public_holiday_is_closed() -> None:
    days = [date(2027, 3, 22) + timedelta(days=n) for n in range(7)]
    hours = [Hours(day, 540, 960) for day in range(7)]
    found = windows(hours, (), (), holidays_between(days[0], days[-1]), days)
    # Maundy Thursday 25, Good Friday 26 and Easter Sunday 28 March 2027
    assert sorted({w.day for w in found}) == [0, 1, 2, 5]


SPANS = st.lists(
    st.tuples(st.integers(0, 1400), st.integers(1, 300)).map(lambda t: (t[0], t[0] + t[1])),
    max_size=4,
)


@given(SPANS, SPANS)
def test_a_minute_is_open_just_when_hours_say_so_and_quiet_does_not(
    opens: list[tuple[int, int]], still: list[tuple[int, int]]
) -> None:
    found = windows(
        [Hours(0, a, b) for a, b in opens], [Hours(None, a, b) for a, b in still], (), set(), WEEK
    )
    for minute in range(0, 1700, 7):
        wanted = any(a <= minute < b for a, b in opens) and not any(
            a <= minute < b for a, b in still
        )
        assert any(w.starts <= minute < w.ends for w in found) == wanted


@given(SPANS, SPANS)
def test_windows_of_a_day_come_in_order_and_never_touch(
    opens: list[tuple[int, int]], still: list[tuple[int, int]]
) -> None:
    found = windows(
        [Hours(0, a, b) for a, b in opens], [Hours(None, a, b) for a, b in still], (), set(), WEEK
    )
    assert all(w.starts < w.ends for w in found)
    assert all(one.ends < other.starts for one, other in pairwise(found))


def test_hours_that_meet_are_one_window() -> None:
    met = [Hours(0, 600, 720), Hours(0, 720, 800), Hours(0, 610, 900)]
    assert windows(met, (), (), set(), WEEK) == (OpenWindow(0, 600, 900),)


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_day_on_which_the_clock_is_moved_has_the_hours_on_the_door(sunday: date) -> None:
    hours = [Hours(day, 0, 24 * 60) for day in range(7)]
    days = [sunday + timedelta(days=n) for n in (-1, 0, 1)]
    found = windows(hours, (), (), set(), days)
    assert found == tuple(OpenWindow(n, 0, 1440) for n in range(3))


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 4), (6, 6)])
def test_a_closure_takes_both_its_first_and_its_last_day(first: int, last: int) -> None:
    hours = [Hours(day, 540, 960) for day in range(7)]
    found = windows(hours, (), [(WEEK[first], WEEK[last])], set(), WEEK)
    assert {w.day for w in found} == set(range(7)) - set(range(first, last + 1))


def test_a_grant_holds_when_confirmed_and_not_expired() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert may_reveal("second admin", None, now)
    assert may_reveal("second admin", now + timedelta(hours=1), now)
    assert not may_reveal(None, None, now)
    assert not may_reveal("second admin", now, now)
