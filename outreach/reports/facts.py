"""What the figures are made of, free of database and language. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MERGED = "crisis_centres_in_all"
"""The group in which all secret sites are merged."""
FEWEST_SECRET = 3
"""So many secret sites must stand behind a figure of that group."""

CARRIED_OUT = frozenset({"done", "partial"})
CLOSED_DOOR = frozenset({"no_access", "no_show"})


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit that belongs to the period, as it stands.

    Attributes:
        day: when it was carried out; otherwise the last day on which it should have been.
        minutes: on site; 0 if nothing is known.
        unplanned: the planner's first reason where the published plan leaves it out.
    """

    id: str
    site_id: str
    label: str
    kind: str
    area: str
    is_secret: bool
    services: tuple[str, ...]
    status: str
    reason: str
    day: date
    minutes: int
    unplanned: str

    @property
    def is_done(self) -> bool:
        """Carried out, wholly or in part."""
        return self.status in CARRIED_OUT

    def why_not(self, today: date) -> str:
        """Why it was not reached; empty if it was, or may still be.

        Codes: no_access.<reason>, no_show, unplanned.<reason>, missed.
        """
        if self.is_done:
            return ""
        if self.status == "no_access":
            return f"no_access.{self.reason or 'other'}"
        if self.status == "no_show":
            return "no_show"
        if self.unplanned:
            return f"unplanned.{self.unplanned}"
        return "missed" if self.day < today else ""


@dataclass(frozen=True, slots=True)
class CountFact:
    """What was counted, summed over the sites of one kind and area.

    Attributes:
        site_id: of a secret site, of which each stands by itself; empty for the others.
    """

    site_id: str
    tally: str
    kind: str
    area: str
    is_secret: bool
    amount: int


@dataclass(frozen=True, slots=True)
class AmountFact:
    """What was counted of one measure at one visit, on one day."""

    site_id: str
    label: str
    kind: str
    area: str
    is_secret: bool
    day: date
    tally: str
    amount: int
