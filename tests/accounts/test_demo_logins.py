"""Whoever knows the printed password of the demonstration gets nowhere near real people's data."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from outreach import cli
from outreach.accounts import actions, queries
from outreach.accounts.models import Organisation
from outreach.accounts.rules import DEMO_PASSWORD
from outreach.app import create_app
from outreach.core import migrate, tenancy
from outreach.core.auth import Role
from outreach.core.config import Settings
from outreach.core.db import db
from outreach.core.errors import BadSetting, Invalid
from tests.conftest import database_url

EMAIL = "koordinator@example.dk"


@pytest.fixture
def left_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A production whose database still holds a demo user."""
    for name, value in {
        "OUTREACH_ENV": "production", "OUTREACH_SECRET_KEY": "x" * 32,
        "OUTREACH_KEYS_FILE": str(tmp_path / "keys.json"), "OUTREACH_INSTANCE": str(tmp_path),
        "OUTREACH_DATABASE_URL": database_url(tmp_path, "demo"), "PORT": "0",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    app = create_app(Settings.from_env(env="demo"))
    with app.app_context():
        migrate.upgrade()
        with tenancy.acting_for(actions.create_organisation("Aarhus").id):
            actions.create_user(EMAIL, "K", [Role.COORDINATOR], DEMO_PASSWORD, is_demo=True)
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("door", ["run", "worker"])
def test_no_command_serves_while_a_demo_user_may_enter(left_over: Flask, door: str) -> None:
    done = CliRunner().invoke(cli.main, [door])
    assert (done.exit_code, "demo users" in done.output) == (2, True), done.output


def test_production_takes_no_demonstration(left_over: Flask) -> None:
    done = CliRunner().invoke(cli.main, ["demo", "--size", "small"])
    assert (done.exit_code, "production" in done.output) == (2, True), done.output


def test_no_web_server_starts_while_a_demo_user_may_enter(left_over: Flask) -> None:
    with pytest.raises(BadSetting, match="demo users"):
        runpy.run_module("outreach.wsgi")


def test_it_starts_as_soon_as_the_demo_users_are_shut_out(left_over: Flask) -> None:
    with left_over.app_context():
        user = queries.user_by_email(EMAIL)
        assert user is not None
        with tenancy.acting_for(user.org_id):
            actions.disable(user)
        db.session.remove()
    app: Flask = runpy.run_module("outreach.wsgi")["app"]
    with app.app_context():
        assert not queries.demo_users_exist()
        user = queries.user_by_email(EMAIL)
        assert user is not None
        with tenancy.acting_for(user.org_id):
            actions.enable(user)
        with pytest.raises(Invalid):
            actions.sign_in(EMAIL, DEMO_PASSWORD, "127.0.0.1")
        db.session.remove()
        db.engine.dispose()


def test_nobody_else_gets_the_printed_password(org: Organisation) -> None:
    with pytest.raises(Invalid):
        actions.create_user("a@example.dk", "A", [Role.ADMIN], DEMO_PASSWORD)
    made = actions.create_user(EMAIL, "K", [Role.COORDINATOR], DEMO_PASSWORD, is_demo=True)
    with pytest.raises(Invalid):
        actions.set_password(made, DEMO_PASSWORD)
