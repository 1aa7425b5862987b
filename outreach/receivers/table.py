"""From an uploaded file to a table of texts: CSV in the encodings of offices, and Excel."""

from __future__ import annotations

import codecs
import csv
import re
from io import StringIO

from flask_babel import gettext as _

from outreach.receivers import workbook
from outreach.receivers.workbook import formula_at, refused, too_long

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SEPARATORS = ";\t,"
_FORMULA = re.compile(r"\s*(=|@|[+-]\s*[A-Za-z(])")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def read(content: bytes) -> list[list[str]]:
    """The table in a file, its first line the heads; each text without blanks around it.

    Raises:
        Invalid: the file is empty, too large, of another kind or holds formulas.
    """
    if content.startswith(_OLD_EXCEL):
        raise refused(_("Only lists saved as .xlsx or .csv can be read."))
    is_book = workbook.is_workbook(content)
    found = workbook.rows(content) if is_book else _csv(_decoded(content))
    table = [[cell.strip() for cell in row] for row in found]
    _refuse_formulas(table)
    if not any(any(row) for row in table):
        raise refused(_("The file holds no lines."))
    return table


def _decoded(content: bytes) -> str:
    """The text of a file; Windows' own encoding where it is not Unicode."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _or_refused(content, encoding)
    head = content[:512]
    if b"\0" in head:
        return _or_refused(content, "utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _or_refused(content, "cp1252")


def _or_refused(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise refused(_("The file is no text. Save the list as .csv (UTF-8) or .xlsx."))
    return text


def _csv(text: str) -> list[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", first)
    separator = max(_SEPARATORS, key=outside.count)
    found: list[list[str]] = []
    left = workbook.MOST_CELLS
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
            found.append(row)
            left -= len(row)
            if len(found) > workbook.MOST_ROWS or len(row) > workbook.MOST_COLUMNS or left < 0:
                raise too_long()
    except csv.Error:
        raise refused(
            _("Line %(line)s is not written as CSV: a quotation mark too many or too few.",
              line=len(found) + 1)
        ) from None  # fmt: skip
    return found


def _refuse_formulas(table: list[list[str]]) -> None:
    for number, row in enumerate(table):
        for column, cell in enumerate(row):
            if _FORMULA.match(cell):
                raise refused(formula_at(number, column))
