"""What is done with the proof of an election."""

from __future__ import annotations


def export(election_id: str) -> str:
    """The text of an election's bundle."""
    raise NotImplementedError(election_id)
