"""The officer's board: planning, moving within the law, teams, locks, publishing."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts.models import Organisation
from outreach.core import clock
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.core.errors import Invalid, RuleBroken
from outreach.elections.models import SiteDecision
from outreach.jobs.models import Job
from outreach.people.models import Depot
from outreach.receivers.models import Appointment
from outreach.voting import actions, queries, teams
from outreach.voting.sprint import team_depots
from tests.counting import statements
from tests.voting.conftest import Office, ask
from tests.voting.world import (
    ELECTION_DAY,
    FIRST_DAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    make_election,
    make_home,
    make_receiver,
)

pytestmark = pytest.mark.usefixtures("org")


def test_the_board_is_for_election_officers(
    org: Organisation, as_role: Callable[[Role], FlaskClient]
) -> None:
    """A coordinator plans the weekly outreach, not votes."""
    election = make_election()
    assert as_role(Role.COORDINATOR).get(f"/elections/{election.id}/sessions").status_code == 403


def test_an_unplanned_election_shows_its_window_and_asks_for_days(office: Office) -> None:
    """Reserve days are not offered; the paragraph stands there."""
    page = office.get()
    assert "KRV § 62, stk. 1" in page
    assert f'value="{FIRST_DAY.isoformat()}"' in page
    assert 'value="2027-01-08"' not in page
    assert "Lovligt vindue" in page


def test_the_tray_names_what_is_decided_and_not_planned_yet(office: Office) -> None:
    """Before anything is planned, and a home that was decided since."""
    page = office.get()
    assert page.count("Ikke planlagt endnu.") == 4
    office.plan(teams=1)
    assert "Ikke planlagt endnu." not in office.get()
    make_home(office.election, "H77")
    page = office.get()
    assert page.count("Ikke planlagt endnu.") == 1
    assert "Site H77" in page


def test_the_board_costs_the_same_for_many_homes(office: Office) -> None:
    """As many statements for twenty homes as for four."""
    office.plan(teams=1)
    with statements() as few:
        office.get()
    for n in range(16):
        make_home(office.election, f"M{n:02d}")
    office.plan(teams=3)
    with statements() as many:
        office.get()
    assert len(many) == len(few)


def test_planning_is_asked_for_in_the_background(office: Office) -> None:
    """The form becomes a job of the house, about this election."""
    status, page = office.post(
        "/plan", days=[MONDAY.isoformat()], aim="earliest", teams=2, seconds=3,
        depot=_depot(), keep_teams="y",
    )  # fmt: skip
    assert status == 200
    assert "/sprint/stop" in page
    job = db.session.scalars(select(Job)).one()
    assert (job.kind, job.subject, job.params["aim"]) == ("sprint", office.election_id, "earliest")
    assert job.params["days"] == [MONDAY.isoformat()]


def _depot() -> str:
    return team_depots()[0].id


def test_no_day_and_no_sense_are_refused_in_the_form(office: Office) -> None:
    """With the field named; nothing is begun."""
    status, page = office.post("/plan", aim="fewest", teams=2, seconds=3, depot=_depot())
    assert status == 422
    assert "Vælg mindst én dag" in page
    status, _page = office.post(
        "/plan", days=[MONDAY.isoformat()], aim="fewest", teams=99, seconds=3, depot=_depot()
    )
    assert status == 422
    assert db.session.scalars(select(Job)).first() is None


def test_a_planned_sprint_stands_on_the_board(office: Office) -> None:
    """Teams, votes and times; every visit in its week; the book is the election's."""
    office.plan()
    page = office.get()
    assert "18 stemmer" in page
    assert "V1" in page
    assert "Site H00" in page
    assert {visit.monday for visit in office.visits()} == {MONDAY}
    (plan,) = queries.newest_plans(office.election_id)
    assert (plan.book, plan.state, plan.monday) == (office.election_id, "draft", MONDAY)
    assert all(one.team_id is None and len(one.member_ids) == 2 for one in plan.rounds)
    assert len(office.at()) == 4


def test_days_outside_the_window_are_barred(office: Office) -> None:
    """And so are those that are kept for second attempts."""
    office.plan()
    page = office.get("?week=2027-01-04")
    assert "Gemt til andet forsøg" in page
    assert "Uden for det lovlige vindue" in office.get("?week=2026-12-21")


