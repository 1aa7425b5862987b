import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation, User
from outreach.core import audit, tenancy
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.sites.models import Site, SiteAccess, SiteClosure
from outreach.sites.queries import positions
from tests.conftest import PASSWORD

FORM = {
    "name": "Plejehjemmet Egely", "kind": "care_home", "status": "active", "address": "Egevej 1",
    "postcode": "8270", "area": "Højbjerg", "latitude": "56.1154", "longitude": "10.1684",
    "precision": "manual", "access_minutes": "2", "people": "1", "open_1": "10-12, 13.00-15.00",
    "quiet": "12.00-12.30", "contact_name": "Inge", "contact_phone": "00 00 00 01",
}  # fmt: skip
CANARIES = {
    "name": "Kanariehuset", "address": "Fuglevej 77", "postcode": "8999", "area": "Kanarieby",
    "latitude": "56.23456", "longitude": "10.34567", "residents": "4711",
    "contact_name": "Kanariepersonen", "contact_phone": "99 88 77 66",
    "access_notes": "Kanarie bag porten",
}  # fmt: skip
SECRET = {**FORM, **CANARIES, "kind": "crisis_centre", "is_secret": "y", "alias": "K-09"}
NEEDLES = [
    *(value for name, value in CANARIES.items() if name != "contact_phone"), "99887766",
    "99 88 77 66",
]  # fmt: skip


def stands_in(needle: str, text: str) -> bool:
    """Whether a text holds a needle, and not as a part of an id."""
    return re.search(rf"(?<![0-9a-f-]){re.escape(needle)}(?![0-9a-f-])", text) is not None


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.COORDINATOR)


def made(browser: FlaskClient, form: dict[str, str]) -> Site:
    answer = browser.post("/sites/new", data=form)
    assert answer.status_code == 303
    return db.session.get_one(Site, answer.location.rsplit("/", 1)[1])


def test_a_site_is_made_found_shown_and_changed(browser: FlaskClient) -> None:
    site = made(browser, FORM)
    assert site.code == "S0001"
    assert "Plejehjemmet Egely" in browser.get("/sites?q=egely&kind=care_home").text
    assert "Plejehjemmet Egely" not in browser.get("/sites?kind=library").text
    page = browser.get(f"/sites/{site.id}").text
    assert "Egevej 1" in page
    edit = browser.get(f"/sites/{site.id}/edit").text
    assert "10.00-12.00, 13.00-15.00" in edit
    changed = {**FORM, "name": "Plejehjemmet Ny Egely"}
    assert browser.post(f"/sites/{site.id}/edit", data=changed).status_code == 303
    assert "Ny Egely" in browser.get("/sites").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("open_1", "noon"), ("postcode", "82"), ("name", ""), ("latitude", "12"),
     ("longitude", ""), ("access_notes", "Spørg efter 010190-1234")],
)  # fmt: skip
def test_a_wrong_field_is_named_and_the_rest_is_kept(
    browser: FlaskClient, field: str, value: str
) -> None:
    answer = browser.post("/sites/new", data={**FORM, field: value})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert "Egevej 1" in answer.text


def test_a_closure_is_noted_and_removed(browser: FlaskClient) -> None:
    site = made(browser, FORM)
    form = {"from_day": "2026-12-01", "to_day": "2026-12-03", "reason": "outbreak"}
    assert browser.post(f"/sites/{site.id}/closures", data=form).status_code == 303
    wrong = {**form, "to_day": "2026-11-01"}
    assert browser.post(f"/sites/{site.id}/closures", data=wrong).status_code == 422
    closure = db.session.scalars(select(SiteClosure)).one()
    assert browser.post(f"/closures/{closure.id}/remove").status_code == 303
    assert db.session.scalars(select(SiteClosure)).first() is None


