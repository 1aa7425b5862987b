"""Pure rules of an organisation's own rulesets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from string import ascii_lowercase
from typing import Any

from outreach.rulesets.base import Cited, Status
from outreach.rulesets.shape import Ruleset, fields

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DEEPEST = 40


def next_label(code: str, label: str, taken: Collection[str]) -> str:
    """The version of a new copy: ``2025-01`` gives ``2025-01-a``, then ``2025-01-b``."""
    stem = re.sub(r"-[a-z]{1,2}$", "", label)[:36]
    return next(
        name for end in _endings() if f"{code}@{(name := f'{stem}-{end}')}" not in taken
    )  # fmt: skip


def _endings() -> Iterator[str]:
    yield from ascii_lowercase
    for first in ascii_lowercase:
        yield from (first + second for second in ascii_lowercase)


def name_in(document: Mapping[str, Any], part: str) -> str | None:
    """The id or version of a document, if it can be one."""
    found = document.get(part)
    return found if isinstance(found, str) and _CODE.fullmatch(found) else None


def is_too_deep(data: Any, depth: int = 0) -> bool:
    """Whether data are nested deeper than any ruleset is."""
    if depth > _DEEPEST:
        return True
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return any(is_too_deep(one, depth + 1) for one in inside)


def is_unverified(field: Cited, *, is_ticked: bool) -> bool:
    """Whether a field is shown as not verified: assumed, and no officer ticked it off."""
    return field.status is Status.ASSUMPTION and not is_ticked


def unverified(ruleset: Ruleset, ticked: Collection[str]) -> int:
    """How many fields are not verified."""
    return sum(
        is_unverified(field, is_ticked=path in ticked) for path, field in fields(ruleset)
    )  # fmt: skip


def unchanged(ruleset: Ruleset, source: Ruleset) -> set[str]:
    """The paths of fields that a copy has exactly as its source."""
    before = dict(fields(source))
    return {path for path, field in fields(ruleset) if before.get(path) == field}


def with_field(document: Mapping[str, Any], path: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A document with other values in one field; a value of None is taken away."""
    changed: dict[str, Any] = deepcopy(dict(document))
    place = changed
    for step in path.split("."):
        place = place[step]
    place.update(values)
    for name in [name for name, value in values.items() if value is None]:
        del place[name]
    return changed
