import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from outreach.reports.sheet import safe, write

BLANKS = ("", " ", "\u00a0", "\ufeff", "\u200b", " \u200b\u00a0", "\u2060", "\u3000")
SIGNS = (
    "=",
    "+",
    "-",
    "@",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "\u2212",
    "\t",
    "\r",
    "\n",
    "\0",
)
CORPUS = [f"{blank}{sign}cmd|' /C calc'!A0" for blank in BLANKS for sign in SIGNS]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_no_text_of_the_corpus_begins_as_a_formula() -> None:
    assert len(CORPUS) > 40
    assert all(safe(text) == "'" + text for text in CORPUS)
    cells = read(write(["a"], [[text] for text in CORPUS]))[1:]
    assert [cell for (cell,) in cells] == ["'" + text for text in CORPUS]


@given(st.text(max_size=12))
def test_any_text_comes_back_whole_and_harmless(text: str) -> None:
    ((cell,),) = read(write(["a"], [[text + "x"]]))[1:]
    assert cell in (text + "x", "'" + text + "x")
    seen = cell.lstrip().lstrip("\ufeff\u200b\u2060\u00a0 ")
    assert seen[:1] not in "=+-@\t\r\n" or not seen


def test_numbers_stay_numbers_with_a_decimal_comma() -> None:
    assert read(write(["a", "b", "c"], [[-3, 2.5, None]]))[1] == ["-3", "2,5", ""]


def test_ordinary_words_are_left_alone() -> None:
    for word in ("Plejehjemmet Søholm", "<5", "Å; b", '"citat"', "K-01", ""):
        assert safe(word) == word


def test_the_file_opens_in_a_danish_spreadsheet() -> None:
    content = write(["Område"], [["Åbyhøj; midt"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith('"Åbyhøj; midt"\r\n'.encode())
