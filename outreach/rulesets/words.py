"""What the parts of a ruleset are called on pages, in the language of the moment."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from outreach.core.i18n import language
from outreach.rulesets.base import Words
from outreach.rulesets.shape import Ruleset

KINDS: dict[str, Any] = {
    "care_home": _("Care home"),
    "care_housing": _("Care housing"),
    "senior_housing": _("Senior housing"),
    "shelter": _("Shelter"),
    "crisis_centre": _("Crisis centre"),
    "residential_support": _("Residential support"),
    "day_centre": _("Day centre"),
    "drop_in": _("Drop-in centre"),
    "library": _("Library"),
    "community_house": _("Community house"),
    "hospital": _("Hospital"),
    "prison": _("Prison"),
}
OUTCOMES: dict[str, Any] = {
    "session": _("Session"),
    "home": _("Voting at home"),
    "self_served": _("Self-served"),
    "none": _("No voting"),
}
STATUSES: dict[str, Any] = {
    "law": _("Law"),
    "practice": _("Practice"),
    "assumption": _("Assumption"),
}
LEVELS: dict[str, Any] = {
    "warn": _("A breach warns"),
    "info": _("A breach is noted"),
}
ELIGIBLE: dict[str, Any] = {
    "residents": _("residents"),
    "patients": _("patients"),
    "inmates_and_patients": _("patients and inmates"),
    "applicants": _("those who applied"),
    "everybody": _("every voter"),
}
BY: dict[str, Any] = {
    "phone": _("by phone"),
    "mail": _("by post"),
    "in_person": _("in person"),
    "email": _("by e-mail"),
    "any": _("in any way"),
    "on_site_poster": _("poster at the site"),
    "host_message": _("message to the host"),
    "website": _("website"),
    "local_paper": _("local paper"),
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LABELS: dict[str, Any] = {
    "window": _("When"),
    "application": _("Application"),
    "outcomes": _("What may be decided"),
    "team.size": _("Receivers together"),
    "team.same_vehicle": _("The same vehicle"),
    "team.appointment": _("Appointment"),
    "team.instruction": _("Instruction before the first day"),
    "session.min_minutes": _("Shortest session"),
    "session.hours": _("Hours of a session"),
    "session.last_day_hours": _("Hours on the last day"),
    "session.bedside": _("Voting at the bedside"),
    "session.continuous": _("Without a break"),
    "visits": _("Days of visit"),
    "eligible": _("Who may vote"),
    "notice": _("Announcement"),
    "custody.sealed_container": _("Sealed container"),
    "custody.same_day_return": _("Returned on the same day"),
    "custody.return_by": _("Returned by"),
    "custody.two_signatures": _("Two signatures"),
    "general.decide_every_site": _("Every site is decided"),
    "general.hold_what_is_decided": _("What is decided is held, and nothing else"),
    "general.all_parts": _("All parts of a split site are there"),
    "general.one_place_at_a_time": _("Nobody is at two places at once"),
    "general.not_before_writ": _("Nothing before the election is called"),
}


def said(words: Words) -> str:
    """A text of a ruleset in the language of the moment."""
    return words.da if language() == "da" else words.en


def kind(code: str) -> str:
    """A kind of site."""
    return str(KINDS.get(code, code))


def window(name: str, ruleset: Ruleset) -> str:
    """A window: its channel, or the application for it."""
    if name in ruleset.channels:
        return said(ruleset.channels[name].title)
    channel = ruleset.channels.get(name.removesuffix("_application"))
    return f"{_('Application')}: {said(channel.title)}" if channel else name


def label(path: str, ruleset: Ruleset) -> str:
    """What the field at a path is called, under the heading of its part."""
    inside = path.split(".")
    if inside[0] == "channels":
        inside = inside[2:]
    short = ".".join(inside)
    if short in _LABELS:
        return str(_LABELS[short])
    *parts, last = inside
    return _named(parts[-1] if parts else "", last, ruleset)


def _named(part: str, name: str, ruleset: Ruleset) -> str:
    """What a field is called that stands under a name in its part."""
    if part == "site_kinds":
        return f"{_('Kind of site')}: {kind(name)}"
    if part in ("local_options", "milestones"):
        return said(getattr(ruleset, part)[name].title)
    before = {
        "roles": (ruleset.roles, _("Role")),
        "exclude_flags": (ruleset.flags, _("Excluded")),
        "distinct": (ruleset.attributes, _("Must differ")),
    }
    known, heading = before.get(part, ({}, part))
    return f"{heading}: {said(known[name])}" if name in known else name
