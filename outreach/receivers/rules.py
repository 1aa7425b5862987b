"""Who of the receivers can come on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date


def can_come(
    day: date, days: Sequence[str] | None, away: Iterable[tuple[date, date]], *, is_active: bool
) -> bool:
    """Whether somebody goes out at all, named the day or no days, and is not away."""
    has_named = days is None or day.isoformat() in days
    return is_active and has_named and not any(first <= day <= last for first, last in away)


def initials(name: str) -> str:
    """First letters of a name, at most four."""
    return "".join(part[0] for part in name.split() if part)[:4].upper() or "?"
