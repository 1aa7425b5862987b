"""The weekly outreach and an election keep a book each: neither sees the other's plans."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation
from outreach.agreements.actions import bring_due
from outreach.core import clock
from outreach.core.auth import Role
from outreach.core.db import db
from outreach.core.errors import RuleBroken
from outreach.field.queries import newest_plans
from outreach.overview import queries as overview
from outreach.people.models import Staff
from outreach.reports import queries as reports
from outreach.reports.periods import parse
from outreach.rounds import actions, elsewhere, queries, week_facts
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.rounds.planner import Week
from outreach.visits.models import Tally, Visit
from tests.rounds.conftest import solve
from tests.rounds.world import MONDAY, TUESDAY, make_site, make_staff, make_town, make_visit, store

BOOK = "018f0000-0000-7000-8000-00000000000e"


def voting_round(day: date, *members: Staff, number: int = 1, book: str = BOOK) -> Visit:
    """A published round of an election, with one visit."""
    visit = make_visit(make_site(f"V{number}{day:%d}"), book=book, services=["VOTE"])
    plan = Plan(monday=MONDAY, book=book, number=number, state=PlanState.DRAFT)
    store(plan)
    one = Round(
        plan_id=plan.id, team_letter="V1", day=day, member_ids=[p.id for p in members],
        members=[p.name for p in members], leaves=480, returns=700,
    )  # fmt: skip
    store(one)
    store(Stop(round_id=one.id, visit_id=visit.id, seq=0, arrives=500, starts=500, ends=600))
    publish(plan)
    return visit


def publish(plan: Plan) -> None:
    plan.state, plan.published_at, plan.snapshot = PlanState.PUBLISHED, clock.now(), b"{}"
    db.session.commit()


def test_the_week_does_not_see_the_plan_of_an_election(org: Organisation) -> None:
    """Neither its plan, nor its visits, nor its rounds."""
    people, visits = make_town(2)
    solve()
    mine = queries.newest(MONDAY)
    theirs = voting_round(TUESDAY, people[0], number=7)
    assert queries.newest(MONDAY) == mine
    assert [v.number for v in queries.versions(MONDAY)] == [1]
    assert [v.number for v in queries.versions(MONDAY, BOOK)] == [7]
    assert queries.trace(MONDAY)[0] == mine
    assert {v.id for v in queries.visits(MONDAY)} == {v.id for v in visits}
    assert {v.id for v in week_facts.read(MONDAY).visits} == {v.id for v in visits}
    assert queries.published_rounds(TUESDAY) == ()
    assert [r.team_letter for r in queries.published_rounds(TUESDAY, BOOK)] == ["V1"]
    assert overview.next_day_with_rounds(clock.today()) is None
    assert theirs.id not in {v.id for v in reports.visits(parse("2026-W49"))}


def test_the_weeks_own_numbers_begin_at_one_beside_an_election(org: Organisation) -> None:
    """Each book counts its versions for itself."""
    people, _visits = make_town(1)
    voting_round(TUESDAY, people[0], number=4)
    solve()
    assert [v.number for v in queries.versions(MONDAY)] == [1]


def test_due_visits_leave_an_elections_visits_alone(org: Organisation) -> None:
    """They are no promise of an agreement, and get no check list from here."""
    people, _visits = make_town(1)
    theirs = voting_round(TUESDAY, people[0])
    bring_due(MONDAY)
    db.session.commit()
    stored = db.session.get(Visit, theirs.id)
    assert stored is not None
    assert stored.status == "planned"


def test_votes_are_counted_though_the_visit_is_not_the_weeks(org: Organisation) -> None:
    """A report adds up what was counted at all visits."""
    people, _visits = make_town(1)
    theirs = voting_round(TUESDAY, people[0])
    store(
        Tally(visit_id=theirs.id, op_id="o1", by_id="u", by_name="U", at=clock.now(),
              received_at=clock.now(), measure="votes", amount=12, day=TUESDAY)
    )  # fmt: skip
    assert [(c.tally, c.amount) for c in reports.counts(parse("2026-W49"))] == [("votes", 12)]


def test_a_tablet_gets_the_newest_plan_of_every_book(org: Organisation) -> None:
    """A high number in one book does not hide another book's plan."""
    people, _visits = make_town(1)
    solve()
    actions.publish(MONDAY)
    voting_round(TUESDAY, people[0], number=9)
    newest = newest_plans([MONDAY])
    assert {key: number for key, (_id, number) in newest.items()} == {
        (MONDAY, ""): 1, (MONDAY, BOOK): 9,
    }  # fmt: skip


