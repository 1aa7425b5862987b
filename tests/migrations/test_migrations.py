"""The migrations make just what the models say, and can be taken back."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import TableClause, column, event, insert, inspect, text

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


def test_several_that_migrate_at_once_wait_for_each_other(tmp_path: Path) -> None:
    url = database_url(tmp_path, "several")
    app = create_app(Settings.from_env(env="test", instance=tmp_path, database_url=url))
    failures: list[BaseException] = []

    def upgrade() -> None:
        with app.app_context():
            try:
                migrate.upgrade()
            except Exception as error:  # noqa: BLE001 - the test reports every failure
                failures.append(error)
            db.session.remove()

    threads = [threading.Thread(target=upgrade) for _process in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert (failures, migrate.differences()) == ([], [])
        db.session.remove()
        db.engine.dispose()


def test_a_migration_that_breaks_off_leaves_nothing_half(tmp_path: Path) -> None:
    url = database_url(tmp_path, "half")
    app = create_app(Settings.from_env(env="test", instance=tmp_path, database_url=url))
    with app.app_context():
        made: list[str] = []

        def break_off(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            made.extend([statement] if "CREATE TABLE" in statement else [])
            if len(made) == 9:
                raise InterruptedError

        event.listen(db.engine, "before_cursor_execute", break_off)
        with pytest.raises(InterruptedError):
            migrate.upgrade()
        event.remove(db.engine, "before_cursor_execute", break_off)
        db.session.remove()
        assert (inspect(db.engine).get_table_names(), migrate.current()) == ([], None)
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


_OLD_PLAN = {
    "plan": {"id": "p1", "monday": "2026-11-23", "number": 1, "state": "published", "engine": "",
             "cost": "{}", "snapshot_sha256": "", "breaches": "[]"},
    "depot": {"id": "d1", "name": "Dokk1", "latitude": 56.1, "longitude": 10.2},
    "team": {"id": "t1", "letter": "A", "depot_id": "d1", "profile": "car", "vehicle": "",
             "grams_per_km": 0, "is_unmarked": False, "is_active": True},
    "round": {"id": "r1", "plan_id": "p1", "team_id": "t1", "team_letter": "A",
              "day": "2026-11-23", "member_ids": "[]", "members": "[]", "vehicle": "",
              "kits": "[]", "leaves": 480, "returns": 960, "travel_minutes": 0, "metres": 0,
              "grams_co2": 0},
}  # fmt: skip


def test_what_a_rebuilt_table_holds_together_is_still_there(tmp_path: Path) -> None:
    url = database_url(tmp_path, "kept")
    app = create_app(Settings.from_env(env="test", instance=tmp_path, database_url=url))
    common = {"org_id": "o1", "created_at": "2026-11-20 08:00:00+00:00",
              "updated_at": "2026-11-20 08:00:00+00:00", "version": 1}  # fmt: skip
    with app.app_context():
        migrate.upgrade("0001_start")
        with db.engine.begin() as connection:
            for table, given in _OLD_PLAN.items():
                row = {**common, **given}
                parts: list[Any] = [column(name) for name in row]
                connection.execute(insert(TableClause(table, *parts)).values(row))
        for to in ("0002_elections", "0001_start", "0002_elections"):
            (migrate.downgrade if to == "0001_start" else migrate.upgrade)(to)
            with db.engine.connect() as connection:
                found = connection.execute(
                    text("SELECT round.id, plan.id FROM round JOIN plan ON plan.id = plan_id")
                )
                assert [tuple(row) for row in found] == [("r1", "p1")]
                if connection.dialect.name == "sqlite":
                    kept = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
                    assert kept == 1
        db.session.remove()
        db.engine.dispose()
