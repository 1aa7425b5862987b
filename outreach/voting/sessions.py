"""Keeps the sessions in step with what is decided for the sites.

A site that is decided to have a session gets its sessions, a large one in parts; one whose
decision changes loses them. What is published or was opened is never taken away silently: it
stays until a version is published that does without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from outreach.agreements.actions import add_tasks
from outreach.core import audit, calendar, clock
from outreach.core.db import atomic, db
from outreach.core.ids import new_id
from outreach.elections import queries as elections
from outreach.elections.models import Election, SiteDecision
from outreach.elections.queries import SiteRow
from outreach.rounds.models import Plan, PlanState, Round, Stop, Unplanned
from outreach.rulesets.facts import Outcome
from outreach.rulesets.resolve import Law
from outreach.sites.models import Site
from outreach.sites.rules import Hours
from outreach.visits.models import Visit, VisitStatus
from outreach.voting import openings, queries
from outreach.voting.models import VotingSession
from outreach.voting.splitting import Part, Times, split

SERVICE = "VOTE"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a site should have.

    Attributes:
        parts: empty where no session is decided.
    """

    row: SiteRow
    parts: tuple[Part, ...]
    split: str
    desks: int


@dataclass(frozen=True, slots=True)
class Step:
    """What was brought in step.

    Attributes:
        stuck: visits that are no longer wanted, but published or opened.
    """

    new: int
    changed: int
    gone: int
    stuck: tuple[str, ...]


def times_of(election: Election, law: Law, channel: str) -> Times:
    """What decides how long a session of the channel takes."""
    longest = min(election.longest_minutes, election.last_minute - election.first_minute)
    return Times(
        election.setup_minutes, election.pack_minutes, election.seconds_per_vote,
        law.session(channel).min_minutes, longest,
    )  # fmt: skip


def hosts(sites: Iterable[str], decided: Mapping[str, SiteDecision]) -> dict[str, openings.Host]:
    """When each site takes a session, by id. Cost: four statements."""
    found = db.session.scalars(
        select(Site)
        .where(Site.id.in_(list(sites)))
        .options(selectinload(Site.hours), selectinload(Site.quiet), selectinload(Site.closures))
    )
    return {
        site.id: openings.Host(
            tuple(Hours(h.weekday, h.opens, h.closes) for h in site.hours),
            tuple(Hours(q.weekday, q.starts, q.ends) for q in site.quiet),
            tuple((c.from_day, c.to_day) for c in site.closures),
            _agreed(decided.get(site.id)),
        )
        for site in found
    }


def _agreed(decision: SiteDecision | None) -> tuple[int, int] | None:
    if decision is None or decision.hours_from is None or decision.hours_to is None:
        return None
    return decision.hours_from, decision.hours_to


def wanted(election: Election, law: Law) -> tuple[Wanted, ...]:
    """What each site that the law names should have. Cost: six statements."""
    rows = elections.site_rows(election, law)
    served = [row for row in rows if row.outcome is Outcome.SESSION]
    known = hosts(
        [row.id for row in served], {row.id: row.decision for row in served if row.decision}
    )
    return tuple(_wanted(election, law, row, known.get(row.id)) for row in rows)


def _wanted(election: Election, law: Law, row: SiteRow, host: openings.Host | None) -> Wanted:
    if row.outcome is not Outcome.SESSION or row.decision is None or host is None:
        return Wanted(row, (), "", 1)
    days = openings.window_days(law, row.channel)
    holidays = calendar.holidays_between(days[0], days[-1]) if days else frozenset()
    around = openings.Around(election.setup_minutes, election.pack_minutes)
    found = openings.site_windows(host, days, holidays, keeps_quiet=election.keeps_quiet)
    longest = openings.longest(openings.lawful(found, law, row.channel, days, around))
    times = times_of(election, law, row.channel)
    parts = split(max(1, row.expected or 0), row.decision.desks, times, longest)
    least = law.session(row.channel).visits_min
    if len(parts) < least:
        parts = _repeated(parts, least)
    return Wanted(row, parts, _way(row.decision.split, len(parts), law, row), row.decision.desks)


def _way(chosen: str, parts: int, law: Law, row: SiteRow) -> str:
    """Over dates, or by several teams on one day; the law may leave no choice."""
    rule = law.session(row.channel)
    if rule.visits_min > 1:
        return "dates"
    return "crews" if rule.visits_max is not None and rule.visits_max < parts else chosen


def _repeated(parts: tuple[Part, ...], least: int) -> tuple[Part, ...]:
    """The same session so many times: a law may want a site to be visited more than once."""
    return tuple(Part(n + 1, least, parts[0].expected, parts[0].minutes) for n in range(least))


