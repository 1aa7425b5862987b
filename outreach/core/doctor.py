"""Looks a running installation over: settings, keys, database."""

from __future__ import annotations

import stat
from dataclasses import dataclass

from sqlalchemy import text

from outreach.core import migrate
from outreach.core.config import Settings
from outreach.core.db import db


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at."""

    what: str
    is_well: bool


def examine(settings: Settings, *, demo_users: bool) -> list[Examined]:
    """Everything that can be judged from inside."""
    keys = settings.keys_file
    private = keys is not None and not stat.S_IMODE(keys.stat().st_mode) & 0o077
    return [
        Examined(f"environment is {settings.env}", is_well=settings.is_production),
        Examined("browsers reach the server by https", is_well=settings.uses_https),
        Examined("only the owner can read the keys", is_well=private),
        Examined("the database has the newest form", is_well=migrate.current() == migrate.head()),
        Examined("nobody can sign in with a demo password", is_well=not demo_users),
        *_database(),
    ]


def _database() -> list[Examined]:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            sync = connection.execute(text("PRAGMA synchronous")).scalar()
            return [Examined("a commit is on the disk before it is acknowledged", sync == 2)]  # noqa: PLR2004
        sync = connection.execute(text("SHOW synchronous_commit")).scalar()
        fsync = connection.execute(text("SHOW fsync")).scalar()
        good = (sync, fsync) == ("on", "on")
        return [Examined("a commit is on the disk before it is acknowledged", good)]
