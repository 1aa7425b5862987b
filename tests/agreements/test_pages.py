import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.agreements.actions import bring_due
from outreach.agreements.models import Agreement, VisitRequest
from outreach.agreements.queries import due, open_requests
from outreach.catalogue.models import ChecklistItem, Service
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.sites.models import Site, SiteStatus
from outreach.visits.models import Visit, VisitStatus, VisitTask

MONDAY = date(2026, 11, 30)


@pytest.fixture
def site(org: object) -> Site:
    made = Site(code="S1", kind="library", name="Risskov Bibliotek", sort_key="risskov")
    task = ChecklistItem(seq=0, text_da="Hils", text_en="Say hello")
    services = [
        Service(code="BOOKS", name_da="Bøger", name_en="Books", minutes=10, setup_minutes=5),
        Service(
            code="MITID", name_da="MitID", name_en="MitID", minutes=25, setup_minutes=10,
            checklist=[task],
        ),
    ]  # fmt: skip
    with writing():
        db.session.add_all([made, *services])
    return made


def _agree(site: Site, **more: object) -> Agreement:
    fields = {"site_id": site.id, "services": ["BOOKS", "MITID"], "interval_days": 28,
              "starts_on": date(2026, 1, 1), **more}  # fmt: skip
    made = Agreement(**fields)
    with writing():
        db.session.add(made)
    return made


FORM = {
    "services": ["MITID"], "interval_days": "14", "tolerance_days": "3", "min_gap_days": "0",
    "people": "1", "crews": "1", "priority": "2", "starts_on": "2026-11-24", "is_active": "y",
}  # fmt: skip


def test_an_agreement_is_made_and_shows_when_it_falls_due(
    as_role: Callable[[Role], FlaskClient], site: Site
) -> None:
    browser = as_role(Role.COORDINATOR)
    assert browser.post("/agreements/new", data={**FORM, "site_id": site.id}).status_code == 303
    made = db.session.scalars(select(Agreement)).one()
    assert "Risskov Bibliotek" in browser.get("/agreements").text
    assert "2026" in browser.get(f"/agreements/{made.id}").text


def test_an_interval_and_a_rule_contradict_each_other(
    as_role: Callable[[Role], FlaskClient], site: Site
) -> None:
    browser = as_role(Role.COORDINATOR)
    both = {**FORM, "site_id": site.id, "rrule": "FREQ=WEEKLY;BYDAY=TU"}
    assert browser.post("/agreements/new", data=both).status_code == 422
    neither = {**FORM, "site_id": site.id, "interval_days": ""}
    assert browser.post("/agreements/new", data=neither).status_code == 422


def test_saving_an_agreement_keeps_a_closed_site_and_a_service_out_of_use(
    as_role: Callable[[Role], FlaskClient], site: Site
) -> None:
    other = Site(code="S0", kind="library", name="Aarhus Ø", sort_key="aarhus")
    made = _agree(site)
    with writing():
        db.session.add(other)
        site.status = "closed"
        for service in db.session.scalars(select(Service).where(Service.code == "BOOKS")):
            service.is_active = False
    browser = as_role(Role.COORDINATOR)
    page = browser.get(f"/agreements/{made.id}").text
    assert f'<option selected value="{site.id}">' in page
    assert re.search(r'<input checked [^>]*value="BOOKS"', page)
    form = {**FORM, "site_id": site.id, "services": ["BOOKS", "MITID"], "minutes": "90"}
    assert browser.post(f"/agreements/{made.id}", data=form).status_code == 303
    stored = db.session.scalars(select(Agreement)).one()
    assert (stored.site_id, stored.services, stored.minutes) == (site.id, ["BOOKS", "MITID"], 90)
    fresh = browser.get("/agreements/new").text
    assert site.id not in fresh
    assert "BOOKS" not in fresh


def test_a_due_visit_has_the_sum_of_services_and_one_set_up(site: Site) -> None:
    _agree(site)
    (one,) = due(MONDAY)
    assert (one.service_minutes, one.setup_minutes) == (35, 10)


def test_due_visits_are_stored_once_with_their_tasks(site: Site) -> None:
    _agree(site)
    bring_due(MONDAY)
    bring_due(MONDAY)
    assert len(db.session.scalars(select(Visit)).all()) == 1
    assert [t.text_en for t in db.session.scalars(select(VisitTask))] == ["Say hello"]


def test_a_visit_that_is_not_owed_any_more_is_cancelled_and_comes_back(site: Site) -> None:
    made = _agree(site)
    bring_due(MONDAY)
    with writing():
        made.is_active = False
    bring_due(MONDAY)
    visit = db.session.scalars(select(Visit)).one()
    assert visit.status == VisitStatus.CANCELLED
    with writing():
        made.is_active = True
    bring_due(MONDAY)
    assert visit.status == VisitStatus.PLANNED


def test_a_published_visit_is_kept_when_it_is_not_owed_any_more(site: Site) -> None:
    made = _agree(site)
    bring_due(MONDAY)
    visit = db.session.scalars(select(Visit)).one()
    with writing():
        made.is_active = False
    bring_due(MONDAY, keep={visit.id})
    assert visit.status == VisitStatus.PLANNED


