"""What no single field of a ruleset can say of itself: names, cycles, holiday sets, order.

Each check yields the path of the field that is wrong and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from outreach.rulesets.calendar import known_holidays
from outreach.rulesets.dates import Expression
from outreach.rulesets.shape import Channel, Ruleset, Window
from outreach.rulesets.windows import Windows, windows_of

Fault = tuple[str, Any]
_SAMPLES = 14  # election days in a row: every weekday twice, with and without a holiday between
_NOTICE = timedelta(days=21)


def faults(ruleset: Ruleset) -> Iterator[Fault]:
    """Everything that is wrong, the names before what depends on them."""
    found = [fault for check in _NAMES for fault in check(ruleset)]
    yield from found
    if not found:
        yield from _orders(ruleset)


def _place(ruleset: Ruleset) -> Iterator[Fault]:
    known = known_holidays()
    calendar = ruleset.calendar
    if calendar.holidays not in known:
        yield "calendar.holidays", _("No set of public holidays has this name.")
    elif calendar.subdivision and calendar.subdivision not in known[calendar.holidays]:
        yield "calendar.subdivision", _("No set of public holidays has this name.")
    try:
        ZoneInfo(ruleset.tz)
    except (ValueError, OSError, KeyError):
        yield "tz", _("No time zone has this name.")
    if ruleset.valid_to and ruleset.valid_to < ruleset.valid_from:
        yield "valid_to", _("The end lies before the beginning.")


def _windows(ruleset: Ruleset) -> Iterator[Fault]:
    names = windows_of(ruleset)
    for name, (path, window) in names.items():
        for side, expression in (("from", window.from_), ("to", window.to)):
            for one in _inside(expression):
                if one.window and one.window not in names:
                    yield f"{path}.{side}", _("No window has this name.")
        if name.removesuffix("_application") != name and name in ruleset.channels:
            yield f"channels.{name}", _("A channel and an application have the same name.")
    for key, milestone in ruleset.milestones.items():
        if any(one.window and one.window not in names for one in _inside(milestone.at)):
            yield f"milestones.{key}.at", _("No window has this name.")


def _cycles(ruleset: Ruleset) -> Iterator[Fault]:
    names = windows_of(ruleset)
    for name, (path, window) in names.items():
        for side, expression in (("from", window.from_), ("to", window.to)):
            if (name, side) in _reached(expression, names):
                yield f"{path}.{side}", _("The dates go round in a circle.")


def _reached(
    expression: Expression, names: Mapping[str, tuple[str, Window]]
) -> set[tuple[str, str]]:
    """Every end of a window that a date depends on."""
    found: set[tuple[str, str]] = set()
    ahead = [expression]
    while ahead:
        for one in _inside(ahead.pop()):
            end = (one.window or "", one.side or "")
            if one.window in names and end not in found:
                found.add(end)
                window = names[end[0]][1]
                ahead.append(window.from_ if one.side == "from" else window.to)
    return found


def _inside(expression: Expression) -> Iterator[Expression]:
    yield expression
    for one in (*(expression.max or ()), *(expression.min or ())):
        yield from _inside(one)


def _teams(ruleset: Ruleset) -> Iterator[Fault]:
    for name, channel in ruleset.channels.items():
        path = f"channels.{name}.team"
        for role, limit in channel.team.roles.items():
            if limit.requires_decision and limit.requires_decision not in ruleset.local_options:
                yield f"{path}.roles.{role}.requires_decision", _("No local option has this name.")
            if limit.max is not None and limit.max < limit.min:
                yield f"{path}.roles.{role}", _("The most is less than the least.")
        yield from _numbers(channel, f"channels.{name}")


def _words(ruleset: Ruleset) -> Iterator[Fault]:
    """Roles, flags and attributes without a word for them."""
    for name, channel in ruleset.channels.items():
        for part, used, known, why in (
            ("roles", channel.team.roles, ruleset.roles, _("No role has this name.")),
            ("exclude_flags", channel.team.exclude_flags, ruleset.flags,
             _("No flag has this name.")),
            ("distinct", channel.team.distinct, ruleset.attributes,
             _("No attribute has this name.")),
        ):  # fmt: skip
            for one in sorted(set(used) - set(known)):
                yield f"channels.{name}.team.{part}.{one}", why


def _numbers(channel: Channel, path: str) -> Iterator[Fault]:
    size, visits, hours = channel.team.size, channel.visits, channel.session.hours
    if size.max is not None and size.max < size.min:
        yield f"{path}.team.size", _("The most is less than the least.")
    if size.max is not None and sum(limit.min for limit in channel.team.roles.values()) > size.max:
        yield f"{path}.team.roles", _("The roles need more people than the team may have.")
    if visits.max is not None and visits.max < visits.min:
        yield f"{path}.visits", _("The most is less than the least.")
    if hours and hours.from_ >= hours.to:
        yield f"{path}.session.hours", _("The end lies before the beginning.")
    if channel.site_kinds and channel.outcomes is None:
        yield f"{path}.outcomes", _("It must say what may be decided for its sites.")


def _kinds(ruleset: Ruleset) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for name, channel in ruleset.channels.items():
        for kind in channel.site_kinds:
            if owner.setdefault(kind, name) != name:
                yield f"channels.{name}.site_kinds.{kind}", _("Two channels name this kind.")
    for key, option in ruleset.local_options.items():
        if any(kind not in owner for kind in option.site_kinds):
            yield f"local_options.{key}.site_kinds", _("No channel names this kind.")
        if option.window and option.window not in windows_of(ruleset):
            yield f"local_options.{key}.window", _("No window has this name.")


_NAMES: tuple[Callable[[Ruleset], Iterator[Fault]], ...] = (
    _place, _windows, _cycles, _words, _teams, _kinds,
)  # fmt: skip


def _orders(ruleset: Ruleset) -> Iterator[Fault]:
    """Windows that end before they begin or after the election, on one of some election days."""
    names = windows_of(ruleset)
    for name, (path, window) in names.items():
        ends = (window.from_, window.to)
        if any(isinstance(one.anchor, date) for end in ends for one in _inside(end)):
            continue  # fixed days suit one election only; resolving says it then
        if any(_is_upside_down(ruleset, name, day) for day in _election_days(ruleset)):
            yield path, _("The window ends before it begins.")
        elif any(_is_too_late(ruleset, name, day) for day in _election_days(ruleset)):
            yield f"{path}.to", _("The window ends after the election.")


def _election_days(ruleset: Ruleset) -> list[date]:
    start = ruleset.valid_from
    return [start + timedelta(days=n) for n in range(_SAMPLES)]


def _is_upside_down(ruleset: Ruleset, name: str, day: date) -> bool:
    writ = day - _NOTICE if ruleset.writ == "required" else None
    found = Windows(ruleset, day, writ)
    first, last = found.end(name, "from"), found.end(name, "to")
    return first is None or last is None or first > found.latest(last)


def _is_too_late(ruleset: Ruleset, name: str, day: date) -> bool:
    writ = day - _NOTICE if ruleset.writ == "required" else None
    last = Windows(ruleset, day, writ).end(name, "to")
    return last is not None and last.day > day
