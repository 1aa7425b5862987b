"""The cures of a stored plan as the tray shows them: to be done here, or only told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for

from outreach.core.i18n import number
from outreach.rounds.board import Fix
from outreach.rounds.cure_words import About, cure
from outreach.rounds.models import Plan
from outreach.rounds.remedies import is_own, key_of
from outreach.rounds.words import Names
from outreach.visits.models import Visit

_AT_SITE = {"window", "other_day", "allow", "clearance", "gap", "together"}


def fixes(
    plan: Plan, visits: Iterable[Visit], names: Names, *, may_change: bool
) -> dict[str, tuple[Fix, ...]]:
    """By visit, the cheapest first. ``may_change``: the week is not over."""
    known = {visit.id: visit for visit in visits}
    sites = {visit.id: visit.site.label for visit in known.values()}
    return {
        one.visit_id: tuple(
            _fix(cure, known[one.visit_id], About(plan.monday, names, sites[one.visit_id], sites),
                 may_change=may_change)
            for cure in one.cures if "parts" in cure
        )
        for one in plan.unplanned if one.visit_id in known
    }  # fmt: skip


def _fix(found: Mapping[str, Any], visit: Visit, about: About, *, may_change: bool) -> Fix:
    parts, price = found["parts"], number(found["price"])
    if is_own(parts) and may_change:
        url = url_for("rounds.cure", monday=about.monday, visit_id=visit.id)
        return Fix(cure(parts, about), price, key_of(parts), url)
    return Fix(cure(parts, about), price, "", _where(parts, visit))


def _where(parts: Iterable[Mapping[str, Any]], visit: Visit) -> str:
    """The page where the first thing that has to change stands."""
    code = next(part["code"] for part in parts)
    if code == "kit":
        return url_for("catalogue.index")
    if code in _AT_SITE:
        return url_for("sites.site", site_id=visit.site_id)
    return url_for("people.index")
