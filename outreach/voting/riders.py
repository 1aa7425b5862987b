"""Who may ride in a team, and why there are fewer teams than asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Rider:
    """Somebody who may receive votes, on the days with these numbers."""

    id: str
    role: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    days: frozenset[int] = frozenset()
    is_reserve: bool = False


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a day has fewer teams than asked for; ``code`` and ``name`` as the solver says them."""

    day: date
    asked: int
    made: int
    code: str
    name: str
    has: int
    needs: int
