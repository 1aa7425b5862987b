"""What is done with the proof of an election."""

from __future__ import annotations

from outreach.core import audit
from outreach.core.db import atomic
from outreach.elections import queries as elections
from outreach.proof import bundle, gathering


@atomic
def export(election_id: str) -> str:
    """The text of an election's bundle; the audit log keeps its digest."""
    made = gathering.bundle_of(gathering.stored(elections.election_by_id(election_id)))
    audit.record("export", "election", election_id, sha256=made["digest"])
    return bundle.written(made)
