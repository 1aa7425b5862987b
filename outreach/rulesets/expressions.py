"""What a date expression comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.rulesets.calendar import WEEKDAYS, Days, nearest
from outreach.rulesets.dates import DayType, Expression, NthPrevious, Roll


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A day, with a time where one is given."""

    day: date
    time: str = ""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What expressions start from.

    Attributes:
        window: the end of another window, by its name and side; None where it is not known.
    """

    election_day: date
    writ_day: date | None
    window: Callable[[str, str], Point | None]


def evaluate(expression: Expression, anchors: Anchors, days: Days) -> Point | None:
    """The date; None where it needs a writ that is not known."""
    start = _start(expression, anchors, days)
    if start is None:
        return None
    moved = timedelta(days=expression.days, weeks=expression.weeks)
    point = Point(start.day + moved, start.time)
    if expression.nth_prev:
        point = Point(_nth_previous(expression.nth_prev, point.day, days), point.time)
    point = Point(point.day, expression.time or point.time)
    return _rolled(expression.roll, point, days) if expression.roll else point


def _start(expression: Expression, anchors: Anchors, days: Days) -> Point | None:
    several = expression.max or expression.min
    if several:
        found = [evaluate(one, anchors, days) for one in several]
        known = [one for one in found if one is not None]
        choose = max if expression.max else min
        return choose(known) if known else None
    if expression.window and expression.side:
        return anchors.window(expression.window, expression.side)
    if isinstance(expression.anchor, date):
        return Point(expression.anchor)
    day = anchors.election_day if expression.anchor == "E" else anchors.writ_day
    return None if day is None else Point(day)


def _nth_previous(rule: NthPrevious, day: date, days: Days) -> date:
    return (days.clear if rule.clear else days.nth_previous)(day, rule.type, rule.n)


def _rolled(roll: Roll, point: Point, days: Days) -> Point:
    if not any(_is(point.day, kind, days) for kind in roll.on):
        return point
    direction, kind = roll.to.split("_")
    there = nearest(point.day, lambda day: _is(day, kind, days), 1 if direction == "next" else -1)
    return Point(there, roll.time or point.time)


def _is(day: date, kind: str, days: Days) -> bool:
    """Whether a day is of a kind as roll rules name it."""
    if kind in WEEKDAYS:
        return WEEKDAYS[day.weekday()] == kind
    if kind == "holiday":
        return days.is_holiday(day)
    return days.counts(day, DayType(kind.removeprefix("non_"))) != kind.startswith("non_")
