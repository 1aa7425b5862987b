"""Reads the first sheet of an Excel workbook (.xlsx) and nothing else of it.

Written for lists that strangers send: sizes are counted while unpacking, a document type (the way
to entities that grow or read files) and a formula are refused, and nothing is ever carried out.
The format: ECMA-376 part 1, §18.3 (worksheets) and §18.4 (shared strings).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.parsers import expat

from flask_babel import gettext as _

from outreach.core.errors import Invalid

MOST_MEMBERS, MOST_BYTES = 200, 20 * 1024 * 1024
"""Of a workbook, unpacked; five thousand lines of a list are some 4 MB."""
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 10_000, 100, 250_000
_CHUNK = 64 * 1024
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ROOM = "xl/"
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, EOFError, LookupError,
    RuntimeError, ValueError, OSError,
)  # fmt: skip


def refused(why: str) -> Invalid:
    """The list cannot be used; ``why`` is a sentence."""
    return Invalid({"list_file": why}, why)


def is_workbook(content: bytes) -> bool:
    """Whether it is a zip file, as .xlsx is."""
    return content.startswith(b"PK\x03\x04")


def rows(content: bytes) -> list[list[str]]:
    """The cells of the first sheet as texts, empty lines too.

    Raises:
        Invalid: it is no workbook, too large, or holds what a list does not hold.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as box:
            return _Box(box).sheet()
    except _DAMAGE:
        raise refused(
            _("The file is damaged or no Excel workbook. Save it anew as .xlsx.")
        ) from None


@dataclass(slots=True)
class _Box:
    """A workbook being unpacked; counts what comes out."""

    box: zipfile.ZipFile
    left: int = MOST_BYTES

    def sheet(self) -> list[list[str]]:
        """Unpack what is needed, in order."""
        members = self.box.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
            raise _too_large()
        names = {one.filename for one in members}
        if f"{_ROOM}workbook.xml" not in names:
            raise refused(_("Only lists saved as .xlsx or .csv can be read."))
        shared = _Strings()
        if f"{_ROOM}sharedStrings.xml" in names:
            self._parse(f"{_ROOM}sharedStrings.xml", shared.start, shared.end, shared.text)
        sheet = _Sheet(shared.found)
        self._parse(self._first_sheet(), sheet.start, sheet.end, sheet.text)
        return sheet.found

    def _first_sheet(self) -> str:
        """The path of the first sheet, by way of the workbook's relations."""
        ids: list[str] = []
        targets: dict[str, str] = {}

        def sheet(name: str, given: dict[str, str]) -> None:
            if name == "sheet":
                ids.extend(v for k, v in given.items() if k.rsplit(":", 1)[-1] == "id")

        def relation(name: str, given: dict[str, str]) -> None:
            if name == "Relationship":
                targets[given["Id"]] = given["Target"]

        self._parse(f"{_ROOM}workbook.xml", sheet)
        self._parse(f"{_ROOM}_rels/workbook.xml.rels", relation)
        target = targets[ids[0]]
        return target.lstrip("/") if target.startswith("/") else posixpath.normpath(_ROOM + target)

    def _parse(
        self,
        member: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] = lambda _name: None,
        text: Callable[[str], None] = lambda _text: None,
    ) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, given: start(name.rsplit(":", 1)[-1], given)
        parser.EndElementHandler = lambda name: end(name.rsplit(":", 1)[-1])
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_doctype
        with self.box.open(member) as file:
            while chunk := file.read(_CHUNK):
                self.left -= len(chunk)
                if self.left < 0:
                    raise refused(
                        _("The workbook is too large when unpacked. Save the list alone.")
                    )
                parser.Parse(chunk, False)  # noqa: FBT003 - expat knows no names
        parser.Parse(b"", True)  # noqa: FBT003


def _too_large() -> Invalid:
    return refused(_("The workbook is too large when unpacked. Save the list alone."))


def _no_doctype(*_given: Any) -> None:
    raise refused(_("The workbook declares a document type, which no list does. It was not read."))


@dataclass(slots=True)
class _Strings:
    """Gathers the shared strings; pronunciation marks (rPh) are no part of them."""

    found: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _reads: bool = False
    _aside: bool = False

    def start(self, name: str, _given: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        self._aside = self._aside or name == "rPh"
        self._reads = name == "t" and not self._aside

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append("".join(self._parts))
        if name == "rPh":
            self._aside = False
        self._reads = False

    def text(self, text: str) -> None:
        if self._reads:
            self._parts.append(text)


@dataclass(slots=True)
class _Sheet:
    """Gathers the cells of a sheet."""

    shared: list[str]
    found: list[list[str]] = field(default_factory=list)
    _left: int = MOST_CELLS
    _at: tuple[int, int] = (-1, -1)
    _kind: str = ""
    _reads: bool = False
    _parts: list[str] = field(default_factory=list)

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self._at = (int(given.get("r", self._at[0] + 2)) - 1, -1)
        elif name == "c":
            self._at = _place(given["r"]) if "r" in given else (self._at[0], self._at[1] + 1)
            self._kind, self._parts = given.get("t", "n"), []
            self._check()
        elif name == "f":
            raise refused(formula_at(*self._at))
        self._reads = name in ("v", "t")

    def _check(self) -> None:
        row, column = self._at
        self._left -= 1
        if row >= MOST_ROWS or column >= MOST_COLUMNS or self._left < 0:
            raise too_long()

    def end(self, name: str) -> None:
        self._reads = False
        if name == "c" and self._parts:
            self._keep("".join(self._parts))

    def text(self, text: str) -> None:
        if self._reads:
            self._parts.append(text)

    def _keep(self, value: str) -> None:
        row, column = self._at
        while len(self.found) <= row:
            self.found.append([])
        cells = self.found[row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = self.shared[int(value)] if self._kind == "s" else _plain(value, self._kind)


def _plain(value: str, kind: str) -> str:
    """A number as people write it: 12345678, not 1.2345678E7."""
    if kind != "n" or not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d{1,2})?", value):
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() else value


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a cell such as B7, from 0."""
    found = _CELL.fullmatch(reference)
    if found is None:
        raise ValueError
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def too_long() -> Invalid:
    """The list has more lines or columns than any list of people."""
    return refused(
        _("The list has more than %(rows)s lines or %(columns)s columns.",
          rows=MOST_ROWS, columns=MOST_COLUMNS)
    )  # fmt: skip


def formula_at(row: int, column: int) -> str:
    """The sentence about a formula in a cell, given from 0."""
    said: str = _(
        "Cell %(cell)s holds a formula. Save the list with values alone.",
        cell=f"{column_letters(column)}{row + 1}",
    )
    return said


def column_letters(column: int) -> str:
    """A to CV, for 0 to 99."""
    first, second = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
