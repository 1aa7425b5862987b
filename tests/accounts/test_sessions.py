"""How long a session lives, and how fast one may guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from outreach.accounts import actions, queries
from outreach.accounts.models import LoginSession, LoginThrottle, Organisation, User
from outreach.accounts.rules import closed_until, has_ended
from outreach.core import clock
from outreach.core.auth import Role
from outreach.core.db import db
from outreach.core.errors import Conflict, Invalid
from tests.conftest import PASSWORD, TUESDAY


def test_a_session_ends_after_half_an_hour_of_silence_and_after_eight_hours() -> None:
    start, end = TUESDAY, TUESDAY + timedelta(hours=8)
    assert not has_ended(start, end, start + timedelta(minutes=30))
    assert has_ended(start, end, start + timedelta(minutes=31))
    assert has_ended(end - timedelta(minutes=1), end, end)


def test_an_idle_browser_must_sign_in_again(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.ADMIN)
    clock.move_to(TUESDAY + timedelta(minutes=29))
    assert browser.get("/users").status_code == 200
    clock.move_to(TUESDAY + timedelta(minutes=50))
    assert browser.get("/users").status_code == 200
    clock.move_to(TUESDAY + timedelta(minutes=90))
    assert browser.get("/users").status_code == 303


def test_guesses_are_slowed_but_never_for_ever() -> None:
    waits = [closed_until(n, TUESDAY) for n in (4, 5, 6, 7, 40)]
    minutes = [None if w is None else (w - TUESDAY).total_seconds() / 60 for w in waits]
    assert minutes == [None, 1, 2, 4, 60]


def test_ten_wrong_passwords_are_throttled_and_the_right_one_works_later(
    app: Flask, as_role: Callable[[Role], FlaskClient]
) -> None:
    as_role(Role.VIEWER)
    stranger = app.test_client()
    wrong = {"email": "viewer@example.dk", "password": "not the password"}
    seen = [stranger.post("/sign-in", data=wrong).status_code for _n in range(10)]
    assert seen == [422] * 5 + [429] * 5
    right = {**wrong, "password": PASSWORD}
    assert stranger.post("/sign-in", data=right).status_code == 429
    clock.move_to(TUESDAY + timedelta(minutes=5))
    assert stranger.post("/sign-in", data=right).status_code == 303


def test_what_has_ended_is_not_kept(
    app: Flask, as_role: Callable[[Role], FlaskClient], org: Organisation
) -> None:
    as_role(Role.VIEWER)
    wrong = {"email": "nobody@example.dk", "password": "not the password"}
    app.test_client().post("/sign-in", data=wrong)
    clock.move_to(TUESDAY + timedelta(hours=25))
    app.test_client().post("/sign-in", data={**wrong, "email": "nobody2@example.dk"})
    assert db.session.scalar(select(func.count(LoginThrottle.id))) == 1
    actions.sign_in("viewer@example.dk", PASSWORD, "127.0.0.1")
    assert db.session.scalar(select(func.count(LoginSession.id))) == 1


def _user(role: Role) -> User:
    return db.session.scalars(select(User).where(User.email == f"{role.value}@example.dk")).one()


@pytest.mark.parametrize("change", ["disable", "password"])
def test_disabling_and_a_new_password_end_every_session(
    as_role: Callable[[Role], FlaskClient], change: str
) -> None:
    browser = as_role(Role.ADMIN)
    if change == "disable":
        actions.disable(_user(Role.ADMIN))
    else:
        actions.set_password(_user(Role.ADMIN), "another-long-password")
    assert browser.get("/users").status_code == 303


def test_signing_in_gives_a_new_session_each_time(
    app: Flask, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser = as_role(Role.ADMIN)
    before = browser.get_cookie("outreach")
    again = {"email": "admin@example.dk", "password": PASSWORD}
    browser.post("/sign-in", data=again)
    after = browser.get_cookie("outreach")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_a_user_needs_a_free_email_and_a_long_password(org: Organisation) -> None:
    actions.create_user("a@example.dk", "A", [Role.FIELD], PASSWORD)
    with pytest.raises(Conflict):
        actions.create_user("A@example.dk", "B", [Role.FIELD], PASSWORD)
    with pytest.raises(Invalid):
        actions.create_user("b@example.dk", "B", [Role.FIELD], "short")


def test_users_are_made_shut_out_and_let_in_by_the_administrator(
    app: Flask, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser = as_role(Role.ADMIN)
    form = {"name": "Ny", "email": "ny@example.dk", "roles": ["viewer"], "password": PASSWORD}
    assert browser.post("/users/new", data=form).status_code == 303
    assert browser.post("/users/new", data=form).status_code == 422
    made = queries.user_by_email("ny@example.dk")
    assert made is not None
    browser.post(f"/users/{made.id}/disable")
    login = {"email": "ny@example.dk", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=login).status_code == 422
    browser.post(f"/users/{made.id}/enable")
    assert app.test_client().post("/sign-in", data=login).status_code == 303


def test_nobody_shuts_themselves_out(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.ADMIN)
    assert browser.post(f"/users/{_user(Role.ADMIN).id}/disable").status_code == 409
