"""Weeks, half-years and other spans of days that a report covers. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_HALF = re.compile(r"(\d{4})-H([12])")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
_YEARS = range(2000, 2101)
_LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included.

    Attributes:
        key: 2026-W48, 2026-H2 or 2026-07-01..2026-07-31.
    """

    key: str
    first: date
    last: date

    @property
    def is_half_year(self) -> bool:
        """January to June or July to December."""
        return bool(_HALF.fullmatch(self.key))

    @property
    def is_week(self) -> bool:
        """An ISO week."""
        return bool(_WEEK.fullmatch(self.key))

    def before(self) -> Period:
        """The period of the same kind and length just before."""
        day = self.first - timedelta(days=1)
        if self.is_week:
            return week_of(day)
        if self.is_half_year:
            return half_of(day)
        return days(day - (self.last - self.first), day)


def week_of(day: date) -> Period:
    """The ISO week that holds ``day``."""
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Period(f"{year}-W{week:02d}", monday, monday + timedelta(days=6))


def half_of(day: date) -> Period:
    """The half-year that holds ``day``."""
    if day.month <= 6:  # noqa: PLR2004 - June
        return Period(f"{day.year}-H1", date(day.year, 1, 1), date(day.year, 6, 30))
    return Period(f"{day.year}-H2", date(day.year, 7, 1), date(day.year, 12, 31))


def days(first: date, last: date) -> Period:
    """Any span of days.

    Raises:
        ValueError: the days are in the wrong order, more than three years apart, or far away.
    """
    far = first.year not in _YEARS or last.year not in _YEARS
    if far or first > last or last - first > _LONGEST:
        raise ValueError(f"{first}..{last}")
    return Period(f"{first}..{last}", first, last)


def parse(key: str) -> Period:
    """The period that a key names.

    Raises:
        ValueError: the key names none, or one that is far away.
    """
    if key[:4].isdecimal() and int(key[:4]) not in _YEARS:
        raise ValueError(key)
    if found := _WEEK.fullmatch(key):
        return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if found := _HALF.fullmatch(key):
        return half_of(date(int(found[1]), 1 if found[2] == "1" else 7, 1))
    if found := _DAYS.fullmatch(key):
        return days(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    raise ValueError(key)


def recent(today: date) -> tuple[Period, ...]:
    """The periods that are offered: four half-years, this one first, and nine weeks."""
    halves = [half_of(today)]
    while len(halves) < 4:  # noqa: PLR2004 - two years
        halves.append(halves[-1].before())
    weeks = [week_of(today - timedelta(weeks=back)) for back in range(-1, 8)]
    return (*halves, *weeks)
