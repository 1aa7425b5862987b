"""A field of the law in words, in the language of the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import flask_babel

from outreach.core import i18n
from outreach.rulesets import words
from outreach.rulesets.base import Cited
from outreach.rulesets.dates import DayType, Expression, NthPrevious, Roll
from outreach.rulesets.shape import (
    Application,
    At,
    Eligible,
    Hours,
    Milestone,
    Minutes,
    Notice,
    Option,
    Outcomes,
    RoleLimit,
    Ruleset,
    Size,
    Visits,
    Window,
    YesNo,
)


def _(text: str, **values: Any) -> str:
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, count: int) -> str:
    """A text about a number of things."""
    return str(flask_babel.ngettext(one, many, count))


def tell(field: Cited, ruleset: Ruleset) -> str:
    """What a field says; empty where its name says all."""
    return _TELLERS[type(field)](field, ruleset) if type(field) in _TELLERS else ""


def _window(field: Window, ruleset: Ruleset) -> str:
    return _("From: %(first)s. To: %(last)s",
             first=tell_date(field.from_, ruleset), last=tell_date(field.to, ruleset))  # fmt: skip


def _application(field: Application, ruleset: Ruleset) -> str:
    return f"{_window(field, ruleset)}. {_listed(words.BY[one] for one in field.channels)}"


def _yes_no(field: YesNo, _ruleset: Ruleset) -> str:
    return _("Yes") if field.value else _("No")


def _minutes(field: Minutes, _ruleset: Ruleset) -> str:
    return i18n.duration(field.value)


def _clock(text: str) -> str:
    hours, minutes = text.split(":")
    return i18n.clock_time(60 * int(hours) + int(minutes))


def _hours(field: Hours, _ruleset: Ruleset) -> str:
    return f"{_clock(field.from_)}-{_clock(field.to)}"


def _at(field: At, _ruleset: Ruleset) -> str:
    return _clock(field.value)


def _outcomes(field: Outcomes, _ruleset: Ruleset) -> str:
    return _listed(words.OUTCOMES[one] for one in field.value)


def _eligible(field: Eligible, _ruleset: Ruleset) -> str:
    return str(words.ELIGIBLE[field.value])


def _limits(least: int, most: int | None) -> str:
    if least == most:
        return _("exactly %(num)d", num=least)
    parts = [_("at least %(num)d", num=least)] if least else []
    parts += [_("at most %(num)d", num=most)] if most is not None else []
    return ", ".join(parts) or _("any number")


def _size(field: Size, _ruleset: Ruleset) -> str:
    return _limits(field.min, field.max)


def _role(field: RoleLimit, ruleset: Ruleset) -> str:
    limits = _limits(field.min, field.max)
    if not field.requires_decision:
        return limits
    option = words.said(ruleset.local_options[field.requires_decision].title)
    return _("%(limits)s, if the council decided “%(option)s”", limits=limits, option=option)


def _visits(field: Visits, _ruleset: Ruleset) -> str:
    limits = _limits(field.min, field.max)
    if not field.min_gap_days:
        return limits
    gap = ngettext("%(num)d day apart", "%(num)d days apart", field.min_gap_days)
    return f"{limits}, {gap}"


def _notice(field: Notice, _ruleset: Ruleset) -> str:
    lead = ngettext("%(num)d day before", "%(num)d days before", field.lead_days)
    return f"{lead}: {_listed(words.BY[one] for one in field.channels)}"


def _option(field: Option, _ruleset: Ruleset) -> str:
    if field.effect == "role":
        return _("One more role may be on the team.")
    if field.effect == "later":
        return _("The end of the window may be later, never earlier.")
    kinds = _listed(words.KINDS[kind] for kind in field.site_kinds)
    outcome = str(words.OUTCOMES[field.outcome or ""])
    return _("“%(outcome)s” may be decided for: %(kinds)s", outcome=outcome, kinds=kinds)


def _milestone(field: Milestone, ruleset: Ruleset) -> str:
    return tell_date(field.at, ruleset)


_TELLERS: dict[type[Cited], Callable[[Any, Ruleset], str]] = {
    Window: _window, Application: _application, YesNo: _yes_no, Minutes: _minutes, Hours: _hours,
    At: _at, Outcomes: _outcomes, Eligible: _eligible, Size: _size, RoleLimit: _role,
    Visits: _visits, Notice: _notice, Option: _option, Milestone: _milestone,
}  # fmt: skip


def tell_date(expression: Expression, ruleset: Ruleset) -> str:
    """A date expression, such as the third-last søgnedag before election day."""
    told = _start(expression, ruleset)
    days = expression.days + 7 * expression.weeks
    if days:
        told = _moved(days, told)
    if expression.nth_prev:
        told = _counted(expression.nth_prev, told)
    if expression.time:
        told = _("%(date)s at %(time)s", date=told, time=_clock(expression.time))
    return f"{told} ({_rolled(expression.roll)})" if expression.roll else told


def _start(expression: Expression, ruleset: Ruleset) -> str:
    several = expression.max or expression.min
    if several:
        dates = _listed(tell_date(one, ruleset) for one in several)
        latest, earliest = _("the latest of %(dates)s"), _("the earliest of %(dates)s")
        return (latest if expression.max else earliest) % {"dates": dates}
    if expression.window:
        name = expression.window.removesuffix("_application")
        title = words.said(ruleset.channels[name].title)
        first, last = _("the first day of “%(window)s”"), _("the last day of “%(window)s”")
        return (first if expression.side == "from" else last) % {"window": title}
    if isinstance(expression.anchor, date):
        return i18n.day(expression.anchor)
    return _("election day") if expression.anchor == "E" else _("the day of the call")


def _moved(days: int, start: str) -> str:
    weeks, rest = divmod(abs(days), 7)
    if rest:
        amount = ngettext("%(num)d day", "%(num)d days", abs(days))
    else:
        amount = ngettext("%(num)d week", "%(num)d weeks", weeks)
    return (_("%(amount)s before %(start)s") if days < 0 else _("%(amount)s after %(start)s")) % {
        "amount": amount, "start": start,
    }  # fmt: skip


def _counted(rule: NthPrevious, start: str) -> str:
    told = {
        DayType.SOGNEDAG: _("weekday no. %(n)d counted back from %(start)s (Saturday counts)"),
        DayType.WORKING: _("working day no. %(n)d counted back from %(start)s"),
        DayType.CALENDAR: _("day no. %(n)d counted back from %(start)s"),
    }[rule.type]
    clear = _("with so many clear days between")
    return told % {"n": rule.n, "start": start} + (f", {clear}" if rule.clear else "")


def _rolled(roll: Roll) -> str:
    found = _("on %(days)s moved to %(to)s",
              days=_listed(_day(one) for one in roll.on), to=_target(roll.to))  # fmt: skip
    if roll.time is None:
        return found
    return _("%(date)s at %(time)s", date=found, time=_clock(roll.time))


def _target(to: str) -> str:
    direction, day = to.split("_")
    told = _("the next %(day)s") if direction == "next" else _("the previous %(day)s")
    return told % {"day": _day(day)}


def _day(name: str) -> str:
    """A kind of day as roll rules name it."""
    if name in words.WEEKDAYS:
        return i18n.weekday(words.WEEKDAYS.index(name))
    return {
        "holiday": _("public holidays"),
        "non_working": _("days off"),
        "non_sognedag": _("Sundays and public holidays"),
        "working": _("working day"),
        "sognedag": _("weekday"),
    }[name]


def _listed(names: Iterable[Any]) -> str:
    return i18n.listed([str(name) for name in names])
