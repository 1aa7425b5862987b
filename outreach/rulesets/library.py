"""The rulesets that the product brings along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _

from outreach.core.errors import NotFound
from outreach.rulesets.schema import read
from outreach.rulesets.shape import Ruleset

SHIPPED = Path(__file__).parent / "shipped"


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Ruleset]:
    """Every ruleset of the product by its key, such as ``dk-kv@2025-01``."""
    found = [read(json.loads(path.read_text())) for path in sorted(SHIPPED.glob("*.json"))]
    return MappingProxyType({ruleset.key: ruleset for ruleset in found})


def documents() -> dict[str, dict[str, Any]]:
    """The same in their JSON form."""
    return {key: ruleset.document() for key, ruleset in shipped().items()}


def choose(name: str, day: date, among: Iterable[Ruleset]) -> Ruleset:
    """A ruleset by its key, or by its id: the newest of those valid on ``day``, else the newest.

    Raises:
        NotFound: there is none.
    """
    found = [ruleset for ruleset in among if name in (ruleset.key, ruleset.id)]
    valid = [one for one in found if one.valid_from <= day and (one.valid_to or day) >= day]
    best = max(valid or found, key=lambda one: (one.valid_from, one.version), default=None)
    if best is None:
        raise NotFound(_("No ruleset has the name %(name)s."), name=name)
    return best
