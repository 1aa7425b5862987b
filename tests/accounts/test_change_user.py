"""An administrator changes what a user may do, and gives another password."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts.actions import create_user, sign_in
from outreach.accounts.models import LoginSession, User
from outreach.core.auth import Role
from outreach.core.db import db
from tests.conftest import PASSWORD

NEW = "another long password"


def _user(name: str = "Bo") -> User:
    return create_user(f"{name.lower()}@example.dk", name, [Role.VIEWER], PASSWORD)


def test_other_roles_hold_at_once(as_role: Callable[[Role], FlaskClient]) -> None:
    browser, bo = as_role(Role.ADMIN), _user()
    shown = browser.get(f"/users/{bo.id}").text
    assert 'value="viewer"' in shown
    data = {"name": "Bo Friis", "roles": ["coordinator", "field"]}
    assert browser.post(f"/users/{bo.id}", data=data).status_code == 303
    stored = db.session.scalars(select(User).where(User.id == bo.id)).one()
    assert (stored.name, stored.roles) == ("Bo Friis", ["coordinator", "field"])


def test_the_last_administrator_stays_one(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.ADMIN)
    me = db.session.scalars(select(User)).one()
    answer = browser.post(f"/users/{me.id}", data={"name": "Me", "roles": ["viewer"]})
    assert answer.status_code == 422
    other = create_user("other@example.dk", "Other", [Role.ADMIN], PASSWORD)
    answer = browser.post(f"/users/{other.id}", data={"name": "Other", "roles": ["viewer"]})
    assert answer.status_code == 303
    assert db.session.scalars(select(User).where(User.id == me.id)).one().roles == ["admin"]


def test_another_password_ends_every_session(as_role: Callable[[Role], FlaskClient]) -> None:
    browser, bo = as_role(Role.ADMIN), _user()
    sign_in("bo@example.dk", PASSWORD, "192.0.2.1")
    assert browser.post(f"/users/{bo.id}/password", data={"password": "short"}).status_code == 422
    assert _sessions(bo) == 1
    assert browser.post(f"/users/{bo.id}/password", data={"password": NEW}).status_code == 303
    assert _sessions(bo) == 0
    assert sign_in("bo@example.dk", NEW, "192.0.2.1")


def _sessions(user: User) -> int:
    return len(
        db.session.scalars(select(LoginSession).where(LoginSession.user_id == user.id)).all()
    )
