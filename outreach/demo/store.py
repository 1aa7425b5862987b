"""Gathers rows and stores them in one go, with ids that are the same for the same seed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from random import Random
from typing import Any

from outreach.core import clock
from outreach.core.db import Base, OrgRow, db

SEED = 751


@dataclass(slots=True)
class Store:
    """What one organisation is going to hold.

    Attributes:
        dice: the only source of chance in the demo.
    """

    org_id: str
    dice: Random
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def new_id(self) -> str:
        """A UUIDv7 (RFC 9562 §5.7) whose random bits come from the seed."""
        value = clock.millis() << 80 | 0x7 << 76 | self.dice.getrandbits(12) << 64
        return str(uuid.UUID(int=value | 0b10 << 62 | self.dice.getrandbits(62)))

    def add(self, model: type[OrgRow], **values: Any) -> str:
        """Keep a row; gives its id. Rows of one model name the same columns."""
        row = {"id": self.new_id(), **values, "org_id": self.org_id}
        self._rows.setdefault(model.__tablename__, []).append(row)
        return str(row["id"])

    def flush(self) -> None:
        """Store what was gathered, parents first. Cost: one statement for each table."""
        for table in Base.metadata.sorted_tables:
            rows = self._rows.pop(table.name, [])
            if rows:
                db.session.execute(table.insert(), rows)
