"""Words for groups, periods and reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from outreach.reports.facts import MERGED
from outreach.reports.measures import Split
from outreach.reports.periods import Period

KINDS = {
    "care_home": later("Care homes"),
    "care_housing": later("Care housing"),
    "senior_housing": later("Senior housing"),
    "shelter": later("Shelters"),
    "crisis_centre": later("Crisis centres"),
    "residential_support": later("Residential support"),
    "day_centre": later("Day centres"),
    "drop_in": later("Drop-in centres"),
    "library": later("Libraries"),
    "community_house": later("Community houses"),
    "hospital": later("Hospitals"),
    "prison": later("Prisons"),
}
STATUSES = {
    "planned": later("Planned"),
    "en_route": later("On the way"),
    "in_progress": later("In progress"),
    "done": later("Done"),
    "partial": later("Done in part"),
    "no_access": later("No access"),
    "no_show": later("Nobody came"),
}
REASONS = {
    "no_access.closed": later("The site was closed"),
    "no_access.outbreak": later("Closed because of infection"),
    "no_access.no_host": later("Nobody received the team"),
    "no_access.refused": later("The site said no at the door"),
    "no_access.unsafe": later("It was not safe to stay"),
    "no_access.other": later("No access for another reason"),
    "no_show": later("Nobody came"),
    "missed": later("Not carried out, and nobody has said why"),
    "unplanned.no_cleared_staff": later("Not planned: no team is cleared for the site"),
    "unplanned.skill_gap": later("Not planned: no team has the skills"),
    "unplanned.kit_conflict": later("Not planned: the equipment is not available"),
    "unplanned.window_too_short": later("Not planned: the site is not open long enough"),
    "unplanned.shift_too_short": later("Not planned: no shift is long enough"),
    "unplanned.locked_conflict": later("Not planned: locked visits are in the way"),
    "unplanned.capacity": later("Not planned: no team has time"),
    "unplanned.too_far": later("Not planned: the site is too far away"),
    "unplanned.gap_rule": later("Not planned: too close to another visit of the agreement"),
    "unplanned.needs_two": later("Not planned: no team has enough people"),
}


def reason(code: str) -> str:
    """Why a visit was not reached."""
    return str(REASONS.get(code) or _("Not planned for another reason"))


def group(split: Split, key: str, services: Mapping[str, str]) -> str:
    """What a line of a table is called."""
    if key == MERGED:
        return str(_("Crisis centres in all"))
    if split == Split.KIND:
        return str(KINDS.get(key, key))
    if split == Split.AREA:
        return key or str(_("Without an area"))
    return services.get(key, key)


def period(one: Period) -> str:
    """What a period is called."""
    if one.is_week:
        year, week = one.key.split("-W")
        return str(_("Week %(week)s, %(year)s", week=int(week), year=year))
    if one.is_half_year:
        year, half = one.key.split("-H")
        if half == "1":
            return str(_("First half of %(year)s", year=year))
        return str(_("Second half of %(year)s", year=year))
    return f"{one.first:%d.%m.%Y}\N{EN DASH}{one.last:%d.%m.%Y}"
