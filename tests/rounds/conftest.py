"""A planned week and a coordinator who works on it by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from outreach.core.auth import Role
from outreach.core.db import db
from outreach.rounds import actions, queries, week_facts
from outreach.rounds.models import Plan, Stop
from outreach.rounds.planner import Week
from outreach.visits.models import Visit
from tests.rounds.world import MONDAY, make_staff, make_team, make_town

WEEK = f"/weeks/{MONDAY:%G-W%V}"


@dataclass
class Desk:
    """The browser of a coordinator, and the visits of the week."""

    browser: FlaskClient
    visits: list[Visit]

    def plan(self) -> Plan:
        """The newest plan as stored now."""
        db.session.rollback()
        db.session.expire_all()
        plan_id = queries.newest(MONDAY)
        assert plan_id is not None
        return queries.whole_plan(plan_id)

    def at(self, visit: Visit) -> list[tuple[str, int, int]]:
        """Where a visit stands: team, weekday, start."""
        return sorted(
            (round_.team_letter, round_.day.weekday(), stop.starts)
            for round_ in self.plan().rounds
            for stop in round_.stops
            if stop.visit_id == visit.id
        )

    def stop(self, visit: Visit) -> Stop:
        """The one stop of a visit."""
        (found,) = [s for r in self.plan().rounds for s in r.stops if s.visit_id == visit.id]
        return found

    def move(self, visit: Visit, **form: str) -> str:
        """Move by the menu; the page that follows."""
        answer = self.browser.post(
            f"{WEEK}/visits/{visit.id}/move", data=form, follow_redirects=True
        )
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **form: str) -> int:
        """The status of a form that was sent."""
        return self.browser.post(f"{WEEK}{path}", data=form).status_code


def solve(seed: int = 0) -> None:
    """Plan the week again."""
    actions.keep_plan(MONDAY, Week(week_facts.read(MONDAY)).solved(0.2, seed))


@pytest.fixture
def desk(as_role: Callable[[Role], FlaskClient]) -> Desk:
    """Two teams, six visits, a draft."""
    _people, visits = make_town(6)
    make_team("B", make_staff("Carl"), make_staff("Dorte"))
    solve()
    return Desk(as_role(Role.COORDINATOR), visits)
