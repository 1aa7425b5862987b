"""The law of one election: a ruleset with its dates worked out and local decisions applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from outreach.core.errors import Invalid
from outreach.rulesets.deadlines import deadlines_of
from outreach.rulesets.expressions import Point
from outreach.rulesets.facts import LocalDecision
from outreach.rulesets.law import (
    Deadline,
    Law,
    RoleRule,
    SessionRule,
    TeamRule,
    Window,
    listed_kinds,
)
from outreach.rulesets.shape import Ruleset
from outreach.rulesets.windows import Windows, moment_of, windows_of

__all__ = ["Deadline", "Law", "RoleRule", "SessionRule", "TeamRule", "Window", "resolve"]

_YEARS = range(2000, 2101)
_END_OF_DAY = time(23, 59, 59)


def resolve(
    ruleset: Ruleset,
    election_day: date,
    writ_day: date | None = None,
    decisions: Sequence[LocalDecision] = (),
) -> Law:
    """The law of an election.

    Where a ruleset wants a writ and its day is not given, windows are those that an early writ
    gives; the checker blocks such an election.

    Raises:
        Invalid: the days do not suit each other, or a decision is none that the law leaves open.
    """
    _refuse_days(election_day, writ_day)
    _refuse_decisions(ruleset, decisions)
    worked_out = Windows(ruleset, election_day, writ_day)
    windows = {name: _window(name, worked_out, decisions) for name in windows_of(ruleset)}
    return Law(
        ruleset, election_day, writ_day, tuple(decisions), windows,
        deadlines_of(worked_out, windows),
    )  # fmt: skip


def _invalid(field: str, why: Any) -> Invalid:
    return Invalid({field: why}, say=why)


def _refuse_days(election_day: date, writ_day: date | None) -> None:
    if election_day.year not in _YEARS:
        raise _invalid("election_day", _("Give a day from 2000 to 2100."))
    if writ_day and writ_day > election_day:
        raise _invalid("writ_day", _("The election cannot be called after it was held."))


def _refuse_decisions(ruleset: Ruleset, decisions: Sequence[LocalDecision]) -> None:
    for decision in decisions:
        option = ruleset.local_options.get(decision.option)
        if option is None:
            raise _invalid("option", _("The law does not leave this open."))
        if (
            set(listed_kinds(decision.value)) - set(option.site_kinds)
            and option.effect == "outcome"
        ):
            raise _invalid("value", _("The law does not leave this open for these kinds."))


def _window(name: str, worked_out: Windows, decisions: Sequence[LocalDecision]) -> Window:
    path, rule = windows_of(worked_out.ruleset)[name]
    first, last = worked_out.end(name, "from"), worked_out.end(name, "to")
    if first is None or last is None:
        raise _invalid("writ_day", _("The day on which the election was called is needed."))
    last = _later(name, worked_out, last, decisions)
    if first > worked_out.latest(last):
        why = _("The windows of this election end before they begin: too few days are left.")
        raise _invalid("election_day", why)
    zone = ZoneInfo(worked_out.ruleset.tz)
    return Window(
        moment_of(first, zone, time()), moment_of(last, zone, _END_OF_DAY),
        bool(first.time), bool(last.time), rule.cite, rule.status.value, path,
    )  # fmt: skip


def _later(
    name: str, worked_out: Windows, last: Point, decisions: Sequence[LocalDecision]
) -> Point:
    """The end of a window after the council's decision; it may be later, never earlier."""
    for decision in decisions:
        if worked_out.ruleset.local_options[decision.option].window != name:
            continue
        try:
            given = datetime.fromisoformat(decision.value)
        except ValueError:
            raise _invalid("value", _("Write a day and a time.")) from None
        chosen = Point(given.date(), f"{given:%H:%M}")
        if chosen < last or chosen.day >= worked_out.election_day:
            why = _("The council may set a later time, never an earlier one.")
            raise _invalid("value", why)
        last = chosen
    return last
