"""A small election in a small town: everything is lawful unless a test says no.

Election day is Tuesday 12 January 2027; by the shipped dk-kv homes are visited from 22 December
to 8 January.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from outreach.core import clock
from outreach.core.db import db
from outreach.elections import queries as elections
from outreach.elections.models import Election, SiteDecision
from outreach.people.models import Depot, Staff
from outreach.receivers.models import Appointment
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.rulesets import library
from outreach.sites.models import Site
from outreach.visits.models import Visit
from outreach.voting import queries
from tests.rounds.world import make_catalogue, make_site, make_staff, store

ELECTION_DAY = date(2027, 1, 12)
FIRST_DAY = date(2026, 12, 22)
MONDAY, TUESDAY, WEDNESDAY = date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6)


def make_election(ruleset: str = "dk-kv@2025-01", **more: Any) -> Election:
    """An election with its law; the depot from which teams go out is made too."""
    document = library.documents()[ruleset]
    fields: dict[str, Any] = {
        "title": "Kommunalvalg", "ruleset": ruleset, "law": document,
        "election_day": ELECTION_DAY, **more,
    }  # fmt: skip
    made = Election(**fields)
    store(made)
    if db.session.query(Depot).first() is None:
        store(Depot(name="Valgsekretariatet", latitude=56.15, longitude=10.2))
    return elections.election_by_id(made.id)


def make_home(
    election: Election, code: str, residents: int = 40, *, outcome: str = "session",
    decision: dict[str, Any] | None = None, **more: Any,
) -> Site:  # fmt: skip
    """A care home with so many residents, and what is decided for it."""
    site = make_site(code, kind="care_home", residents=residents, **more)
    if outcome:
        store(
            SiteDecision(
                election_id=election.id, site_id=site.id, outcome=outcome, **(decision or {})
            )
        )
    return site


def make_receiver(election: Election, name: str, **more: Any) -> Staff:
    """Somebody appointed and instructed in good time."""
    person = make_staff(name)
    appoint(election, person, **more)
    return person


def appoint(election: Election, person: Staff, **more: Any) -> Appointment:
    """Let somebody receive votes."""
    fields: dict[str, Any] = {
        "role": "appointed_voter", "appointed_on": date(2026, 10, 1),
        "instructed_on": date(2026, 10, 20), **more,
    }  # fmt: skip
    row = Appointment(election_id=election.id, staff_id=person.id, **fields)
    store(row)
    return row


def make_receivers(election: Election, count: int, first: int = 0) -> list[Staff]:
    return [make_receiver(election, f"Person {n:02d}") for n in range(first, first + count)]


def make_sprint(homes: int = 4, receivers: int = 6, **more: Any) -> Election:
    """An election with homes near each other and enough receivers."""
    make_catalogue()
    election = make_election(**more)
    for n in range(homes):
        make_home(election, f"H{n:02d}", north=n % 7, longitude=10.2 + n / 300)
    make_receivers(election, receivers)
    return election


def place(
    election: Election, visits: list[Visit], people: list[Staff], *, state: str = "draft",
    day: date = MONDAY, number: int = 1,
) -> Plan:  # fmt: skip
    """A plan with one round that serves these visits one after another from nine."""
    plan = Plan(monday=clock.monday_of(day), book=election.id, number=number)
    store(plan)
    one = Round(
        plan_id=plan.id, team_letter="V1", day=day, member_ids=[p.id for p in people],
        members=[p.name for p in people], vehicle="V1", leaves=530, returns=900,
    )  # fmt: skip
    store(one)
    at = 540
    for seq, visit in enumerate(visits):
        ends = at + visit.setup_minutes + visit.service_minutes
        store(Stop(round_id=one.id, visit_id=visit.id, seq=seq, arrives=at, starts=at, ends=ends))
        at = ends + 10
    if state == "published":
        plan.state, plan.published_at, plan.snapshot = PlanState.PUBLISHED, clock.now(), b"{}"
        db.session.commit()
    return plan


def the_visits(election: Election) -> list[Visit]:
    return [one.visit for one in queries.sessions(election.id)]
