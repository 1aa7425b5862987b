"""Writes: what happens at each site in an election."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, event, inspect, select
from sqlalchemy.orm import Session

from outreach.core import audit, clock, cpr
from outreach.core.db import atomic, db
from outreach.core.errors import Invalid
from outreach.core.forms import CPR_REFUSED
from outreach.elections.models import Election, SiteDecision
from outreach.elections.queries import SiteRow, site_rows
from outreach.rulesets.facts import Outcome
from outreach.sites.models import Site, SiteStatus

SPLITS = ("crews", "dates")
"""How a session that takes too long is split: several teams on one day, or several days."""
LONGEST_REASON, MOST_VOTES, MOST_DESKS = 280, 5000, 20
_LIMITS = (
    ("expected", 0, MOST_VOTES), ("desks", 1, MOST_DESKS), ("hours_from", 0, 24 * 60),
    ("hours_to", 0, 24 * 60),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFields:
    """What is entered about a site; names as in ``models.SiteDecision``."""

    outcome: str
    reason: str = ""
    expected: int | None = None
    desks: int = 1
    split: str = "crews"
    hours_from: int | None = None
    hours_to: int | None = None


@atomic
def decide_site(election: Election, row: SiteRow, given: DecisionFields) -> None:
    """Decide for one site.

    Raises:
        Invalid: a field is wrong; it says which.
    """
    _check(row, given)
    stored = row.decision or SiteDecision(election_id=election.id, site_id=row.id)
    for field in fields(given):
        setattr(stored, field.name, getattr(given, field.name))
    db.session.add(stored)
    db.session.flush()
    audit.record("decide-site", "election", election.id, site=row.id, outcome=given.outcome)


def _check(row: SiteRow, given: DecisionFields) -> None:
    wrong: dict[str, Any] = _out_of_reach(given)
    if given.outcome not in row.outcomes:
        wrong["outcome"] = _("The law does not leave this open for this kind of site.")
    if given.outcome == Outcome.NONE and not given.reason.strip():
        wrong["reason"] = _("Say why nothing happens there.")
    if given.outcome == Outcome.SESSION and given.expected is None and row.residents is None:
        wrong["expected"] = _("Give a number: it is not known how many live there.")
    if (given.hours_from is None) != (given.hours_to is None):
        wrong["hours_to"] = _("Give both times, or none.")
    elif given.hours_from is not None and (given.hours_to or 0) <= given.hours_from:
        wrong["hours_to"] = _("The end lies before the start.")
    if wrong:
        raise Invalid(wrong)


def _out_of_reach(given: DecisionFields) -> dict[str, Any]:
    """What no form lets through: an address that undoes has passed through a browser."""
    wrong: dict[str, Any] = {}
    if cpr.find(given.reason):
        wrong["reason"] = CPR_REFUSED
    elif len(given.reason) > LONGEST_REASON:
        wrong["reason"] = _("At most %(max)d characters.", max=LONGEST_REASON)
    if given.split not in SPLITS:
        wrong["split"] = _("Choose one of the list.")
    for name, least, most in _LIMITS:
        value = getattr(given, name)
        if value is not None and not least <= value <= most:
            wrong[name] = _("From %(min)s to %(max)s is possible.", min=least, max=most)
    return wrong


@atomic
def undo_site(election: Election, site_id: str, given: DecisionFields | None) -> None:
    """Put back what was decided for a site before; None: nothing was."""
    stored = db.session.scalars(
        select(SiteDecision).where(
            SiteDecision.election_id == election.id, SiteDecision.site_id == site_id
        )
    ).first()
    if given is None:
        if stored is not None:
            db.session.delete(stored)
    else:
        row = next((one for one in site_rows(election) if one.id == site_id), None)
        if row is not None:
            decide_site(election, row, given)
    audit.record("undo-site", "election", election.id, site=site_id)


@atomic
def decide_kind(
    election: Election, kind: str, outcome: str, reason: str
) -> tuple[int, int, datetime]:
    """Decide the same for every undecided site of a kind.

    Gives how many were decided, how many were passed over because a number must be typed for each,
    and the moment, by which it can be undone.

    Raises:
        Invalid: the law does not leave this open, or a reason is wanting.
    """
    given = DecisionFields(outcome=outcome, reason=reason)
    open_rows = [row for row in site_rows(election) if row.kind == kind and row.outcome is None]
    ready = [row for row in open_rows if not _needs_number(row, outcome)]
    for row in ready:
        _check(row, given)
    at = clock.now()
    void = [row.decision.id for row in ready if row.decision is not None]
    db.session.execute(delete(SiteDecision).where(SiteDecision.id.in_(void)))
    db.session.add_all(
        SiteDecision(
            election_id=election.id, site_id=row.id, outcome=outcome, reason=reason, created_at=at
        )
        for row in ready
    )
    db.session.flush()
    audit.record("decide-kind", "election", election.id, sites_of=kind, outcome=outcome,
                 sites=len(ready))  # fmt: skip
    return len(ready), len(open_rows) - len(ready), at


def _needs_number(row: SiteRow, outcome: str) -> bool:
    return outcome == Outcome.SESSION and row.residents is None


@atomic
def undo_kind(election: Election, at: datetime) -> None:
    """Make undecided again what was decided together at a moment and not touched since."""
    gone = delete(SiteDecision).where(
        SiteDecision.election_id == election.id, SiteDecision.created_at == at,
        SiteDecision.version == 1,
    )  # fmt: skip
    db.session.execute(gone)
    audit.record("undo-kind", "election", election.id)


def _forget_reopened(session: Session, _context: object, _instances: object) -> None:
    """A site that is opened again is undecided in every election to come: things have changed."""
    opened = [
        row.id
        for row in session.dirty
        if isinstance(row, Site) and row.status == SiteStatus.ACTIVE
        and any(was != SiteStatus.ACTIVE for was in inspect(row).attrs.status.history.deleted or ())
    ]  # fmt: skip
    if not opened:
        return
    coming = select(Election.id).where(Election.election_day >= clock.today())
    with session.no_autoflush:
        session.execute(
            delete(SiteDecision)
            .where(SiteDecision.site_id.in_(opened), SiteDecision.election_id.in_(coming))
            .execution_options(synchronize_session=False)
        )


def watch() -> None:
    """Look at every flush of the one session factory."""
    factory = db.session.session_factory
    if not event.contains(factory, "before_flush", _forget_reopened):
        event.listen(factory, "before_flush", _forget_reopened)
