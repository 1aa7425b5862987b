"""When a site takes visits, and who may see a secret one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes from midnight on a weekday (0 is Monday); None means every day."""

    weekday: int | None
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A stretch of a day in which a visit may be; ``day`` counts in the days asked for."""

    day: int
    starts: int
    ends: int


def windows(
    hours: Iterable[Hours],
    quiet: Iterable[Hours],
    closures: Iterable[tuple[date, date]],
    holidays: AbstractSet[date],
    days: Sequence[date],
) -> tuple[OpenWindow, ...]:
    """Hours minus quiet times on each of ``days``; nothing on closed days and holidays."""
    hours, quiet, closures = tuple(hours), tuple(quiet), tuple(closures)
    found: list[OpenWindow] = []
    for number, day in enumerate(days):
        shut = day in holidays or any(first <= day <= last for first, last in closures)
        if shut:
            continue
        opens = [(h.starts, h.ends) for h in hours if h.weekday in (None, day.weekday())]
        still = [(q.starts, q.ends) for q in quiet if q.weekday in (None, day.weekday())]
        found += [OpenWindow(number, a, b) for a, b in _without(opens, still)]
    return tuple(found)


def _without(opens: list[tuple[int, int]], still: list[tuple[int, int]]) -> list[tuple[int, int]]:
    left = _joined(opens)
    for begin, end in still:
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, begin)), (max(a, end), b))
            if piece[0] < piece[1]
        ]
    return left


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that touch or overlap as one, so that a visit may lie across the seam."""
    whole: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((begin, end))
    return whole


def may_reveal(confirmed_by: str | None, expires_at: datetime | None, now: datetime) -> bool:
    """Whether a grant holds: confirmed by a second administrator and not expired."""
    return confirmed_by is not None and (expires_at is None or now < expires_at)
