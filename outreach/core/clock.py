"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DK = ZoneInfo("Europe/Copenhagen")

_shift = timedelta(0)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC) + _shift


def local() -> datetime:
    """This moment on a Danish wall clock."""
    return now().astimezone(DK)


def today() -> date:
    """Today's date in Denmark."""
    return local().date()


def monday_of(day: date) -> date:
    """The Monday of the ISO week that holds ``day``."""
    return day - timedelta(days=day.weekday())


def millis() -> int:
    """Milliseconds since 1970 UTC."""
    return int(now().timestamp() * 1000)


def move_to(moment: datetime | None) -> None:
    """Let the clock go on from ``moment`` (tests and demo); None sets it right again."""
    global _shift  # noqa: PLW0603 - there is one clock in a process
    _shift = timedelta(0) if moment is None else moment - datetime.now(UTC)
