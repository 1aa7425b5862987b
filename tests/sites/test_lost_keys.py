"""A key file that was lost or mistyped is said at the start, before a new one could hide it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from outreach import cli
from outreach.accounts import actions
from outreach.app import create_app, refuse_unsafe_start
from outreach.core import crypto, migrate, tenancy
from outreach.core.config import Settings
from outreach.core.db import db, writing
from outreach.core.errors import BadSetting
from outreach.sites.models import Site, SiteSecret
from tests.conftest import database_url

COLUMNS = (
    "name", "address", "postcode", "area", "position", "residents", "contacts", "access_notes",
)  # fmt: skip


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A database with one secret site."""
    for name, value in {
        "OUTREACH_ENV": "production", "OUTREACH_SECRET_KEY": "x" * 32,
        "OUTREACH_KEYS_FILE": str(tmp_path / "keys.json"), "OUTREACH_INSTANCE": str(tmp_path),
        "OUTREACH_DATABASE_URL": database_url(tmp_path, "sealed"), "PORT": "0",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    app = create_app(Settings.from_env())
    with app.app_context():
        migrate.upgrade()
        with tenancy.acting_for(actions.create_organisation("Aarhus").id):
            site = Site(code="S1", kind="shelter", is_secret=True, alias="K-01", sort_key="k")
            with writing():
                db.session.add(site)
            boxes = dict.fromkeys(COLUMNS, crypto.keyring().seal("x", "here"))
            with writing():
                db.session.add(SiteSecret(site_id=site.id, **boxes))
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("door", ["run", "worker"])
def test_no_command_serves_with_other_keys(sealed: Flask, tmp_path: Path, door: str) -> None:
    kept = (tmp_path / "keys.json").read_text()
    (tmp_path / "keys.json").unlink()
    done = CliRunner().invoke(cli.main, [door])
    assert (done.exit_code, "sealed with other keys" in done.output) == (2, True), done.output
    (tmp_path / "keys.json").write_text(kept)
    again = create_app(Settings.from_env())
    refuse_unsafe_start(again)
    with again.app_context():
        db.session.remove()
        db.engine.dispose()


def test_an_added_key_opens_what_an_older_one_sealed(sealed: Flask, tmp_path: Path) -> None:
    older = (tmp_path / "keys.json").read_text().rstrip("}\n")
    newer = '"0011aabb": "' + "A" * 43 + '="}'
    (tmp_path / "keys.json").write_text(f"{older}, {newer}")
    app = create_app(Settings.from_env())
    refuse_unsafe_start(app)
    (tmp_path / "keys.json").write_text("{" + newer)
    lost = create_app(Settings.from_env())
    with pytest.raises(BadSetting, match="other keys"):
        refuse_unsafe_start(lost)
    for one in (app, lost):
        with one.app_context():
            db.session.remove()
            db.engine.dispose()
