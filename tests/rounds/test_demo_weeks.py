"""Six weeks of the demo in a row: every plan keeps the rules, and only what was planted is left."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

import solver
from outreach.accounts.models import Organisation
from outreach.core import clock, tenancy
from outreach.core.db import db
from outreach.demo.loader import load
from outreach.demo.sizes import PLANTED
from outreach.demo.store import SEED
from outreach.rounds import actions, hand, queries, week_facts
from outreach.rounds.models import Plan, Unplanned
from outreach.rounds.planner import Week
from outreach.visits.models import Visit

FIRST, WEEKS = date(2026, 11, 23), 6
SECONDS = 1.5


@pytest.fixture
def municipality(database: None) -> Iterator[None]:
    load("municipality", plan=False)
    with tenancy.acting_for(db.session.scalars(select(Organisation.id)).one()):
        yield


def planned(monday: date, as_of: datetime) -> Plan:
    """The week's draft, planned as if on the Thursday before."""
    plan_id = actions.plan_now(monday, SECONDS, SEED, as_of=as_of)["plan"]
    db.session.expire_all()
    return queries.whole_plan(plan_id)


def breaches(plan: Plan, as_of: datetime) -> list[str]:
    """What the independent checker finds in the rows that were stored."""
    week = Week(week_facts.read(plan.monday, as_of))
    stored = hand.judged(week, plan)
    routes = [(t.shift.id, [s.visit_id for s in t.placed.stops]) for t in stored.rounds]
    again = solver.check(week.problem, solver.evaluate(week.problem, routes))
    return [f.rule for f in stored.breaches] + [f.rule for f in again.hard]


def left_out(plan: Plan, visits: dict[str, Visit]) -> dict[str, list[str]]:
    """Reason codes by the code of the site; a site that has two visits left out would show both."""
    return {
        f"{visits[one.visit_id].site.code}{'+' * number}": [r["code"] for r in one.reasons]
        for number, one in _numbered(plan, visits)
    }


def _numbered(plan: Plan, visits: dict[str, Visit]) -> Iterator[tuple[int, Unplanned]]:
    seen: Counter[str] = Counter()
    for one in plan.unplanned:
        code = visits[one.visit_id].site.code
        yield seen[code], one
        seen[code] += 1


def test_six_weeks_in_a_row_keep_every_rule_and_leave_out_only_what_was_planted(
    municipality: None,
) -> None:
    wanted = {code: [reason] for code, reason in PLANTED.items()}
    for number in range(WEEKS):
        monday = FIRST + timedelta(weeks=number)
        as_of = datetime.combine(monday - timedelta(days=4), datetime.min.time(), clock.DK)
        plan = planned(monday, as_of)
        visits = {visit.id: visit for visit in queries.visits(monday)}
        assert breaches(plan, as_of) == [], monday
        assert left_out(plan, visits) == wanted, monday
        stops = Counter(stop.visit_id for round_ in plan.rounds for stop in round_.stops)
        crews = {v.id: v.crews for v in visits.values()}
        gone = {one.visit_id for one in plan.unplanned}
        assert stops == {id_: n for id_, n in crews.items() if id_ not in gone}, monday
        actions.publish(monday, force_now=as_of)
