"""Identifiers: UUIDv7 text (RFC 9562 §5.7), made by the application and sorted by time."""

from __future__ import annotations

import secrets
import uuid

from outreach.core import clock


def new_id() -> str:
    """A new UUIDv7."""
    value = clock.millis() << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def is_id(text: str) -> bool:
    """Whether ``text`` is a UUID in its usual form."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
