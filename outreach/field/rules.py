"""The order of the protocol as pure functions: known, next, gap or fork; times; text that leaks.

Source: sync.md §2.0 and §2.3 of the design. An operation's id says what it is; its number within
a line only says in which order operations were made.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from outreach.core import cpr
from outreach.core.ids import is_id

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=24)
KEPT_UNDER_WAY = timedelta(days=2)
VIEWS_KEPT = 2
FARTHEST_CLOCK = timedelta(minutes=5)
LONGEST_SILENCE = timedelta(hours=48)
_EARLIEST = timedelta(days=7)
_MS = timedelta(milliseconds=1)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LONGEST_PAYLOAD = 20_000
_NUMBERS = ("dseq", "at", "off")  # a moment may look like a CPR number and is none


class Place(Enum):
    """Where an operation stands in its line."""

    KNOWN = "known"
    NEXT = "next"
    GAP = "gap"
    FORK = "fork"


def place(dseq: int, hwm: int, *, is_known: bool) -> Place:
    """What to do with an operation; the id goes before the number."""
    if is_known:
        return Place.KNOWN
    if dseq <= hwm:
        return Place.FORK
    return Place.NEXT if dseq == hwm + 1 else Place.GAP


def raised(hwm: int, dseq: int) -> int:
    """The high-water mark after an operation, known or new: it fills its number."""
    return dseq if dseq == hwm + 1 else hwm


def happened_at(at: int | None, off: int | None, received: datetime, monday: date) -> datetime:
    """When an operation happened, in UTC, by the tablet's clock and its known error.

    A moment after its arrival, or from long before the visit's week, is not believed.
    """
    if at is None:
        return received
    try:
        moment = datetime.fromtimestamp((at + (off or 0)) / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return received
    begin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - _EARLIEST
    return moment if begin <= moment <= received else received


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of the clock by which an operation was dated, in milliseconds.

    Attributes:
        at: the tablet's own time; off: what it then had to add, by the server's last word.
        off_now: what it has to add now, as this request shows.
        contact: the server's time at its last word before the operation, as the tablet knew it.
        received: the server's time of the arrival.
    """

    at: int | None
    off: int | None
    off_now: int | None
    contact: int | None
    received: int


def is_doubtful(clock: Reading) -> bool:
    """Whether the time of an operation cannot be relied on.

    The tablet never heard the server's time, or too long ago; its clock was far off, or was moved
    since; or the operation would have happened after its arrival or before the last contact.
    """
    farthest = FARTHEST_CLOCK // _MS
    if clock.at is None or clock.off is None or clock.contact is None:
        return True
    moment = clock.at + clock.off
    since = moment - clock.contact
    drift = 0 if clock.off_now is None else abs(clock.off_now - clock.off)
    return (
        max(abs(clock.off), drift, moment - clock.received, -since) >= farthest
        or since > LONGEST_SILENCE // _MS
    )


def texts(value: Any) -> Iterable[str]:
    """Every text and number in a JSON value, keys too; ids are no text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str) and not is_id(value):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def has_cpr(args: Any) -> bool:
    """Whether a civil registration number hides in the arguments."""
    return any(cpr.find(text) for text in texts(args))


def storable(value: Any) -> Any:
    """The JSON value without CPR-shaped digits and without what a database cannot hold."""
    if isinstance(value, dict):
        return {storable(key): storable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [storable(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return cpr.blank(str(value)) if cpr.find(str(value)) else value
    if not isinstance(value, str) or is_id(value):
        return value
    text = value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return cpr.blank(text) if cpr.find(text) else text


def payload(raw: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an operation: all of it, made storable, unless it is absurdly big."""
    try:
        kept = {
            key: value if key in _NUMBERS and type(value) is int else storable(value)
            for key, value in raw.items()
        }
        if len(json.dumps(kept)) <= _LONGEST_PAYLOAD:
            return kept
    except RecursionError:
        pass
    kind = str(storable(str(raw.get("t"))))[:40]
    return {"op": raw["op"], "dseq": raw["dseq"], "t": kind, "too_long": True}


def digest(kept: dict[str, Any]) -> str:
    """The identity of an operation's content; its number may be given anew."""
    content = {key: value for key, value in kept.items() if key != "dseq"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def version(body: dict[str, Any]) -> int:
    """A row's version on the wire: a number made from the body itself.

    Whatever was changed, by whatever part of the product, the tablet's difference sees it.
    """
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def new_code() -> str:
    """A one-time code of 50 bits that can be read out and typed."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def plain_code(typed: str) -> str:
    """The code as it was given, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter in _LETTERS)


def next_token(token: str, nonce: str) -> str:
    """The token after this one; asking again gives the same, should the answer get lost."""
    return hmac.new(token.encode(), nonce.encode(), hashlib.sha256).hexdigest()
