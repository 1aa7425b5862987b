"""The clock of one route: earliest times along a sequence of visits, break included.

Two clocks run side by side: the earliest moment with the break still to come, and the earliest
with it taken. A break in a gap lasts from ``max(ready, break.from)``; whether it interrupts the
drive or the wait, the next stop is reached at ``max(arrival, break start) + break.minutes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from solver.problem import Break, Problem, Shift, Visit

NEVER = 10**9


class Clock(NamedTuple):
    """Where a route stands after a stop.

    Attributes:
        before: earliest end with the break still to come.
        after: earliest end with the break taken; the same as ``before`` if there is none.
        location: where it stands.
        paid: set-up minutes paid at this location already.
        travel: minutes of driving so far.
    """

    before: int
    after: int
    location: int
    paid: int
    travel: int


def beginning(shift: Shift) -> Clock:
    """The clock when the shift starts at the base."""
    taken = shift.start if shift.break_ is None else NEVER
    return Clock(shift.start, taken, shift.from_location, -1, 0)


def rested(ready: int, arrival: int, rest: Break | None) -> int:
    """When the next stop is reached if the break is taken on the way; NEVER if it cannot."""
    if rest is None or ready >= NEVER:
        return NEVER
    begin = max(ready, rest.from_)
    return max(arrival, begin) + rest.minutes if begin + rest.minutes <= rest.to else NEVER


def earliest(
    windows: Sequence[tuple[int, int]], arrival: int, length: int, fixed: int | None = None
) -> int:
    """The earliest start at or after ``arrival`` whole inside a window; NEVER if none is left."""
    if fixed is not None:
        inside = any(opens <= fixed and fixed + length <= closes for opens, closes in windows)
        return fixed if inside and arrival <= fixed else NEVER
    for opens, closes in windows:
        start = max(opens, arrival)
        if start + length <= closes:
            return start
    return NEVER


class Timer:
    """Steps the clock through a problem's visits on one shift.

    Attributes:
        shift: whose day it is.
        minutes: of driving, from each location to each.
    """

    def __init__(self, problem: Problem, shift: Shift) -> None:
        self.shift = shift
        self.minutes = problem.profiles[shift.profile].minutes
        self._rest = shift.break_

    def step(
        self, clock: Clock, visit: Visit, windows: Sequence[tuple[int, int]], fixed: int | None
    ) -> Clock:
        """The clock after serving ``visit`` in one of its windows of this day.

        ``fixed`` is the only start that will do; None leaves it free.
        """
        drive = self.minutes[clock.location][visit.location]
        length, paid = length_of(clock, visit)
        arrive_before = clock.before + drive
        arrive_after = min(clock.after + drive, rested(clock.before, arrive_before, self._rest))
        before = earliest(windows, arrive_before, length, fixed) + length
        after = before
        if self._rest is not None:
            after = earliest(windows, arrive_after, length, fixed) + length
        return Clock(before, after, visit.location, paid, clock.travel + drive)

    def home(self, clock: Clock) -> int:
        """When the shift may end at the base with its break taken; NEVER if it cannot."""
        drive = self.minutes[clock.location][self.shift.to_location]
        arrive = clock.before + drive
        return min(clock.after + drive, rested(clock.before, arrive, self._rest))

    def travel(self, clock: Clock) -> int:
        """Minutes of driving when it goes home now."""
        return clock.travel + self.minutes[clock.location][self.shift.to_location]


def length_of(clock: Clock, visit: Visit) -> tuple[int, int]:
    """Minutes on site, and the set-up paid at the location after it."""
    already = clock.paid if clock.paid >= 0 and clock.location == visit.location else 0
    setup = max(0, visit.setup_minutes - already)
    return setup + visit.service_minutes, max(already, visit.setup_minutes)
