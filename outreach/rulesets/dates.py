"""The form of a date expression, such as the third-last søgnedag before election day.

Source: domain.md §2.1 of the design.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from outreach.rulesets.base import Clock, Day, Name, Part


class DayType(StrEnum):
    """Which days are counted; a søgnedag is no Sunday and no public holiday."""

    CALENDAR = "calendar"
    SOGNEDAG = "sognedag"
    WORKING = "working"


RollDay = Literal[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "non_working", "non_sognedag"
]
RollTo = Literal[
    "next_mon", "next_tue", "next_wed", "next_thu", "next_fri", "next_sat", "next_sun",
    "next_working", "next_sognedag", "previous_working", "previous_sognedag",
]  # fmt: skip


class NthPrevious(Part):
    """The n-th day of a type before; ``clear`` days leave out both ends."""

    type: DayType
    n: Annotated[int, Field(ge=1, le=100)]
    clear: bool = False


class Roll(Part):
    """On certain days the date moves, and may get another time."""

    on: Annotated[tuple[RollDay, ...], Field(min_length=1)]
    to: RollTo
    time: Clock | None = None


class Expression(Part):
    """A date: where it starts from, then days and weeks, n-th previous, roll and time.

    Attributes:
        anchor: election day, writ day, or a date.
        window, side: or an end of another window.
        max, min: or the latest or earliest of several; one that needs an unknown writ is left out.
    """

    anchor: Literal["E", "W"] | Day | None = None
    window: Name | None = None
    side: Literal["from", "to"] | None = None
    max: Annotated[tuple[Expression, ...], Field(min_length=1, max_length=8)] | None = None
    min: Annotated[tuple[Expression, ...], Field(min_length=1, max_length=8)] | None = None
    days: Annotated[int, Field(ge=-400, le=400)] = 0
    weeks: Annotated[int, Field(ge=-60, le=60)] = 0
    nth_prev: NthPrevious | None = None
    roll: Roll | None = None
    time: Clock | None = None

    @model_validator(mode="after")
    def _one_start(self) -> Self:
        starts = [part for part in (self.anchor, self.window, self.max, self.min) if part]
        if len(starts) != 1:
            raise ValueError("needs exactly one of anchor, window, max and min")
        if (self.window is None) != (self.side is None):
            raise ValueError("window and side go together")
        return self
