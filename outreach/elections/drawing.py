"""The time line of an election as a drawing: windows as bars, days as lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, TOP, ROW = 1000, 34, 40
_LEFT, _RIGHT, _BAR = 12, 12, 14
_NEAR = 60
"""Today is drawn if it lies no more days than this before the first window."""
_MOST_TICKS = 9
_WORD = 75
"""The room that the name of a day takes."""
_BESIDE, _NAME, _LETTER = 4, 100, 6.8
"""From a line to its name, from one name to the next, and about the width of a letter."""
_LATE = 0.62
"""From this share of the width on, a name ends at its bar instead of beginning there."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts from one day to another, both included.

    Attributes:
        kind: ``window`` or ``application``.
    """

    name: str
    kind: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Bar:
    """A span in the drawing."""

    name: str
    kind: str
    x: float
    width: float
    y: float
    label_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day in the drawing.

    Attributes:
        kind: today, writ or election.
        label_x: where its name begins, or ends; beside the name of a day that is too near.
    """

    kind: str
    x: float
    anchor: str
    label_x: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A day of the scale; without its name where the line of another day would cross it."""

    x: float
    day: date
    is_named: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, in the units of the viewBox."""

    height: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]

    @property
    def width(self) -> int:
        """Of the viewBox."""
        return WIDTH


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int

    def x(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self.first).days / self.days
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)


def draw(spans: Sequence[Span], marks: Iterable[tuple[str, date]], today: date) -> Drawing:
    """Bars below each other, as given; ``marks`` are kinds and days."""
    shown = [*marks]
    starts = [span.first for span in spans] + [day for _kind, day in shown]
    ends = [span.last for span in spans] + [day for _kind, day in shown]
    first, last = min(starts, default=today), max(ends, default=today)
    if first - timedelta(days=_NEAR) <= today <= last:
        shown.append(("today", today))
        first = min(first, today)
    scale = _Scale(first, (last - first).days + 1)
    return Drawing(
        TOP + ROW * len(spans) + 8,
        tuple(_bar(span, TOP + ROW * n, scale) for n, span in enumerate(spans)),
        _marks([(kind, scale.x(day)) for kind, day in shown]),
        _ticks(scale, [scale.x(day) for _kind, day in shown]),
    )


def _bar(span: Span, y: float, scale: _Scale) -> Bar:
    left, right = scale.x(span.first), scale.x(span.last + timedelta(days=1))
    is_late = left > _LATE * WIDTH or left + len(span.name) * _LETTER > WIDTH
    return Bar(
        span.name, span.kind, left, round(right - left, 1), y,
        right if is_late else left, "end" if is_late else "start",
    )  # fmt: skip


def _marks(days: Sequence[tuple[str, float]]) -> tuple[Mark, ...]:
    """On the left half names follow their lines, on the right half they stand before them."""
    labels: dict[tuple[str, float], float] = {}
    free = 0.0
    for kind, x in sorted(days, key=lambda one: one[1]):
        if x <= WIDTH / 2:
            labels[kind, x] = max(x + _BESIDE, free)
            free = labels[kind, x] + _NAME
    free = WIDTH
    for kind, x in sorted(days, key=lambda one: -one[1]):
        if x > WIDTH / 2:
            labels[kind, x] = min(x - _BESIDE, free)
            free = labels[kind, x] - _NAME
    return tuple(
        Mark(kind, x, "end" if x > WIDTH / 2 else "start", labels[kind, x]) for kind, x in days
    )


def _ticks(scale: _Scale, marks: Sequence[float]) -> tuple[Tick, ...]:
    """Mondays, or fewer where there are many."""
    monday = scale.first + timedelta(days=-scale.first.weekday() % 7)
    weeks = max(1, -(-scale.days // 7))
    step = 7 * max(1, -(-weeks // _MOST_TICKS))
    days = range((monday - scale.first).days, scale.days, step)
    found = (scale.first + timedelta(days=n) for n in days)
    return tuple(
        Tick(x, day, not any(x < mark < x + _WORD for mark in marks))
        for day in found
        if (x := scale.x(day)) < WIDTH - _WORD
    )
