"""The way that docs/operations.md tells: from an empty folder to somebody who can sign in."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from outreach import cli, commands
from outreach.app import create_app
from outreach.core.config import Settings
from outreach.core.db import db
from tests.conftest import database_url

GUIDE = Path(__file__).parents[2] / "docs/operations.md"


def test_the_commands_of_the_guide_make_the_first_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "instance"
    for name, value in {
        "OUTREACH_ENV": "production", "OUTREACH_SECRET_KEY": "x" * 32,
        "OUTREACH_KEYS_FILE": str(tmp_path / "keys.json"), "OUTREACH_INSTANCE": str(folder),
        "OUTREACH_DATABASE_URL": database_url(tmp_path, "first"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    made: list[Flask] = []

    def remember(settings: Settings | None = None) -> Flask:
        made.append(create_app(settings))
        return made[-1]

    monkeypatch.setattr(commands, "create_app", remember)
    lines = re.findall(
        r"^outreach (db upgrade|add .*|user create .*)$", GUIDE.read_text(), re.MULTILINE
    )
    done = [CliRunner().invoke(cli.main, shlex.split(line, comments=True)) for line in lines]
    assert [one.exit_code for one in done] == [0] * 5, [one.output for one in done]
    app, password = remember(), done[-1].output.strip()
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post(
        "/sign-in", data={"email": "admin@kommune.example", "password": password}
    )
    assert (answer.status_code, answer.location) == (303, "/")
    assert "__Host-outreach=" in answer.headers["Set-Cookie"]
    assert folder.stat().st_mode & 0o077 == 0
    again = CliRunner().invoke(
        cli.main, [*shlex.split(lines[-1]), "--organisation", "Randers Kommune"]
    )
    assert again.exit_code == 2
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
