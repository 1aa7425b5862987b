"""Reads of rulesets: the product's, and the organisation's copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.core.db import db
from outreach.core.errors import Conflict, NotFound
from outreach.rulesets import rules
from outreach.rulesets.base import Cited
from outreach.rulesets.library import shipped
from outreach.rulesets.models import RulesetCopy, RulesetState, TickedField
from outreach.rulesets.schema import BadRuleset, read
from outreach.rulesets.shape import Ruleset, fields


@dataclass(frozen=True, slots=True)
class Tick:
    """An officer compared a field with the law in force."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FoundRuleset:
    """A ruleset with what is known of it.

    Attributes:
        ruleset: None where a draft cannot be used yet; faults: why, by field.
        state: ``shipped``, or that of the copy; copy_id: of the copy, if it is one.
        ticks: by path.
    """

    key: str
    document: Mapping[str, Any]
    ruleset: Ruleset | None
    state: str = "shipped"
    copy_id: str = ""
    based_on: str = ""
    version: int = 0
    faults: tuple[tuple[str, Any], ...] = ()
    ticks: Mapping[str, Tick] = field(default_factory=dict)

    @property
    def fields(self) -> int:
        """How many fields of the law it has."""
        return len(fields(self.ruleset)) if self.ruleset else 0

    @property
    def unverified(self) -> int:
        """How many of them nobody has verified."""
        return rules.unverified(self.ruleset, self.ticks) if self.ruleset else 0


def usable() -> dict[str, Ruleset]:
    """What an election may follow: the product's rulesets and the active copies."""
    found = dict(shipped())
    wanted = select(RulesetCopy).where(RulesetCopy.state == RulesetState.ACTIVE)
    for copy in db.session.scalars(wanted.order_by(RulesetCopy.code, RulesetCopy.label)):
        found[key_of(copy)] = read(copy.document)
    return found


def everything() -> tuple[FoundRuleset, ...]:
    """All rulesets, the product's first. Cost: two statements."""
    ticks = _ticks()
    copies = db.session.scalars(select(RulesetCopy).order_by(RulesetCopy.code, RulesetCopy.label))
    ours = (
        FoundRuleset(key, ruleset.document(), ruleset, ticks=ticks[key])
        for key, ruleset in shipped().items()
    )
    return (*ours, *(_copy(copy, ticks[key_of(copy)]) for copy in copies))


def find(key: str) -> FoundRuleset:
    """One ruleset by its key. Cost: two statements.

    Raises:
        NotFound: there is none.
    """
    ticks = _ticks(key)[key]
    if key in shipped():
        ruleset = shipped()[key]
        return FoundRuleset(key, ruleset.document(), ruleset, ticks=ticks)
    code, _at, label = key.partition("@")
    wanted = select(RulesetCopy).where(RulesetCopy.code == code, RulesetCopy.label == label)
    copy = db.session.scalars(wanted).first()
    if copy is None:
        raise NotFound
    return _copy(copy, ticks)


def find_copy(copy_id: str) -> FoundRuleset:
    """A copy by its id.

    Raises:
        NotFound: there is none.
    """
    copy = copy_by_id(copy_id)
    return _copy(copy, _ticks(key_of(copy))[key_of(copy)])


def field_of(found: FoundRuleset, path: str) -> Cited:
    """One field of a draft.

    Raises:
        Conflict: it is no draft, and never changes.
        NotFound: there is no such field.
    """
    if found.state != RulesetState.DRAFT:
        raise Conflict(_("A ruleset that was activated never changes. Copy it instead."))
    known = dict(fields(found.ruleset)) if found.ruleset else {}
    if path not in known:
        raise NotFound
    return known[path]


def copy_by_id(copy_id: str) -> RulesetCopy:
    """A copy as it is stored.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(RulesetCopy).where(RulesetCopy.id == copy_id)).first()
    if found is None:
        raise NotFound
    return found


def taken_keys() -> set[str]:
    """Every key that is taken."""
    copies = db.session.execute(select(RulesetCopy.code, RulesetCopy.label))
    return {*shipped(), *(f"{code}@{label}" for code, label in copies)}


def key_of(copy: RulesetCopy) -> str:
    """The key of a copy."""
    return f"{copy.code}@{copy.label}"


def _copy(copy: RulesetCopy, ticks: Mapping[str, Tick]) -> FoundRuleset:
    ruleset: Ruleset | None = None
    faults: tuple[tuple[str, Any], ...] = ()
    try:
        ruleset = read(copy.document)
    except BadRuleset as error:
        faults = error.faults
    return FoundRuleset(
        key_of(copy), copy.document, ruleset, copy.state, copy.id, copy.based_on, copy.version,
        faults, ticks,
    )  # fmt: skip


def _ticks(key: str = "") -> Mapping[str, dict[str, Tick]]:
    """By ruleset and path."""
    wanted = select(TickedField)
    if key:
        wanted = wanted.where(TickedField.ruleset == key)
    found: dict[str, dict[str, Tick]] = defaultdict(dict)
    for row in db.session.scalars(wanted):
        found[row.ruleset][row.path] = Tick(row.by_name, row.at)
    return found
