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
_LAST_CENTURY = datetime.combine(date(9900, 1, 1), time())
_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": "[1-9][0-9]{0,2}",
    "COUNT": "[1-9][0-9]{0,3}",
    "UNTIL": "[0-9]{8}",
    "WKST": "MO|SU",
    **dict.fromkeys(("BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"), "[A-Z0-9,+-]+"),
}
"""The parts of a recurrence rule that may stand in an agreement, as regular expressions."""


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


def occurrences(promise: Promise, first: date, last: date) -> tuple[date, ...]:
    """The days of the recurrence rule from ``first`` to ``last``, both included."""
    start = datetime.combine(promise.starts_on, time())
    rule = rrulestr(promise.rrule, dtstart=start)
    end = min(last, promise.ends_on) if promise.ends_on else last
    found = rule.between(datetime.combine(first, time()), datetime.combine(end, time()), inc=True)
    return tuple(moment.date() for moment in found)


def is_rule(text: str) -> bool:
    """Whether ``text`` is a recurrence rule by days (RFC 5545 RRULE) that happens at all.

    The library searches for an interval of 0, or for 30 February, without an end; so every part is
    checked first, and a day is looked for in the last century that the calendar knows.
    """
    parts = [part.partition("=") for part in text.split(";")]
    names = [name for name, _is, _value in parts]
    if "FREQ" not in names or len(set(names)) < len(names):
        return False
    if not all(name in _PARTS and re.fullmatch(_PARTS[name], value) for name, _is, value in parts):
        return False
    endless = ";".join(f"{name}={value}" for name, _is, value in parts if name != "UNTIL")
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - a rule knows days only
        return any(rrulestr(endless, dtstart=_LAST_CENTURY))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False


def request_due(earliest: date, latest: date, monday: date) -> Due | None:
    """What a single request owes in the week of ``monday``; None if it does not fall due."""
    sunday = monday + timedelta(days=6)
    if latest > sunday or earliest > sunday:
        return None
    late = max(0, (monday - latest).days)
    return Due(max(earliest, monday), None if late else latest, late)
