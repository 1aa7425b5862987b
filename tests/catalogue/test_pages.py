from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.catalogue.models import Kit, Service
from outreach.catalogue.queries import service_by_id
from outreach.core.auth import Role
from outreach.core.db import db

SERVICE = {
    "code": "MITID", "name_da": "MitID: oprettelse", "name_en": "MitID set-up", "minutes": "25",
    "setup_minutes": "10", "is_active": "y", "kits": ["K-ID"],
    "tasks": "Tjek legitimation | Check identification\n?Aftal opfølgning | Agree follow-up",
}  # fmt: skip


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    browser = as_role(Role.COORDINATOR)
    kit = {"code": "K-ID", "name_da": "ID-kuffert", "name_en": "ID kit", "amount": "4"}
    assert browser.post("/kits/new", data=kit).status_code == 303
    return browser


def test_a_service_is_made_with_kits_and_tasks(browser: FlaskClient) -> None:
    assert browser.post("/services/new", data=SERVICE).status_code == 303
    made = db.session.scalars(select(Service)).one()
    tasks = [(t.text_da, t.text_en, t.is_mandatory) for t in service_by_id(made.id).checklist]
    assert tasks == [
        ("Tjek legitimation", "Check identification", True),
        ("Aftal opfølgning", "Agree follow-up", False),
    ]
    page = browser.get(f"/services/{made.id}").text
    assert "?Aftal opfølgning | Agree follow-up" in page


def test_a_task_in_one_language_only_is_refused_and_kept(browser: FlaskClient) -> None:
    answer = browser.post("/services/new", data={**SERVICE, "tasks": "Kun dansk"})
    assert answer.status_code == 422
    assert answer.text.count("Kun dansk") >= 2


def test_a_code_is_taken_once(browser: FlaskClient) -> None:
    browser.post("/services/new", data=SERVICE)
    assert browser.post("/services/new", data=SERVICE).status_code == 422


def test_a_service_keeps_its_code_for_agreements_and_counts_know_it_by_that(
    browser: FlaskClient,
) -> None:
    browser.post("/services/new", data=SERVICE)
    made = db.session.scalars(select(Service)).one()
    url = f"/services/{made.id}"
    assert browser.post(url, data={**SERVICE, "code": "OTHER"}).status_code == 422
    assert browser.post(url, data={**SERVICE, "minutes": "35"}).status_code == 303
    stored = db.session.scalars(select(Service)).one()
    assert (stored.code, stored.minutes) == ("MITID", 35)


def test_the_number_of_kits_can_be_changed(browser: FlaskClient) -> None:
    kit = db.session.scalars(select(Kit)).one()
    assert browser.post(f"/kits/{kit.id}", data={"amount": "3"}).status_code == 303
    assert browser.post(f"/kits/{kit.id}", data={"amount": "-1"}).status_code == 422
    db.session.rollback()
    db.session.refresh(kit)
    assert kit.amount == 3
