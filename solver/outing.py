"""How long a shift is out: when it leaves so that it is back after no more minutes than it may.

Who leaves later is never back earlier. From one departure the clock runs as early as it can; the
windows that it meets hold up to some later departure. Between the two the return stays the same or
nobody waits, so only the end of that span is worth a look, and then the minute after it.

Source: Savelsbergh (1992), The Vehicle Routing Problem with Time Windows: Minimizing Route
Duration, ORSA Journal on Computing 4(2); here with several windows and a break.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from solver.problem import Break, Shift, Visit
from solver.timing import NEVER, Clock, length_of

Bound = tuple[Visit, Sequence[tuple[int, int]], int | None]
"""A visit, its windows of the day, and the only start that will do, if there is one."""
_Hand = tuple[int, int]
"""One of the two clocks: the earliest time, and the latest departure that its windows allow."""
_OVER: _Hand = (NEVER, -1)


@dataclass(frozen=True, slots=True)
class Outing:
    """One way to be out.

    Attributes:
        leave, back: from when to when.
        rest: begin of a break before leaving or after being back; None: on the way, or none.
    """

    leave: int
    back: int
    rest: int | None = None

    @property
    def minutes(self) -> int:
        """How long it is out."""
        return self.back - self.leave


@dataclass(frozen=True, slots=True)
class _Halt:
    """A stop: the drive there, the time on site, and when it may begin."""

    drive: int
    length: int
    windows: Sequence[tuple[int, int]]
    fixed: int | None

    def begin(self, hand: _Hand, spent: int) -> _Hand:
        """Earliest start at or after an arrival; ``spent`` minutes are needed without waiting."""
        arrive, latest = hand
        for opens, closes in self.windows:
            start = max(opens, arrive) if self.fixed is None else self.fixed
            if arrive <= start and opens <= start and start + self.length <= closes:
                last = closes - self.length if self.fixed is None else start
                return start, min(latest, last - spent)
        return _OVER


class Outings:
    """The ways to make these stops in this order."""

    def __init__(
        self, minutes: Sequence[Sequence[int]], shift: Shift, stops: Iterable[Bound]
    ) -> None:
        self._shift, self._halts = shift, list[_Halt]()
        clock = Clock(0, 0, shift.from_location, -1, 0)
        for visit, windows, fixed in stops:
            drive = minutes[clock.location][visit.location]
            length, paid = length_of(clock, visit)
            self._halts.append(_Halt(drive, length, windows, fixed))
            clock = Clock(0, 0, visit.location, paid, 0)
        self._home = minutes[clock.location][shift.to_location]

    def best(self) -> Outing | None:
        """The first that is short enough, or else the shortest; None where none is in time.

        The break is looked for on the way, then before leaving, then after being back; each time
        the earliest return comes first.
        """
        shortest: Outing | None = None
        for one in self._all():
            if one.minutes <= (self._shift.max_duration or 0):
                return one
            if shortest is None or one.minutes < shortest.minutes:
                shortest = one
        return shortest

    def is_short(self) -> bool:
        """Whether the shift can keep to its most minutes."""
        limit = self._shift.max_duration
        if limit is None:
            return True
        found = self.best()
        return found is not None and found.minutes <= limit

    def _all(self) -> Iterator[Outing]:
        shift, rest = self._shift, self._shift.break_
        close = shift.end + shift.overtime
        if rest is None:
            yield from self._spans(shift.start, close, None)
            return
        yield from self._spans(shift.start, close, rest)
        begin = max(shift.start, rest.from_)
        if begin + rest.minutes <= rest.to:
            for one in self._spans(begin + rest.minutes, close, None):
                yield Outing(one.leave, one.back, begin)
        last = min(close, rest.to) - rest.minutes
        if rest.from_ <= last:
            for one in self._spans(shift.start, last, None):
                yield Outing(one.leave, one.back, max(one.back, rest.from_))

    def _spans(self, leave: int, close: int, rest: Break | None) -> Iterator[Outing]:
        """The departures worth a look, until nobody waits any more."""
        while True:
            back, latest, spent = self._run(leave, close, rest)
            if back >= NEVER:
                return
            found = Outing(min(latest, back - spent), back)
            yield found
            if found.minutes == spent:
                return
            leave = latest + 1

    def _run(self, leave: int, close: int, rest: Break | None) -> tuple[int, int, int]:
        """Earliest return, the latest departure like it, and the minutes without waiting."""
        before, after, spent = (leave, NEVER), _OVER, 0
        pause = rest.minutes if rest is not None else 0
        for halt in self._halts:
            after = _rested(before, after, halt.drive, spent, rest)
            spent += halt.drive
            before = halt.begin((before[0] + halt.drive, before[1]), spent)
            after = halt.begin(after, spent + pause)
            spent += halt.length
            before, after = (before[0] + halt.length, before[1]), (after[0] + halt.length, after[1])
        if rest is None:
            back, latest = before[0] + self._home, before[1]
        else:
            back, latest = _rested(before, after, self._home, spent, rest)
        spent += self._home + pause
        return (back, min(latest, close - spent), spent) if back <= close else (NEVER, -1, spent)


def _rested(before: _Hand, after: _Hand, drive: int, spent: int, rest: Break | None) -> _Hand:
    """Arrival with the break taken: earlier on, or on this drive where that is sooner."""
    arrive = (after[0] + drive, after[1])
    if rest is None or max(before[0], rest.from_) + rest.minutes > rest.to:
        return arrive
    here = max(before[0] + drive, rest.from_) + rest.minutes
    latest = min(before[1], rest.to - rest.minutes - spent)
    return (here, latest) if (here, -latest) <= (arrive[0], -arrive[1]) else arrive
