"""What the planner knows of a week, read from the database once. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from outreach.people.rules import Person
from outreach.sites.rules import OpenWindow


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site as the planner sees it.

    Attributes:
        position: latitude and longitude; None cannot be planned.
        windows: open times of the week, by day number, quiet times and holidays left out.
        cleared: staff ids and the last day of their clearance (None: no end).
        excluded: staff who must not be sent there.
    """

    id: str
    code: str
    label: str
    kind: str
    is_secret: bool
    position: tuple[float, float] | None
    access_minutes: int
    people: int
    needs_clearance: bool
    needs_women: bool
    needs_unmarked: bool
    windows: tuple[OpenWindow, ...]
    cleared: tuple[tuple[str, date | None], ...] = ()
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says about when and by whom; the defaults say nothing."""

    min_gap_days: int = 0
    weekdays: tuple[int, ...] = ()
    earliest: int | None = None
    latest: int | None = None
    preferred_team: str = ""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit of the week.

    Attributes:
        owner: the agreement's id; None for a single request.
        other_days: days of the same agreement's visits in other weeks.
    """

    id: str
    site_id: str
    services: tuple[str, ...]
    service_minutes: int
    setup_minutes: int
    priority: int
    people: int
    crews: int
    earliest: date | None
    latest: date | None
    pin: tuple[date | None, str | None, int | None]
    status: str
    owner: str | None
    terms: Terms
    other_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """A team on a day, with those who are there. Minutes count from midnight."""

    team_id: str
    letter: str
    day: date
    starts: int
    ends: int
    break_minutes: int
    break_from: int
    break_to: int
    overtime: int
    depot: tuple[float, float]
    profile: str
    vehicle: str
    grams_per_km: float
    is_unmarked: bool
    kit_slots: int | None
    people: tuple[Person, ...]

    @property
    def id(self) -> str:
        """The shift's name in the problem: letter and day number."""
        return f"{self.letter}-{self.day.weekday()}"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a service asks of a team."""

    skills: tuple[str, ...]
    kits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacedStop:
    """A stop of a stored plan."""

    visit_id: str
    arrives: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class PlacedRound:
    """A round of a stored plan."""

    letter: str
    day: date
    stops: tuple[PlacedStop, ...]
    leaves: int
    returns: int
    kits: tuple[str, ...]
    rest: tuple[int, int] | None

    @property
    def shift(self) -> str:
        """The shift's name in the problem."""
        return f"{self.letter}-{self.day.weekday()}"


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """Everything about one week.

    Attributes:
        published: the newest published plan; None if there is none.
        draft: the draft; None if there is none.
        now: what lies before it is fixed.
    """

    monday: date
    now: datetime
    sites: Mapping[str, SiteFacts]
    visits: tuple[VisitFacts, ...]
    shifts: tuple[ShiftFacts, ...]
    services: Mapping[str, Needs]
    kits: Mapping[str, int]
    published: tuple[PlacedRound, ...] | None = None
    draft: tuple[PlacedRound, ...] | None = None
    holidays: frozenset[date] = field(default=frozenset())
