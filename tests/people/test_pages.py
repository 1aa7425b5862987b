from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts.actions import create_user
from outreach.accounts.models import Organisation
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.people.models import Absence, Depot, Skill, Staff, Team, TeamDay, TeamMember
from outreach.people.queries import people, staff_by_id, team_by_id
from outreach.people.rules import team_skills
from tests.conftest import PASSWORD


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.COORDINATOR)


def _add(*rows: object) -> None:
    with writing():
        db.session.add_all(rows)


def _person(browser: FlaskClient, name: str = "Åse Møller", **more: object) -> Staff:
    data = {"name": name, "initials": "ÅM", "employment": "employee", "gender": "", **more}
    assert browser.post("/people/new", data={**data, "is_active": "y"}).status_code == 303
    return db.session.scalars(select(Staff).where(Staff.name == name)).one()


def test_a_staff_member_is_made_with_skills(browser: FlaskClient) -> None:
    _add(Skill(code="mitid_ra", name_da="MitID-medarbejder", name_en="MitID officer"))
    made = _person(browser, skills=["mitid_ra"])
    assert people()[made.id].skills_on(date(2026, 11, 24)) == {"mitid_ra"}
    assert "Åse Møller" in browser.get("/people").text


def test_a_person_signs_in_as_one_user_and_no_other_person_does(
    browser: FlaskClient, org: Organisation
) -> None:
    one = create_user("ida@example.dk", "Ida", [Role.FIELD], PASSWORD)
    create_user("per@example.dk", "Per the reader", [Role.VIEWER], PASSWORD)
    made = _person(browser, "Ida", user_id=one.id)
    assert made.user_id == one.id
    again = browser.post(
        "/people/new",
        data={"name": "Eva", "initials": "E", "employment": "employee", "gender": "",
              "user_id": one.id},
    )  # fmt: skip
    assert (again.status_code, "Brugeren er Ida." in again.text) == (422, True)
    shown = browser.get(f"/people/{made.id}").text
    assert "ida@example.dk" in shown
    assert "Per the reader" not in shown


def test_a_form_with_an_error_keeps_what_was_typed(browser: FlaskClient) -> None:
    answer = browser.post("/people/new", data={"name": "Bo 010190-1234", "initials": "BO"})
    assert answer.status_code == 422
    assert "CPR" in answer.text
    assert "Bo 010190-1234" in answer.text


def test_an_absence_is_noted_and_taken_back(browser: FlaskClient) -> None:
    made = _person(browser)
    url = f"/people/{made.id}/absences"
    wrong = {"from_day": "2026-12-02", "to_day": "2026-12-01"}
    assert browser.post(url, data=wrong).status_code == 422
    right = {"from_day": "2026-12-01", "to_day": "2026-12-02"}
    assert browser.post(url, data=right).status_code == 303
    person = people()[made.id]
    assert not person.is_there(date(2026, 12, 2))
    assert person.is_there(date(2026, 12, 3))
    absence = db.session.scalars(select(Absence)).one()
    browser.post(f"/absences/{absence.id}/remove")
    db.session.rollback()
    assert db.session.scalars(select(Absence)).first() is None


def test_a_team_is_made_and_changed_with_its_days_and_members(browser: FlaskClient) -> None:
    depot = Depot(name="Dokk1", latitude=56.15, longitude=10.21)
    _add(depot)
    one, two = _person(browser, "Ida"), _person(browser, "Per")
    three = _person(browser, "Eva")
    data = {
        "letter": "A", "depot_id": depot.id, "profile": "car", "vehicle": "EV 1",
        "grams_per_km": "18", "is_active": "y",
        **{f"day_{n}-break_minutes": "30" for n in range(5)},
        **{f"day_{n}-overtime": "0" for n in range(5)},
        **{f"day_{n}-{which}": "" for n in range(5) for which in ("first", "second")},
        "day_1-goes_out": "y", "day_1-starts": "08:00", "day_1-ends": "15:30",
        "day_1-first": one.id, "day_1-second": two.id, "day_1-third": three.id,
    }  # fmt: skip
    assert browser.post("/teams/new", data=data).status_code == 303
    team = db.session.scalars(select(Team)).one()
    url = f"/teams/{team.id}"
    assert "15:30" in browser.get(url).text
    changed = {**data, "day_1-ends": "16:00", "day_3-goes_out": "y", "day_3-starts": "08:00",
               "day_3-ends": "12:00", "day_3-first": one.id}  # fmt: skip
    assert browser.post(url, data=changed).status_code == 303
    db.session.rollback()
    db.session.expire_all()
    days = [(d.weekday, d.starts, d.ends) for d in team_by_id(team.id).days]
    assert days == [(1, 480, 960), (3, 480, 720)]
    riders = {m.staff_id for m in team_by_id(team.id).members if m.weekday == 1}
    assert riders == {one.id, two.id, three.id}
    assert browser.get(url).text.count(f'selected value="{three.id}"') == 1
    assert browser.post("/teams/new", data=data).status_code == 422


