"""An election in the town of the canaries: secret sites are decided, planned and looked at too."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts.models import User
from outreach.agreements.models import VisitRequest
from outreach.core.db import db
from outreach.elections.models import Election, SiteDecision
from outreach.jobs import worker
from outreach.jobs.models import Job
from outreach.people.models import Depot, Skill, Staff
from outreach.receivers.models import Appointment
from outreach.rulesets import actions as rulesets
from outreach.rulesets.models import RulesetCopy
from outreach.voting.models import VotingTeam
from tests.rounds.world import make_skill, store
from tests.voting.world import MONDAY, TUESDAY, WEDNESDAY, make_election, make_receivers

LAW = "dk-kv@2025-01"
FIELD = "channels.institution.team.size"


def prepare(person: Staff, site_id: str) -> None:
    """A skill, and a single visit that was asked for, so that their pages can be seen."""
    make_skill("vote_receiver", person)
    days = {"earliest": MONDAY, "latest": WEDNESDAY}
    store(VisitRequest(site_id=site_id, services=["MITID"], **days))


def hold_an_election(app: Flask, officer: FlaskClient, sites: list[str]) -> tuple[str, str]:
    """Decide and plan a session at each of these sites; the job's page, and the board."""
    election = make_election()
    store(
        *(
            SiteDecision(election_id=election.id, site_id=one, outcome="session", expected=7)
            for one in sites
        )
    )
    make_receivers(election, 6)
    rulesets.copy(LAW)
    board = f"/elections/{election.id}/sessions"
    form = {
        "days": [f"{day:%F}" for day in (MONDAY, TUESDAY, WEDNESDAY)], "aim": "earliest",
        "teams": "2", "seconds": "1", "depot": db.session.scalars(select(Depot.id)).first(),
    }  # fmt: skip
    assert officer.post(f"{board}/plan", data=form).status_code == 303
    job = db.session.scalars(select(Job.id).order_by(Job.created_at.desc())).first()
    worker.do(app, job or "")
    db.session.expire_all()
    shown = officer.get(f"/api/v1/elections/{election.id}/sprint").text
    return shown, officer.get(board).text


def parts_of_addresses() -> dict[str, list[str]]:
    """What the addresses of elections, and those of users, depots, skills and requests, name."""
    rows = {"user_id": User, "depot_id": Depot, "skill_id": Skill, "request_id": VisitRequest,
            "copy_id": RulesetCopy}  # fmt: skip
    election = db.session.scalars(select(Election)).one()
    return {
        "election_id": [election.id], "option": list(election.law["local_options"]),
        "key": [LAW, election.feed_key],
        "field": [FIELD],
        "appointment_id": [*db.session.scalars(select(Appointment.id).limit(1))],
        **{name: [*db.session.scalars(select(row.id))] for name, row in rows.items()},
    }  # fmt: skip


def teams() -> list[str]:
    """Of the election."""
    return [*db.session.scalars(select(VotingTeam.id))]
