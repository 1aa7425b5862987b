"""CSV as a Danish spreadsheet opens it, in which no text can act as a formula (OWASP ASVS V1.2.10).

Text that begins with a formula sign, in ASCII or full width, also after blanks that cannot be
seen, gets an apostrophe in front. Numbers are written as numbers.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

_SIGNS = frozenset("=+-@\N{MINUS SIGN}")
_CONTROLS = frozenset("\t\r\n\0")
_BOM = "\ufeff"
Cell = str | int | float | None


def safe(text: str) -> str:
    """The text, made harmless for a spreadsheet."""
    for letter in text:
        if letter in _CONTROLS or unicodedata.normalize("NFKC", letter) in _SIGNS:
            return "'" + text
        if not (letter.isspace() or unicodedata.category(letter) in ("Cf", "Cc", "Zs")):
            break
    return text


def write(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A file with semicolons, decimal commas and the mark by which a spreadsheet knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(name) for name in head])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return (_BOM + out.getvalue()).encode("utf-8")


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    return str(value).replace(".", ",")
