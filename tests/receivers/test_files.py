import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from flask import Flask

from outreach.core.errors import Invalid
from outreach.receivers.table import read
from tests.receivers.files import as_csv, as_xlsx, people, sheet

TABLE = people(3)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [(e, s) for e in ("utf-8", "utf-8-sig", "utf-16", "cp1252") for s in (";", ",", "\t")],
    ids=lambda value: {"\t": "tab", ";": "semicolon", ",": "comma"}.get(value, value),
)
def test_csv_is_read_in_the_encodings_of_offices(encoding: str, separator: str) -> None:
    assert read(as_csv(TABLE, encoding, separator)) == TABLE


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised(encoding: str) -> None:
    assert read(as_csv(TABLE, encoding)) == TABLE


def test_quoted_fields_may_hold_separators_and_line_breaks() -> None:
    text = 'Navn;Note\r\n"Berg; Anna";"to\r\nlinjer ""her"""\r\n'
    assert read(text.encode()) == [["Navn", "Note"], ["Berg; Anna", 'to\r\nlinjer "her"']]


def test_a_workbook_is_read_with_texts_and_numbers_as_people_write_them() -> None:
    assert read(as_xlsx(sheet(TABLE))) == TABLE


def test_shared_strings_and_numbers_with_exponents_are_read() -> None:
    xml = ('<worksheet><sheetData><row r="2"><c r="A2" t="s"><v>1</v></c>'
           '<c r="C2"><v>1.2345678E7</v></c></row></sheetData></worksheet>')  # fmt: skip
    shared = (
        "<sst><si><t>x</t></si><si><r><t>An</t></r><r><t>na</t></r><rPh><t>!</t></rPh></si></sst>"
    )
    assert read(as_xlsx(xml, **{"xl/sharedStrings__xml": shared})) == [[], ["Anna", "", "12345678"]]


HOSTILE = {
    "formula in a workbook": as_xlsx(
        '<worksheet><row r="3"><c r="B3"><f>1+1</f><v>2</v></c></row></worksheet>'
    ),
    "formula as text": as_csv([["Navn"], ["=HYPERLINK(1)"]]),
    "formula with plus": as_csv([["Navn"], ["+cmd|calc"]]),
    "command": as_csv([["Navn"], ["@SUM(A1)"]]),
    "billion laughs": as_xlsx(LAUGHS + "<worksheet><row><c><v>&b;</v></c></row></worksheet>"),
    "outside entity": as_xlsx(
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet/>'
    ),
    "bomb": as_xlsx("<worksheet>" + " " * 30_000_000 + "</worksheet>"),
    "too many members": as_xlsx(sheet(TABLE), **{f"xl/media/{n}": "" for n in range(250)}),
    "cell far away": as_xlsx(
        '<worksheet><row r="9999999"><c r="A9999999"><v>1</v></c></row></worksheet>'
    ),
    "columns": as_csv([["x"] * 101]),
    "lines": as_csv([["x"]] * 10_001),
    "cells": as_csv([["x"] * 90] * 3_000),
    "cells of a workbook": as_xlsx(sheet([["1"] * 90] * 3_000)),
    "no workbook": as_csv([["PK\x03\x04"]]),
    "cut off": as_xlsx(sheet(TABLE))[:-40],
    "damaged": as_xlsx(sheet(TABLE)).replace(b"xl/worksheets", b"xl/worksheetz"),
    "old excel": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0" + bytes(range(256)) * 3,
    "empty": b"",
    "blank lines": b"\r\n;;\r\n",
    "open quotation": b'Navn;Note\r\n"Anna;x\r\n',
    "string that is not there": as_xlsx('<worksheet><row><c t="s"><v>5</v></c></row></worksheet>'),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_file_that_is_no_list_is_refused_with_a_sentence(app: Flask, name: str) -> None:
    start = time.monotonic()
    with app.test_request_context("/?lang=da"), pytest.raises(Invalid) as refused:
        read(HOSTILE[name])
    assert str(refused.value.fields["list_file"]).endswith(".")
    assert time.monotonic() - start < 5


def test_the_size_that_a_bomb_tells_is_not_believed(app: Flask) -> None:
    """A member that lies about its size in the directory is counted while it is unpacked."""
    honest = as_xlsx("<worksheet>" + " " * 30_000_000 + "</worksheet>")
    size = (30_000_000 + len("<worksheet></worksheet>")).to_bytes(4, "little")
    lying = honest.replace(size, (1000).to_bytes(4, "little"))
    assert lying != honest
    with zipfile.ZipFile(BytesIO(lying)) as box:
        assert max(one.file_size for one in box.infolist()) < 2000
    tracemalloc.start()
    with app.test_request_context("/?lang=da"), pytest.raises(Invalid):
        read(lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000
