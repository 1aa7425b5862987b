"""A single visit that was asked for can be changed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.agreements.actions import bring_due
from outreach.agreements.models import VisitRequest
from outreach.catalogue.models import Service
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.sites.models import Site
from outreach.visits.models import Visit

MONDAY = date(2026, 11, 30)
FORM = {"services": ["MITID"], "earliest": "2026-11-30", "latest": "2026-12-04", "priority": "3"}


@pytest.fixture
def asked(org: object) -> VisitRequest:
    site = Site(code="S1", kind="library", name="Risskov Bibliotek", sort_key="risskov")
    service = Service(
        code="MITID", name_da="MitID", name_en="MitID", minutes=25, setup_minutes=10
    )  # fmt: skip
    with writing():
        db.session.add_all([site, service])
        db.session.flush()
        made = VisitRequest(
            site_id=site.id, services=["MITID"], earliest=MONDAY, latest=date(2026, 12, 4)
        )
        db.session.add(made)
    return made


def test_what_is_changed_is_what_falls_due(
    as_role: Callable[[Role], FlaskClient], asked: VisitRequest
) -> None:
    browser = as_role(Role.COORDINATOR)
    bring_due(MONDAY)
    assert f"/requests/{asked.id}" in browser.get("/agreements").text
    data = {**FORM, "site_id": asked.site_id, "minutes": "50", "priority": "1"}
    assert browser.post(f"/requests/{asked.id}", data=data).status_code == 303
    bring_due(MONDAY)
    found = db.session.scalars(select(Visit)).one()
    assert (found.service_minutes, found.priority) == (50, 1)
    backwards = {**data, "latest": "2026-11-29"}
    assert browser.post(f"/requests/{asked.id}", data=backwards).status_code == 422


def test_what_is_withdrawn_is_owed_no_more_until_that_is_undone(
    as_role: Callable[[Role], FlaskClient], asked: VisitRequest
) -> None:
    browser = as_role(Role.COORDINATOR)
    bring_due(MONDAY)
    answer = browser.post(f"/requests/{asked.id}/withdraw", follow_redirects=True)
    assert f"/requests/{asked.id}/reopen" in answer.text
    bring_due(MONDAY)
    assert db.session.scalars(select(Visit.status)).one() == "cancelled"
    assert browser.post(f"/requests/{asked.id}/reopen").status_code == 303
    bring_due(MONDAY)
    assert db.session.scalars(select(Visit.status)).one() == "planned"
