"""From a table of texts to people who are to be appointed, line by line. Pure.

A civil registration number never gets past ``understand``: its column is dropped by its head or by
what stands in it, and a line with one somewhere else is left out. Neither is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from outreach.core import cpr

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("deltagerid", "deltagernr", "deltagernummer", "participantid", "externalid", "id",
               "medarbejdernr", "medarbejdernummer", "nr", "nummer", "number", "eksterntid"),
    "name": ("navn", "name", "fuldenavn", "fuldtnavn", "deltager", "deltagernavn", "fullname",
             "participant"),
    "first": ("fornavn", "fornavne", "firstname", "givenname"),
    "last": ("efternavn", "efternavne", "lastname", "surname"),
    "email": ("email", "epost", "mail", "emailadresse", "mailadresse"),
    "phone": ("telefon", "telefonnummer", "tlf", "mobil", "mobilnummer", "mobiltelefon", "phone",
              "mobile", "telefonnr"),
    "role": ("rolle", "role", "opgave", "opgavetype", "funktion", "task", "tasktype", "hverv"),
    "appointed": ("udpeget", "udpegetden", "udpegetfra", "appointed", "appointedon", "tilmeldt"),
    "expires": ("udloeber", "gyldigtil", "udpegettil", "expires", "expireson", "validto"),
    "instructed": ("instrueret", "instrueretden", "instruktion", "kursus", "kursusgennemfoert",
                   "instructed", "instructedon"),
    "candidate": ("kandidat", "erkandidat", "candidate", "opstillet", "opstillettilvalget"),
    "reserve": ("reserve", "erreserve"),
    "days": ("dage", "tilraadighed", "ledigedage", "days", "available", "availability"),
    "party": ("parti", "party", "liste", "partyaffiliation"),
}  # fmt: skip
"""What we read of a list, by the heads under which it may stand (see ``_folded``)."""

_NUMBERS = ("cpr", "personnummer", "personnr", "socialsecurity", "civilregistration", "ssn",
            "foedselsnummer", "nationalid")  # fmt: skip
_YES = frozenset({"ja", "j", "yes", "y", "x", "1", "true", "sand"})
_NO = frozenset({"nej", "n", "no", "0", "false", "falsk", "-"})
_LENGTHS = {"name": 120, "email": 200, "phone": 20, "number": 40, "party": 40}
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 80_000)
"""Excel counts days; 20,000 to 80,000 is 1954 to 2119."""
_SHARE = 0.5
"""A column of which so much looks like CPR numbers is a column of CPR numbers."""


@dataclass(frozen=True, slots=True)
class Person:
    """One line that can be used; None is what the list does not say."""

    row: int
    name: str
    number: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""
    appointed: date | None = None
    expires: date | None = None
    instructed: date | None = None
    candidate: bool | None = None
    reserve: bool | None = None
    days: tuple[date, ...] | None = None
    party: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One line that cannot be used; the name stands in it only if it is harmless."""

    row: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What a list says.

    Attributes:
        read, ignored: heads of columns; dropped: how many held CPR numbers.
        missing: what a list must have and this one has not, in words.
    """

    people: tuple[Person, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    read: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    dropped: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known before the list is read.

    Attributes:
        roles: code of each role by its names, folded; default_role: where the list names none.
        wants_party: the ruleset wants people of different parties; otherwise it is not read.
    """

    today: date
    roles: Mapping[str, str]
    default_role: str
    wants_party: bool = False


class _Unusable(Exception):
    """A cell cannot be used; the argument says why, without its content."""


@dataclass(slots=True)
class _Heads:
    """Which column is what."""

    by_name: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)


def understand(table: Sequence[Sequence[str]], terms: Terms) -> Understood:
    """Everything that a table says; its first line that is not empty holds the heads."""
    start = next((n for n, row in enumerate(table) if any(row)), 0)
    lines = [(n + 1, row) for n, row in enumerate(table) if n > start and any(row)]
    heads = _heads(table[start], [row for _n, row in lines], terms)
    missing = _missing(heads.by_name)
    if missing:
        return Understood(missing=missing, ignored=tuple(heads.ignored), dropped=len(heads.dropped))
    people: list[Person] = []
    skipped: list[Skipped] = []
    for number, row in lines:
        cells = {name: _cell(row, column) for name, column in heads.by_name.items()}
        try:
            people.append(_person(number, cells, terms))
        except _Unusable as why:
            skipped.append(Skipped(number, _harmless(_name(cells)), str(why)))
    read = tuple(_shown(table[start][column]) for column in heads.by_name.values())
    return Understood(tuple(people), tuple(skipped), read, tuple(heads.ignored), len(heads.dropped))


def is_cpr(text: str) -> bool:
    """Whether a cell holds something like a CPR number, also one that lost its first nought."""
    return cpr.find(text) is not None or (
        text.isdecimal() and len(text) == 9 and cpr.find(f"0{text}") is not None  # noqa: PLR2004
    )


