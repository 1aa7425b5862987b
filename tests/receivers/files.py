"""Lists as offices send them, and as nobody should."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from outreach.receivers.workbook import column_letters

HEAD = ["Navn", "CPR-nr.", "E-mail", "Mobil", "Rolle", "Instrueret", "Kandidat", "Reserve", "Nr."]
CPR = ["0102031234", "010203-1234", "311299 4321"]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def people(count: int) -> list[list[str]]:
    """A table of so many invented people, each with a number like a CPR number."""
    return [HEAD] + [
        [f"Vælger {n} Østergård", f"{n % 28 + 1:02d}{n % 12 + 1:02d}70-{n:04d}",
         f"person{n}@example.dk", f"0000{n:04d}", "tilforordnet vælger", "2021-10-14", "nej",
         "ja" if n % 5 == 0 else "nej", f"D{n}"]
        for n in range(1, count + 1)
    ]  # fmt: skip


def as_csv(table: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ";") -> bytes:
    """A file as a program of an office writes it."""
    return "\r\n".join(separator.join(row) for row in table).encode(encoding)


def letters(column: int) -> str:
    return column_letters(column)


def cell(row: int, column: int, text: str) -> str:
    """Digits as a number, as Excel would; everything else as a text."""
    at = f'r="{letters(column)}{row}"'
    if text.isdigit() and not text.startswith("0"):
        return f"<c {at}><v>{text}</v></c>"
    return f'<c {at} t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def sheet(table: Sequence[Sequence[str]]) -> str:
    rows = (
        f'<row r="{n}">{"".join(cell(n, c, text) for c, text in enumerate(row))}</row>'
        for n, row in enumerate(table, 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def as_xlsx(xml: str, **more: str) -> bytes:
    """A workbook with this first sheet; ``more`` are further members, dots written as ``__``."""
    members = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Ark1" sheetId="1" r:id="rId7"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        '<Relationship Id="rId7" Type="x" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": xml,
        **{name.replace("__", "."): text for name, text in more.items()},
    }
    box = BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return box.getvalue()
