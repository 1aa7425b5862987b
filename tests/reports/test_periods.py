from datetime import date

import pytest

from outreach.reports.periods import days, half_of, parse, recent, week_of


def test_a_week_begins_on_monday_and_belongs_to_its_iso_year() -> None:
    assert week_of(date(2027, 1, 2)).key == "2026-W53"
    assert parse("2026-W53").first == date(2026, 12, 28)
    assert parse("2026-W01").before().key == "2025-W52"


def test_half_years_end_in_june_and_december() -> None:
    assert (half_of(date(2026, 6, 30)).key, half_of(date(2026, 7, 1)).key) == ("2026-H1", "2026-H2")
    assert parse("2026-H1").before().key == "2025-H2"


def test_the_days_before_are_as_many() -> None:
    before = days(date(2026, 11, 2), date(2026, 11, 4)).before()
    assert (before.first, before.last) == (date(2026, 10, 30), date(2026, 11, 1))
    assert parse(before.key) == before


@pytest.mark.parametrize("key", ["", "2026-W54", "2026-H3", "2026-13-01..2026-13-02", "x"])
def test_what_is_no_period_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse(key)


def test_the_offer_begins_with_the_running_half_year() -> None:
    offered = [one.key for one in recent(date(2026, 11, 24))]
    assert offered[:2] == ["2026-H2", "2026-H1"]
    assert "2026-W48" in offered
    assert len(set(offered)) == len(offered)
