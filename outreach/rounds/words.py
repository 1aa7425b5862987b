"""Reasons and broken rules in words, in the language of the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from outreach.core.i18n import clock_time, duration, language, short_day

Detail = Mapping[str, Any]
Names = Mapping[str, tuple[str, str]]
"""Danish and English name by code, of skills, kits and services."""


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def name(names: Names, code: str) -> str:
    """What a code is called in the language of the moment."""
    return names.get(code, (code, code))[0 if language() == "da" else 1]


def span(starts: int, ends: int) -> str:
    """From when to when."""
    return f"{clock_time(starts)}\N{EN DASH}{clock_time(ends)}"


def appointment(letter: str, day: date, starts: int, ends: int) -> str:
    """Team A, Tue 24 Nov, with its times."""
    return _(
        "Team %(letter)s, %(day)s, %(times)s",
        letter=letter, day=short_day(day), times=span(starts, ends),
    )  # fmt: skip


def reason(code: str, detail: Detail) -> str:
    """Why a visit was left out, as one sentence."""
    say = _REASONS.get(code)
    return say(detail) if say else _("There is no room for it in this week.")


def reasons(found: Iterable[Mapping[str, Any]], names: Names) -> str:
    """All reasons of a visit, or that it was not looked into yet."""
    said = [reason(one["code"], _named(one.get("detail", {}), names)) for one in found]
    return " ".join(dict.fromkeys(said)).replace("..", ".") or _("Not planned yet.")


def _named(detail: Detail, names: Names) -> Detail:
    """The detail with names in place of the codes of skills and kits."""
    found = dict(detail)
    if "skills" in found:
        found["skills"] = [name(names, code) for code in found["skills"]]
    if "kits" in found:
        found["kits"] = {name(names, kit): amount for kit, amount in found["kits"].items()}
    return found


def _site(detail: Detail) -> str:
    return str(detail.get("site") or detail.get("clearance") or "")


def _no_cleared_staff(detail: Detail) -> str:
    return _("No team on any day has only people cleared for %(site)s.", site=_site(detail))


def _skill_gap(detail: Detail) -> str:
    return _(
        "No team on an open day has everything that it takes: %(skills)s.",
        skills=", ".join(detail.get("skills", ())),
    )


def _kit_conflict(detail: Detail) -> str:
    kits = detail.get("kits", {})
    missing = [kit for kit, amount in kits.items() if not amount]
    if missing:
        return _("There is no %(kits)s to take along.", kits=", ".join(missing))
    return _("All %(kits)s are in use when it could be made.", kits=", ".join(kits))


def _but_for_the_break(detail: Detail) -> str:
    return _(
        "The visit takes %(minutes)s; a team would have the time but for its break.",
        minutes=duration(detail.get("minutes", 0)),
    )


def _window_too_short(detail: Detail) -> str:
    if detail.get("rest"):
        return _but_for_the_break(detail)
    if detail.get("longest_window", 0) >= detail.get("minutes", 0):
        return _("No team is free long enough while the site takes visits.")
    if not detail.get("longest_window"):
        return _("The site takes no visits on the days on which it may be.")
    return _(
        "The visit takes %(minutes)s, but the longest time in which the site takes visits is "
        "%(longest)s.",
        minutes=duration(detail.get("minutes", 0)),
        longest=duration(detail.get("longest_window", 0)),
    )


def _shift_too_short(detail: Detail) -> str:
    if detail.get("rest"):
        return _but_for_the_break(detail)
    return _(
        "The visit takes %(minutes)s; with the way there and back no shift is long enough "
        "(the longest is %(longest)s).",
        minutes=duration(detail.get("minutes", 0)),
        longest=duration(detail.get("longest_shift", 0)),
    )


def _too_far(detail: Detail) -> str:
    if detail.get("rest"):
        return _but_for_the_break(detail)
    return _(
        "The visit takes %(minutes)s and the way there and back at least %(travel)s; "
        "the longest shift is %(longest)s.",
        minutes=duration(detail.get("minutes", 0)), travel=duration(detail.get("travel", 0)),
        longest=duration(detail.get("longest_shift", 0)),
    )  # fmt: skip


def _notice_too_late(_detail: Detail) -> str:
    return _("It could only have been before now.")


def _gap_rule(detail: Detail) -> str:
    days = detail.get("days", 0)
    near = ", ".join(short_day(date.fromisoformat(day)) for day in detail.get("other", ()))
    if near:
        return _(
            "Visits of this agreement lie at least %(days)s days apart, "
            "and another is on %(near)s.",
            days=days, near=near,
        )  # fmt: skip
    return _("Visits of this agreement lie at least %(days)s days apart.", days=days)


def _needs_two(detail: Detail) -> str:
    if detail.get("crews", 1) > 1:
        return _("It takes %(crews)s teams at the same time.", crews=detail["crews"])
    people = detail.get("people", 2)
    return str(
        ngettext(
            "It takes a team of %(num)d person.", "It takes a team of %(num)d persons.", people
        )
    )


def _locked(_detail: Detail) -> str:
    return _("It is locked to a day, team or time at which it cannot be made.")


def _barred(detail: Detail) -> str:
    why = detail.get("because", ())
    words = {
        "women": _("every team there must have a woman"),
        "unmarked": _("the vehicle must not be marked"),
        "excluded": _("somebody in the team must not be sent there"),
        "locked": _("it is locked to a team or week that it cannot have"),
    }
    said = [words[one] for one in why if one in words]
    if not said:
        return _("No team may make it.")
    return _("No team may make it: %(why)s.", why="; ".join(said))


def _capacity(detail: Detail) -> str:
    return _(
        "The teams have no %(minutes)s left at a time when the site takes visits.",
        minutes=duration(detail.get("minutes", 0)),
    )


def _no_position(_detail: Detail) -> str:
    return _("The site has no position on the map yet.")


_REASONS: dict[str, Callable[[Detail], str]] = {
    "no_cleared_staff": _no_cleared_staff,
    "skill_gap": _skill_gap,
    "kit_conflict": _kit_conflict,
    "window_too_short": _window_too_short,
    "shift_too_short": _shift_too_short,
    "too_far": _too_far,
    "notice_too_late": _notice_too_late,
    "gap_rule": _gap_rule,
    "needs_two": _needs_two,
    "locked_conflict": _locked,
    "shift_not_allowed": _barred,
    "capacity": _capacity,
    "no_position": _no_position,
}


def rule(rule_id: str, amount: float) -> str:
    """A broken rule as a sentence with its minutes or pieces."""
    minutes = duration(round(amount))
    words = {
        "known": _("the team does not go out on that day, or the visit is not due any more"),
        "window": _("%(minutes)s outside the time in which the site takes visits", minutes=minutes),
        "duration": _("the visit's length is wrong by %(minutes)s", minutes=minutes),
        "travel": _("%(minutes)s too little time to drive there", minutes=minutes),
        "order": _("starts %(minutes)s before the team is there", minutes=minutes),
        "shift": _("the team is back %(minutes)s too late", minutes=minutes),
        "break": _("%(minutes)s of the break do not fit in", minutes=minutes),
        "skill": _("the team lacks a skill that the visit takes"),
        "people": _("the team has too few people"),
        "clearance": _("not everybody in the team is cleared for the site"),
        "shift-allowed": _("this team must not be sent to the site"),
        "kit-aboard": _("a kit is missing"),
        "kit-slots": _("the team cannot take so many kits along"),
        "kit-pool": _("more teams need a kit on this day than there are kits"),
        "max-travel": _("%(minutes)s too much driving", minutes=minutes),
        "max-duration": _("the team is out %(minutes)s too long", minutes=minutes),
        "capacity": _("too much for what the team can carry"),
        "max-visits": _("too many visits for the team"),
        "crews": _("not as many teams as the visit takes, or not on one day"),
        "same-start": _("the teams start %(minutes)s apart", minutes=minutes),
        "gap": ngettext(
            "%(num)d day too close to another visit of the agreement",
            "%(num)d days too close to another visit of the agreement", round(amount),
        ),
        "together": _("visits that belong together are apart"),
        "after": _("starts before another visit has ended"),
        "lag": _("does not begin in step with another visit"),
        "pin": _("not where it is locked"),
        "frozen": _("changes what has begun already"),
    }  # fmt: skip
    return str(words.get(rule_id, rule_id))
