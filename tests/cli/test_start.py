"""What a newcomer meets: one clear line and the exit code 2, never a traceback."""

from __future__ import annotations

import os
import re
import shlex
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from outreach.jobs import consumer
from tests.browser.server import free_port

ROOT = Path(__file__).resolve().parents[2]


def outreach(*words: str, folder: Path, **more: str) -> tuple[int, str]:
    """Run a command on an instance folder; its exit code and all it said."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("OUTREACH_")}
    done = subprocess.run(
        [sys.executable, "-m", "outreach.cli", *words],
        env={**clean, "OUTREACH_INSTANCE": str(folder), "PORT": str(free_port()), **more},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout


def said(answer: tuple[int, str]) -> str:
    """The one line of a command that could not do its work."""
    code, text = answer
    assert (code, len(text.splitlines())) == (2, 1), text
    return text


def test_a_port_that_is_taken_is_named_before_anything_is_done(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert f"port {port} is taken" in said(outreach("run", folder=tmp_path, PORT=str(port)))
    assert not (tmp_path / "outreach.sqlite").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "80000"), ("OUTREACH_ENV", "x"), ("OUTREACH_NOW", "tomorrow")],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert f" {name}: " in said(outreach("run", folder=tmp_path, **{name: value}))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "OUTREACH_INSTANCE: " in said(outreach("run", folder=tmp_path / "file"))


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "outreach.sqlite").write_text("a letter, and a long one, but not a database")
    assert "OUTREACH_DATABASE_URL: " in said(outreach("run", folder=tmp_path))


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    answer = outreach("db", "upgrade", folder=tmp_path, OUTREACH_DATABASE_URL=nowhere)
    assert "the database cannot be used" in said(answer)


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    assert outreach("db", "upgrade", folder=tmp_path)[0] == 0
    with sqlite3.connect(tmp_path / "outreach.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999_later'")
    database.close()
    assert "9999_later" in said(outreach("run", folder=tmp_path))


@pytest.mark.parametrize("week", ["2026-W60", "2026W48", "next", ""])
def test_what_is_no_week_is_refused(tmp_path: Path, week: str) -> None:
    assert "is no week" in said(outreach("plan", "--week", week, folder=tmp_path))


def test_an_installation_is_made_as_the_manual_says(tmp_path: Path) -> None:
    """From nothing to somebody who can sign in: the commands of docs/operations.md."""
    manual = (ROOT / "docs/operations.md").read_text()
    lines = re.findall(r"^outreach ((?:db|add|user) [^#\n]+)", manual, re.MULTILINE)
    assert len(lines) == 5
    for line in lines:
        code, text = outreach(*shlex.split(line), folder=tmp_path)
        assert code == 0, text
    assert outreach("db", "check", folder=tmp_path) == (0, "")
    code, text = outreach("doctor", folder=tmp_path)
    assert (code, "BAD environment is development" in text) == (1, True)


@pytest.mark.parametrize("queue", ["sqlite://", "postgresql://"])
def test_behind_gunicorn_jobs_are_worked_off_where_no_worker_can_be(
    app: Flask, monkeypatch: pytest.MonkeyPatch, queue: str
) -> None:
    other = {"queue_url": queue, "database_url": queue}
    monkeypatch.setitem(app.config, "OUTREACH", app.config["OUTREACH"].model_copy(update=other))
    made = consumer.start_if_no_worker_can(app)
    assert (made is not None) == queue.startswith("sqlite")
    if made is not None:
        made.stop()


def test_no_door_leads_a_real_organisation_to_a_demo_database(tmp_path: Path) -> None:
    assert outreach("demo", "--size", "small", folder=tmp_path)[0] == 0
    real = {
        "OUTREACH_ENV": "production", "OUTREACH_SECRET_KEY": "x" * 40,
        "OUTREACH_KEYS_FILE": str(tmp_path / "keys.json"),
    }  # fmt: skip
    assert "demo users" in said(outreach("run", folder=tmp_path, **real))
    done = subprocess.run(
        [sys.executable, "-c", "import outreach.wsgi"], capture_output=True, text=True, check=False,
        env={**os.environ, "OUTREACH_INSTANCE": str(tmp_path), **real},
    )  # fmt: skip
    assert (done.returncode, "demo users" in done.stderr) == (1, True), done.stderr
