"""Reads of an election's sessions: as planned in the newest plan, and as held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from outreach.core.db import db
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.receivers import queries as receivers
from outreach.receivers.models import Appointment
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.rulesets import facts
from outreach.rulesets.resolve import Law
from outreach.visits.models import Visit, VisitStatus
from outreach.voting.models import SessionMark, VotingSession, VotingTeam
from outreach.voting.openings import moment
from outreach.voting.rules import fold
from outreach.voting.seats import marks

_FARTHEST = timedelta(days=100)
"""Between two elections whose windows may share days; ours are six weeks long at most."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Where the newest plan has a visit."""

    round_: Round
    stop: Stop


@dataclass(frozen=True, slots=True)
class Held:
    """When and by whom a session was opened and closed; ``ends`` None while it is open."""

    starts: datetime
    ends: datetime | None
    receivers: tuple[str, ...]


def newest_plans(election_id: str, state: PlanState | None = None) -> tuple[Plan, ...]:
    """The newest plan of each week, or the newest in a state, with rounds and stops.

    Cost: four statements.
    """
    newest = select(Plan.monday, func.max(Plan.number).label("number"))
    newest = newest.where(Plan.book == election_id)
    if state is not None:
        newest = newest.where(Plan.state == state)
    per_week = newest.group_by(Plan.monday).subquery()
    return tuple(
        db.session.scalars(
            select(Plan)
            .join(
                per_week,
                (per_week.c.monday == Plan.monday) & (per_week.c.number == Plan.number),
            )
            .where(Plan.book == election_id)
            .options(
                selectinload(Plan.rounds).selectinload(Round.stops), selectinload(Plan.unplanned)
            )
            .order_by(Plan.monday)
            .execution_options(populate_existing=True)
        )
    )  # fmt: skip


def planned(plans: Iterable[Plan]) -> dict[str, Planned]:
    """Where these plans have each visit."""
    return {
        stop.visit_id: Planned(round_, stop)
        for plan in plans for round_ in plan.rounds for stop in round_.stops
    }  # fmt: skip


def sessions(election_id: str) -> tuple[VotingSession, ...]:
    """Every session with its visit and site, those that were called off left out.

    Cost: one statement.
    """
    return tuple(
        db.session.scalars(
            select(VotingSession)
            .join(Visit, Visit.id == VotingSession.visit_id)
            .where(VotingSession.election_id == election_id)
            .where(Visit.status != VisitStatus.CANCELLED)
            .options(joinedload(VotingSession.visit).joinedload(Visit.site))
            .order_by(VotingSession.site_id, VotingSession.part)
        )
    )


def session_by_visit(election_id: str, visit_id: str) -> VotingSession | None:
    """The session of a visit; None if the election has none. Cost: one statement."""
    return db.session.scalars(
        select(VotingSession)
        .where(VotingSession.election_id == election_id, VotingSession.visit_id == visit_id)
        .options(joinedload(VotingSession.visit).joinedload(Visit.site))
    ).first()


def teams(election_id: str) -> tuple[VotingTeam, ...]:
    """The teams of every day with their members, by day and letter. Cost: two statements."""
    return tuple(
        db.session.scalars(
            select(VotingTeam)
            .where(VotingTeam.election_id == election_id)
            .options(selectinload(VotingTeam.members))
            .order_by(VotingTeam.day, VotingTeam.letter)
            .execution_options(populate_existing=True)
        )
    )


def held(visit_ids: Sequence[str]) -> dict[str, Held]:
    """What was reported of these sessions: the first opening, the last closing.

    Cost: one statement.
    """
    found = {visit_id: fold(said) for visit_id, said in marks(visit_ids).items()}
    return {
        visit_id: Held(one.opened_at, one.closed_at, one.opened_by)
        for visit_id, one in found.items()
        if one.opened_at is not None
    }


@dataclass(frozen=True, slots=True)
class _People:
    """Who is appointed, and what each rides in where that is not the team's vehicle."""

    appointed: Mapping[str, Appointment]
    own: Mapping[tuple[date, str], str]
    names: Mapping[str, str]

    def receiver(self, staff_id: str, day: date, vehicle: str) -> facts.Receiver:
        """Somebody of a round; who is not appointed any more has no role, which blocks."""
        ride = self.own.get((day, staff_id)) or vehicle
        row = self.appointed.get(staff_id)
        if row is None:
            return facts.Receiver(staff_id, "", ride, name=self.names.get(staff_id, ""))
        return receivers.fact_of(row, ride)