def test_a_visit_follows_its_agreement_until_people_were_told_of_it(site: Site) -> None:
    made = _agree(site)
    bring_due(MONDAY)
    visit = db.session.scalars(select(Visit)).one()
    with writing():
        made.services, made.minutes, made.priority, made.crews = ["BOOKS"], 55, 1, 2
    bring_due(MONDAY)
    assert (visit.services, visit.service_minutes, visit.setup_minutes) == (["BOOKS"], 55, 5)
    assert (visit.priority, visit.crews) == (1, 2)
    assert db.session.scalars(select(VisitTask)).all() == []
    with writing():
        made.services, made.minutes = ["MITID"], 70
    bring_due(MONDAY, keep={visit.id})
    assert (visit.services, visit.service_minutes) == (["BOOKS"], 55)
    bring_due(MONDAY)
    assert [t.text_en for t in db.session.scalars(select(VisitTask))] == ["Say hello"]


def _ask(site: Site) -> VisitRequest:
    made = VisitRequest(
        site_id=site.id, services=["MITID"], earliest=MONDAY, latest=MONDAY + timedelta(days=2)
    )
    with writing():
        db.session.add(made)
    return made


def test_a_request_that_was_met_is_owed_no_more(site: Site) -> None:
    _ask(site)
    bring_due(MONDAY)
    visit = db.session.scalars(select(Visit)).one()
    assert due(MONDAY + timedelta(weeks=1)) == ()  # it may still be met in its own week
    with writing():
        visit.status, visit.done_on = VisitStatus.DONE, MONDAY + timedelta(days=1)
    assert due(MONDAY + timedelta(weeks=1)) == ()
    assert open_requests() == ()
    assert len(due(MONDAY)) == 1  # its own week still knows it


def test_a_request_that_was_not_met_stays_owed_and_open(site: Site) -> None:
    _ask(site)
    bring_due(MONDAY)
    visit = db.session.scalars(select(Visit)).one()
    with writing():
        visit.status = VisitStatus.NO_ACCESS
    (late,) = due(MONDAY + timedelta(weeks=1))
    assert late.due.overdue_days == 5
    assert len(open_requests()) == 1
    with writing():
        site.status = "paused"
    assert due(MONDAY + timedelta(weeks=1)) == ()


def test_a_visit_that_was_done_moves_the_next_one(site: Site) -> None:
    _agree(site)
    bring_due(MONDAY)
    visit = db.session.scalars(select(Visit)).one()
    with writing():
        visit.status, visit.done_on = VisitStatus.DONE, MONDAY + timedelta(days=1)
    assert due(MONDAY + timedelta(weeks=1)) == ()
    assert len(due(MONDAY + timedelta(weeks=4))) == 1


def test_nobody_is_visited_at_a_site_that_is_paused(site: Site) -> None:
    _agree(site)
    with writing():
        site.status = "paused"
    assert due(MONDAY) == ()


def test_an_agreement_keeps_a_site_that_is_closed_and_a_service_that_is_not_in_use(
    as_role: Callable[[Role], FlaskClient], site: Site
) -> None:
    other = Site(code="S0", kind="library", name="Aaby Bibliotek", sort_key="aaby")
    made = _agree(site)
    with writing():
        db.session.add(other)
        site.status = SiteStatus.CLOSED
        db.session.scalars(select(Service).where(Service.code == "BOOKS")).one().is_active = False
    browser = as_role(Role.COORDINATOR)
    page = browser.get(f"/agreements/{made.id}").text
    assert f'<option selected value="{site.id}">Risskov Bibliotek' in page
    assert re.search(r'<input checked [^>]*value="BOOKS"', page)
    kept = {**FORM, "site_id": site.id, "services": ["BOOKS", "MITID"]}
    assert browser.post(f"/agreements/{made.id}", data=kept).status_code == 303
    fresh = browser.get("/agreements/new").text
    assert "Risskov Bibliotek" not in fresh
    assert 'value="BOOKS"' not in fresh


def test_agreements_are_found_by_every_word_and_paged_by_fifty(
    as_role: Callable[[Role], FlaskClient], site: Site
) -> None:
    for _agreement in range(51):
        _agree(site)
    _agree(site, services=["BOOKS"], interval_days=None, rrule="FREQ=WEEKLY;BYDAY=TU")
    browser = as_role(Role.COORDINATOR)
    assert browser.get("/agreements").text.count('<th scope="row">') == 50
    second = browser.get("/agreements?page=2").text
    assert second.count('<th scope="row">') == 2
    assert "Side 2 af 2, 52 i alt" in second
    found = browser.get("/agreements?q=risskov+TIRSDAG").text
    assert found.count('<th scope="row">') == 1
    assert 'value="risskov TIRSDAG"' in found
    nothing = browser.get("/agreements?q=skovby&page=7")
    assert (nothing.status_code, "Ingen aftale passer" in nothing.text) == (200, True)
    assert 'value="skovby"' in nothing.text


def test_words_in_a_filter_survive_the_enter_key(
    as_role: Callable[[Role], FlaskClient], site: Site
) -> None:
    page = as_role(Role.COORDINATOR).get("/services?q=%22b%C3%B8ger%22").text
    assert 'name="q" value="&#34;bøger&#34;"' in page
