"""The database: one session, one base class, one naming convention, two kinds of transaction.

SQLite runs in WAL with ``synchronous=FULL``: what was acknowledged survives a power cut. A reader
begins with plain ``BEGIN``; an action begins with ``BEGIN IMMEDIATE``, because a transaction that
reads first and writes later fails at once when somebody else wrote in between.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Engine,
    ForeignKeyConstraint,
    MetaData,
    String,
    UniqueConstraint,
    event,
    func,
    inspect,
    select,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.types import TypeDecorator

from outreach.core import clock
from outreach.core.errors import BadSetting
from outreach.core.ids import new_id

_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 10000,
    "secure_delete": 1,
    "trusted_schema": 0,
}

log = logging.getLogger("outreach.db")

P = ParamSpec("P")
R = TypeVar("R")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Refuse a naive moment; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must have a time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Give an aware moment back, also from SQLite."""
        if value is None or value.tzinfo is not None:
            return value if value is None else value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of every stored class. Inherit from this, not from ``db.Model``."""

    registry = registry(
        metadata=MetaData(naming_convention=_CONVENTION),
        type_annotation_map={datetime: UtcDateTime()},
    )

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Row(Base):
    """A stored row with an id, two times and an optimistic lock."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


class OrgRow(Row):
    """A row that belongs to one organisation; ``core.tenancy`` keeps the wall."""

    __abstract__ = True

    org_id: Mapped[str] = mapped_column(String(36), index=True)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        return own()


def touch(row: Row) -> None:
    """Let a row's version rise though only rows that belong to it change."""
    if inspect(row).persistent:
        flag_modified(row, "updated_at")


def own(*more: Any) -> tuple[Any, ...]:
    """Table arguments of an organisation's table: the composite key, then ``more``."""
    return (UniqueConstraint("org_id", "id"), *more)


def link(column: str, table: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot cross organisations: ``(org_id, column)``."""
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"], **options)


db: SQLAlchemy = SQLAlchemy(
    model_class=Base, session_options={"expire_on_commit": False, "autoflush": True}
)

_depth: ContextVar[int] = ContextVar("_depth", default=0)


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction; inner ones join the outermost.

    Everything is undone when it raises. A read transaction that was open is ended first.
    """
    if _depth.get():
        yield
        return
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside an action")
    db.session.commit()
    token = _depth.set(1)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _depth.reset(token)


@contextmanager
def snapshot() -> Iterator[None]:
    """One read transaction in which every statement sees the same state of the database."""
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
    try:
        yield
    finally:
        db.session.rollback()


def alone(what: str) -> None:
    """Wait until no other transaction is alone with ``what``; holds until this one ends.

    Call it in an action, before reading what the action is going to add to. On SQLite every action
    is alone.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.flush()  # rows before names, so that two actions do not wait for each other
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def scrub() -> None:
    """Leave no trace of what was overwritten: SQLite's write-ahead log is emptied.

    Call it after the transaction that sealed something; ``secure_delete`` cleans the main file.
    """
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if is_busy:
            log.warning("a reader keeps the write-ahead log; it is emptied at the next checkpoint")
    finally:
        connection.close()


def atomic(action: Callable[P, R]) -> Callable[P, R]:
    """Run an action as one transaction: see ``writing``."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with writing():
            return action(*args, **kwargs)

    return run


def _on_connect(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's "begin" event begins, not sqlite3
    cursor = connection.cursor()
    for name, wanted in _PRAGMAS.items():
        try:
            cursor.execute(f"PRAGMA {name}={wanted}")
            got = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise BadSetting(why=f"OUTREACH_DATABASE_URL: {error}") from None
        if got != wanted and not (name == "journal_mode" and got == "memory"):
            raise BadSetting(why=f"SQLite refused {name}={wanted} and keeps {got}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = "IMMEDIATE" if _depth.get() else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")


def _engine_options(url: str) -> dict[str, Any]:
    silent = {"hide_parameters": True}  # an error's text goes into a log; values must not
    if url.startswith("sqlite"):
        return {**silent, "connect_args": {"check_same_thread": False}}
    connect = {"options": "-c synchronous_commit=on"}
    return {**silent, "pool_pre_ping": True, "connect_args": connect}


def init_app(app: Flask) -> None:
    """Connect the session to this application's database and check its settings."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    with app.app_context():
        engine: Engine = db.engine
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        with engine.connect():
            pass  # a database that refuses the settings stops the server here
