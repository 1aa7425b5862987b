"""The solver's reasons, sharpened by what it is not told: our own rules and the site. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from outreach.rounds.facts import VisitFacts, WeekFacts
from outreach.rounds.rules import apart, bars, days_of, windows_of
from outreach.sites.rules import OpenWindow


def sharper(
    facts: WeekFacts, visit: VisitFacts, reason: dict[str, Any], *, is_lost: bool
) -> dict[str, Any]:
    """Name our rule behind a rule of the solver, and the site.

    ``is_lost``: its lock names a week or a team that it cannot have.
    """
    site = facts.sites[visit.site_id]
    detail = {**reason["detail"], "site": site.label}
    if reason["code"] == "shift_not_allowed":
        because = _why_barred(facts, visit) | ({"locked"} if is_lost else set())
        return {"code": "shift_not_allowed", "detail": {**detail, "because": sorted(because)}}
    if reason["code"] == "window_too_short" and _is_cut_by_gap(facts, visit):
        days = [day.isoformat() for day in visit.other_days]
        return {
            "code": "gap_rule",
            "detail": {"site": site.label, "days": visit.terms.min_gap_days, "other": days},
        }
    return {"code": reason["code"], "detail": detail}


def is_too_near(facts: WeekFacts, visit: VisitFacts, parts: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a cure would bring a visit too near to one of its agreement in another week."""
    days, gap = days_of(facts.monday), visit.terms.min_gap_days
    new = {days[window["day"]] for part in parts for window in part.get("windows", ())}
    return any(abs((day - other).days) < gap for day in new for other in visit.other_days)


def _why_barred(facts: WeekFacts, visit: VisitFacts) -> set[str]:
    site = facts.sites[visit.site_id]
    return {str(bar) for shift in facts.shifts for bar in bars(site, shift)}


def _is_cut_by_gap(facts: WeekFacts, visit: VisitFacts) -> bool:
    """Whether a window would be long enough, were it not too close to another week's visit."""
    whole = windows_of(visit, facts.sites[visit.site_id], facts.monday)
    left = apart(visit, whole, facts.monday)
    length = visit.service_minutes + visit.setup_minutes
    return _longest(whole) >= length > _longest(left)


def _longest(windows: Iterable[OpenWindow]) -> int:
    return max((w.ends - w.starts for w in windows), default=0)
