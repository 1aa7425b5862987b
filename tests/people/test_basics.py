"""Depots and skills have pages of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.core.auth import Role
from outreach.core.db import db
from outreach.people.models import Depot, Skill


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.COORDINATOR)


def test_a_depot_is_made_and_moved(browser: FlaskClient) -> None:
    data = {"name": "Viby", "latitude": "56.127", "longitude": "10.162"}
    assert browser.post("/depots/new", data=data).status_code == 303
    made = db.session.scalars(select(Depot)).one()
    moved = {**data, "latitude": "56.2"}
    assert browser.post(f"/depots/{made.id}", data=moved).status_code == 303
    assert db.session.scalars(select(Depot.latitude)).one() == 56.2
    assert "Viby" in browser.get("/basics").text
    abroad = {**data, "latitude": "10"}
    assert browser.post("/depots/new", data=abroad).status_code == 422


def test_a_skill_gets_other_names_but_keeps_its_code(browser: FlaskClient) -> None:
    data = {"code": "digital_help", "name_da": "Digital hjælp", "name_en": "Digital help"}
    assert browser.post("/skills/new", data=data).status_code == 303
    made = db.session.scalars(select(Skill)).one()
    again = browser.post("/skills/new", data={**data, "name_da": "Andet"})
    assert again.status_code == 422
    renamed = {"code": "other", "name_da": "It-hjælp", "name_en": "IT help"}
    assert browser.post(f"/skills/{made.id}", data=renamed).status_code == 303
    stored = db.session.scalars(select(Skill)).one()
    assert (stored.code, stored.name_da, stored.name_en) == ("digital_help", "It-hjælp", "IT help")


def test_a_code_has_no_spaces(browser: FlaskClient) -> None:
    data = {"code": "Digital help", "name_da": "Digital hjælp", "name_en": "Digital help"}
    assert browser.post("/skills/new", data=data).status_code == 422
    assert db.session.scalars(select(Skill)).all() == []
