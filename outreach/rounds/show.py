"""From stored rows to the picture of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from outreach.rounds.models import Plan, Round
from outreach.rounds.picture import (
    Picture,
    ShownLeft,
    ShownRound,
    ShownStop,
    ShownVisit,
    from_bytes,
    hidden,
)
from outreach.sites import queries as sites
from outreach.visits.models import Visit

Names = Mapping[str, tuple[str, str]]


def shown_visit(visit: Visit, names: Names) -> ShownVisit:
    """A visit with the names of the moment; a secret site under its alias."""
    return ShownVisit(
        visit.id, visit.site_id, visit.site.label, visit.site.kind, visit.site.is_secret,
        tuple(names.get(code, (code, code)) for code in visit.services),
        visit.service_minutes + visit.setup_minutes,
    )  # fmt: skip


def picture_of(plan: Plan, visits: Iterable[Visit], names: Names) -> Picture:
    """The stored plan as it is shown now."""
    shown = {visit.id: shown_visit(visit, names) for visit in visits}
    return Picture(
        plan.monday,
        plan.number,
        tuple(_round(round_, shown) for round_ in plan.rounds),
        tuple(
            sorted(
                (ShownLeft(shown[u.visit_id], tuple(u.reasons)) for u in plan.unplanned
                 if u.visit_id in shown),
                key=lambda left: (left.visit.site, left.visit.visit_id),
            )
        ),
        round(plan.cost.get("overtime_minutes", 0)),
        {code: names[code] for code in sorted(_codes(plan)) if code in names},
    )  # fmt: skip


def published_picture(plan: Plan) -> Picture:
    """A published plan as it may be shown: a site that is secret now under its alias.

    The stored bytes keep the name that it had; they never change. Cost: one statement.
    """
    return hidden(from_bytes(plan.snapshot or b""), dict(sites.secret_choices()))


def _codes(plan: Plan) -> set[str]:
    """Codes of skills and kits that the reasons name."""
    details = [reason.get("detail", {}) for u in plan.unplanned for reason in u.reasons]
    return {code for d in details for code in (*d.get("skills", ()), *d.get("kits", ()))}


def _round(row: Round, shown: Mapping[str, ShownVisit]) -> ShownRound:
    rest = None
    if row.break_starts is not None and row.break_ends is not None:
        rest = (row.break_starts, row.break_ends)
    stops = tuple(
        ShownStop(shown[s.visit_id], s.arrives, s.starts, s.ends, s.travel_minutes)
        for s in row.stops
        if s.visit_id in shown
    )
    return ShownRound(
        row.team_letter, row.day, tuple(row.member_ids), tuple(row.members), row.vehicle,
        tuple(row.kits), row.leaves, row.returns, rest, row.travel_minutes, row.metres,
        row.grams_co2, stops,
    )  # fmt: skip
