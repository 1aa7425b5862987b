"""The problem: a week of visits, the shifts that may make them, and what matters.

All times are whole minutes; inside a day they count from local midnight. Distances are whole
metres. In the JSON form ``from_`` is ``from`` and ``break_`` is ``break``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solver.plan import Plan

MOST_VISITS = 5000


class BadProblem(ValueError):
    """The problem cannot be read; the text names the field and says why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Travel of one kind of vehicle; matrices have shape (n, n), row = origin.

    Attributes:
        minutes: whole minutes.
        metres: whole metres.
    """

    minutes: tuple[tuple[int, ...], ...]
    metres: tuple[tuple[int, ...], ...]
    grams_per_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """Set-up and service lie whole inside one of a visit's windows."""

    day: int
    from_: int
    to: int


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of ``minutes``, whole inside the window and the shift, never during a stop."""

    minutes: int
    from_: int
    to: int


@dataclass(frozen=True, slots=True)
class Pin:
    """What is locked: the day; day and team; day, team and start. A missing part is free."""

    day: int | None = None
    team: str | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Lag:
    """Begins ``least`` to ``most`` minutes after the start of another visit, by another team.

    On the same day, if both are served; with 0 and 0 they begin together.
    """

    visit: str
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """A team on a day. It leaves at or after ``start`` and is back by ``end + overtime``.

    Attributes:
        kits: always aboard, not taken from the pool.
        kit_slots: how many different pool kits it takes; None: any number.
        used_minutes_before: what the team worked earlier, for balance.
        capacity: demand that it can take; None: any.
        max_duration: minutes from leaving to being back; None: any.
    """

    id: str
    team: str
    day: int
    start: int
    end: int
    overtime: int = 0
    from_location: int = 0
    to_location: int = 0
    profile: str = "car"
    people: int = 1
    skills: tuple[str, ...] = ()
    kits: tuple[str, ...] = ()
    kit_slots: int | None = None
    clearances: tuple[str, ...] = ()
    break_: Break | None = None
    max_travel: int | None = None
    max_visits: int | None = None
    fixed_cost: float = 0
    used_minutes_before: int = 0
    capacity: int | None = None
    max_duration: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Something to do at a location.

    Attributes:
        people: persons that each serving team must have.
        crews: shifts of different teams that serve it together, with the same start.
        skip_cost: the price of leaving it out.
        due: a later start costs ``late_minute`` for each minute.
        lag: how its start follows that of another visit.
        optional: it is left out where serving it costs more than that.
        allowed_shifts: None means all, () none.
        series: served visits of one series lie ``min_gap_days`` apart.
        together_with: same shift, if both are served.
        after: these end before this one starts, the same day, if both are served.
        demand: what it takes of a shift's capacity.
    """

    id: str
    location: int
    service_minutes: int
    setup_minutes: int = 0
    windows: tuple[Window, ...] = ()
    skills: tuple[str, ...] = ()
    kits: tuple[str, ...] = ()
    people: int = 1
    crews: int = 1
    clearance: str | None = None
    priority: int = 3
    skip_cost: float = 1000
    mandatory: bool = False
    allowed_shifts: tuple[str, ...] | None = None
    forbidden_shifts: tuple[str, ...] = ()
    preferred_teams: tuple[str, ...] = ()
    preferred_start: int | None = None
    pin: Pin | None = None
    series: str | None = None
    min_gap_days: int = 0
    together_with: str | None = None
    after: tuple[str, ...] = ()
    demand: int = 0
    optional: bool = False
    due: int | None = None
    lag: Lag | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """The price of one unit of each amount.

    Attributes:
        late_minute: of the lateness of each visit.
        most_late_minute: of the largest lateness of all.
    """

    travel_minute: float = 1
    wait_minute: float = 0
    overtime_minute: float = 2
    kilogram_co2: float = 0
    used_shift: float = 0
    unpreferred_team: float = 5
    start_off_minute: float = 0
    late_minute: float = 0
    most_late_minute: float = 0
    imbalance_minute: float = 0
    moved_team: float = 20
    moved_day: float = 40
    moved_minute: float = 0.1


@dataclass(frozen=True, slots=True)
class Frozen:
    """Baseline stops that start before this keep shift, order, start and end."""

    day: int
    minute: int


@dataclass(frozen=True)
class Problem:
    """Everything that the solver knows.

    Attributes:
        horizon: no window and no shift ends later than this minute of its day.
    """

    days: tuple[str, ...]
    profiles: Mapping[str, Profile]
    shifts: tuple[Shift, ...]
    visits: tuple[Visit, ...]
    kits: Mapping[str, int] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    baseline: Plan | None = None
    frozen_until: Frozen | None = None
    horizon: int = 2880
    version: int = 1

    def __post_init__(self) -> None:
        from solver.validate import validate  # noqa: PLC0415 - validate reads these classes

        validate(self)

    @cached_property
    def sha256(self) -> str:
        """The name of its content: see ``problem_sha256``."""
        from solver.wire import digest  # noqa: PLC0415 - wire reads this class

        return digest(self)
