"""An election in its window whose homes are planned, published, and partly held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from outreach.core import clock
from outreach.core.db import db, writing
from outreach.core.ids import new_id
from outreach.elections.models import Election
from outreach.people.models import Staff
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.sites.models import Site
from outreach.visits.models import Tally, Visit
from outreach.voting.models import SessionMark, VotingSession
from tests.rounds.world import store
from tests.voting.world import make_election, make_home, make_receivers

DAY = date(2026, 11, 24)
ELECTION_DAY = date(2026, 12, 8)
SECRET = "Kirsebærvænget 7"


def make_polls(homes: int = 3, letter: str = "H") -> tuple[Election, list[Site], list[Staff]]:
    """An election with homes that are to have a session, and two receivers for each."""
    election = make_election(election_day=ELECTION_DAY)
    sites = [make_home(election, f"{letter}{n:03d}") for n in range(homes)]
    return election, sites, make_receivers(election, homes * 2)


def publish(
    election: Election, sites: list[Site], people: list[Staff], **more: Any
) -> list[VotingSession]:
    """One round for each site on the Tuesday, doors open from 10 to 11."""
    made = [_session(election, site) for site in sites]
    fields = {"number": 1, "state": PlanState.PUBLISHED, **more}
    state = fields.pop("state")
    plan = Plan(id=new_id(), monday=clock.monday_of(DAY), book=election.id, **fields)
    with writing():
        db.session.add_all([visit for visit, _session in made])
        db.session.flush()
        db.session.add_all([session for _visit, session in made])
        plan.rounds = [
            _round(n, people[n * 2 : n * 2 + 2], visit, election)
            for n, (visit, _session) in enumerate(made)
        ]
        db.session.add(plan)
        db.session.flush()
        plan.state = state
    return [session for _visit, session in made]


def _session(election: Election, site: Site) -> tuple[Visit, VotingSession]:
    visit = Visit(
        id=new_id(), site_id=site.id, monday=clock.monday_of(DAY), book=election.id,
        services=["VOTE"], service_minutes=75, setup_minutes=election.setup_minutes,
    )  # fmt: skip
    return visit, VotingSession(
        id=new_id(), election_id=election.id, site_id=site.id, visit_id=visit.id,
        channel="institution", expected=18,
    )  # fmt: skip


def _round(number: int, people: list[Staff], visit: Visit, election: Election) -> Round:
    opens = 10 * 60 - election.setup_minutes
    return Round(
        id=new_id(), team_letter=f"V{number % 9 + 1}", day=DAY, vehicle="Bil 1",
        member_ids=[one.id for one in people], members=[one.name for one in people],
        leaves=opens - 10, returns=11 * 60 + 30,
        stops=[
            Stop(
                id=new_id(), visit_id=visit.id, seq=1, arrives=opens, starts=opens,
                ends=11 * 60 + election.pack_minutes,
            )
        ],
    )  # fmt: skip


def hold(session: VotingSession, people: list[Staff], votes: int = 21, minutes: int = 55) -> None:
    """Open it at ten, count, close it."""
    opened = datetime(2026, 11, 24, 10, 2, tzinfo=clock.DK)
    closed = opened + timedelta(minutes=minutes)
    middle, ids = opened + timedelta(minutes=5), [one.id for one in people]
    store(
        SessionMark(**_fact(session, opened), kind="open", receivers=ids),
        Tally(**_fact(session, middle), measure="votes", amount=votes, day=DAY),
        SessionMark(**_fact(session, closed), kind="close", receivers=ids),
    )


def relieve(session: VotingSession, people: list[Staff]) -> None:
    """Let others take over in between."""
    at = datetime(2026, 11, 24, 10, 20, tzinfo=clock.DK)
    store(SessionMark(**_fact(session, at), kind="swap", receivers=[one.id for one in people]))


def _fact(session: VotingSession, at: datetime) -> dict[str, Any]:
    return {
        "visit_id": session.visit_id, "op_id": new_id(), "by_id": new_id(), "by_name": "Felt 1",
        "at": at, "received_at": at,
    }  # fmt: skip
