"""Words to plant in sealed columns, and every form in which they might come out again."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from html import unescape
from urllib.parse import quote, quote_plus

from sqlalchemy import LargeBinary

from outreach.core.db import Base
from outreach.sites.sealed import SecretContact

OPEN_BYTES = {("plan", "snapshot")}
"""Columns of bytes that are not sealed; any other one is."""
LATITUDE, LONGITUDE, RESIDENTS = 56.234512341, 10.345612349, 481516234233


def sealed_columns() -> list[str]:
    """The sealed columns, as the tables have them: a new one is planted without being named here.

    A sealed column of another table fails here until it is planted too.
    """
    found = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    } - OPEN_BYTES
    assert {table for table, _column in found} == {"site_secret"}
    return sorted(column for _table, column in found)


def core(name: str) -> str:
    """A word that stands nowhere else; letters alone, so that most escapes leave it as it is."""
    return f"Qwzx{name.replace('_', '')}Kanarie"


def canary(name: str) -> str:
    """The word with what escapes do change."""
    return f'{core(name)} Ærø-7 "&"'


def contact() -> dict[str, str]:
    return {one.name: canary(f"contact_{one.name}") for one in fields(SecretContact)}


def planted(column: str) -> str:
    """What a column holds."""
    special = {
        "position": f"{LATITUDE},{LONGITUDE}",
        "residents": str(RESIDENTS),
        "contacts": json.dumps([contact(), contact()]),
    }
    return special.get(column, canary(column))


def words() -> list[str]:
    """Every planted word."""
    texts = [c for c in sealed_columns() if c not in ("position", "residents", "contacts")]
    return [*texts, *(f"contact_{one.name}" for one in fields(SecretContact))]


def _aligned(text: str) -> Iterator[bytes]:
    """Base64 of a text wherever it may begin in what was encoded."""
    for shift in range(3):
        code = base64.b64encode(b"\0" * shift + text.encode())
        middle = code[4 if shift else 0 : -4]
        yield middle
        yield middle.replace(b"+", b"-").replace(b"/", b"_")


def forms(text: str) -> set[bytes]:
    """A text as it may stand somewhere, in small letters except for base64."""
    plain = {
        text, quote(text), quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1],
        text.encode("utf-16-le").decode("latin-1"), text.encode().hex(),
    }  # fmt: skip
    return {one.lower().encode("latin-1", "ignore") for one in plain} | {text.lower().encode()}


def needles() -> dict[str, set[bytes]]:
    """What must not be found, by what it would give away; looked for in small letters."""
    found = {name: forms(core(name)) | forms(canary(name)) for name in words()}
    numbers = {f"{number:.{digits}f}" for number in (LATITUDE, LONGITUDE) for digits in (4, 5, 6)}
    cut = {str(number)[:7] for number in (LATITUDE, LONGITUDE)}
    found["position"] = {one.encode() for one in numbers | cut}
    found["position"] |= {one.replace(b".", b",") for one in found["position"]}
    found["residents"] = {str(RESIDENTS).encode(), RESIDENTS.to_bytes(6, "big")}
    found["residents"] |= {f"{RESIDENTS:,}".replace(",", sep).encode() for sep in ".,"}
    return found


def given_away(heap: bytes) -> list[str]:
    """Which canaries stand in a heap of bytes, in whatever form."""
    small = heap.lower() + unescape(heap.decode(errors="replace")).lower().encode()
    seen = [name for name, some in needles().items() if any(one in small for one in some)]
    coded = {
        name: set(_aligned(core(name))) | set(_aligned(core(name).lower())) for name in words()
    }
    return seen + [name for name, some in coded.items() if any(one in heap for one in some)]


@dataclass
class Heap:
    """Everything that was seen, by where."""

    parts: dict[str, bytes] = field(default_factory=dict)

    def add(self, where: str, seen: bytes | str) -> None:
        more = seen.encode() if isinstance(seen, str) else seen
        self.parts[where] = self.parts.get(where, b"") + b"\n" + more

    def given_away(self) -> dict[str, list[str]]:
        found = {where: given_away(seen) for where, seen in self.parts.items()}
        return {where: names for where, names in found.items() if names}
