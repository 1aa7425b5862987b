from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts.models import Organisation, User
from outreach.agreements.models import VisitRequest
from outreach.core import clock, tenancy
from outreach.core.db import db, writing
from outreach.core.ids import new_id
from outreach.demo.loader import load
from outreach.field.models import Device, Op
from outreach.overview import queries
from outreach.rounds.models import Plan, PlanState, Round, Unplanned
from outreach.sites.models import Site
from outreach.visits.models import Visit, VisitStatus

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def sign_in(app: Flask, database: None) -> Iterator[SignIn]:
    load("small", seconds=1.0)

    def enter(name: str) -> FlaskClient:
        client = app.test_client()
        data = {"email": f"{name}@example.dk", "password": "try-outreach-today"}
        assert client.post("/sign-in", data=data).status_code == 303
        return client

    with tenancy.acting_for(db.session.scalars(select(Organisation.id)).one()):
        yield enter


def test_a_coordinator_sees_todays_rounds_and_how_next_week_stands(sign_in: SignIn) -> None:
    page = sign_in("koordinator").get("/?lang=en").text
    assert 'id="rounds-table"' in page
    assert "No plan yet" in page
    assert "Everything that tablets sent" in page


def test_on_a_day_without_rounds_the_next_ones_are_shown(sign_in: SignIn) -> None:
    clock.move_to(datetime(2026, 11, 22, 9, tzinfo=clock.DK))
    day = queries.next_day_with_rounds(clock.today())
    assert day is not None
    assert day > clock.today()
    assert queries.rounds_of(day)


def test_a_round_tells_its_last_contact_and_where_it_goes_next(sign_in: SignIn) -> None:
    day = queries.next_day_with_rounds(clock.today())
    assert day is not None
    team = db.session.scalars(select(Round).where(Round.day == day)).first()
    assert team is not None
    user = db.session.scalars(select(User).where(User.name == team.members[0])).one()
    seen = clock.now() - timedelta(minutes=4)
    with writing():
        db.session.add(
            Device(
                user_id=user.id, name="A", token_sha256="x", token_since=seen, seen_at=seen,
            )
        )  # fmt: skip
    now = {one.letter: one for one in queries.rounds_of(day)}[team.team_letter]
    assert now.seen_at is not None
    assert abs(now.seen_at - seen) < timedelta(seconds=1)
    assert now.done == 0
    assert now.next_site


def test_what_the_newest_plan_leaves_out_is_named_with_its_reason(sign_in: SignIn) -> None:
    monday = clock.monday_of(clock.today()) + timedelta(days=7)
    visit = db.session.scalars(select(Visit).where(Visit.monday == monday)).first()
    assert visit is not None
    with writing():
        plan = Plan(monday=monday, number=1, state=PlanState.DRAFT)
        plan.unplanned = [Unplanned(visit_id=visit.id, reasons=[{"code": "skill_gap"}])]
        db.session.add(plan)
    ahead = queries.week_ahead(monday)
    assert (ahead.state, [one.why for one in ahead.left_out]) == ("draft", ["skill_gap"])
    page = sign_in("koordinator").get("/?lang=en").text
    assert "no team has the skills" in page
    assert "1 is not planned" in page


def test_a_list_that_is_cut_says_how_much_is_left(sign_in: SignIn) -> None:
    monday = clock.monday_of(clock.today()) + timedelta(days=7)
    visits = db.session.scalars(select(Visit).where(Visit.monday == monday).limit(9)).all()
    with writing():
        plan = Plan(monday=monday, number=1, state=PlanState.DRAFT)
        plan.unplanned = [
            Unplanned(visit_id=visit.id, reasons=[{"code": "skill_gap"}]) for visit in visits
        ]
        db.session.add(plan)
    page = sign_in("koordinator").get("/?lang=en").text
    assert "9 are not planned" in page
    assert "and 3 more" in page
    assert page.count("no team has the skills") == 6


def test_what_a_tablet_reported_in_vain_is_not_silent(sign_in: SignIn) -> None:
    user = db.session.scalars(select(User).where(User.email == "felt1@example.dk")).one()
    now = clock.now()
    with writing():
        device = Device(
            user_id=user.id, name="A", token_sha256="y", token_since=now, seen_at=now
        )  # fmt: skip
        db.session.add(device)
        db.session.flush()
        for number, status in enumerate(("applied", "rejected")):
            db.session.add(
                Op(
                    op_id=new_id(), device_id=device.id, user_id=user.id, line="l", dseq=number,
                    kind="count.add", payload={}, sha256="", status=status, code="unknown_visit",
                    received_at=now,
                )
            )  # fmt: skip
    assert [one.status for one in queries.troubles()] == ["rejected"]
    page = sign_in("koordinator").get("/?lang=en").text
    assert "1 report of the last seven days" in page
    assert user.name in page


def test_a_promise_that_was_not_kept_is_overdue_until_it_is(sign_in: SignIn) -> None:
    clock.move_to(datetime(2026, 12, 14, 9, tzinfo=clock.DK))
    late = queries.overdue(clock.monday_of(clock.today()))
    assert late
    assert [one.days for one in late] == sorted((one.days for one in late), reverse=True)


def test_a_late_request_is_overdue_until_it_is_met_and_hides_no_other(sign_in: SignIn) -> None:
    monday = clock.monday_of(clock.today())
    site = db.session.scalars(select(Site).where(Site.status == "active")).first()
    assert site is not None
    days = {"earliest": monday - timedelta(days=20), "latest": monday - timedelta(days=9)}
    asked = [VisitRequest(site_id=site.id, services=["MITID"], **days) for _ in range(2)]
    with writing():
        db.session.add_all(asked)
    assert [one.days for one in queries.overdue(monday)].count(9) == 2
    with writing():
        met = Visit(
            site_id=site.id, request_id=asked[0].id, monday=monday, services=["MITID"],
            service_minutes=30, status=VisitStatus.DONE, done_on=monday,
        )  # fmt: skip
        db.session.add(met)
    assert [one.days for one in queries.overdue(monday)].count(9) == 1


def test_field_staff_see_their_rounds_and_how_to_use_the_tablet(sign_in: SignIn) -> None:
    user = db.session.scalars(select(User).where(User.email == "felt1@example.dk")).one()
    mine = queries.my_rounds(user.id, clock.today())
    assert mine
    assert all(user.name in one.members for one in mine)
    page = sign_in("felt1").get("/?lang=en").text
    assert "Your next rounds" in page
    assert 'href="/t/"' in page
    assert "Reports" not in page


def test_everybody_else_is_led_to_their_own_part(sign_in: SignIn) -> None:
    for name, shown, hidden in (
        ("laeser", "Reports", "Next week"),
        ("valg", "Reports", "Your next rounds"),
        ("admin", "users are active", "Next week"),
        ("revisor", "Overview", "users are active"),
    ):
        page = sign_in(name).get("/?lang=en").text
        assert shown in page
        assert hidden not in page
