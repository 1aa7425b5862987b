"""Migrations by command, one at a time: never when a web process starts."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.engine import Connection

from outreach.core.db import Base, db, writing
from outreach.core.errors import BadSetting

_FOLDER = Path(__file__).resolve().parents[1] / "migrations"
_QUEUE = "huey_queue"
_LOCK = 7_001_968  # PostgreSQL advisory lock number of this product


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone() -> Iterator[Connection]:
    """A connection while no other process migrates."""
    with writing(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
            try:
                yield connection
            finally:
                connection.rollback()
                connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
                connection.commit()
            return
        lock = Path(current_app.config["OUTREACH"].instance) / "migrate.lock"
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with _keys_asleep(connection):
                yield connection


@contextmanager
def _keys_asleep(connection: Connection) -> Iterator[None]:
    """SQLite rebuilds a table to change it; dropping the old one must not take its children along.

    Source: https://www.sqlite.org/lang_altertable.html, section 7.
    """
    raw = connection.connection.driver_connection
    if raw is None:
        raise RuntimeError("the connection is closed")
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def _commit(connection: Connection) -> None:
    """Commit, unless a row points nowhere."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise RuntimeError(f"a row of {lost[0]} would point to nothing in {lost[2]}")
    connection.commit()


def upgrade(revision: str = "head") -> None:
    """Bring the database to a revision; nothing happens if it is there.

    Raises:
        BadSetting: a newer version of the product has changed it.
    """
    with _alone() as connection:
        known = {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found not in known:
            raise BadSetting(
                why=f"the database has the form {found} of a newer version; install that one"
            )
        command.upgrade(_config(connection), revision)
        _commit(connection)


def downgrade(revision: str) -> None:
    """Take the database back to a revision."""
    with _alone() as connection:
        command.downgrade(_config(connection), revision)
        _commit(connection)


def current() -> str | None:
    """The revision of the database; None for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that this version of the product knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a migration answers for it; the queue of jobs makes its own table."""
    return not (kind == "table" and name == _QUEUE)


def differences() -> list[str]:
    """What the database lacks or has too much, compared with the models."""
    with db.engine.connect() as connection:
        options = {"compare_type": False, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return [str(found) for found in compare_metadata(context, Base.metadata)]


def generate(message: str, revision_id: str) -> None:
    """Write a migration from the difference between the database and the models."""
    with _alone() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision_id)
