"""How long a session lives, how fast one may guess, and what a good password is."""

from __future__ import annotations

from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
FAILURES = 5
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
"""How long failed sign-ins are remembered that close nothing any more."""
PASSWORD_LENGTH = (14, 128)
DEMO_PASSWORD = "try-outreach-today"  # noqa: S105 - printed for everybody to read


def has_ended(seen_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether a session was idle too long or is too old."""
    return now - seen_at > IDLE or now >= ends_at


def closed_until(failures: int, now: datetime) -> datetime | None:
    """Until when further guesses are refused: doubling from one minute, an hour at most."""
    if failures < FAILURES:
        return None
    return now + min(timedelta(minutes=2 ** (failures - FAILURES)), timedelta(hours=1))


def password_is_long_enough(password: str) -> bool:
    """Length is what counts (ASVS 5.0 V6.2)."""
    return PASSWORD_LENGTH[0] <= len(password) <= PASSWORD_LENGTH[1]
