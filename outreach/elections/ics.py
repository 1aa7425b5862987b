"""Windows and deadlines as a calendar of RFC 5545. Pure; no site and no person stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MIME = "text/calendar; charset=utf-8"
_OCTETS = 75
"""The longest line (RFC 5545 §3.1), the break left out."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar.

    Attributes:
        uid: the same for the same thing as long as it exists.
        starts, ends: days (both included) or aware moments; no end is a point in time.
    """

    uid: str
    title: str
    text: str
    starts: date | datetime
    ends: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """When what a calendar says was changed, and how often: new copies replace old ones."""

    at: datetime
    number: int


def calendar(name: str, events: Iterable[Event], stamp: Stamp) -> bytes:
    """The whole file."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Outreach//Elections//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}", f"NAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H",
    ]  # fmt: skip
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event, stamp: Stamp) -> list[str]:
    return [
        "BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{_moment(stamp.at)}",
        f"LAST-MODIFIED:{_moment(stamp.at)}", f"SEQUENCE:{stamp.number}",
        f"DTSTART{_value(event.starts)}", *_end(event), f"SUMMARY:{_escaped(event.title)}",
        f"DESCRIPTION:{_escaped(event.text)}", "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _end(event: Event) -> list[str]:
    """A calendar's last day is left out of an event, ours is in it (§3.6.1)."""
    if event.ends is None:
        return []
    is_day = not isinstance(event.ends, datetime)
    return [f"DTEND{_value(event.ends + timedelta(days=1) if is_day else event.ends)}"]


def _value(when: date | datetime) -> str:
    return f":{_moment(when)}" if isinstance(when, datetime) else f";VALUE=DATE:{when:%Y%m%d}"


def _moment(at: datetime) -> str:
    """UTC, so that no reader needs to know our time zone (§3.3.5)."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for letter in ("\\", ";", ","):
        plain = plain.replace(letter, f"\\{letter}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """The line in parts of at most 75 octets, no letter cut; later parts begin with a blank."""
    part = b""
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > _OCTETS:
            yield part
            part = b" "
        part += octets
    yield part
