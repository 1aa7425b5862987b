"""An election that came to nothing is deleted; one that was published or held is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from outreach.core.audit import AuditEntry
from outreach.core.auth import Role
from outreach.core.db import db
from outreach.core.errors import RuleBroken
from outreach.elections.models import Election, LocalDecision, SiteDecision
from outreach.people.models import Staff
from outreach.receivers.models import Appointment
from outreach.rounds.models import Plan, PlanState, Stop
from outreach.visits.models import Visit
from outreach.voting import deletion
from outreach.voting.models import VotingSession
from tests.proof import world

GOES = (Election, LocalDecision, SiteDecision, Appointment, Plan, Stop, Visit, VotingSession)


@pytest.fixture
def officer(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.ELECTION_OFFICER)


def left() -> set[str]:
    found = {model: db.session.scalar(select(func.count()).select_from(model)) for model in GOES}
    return {model.__name__ for model, number in found.items() if number}


def test_a_draft_goes_with_all_that_is_its_own(officer: FlaskClient) -> None:
    election, sites, people = world.make_polls()
    world.publish(election, sites, people, state=PlanState.DRAFT)
    staff = db.session.scalar(select(func.count()).select_from(Staff))
    url = f"/elections/{election.id}/delete?lang=en"
    assert "This goes and cannot be brought back" in officer.get(url).text
    assert left() >= {"Election", "Appointment", "Plan", "Stop", "Visit", "VotingSession"}
    assert officer.post(url).status_code == 303
    assert left() == set()
    assert db.session.scalar(select(func.count()).select_from(Staff)) == staff
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.verb, entry.details["receivers"], entry.details["sessions"]) == ("delete", 6, 3)


def test_another_election_stays(officer: FlaskClient) -> None:
    other, sites, people = world.make_polls(letter="A")
    world.publish(other, sites, people)
    election, sites, people = world.make_polls(letter="B")
    world.publish(election, sites, people, state=PlanState.DRAFT)
    deletion.remove(election)
    assert db.session.scalars(select(Election.id)).all() == [other.id]
    assert len(db.session.scalars(select(VotingSession.id)).all()) == 3


def test_what_is_published_or_was_held_stays(officer: FlaskClient) -> None:
    election, sites, people = world.make_polls()
    world.publish(election, sites, people)
    url = f"/elections/{election.id}/delete?lang=en"
    page = officer.get(url).text
    assert "Sessions of it are published." in page
    assert "button-danger" not in page
    assert officer.post(url).status_code == 422
    assert left() >= {"Election", "Plan"}


def test_a_session_that_was_held_off_the_plan_is_kept(officer: FlaskClient) -> None:
    election, sites, people = world.make_polls()
    first, *_rest = world.publish(election, sites, people, state=PlanState.DRAFT)
    world.hold(first, people[:2])
    with pytest.raises(RuleBroken, match="rule-broken"):
        deletion.remove(election)
    assert (
        "A session of it was held." in officer.get(f"/elections/{election.id}/delete?lang=en").text
    )
