"""Deletes an election that came to nothing: none of it was published, and no session was held.

What was published went to tablets and to people; it stays, as a record of what was told to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from outreach.core import audit
from outreach.core.db import atomic, db
from outreach.core.errors import Conflict, RuleBroken
from outreach.elections.models import Election, SiteDecision
from outreach.receivers.models import Appointment
from outreach.rounds.models import Plan, PlanState
from outreach.visits.models import Visit, VisitStatus
from outreach.voting import actions, queries
from outreach.voting.models import VotingSession, VotingTeam

_QUIETLY = {"synchronize_session": False}
_NOT_BEGUN = (VisitStatus.PLANNED, VisitStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Content:
    """What goes with an election, and why it may not go; ``why_not`` empty where it may."""

    decided: int
    receivers: int
    sessions: int
    teams: int
    why_not: str


def content(election: Election) -> Content:
    """What an election holds. Cost: eight statements at most."""
    return Content(
        _count(SiteDecision, election), _count(Appointment, election),
        _count(VotingSession, election), _count(VotingTeam, election), str(_why_not(election)),
    )  # fmt: skip


def _count(model: type[Any], election: Election) -> int:
    found = select(func.count()).select_from(model).where(model.election_id == election.id)
    return db.session.scalar(found) or 0


def _why_not(election: Election) -> Any:
    book = (Plan.book == election.id, Plan.state == PlanState.PUBLISHED)
    if db.session.scalar(select(Plan.id).where(*book).limit(1)):
        return _("Sessions of it are published. They are a record of what people were told.")
    visits = db.session.execute(select(Visit.id, Visit.status).where(Visit.book == election.id))
    rows = visits.all()
    if any(row.status not in _NOT_BEGUN for row in rows) or queries.marked(
        [row.id for row in rows]
    ):
        return _("A session of it was held. What was counted is kept.")
    return ""


@atomic
def remove(election: Election) -> None:
    """Delete an election with decisions, receivers, teams, sessions and drafts.

    Raises:
        RuleBroken: something of it is published or was held. Conflict: it is being planned.
    """
    if actions.is_being_planned(election.id):
        raise Conflict(_("The sessions are being planned. Wait until that has ended, or stop it."))
    held = content(election)
    if held.why_not:
        raise RuleBroken("election-used", held.why_not)
    for model, where in (
        (Plan, Plan.book), (VotingSession, VotingSession.election_id), (Visit, Visit.book),
    ):  # fmt: skip
        db.session.execute(delete(model).where(where == election.id), execution_options=_QUIETLY)
    db.session.expunge_all()
    gone = delete(Election).where(Election.id == election.id)
    db.session.execute(gone, execution_options=_QUIETLY)
    audit.record(
        "delete", "election", election.id, decided=held.decided, receivers=held.receivers,
        sessions=held.sessions,
    )  # fmt: skip
