"""How often an agreement promises a visit, in the language of the moment."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core.i18n import listed, weekday

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)")
_SAID = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "WKST"}


def rhythm(interval_days: int | None, rrule: str) -> str:
    """How often; a recurrence rule that is too special for words stands as it is."""
    if interval_days is None:
        return _rule(rrule) or rrule
    weeks, rest = divmod(interval_days, 7)
    if rest == 0:
        return str(ngettext("every week", "every %(num)d weeks", weeks))
    return str(ngettext("every day", "every %(num)d days", interval_days))


def _rule(text: str) -> str:
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    every = parts.get("INTERVAL", "1")
    if not (set(parts) <= _SAID and every.isdecimal()):
        return ""
    days = _days(parts)
    if parts["FREQ"] == "WEEKLY" and days:
        return str(
            ngettext("every week: %(days)s", "every %(num)d weeks: %(days)s", int(every), days=days)
        )
    if parts["FREQ"] == "MONTHLY" and days:
        return str(
            ngettext(
                "every month: %(days)s", "every %(num)d months: %(days)s", int(every), days=days
            )
        )
    return ""


def _days(parts: dict[str, str]) -> str:
    """The days of a rule; empty where it names none, or some that have no words."""
    if "BYMONTHDAY" in parts:
        numbers = parts["BYMONTHDAY"].split(",")
        plain = "BYDAY" not in parts and all(number.isdecimal() for number in numbers)
        return listed([_("day %(number)s", number=number) for number in numbers]) if plain else ""
    found = [_DAY.fullmatch(day) for day in parts.get("BYDAY", "").split(",")]
    said = [_one(match) for match in found if match]
    return listed(said) if said and len(said) == len(found) and all(said) else ""


def _one(match: re.Match[str]) -> str:
    name = weekday(_CODES.index(match[2]))
    nth = {
        1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), -1: _("last"),
    }  # fmt: skip
    if match[1] is None:
        return name
    which = nth.get(int(match[1]))
    return f"{which} {name}" if which else ""
