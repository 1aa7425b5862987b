"""How findings and deadlines are said, in Danish and in English at once.

They are data for machines, papers and both languages, so that they do not go through gettext.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from babel.lists import format_list


@dataclass(frozen=True, slots=True)
class Both:
    """The same in Danish and in English."""

    da: str
    en: str


FIRST = Both("første dag", "first day")
LAST, DUE = Both("sidste dag", "last day"), Both("frist", "deadline")
WRIT_DAY = Both("Valget udskrives", "The election is called")
ELECTION_DAY = Both("Valgdag", "Election day")


@lru_cache(maxsize=512)
def day(value: date) -> Both:
    """Write tirsdag d. 9. november 2021 | Tuesday 9 November 2021."""
    return Both(
        format_date(value, "EEEE 'd.' d. MMMM y", "da_DK"),
        format_date(value, "EEEE d MMMM y", "en_GB"),
    )


def moment(value: datetime) -> Both:
    """Write tirsdag d. 9. november 2021 kl. 10.00 | Tuesday 9 November 2021, 10:00."""
    there = day(value.date())
    return Both(f"{there.da} kl. {value:%H.%M}", f"{there.en}, {value:%H:%M}")


def edge(value: datetime, *, has_time: bool) -> Both:
    """A moment if a time is given, else the day."""
    return moment(value) if has_time else day(value.date())


def span(starts: datetime, ends: datetime) -> Both:
    """Write tirsdag d. 9. november 2021 kl. 10.00-11.30 | Tuesday 9 November 2021, 10:00-11:30."""
    there = moment(starts)
    if starts.date() == ends.date():
        return Both(f"{there.da}-{ends:%H.%M}", f"{there.en}-{ends:%H:%M}")
    until = moment(ends)
    return Both(f"{there.da} til {until.da}", f"{there.en} to {until.en}")


def listed(names: Iterable[str]) -> Both:
    """A, B og C | A, B and C."""
    known = list(names)
    return Both(format_list(known, locale="da_DK"), format_list(known, locale="en_GB"))
