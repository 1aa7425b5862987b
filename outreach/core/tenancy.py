"""The wall between organisations: every query is filtered, every write is checked.

Three layers: this session filter, the flush guard below, and composite foreign keys
``(org_id, id)`` in the database itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, cast

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import ClauseElement, Table, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.visitors import iterate

from outreach.core.db import Base, OrgRow, db

_ALL = "*"
_org: ContextVar[str | None] = ContextVar("_org", default=None)


class NoOrganisation(RuntimeError):
    """A query was made before anybody said for which organisation."""


@contextmanager
def acting_for(org_id: str) -> Iterator[None]:
    """See and write rows of this organisation only."""
    token = _org.set(org_id)
    try:
        yield
    finally:
        _org.reset(token)


def enter(org_id: str | None) -> None:
    """The same for the rest of a request; None leaves."""
    _org.set(org_id)


@contextmanager
def everywhere() -> Iterator[None]:
    """See rows of all organisations: sign-in, migrations, the command line."""
    with acting_for(_ALL):
        yield


def org_id() -> str:
    """The organisation of the moment.

    Raises:
        NoOrganisation: none was entered.
    """
    found = _org.get()
    if found is None or found == _ALL:
        raise NoOrganisation
    return found


def _filter(state: ORMExecuteState) -> None:
    """Narrow every statement: its own mappers do not name what only a subquery reads."""
    here = _org.get()
    if here == _ALL or state.is_column_load or state.is_relationship_load:
        return
    if here is None:
        parts = iterate(cast("ClauseElement", state.statement))
        if any(getattr(part, "table", part) in _walled() for part in parts):
            raise NoOrganisation
        return
    state.statement = state.statement.options(
        with_loader_criteria(OrgRow, lambda cls: cls.org_id == here, include_aliases=True)
    )


@cache
def _walled() -> frozenset[Table]:
    """The tables whose rows belong to an organisation."""
    return frozenset(
        mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, OrgRow) and isinstance(mapper.local_table, Table)
    )


def _guard(session: Session, _context: UOWTransaction, _instances: object) -> None:
    here = _org.get()
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OrgRow) or here == _ALL:
            continue
        if row.org_id is None and row in session.new:
            row.org_id = org_id()
        if row.org_id != here:
            raise NoOrganisation


class WalledSession(FlaskSession):
    """Finds nothing of another organisation, not even what sign-in has just read of it."""

    def get(self, *args: Any, **options: Any) -> Any:
        """One row by its key, as the base class does."""
        found = super().get(*args, **options)
        here = _org.get()
        is_strange = isinstance(found, OrgRow) and here not in (_ALL, found.org_id)
        return None if is_strange else found


def init_app(_app: object) -> None:
    """Build the wall once for the one session factory."""
    factory = db.session.session_factory
    factory.class_ = WalledSession
    if not event.contains(factory, "do_orm_execute", _filter):
        event.listen(factory, "do_orm_execute", _filter)
        event.listen(factory, "before_flush", _guard)
