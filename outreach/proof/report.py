"""What the verifier found: a result for every rule, with where it is broken, and what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from outreach.proof.bundle import Bundle
from outreach.proof.named import Words


class Result(StrEnum):
    """What became of a rule."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_APPLICABLE = "not_applicable"
    """Nothing in this election falls under it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the ruleset.

    Attributes:
        status: law, practice or assumption.
        is_ticked: an officer compared it with the law in force.
    """

    path: str
    cite: str
    status: str
    is_ticked: bool

    @property
    def is_unverified(self) -> bool:
        """Whether it is assumed, and nobody compared it with the law."""
        return self.status == "assumption" and not self.is_ticked


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is broken; ``field`` is the path of the field against which."""

    says: Words
    field: str = ""
    session: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule and its result.

    Attributes:
        rule: its id; fields: of the ruleset, on which it rests in this election.
        looked_at: sessions, sites or parts that fall under it.
    """

    rule: str
    result: Result
    asks: Words
    how: Words
    fields: tuple[Field, ...] = ()
    looked_at: int = 0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What is no breach, but not proven either; ``code`` is a stable name."""

    code: str
    says: Words
    session: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A window as it was worked out."""

    name: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of it.

    Attributes:
        beside: fields of the ruleset that no rule looks at.
    """

    bundle: Bundle
    windows: tuple[Span, ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...]
    beside: tuple[Field, ...]

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The rules that are broken."""
        return tuple(one for one in self.verdicts if one.result is Result.BROKEN)

    @property
    def is_clean(self) -> bool:
        """Whether no rule is broken."""
        return not self.broken

    def count(self, result: Result) -> int:
        """How many rules have a result."""
        return sum(one.result is result for one in self.verdicts)

    def document(self) -> dict[str, Any]:
        """The JSON form."""
        of = self.bundle
        return {
            "result": "kept" if self.is_clean else "broken",
            "election": {
                "id": of.election.id,
                "title": of.election.title,
                "day": of.election.day.isoformat(),
            },
            "ruleset": of.law.name,
            "digest": of.digest,
            "windows": {one.name: {"from": one.first, "to": one.last} for one in self.windows},
            "counts": {result.value: self.count(result) for result in Result},
            "rules": [_verdict(one) for one in self.verdicts],
            "notes": [{"code": one.code, **_where(one)} for one in self.notes],
            "not_looked_at": [asdict(one) for one in self.beside],
        }


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "rule": one.rule, "result": one.result.value, "da": one.asks.da, "en": one.asks.en,
        "looked_at": one.looked_at, "fields": [asdict(field) for field in one.fields],
        "where": [{"field": place.field, **_where(place)} for place in one.places],
    }  # fmt: skip


def _where(one: Place | Note) -> Mapping[str, Any]:
    return {"session": one.session, "site": one.site, "da": one.says.da, "en": one.says.en}
