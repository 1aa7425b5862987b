"""Reads a bundle. Knows nothing of the database that it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from outreach.proof.bundle import FORMAT, VERSION, Bundle

MOST_BYTES = 64 * 1024 * 1024


class Unreadable(ValueError):
    """The file is no bundle; ``field`` says where, empty for the file itself."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}" if field else why)
        self.field, self.why = field, why


def load(path: Path) -> dict[str, Any]:
    """The document in a file.

    Raises:
        Unreadable: there is no such file, or it holds no JSON object.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable("", f"the file is larger than {MOST_BYTES // 1024 // 1024} MB")
        return parsed(path.read_bytes())
    except OSError as error:
        raise Unreadable("", f"the file cannot be read: {error.strerror}") from None


def parsed(content: bytes) -> dict[str, Any]:
    """The document in some bytes; a name that stands twice in an object is refused.

    Raises:
        Unreadable: it is no JSON object.
    """
    try:
        found = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except Unreadable:
        raise
    except UnicodeDecodeError:
        raise Unreadable("", "the file is not UTF-8 text") from None
    except RecursionError:
        raise Unreadable("", "the file is nested too deeply") from None
    except ValueError as error:
        raise Unreadable("", f"the file is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Unreadable("", "the file holds no JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(twice[:60], "stands twice in one object")
    return found


def _no_number(text: str) -> Any:
    raise Unreadable("", f"{text} is no number")


def read(document: Mapping[str, Any]) -> Bundle:
    """The bundle in a document.

    Raises:
        Unreadable: a field is missing, unknown or not of its kind; the first one is named.
    """
    if document.get("format") != FORMAT:
        raise Unreadable("format", f"this is no {FORMAT}")
    if document.get("version") != VERSION:
        raise Unreadable("version", f"only version {VERSION} can be read")
    try:
        return Bundle.model_validate_json(json.dumps(document, ensure_ascii=True), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Unreadable(_place(first["loc"]), first["msg"]) from None


def _place(loc: tuple[int | str, ...]) -> str:
    """Where, as a person writes it: ``sessions[3].planned.starts``."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