def test_fewest_teams_keeps_only_those_that_go_out(office: Office) -> None:
    """One pair is enough for four homes in three days."""
    office.plan(teams=3)
    stored = queries.teams(office.election_id)
    assert {team.letter for team in stored} == {"V1"}
    assert all(len(team.members) == 2 for team in stored)


def test_a_sprint_over_two_weeks_is_two_drafts(office: Office) -> None:
    """Published together, in one go."""
    days = (date(2026, 12, 23), MONDAY)
    office.plan(days=days, teams=1, aim="fewest")
    plans = queries.newest_plans(office.election_id)
    assert [plan.monday for plan in plans] == [date(2026, 12, 21), MONDAY]
    made = actions.publish(office.election)
    assert [plan.state for plan in made] == ["published"] * 2
    assert all(plan.snapshot_sha256 for plan in made)


def test_a_move_is_planned_and_can_be_undone(office: Office) -> None:
    """By the menu: new times are said, with a way back."""
    office.plan(teams=1)
    visit_id, before = next(iter(office.at().items()))
    other = next(d for d in {t.day for t in queries.teams(office.election_id)}
                 if d != before.day)  # fmt: skip
    status, page = office.post(f"/{visit_id}/move", team="V1", day=other.isoformat(), around="")
    assert status == 200
    assert office.at()[visit_id].day == other
    assert "/back?to=V1." in page


def test_a_move_against_the_law_is_refused_with_its_paragraph(office: Office) -> None:
    """A team that stands on a day after the window: nothing is saved."""
    office.plan(teams=1)
    late = date(2027, 1, 11)
    formed = teams.form(office.election, [TUESDAY], 1, _depot_row(), keep=False)
    with writing():
        teams.store(office.election, [late], [replace(formed.shifts[0], day=late)])
    visit_id, before = next(iter(office.at().items()))
    status, page = office.post(f"/{visit_id}/move", team="V1", day=late.isoformat(), around="")
    assert status == 422
    assert "KRV § 62, stk. 1" in page
    assert office.at()[visit_id].day == before.day
    answer = office.browser.post(
        f"/api/v1/elections/{office.election_id}/moves",
        json={"visit": visit_id, "target": {"team": "V1", "day": late.isoformat()}},
    )
    assert answer.status_code == 422
    assert "KRV § 62, stk. 1" in office.get()
    assert office.at()[visit_id].day == before.day


def _depot_row() -> Depot:
    return team_depots()[0]


def test_a_move_against_the_hosts_hours_is_shown_but_kept(office: Office) -> None:
    """A preference: it stands on the card, and publishing waits for it."""
    office.plan(teams=1)
    visit_id, at = next(iter(office.at().items()))
    sites = {visit.id: visit.site_id for visit in office.visits()}
    decision = db.session.scalars(
        select(SiteDecision).where(SiteDecision.site_id == sites[visit_id])
    ).one()
    decision.hours_from, decision.hours_to = 900, 960
    db.session.commit()
    status, page = office.post(
        f"/{visit_id}/move", team="V1", day=at.day.isoformat(), around="08:00"
    )
    assert status == 200
    assert "Planen overtræder" in page or "bryder" in page
    assert 'name="seen"' not in office.get("/publish")


def test_a_session_is_taken_out_and_comes_back_by_the_board(office: Office) -> None:
    """To the tray and back, as by drag and keys."""
    office.plan(teams=1)
    visit_id, at = next(iter(office.at().items()))
    address = f"/api/v1/elections/{office.election_id}/moves"
    assert office.browser.post(address, json={"visit": visit_id}).status_code == 200
    assert visit_id not in office.at()
    target = {"team": "V1", "day": at.day.isoformat()}
    answer = office.browser.post(address, json={"visit": visit_id, "target": target})
    assert answer.json is not None
    assert answer.json["breaches"] == 0
    assert office.at()[visit_id].day == at.day


def test_a_locked_session_stays_when_planned_again(office: Office) -> None:
    """The lock is set where it stands."""
    office.plan(teams=2)
    visit_id, at = next(iter(office.at().items()))
    assert office.post(f"/{visit_id}/lock", level="time")[0] == 200
    office.plan(teams=2, aim="earliest", days=(MONDAY, TUESDAY, WEDNESDAY))
    again = office.at()[visit_id]
    assert (again.day, again.starts) == (at.day, at.starts)


