"""When a session may be at a site: host's hours, legal window, allowed hours. Pure.

Set-up and packing lie inside the site's hours. The law asks only for what lies between doors open
and doors closed, so its windows are wider by set-up and packing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from outreach.rulesets.law import Law
from outreach.sites.rules import Hours, OpenWindow, windows

_DAY = 24 * 60
_FRIDAY, _SATURDAY = 4, 5


@dataclass(frozen=True, slots=True)
class Host:
    """What a site says about when.

    Attributes:
        agreed: from and to, instead of the hours; on the weekdays on which the site is open.
    """

    hours: tuple[Hours, ...]
    quiet: tuple[Hours, ...] = ()
    closures: tuple[tuple[date, date], ...] = ()
    agreed: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """Minutes that lie before doors open and after doors closed."""

    setup: int
    pack: int


def site_windows(
    host: Host, days: Sequence[date], holidays: AbstractSet[date], *, keeps_quiet: bool
) -> tuple[OpenWindow, ...]:
    """When the host takes a session; ``day`` is the number of the day."""
    hours = host.hours
    if host.agreed is not None:
        weekdays = sorted({h.weekday for h in hours if h.weekday is not None}) or range(5)
        hours = tuple(Hours(weekday, *host.agreed) for weekday in weekdays)
    quiet = host.quiet if keeps_quiet else ()
    return windows(hours, quiet, host.closures, holidays, days)


def lawful(
    found: Iterable[OpenWindow], law: Law, channel: str, days: Sequence[date], around: Around
) -> tuple[OpenWindow, ...]:
    """The part of these windows in which a session would keep window and hours of the law."""
    legal = law.windows.get(channel)
    if legal is None:
        return ()
    bounds = [_bounds(law, channel, day, around) for day in days]
    cut = (
        OpenWindow(w.day, max(w.starts, bounds[w.day][0]), min(w.ends, bounds[w.day][1]))
        for w in found
    )
    return tuple(w for w in cut if w.starts < w.ends)


def _bounds(law: Law, channel: str, day: date, around: Around) -> tuple[int, int]:
    """First and last minute of a visit on a day; nothing where the first is the larger."""
    legal, rule = law.windows[channel], law.session(channel)
    first, last = legal.first.astimezone(law.tz), legal.last.astimezone(law.tz)
    if not first.date() <= day <= last.date():
        return _DAY, 0
    opens = _minute(first.time()) if day == first.date() else 0
    closes = _minute(last.time()) if day == last.date() and legal.has_time_to else _DAY
    if rule.hours is not None:
        opens, closes = max(opens, _minute(rule.hours[0])), min(closes, _minute(rule.hours[1]))
    custody = law.ruleset.channels[channel].custody
    if custody is not None and custody.return_by is not None:
        closes = min(closes, _minute(time.fromisoformat(custody.return_by.value)))
    return max(0, opens - around.setup), min(_DAY, closes + around.pack)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def window_days(law: Law, channel: str) -> tuple[date, ...]:
    """Every day of a channel's legal window."""
    window = law.windows.get(channel)
    if window is None:
        return ()
    first, last = (at.astimezone(law.tz).date() for at in (window.first, window.last))
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def reserved(days: Sequence[date], count: int, holidays: AbstractSet[date]) -> frozenset[date]:
    """The last days of a window that are kept for second attempts: so many working days.

    A weekend or holiday among or after them is kept too.
    """
    kept: list[date] = []
    working = 0
    for day in reversed(days):
        if working == count:
            break
        kept.append(day)
        working += day.weekday() <= _FRIDAY and day not in holidays
    return frozenset(kept)


def may_go_out(day: date, holidays: AbstractSet[date]) -> bool:
    """Whether teams go out on such a day at all: Monday to Saturday, no public holiday."""
    return day.weekday() <= _SATURDAY and day not in holidays


def longest(found: Iterable[OpenWindow]) -> int | None:
    """Minutes of the longest window; None where there is none."""
    return max((w.ends - w.starts for w in found), default=None)


def moment(law: Law, day: date, minute: int) -> datetime:
    """A minute of a day on the wall clock of the law."""
    return datetime.combine(day, time(), law.tz) + timedelta(minutes=minute)
