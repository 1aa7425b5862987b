"""The last look at what is written: no text column keeps a civil registration number.

Forms and bodies refuse one with a word beside the field; this holds for every other way in, such
as the command line.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import String, event, inspect
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from outreach.core import cpr
from outreach.core.db import Base, db
from outreach.core.errors import Invalid
from outreach.core.forms import CPR_REFUSED

_CODES = (36, 64)
"""Lengths of ids and of hex digests, in which digits may stand by chance."""


@cache
def _texts(mapper: Mapper[Base]) -> tuple[str, ...]:
    """The attributes of a class that hold words."""
    return tuple(
        attribute.key
        for attribute in mapper.column_attrs
        for column in attribute.columns
        if isinstance(column.type, String)
        and column.type.length not in _CODES
        and not attribute.key.endswith("hash")
    )


def _refuse(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in (*session.new, *session.dirty):
        state = inspect(row)
        for name in _texts(state.mapper):
            for text in state.attrs[name].history.added or ():
                if isinstance(text, str) and cpr.find(text):
                    raise Invalid({name: CPR_REFUSED}, CPR_REFUSED)


def init_app(_app: object) -> None:
    """Look at every flush of the one session factory."""
    factory = db.session.session_factory
    if not event.contains(factory, "before_flush", _refuse):
        event.listen(factory, "before_flush", _refuse)
