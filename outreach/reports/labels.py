"""Words for groups, periods and reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from outreach.reports.facts import MERGED
from outreach.reports.measures import Split
from outreach.reports.periods import Period

KINDS = {
    "care_home": _("Care homes"),
    "care_housing": _("Care housing estates"),
    "senior_housing": _("Senior housing estates"),
    "shelter": _("Shelters"),
    "crisis_centre": _("Crisis centres"),
    "residential_support": _("Residential support"),
    "day_centre": _("Day centres"),
    "drop_in": _("Drop-in centres"),
    "library": _("Libraries"),
    "community_house": _("Community houses"),
    "hospital": _("Hospitals"),
    "prison": _("Prisons"),
}
STATUSES = {
    "planned": _("Planned"),
    "en_route": _("On the way"),
    "in_progress": _("In progress"),
    "done": _("Done"),
    "partial": _("Done in part"),
    "no_access": _("No access"),
    "no_show": _("Nobody came"),
}
REASONS = {
    "no_access.closed": _("The site was closed"),
    "no_access.outbreak": _("Closed because of infection"),
    "no_access.no_host": _("Nobody received the team"),
    "no_access.refused": _("The site said no at the door"),
    "no_access.unsafe": _("It was not safe to stay"),
    "no_access.other": _("No access for another reason"),
    "no_show": _("Nobody came"),
    "missed": _("Not carried out, and nobody has said why"),
    "unplanned.no_cleared_staff": _("Not planned: no team is cleared for the site"),
    "unplanned.skill_gap": _("Not planned: no team has the skills"),
    "unplanned.kit_conflict": _("Not planned: the equipment is not available"),
    "unplanned.window_too_short": _("Not planned: the site is not open long enough"),
    "unplanned.shift_too_short": _("Not planned: no shift is long enough"),
    "unplanned.too_far": _("Not planned: the way there is too long"),
    "unplanned.locked_conflict": _("Not planned: locked visits are in the way"),
    "unplanned.capacity": _("Not planned: no team has time"),
    "unplanned.notice_too_late": _("Not planned: the days on which it could be were past"),
    "unplanned.shift_not_allowed": _("Not planned: no team may be sent there"),
    "unplanned.no_position": _("Not planned: the site has no position on the map"),
    "unplanned.gap_rule": _("Not planned: too close to another visit of the agreement"),
    "unplanned.needs_two": _("Not planned: no team has enough people"),
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
