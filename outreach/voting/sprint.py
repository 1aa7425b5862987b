"""What the planner knows of an election's sprint, read once. A fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from outreach.catalogue.models import Kit, Service
from outreach.core import calendar, clock
from outreach.core.db import db
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.people import queries as people_queries
from outreach.people.models import Depot, Team
from outreach.people.rules import Person
from outreach.receivers import queries as receivers
from outreach.rounds.facts import PlacedRound, ShiftFacts, SiteFacts
from outreach.rounds.models import Plan, PlanState, Round
from outreach.rounds.week_facts import placed
from outreach.rulesets import facts
from outreach.rulesets.resolve import Law
from outreach.sites import queries as site_queries
from outreach.sites.models import Site, SiteClearance, SiteExclusion
from outreach.sites.rules import OpenWindow
from outreach.visits.models import VisitStatus
from outreach.voting import openings, queries, sessions
from outreach.voting.models import VotingSession, VotingTeam

_BREAK = (10 * 60, 15 * 60)
"""Wider than the weekly one, so that a long session can lie whole before or after the break."""
_GRAMS = 150.0
"""Per kilometre, of a petrol car; the vehicles of a sprint are not registered."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session as the planner sees it.

    Attributes:
        votes: that are expected; setup, service: minutes, packing is in the service.
        windows: by day number, reserve days too.
        way: ``crews`` or ``dates``, where the site is split.
        is_surplus: no longer decided; it only keeps its place if it has begun.
    """

    visit_id: str
    site_id: str
    channel: str
    part: int
    parts: int
    votes: int
    setup: int
    service: int
    windows: tuple[OpenWindow, ...]
    way: str
    pin: tuple[date | None, str | None, int | None]
    status: str
    min_gap_days: int = 1
    is_surplus: bool = False


@dataclass(frozen=True, slots=True)
class SprintFacts:
    """Everything about one sprint.

    Attributes:
        days: every day of the legal windows, and those on which teams went out.
        reserved: of these, the days that are kept for second attempts.
        shifts: the teams of each day.
        published: the newest published rounds of all weeks; None if nothing is published.
        draft: the newest rounds of all weeks, drafted or published; None if there is no plan.
        judged: what the checker is told beside the sessions; receivers by id.
    """

    election_id: str
    setup: int
    pack: int
    now: datetime
    law: Law
    days: tuple[date, ...]
    reserved: frozenset[date]
    sites: Mapping[str, SiteFacts]
    sessions: tuple[SessionFacts, ...]
    shifts: tuple[ShiftFacts, ...]
    kits: Mapping[str, int]
    needs_kits: tuple[str, ...]
    published: tuple[PlacedRound, ...] | None
    draft: tuple[PlacedRound, ...] | None
    judged: facts.ElectionFacts
    receivers: Mapping[str, facts.Receiver] = field(default_factory=dict)
    own_vehicles: Mapping[tuple[date, str], str] = field(default_factory=dict)


def read(
    election: Election, shifts: Sequence[ShiftFacts] | None = None, now: datetime | None = None
) -> SprintFacts:
    """The sprint as it stands; ``shifts`` are teams to plan with instead of the stored ones."""
    law = elections.law_of(election)
    newest = queries.newest_plans(election.id)
    published = queries.newest_plans(election.id, PlanState.PUBLISHED)
    known, stored = queries.sessions(election.id), queries.teams(election.id)
    days = _days(law, stored)
    holidays = calendar.holidays_between(days[0], days[-1])
    people = people_queries.people()
    ridden = _ridden(published)
    return SprintFacts(
        election.id, election.setup_minutes, election.pack_minutes,
        (now or clock.local()).astimezone(clock.DK), law, days,
        _reserved(election, law, holidays), _sites(known),
        _sessions(election, law, known, (days, holidays)),
        tuple(shifts) if shifts is not None else shifts_of(election, stored, people, ridden),
        {kit.code: kit.amount for kit in db.session.scalars(select(Kit).order_by(Kit.code))},
        _kits(), _placed(published), _placed(newest), queries.judged_beside(election, law),
        {row.staff_id: receivers.fact_of(row) for row in receivers.appointments(election.id)},
        {(t.day, m.staff_id): m.vehicle for t in stored for m in t.members if m.vehicle},
    )  # fmt: skip


def _days(law: Law, stored: Iterable[VotingTeam]) -> tuple[date, ...]:
    """All days from the first to the last that matters."""
    found = [day for name in law.windows for day in openings.window_days(law, name)
             if law.channel(name) is not None]  # fmt: skip
    found += [team.day for team in stored]
    first, last = min(found), max(found)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _reserved(election: Election, law: Law, holidays: frozenset[date]) -> frozenset[date]:
    days = openings.window_days(law, receivers.going_out(law))
    return openings.reserved(days, election.reserve_days, holidays)


def sprint_days(election: Election, law: Law) -> tuple[date, ...]:
    """The days that may be chosen: in the window, from today on, no reserve day."""
    days = openings.window_days(law, receivers.going_out(law))
    if not days:
        return ()
    holidays = calendar.holidays_between(days[0], days[-1])
    kept = openings.reserved(days, election.reserve_days, holidays)
    return tuple(
        day for day in days
        if day >= clock.today() and day not in kept and openings.may_go_out(day, holidays)
    )  # fmt: skip


def _kits() -> tuple[str, ...]:
    """What the catalogue says that a voting session takes along."""
    found = db.session.scalars(select(Service).where(Service.code == sessions.SERVICE)).first()
    return tuple(sorted(found.kits)) if found is not None else ()


def _placed(plans: Iterable[Plan]) -> tuple[PlacedRound, ...] | None:
    plans = tuple(plans)
    return tuple(placed(one) for plan in plans for one in plan.rounds) if plans else None


def _ridden(plans: Iterable[Plan]) -> dict[tuple[str, date], Round]:
    return {(one.team_letter, one.day): one for plan in plans for one in plan.rounds}


def shifts_of(
    election: Election, stored: Iterable[VotingTeam], people: Mapping[str, Person],
    ridden: Mapping[tuple[str, date], Round],
) -> tuple[ShiftFacts, ...]:  # fmt: skip
    """The teams as shifts; on a day that is over those who rode, whoever is in the team now."""
    depots = {depot.id: depot for depot in db.session.scalars(select(Depot))}
    today = clock.today()
    found = []
    for team in stored:
        depot, rode = depots[team.depot_id], ridden.get((team.letter, team.day))
        ids = [member.staff_id for member in team.members]
        if rode is not None and team.day < today:
            ids = list(rode.member_ids)
        there = sorted((people[id_] for id_ in ids if id_ in people), key=lambda one: one.name)
        found.append(shift(election, team.letter, team.day, depot, team.vehicle, there))
    return tuple(found)


def shift(
    election: Election, letter: str, day: date, depot: Depot, vehicle: str,
    people: Iterable[Person],
) -> ShiftFacts:  # fmt: skip
    """A team of an election as a shift."""
    return ShiftFacts(
        "", letter, day, election.first_minute, election.last_minute, election.break_minutes,
        *_BREAK, 0, (depot.latitude, depot.longitude), "car", vehicle, _GRAMS,
        is_unmarked=False, kit_slots=None, people=tuple(people),
    )  # fmt: skip


def _sites(known: Iterable[VotingSession]) -> dict[str, SiteFacts]:
    sites = {one.site_id: one.visit.site for one in known}
    cleared: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for one in db.session.scalars(select(SiteClearance)):
        cleared[one.site_id].append((one.staff_id, one.valid_to))
    excluded: dict[str, set[str]] = defaultdict(set)
    for out in db.session.scalars(select(SiteExclusion)):
        excluded[out.site_id].add(out.staff_id)
    positions = site_queries.positions(sites)
    return {
        id_: _site(site, positions.get(id_), cleared[id_], excluded[id_])
        for id_, site in sites.items()
    }


def _site(
    site: Site, position: tuple[float, float] | None,
    cleared: Iterable[tuple[str, date | None]], excluded: Iterable[str],
) -> SiteFacts:  # fmt: skip
    return SiteFacts(
        site.id, site.code, site.label, site.kind, site.is_secret, position, site.access_minutes,
        site.people, site.needs_clearance, site.needs_women, site.needs_unmarked, (),
        tuple(cleared), frozenset(excluded),
    )  # fmt: skip


def _sessions(
    election: Election, law: Law, known: Sequence[VotingSession],
    calendar_: tuple[Sequence[date], frozenset[date]],
) -> tuple[SessionFacts, ...]:  # fmt: skip
    days, holidays = calendar_
    wanted = {one.row.id: one for one in sessions.wanted(election, law)}
    decided = {id_: w.row.decision for id_, w in wanted.items() if w.row.decision is not None}
    hosts = sessions.hosts({one.site_id for one in known}, decided)
    around = openings.Around(election.setup_minutes, election.pack_minutes)
    found = []
    for one in known:
        host = hosts.get(one.site_id, openings.Host(()))
        free = openings.site_windows(host, days, holidays, keeps_quiet=election.keeps_quiet)
        plan = wanted.get(one.site_id)
        visit = one.visit
        found.append(
            SessionFacts(
                one.visit_id, one.site_id, one.channel, one.part, one.parts, one.expected,
                visit.setup_minutes, visit.service_minutes,
                openings.lawful(free, law, one.channel, days, around),
                plan.split if plan is not None else "dates",
                (visit.pin_day, visit.pin_team, visit.pin_start), visit.status,
                max(1, law.session(one.channel).min_gap_days) if law.channel(one.channel) else 1,
                plan is None or one.part > len(plan.parts),
            )
        )  # fmt: skip
    return tuple(found)


def is_open(one: SessionFacts) -> bool:
    """Whether nothing was reported of it yet."""
    return one.status == VisitStatus.PLANNED


def team_depots() -> list[Depot]:
    """Depots that a sprint can start from, the first team's first. Cost: two statements."""
    teams = db.session.scalars(
        select(Team).where(Team.is_active).options(joinedload(Team.depot)).order_by(Team.letter)
    )
    found = {team.depot.id: team.depot for team in teams}
    for depot in db.session.scalars(select(Depot).order_by(Depot.name)):
        found.setdefault(depot.id, depot)
    return list(found.values())
