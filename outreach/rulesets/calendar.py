"""Days that count: søgnedage, working days, public holidays.

A søgnedag is a weekday that is no Sunday and no public holiday; Saturday counts. Public holidays
are those of the ``holidays`` package (Denmark's Store Bededag only until 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from outreach.rulesets.dates import DayType
from outreach.rulesets.shape import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SUNDAY = 6
_DAY = timedelta(days=1)


@lru_cache(maxsize=1)
def known_holidays() -> dict[str, list[str]]:
    """Every holiday set with its subdivisions."""
    import holidays  # noqa: PLC0415 - loads every country's rules

    return dict(holidays.list_supported_countries())


@lru_cache(maxsize=64)
def holidays_of(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Public holidays of a year."""
    import holidays  # noqa: PLC0415 - loads every country's rules

    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


@dataclass(frozen=True, slots=True)
class Days:
    """A calendar that can say which days count."""

    rules: Calendar

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday."""
        return day in holidays_of(self.rules.holidays, self.rules.subdivision, day.year)

    def is_sognedag(self, day: date) -> bool:
        """Whether it is neither a Sunday nor a public holiday."""
        return day.weekday() != SUNDAY and not self.is_holiday(day)

    def is_working(self, day: date) -> bool:
        """Whether offices work."""
        return WEEKDAYS[day.weekday()] in self.rules.working and not self.is_holiday(day)

    def counts(self, day: date, kind: DayType) -> bool:
        """Whether a day is one of the kind."""
        if kind is DayType.CALENDAR:
            return True
        return self.is_sognedag(day) if kind is DayType.SOGNEDAG else self.is_working(day)

    def nth_previous(self, day: date, kind: DayType, n: int) -> date:
        """The n-th day of a kind before ``day``, which itself is not counted."""
        while n > 0:
            day -= _DAY
            n -= self.counts(day, kind)
        return day

    def clear(self, day: date, kind: DayType, n: int) -> date:
        """The last day with n whole days of a kind between it and ``day``."""
        return self.nth_previous(day, kind, n) - _DAY


def nearest(day: date, suits: Callable[[date], bool], step: int) -> date:
    """The first day after (step 1) or before (step -1) ``day`` that suits."""
    day += step * _DAY
    while not suits(day):
        day += step * _DAY
    return day
