"""Who is there on a day, and what a team can do. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """A staff member as the planner sees one.

    Attributes:
        skills: code and the last day on which it is valid (None: no end).
        away: first and last days of absences.
    """

    id: str
    name: str
    gender: str
    is_active: bool
    skills: tuple[tuple[str, date | None], ...]
    away: tuple[tuple[date, date], ...]

    def is_there(self, day: date) -> bool:
        """Whether the person works on ``day``."""
        return self.is_active and not any(first <= day <= last for first, last in self.away)

    def skills_on(self, day: date) -> frozenset[str]:
        """The skills that are valid on ``day``."""
        return frozenset(code for code, end in self.skills if end is None or day <= end)


def team_skills(people: Iterable[Person], day: date) -> frozenset[str]:
    """What the people together can do on ``day``."""
    return frozenset().union(*(person.skills_on(day) for person in people))
