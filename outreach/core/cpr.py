"""Civil registration (CPR) numbers: recognised so that they can be refused everywhere.

Source: domain.md §8 of the design; CPR format DDMMYY-SSSS, replacement numbers add 60 to the day.
No modulus-11 test: numbers given out since 2007 may fail it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_BETWEEN = r"\s{0,3}[-\u2010-\u2015\u2212._]{0,2}\s{0,3}"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_HEX = "[0-9a-fA-F]"
_CODE = rf"(?<!{_HEX})(?:{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}|{_HEX}{{32,}})(?!{_HEX})"
"""Ids (UUID) and digests, in which such digits stand by chance in one of some thousand."""
_SHAPE = re.compile(rf"{_CODE}|(?P<number>(?<!\d){_DAY}{_MONTH}\d{{2}}{_BETWEEN}\d{{4}}(?!\d))")


def find(text: str) -> re.Match[str] | None:
    """The first CPR-shaped run of digits, in any width, of any script and with any dash.

    Ids and digests are passed over.
    """
    found = _SHAPE.finditer(_folded(text))
    return next((one for one in found if one["number"]), None)


def inside(value: Any) -> bool:
    """Whether such digits stand in any text, name or number of a JSON value."""
    if isinstance(value, dict):
        return any(inside(name) or inside(one) for name, one in value.items())
    if isinstance(value, list):
        return any(map(inside, value))
    return not isinstance(value, bool) and find(str(value)) is not None


def blank(text: str) -> str:
    """The text with the digits of every CPR-shaped run replaced."""
    return _SHAPE.sub(lambda one: "######-####" if one["number"] else one[0], _folded(text))


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
