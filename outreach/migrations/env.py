"""Alembic's entry: migrates the connection that it is given."""

from __future__ import annotations

from alembic import context

from outreach.core.db import Base, UtcDateTime


def _render(kind: str, thing: object, _autogen: object) -> str | bool:
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
