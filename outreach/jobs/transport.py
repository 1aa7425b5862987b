"""Huey carries job ids from the page to a worker; nothing else travels with it.

SQLite by default; a PostgreSQL address works through the driver that the product has anyway.
Messages are pickles and so could run code: each is signed, and one of anybody else is thrown away.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, current_app
from huey import Huey, SqliteHuey
from huey.serializer import SignedSerializer
from huey.storage import BaseStorage
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, create_engine, delete, select

from outreach.core.config import Settings
from outreach.core.errors import BadSetting

log = logging.getLogger("outreach.jobs")
_KEY = "outreach_queue"


class PostgresStorage(BaseStorage):  # type: ignore[misc] # huey has no types
    """A queue of bytes in PostgreSQL; two workers never get the same one."""

    def __init__(self, name: str = "huey", url: str = "", **_more: Any) -> None:
        super().__init__(name)
        self._engine = create_engine(url, pool_pre_ping=True)
        self._queue = Table(
            "huey_queue", MetaData(),
            Column("id", Integer, primary_key=True), Column("data", LargeBinary, nullable=False),
        )  # fmt: skip
        self._queue.metadata.create_all(self._engine)

    def enqueue(self, data: bytes, priority: int | None = None) -> None:  # noqa: ARG002
        """Put a message in."""
        with self._engine.begin() as connection:
            connection.execute(self._queue.insert().values(data=data))

    def dequeue(self) -> bytes | None:
        """Take the oldest message out; None if there is none."""
        oldest = (
            select(self._queue.c.id)
            .order_by(self._queue.c.id).limit(1).with_for_update(skip_locked=True)
            .scalar_subquery()
        )  # fmt: skip
        with self._engine.begin() as connection:
            row = connection.execute(
                delete(self._queue).where(self._queue.c.id == oldest).returning(self._queue.c.data)
            ).first()
        return None if row is None else bytes(row.data)

    def queue_size(self) -> int:
        """How many messages wait."""
        with self._engine.connect() as connection:
            return len(connection.execute(select(self._queue.c.id)).all())

    def flush_queue(self) -> None:
        """Throw all messages away."""
        with self._engine.begin() as connection:
            connection.execute(delete(self._queue))


def init_app(app: Flask) -> None:
    """Connect the queue of this application.

    Raises:
        BadSetting: the address is of no known kind.
    """
    settings: Settings = app.config["OUTREACH"]
    signed = SignedSerializer(secret=settings.secret_key, salt="outreach jobs")
    app.extensions[_KEY] = _Queue(_huey(settings.queue_url, serializer=signed, results=False))


def _huey(url: str, **options: Any) -> Huey:
    if url.startswith("sqlite:///"):
        return SqliteHuey("outreach", filename=url.removeprefix("sqlite:///"), **options)
    if url.startswith("postgresql"):
        return Huey("outreach", storage_class=PostgresStorage, url=url, **options)
    raise BadSetting(why="OUTREACH_QUEUE_URL must begin with sqlite:/// or postgresql://")


class _Queue:
    """Job ids, first in, first out."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self._carry = huey.task(name="job")(_carried)

    def send(self, job_id: str) -> None:
        """Put an id in."""
        self._carry(job_id)

    def receive(self) -> str | None:
        """Take an id out; None if there is none."""
        task = self.huey.dequeue()
        return None if task is None else str(task.args[0])


def _carried(job_id: str) -> str:
    """The message; a worker reads its argument and never calls it."""
    return job_id


def queue_of(app: Flask) -> _Queue:
    """The queue of an application."""
    found: _Queue = app.extensions[_KEY]
    return found


def send(job_id: str) -> None:
    """Tell the workers of a job. A queue that fails loses nothing: the reaper finds the row."""
    try:
        queue_of(current_app).send(job_id)
    except Exception:
        log.exception("the queue did not take job %s", job_id)