@atomic
def in_step(election: Election) -> Step:
    """Make, change and take away sessions as the decisions say; may be called again and again."""
    law = elections.law_of(election)
    known = {(one.site_id, one.part): one for one in queries.sessions(election.id)}
    fixed = _fixed(election.id, [one.visit_id for one in known.values()])
    new = changed = 0
    keep: set[tuple[str, int]] = set()
    monday = first_monday(law)
    for one in wanted(election, law):
        for part in one.parts:
            key = (one.row.id, part.part)
            keep.add(key)
            if key not in known:
                _add(election, monday, one, part)
                new += 1
            elif known[key].visit_id not in fixed.opened:
                changed += _follow(election, known[key], one, part)
    surplus = [one for key, one in known.items() if key not in keep]
    stuck = tuple(one.visit_id for one in surplus if one.visit_id in fixed.all)
    gone = [one for one in surplus if one.visit_id not in fixed.all]
    _remove(election.id, gone)
    db.session.flush()
    if new:
        add_tasks(select(Visit).where(Visit.book == election.id))
    step = Step(new, changed, len(gone), stuck)
    if new or changed or gone:
        audit.record("sessions", "election", election.id, new=new, changed=changed,
                     gone=len(gone))  # fmt: skip
    return step


@dataclass(frozen=True, slots=True)
class _Fixed:
    """Visits that must not be taken away."""

    published: frozenset[str]
    opened: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.published | self.opened


def _fixed(election_id: str, visit_ids: list[str]) -> _Fixed:
    plans = queries.newest_plans(election_id, PlanState.PUBLISHED)
    begun = select(Visit.id).where(Visit.id.in_(visit_ids), Visit.status != VisitStatus.PLANNED)
    return _Fixed(
        frozenset(queries.planned(plans)),
        queries.marked(visit_ids) | frozenset(db.session.scalars(begun)),
    )


def _add(election: Election, monday: date, one: Wanted, part: Part) -> None:
    visit = Visit(
        id=new_id(), site_id=one.row.id, monday=monday, book=election.id,
        services=[SERVICE], service_minutes=part.minutes + election.pack_minutes,
        setup_minutes=election.setup_minutes, priority=1, people=2,
    )  # fmt: skip
    db.session.add(visit)
    db.session.flush()
    db.session.add(
        VotingSession(
            election_id=election.id, site_id=one.row.id, visit_id=visit.id,
            channel=one.row.channel, part=part.part, parts=part.parts, expected=part.expected,
            desks=one.desks,
        )
    )  # fmt: skip


def first_monday(law: Law) -> date:
    """The week before which nothing of an election is: where what is not planned yet stands."""
    first = min(window.first for window in law.windows.values()).astimezone(law.tz).date()
    return clock.monday_of(first)


def first_monday_of(election: Election) -> date:
    """The same by the election's own law."""
    return first_monday(elections.law_of(election))


def _follow(election: Election, session: VotingSession, one: Wanted, part: Part) -> bool:
    """Make a stored session what is wanted now; whether anything changed."""
    now = {
        "channel": one.row.channel, "parts": part.parts, "expected": part.expected,
        "desks": one.desks,
    }  # fmt: skip
    minutes = {
        "service_minutes": part.minutes + election.pack_minutes,
        "setup_minutes": election.setup_minutes,
    }
    visit = session.visit
    is_new = any(getattr(session, name) != value for name, value in now.items())
    is_longer = any(getattr(visit, name) != value for name, value in minutes.items())
    for name, value in now.items():
        setattr(session, name, value)
    for name, value in minutes.items():
        setattr(visit, name, value)
    return is_new or is_longer


def _remove(election_id: str, gone: Iterable[VotingSession]) -> None:
    """Take sessions away that nobody was told of, out of drafts too."""
    ids = [one.visit_id for one in gone]
    drafts = select(Plan.id).where(Plan.book == election_id, Plan.state == PlanState.DRAFT)
    rounds = select(Round.id).where(Round.plan_id.in_(drafts))
    quietly = {"synchronize_session": False}
    if not ids:
        return
    db.session.execute(
        delete(Stop).where(Stop.visit_id.in_(ids), Stop.round_id.in_(rounds)),
        execution_options=quietly,
    )
    db.session.execute(
        delete(Unplanned).where(Unplanned.visit_id.in_(ids), Unplanned.plan_id.in_(drafts)),
        execution_options=quietly,
    )
    for one in gone:
        one.visit.status = VisitStatus.CANCELLED
        db.session.delete(one)