def test_nothing_of_a_secret_site_is_seen_without_a_right(
    app: Flask, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    site = made(browser, SECRET)
    urls = ["/sites", "/sites?q=Kanarie", f"/sites/{site.id}", f"/sites/{site.id}/edit",
            "/agreements/new", "/"]  # fmt: skip
    seen = "".join(browser.get(url).text for url in urls)
    seen += browser.post(f"/sites/{site.id}/reveal", data={"reason": "Nysgerrig"}).text
    assert "K-09" in seen
    assert [needle for needle in NEEDLES if stands_in(needle, seen + caplog.text)] == []
    assert browser.get(f"/sites/{site.id}/edit").status_code == 403
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        stored = b"".join(p.read_bytes() for p in file.parent.glob(f"{file.name}*"))
        long = [needle for needle in NEEDLES if len(needle) > 4]
        assert [needle for needle in long if needle.encode() in stored] == []


def test_the_planner_knows_where_a_secret_site_is(browser: FlaskClient) -> None:
    site = made(browser, SECRET)
    assert positions([site.id]) == {site.id: (56.23456, 10.34567)}


def _grant(site: Site, org: Organisation, *, confirmed: bool) -> None:
    user = db.session.scalars(select(User)).first()
    assert user is not None
    with writing():
        db.session.add(
            SiteAccess(site_id=site.id, user_id=user.id, granted_by="a",
                       confirmed_by="b" if confirmed else None)
        )  # fmt: skip


def test_a_right_that_was_confirmed_shows_the_address_once_and_writes_a_line(
    browser: FlaskClient, org: Organisation
) -> None:
    site = made(browser, SECRET)
    _grant(site, org, confirmed=True)
    assert browser.post(f"/sites/{site.id}/reveal", data={"reason": ""}).status_code == 422
    page = browser.post(f"/sites/{site.id}/reveal", data={"reason": "Aftale om besøg"}).text
    assert "Fuglevej 77" in page
    assert "Fuglevej 77" not in browser.get(f"/sites/{site.id}").text
    lines = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.verb == "reveal"))
    assert [line.reason for line in lines] == ["Aftale om besøg"]


def test_a_right_that_was_not_confirmed_shows_nothing(
    browser: FlaskClient, org: Organisation
) -> None:
    site = made(browser, SECRET)
    _grant(site, org, confirmed=False)
    answer = browser.post(f"/sites/{site.id}/reveal", data={"reason": "Aftale om besøg"})
    assert answer.status_code == 403


def test_one_administrator_gives_a_right_and_another_confirms_it(
    app: Flask, org: Organisation, as_role: Callable[[Role], FlaskClient]
) -> None:
    accounts.create_user("anden@example.dk", "Anden", [Role.ADMIN], PASSWORD)
    accounts.create_user("plan@example.dk", "Plan", [Role.COORDINATOR], PASSWORD)
    planner = app.test_client()
    planner.post("/sign-in", data={"email": "plan@example.dk", "password": PASSWORD})
    site = made(planner, SECRET)
    first, second = as_role(Role.ADMIN), app.test_client()
    second.post("/sign-in", data={"email": "anden@example.dk", "password": PASSWORD})
    reader = db.session.scalars(select(User).where(User.email == "plan@example.dk")).one()
    given = {"site_id": site.id, "user_id": reader.id}
    assert first.post("/site-access", data=given).status_code == 303
    grant = db.session.scalars(select(SiteAccess)).one()
    assert first.post(f"/site-access/{grant.id}/confirm").status_code == 409
    assert second.post(f"/site-access/{grant.id}/confirm").status_code == 303
    assert "K-09" in first.get("/site-access").text
    shown = planner.post(f"/sites/{site.id}/reveal", data={"reason": "Planlægning"})
    assert "Fuglevej 77" in shown.text


def test_a_site_that_becomes_secret_leaves_nothing_in_clear(
    app: Flask, browser: FlaskClient
) -> None:
    site = made(browser, FORM)
    secret = {**FORM, "is_secret": "y", "alias": "K-10"}
    address = f"/sites/{site.id}/edit"
    db.session.rollback()  # a reader would hold the log
    assert browser.post(address, data=secret).status_code == 303
    db.session.refresh(site)
    assert (site.name, site.address, site.latitude, site.label) == ("", "", None, "K-10")
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        stored = b"".join(p.read_bytes() for p in file.parent.glob(f"{file.name}*"))
        assert b"Egevej 1" not in stored


def test_a_site_of_another_organisation_does_not_exist(
    browser: FlaskClient, org: Organisation
) -> None:
    other = accounts.create_organisation("Randers Kommune")
    with tenancy.acting_for(other.id), writing():
        theirs = Site(code="S0001", kind="library", name="Fremmed", sort_key="fremmed")
        db.session.add(theirs)
    for url in (f"/sites/{theirs.id}", f"/sites/{theirs.id}/edit"):
        assert browser.get(url).status_code == 404
    assert "Fremmed" not in browser.get("/sites").text


def test_a_place_is_found_in_the_local_index(browser: FlaskClient) -> None:
    body = {"address": "Skovvejen 1, Trøjborg", "secret": False}
    found = browser.post("/api/v1/places", json=body).get_json()
    assert (found["found"], round(found["latitude"], 2)) == (True, 56.17)
    nowhere = browser.post("/api/v1/places", json={"address": "Nowhere 1"}).get_json()
    assert not nowhere["found"]
