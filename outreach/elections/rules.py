"""How far an election is, and how many votes a site may bring. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Phase(StrEnum):
    """How far an election is."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"


def phase(today: date, windows: Iterable[tuple[date, date]], election_day: date) -> Phase:
    """Before the first window, in one, between the last one and the day, or after the day."""
    if today > election_day:
        return Phase.OVER
    spans = tuple(windows)
    if any(first <= today <= last for first, last in spans):
        return Phase.OPEN
    return Phase.CLOSED if spans and today > max(last for _first, last in spans) else Phase.PREPARED


def expected_votes(residents: int | None, percent: int) -> int | None:
    """The share of the residents that votes, rounded up; None where their number is not known."""
    return None if residents is None else -(-residents * percent // 100)


def fingerprint(*given: object) -> str:
    """What a preview was made of; what differs from it must be previewed again."""
    text = json.dumps([str(one) for one in given])
    return hashlib.sha256(text.encode()).hexdigest()
