"""What keeps a visit from a shift, whatever the time: each obstacle has the code of its cure.

The judgement is made from the problem and the board alone and shares nothing with the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from solver.problem import Pin, Problem, Shift, Visit

if TYPE_CHECKING:
    from solver.explain.room import Room


def never(problem: Problem, visit: Visit, shift: Shift) -> list[str]:
    """Why this team must not make the visit even if it had nothing else to do."""
    found = []
    if visit.skills and not set(visit.skills).issubset(shift.skills):
        found.append("skill")
    if shift.people < visit.people:
        found.append("person")
    if visit.clearance is not None and visit.clearance not in shift.clearances:
        found.append("clearance")
    is_named = visit.allowed_shifts is not None or visit.forbidden_shifts
    if is_named and _is_barred(visit, shift):
        found.append("allow")
    if visit.pin is not None and _is_locked_away(visit.pin, visit, shift):
        found.append("unlock")
    if visit.kits and any(k not in shift.kits and not problem.kits.get(k) for k in visit.kits):
        found.append("kit")
    return found


def _is_barred(visit: Visit, shift: Shift) -> bool:
    allowed = visit.allowed_shifts
    return (allowed is not None and shift.id not in allowed) or shift.id in visit.forbidden_shifts


def _is_locked_away(pin: Pin, visit: Visit, shift: Shift) -> bool:
    other_day = pin.day is not None and pin.day != shift.day
    return other_day or (pin.team is not None and visit.crews == 1 and pin.team != shift.team)


def now(board: Room, v: int, s: int) -> Iterator[str]:
    """Why the team cannot take the visit beside what it does already."""
    visit, shift, known = board.visits[v], board.shifts[s], board.known
    if shift.max_visits is not None and len(board.routes[s]) >= shift.max_visits:
        yield "visits"
    if shift.capacity is not None and is_too_much(
        visit, shift, (board.visits[u] for u in board.routes[s])
    ):
        yield "load"
    if v in known.partners and any(_is_elsewhere(board, o, s, visit) for o in known.partners[v]):
        yield "together"
    if v in known.series and any(days < gap for _o, days, gap in near(board, v, shift.day)):
        yield "gap"
    if visit.kits:
        yield from lacking(board, visit, s)


def lacking(board: Room, visit: Visit, s: int) -> Iterator[str]:
    """Whether there are too few kits that day, or too many for the vehicle."""
    shift = board.shifts[s]
    new = {kit for kit in visit.kits if kit not in shift.kits}
    if any(len(others(board, kit, s)) >= board.problem.kits.get(kit, 0) > 0 for kit in new):
        yield "kit"
    if new and shift.kit_slots is not None and len(aboard(board, s) | new) > shift.kit_slots:
        yield "slots"


def _is_elsewhere(board: Room, o: int, s: int, visit: Visit) -> bool:
    """Whether a visit that goes together with this one is on another shift, or on fewer or more."""
    there = board.where.get(o)
    return there is not None and (s not in there or len(there) != visit.crews)


def is_too_much(visit: Visit, shift: Shift, aboard: Iterable[Visit] = ()) -> bool:
    """Whether the load is more than the shift carries, where a problem speaks of loads."""
    capacity = getattr(shift, "capacity", None)
    if capacity is None:
        return False
    return bool(sum(getattr(one, "demand", 0) for one in (visit, *aboard)) > capacity)


def near(board: Room, v: int, day: int) -> Iterator[tuple[int, int, int]]:
    """Served visits of the same series: how many days away, and how many it should be."""
    dates, visits = board.known.dates, board.visits
    for o in board.known.series.get(v, ()):
        if o in board.where:
            there = dates[board.shifts[board.where[o][0]].day]
            gap = max(visits[v].min_gap_days, visits[o].min_gap_days)
            yield o, abs(dates[day] - there), gap


def others(board: Room, kit: str, s: int) -> set[int]:
    """Other shifts of the same day that take a pool kit along."""
    return board.users.get((board.shifts[s].day, kit), set()) - {s}


def aboard(board: Room, s: int) -> set[str]:
    """The pool kits that a shift takes along."""
    day = board.shifts[s].day
    kits = {kit for u in board.routes[s] for kit in board.visits[u].kits}
    return {kit for kit in kits if s in board.users.get((day, kit), ())}


def windows_on(
    problem: Problem, visit: Visit, day: int, *, is_frozen: bool = False
) -> tuple[tuple[int, int], ...]:
    """The visit's windows of a day in order, as far as they lie after what is frozen."""
    limit, first = problem.frozen_until, 0
    if limit is not None and not is_frozen:
        if limit.day > day:
            return ()
        first = limit.minute if limit.day == day else 0
    found = [(max(w.from_, first), w.to) for w in visit.windows if w.day == day]
    return tuple(sorted(window for window in found if window[0] <= window[1]))
