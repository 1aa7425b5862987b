"""Reads of what is stored of an election's sessions: planned, held, counted, handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from outreach.accounts.models import Organisation
from outreach.core import tenancy
from outreach.core.db import db
from outreach.elections.models import Election
from outreach.field.models import Device, Op
from outreach.people.models import Staff
from outreach.rounds.models import Plan, PlanState
from outreach.rulesets.law import Law
from outreach.rulesets.models import TickedField
from outreach.visits.models import Tally
from outreach.voting import queries as voting
from outreach.voting.models import VotingSession
from outreach.voting.openings import moment
from outreach.voting.rules import Standing, State, fold
from outreach.voting.seats import marks

MEASURES = ("votes", "assisted", "spoiled", "refused")
_TROUBLES = ("conflict", "rejected", "failed")


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
class TabletRow:
    """A tablet of somebody who took part.

    Attributes:
        pending: unsent operations that it spoke of at its last contact.
    """

    id: str
    name: str
    user_name: str
    seen_at: datetime
    pending: int

    def has_handed_in(self, since: datetime) -> bool:
        """Whether nothing is left on it of what happened before ``since``."""
        return self.pending == 0 and self.seen_at >= since


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session with all that is stored of it.

    Attributes:
        counts: by measure; what was taken back is left out.
        tablets: of those who were planned or who opened it.
    """

    session: VotingSession
    slot: Slot | None
    standing: Standing
    counts: Mapping[str, int]
    tablets: tuple[TabletRow, ...]

    @property
    def is_held(self) -> bool:
        """Whether it was opened and closed."""
        return self.standing.state is State.CLOSED

    @property
    def is_complete(self) -> bool:
        """Whether it was closed, and every tablet has handed in since."""
        closed = self.standing.closed_at
        return closed is not None and all(one.has_handed_in(closed) for one in self.tablets)

    @property
    def minutes(self) -> int:
        """From opening to closing; 0 while it is open."""
        opened, closed = self.standing.opened_at, self.standing.closed_at
        return round((closed - opened).total_seconds() / 60) if opened and closed else 0


def sessions(election: Election, law: Law) -> tuple[SessionRow, ...]:
    """Every session, in the order of sites and parts. Cost: sixteen statements, at any size."""
    known = voting.sessions(election.id)
    ids = [one.visit_id for one in known]
    slots = _slots(election, law)
    standings = {visit_id: fold(found) for visit_id, found in marks(ids).items()}
    counts, tablets = _counts(ids), _tablets()
    return tuple(
        _row(one, slots.get(one.visit_id), standings.get(one.visit_id, Standing()),
             counts.get(one.visit_id, {}), tablets)
        for one in known
    )  # fmt: skip


def _row(
    one: VotingSession,
    slot: Slot | None,
    standing: Standing,
    counts: Mapping[str, int],
    tablets: Mapping[str, Sequence[TabletRow]],
) -> SessionRow:
    planned = [staff_id for staff_id, _vehicle in slot.seats] if slot else []
    people = dict.fromkeys((*planned, *standing.opened_by, *standing.here))
    used = {found.id: found for staff_id in people for found in tablets.get(staff_id, ())}
    return SessionRow(one, slot, standing, counts, tuple(used.values()))


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


def _counts(visit_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Tally.visit_id, Tally.measure, func.sum(Tally.amount))
        .where(Tally.visit_id.in_(visit_ids), Tally.measure.in_(MEASURES), ~Tally.is_void)
        .group_by(Tally.visit_id, Tally.measure)
    )
    for visit_id, measure, amount in rows:
        found[visit_id][measure] = max(0, int(amount))
    return found


def _tablets() -> dict[str, list[TabletRow]]:
    """The tablets in use, by the staff member whose they are."""
    found: dict[str, list[TabletRow]] = defaultdict(list)
    rows = db.session.execute(
        select(Staff.id, Staff.name, Device)
        .join(Device, Device.user_id == Staff.user_id)
        .where(Device.withdrawn_at.is_(None))
        .order_by(Device.created_at, Device.id)
    )
    for staff_id, name, one in rows:
        found[staff_id].append(TabletRow(one.id, one.name, name, one.seen_at, one.pending))
    return found


@dataclass(frozen=True, slots=True)
class Trouble:
    """An operation on a session that was not taken in as it was meant."""

    visit_id: str
    kind: str
    status: str
    code: str
    at: datetime


def troubles(visit_ids: Iterable[str]) -> tuple[Trouble, ...]:
    """Such operations, the newest first. Cost: one statement."""
    rows = db.session.execute(
        select(Op.visit_id, Op.kind, Op.status, Op.code, Op.received_at)
        .where(Op.visit_id.in_(list(visit_ids)), Op.status.in_(_TROUBLES))
        .where(Op.kind.like("session.%") | Op.kind.like("count.%"))
        .order_by(Op.received_at.desc(), Op.id)
    )
    return tuple(Trouble(str(row[0]), row[1], row[2], row[3], row[4]) for row in rows)


def unpublished_weeks(election_id: str) -> int:
    """How many weeks have a newer draft than what is published. Cost: eight statements."""
    newest = {plan.monday: plan.number for plan in voting.newest_plans(election_id)}
    out = voting.newest_plans(election_id, PlanState.PUBLISHED)
    published = {plan.monday: plan.number for plan in out}
    return sum(published.get(monday) != number for monday, number in newest.items())


def has_plan(election_id: str) -> bool:
    """Whether anything was planned. Cost: one statement."""
    return db.session.scalar(select(Plan.id).where(Plan.book == election_id).limit(1)) is not None


def ticked(ruleset: str) -> frozenset[str]:
    """The fields that an officer compared with the law in force. Cost: one statement."""
    found = select(TickedField.path).where(TickedField.ruleset == ruleset)
    return frozenset(db.session.scalars(found))


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
