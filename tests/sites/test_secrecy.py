"""Who sees what of a secret site: pages of every role, errors, logs and the database's bytes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation, User
from outreach.core import audit
from outreach.core.auth import Role
from outreach.core.crypto import Unreadable
from outreach.core.db import db, writing
from outreach.sites.models import Contact, Precision, Site, SiteAccess, SiteSecret
from outreach.sites.sealed import COLUMNS, unseal
from tests.conftest import PASSWORD
from tests.sites.test_pages import CANARIES, FORM, NEEDLES, SECRET, made, stands_in


def signed_in(app: Flask, role: Role) -> FlaskClient:
    """Another browser, in which somebody of this role has signed in."""
    email = f"anden-{role.value}@example.dk"
    accounts.create_user(email, f"Anden {role.value}", [role], PASSWORD)
    browser = app.test_client()
    browser.post("/sign-in", data={"email": email, "password": PASSWORD})
    return browser


def give_right(site: Site, email: str) -> None:
    user = db.session.scalars(select(User).where(User.email == email)).one()
    with writing():
        db.session.add(
            SiteAccess(site_id=site.id, user_id=user.id, granted_by="a", confirmed_by="b")
        )


@pytest.fixture
def planner(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.COORDINATOR)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_sees_anything_of_a_secret_site_without_a_right_of_its_own(
    app: Flask, planner: FlaskClient, role: Role, caplog: pytest.LogCaptureFixture
) -> None:
    site = made(planner, SECRET)
    browser = signed_in(app, role)
    urls = ["/", "/sites", "/sites?q=Kanarie", "/sites?q=K-09", "/sites?area=Kanarieby",
            f"/sites/{site.id}", f"/sites/{site.id}/edit", "/sites/new", "/site-access", "/audit",
            "/agreements", "/reports", f"/nowhere/{site.id}"]  # fmt: skip
    # a search answers with the words that were searched for, and with nothing else
    seen = "".join(browser.get(url).text for url in urls if "Kanarie" not in url)
    for reason in ("", "Nysgerrig"):
        seen += browser.post(f"/sites/{site.id}/reveal", data={"reason": reason}).text
    seen += browser.post(f"/sites/{site.id}/edit", data=FORM).text
    seen += browser.post(f"/sites/{site.id}/closures", data={"from_day": "x"}).text
    assert [needle for needle in NEEDLES if stands_in(needle, seen + caplog.text)] == []
    assert "K-09" not in browser.get("/sites?q=Kanarie").text
    assert "K-09" not in browser.get("/sites?area=Kanarieby").text


def test_the_bytes_of_the_database_hold_nothing_of_a_secret_site(
    app: Flask, planner: FlaskClient
) -> None:
    site = made(planner, SECRET)
    stored = db.session.scalars(select(SiteSecret).where(SiteSecret.site_id == site.id)).one()
    boxes = b"".join(getattr(stored, column) for column in COLUMNS)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        boxes = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        assert b"K-09" in boxes
    long = [needle for needle in NEEDLES if len(needle) > 4]
    assert [needle for needle in long if needle.encode() in boxes] == []
    assert unseal(stored).residents == int(CANARIES["residents"])


def test_the_sealed_texts_of_one_site_do_not_open_in_another(planner: FlaskClient) -> None:
    mine, other = made(planner, SECRET), made(planner, {**SECRET, "alias": "K-11"})
    boxes = {row.site_id: row for row in db.session.scalars(select(SiteSecret))}
    with writing():
        boxes[other.id].address = boxes[mine.id].address
    with pytest.raises(Unreadable):
        unseal(boxes[other.id])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.FIELD, Role.AUDITOR, Role.ADMIN])
def test_asking_to_reveal_shows_no_site_to_those_who_may_not_plan(
    app: Flask, planner: FlaskClient, role: Role
) -> None:
    site = made(planner, FORM)
    answer = signed_in(app, role).post(f"/sites/{site.id}/reveal", data={"reason": ""})
    assert answer.status_code == 403
    assert "Egevej 1" not in answer.text


def test_a_secret_site_is_changed_only_after_a_reason_was_given(
    app: Flask, planner: FlaskClient, org: Organisation
) -> None:
    site = made(planner, SECRET)
    give_right(site, "coordinator@example.dk")
    opened = planner.get(f"/sites/{site.id}/edit")
    assert (opened.status_code, "Fuglevej 77" in opened.text) == (302, False)
    asked = {"reason": "Nyt telefonnummer", "then": "change"}
    form = planner.post(f"/sites/{site.id}/reveal", data=asked).text
    assert "Fuglevej 77" in form
    assert f'action="/sites/{site.id}/edit"' in form
    lines = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.verb == "reveal"))
    assert [line.reason for line in lines] == ["Nyt telefonnummer"]


def test_a_site_becomes_public_again_by_somebody_with_a_right_alone(planner: FlaskClient) -> None:
    site = made(planner, SECRET)
    public = {name: value for name, value in SECRET.items() if name != "is_secret"}
    assert planner.post(f"/sites/{site.id}/edit", data=public).status_code == 403
    give_right(site, "coordinator@example.dk")
    assert planner.post(f"/sites/{site.id}/edit", data=public).status_code == 303
    db.session.refresh(site)
    assert (site.name, site.precision) == ("Kanariehuset", Precision.MANUAL)
    assert db.session.scalars(select(SiteSecret)).first() is None
    assert (
        db.session.scalars(select(SiteAccess)).first() is None
    )  # it counts no more, if hidden anew


def test_contacts_that_the_form_does_not_show_are_kept_through_every_change(
    planner: FlaskClient,
) -> None:
    site = made(planner, FORM)
    with writing():
        db.session.add(Contact(site_id=site.id, name="Nathjælpen", email="nat@example.dk"))
    names = select(Contact.name, Contact.email).order_by(Contact.name)
    assert planner.post(f"/sites/{site.id}/edit", data=FORM).status_code == 303
    assert [tuple(row) for row in db.session.execute(names)] == [
        ("Inge", ""), ("Nathjælpen", "nat@example.dk"),
    ]  # fmt: skip
    secret = {**FORM, "is_secret": "y", "alias": "K-10"}
    assert planner.post(f"/sites/{site.id}/edit", data=secret).status_code == 303
    assert db.session.execute(names).first() is None
    give_right(site, "coordinator@example.dk")
    assert planner.post(f"/sites/{site.id}/edit", data=FORM).status_code == 303
    assert {row.email for row in db.session.execute(names)} == {"", "nat@example.dk"}


@pytest.mark.parametrize("words", ["østergård", "ØSTERGÅRD", "Østergaard", "s0001", "egevej"])
def test_danish_letters_are_found_however_they_are_written(
    planner: FlaskClient, words: str
) -> None:
    made(planner, {**FORM, "name": "Østergården"})
    assert "Østergården" in planner.get("/sites", query_string={"q": words}).text
    for wild in ("%", "_", "Ø%n"):
        assert "Østergården" not in planner.get("/sites", query_string={"q": wild}).text
