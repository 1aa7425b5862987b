"""Two changes at once, for a visit that no single change helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from solver.explain.change import NONE, Change
from solver.explain.cures import obstacle
from solver.explain.fixes import FIXES, unlock
from solver.explain.patient import Found, Patient, price
from solver.explain.times import (
    Kind,
    displace,
    duration,
    instead,
    later,
    lower,
    other_day,
    overtime,
    team,
    travel,
    window,
)

_TIME: tuple[Kind, ...] = (overtime, travel, duration, window, other_day, displace, team)
_STEPS = (30, 60, 120)
_TWO = 2


def double(patient: Patient) -> list[Found]:
    """Pairs of changes that help, the cheapest first."""
    found = [*_behind_obstacles(patient), *_behind_lock(patient), *_behind_overtime(patient)]
    found = found or list(_two_instead(patient))
    best: dict[tuple[str, ...], Found] = {}
    for one in sorted(found, key=price):
        best.setdefault(one.codes, one)
    return list(best.values())


def _behind_obstacles(patient: Patient) -> Iterator[Found]:
    """Take an obstacle away, and do something about a second one or about the time."""
    for code in FIXES:
        barred = {s: b for s, b in patient.barred.items() if code in b and len(b) <= _TWO}
        if barred:
            seconds = {other for b in barred.values() for other in b if other > code} & set(FIXES)
            kinds = [*_TIME, *(_away(other) for other in seconds)]
            yield from _after(patient, code, list(barred), kinds)


def _away(code: str) -> Kind:
    return lambda patient: obstacle(patient, code)


def _after(patient: Patient, code: str, group: list[int], kinds: Iterable[Kind]) -> Iterator[Found]:
    wide = patient.rough(patient.fixed(code, group))
    for kind in kinds:
        found = kind(wide)
        if found is None:
            continue
        here = _known_before(patient, found)
        if found.change.added and not here:
            yield from _only_new(patient, code, found)
            continue
        again = kind(patient.after(patient.fixed(code, here), only=here))
        if again is not None:
            yield Found((code, *again.codes), again.change, again.made)


def _only_new(patient: Patient, code: str, found: Found) -> Iterator[Found]:
    """A new team that has from the start what the others lack."""
    again = patient.found("team", Change(added=found.change.added))
    if again is not None:
        yield Found((code, "team"), again.change, again.made)


def _known_before(patient: Patient, found: Found) -> list[int]:
    """The shifts known before that serve the visit now."""
    return [s for s, _position in found.made.at if s < len(patient.board.shifts)]


def _behind_lock(patient: Patient) -> Iterator[Found]:
    """Set it free, and do something about what is in the way then."""
    if patient.visit.pin is None:
        return
    free = patient.after(unlock(patient.board, patient.v))
    for kind in (*_TIME, *(_away(code) for code in FIXES)):
        found = kind(free)
        if found is not None:
            yield Found(("unlock", *found.codes), found.change, found.made)


def _behind_overtime(patient: Patient) -> Iterator[Found]:
    """Let a team be back later, and do something about the hours or another visit."""
    shifts = patient.open()
    if not shifts:
        return
    wide = patient.rough(later(patient, shifts, _STEPS[-1]))
    for kind in (window, travel, duration, other_day, displace):
        found = kind(wide)
        if found is None:
            continue
        here = _known_before(patient, found)
        for step in _STEPS:
            again = kind(patient.after(later(patient, here, step), only=here))
            if again is not None:
                yield Found(("overtime", *again.codes), again.change, again.made)
                break


def _two_instead(patient: Patient) -> Iterator[Found]:
    """Leave out two visits of lower priority that stand in one round."""
    board = patient.board
    able = set(lower(patient))
    for s in patient.open():
        for pair in combinations([u for u in board.routes[s] if u in able], 2):
            if not patient.timely([s], pair):
                continue
            with board.without(pair):
                place = patient.place(NONE, [s])
            if place is not None:
                found = instead(patient, pair, place)
                if found is not None:
                    yield Found(("displace", "displace"), found.change, found.made)
