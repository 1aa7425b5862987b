"""The audit log: who did what to what, append-only and chained by hashes.

``hash = SHA-256(previous hash | canonical JSON of the entry)``, numbered without gaps for each
organisation. Entries name ids and fields, never sealed values.
"""

from __future__ import annotations

import hashlib
import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint, event, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from outreach.core import clock, tenancy
from outreach.core.db import OrgRow, alone, db, own

_START = "0" * 64
NOBODY = "system"
actor: ContextVar[str] = ContextVar("actor", default=NOBODY)


class AuditEntry(OrgRow):
    """One thing that somebody did."""

    __table_args__ = own(UniqueConstraint("org_id", "seq"))

    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str] = mapped_column(String(60))
    verb: Mapped[str] = mapped_column(String(60), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(36), index=True)
    reason: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def digest(self) -> str:
        """The hash that this entry ought to have."""
        body = {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "actor": self.actor_id,
            "verb": self.verb,
            "kind": self.kind,
            "object": self.object_id,
            "reason": self.reason,
            "details": self.details,
            "org": self.org_id,
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(f"{self.previous_hash}|{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold."""

    seq: int
    why: str


def record(verb: str, kind: str, object_id: str, *, reason: str = "", **details: Any) -> None:
    """Write one line; call it inside the action's transaction."""
    alone(f"audit {tenancy.org_id()}")
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    entry = AuditEntry(
        org_id=tenancy.org_id(), seq=last.seq + 1 if last else 1, at=clock.now(),
        actor_id=actor.get(), verb=verb, kind=kind, object_id=object_id, reason=reason,
        details=details, previous_hash=last.hash if last else _START,
    )  # fmt: skip
    entry.hash = entry.digest()
    db.session.add(entry)
    db.session.flush()


def verify() -> list[Broken]:
    """Every break in the chain of the organisation of the moment; none is good."""
    broken: list[Broken] = []
    previous, expected = _START, 1
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)):
        if entry.seq != expected:
            broken.append(Broken(entry.seq, "an entry is missing before this one"))
        if entry.previous_hash != previous or entry.hash != entry.digest():
            broken.append(Broken(entry.seq, "the entry was changed"))
        previous, expected = entry.hash, entry.seq + 1
    return broken


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _append_only(_mapper: Mapper[AuditEntry], _connection: Connection, _entry: AuditEntry) -> None:
    raise RuntimeError("the audit log is append-only")
