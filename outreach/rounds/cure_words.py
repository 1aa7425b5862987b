"""Cures in words, in the language of the moment: what would have to be so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext, ngettext

from outreach.core.i18n import clock_time, duration, short_day
from outreach.rounds.remedies import Part
from outreach.rounds.words import Names, name, span


@dataclass(frozen=True, slots=True)
class About:
    """What the sentences need to know.

    Attributes:
        site: where the visit is, under its alias if it is secret.
        sites: the same for the other visits, by id.
    """

    monday: date
    names: Names
    site: str
    sites: Mapping[str, str]


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def cure(parts: Iterable[Part], about: About) -> str:
    """All that a cure changes, as sentences; a Danish day ends in a full stop of its own."""
    return " ".join(SENTENCES[part["code"]](part, about) for part in parts).replace("..", ".")


def _who(part: Part, about: About) -> dict[str, Any]:
    """The team and the day of a shift."""
    letter, weekday = part["shift"].rsplit("-", 1)
    return {"letter": letter, "day": _day(int(weekday), about)}


def _day(weekday: int, about: About) -> str:
    return short_day(about.monday + timedelta(days=weekday))


def _insert(_part: Part, _about: About) -> str:
    return _("There is room for it.")


def _unlock(_part: Part, _about: About) -> str:
    return _("Take away its lock.")


def _displace(part: Part, about: About) -> str:
    return _("Leave out %(site)s, which matters less.", site=about.sites.get(part["visit"], ""))


def _shorter(part: Part, _about: About) -> str:
    return _(
        "Make the visit %(minutes)s shorter, so that it takes %(left)s.",
        minutes=duration(part["minutes"]), left=duration(part["left"]),
    )  # fmt: skip


def _overtime(part: Part, about: About) -> str:
    return _(
        "Let team %(letter)s be back by %(until)s on %(day)s, %(minutes)s later than it may.",
        **_who(part, about), until=clock_time(part["until"]), minutes=duration(part["minutes"]),
    )  # fmt: skip


def _earlier(part: Part, about: About) -> str:
    return _(
        "Let team %(letter)s begin at %(time)s on %(day)s.",
        **_who(part, about), time=clock_time(part["amount"]),
    )  # fmt: skip


def _skill(part: Part, about: About) -> str:
    skills = ", ".join(name(about.names, code) for code in part["skills"])
    return _(
        "Let somebody with %(skills)s ride with team %(letter)s on %(day)s.",
        **_who(part, about), skills=skills,
    )  # fmt: skip


def _person(part: Part, about: About) -> str:
    amount = part["amount"]
    return str(
        ngettext(
            "Let team %(letter)s have %(num)d person on %(day)s.",
            "Let team %(letter)s have %(num)d persons on %(day)s.",
            amount, **_who(part, about),
        )
    )  # fmt: skip


def _clearance(part: Part, about: About) -> str:
    return _(
        "Clear everybody in team %(letter)s for %(site)s by %(day)s.",
        **_who(part, about), site=about.site,
    )  # fmt: skip


def _kit(part: Part, about: About) -> str:
    return _(
        "%(kit)s: have %(amount)s at hand.",
        amount=part["amount"], kit=name(about.names, part["kit"]),
    )  # fmt: skip


def _slots(part: Part, about: About) -> str:
    return _(
        "Let team %(letter)s take %(amount)s kits along on %(day)s.",
        **_who(part, about), amount=part["amount"],
    )  # fmt: skip


def _visits(part: Part, about: About) -> str:
    return _(
        "Let team %(letter)s make %(amount)s visits on %(day)s.",
        **_who(part, about), amount=part["amount"],
    )  # fmt: skip


def _travel(part: Part, about: About) -> str:
    return _(
        "Let team %(letter)s drive for %(minutes)s on %(day)s.",
        **_who(part, about), minutes=duration(part["amount"]),
    )  # fmt: skip


def _longer_out(part: Part, about: About) -> str:
    return _(
        "Let team %(letter)s be out for %(minutes)s on %(day)s.",
        **_who(part, about), minutes=duration(part["amount"]),
    )  # fmt: skip


def _team(part: Part, about: About) -> str:
    return _(
        "Send one more team on %(day)s, %(times)s.",
        day=_day(part["day"], about), times=span(part["start"], part["end"]),
    )  # fmt: skip


def _window(part: Part, about: About) -> str:
    hours = ", ".join(
        f"{_day(w['day'], about)} {span(w['from'], w['to'])}" for w in part["windows"]
    )
    return _("Agree with %(site)s that the visit may be %(hours)s.", site=about.site, hours=hours)


def _gap(part: Part, _about: About) -> str:
    days = part["days"]
    return str(
        ngettext(
            "Let visits of this agreement lie %(num)d day apart.",
            "Let visits of this agreement lie %(num)d days apart.", days,
        )
    )  # fmt: skip


def _allow(part: Part, about: About) -> str:
    teams = [_who({"shift": shift}, about) for shift in part["shifts"]]
    said = ", ".join(_("team %(letter)s", letter=one["letter"]) + f" {one['day']}" for one in teams)
    if not said:
        return _("Lift what keeps the teams away from the site.")
    return _("Lift what keeps away from the site: %(teams)s.", teams=said)


def _together(_part: Part, _about: About) -> str:
    return _("Let it go with another team than the visit that it belongs to.")


SENTENCES: Mapping[str, Callable[[Part, About], str]] = {
    "insert": _insert, "unlock": _unlock, "displace": _displace, "shorter": _shorter,
    "overtime": _overtime, "earlier": _earlier, "skill": _skill, "person": _person,
    "clearance": _clearance, "kit": _kit, "slots": _slots, "visits": _visits, "travel": _travel,
    "duration": _longer_out,
    "team": _team, "window": _window, "other_day": _window, "gap": _gap, "allow": _allow,
    "together": _together,
}  # fmt: skip
"""One for each code of a part."""