def test_a_field_user_sees_rounds_of_every_book(org: Organisation) -> None:
    """The start page of somebody who receives votes names that round too."""
    people, _visits = make_town(1)
    user = accounts.create_user("anna@example.dk", "Anna", [Role.FIELD], "a-long-enough-password")
    people[0].user_id = user.id
    db.session.commit()
    voting_round(TUESDAY, people[0], number=3)
    assert [(r.day, r.letter) for r in overview.my_rounds(user.id, clock.today())] == [
        (TUESDAY, "V1")
    ]


def test_who_receives_votes_is_away_from_the_week_on_that_day(org: Organisation) -> None:
    """Anna rides for an election on Tuesday; her team is Bo alone then."""
    people, _visits = make_town(1)
    voting_round(TUESDAY, people[0])
    there = {s.id: [p.name for p in s.people] for s in week_facts.read(MONDAY).shifts}
    assert there["A-0"] == ["Anna", "Bo"]
    assert there["A-1"] == ["Bo"]


def test_a_newer_version_sets_people_free(org: Organisation) -> None:
    """Only the newest published plan of each book counts."""
    people, _visits = make_town(1)
    voting_round(TUESDAY, people[0], number=1)
    voting_round(TUESDAY, make_staff("Carl"), number=2)
    assert [ride.name for ride in elsewhere.rides(TUESDAY, TUESDAY, "")] == ["Carl"]


def test_who_rides_for_the_week_is_away_from_elections(org: Organisation) -> None:
    """The same rule the other way round, and between two elections."""
    _people, _visits = make_town(6)
    solve()
    actions.publish(MONDAY)
    voting_round(TUESDAY, make_staff("Carl"), book="018f0000-0000-7000-8000-00000000000f")
    busy = {ride.name for ride in elsewhere.rides(MONDAY, MONDAY + timedelta(days=6), BOOK)}
    assert busy == {"Anna", "Bo", "Carl"}


def draft_all_days_with(people: list[Staff]) -> None:
    """A draft of the week in which both ride on Tuesday, then an election takes the first."""
    answer = Week(week_facts.read(MONDAY)).timed({"A-1": [v.id for v in queries.visits(MONDAY)]})
    actions.keep_plan(MONDAY, answer)
    voting_round(TUESDAY, people[0])


def test_publishing_refuses_a_double_booking_by_name(org: Organisation) -> None:
    """Even where the team is big enough without that person."""
    people, _visits = make_town(1)
    draft_all_days_with(people)
    with pytest.raises(RuleBroken) as refused:
        actions.publish(MONDAY)
    assert refused.value.rule == "double-booked"
    assert "Anna" in refused.value.sentence()
    assert "V1" in refused.value.sentence()


def test_the_pages_list_a_double_booking(
    org: Organisation, as_role: Callable[[Role], FlaskClient]
) -> None:
    """On the board and before publishing, which is not offered."""
    people, _visits = make_town(1)
    draft_all_days_with(people)
    browser = as_role(Role.COORDINATOR)
    week = f"/weeks/{MONDAY:%G-W%V}"
    assert "Anna kører allerede med hold V1" in browser.get(week).text
    page = browser.get(f"{week}/publish").text
    assert "Anna kører allerede med hold V1" in page
    assert 'name="seen"' not in page
