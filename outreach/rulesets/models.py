"""An organisation's own rulesets, and the fields that its officers ticked off, as stored."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.core.db import OrgRow, own


class RulesetState(StrEnum):
    """A copy is edited as a draft, then activated; an active one never changes."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class RulesetCopy(OrgRow):
    """A ruleset of an organisation, copied from another one.

    Attributes:
        code: id of the ruleset, such as ``dk-kv``; label: its version, such as ``2025-01-a``.
        based_on: code and version of the one it was copied from.
        document: the whole ruleset in its JSON form.
    """

    __table_args__ = own(UniqueConstraint("org_id", "code", "label"))

    code: Mapped[str] = mapped_column(String(40), index=True)
    label: Mapped[str] = mapped_column(String(40))
    based_on: Mapped[str] = mapped_column(String(90), default="")
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=RulesetState.DRAFT)
    activated_at: Mapped[datetime | None]
    activated_by: Mapped[str | None] = mapped_column(String(36))


class TickedField(OrgRow):
    """An officer compared one field of a ruleset with the law in force.

    Attributes:
        ruleset: code and version, such as ``dk-kv@2025-01``; path: of the field.
    """

    __table_args__ = own(UniqueConstraint("org_id", "ruleset", "path"))

    ruleset: Mapped[str] = mapped_column(String(90), index=True)
    path: Mapped[str] = mapped_column(String(160))
    by_id: Mapped[str] = mapped_column(String(36))
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