def _people(election_id: str, plans: Iterable[Plan]) -> _People:
    own = {
        (team.day, member.staff_id): member.vehicle
        for team in teams(election_id) for member in team.members if member.vehicle
    }  # fmt: skip
    names = {
        id_: name
        for plan in plans for one in plan.rounds
        for id_, name in zip(one.member_ids, one.members, strict=False)
    }  # fmt: skip
    appointed = {row.staff_id: row for row in receivers.appointments(election_id)}
    return _People(appointed, own, names)


def sessions_of(
    election: Election, law: Law | None = None, state: PlanState | None = None
) -> tuple[facts.Session, ...]:
    """The election's sessions as the checker sees them.

    Planned ones from the newest plan of each week (or the newest in a state); those that were
    opened as they were held, an open one until its planned end. What is neither is left out.
    Cost: eleven statements, at any size.
    """
    law = law or elections.law_of(election)
    plans = newest_plans(election.id, state)
    at, known = planned(plans), sessions(election.id)
    reported = held([one.visit_id for one in known])
    people = _people(election.id, plans)
    found = (
        _session(election, law, one, at.get(one.visit_id), (reported.get(one.visit_id), people))
        for one in known
    )
    return tuple(sorted(filter(None, found), key=lambda one: (one.starts, one.site, one.part)))


def _session(
    election: Election,
    law: Law,
    one: VotingSession,
    at: Planned | None,
    more: tuple[Held | None, _People],
) -> facts.Session | None:
    report, people = more
    span = _span(election, law, at)
    if report is not None:
        ends = report.ends or (span[1] if span is not None else report.starts)
        span = (report.starts, max(ends, report.starts))
    if span is None:
        return None
    day = span[0].astimezone(law.tz).date()
    ids = report.receivers if report is not None else tuple(at.round_.member_ids if at else ())
    vehicle = at.round_.vehicle if at is not None else ""
    site = one.visit.site
    return facts.Session(
        id=one.visit_id, site=one.site_id, site_kind=site.kind, channel=one.channel,
        starts=span[0], ends=span[1],
        receivers=tuple(people.receiver(id_, day, vehicle) for id_ in ids),
        part=one.part, parts=one.parts, expected=one.expected,
        team=f"{at.round_.team_letter} {at.round_.day:%Y-%m-%d}" if at is not None else "",
        label=site.label,
    )  # fmt: skip


def _span(election: Election, law: Law, at: Planned | None) -> tuple[datetime, datetime] | None:
    """Doors open and doors closed, as planned."""
    if at is None:
        return None
    opens = moment(law, at.round_.day, at.stop.starts + election.setup_minutes)
    return opens, max(opens, moment(law, at.round_.day, at.stop.ends - election.pack_minutes))


def others_of(election: Election) -> tuple[facts.Session, ...]:
    """Published and held sessions of every other election that may share days with this one.

    One that is over counts too: a proof is made afterwards. Cost: twelve statements for each.
    """
    day = election.election_day
    found = db.session.scalars(
        select(Election)
        .where(
            Election.id != election.id,
            Election.election_day.between(day - _FARTHEST, day + _FARTHEST),
        )
        .options(selectinload(Election.decisions))
        .order_by(Election.id)
    ).all()
    return tuple(
        session for other in found for session in sessions_of(other, state=PlanState.PUBLISHED)
    )  # fmt: skip


def facts_of(
    election: Election, law: Law | None = None, state: PlanState | None = None
) -> facts.ElectionFacts:
    """Everything that the checker judges of an election."""
    law = law or elections.law_of(election)
    return facts.ElectionFacts(
        election.election_day, election.writ_day, elections.decisions_of(election),
        elections.site_facts(election, law), sessions_of(election, law, state),
        others_of(election),
    )  # fmt: skip


def judged_beside(election: Election, law: Law) -> facts.ElectionFacts:
    """The same without the election's own sessions, which a planner puts in."""
    return facts.ElectionFacts(
        election.election_day, election.writ_day, elections.decisions_of(election),
        elections.site_facts(election, law), (), others_of(election),
    )  # fmt: skip


def marked(visit_ids: Sequence[str]) -> frozenset[str]:
    """Visits of which anything was ever reported as a session. Cost: one statement."""
    rows = select(SessionMark.visit_id).where(SessionMark.visit_id.in_(visit_ids))
    return frozenset(db.session.scalars(rows))


def by_site(found: Iterable[VotingSession]) -> dict[str, list[VotingSession]]:
    """Sessions in the order of their parts, by site."""
    sites: dict[str, list[VotingSession]] = defaultdict(list)
    for one in found:
        sites[one.site_id].append(one)
    return dict(sites)
