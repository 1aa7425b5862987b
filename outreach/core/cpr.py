"""Civil registration (CPR) numbers: recognised so that they can be refused everywhere.

Source: domain.md §8 of the design; CPR format DDMMYY-SSSS, replacement numbers add 60 to the day.
No modulus-11 test: numbers given out since 2007 may fail it.
"""

from __future__ import annotations

import re
import unicodedata

_DASHES = r"[-\u2010-\u2015\u2212\u00ad. ]?"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_SHAPE = re.compile(rf"(?<!\d){_DAY}{_MONTH}\d{{2}}\s?{_DASHES}\s?\d{{4}}(?!\d)")


def find(text: str) -> re.Match[str] | None:
    """The first CPR-shaped run of digits, in any width and with any dash."""
    return _SHAPE.search(unicodedata.normalize("NFKC", text))


def blank(text: str) -> str:
    """The text with the digits of every CPR-shaped run replaced."""
    return _SHAPE.sub("######-####", unicodedata.normalize("NFKC", text))
