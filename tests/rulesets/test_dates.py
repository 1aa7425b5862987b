"""Days that count and date expressions, against brute force."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.errors import Invalid
from outreach.rulesets.calendar import Days
from outreach.rulesets.dates import DayType, Expression
from outreach.rulesets.expressions import Anchors, Point, evaluate
from outreach.rulesets.facts import LocalDecision
from outreach.rulesets.library import choose, shipped
from outreach.rulesets.resolve import resolve
from outreach.rulesets.schema import read
from outreach.rulesets.shape import Calendar
from tests.rulesets.law import law

DENMARK = Days(Calendar(holidays="DK", working=("mon", "tue", "wed", "thu", "fri")))
DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))
COUNTED = st.sampled_from([DayType.CALENDAR, DayType.SOGNEDAG, DayType.WORKING])


def value(day: date = date(2021, 11, 16), writ: date | None = None, **expression: Any) -> str:
    written = json.dumps(expression, default=lambda part: part.model_dump(exclude_none=True))
    made = Expression.model_validate_json(written)
    point = evaluate(made, Anchors(day, writ, lambda _name, _side: None), DENMARK)
    return "" if point is None else f"{point.day} {point.time}".strip()


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2021, 11, 13), True),  # a Saturday
        (date(2021, 11, 14), False),  # a Sunday
        (date(2022, 5, 26), False),  # Ascension Day
        (date(2023, 5, 5), False),  # the last Store Bededag
        (date(2024, 4, 26), True),  # Store Bededag is no more
        (date(2015, 5, 1), False),  # Store Bededag on the first of May
        (date(2022, 12, 24), True),  # Christmas Eve is no public holiday
        (date(2026, 12, 26), False),
    ],
    ids=str,
)
def test_sognedage(day: date, *, counts: bool) -> None:
    assert DENMARK.is_sognedag(day) is counts
    assert DENMARK.is_working(day) is (counts and day.weekday() < 5)


@given(DAYS, COUNTED, st.integers(1, 30))
def test_nth_previous_is_what_counting_by_hand_gives(day: date, kind: DayType, n: int) -> None:
    before = (day - timedelta(days=k) for k in range(1, 200))
    by_hand = [one for one in before if DENMARK.counts(one, kind)][n - 1]
    assert DENMARK.nth_previous(day, kind, n) == by_hand


@given(DAYS, COUNTED, st.integers(1, 30))
def test_clear_days_lie_whole_between(day: date, kind: DayType, n: int) -> None:
    found = DENMARK.clear(day, kind, n)
    between = [found + timedelta(days=k) for k in range(1, (day - found).days)]
    assert sum(DENMARK.counts(one, kind) for one in between) == n
    assert DENMARK.counts(between[0], kind)


@given(DAYS, st.integers(-100, 100), st.integers(-20, 20))
def test_days_and_weeks_add(day: date, days: int, weeks: int) -> None:
    assert value(day, anchor="E", days=days, weeks=weeks) == str(
        day + timedelta(days=days + 7 * weeks)
    )


@given(DAYS, st.lists(st.integers(-60, 60), min_size=1, max_size=5))
def test_max_and_min_are_those_of_their_parts(day: date, days: list[int]) -> None:
    parts = tuple(Expression(anchor="E", days=n) for n in days)
    assert value(day, max=parts) == str(day + timedelta(days=max(days)))
    assert value(day, min=parts) == str(day + timedelta(days=min(days)))


@given(DAYS)
def test_a_rolled_date_is_never_on_what_it_rolls_from(day: date) -> None:
    made = value(day, anchor="E", roll={"on": ("non_working",), "to": "next_working"})
    there = date.fromisoformat(made)
    assert DENMARK.is_working(there)
    assert (there == day) == DENMARK.is_working(day)
    back = date.fromisoformat(
        value(day, anchor="E", roll={"on": ("non_sognedag",), "to": "previous_sognedag"})
    )
    assert DENMARK.is_sognedag(back)
    assert back <= day


def test_a_roll_brings_its_own_time() -> None:
    rolled = {"on": ("sat", "sun"), "to": "next_mon", "time": "12:00"}
    assert value(date(2021, 11, 13), anchor="E", time="18:00", roll=rolled) == "2021-11-15 12:00"
    assert value(date(2021, 11, 12), anchor="E", time="18:00", roll=rolled) == "2021-11-12 18:00"
    holiday = {"on": ("holiday",), "to": "previous_working"}
    assert value(date(2022, 5, 26), anchor="E", roll=holiday) == "2022-05-25"


def test_an_unknown_writ_is_left_out_of_the_latest_of_several() -> None:
    both = (Expression(anchor="E", days=-21), Expression(anchor="W"))
    assert value(max=both) == "2021-10-26"
    assert value(writ=date(2021, 11, 1), max=both) == "2021-11-01"
    assert value(anchor="W") == ""
    assert value(anchor="2021-01-31") == "2021-01-31"


KEYS = sorted(shipped())


@given(st.sampled_from(KEYS), st.dates(date(2015, 1, 1), date(2045, 12, 31)))
def test_windows_are_in_order_and_before_election_day(key: str, day: date) -> None:
    found = resolve(shipped()[key], day)
    for window in found.windows.values():
        assert window.first <= window.last
        assert window.last.date() < day
    assert [one.at for one in found.deadlines] == sorted(one.at for one in found.deadlines)


@given(st.sampled_from(KEYS), st.dates(date(2015, 1, 1), date(2045, 12, 31)), st.integers(1, 40))
def test_a_later_election_never_has_an_earlier_window(key: str, day: date, later: int) -> None:
    one = resolve(shipped()[key], day).windows
    other = resolve(shipped()[key], day + timedelta(days=later)).windows
    for name in one:
        assert one[name].first <= other[name].first
        assert one[name].last <= other[name].last


def test_a_general_election_called_today_has_its_windows_at_once() -> None:
    today = date(2026, 11, 26)
    found = law("dk-fv", today + timedelta(days=21), writ=today)
    assert found.windows["institution"].first.date() == today
    assert found.windows["home_application"].first.date() == today


def test_another_window_can_be_the_start() -> None:
    found = law().windows
    assert found["home"].first == found["institution"].first
    assert found["self_served"].last == found["institution"].last


def test_points_without_a_time_come_first_in_their_day() -> None:
    assert Point(date(2021, 1, 1)) < Point(date(2021, 1, 1), "00:01") < Point(date(2021, 1, 2))


@pytest.mark.parametrize(
    ("day", "writ", "field"),
    [
        (date(1999, 1, 1), None, "election_day"),
        (date(2022, 11, 1), date(2022, 11, 2), "writ_day"),
        (date(2022, 11, 1), date(2022, 10, 30), "election_day"),
    ],
    ids=["too early", "called afterwards", "too few days"],
)
def test_days_that_do_not_suit_are_refused(day: date, writ: date | None, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        law("dk-fv", day, writ=writ)
    assert list(caught.value.fields) == [field]


def decision(option: str, text: str = "") -> LocalDecision:
    return LocalDecision(option, date(2021, 9, 1), "21/1", text)


def test_the_council_may_set_a_later_deadline_never_an_earlier_one() -> None:
    day = date(2021, 11, 16)
    later = law("dk-kv", day, decision("later_deadline", "2021-11-08T12:00"))
    assert f"{later.windows['home_application'].last:%d %H:%M}" == "08 12:00"
    for text in ("2021-11-04T17:59", "2021-11-16T12:00", "soon", ""):
        with pytest.raises(Invalid):
            law("dk-kv", day, decision("later_deadline", text))


@pytest.mark.parametrize(
    ("option", "text"),
    [("free_beer", ""), ("no_voting", "care_home"), ("home_procedure", "shelter, library")],
    ids=["unknown", "another kind", "one of two"],
)
def test_what_the_law_does_not_leave_open_is_refused(option: str, text: str) -> None:
    with pytest.raises(Invalid):
        law("dk-kv", date(2021, 11, 16), decision(option, text))


def test_the_right_version_is_chosen_by_the_day() -> None:
    among = shipped().values()
    assert choose("dk-fa", date(2015, 12, 3), among).version == "2015"
    assert choose("dk-fa", date(2022, 6, 1), among).version == "2025-01"
    assert choose("dk-fa@2015", date(2022, 6, 1), among).version == "2015"


def test_a_milestone_stands_on_the_time_line_and_in_words() -> None:
    document = law().ruleset.document()
    document["milestones"] = {
        "lists": {
            "title": {"da": "Lister", "en": "Lists"}, "cite": "KRV § 1", "status": "law",
            "at": {"anchor": "E", "nth_prev": {"type": "working", "n": 2}, "time": "12:00"},
        }
    }  # fmt: skip
    found = resolve(read(document), date(2021, 11, 16)).deadlines
    assert [f"{one.at:%Y-%m-%d %H:%M}" for one in found if one.code == "lists"] == [
        "2021-11-12 12:00"
    ]
    assert [one.code for one in found][-1] == "election"
    assert all(one.da != one.en for one in found)
