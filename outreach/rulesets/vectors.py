"""Dates that an authority published, held against what a ruleset comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _
from pydantic import ValidationError

from outreach.core.errors import Invalid, OutreachError
from outreach.rulesets.base import Name, Part, Said
from outreach.rulesets.law import Law, Window
from outreach.rulesets.resolve import resolve
from outreach.rulesets.shape import Ruleset

_FILE = Path(__file__).parent / "data/vectors.json"
_MOST = 200


class Vector(Part):
    """One election and what is known of its windows.

    Attributes:
        ruleset: id or key of the rulesets that it is meant for; every one if left out.
        expect: ``{"home": ["2021-10-26", "2021-11-12"]}``, or one end: ``{"home_to": "…"}``.
    """

    election_day: date
    writ_day: date | None = None
    ruleset: Said | None = None
    source: Said | None = None
    expect: dict[Name, Said | tuple[Said, Said]]


class _Vectors(Part):
    vectors: tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One date that was expected, and the one that was found."""

    election_day: date
    window: str
    side: str
    expected: str
    found: str
    source: str

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.expected == self.found


@lru_cache(maxsize=1)
def known() -> tuple[Vector, ...]:
    """The vectors of the product."""
    return read_vectors(_FILE.read_text())


def read_vectors(text: str) -> tuple[Vector, ...]:
    """Vectors of a text in JSON: a list, or an object with ``vectors``.

    Raises:
        Invalid: naming what is wrong.
    """
    try:
        given = json.loads(text)
        whole = given if isinstance(given, dict) else {"vectors": given}
        found = _Vectors.model_validate_json(json.dumps(whole)).vectors
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise Invalid({"text": _("This field cannot be used: %(field)s", field=where)}) from None
    except (ValueError, RecursionError):
        raise Invalid({"text": _("This is no JSON.")}) from None
    if len(found) > _MOST:
        raise Invalid({"text": _("This is more than can be received at once.")})
    return found


def meant_for(ruleset: Ruleset, based_on: str = "") -> tuple[Vector, ...]:
    """The product's vectors of a ruleset, or of the one that it was copied from."""
    names = {ruleset.key, based_on}
    if ruleset.valid_to is None:
        names.add(ruleset.id)
    if "@" in based_on and not any(one.ruleset == based_on for one in known()):
        names.add(based_on.split("@", maxsplit=1)[0])
    return tuple(one for one in known() if one.ruleset in names)


def compare(ruleset: Ruleset, vectors: tuple[Vector, ...]) -> tuple[Compared, ...]:
    """Every date of the vectors beside what the ruleset comes to."""
    return tuple(line for vector in vectors for line in _compare(ruleset, vector))


def _compare(ruleset: Ruleset, vector: Vector) -> Iterator[Compared]:
    try:
        law: Law | None = resolve(ruleset, vector.election_day, vector.writ_day)
        why = ""
    except OutreachError as error:
        law, why = None, error.sentence()
    for window, side, expected in _ends(vector.expect):
        found = _found(law.windows, window, side) if law else why
        yield Compared(vector.election_day, window, side, expected, found, vector.source or "")


def _ends(expect: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in expect.items():
        if not isinstance(value, str):
            yield name, "from", value[0]
            yield name, "to", value[1]
            continue
        window, _underscore, side = name.rpartition("_")
        yield window, side, value


def _found(windows: Mapping[str, Window], name: str, side: str) -> str:
    window = windows.get(name)
    if window is None or side not in ("from", "to"):
        return "-"
    at, timed = (
        (window.first, window.has_time_from) if side == "from" else
        (window.last, window.has_time_to)
    )  # fmt: skip
    return f"{at:%Y-%m-%dT%H:%M}" if timed else at.date().isoformat()
