"""An election officer at the board of a planned sprint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask.testing import FlaskClient

from outreach.accounts.models import Organisation
from outreach.core.auth import Role
from outreach.core.db import db
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.visits.models import Visit
from outreach.voting import actions, queries
from tests.voting.world import MONDAY, TUESDAY, WEDNESDAY, make_sprint

DAYS = (MONDAY, TUESDAY, WEDNESDAY)


def ask(aim: str = "fewest", teams: int = 3, seconds: float = 0.8, **more: object) -> actions.Ask:
    """A short sprint on three days."""
    return actions.Ask(**{"days": DAYS, **more}, aim=aim, teams=teams, seconds=seconds)  # type: ignore[arg-type]


@dataclass(frozen=True)
class At:
    """Where a visit is."""

    day: date
    letter: str
    starts: int


@dataclass
class Office:
    """The browser of an election officer, and an election."""

    browser: FlaskClient
    election_id: str

    @property
    def election(self) -> Election:
        """As stored now."""
        db.session.rollback()
        db.session.expire_all()
        return elections.election_by_id(self.election_id)

    @property
    def home(self) -> str:
        """The address of the board."""
        return f"/elections/{self.election_id}/sessions"

    def plan(self, **more: object) -> None:
        """Plan here and now."""
        actions.plan_now(self.election, ask(**more))  # type: ignore[arg-type]

    def at(self) -> dict[str, At]:
        """Where the newest plan has each visit."""
        found = queries.planned(queries.newest_plans(self.election.id))
        return {
            visit_id: At(one.round_.day, one.round_.team_letter, one.stop.starts)
            for visit_id, one in found.items()
        }

    def visits(self) -> list[Visit]:
        """Of all sessions."""
        return [one.visit for one in queries.sessions(self.election.id)]

    def get(self, path: str = "") -> str:
        """A page."""
        answer = self.browser.get(self.home + path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **form: object) -> tuple[int, str]:
        """The status of a form that was sent, and the page that follows."""
        answer = self.browser.post(self.home + path, data=form, follow_redirects=True)
        return answer.status_code, answer.text


@pytest.fixture
def office(org: Organisation, as_role: Callable[[Role], FlaskClient]) -> Office:
    """Four homes, six receivers, nothing planned yet."""
    election_id = make_sprint(homes=4).id
    return Office(as_role(Role.ELECTION_OFFICER), election_id)
