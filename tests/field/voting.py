"""An election whose one session is on both teams' tablets; its window is open on the Tuesday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from outreach.catalogue.models import Service
from outreach.core import clock
from outreach.core.db import db, writing
from outreach.core.ids import new_id
from outreach.elections.models import Election
from outreach.people.models import Staff
from outreach.receivers.models import Appointment
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.rulesets.library import choose, shipped
from outreach.sites.models import Site
from outreach.visits.models import Visit
from outreach.voting.models import VotingSession

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
ELECTION_DAY = date(2026, 12, 8)
FIRST = datetime(2026, 11, 17, tzinfo=clock.DK)
LAST = datetime(2026, 12, 4, 23, 59, 59, tzinfo=clock.DK)


@dataclass
class Polls:
    """What a test talks about.

    Attributes:
        anna, bo: in the round, with a tablet each; cia, dan: substitutes; eva: in another round.
        candidate, raw, late, stranger: may not; the last one is not appointed at all.
    """

    election: Election
    session: VotingSession
    visit: Visit
    plan: Plan
    people: dict[str, Staff]

    def ids(self, *names: str) -> list[str]:
        return [self.people[name].id for name in names]

    def args(self, *names: str, **more: Any) -> dict[str, Any]:
        """Arguments of an opening, a swap or a closing by these people."""
        ids = self.ids(*names)
        return {"receivers": ids, "confirmed": ids, "contact": clock.millis()} | more


def _people(given: list[Staff]) -> dict[str, Staff]:
    made = {"anna": given[0], "bo": given[1]}
    for name in ("cia", "dan", "eva", "candidate", "raw", "late", "stranger"):
        made[name] = Staff(id=new_id(), name=name.title(), initials=name[:2], sort_key=name)
    return made


def _appointments(election: Election, people: dict[str, Staff]) -> list[Appointment]:
    given: dict[str, Any] = {
        "election_id": election.id, "role": "appointed_voter", "appointed_on": date(2026, 10, 1),
        "instructed_on": date(2026, 11, 1),
    }  # fmt: skip
    odd: dict[str, dict[str, Any]] = {
        "candidate": {"is_candidate": True}, "raw": {"instructed_on": None},
        "late": {"expires_on": date(2026, 11, 20)}, "dan": {"is_reserve": True},
    }  # fmt: skip
    return [
        Appointment(**(given | {"staff_id": one.id} | odd.get(name, {})))
        for name, one in people.items()
        if name != "stranger"
    ]


def hold_polls(given: list[Staff], site: Site, day: date = TUESDAY, **more: Any) -> Polls:
    """Store the election and publish a round of Anna and Bo, and one of Eva beside it."""
    law = choose("dk-kv", ELECTION_DAY, shipped().values())
    election = Election(
        id=new_id(), title="Kommunalvalg", ruleset=law.key, law=law.document(),
        election_day=ELECTION_DAY, decisions=[],
    )  # fmt: skip
    people = _people(given)
    monday = clock.monday_of(day)
    visit = Visit(
        id=new_id(), site_id=site.id, monday=monday, book=election.id, services=["VOTE"],
        service_minutes=75, setup_minutes=25,
    )  # fmt: skip
    session = VotingSession(
        id=new_id(), election_id=election.id, site_id=site.id, visit_id=visit.id, expected=20,
        **({"channel": "institution"} | more),
    )  # fmt: skip
    groups: list[list[Any]] = [
        [election, *list(people.values())[2:]], _appointments(election, people), [visit],
        [session, *_service()],
    ]  # fmt: skip
    with writing():
        for group in groups:
            db.session.add_all(group)
            db.session.flush()
    polls = Polls(election, session, visit, _plan(election, monday), people)
    publish_polls(polls, day)
    return polls


def _service() -> list[Service]:
    known = db.session.scalars(select(Service).where(Service.code == "VOTE")).first()
    return [] if known else [Service(code="VOTE", name_da="Stemme", name_en="Vote", minutes=30)]


def _plan(election: Election, monday: date, number: int = 1) -> Plan:
    return Plan(
        id=new_id(), monday=monday, book=election.id, number=number, published_at=clock.now()
    )


def publish_polls(polls: Polls, day: date, *names: str, number: int = 1) -> None:
    """Publish the session's round with these people, Anna and Bo unless others are named."""
    if number > 1:
        polls.plan = _plan(polls.election, clock.monday_of(day), number)
    people = [polls.people[name] for name in names or ("anna", "bo")]
    plan = polls.plan
    rounds = [_round(plan, day, "V1", people), _round(plan, day, "V2", [polls.people["eva"]])]
    stop = Stop(
        round_id=rounds[0].id, visit_id=polls.visit.id, seq=0, arrives=540, starts=540, ends=640
    )
    with writing():
        db.session.add(plan)
        db.session.flush()
        db.session.add_all(rounds)
        db.session.flush()
        db.session.add(stop)
        db.session.flush()
        plan.state = PlanState.PUBLISHED


def _round(plan: Plan, day: date, letter: str, people: list[Staff]) -> Round:
    return Round(
        id=new_id(), plan_id=plan.id, team_id=None, team_letter=letter, day=day,
        member_ids=[one.id for one in people], members=[one.name for one in people],
        vehicle="EL 1", leaves=480, returns=900,
    )  # fmt: skip


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def later(**time: int) -> datetime:
    """Let the clock go on."""
    moment = clock.now() + timedelta(**time)
    clock.move_to(moment)
    return moment
