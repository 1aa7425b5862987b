"""The solver's answer as our own data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from outreach.rounds.facts import PlacedRound, ShiftFacts


@dataclass(frozen=True, slots=True)
class Breach:
    """A hard rule that a plan breaks.

    Attributes:
        rule: id of the solver's rule.
        amount: minutes, pieces or visits, as the rule counts.
    """

    rule: str
    visit_id: str | None
    shift: str | None
    amount: float


@dataclass(frozen=True, slots=True)
class Left:
    """A visit that is left out, with reasons and cures as JSON-able data."""

    visit_id: str
    reasons: tuple[dict[str, Any], ...]
    cures: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to a stop, and home where ``visit_id`` is None."""

    minutes: int
    metres: int


@dataclass(frozen=True, slots=True)
class Timed:
    """A round with its times and the legs to each stop and home."""

    shift: ShiftFacts
    placed: PlacedRound
    legs: tuple[Leg, ...]
    grams: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole plan of a week.

    Attributes:
        cost: the amounts of the solver's cost.
    """

    rounds: tuple[Timed, ...]
    left: tuple[Left, ...]
    breaches: tuple[Breach, ...]
    cost: dict[str, float]
    engine: str
