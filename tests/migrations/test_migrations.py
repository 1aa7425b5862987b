"""The migrations make just what the models say, and can be taken back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

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


def test_the_table_of_the_job_queue_is_no_difference_and_any_other_is(tmp_path: Path) -> None:
    url = database_url(tmp_path, "queue")
    app = create_app(Settings.from_env(env="test", instance=tmp_path, database_url=url))
    with app.app_context():
        migrate.upgrade()
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE huey_queue (id INTEGER)"))
        assert migrate.differences() == []
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE stray (id INTEGER)"))
        assert "stray" in "".join(migrate.differences())
        db.engine.dispose()


def test_migrations_are_numbered_one_after_the_other() -> None:
    folder = Path(migrate.__file__).parents[1] / "migrations/versions"
    found = sorted(path.stem for path in folder.glob("*.py"))
    assert [name[:5] for name in found] == [f"{n:04d}_" for n in range(1, len(found) + 1)]
    assert migrate.head() == found[-1]
