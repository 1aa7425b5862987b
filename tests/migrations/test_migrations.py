"""The migrations make just what the models say, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect

from outreach.app import create_app
from outreach.core import migrate
from outreach.core.config import Settings
from outreach.core.db import db
from tests.conftest import database_url


def test_up_down_and_up_again_gives_the_models_tables(tmp_path: Path) -> None:
    url = database_url(tmp_path, "migrations")
    app = create_app(Settings.from_env(env="test", instance=tmp_path, database_url=url))
    with app.app_context():
        migrate.upgrade()
        assert migrate.differences() == []
        assert migrate.current() == migrate.head()
        migrate.upgrade()
        migrate.downgrade("base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        migrate.upgrade()
        assert migrate.differences() == []
        db.session.remove()
        db.engine.dispose()


def test_a_difference_would_be_found(tmp_path: Path) -> None:
    app = create_app(Settings.from_env(env="test", instance=tmp_path))
    with app.app_context():
        assert migrate.differences() != []
        db.engine.dispose()


@pytest.mark.parametrize("name", ["0001_start"])
def test_migrations_are_numbered(name: str) -> None:
    folder = Path(migrate.__file__).parents[1] / "migrations/versions"
    assert name in {path.stem for path in folder.glob("*.py")}
