"""Publishing a sprint, what stands in its way, and planning it again."""

from datetime import date

import pytest
from sqlalchemy import select

from outreach.core import audit, clock
from outreach.core.db import db
from outreach.receivers.models import Appointment
from outreach.rounds.models import Plan, PlanState, Round
from outreach.visits.models import Visit
from outreach.voting import actions, queries
from tests.rounds.world import make_site, store
from tests.voting.conftest import Office
from tests.voting.world import MONDAY, TUESDAY, WEDNESDAY, make_home

pytestmark = pytest.mark.usefixtures("org")


def test_publishing_freezes_all_and_gives_it_to_tablets(office: Office) -> None:
    """With who gets what, a fingerprint, and an audit line."""
    office.plan(teams=1)
    page = office.get("/publish")
    assert "Site H00" in page
    status, page = office.post("/publish")
    assert status == 200
    assert "Offentliggjort" in page
    (plan,) = queries.newest_plans(office.election_id)
    assert plan.state == PlanState.PUBLISHED
    assert plan.snapshot_sha256
    verbs = [row.verb for row in db.session.scalars(select(audit.AuditEntry))]
    assert "publish" in verbs


def test_an_undecided_site_stops_publishing(office: Office) -> None:
    """By name, with the paragraph; no button, and no way round it."""
    office.plan(teams=1)
    make_site("H99", kind="care_home", residents=10)
    page = office.get("/publish")
    assert "Site H99" in page
    assert 'name="seen"' not in page
    assert office.post("/publish")[0] == 422
    assert all(p.state == "draft" for p in queries.newest_plans(office.election_id))


def test_a_candidate_among_the_receivers_stops_publishing(office: Office) -> None:
    """Found out after planning."""
    office.plan(teams=1)
    rounds = [r for p in queries.newest_plans(office.election_id) for r in p.rounds]
    row = db.session.scalars(
        select(Appointment).where(Appointment.staff_id == rounds[0].member_ids[0])
    ).one()
    row.is_candidate = True
    db.session.commit()
    with pytest.raises(actions.AgainstLaw) as refused:
        actions.publish(office.election)
    assert refused.value.rule == "receiver-flags"


def test_a_draft_that_changed_meanwhile_is_not_published(office: Office) -> None:
    """The page is shown again."""
    office.plan(teams=1)
    status, page = office.post("/publish", seen="something else")
    assert status == 200
    assert all(p.state == "draft" for p in queries.newest_plans(office.election_id))
    assert 'name="seen"' in page


def weekly_round(day: date, staff_id: str) -> None:
    """Somebody rides in the published week."""
    plan = Plan(monday=clock.monday_of(day), number=1)
    store(plan)
    store(Round(plan_id=plan.id, team_letter="A", day=day, member_ids=[staff_id],
                members=["Person 00"], leaves=480, returns=900))  # fmt: skip
    plan.state, plan.published_at, plan.snapshot = "published", clock.now(), b"{}"
    db.session.commit()


def test_who_rides_in_the_week_is_not_planned(office: Office) -> None:
    """Nor offered for a team on that day."""
    person = db.session.scalars(select(Appointment).order_by(Appointment.id)).first()
    assert person is not None
    weekly_round(MONDAY, person.staff_id)
    office.plan(teams=3, days=(MONDAY,), aim="earliest")
    riding = {m.staff_id for team in queries.teams(office.election_id) for m in team.members}
    assert person.staff_id not in riding
    assert len(riding) == 4


def test_a_double_booking_found_later_stops_publishing(office: Office) -> None:
    """The week was published after the sprint was planned."""
    office.plan(teams=1)
    one = queries.newest_plans(office.election_id)[0].rounds[0]
    weekly_round(one.day, one.member_ids[0])
    assert "kører allerede med hold A" in office.get()
    assert "kører allerede med hold A" in office.get("/publish")
    status, _page = office.post("/publish")
    assert status == 422


def test_planning_again_moves_nothing_that_was_published(office: Office) -> None:
    """One home more: the published ones keep day and team, and the version is the next."""
    office.plan(teams=1)
    actions.publish(office.election)
    before = {v: (at.day, at.letter) for v, at in office.at().items()}
    make_home(office.election, "H50", north=2)
    office.plan(teams=1)
    after = {v: (at.day, at.letter) for v, at in office.at().items()}
    assert len(after) == 5
    assert {v: after[v] for v in before} == before
    assert actions.publish(office.election)[0].number == 2


def test_what_was_opened_stays_when_planned_again(office: Office) -> None:
    """On the running day its team and times are kept, whatever is asked."""
    office.plan(teams=1)
    actions.publish(office.election)
    visit_id, at = next(iter(office.at().items()))
    visit = db.session.get(Visit, visit_id)
    assert visit is not None
    visit.status = "in_progress"
    db.session.commit()
    free = [day for day in (MONDAY, TUESDAY, WEDNESDAY) if day != at.day]
    office.plan(teams=1, days=tuple(free))
    again = office.at()[visit_id]
    assert (again.day, again.starts) == (at.day, at.starts)
    assert actions.judged(office.election).answer.breaches == ()


def test_with_the_draft_go_its_teams(office: Office) -> None:
    """Those of the published plan are back, and the plan is sound."""
    office.plan(teams=1, days=(MONDAY, TUESDAY))
    actions.publish(office.election)
    before = {(t.day, t.letter): {m.staff_id for m in t.members}
              for t in queries.teams(office.election_id)}  # fmt: skip
    office.plan(teams=2, days=(WEDNESDAY,), aim="earliest", keep_teams=False)
    assert {t.day for t in queries.teams(office.election_id)} == {WEDNESDAY}
    actions.drop(office.election)
    after = {(t.day, t.letter): {m.staff_id for m in t.members}
             for t in queries.teams(office.election_id)}  # fmt: skip
    assert after == before
    assert actions.judged(office.election).answer.breaches == ()