def test_a_team_is_changed_among_those_who_may(office: Office) -> None:
    """The others are named with the reason; the draft's round has the new people."""
    office.plan(teams=1)
    make_receiver(office.election, "Kandidat Karl", is_candidate=True)
    team = queries.teams(office.election_id)[0]
    day, riding = team.day, {member.staff_id for member in team.members}
    path = f"/teams/{team.id}"
    assert "Kandidat Karl er" in office.get(path)
    free = db.session.scalars(select(Appointment).order_by(Appointment.id)).all()
    ids = [row.staff_id for row in free if row.staff_id not in riding and not row.is_candidate][:2]
    assert office.post(path, members=ids)[0] == 200
    rounds = [r for p in queries.newest_plans(office.election_id) for r in p.rounds]
    assert next(set(r.member_ids) for r in rounds if r.day == day) == set(ids)


def test_where_there_is_no_draft_the_page_of_publishing_says_so(office: Office) -> None:
    """Whether it is looked at or sent; the board is one step away."""
    there = f"{office.home}/publish"
    for answer in (office.browser.get(there), office.browser.post(there)):
        assert answer.status_code == 409
        assert "Der er ingen kladde at offentliggøre." in answer.text
        assert f'href="{office.home}"' in answer.text


def test_a_team_that_was_changed_in_another_tab_is_shown_first(office: Office) -> None:
    """The members are rows of their own; the team's version rises with them."""
    office.plan(teams=1)
    team = queries.teams(office.election_id)[0]
    path, riding = f"/teams/{team.id}", {member.staff_id for member in team.members}
    seen = re.search(r'name="seen"[^>]* value="(\d+)"', office.get(path))
    assert seen is not None
    free = [row.staff_id for row in db.session.scalars(select(Appointment))
            if row.staff_id not in riding][:2]  # fmt: skip
    assert office.post(path, members=free, seen=seen[1])[0] == 200
    status, page = office.post(path, members=list(riding), seen=seen[1])
    assert (status, "En anden har ændret" in page) == (422, True)
    after = next(one for one in queries.teams(office.election_id) if one.id == team.id)
    assert {member.staff_id for member in after.members} == set(free)


def test_an_unlawful_team_is_refused(office: Office) -> None:
    """One person alone, or a candidate: the old team stays."""
    office.plan(teams=1)
    team = queries.teams(office.election_id)[0]
    before = {member.staff_id for member in team.members}
    path = f"/teams/{team.id}"
    assert office.post(path, members=[next(iter(before))])[0] == 422
    candidate = make_receiver(office.election, "Kandidat", is_candidate=True)
    assert office.post(path, members=[*before, candidate.id])[0] == 422
    after = next(t for t in queries.teams(office.election_id) if t.id == team.id)
    assert {member.staff_id for member in after.members} == before


def test_too_few_receivers_are_said_on_the_board(office: Office) -> None:
    """With how many there are, and how many are needed."""
    ready = actions.prepare(office.election, ask(teams=5))
    assert {(lack.made, lack.code, lack.has, lack.needs) for lack in ready.lacks} == {
        (3, "people", 6, 10)
    }


def test_a_reserve_day_cannot_be_chosen(office: Office) -> None:
    """It is hard by setting."""
    with pytest.raises(Invalid):
        actions.prepare(office.election, ask(days=(date(2027, 1, 8),)))


def test_after_the_election_nothing_is_changed(office: Office) -> None:
    """What was, was."""
    office.plan(teams=1)
    visit_id = next(iter(office.at()))
    clock.move_to(datetime.combine(ELECTION_DAY + timedelta(days=1), time(9), clock.DK))
    with pytest.raises(RuleBroken) as refused:
        actions.lock(office.election, visit_id, "day")
    assert refused.value.rule == "election-over"


def test_a_draft_can_be_thrown_away(office: Office) -> None:
    """The published plan is what counts then."""
    office.plan(teams=1)
    assert office.post("/drop")[0] == 200
    assert queries.newest_plans(office.election_id) == ()
