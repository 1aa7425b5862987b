"""When a promise falls due. Pure: everything comes in as arguments.

An interval agreement is due in a week if the last visit plus the interval minus the tolerance is
not after the week's Sunday; a recurrence rule, if an occurrence falls in the week; a request, if
its latest day does, or has passed.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

_MOST_A_WEEK = 5
_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_DAYS = rf"{_DAY}(,{_DAY}){{0,6}}"
_NTH = rf"(\+?[1-4]|-[1-4]){_DAY}"
_DATE = "-?([1-9]|1[0-9]|2[0-8])"
_MONTH = "([1-9]|1[0-2])"
_ALWAYS = {"COUNT": "[1-9][0-9]{0,2}", "UNTIL": "20[0-9]{6}", "WKST": _DAY}
_PARTS = {
    "DAILY": {"INTERVAL": "[1-9][0-9]{0,2}"},
    "WEEKLY": {"INTERVAL": "[1-9][0-9]?", "BYDAY": _DAYS},
    "MONTHLY": {
        "INTERVAL": "[1-9]|1[0-2]", "BYMONTHDAY": rf"{_DATE}(,{_DATE}){{0,30}}",
        "BYDAY": rf"({_NTH}(,{_NTH}){{0,6}}|{_DAYS})",
    },
    "YEARLY": {
        "INTERVAL": "[1-9]", "BYMONTH": rf"{_MONTH}(,{_MONTH}){{0,11}}",
        "BYMONTHDAY": rf"{_DATE}(,{_DATE}){{0,30}}", "BYDAY": rf"{_NTH}(,{_NTH}){{0,6}}",
    },
}  # fmt: skip
"""What each part of a rule may be, by frequency; see ``is_rule``."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The rhythm of an agreement.

    Attributes:
        interval_days: None where ``rrule`` says when.
    """

    interval_days: int | None
    tolerance_days: int
    rrule: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """One visit that a week owes.

    Attributes:
        earliest, latest: the days between which it should be; None means the week's own end.
        overdue_days: by how much the promise is late on the week's Monday; 0 if it is not.
    """

    earliest: date | None
    latest: date | None
    overdue_days: int = 0


def due_in_week(
    promise: Promise, monday: date, last_visit: date | None, holidays: AbstractSet[date]
) -> tuple[Due, ...]:
    """The visits that the promise owes in the week of ``monday``."""
    sunday = monday + timedelta(days=6)
    if promise.starts_on > sunday or (promise.ends_on and promise.ends_on < monday):
        return ()
    if promise.interval_days is None:
        days = occurrences(promise, monday, sunday)
        return tuple(Due(day, day) for day in days if day not in holidays)
    return _by_interval(promise, promise.interval_days, monday, last_visit)


def _by_interval(
    promise: Promise, interval: int, monday: date, last_visit: date | None
) -> tuple[Due, ...]:
    sunday = monday + timedelta(days=6)
    if last_visit is None:
        expected = earliest = promise.starts_on
    else:
        expected = last_visit + timedelta(days=interval)
        earliest = expected - timedelta(days=promise.tolerance_days)
    if earliest > sunday:
        return ()
    late = max(0, (monday - expected).days)
    first = Due(max(earliest, monday), None, late)
    more = (sunday - max(expected, monday)).days // interval if interval < 7 else 0  # noqa: PLR2004
    return (first, *(Due(None, None) for _ in range(min(more, _MOST_A_WEEK - 1))))


def expected_days(
    promise: Promise,
    first: date,
    last: date,
    last_visit: date | None,
    holidays: AbstractSet[date],
) -> tuple[date, ...]:
    """The days from ``first`` to ``last`` on which a visit is expected, if each is kept.

    An interval counts in full: the tolerance says when a visit may be, not when it is expected.
    """  # fmt: skip
    if promise.interval_days is None:
        return tuple(d for d in occurrences(promise, first, last) if d not in holidays)
    step = timedelta(days=promise.interval_days)
    day = max(first, last_visit + step if last_visit else promise.starts_on)
    end = min(last, promise.ends_on) if promise.ends_on else last
    return tuple(day + n * step for n in range(max(0, (end - day) // step + 1)))


def occurrences(promise: Promise, first: date, last: date) -> tuple[date, ...]:
    """The days of the recurrence rule from ``first`` to ``last``, both included."""
    start = datetime.combine(promise.starts_on, time())
    rule = rrulestr(promise.rrule, dtstart=start)
    end = min(last, promise.ends_on) if promise.ends_on else last
    found = rule.between(datetime.combine(first, time()), datetime.combine(end, time()), inc=True)
    return tuple(moment.date() for moment in found)


def is_rule(text: str) -> bool:
    """Whether ``text`` is a recurrence rule by days (RFC 5545 RRULE) that comes round for ever.

    Only parts that always meet a day again are taken: a rule for 30 February, or one with the
    interval 0, would be searched to the end of all years each time a week is shown.
    """
    pairs = [part.partition("=") for part in text.split(";")]
    parts = {name: value for name, _equals, value in pairs}
    often = parts.pop("FREQ", "")
    if often not in _PARTS or len(parts) + 1 != len(pairs) or {"COUNT", "UNTIL"} <= parts.keys():
        return False
    known = _PARTS[often] | _ALWAYS
    if not all(name in known and re.fullmatch(known[name], parts[name]) for name in parts):
        return False
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - a rule knows days only
    except ValueError:
        return False
    return True


def request_due(earliest: date, latest: date, monday: date) -> Due | None:
    """What a single request owes in the week of ``monday``; None if it does not fall due."""
    sunday = monday + timedelta(days=6)
    if latest > sunday or earliest > sunday:
        return None
    late = max(0, (monday - latest).days)
    return Due(max(earliest, monday), None if late else latest, late)