def test_an_error_in_a_weekday_is_named_with_its_day_and_field(browser: FlaskClient) -> None:
    data = {"letter": "B", "grams_per_km": "18.5", "day_0-break_minutes": "999"}
    answer = browser.post("/teams/new", data=data)
    assert '<a href="#day_0-break_minutes">Mandag, Pause</a>: Fra 0 til 120' in answer.text
    assert 'value="18.5"' in answer.text
    assert 'href="#grams_per_km"' not in answer.text


def test_a_shift_that_ends_before_it_starts_is_refused(browser: FlaskClient) -> None:
    depot = Depot(name="Dokk1", latitude=56.15, longitude=10.21)
    _add(depot)
    data = {"letter": "B", "depot_id": depot.id, "profile": "car", "grams_per_km": "18",
            "day_0-goes_out": "y", "day_0-starts": "12:00", "day_0-ends": "08:00"}  # fmt: skip
    assert browser.post("/teams/new", data=data).status_code == 422


def test_a_team_can_do_what_its_people_can_do_together_that_day(browser: FlaskClient) -> None:
    _add(Skill(code="a", name_da="a", name_en="a"), Skill(code="b", name_da="b", name_en="b"))
    one, two = _person(browser, "Ida", skills=["a"]), _person(browser, "Per", skills=["b"])
    staff = staff_by_id(two.id)
    with writing():
        staff.skills[0].valid_to = date(2026, 11, 30)
    both = [people()[one.id], people()[two.id]]
    assert team_skills(both, date(2026, 11, 30)) == {"a", "b"}
    assert team_skills(both, date(2026, 12, 1)) == {"a"}


def _team_form(depot: Depot, letter: str, *, first: str, hours: tuple[str, str]) -> dict[str, str]:
    return {
        "letter": letter, "depot_id": depot.id, "profile": "car", "grams_per_km": "18",
        "is_active": "y",
        **{f"day_{n}-{name}": "0" for n in range(5) for name in ("break_minutes", "overtime")},
        **{f"day_{n}-{which}": "" for n in range(5) for which in ("first", "second")},
        "day_1-goes_out": "y", "day_1-starts": hours[0], "day_1-ends": hours[1],
        "day_1-first": first,
    }  # fmt: skip


def test_nobody_rides_with_two_teams_at_once(browser: FlaskClient) -> None:
    depot = Depot(name="Dokk1", latitude=56.15, longitude=10.21)
    _add(depot)
    ida = _person(browser, "Ida")
    morning, day = ("08:00", "12:00"), ("11:00", "16:00")
    first = _team_form(depot, "A", first=ida.id, hours=morning)
    assert browser.post("/teams/new", data=first).status_code == 303
    refused = browser.post("/teams/new", data=_team_form(depot, "B", first=ida.id, hours=day))
    assert refused.status_code == 422
    assert refused.text.count("Ida kører med hold A på det tidspunkt.") == 2  # on top, and there
    later = _team_form(depot, "B", first=ida.id, hours=("12:00", "16:00"))
    assert browser.post("/teams/new", data=later).status_code == 303
    one = db.session.scalars(select(Team).where(Team.letter == "A")).one()
    assert browser.post(f"/teams/{one.id}", data=first).status_code == 303  # not its own rival


def test_saving_a_team_keeps_what_the_form_does_not_show(browser: FlaskClient) -> None:
    depot = Depot(name="Dokk1", latitude=56.15, longitude=10.21)
    _add(depot)
    riders = [_person(browser, name) for name in ("Ida", "Per", "Bo", "Eva")]
    team = Team(letter="A", depot_id=depot.id)
    _add(team)
    _add(
        *(TeamDay(team_id=team.id, weekday=n, break_from=700, break_to=800) for n in (1, 5)),
        *(TeamMember(team_id=team.id, staff_id=r.id, weekday=n) for n in (1, 5) for r in riders),
    )
    shown = team_by_id(team.id)
    three = [m.staff_id for m in shown.members if m.weekday == 1][:3]
    form = _team_form(depot, "A", first=three[0], hours=("09:00", "15:00"))
    form["day_1-second"], form["day_1-third"] = three[1:]
    assert browser.post(f"/teams/{team.id}", data=form).status_code == 303
    saved = team_by_id(team.id)
    days = [(d.weekday, d.starts, d.break_from, d.break_to) for d in saved.days]
    assert days == [(1, 540, 700, 800), (5, 480, 700, 800)]
    everybody = {r.id for r in riders}
    assert {m.staff_id for m in saved.members if m.weekday == 1} == everybody
    assert {m.staff_id for m in saved.members if m.weekday == 5} == everybody


def test_a_wrong_weekday_says_what_is_wrong_on_top_of_the_form(browser: FlaskClient) -> None:
    depot = Depot(name="Dokk1", latitude=56.15, longitude=10.21)
    _add(depot)
    form = _team_form(depot, "A", first="", hours=("12:00", "08:00"))
    answer = browser.post("/teams/new", data=form)
    assert answer.text.count("Vagten slutter, før den begynder.") == 2
