"""Civil registration (CPR) numbers: recognised so that they can be refused everywhere.

Source: domain.md §8 of the design; CPR format DDMMYY-SSSS, replacement numbers add 60 to the day.
No modulus-11 test: numbers given out since 2007 may fail it.
"""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = r"\s{0,3}[-\u2010-\u2015\u2212._]{0,2}\s{0,3}"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_SHAPE = re.compile(rf"(?<!\d){_DAY}{_MONTH}\d{{2}}{_BETWEEN}\d{{4}}(?!\d)")


def find(text: str) -> re.Match[str] | None:
    """The first CPR-shaped run of digits, in any width, of any script and with any dash."""
    return _SHAPE.search(_folded(text))


def blank(text: str) -> str:
    """The text with the digits of every CPR-shaped run replaced."""
    return _SHAPE.sub("######-####", _folded(text))


def _folded(text: str) -> str:
    """The text as an eye reads it: plain digits, and nothing that takes no room."""
    wide = unicodedata.normalize("NFKC", text)
    if wide.isascii():
        return wide
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in wide
        if unicodedata.category(letter) not in ("Cf", "Mn", "Me")
    )
