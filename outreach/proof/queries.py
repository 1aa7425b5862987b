"""Reads of what is stored of an election's sessions: planned, held, counted, handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from outreach.accounts.models import Organisation
from outreach.core import tenancy
from outreach.core.db import db
from outreach.elections.models import Election
from outreach.field.gate import Gate, gates
from outreach.rounds.models import PlanState
from outreach.rulesets.law import Law
from outreach.visits.models import Tally
from outreach.voting import queries as voting
from outreach.voting.held import Held, held
from outreach.voting.models import VotingSession
from outreach.voting.openings import moment
from outreach.voting.rules import Standing, State


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a plan has a session.

    Attributes:
        opens, closes: aware moments; set-up and packing left out.
        seats: staff ids, and what each rides in.
    """

    opens: datetime
    closes: datetime
    letter: str
    seats: tuple[tuple[str, str], ...]
    is_published: bool

    @property
    def team(self) -> str:
        """A team of one day."""
        return f"{self.letter} {self.opens:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session with all that is stored: as planned, as reported, what is yet to come in."""

    session: VotingSession
    slot: Slot | None
    reported: Held
    gate: Gate

    @property
    def standing(self) -> Standing:
        """How far it is, since when, and with whom."""
        return self.reported.standing

    @property
    def votes(self) -> int:
        """Votes that were counted."""
        return self.reported.counts.get("votes", 0)

    @property
    def is_held(self) -> bool:
        """Whether it was opened and closed."""
        return self.standing.state is State.CLOSED

    @property
    def is_complete(self) -> bool:
        """Whether it was closed, and every tablet has handed in since."""
        return self.is_held and self.gate.is_open

    @property
    def minutes(self) -> int:
        """From opening to closing; 0 while it is open."""
        opened, closed = self.standing.opened_at, self.standing.closed_at
        return round((closed - opened).total_seconds() / 60) if opened and closed else 0

    @property
    def whole_minutes(self) -> int:
        """The same in minutes that are over, as the law counts them."""
        opened, closed = self.standing.opened_at, self.standing.closed_at
        return (closed - opened) // timedelta(minutes=1) if opened and closed else 0


def sessions(election: Election, law: Law) -> tuple[SessionRow, ...]:
    """Every session, in the order of sites and parts. Cost: eighteen statements, at any size."""
    slots, reported = _slots(election, law), held(election.id)
    known, passes = {one.visit_id: one for one in reported}, gates(election.id, reported)
    return tuple(
        SessionRow(
            one, slots.get(one.visit_id), known[one.visit_id], passes.get(one.visit_id, Gate())
        )
        for one in voting.sessions(election.id)
    )  # fmt: skip


def _slots(election: Election, law: Law) -> dict[str, Slot]:
    """Where the published plans have each visit; where none has it, the newest draft."""
    rides = {
        (team.day, member.staff_id): member.vehicle
        for team in voting.teams(election.id) for member in team.members if member.vehicle
    }  # fmt: skip
    found: dict[str, Slot] = {}
    for plans, is_published in (
        (voting.newest_plans(election.id), False),
        (voting.newest_plans(election.id, PlanState.PUBLISHED), True),
    ):
        for visit_id, at in voting.planned(plans).items():
            day, team = at.round_.day, at.round_
            opens = moment(law, day, at.stop.starts + election.setup_minutes)
            closes = moment(law, day, at.stop.ends - election.pack_minutes)
            seats = [(who, rides.get((day, who)) or team.vehicle) for who in team.member_ids]
            found[visit_id] = Slot(
                opens, max(opens, closes), team.team_letter, tuple(seats), is_published
            )
    return found


def unpublished_weeks(election_id: str) -> int:
    """How many weeks have a newer draft than what is published. Cost: eight statements."""
    newest = {plan.monday: plan.number for plan in voting.newest_plans(election_id)}
    out = voting.newest_plans(election_id, PlanState.PUBLISHED)
    published = {plan.monday: plan.number for plan in out}
    return sum(published.get(monday) != number for monday, number in newest.items())


def municipality() -> str:
    """The name of the organisation of the moment. Cost: one statement."""
    name = select(Organisation.name).where(Organisation.id == tenancy.org_id())
    return db.session.scalar(name) or ""


def earlier_votes(election: Election) -> dict[str, int]:
    """Votes by site in the election that it was made from. Cost: two statements at most."""
    if not election.copied_from:
        return {}
    rows = db.session.execute(
        select(VotingSession.site_id, func.sum(Tally.amount))
        .join(Tally, Tally.visit_id == VotingSession.visit_id)
        .where(VotingSession.election_id == election.copied_from)
        .where(Tally.measure == "votes", ~Tally.is_void)
        .group_by(VotingSession.site_id)
    )
    return {site_id: int(amount) for site_id, amount in rows}
