"""The answer: routes with times, what was left out, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AMOUNTS = (
    "travel_minutes", "wait_minutes", "metres", "grams_co2", "overtime_minutes", "used_shifts",
    "unpreferred_team", "start_off_minutes", "imbalance_minutes", "moved_team", "moved_day",
    "moved_minutes", "late_minutes", "most_late_minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit in a route; minutes from midnight of the shift's day.

    Attributes:
        arrive: when the drive ends; start: when set-up begins; end: when service ends.
    """

    visit: str
    arrive: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rest:
    """When the break is."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Route:
    """What one shift does.

    Attributes:
        kits: pool kits that it takes.
    """

    shift: str
    stops: tuple[Stop, ...]
    break_: Rest | None
    kits: tuple[str, ...]
    leave: int
    return_: int


@dataclass(frozen=True, slots=True)
class Unserved:
    """A visit that is left out."""

    visit: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole answer.

    Attributes:
        cost: ``total``, ``skip_cost`` and the ``AMOUNTS``.
    """

    problem_sha256: str
    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    cost: Mapping[str, float]
    engine: str = ""
    seed: int = 0
    iterations: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach of a rule, or the amount of a soft one.

    Attributes:
        amount: minutes, pieces or visits, as the rule counts.
    """

    rule: str
    visit: str | None
    shift: str | None
    amount: float
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the independent checker says about a plan."""

    hard: tuple[Finding, ...]
    soft: tuple[Finding, ...]
    missed: tuple[str, ...]
    cost: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a visit is left out: a code of the specification and what is involved."""

    code: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cure:
    """A tested change of the problem that would plan the visit, and its price."""

    code: str
    patch: tuple[Mapping[str, Any], ...]
    price: float
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one visit is left out and what would help."""

    visit: str
    reasons: tuple[Reason, ...]
    cures: tuple[Cure, ...] = ()
