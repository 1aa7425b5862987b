"""Writes: copies of rulesets, and fields that an officer compared with the law in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.core import audit, clock, cpr
from outreach.core.auth import SignedIn
from outreach.core.db import atomic, db
from outreach.core.errors import Conflict, Invalid, NotFound
from outreach.core.forms import CPR_REFUSED
from outreach.rulesets import queries, rules
from outreach.rulesets.models import RulesetCopy, RulesetState, TickedField
from outreach.rulesets.schema import read
from outreach.rulesets.shape import fields


@atomic
def copy(key: str) -> RulesetCopy:
    """Make a draft of a ruleset, under a version of its own."""
    source = queries.find(key)
    code, _sign, label = key.partition("@")
    new = rules.next_label(code, label, queries.taken_keys())
    row = RulesetCopy(
        code=code, label=new, based_on=key, state=RulesetState.DRAFT,
        document={**source.document, "version": new},
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("copy", "ruleset", row.id, source=key, ruleset=queries.key_of(row))
    return row


@atomic
def save(copy_id: str, text: str, version: int) -> RulesetCopy:
    """Keep a draft as it was written, even if it cannot be used yet.

    Raises:
        Conflict: it is no draft, or somebody else changed it first.
        Invalid: it is no JSON, holds a CPR number, or its id and version cannot be the draft's.
    """
    row = _draft(copy_id)
    if row.version != version:
        raise Conflict
    document = _parsed(text)
    code, label = rules.name_in(document, "id"), rules.name_in(document, "version")
    if code is None or label is None:
        raise Invalid({"text": _("It needs an id and a version of small letters and digits.")})
    key = f"{code}@{label}"
    if key != queries.key_of(row) and key in queries.taken_keys():
        raise Invalid({"text": _("Another ruleset has this id and version.")})
    row.code, row.label, row.document = code, label, document
    db.session.flush()
    audit.record("change", "ruleset", row.id, ruleset=key)
    return row


@atomic
def save_field(copy_id: str, path: str, values: Mapping[str, Any], version: int) -> RulesetCopy:
    """Change one field of a draft; what would make it useless is refused.

    Raises:
        BadRuleset: a value cannot be so.
        Conflict: it is no draft, or somebody else changed it first.
    """
    row = _draft(copy_id)
    if row.version != version:
        raise Conflict
    document = rules.with_field(row.document, path, values)
    read(document)
    row.document = document
    db.session.flush()
    audit.record("change", "ruleset", row.id, ruleset=queries.key_of(row), field=path)
    return row


def _draft(copy_id: str) -> RulesetCopy:
    row = queries.copy_by_id(copy_id)
    if row.state != RulesetState.DRAFT:
        raise Conflict(_("A ruleset that was activated never changes. Copy it instead."))
    return row


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_refuse)
        json.dumps(found, ensure_ascii=False).encode()  # half a letter cannot be shown again
    except (ValueError, RecursionError):
        raise Invalid({"text": _("This is no JSON.")}) from None
    if not isinstance(found, dict) or rules.is_too_deep(found):
        raise Invalid({"text": _("This is no ruleset.")})
    if cpr.inside(found):  # JSON may write digits so that no eye sees them
        raise Invalid({"text": CPR_REFUSED})
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)


@atomic
def activate(copy_id: str, by: SignedIn) -> RulesetCopy:
    """Let elections follow a draft; what was ticked off and is the same stays ticked off.

    Raises:
        BadRuleset: it cannot be used yet.
        Conflict: it is no draft.
    """
    row = _draft(copy_id)
    read(row.document)
    row.state, row.activated_at, row.activated_by = RulesetState.ACTIVE, clock.now(), by.id
    _carry_ticks(row)
    audit.record("activate", "ruleset", row.id, ruleset=queries.key_of(row))
    return row


def _carry_ticks(row: RulesetCopy) -> None:
    try:
        source = queries.find(row.based_on).ruleset
    except NotFound:
        return  # the source was a draft that has another name by now
    same = rules.unchanged(read(row.document), source) if source else set()
    ticks = db.session.scalars(select(TickedField).where(TickedField.ruleset == row.based_on))
    for one in [tick for tick in ticks if tick.path in same]:
        new = TickedField(
            ruleset=queries.key_of(row), path=one.path, by_id=one.by_id, by_name=one.by_name,
            at=one.at,
        )  # fmt: skip
        db.session.add(new)


@atomic
def retire(copy_id: str) -> RulesetCopy:
    """Put a copy away: no new election follows it, those that do keep it."""
    row = queries.copy_by_id(copy_id)
    row.state = RulesetState.RETIRED
    audit.record("retire", "ruleset", row.id, ruleset=queries.key_of(row))
    return row


@atomic
def restore(copy_id: str) -> RulesetCopy:
    """Take a copy back as what it was."""
    row = queries.copy_by_id(copy_id)
    if row.state == RulesetState.RETIRED:
        row.state = RulesetState.ACTIVE if row.activated_at else RulesetState.DRAFT
        audit.record("restore", "ruleset", row.id, ruleset=queries.key_of(row))
    return row


@atomic
def tick(key: str, path: str, by: SignedIn) -> None:
    """Note that an officer compared a field with the law in force.

    Raises:
        Conflict: the ruleset is a draft, which may still change.
        NotFound: it has no such field.
    """
    found = queries.find(key)
    if found.state == RulesetState.DRAFT:
        raise Conflict(_("A draft may still change. Activate it first."))
    if found.ruleset is None or path not in dict(fields(found.ruleset)):
        raise NotFound
    if path in found.ticks:
        return
    row = TickedField(ruleset=key, path=path, by_id=by.id, by_name=by.name, at=clock.now())
    db.session.add(row)
    db.session.flush()
    audit.record("tick", "ruleset", row.id, ruleset=key, field=path)


@atomic
def untick(key: str, path: str) -> None:
    """Take that back."""
    wanted = select(TickedField).where(TickedField.ruleset == key, TickedField.path == path)
    row = db.session.scalars(wanted).first()
    if row is not None:
        db.session.delete(row)
        audit.record("untick", "ruleset", row.id, ruleset=key, field=path)