def _heads(row: Sequence[str], lines: Sequence[Sequence[str]], terms: Terms) -> _Heads:
    found = _Heads()
    known = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
    for column, head in enumerate(row):
        folded = folded_head(head)
        name = known.get(folded)
        if any(word in folded for word in _NUMBERS) or _is_all_cpr(_cell(r, column) for r in lines):
            found.dropped.add(column)
        elif name is None or name in found.by_name or (name == "party" and not terms.wants_party):
            if head:
                found.ignored.append(_shown(head))
        else:
            found.by_name[name] = column
    return found


def _is_all_cpr(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(is_cpr, filled)) >= _SHARE * len(filled)


def folded_head(head: str) -> str:
    """A head without case, blanks, signs and Danish letters."""
    low = head.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"[^a-z0-9]", "", low)


def _missing(heads: Mapping[str, int]) -> tuple[str, ...]:
    """A list needs a name; everything else may be filled in later."""
    has_name = "name" in heads or {"first", "last"} <= heads.keys()
    return () if has_name else (_("Name (or first name and last name)"),)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _shown(text: str) -> str:
    """A head as it may be shown: a list without heads begins with a person."""
    return "######" if is_cpr(text) else text[:60]


def _harmless(text: str) -> str:
    return "" if is_cpr(text) else text[:120]


def _name(cells: Mapping[str, str]) -> str:
    whole = cells.get("name") or f"{cells.get('first', '')} {cells.get('last', '')}"
    return " ".join(whole.split())


def _person(row: int, cells: Mapping[str, str], terms: Terms) -> Person:
    if any(is_cpr(text) for text in (*cells.values(), _name(cells))):
        raise _Unusable(_("The line holds something like a CPR number outside its own column."))
    texts: dict[str, Any] = {n: cells.get(n, "") for n in ("number", "email", "phone", "party")}
    texts["name"] = _name(cells)
    if not texts["name"]:
        raise _Unusable(_("The name is missing."))
    for name, length in _LENGTHS.items():
        if len(texts[name]) > length:
            raise _Unusable(_("A text is too long."))
    if texts["email"] and not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+", texts["email"]):
        raise _Unusable(_("The e-mail address is not written as one."))
    return Person(
        row, **texts, role=_role(cells.get("role", ""), terms),
        **_days_of(cells, terms), **_flags_of(cells),
    )  # fmt: skip


def _role(text: str, terms: Terms) -> str:
    if not text:
        return terms.default_role
    found = terms.roles.get(folded_head(text))
    if found is None:
        raise _Unusable(_("The ruleset knows no such role."))
    return found


def _days_of(cells: Mapping[str, str], terms: Terms) -> dict[str, Any]:
    instructed = cells.get("instructed", "")
    said = _yes(instructed) if instructed.casefold() in _YES | _NO else None
    done = (terms.today if said else None) if said is not None else _day(instructed)
    found = {name: _day(cells.get(name, "")) for name in ("appointed", "expires")}
    if found["appointed"] and found["expires"] and found["expires"] < found["appointed"]:
        raise _Unusable(_("The appointment ends before it begins."))
    if done is not None and done > terms.today:
        raise _Unusable(_("The instruction lies in the future."))
    return {**found, "instructed": done, "days": _several(cells.get("days", ""))}


def _flags_of(cells: Mapping[str, str]) -> dict[str, Any]:
    return {name: _yes(cells.get(name, "")) for name in ("candidate", "reserve")}


def _yes(text: str) -> bool | None:
    low = text.casefold()
    if not low:
        return None
    if low in _YES | _NO:
        return low in _YES
    raise _Unusable(_("Where a yes or no belongs stands something else."))


_WRITTEN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int, int]]], ...] = (
    (re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]00:00(:00)?(\.0+)?)?"),
     lambda m: (int(m[1]), int(m[2]), int(m[3]))),
    (re.compile(r"(\d\d?)[-./](\d\d?)[-./](\d{4})"), lambda m: (int(m[3]), int(m[2]), int(m[1]))),
)  # fmt: skip


def _day(text: str) -> date | None:
    if not text:
        return None
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:  # noqa: PLR2004
        return _EPOCH + timedelta(days=int(text))
    for pattern, parts in _WRITTEN:
        found = pattern.fullmatch(text)
        if found:
            return _calendar_day(*parts(found))
    raise _Unusable(_("A date is not written as 2026-11-24 or 24-11-2026."))


def _calendar_day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        found = date.min
    if found.year not in range(2000, 2101):
        raise _Unusable(_("A date does not exist, or lies outside 2000 to 2100."))
    return found


def _several(text: str) -> tuple[date, ...] | None:
    if not text:
        return None
    days = (_day(part) for part in re.split(r"[,;\s]+", text) if part)
    return tuple(sorted({day for day in days if day is not None}))
