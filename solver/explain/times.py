"""Kinds of change for a visit that is short of time: longer shifts, wider windows, others yielding.

Each is first tried everywhere at once; where that gives a place, the change is made as small as
that place needs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from solver.explain.board import Board
from solver.explain.change import NONE, Change
from solver.explain.fixes import unlock
from solver.explain.obstacles import never
from solver.explain.patient import Found, Patient, price
from solver.problem import Shift, Visit, Window
from solver.state import Place

_STEPS = (15, 30, 60, 120)
_MOST = _STEPS[-1]
_GRAIN = 5
_LAST = 2 * 24 * 60


def unlocked(patient: Patient) -> Found | None:
    """Set a locked visit free."""
    if patient.visit.pin is None:
        return None
    return patient.found("unlock", unlock(patient.board, patient.v))


def overtime(patient: Patient) -> Found | None:
    """Let a team be back later, by no more than it needs."""
    shifts = patient.open()
    place = patient.place(later(patient, shifts, _MOST), shifts)
    if place is None:
        return None
    here = [s for s, _position in place.at]
    for step in _STEPS:
        change = later(patient, here, step)
        found = patient.tried("overtime", change, here)
        if found is not None:
            return found
    return None


def later(patient: Patient, shifts: Iterable[int], minutes: int) -> Change:
    """These shifts may be back so many minutes later."""
    return Change(
        shifts={s: patient.altered(s, overtime=patient.shift(s).overtime + minutes) for s in shifts}
    )


def longer(patient: Patient) -> Found | None:
    """Let a team be back later; where that is no help, let it begin earlier."""
    return overtime(patient) or earlier(patient)


def earlier(patient: Patient) -> Found | None:
    """Let a team begin earlier, by no more than it needs."""
    shifts = patient.open()
    place = patient.place(_sooner(patient, shifts, _MOST), shifts)
    if place is None:
        return None
    here = [s for s, _position in place.at]
    for step in _STEPS:
        change = _sooner(patient, here, step)
        found = patient.tried("earlier", change, here)
        if found is not None:
            return found
    return None


def _sooner(patient: Patient, shifts: Iterable[int], minutes: int) -> Change:
    return Change(
        shifts={
            s: patient.altered(s, start=max(0, patient.shift(s).start - minutes)) for s in shifts
        }
    )


def travel(patient: Patient) -> Found | None:
    """Let a team drive longer, by no more than it needs."""
    shifts = [s for s in patient.open() if patient.shift(s).max_travel is not None]
    free = Change(shifts={s: patient.altered(s, max_travel=None) for s in shifts})
    place = patient.place(free, shifts)
    if place is None:
        return None
    new = {}
    for s, position in place.at:
        board = patient.board
        route = [board.visits[u] for u in board.routes[s]]
        route.insert(position, patient.visit)
        new[s] = replace(patient.shift(s), max_travel=_drive(board, s, route))
    return patient.found("travel", Change(shifts=new), place)


def _drive(board: Board, s: int, route: Sequence[Visit]) -> int:
    """Minutes of driving, rounded up to the next five."""
    shift = board.shifts[s]
    minutes = board.problem.profiles[shift.profile].minutes
    places = [shift.from_location, *(visit.location for visit in route), shift.to_location]
    total = sum(minutes[a][b] for a, b in pairwise(places))
    return total + -total % 5


def duration(patient: Patient) -> Found | None:
    """Let a team be out longer, by no more than it needs."""
    shifts = [s for s in patient.open() if patient.shift(s).max_duration is not None]
    place = patient.place(_out(patient, shifts, _LAST), shifts)
    if place is None:
        return None
    here = [s for s, _position in place.at]
    for step in (*_STEPS, _LAST):
        change = _out(patient, here, step)
        found = patient.tried("duration", change, here)
        if found is not None:
            return found
    return None


def _out(patient: Patient, shifts: Iterable[int], more: int) -> Change:
    """These shifts may be out so many minutes longer, at most from their start to their end."""
    new = {}
    for s in shifts:
        shift = patient.shift(s)
        whole = shift.end + shift.overtime - shift.start
        new[s] = patient.altered(s, max_duration=min(whole, (shift.max_duration or 0) + more))
    return Change(shifts=new)


def shorter(patient: Patient) -> Found | None:
    """Make the visit shorter, by no more than it needs and by no more than half."""
    minutes, shifts = patient.visit.service_minutes, patient.open()
    steps = range(_GRAIN, minutes // 2 + 1, _GRAIN)
    if not steps or patient.place(_cut(patient, steps[-1]), shifts) is None:
        return None
    shifts = patient.with_time(_cut(patient, steps[-1]), shifts)
    n = bisect_left(steps, 1, key=lambda cut: patient.place(_cut(patient, cut), shifts) is not None)
    return patient.tried("shorter", _cut(patient, steps[n]), shifts) if n < len(steps) else None


def _cut(patient: Patient, minutes: int) -> Change:
    visit = patient.visit
    return Change({patient.v: replace(visit, service_minutes=visit.service_minutes - minutes)})


def window(patient: Patient) -> Found | None:
    """Let the site take visits a little longer, by no more than it needs."""
    shifts, visit = patient.open(), patient.visit
    widest = _wider(patient, visit.windows, _MOST, _MOST)
    if patient.place(widest, shifts) is None:
        return None
    shifts = patient.with_time(widest, shifts)
    n = bisect_left(_STEPS, 1, hi=len(_STEPS) - 1, key=lambda step: patient.place(
        _wider(patient, visit.windows, step, step), shifts) is not None)  # fmt: skip
    step = _STEPS[n]
    for before, after in ((0, step), (step, 0), (step, step)):
        place = patient.place(_wider(patient, visit.windows, before, after), shifts)
        if place is not None:
            day = patient.board.shifts[place.at[0][0]].day
            windows = [one for one in visit.windows if one.day == day]
            changes = [_wider(patient, (one,), before, after) for one in windows]
            return _cheapest(patient, changes, shifts)
    return None


def _cheapest(patient: Patient, changes: Sequence[Change], shifts: Sequence[int]) -> Found | None:
    """The cheapest cure that changes one window only, on a day that gave a place."""
    tried = (patient.tried("window", change, shifts) for change in changes)
    return min(filter(None, tried), key=price, default=None)


def _wider(patient: Patient, chosen: Iterable[Window], before: int, after: int) -> Change:
    windows = tuple(
        Window(w.day, max(0, w.from_ - before), max(w.to, min(w.to + after, _LAST)))
        if w in chosen
        else w
        for w in patient.visit.windows
    )
    return Change({patient.v: replace(patient.visit, windows=windows)})


def other_day(patient: Patient) -> Found | None:
    """Let the visit be on another day, at the hours that it has on one of its own."""
    visit, shifts = patient.visit, patient.open()
    if not visit.windows:
        return None
    first = min(visit.windows, key=lambda w: (w.day, w.from_)).day
    hours = [w for w in visit.windows if w.day == first]
    days = {patient.board.shifts[s].day for s in shifts} - patient.days
    if not days:
        return None
    more = {day: [Window(day, w.from_, w.to) for w in hours] for day in days}
    every = tuple(w for day in sorted(more) for w in more[day])
    place = patient.place(_also(patient, every), shifts)
    if place is None:
        return None
    chosen = more.get(patient.board.shifts[place.at[0][0]].day, ())
    return patient.found("other_day", _also(patient, chosen), place)


def _also(patient: Patient, windows: Iterable[Window]) -> Change:
    visit = patient.visit
    return Change({patient.v: replace(visit, windows=(*visit.windows, *windows))})


def team(patient: Patient) -> Found | None:
    """One more team on one day, like one that could make the visit if it had the time."""
    new = len(patient.board.shifts)
    among = [*patient.open(), new] if patient.visit.crews > 1 else [new]
    tried = [(patient.place(Change(added=(one,)), among), one) for one in _teams(patient)]
    able = [(place.cost, n) for n, (place, _one) in enumerate(tried) if place is not None]
    if not able:
        return None
    place, one = tried[min(able)[1]]
    return patient.found("team", Change(added=(one,)), place)


def _teams(patient: Patient) -> Iterator[Shift]:
    """New shifts, one for each day and kind of team."""
    board, visit = patient.board, replace(patient.visit, pin=None)
    like = [patient.shift(s) for s in range(len(board.shifts))]
    like = [shift for shift in like if not never(board.problem, visit, shift)]
    name = _free_name(shift.team for shift in board.shifts)
    for day in sorted(patient.days):
        seen = set()
        for shift in sorted(like, key=lambda shift: shift.day != day):
            kind = (shift.start, shift.end, shift.from_location, shift.to_location, shift.profile)
            if kind not in seen:
                seen.add(kind)
                yield replace(shift, id=f"{name}-{day}", team=name, day=day, used_minutes_before=0)


def _free_name(taken: Iterable[str]) -> str:
    used = set(taken)
    return next(name for n in range(1, len(used) + 2) if (name := f"X{n}") not in used)


def displace(patient: Patient) -> Found | None:
    """Leave out a visit of lower priority instead: the one that costs least to leave out."""
    board = patient.board
    best: tuple[float, Place, int] | None = None
    for u in lower(patient):
        skip = board.visits[u].skip_cost
        if best is not None and skip > best[0]:
            break
        shifts = _around(patient, u)
        if not patient.timely(shifts, (u,)):
            continue
        with board.without((u,)):
            place = patient.place(NONE, shifts)
        if place is not None and (best is None or place.cost < best[1].cost):
            best = skip, place, u
    return instead(patient, (best[2],), best[1]) if best is not None else None


def instead(patient: Patient, gone: tuple[int, ...], place: Place) -> Found | None:
    """Leave these out, if that makes room; ``place`` is the one that it makes."""
    board = patient.board
    change = Change({u: replace(board.visits[u], allowed_shifts=()) for u in gone})
    with board.without(gone):
        return patient.found("displace", change, place)


def lower(patient: Patient) -> list[int]:
    """Planned visits that may have to yield, the least missed first."""
    board, visits = patient.board, patient.board.visits
    least = patient.visit.priority
    found = [
        u for u, shifts in board.where.items()
        if visits[u].priority > least
        and u not in board.known.frozen and visits[u].pin is None and not visits[u].mandatory
        and any(board.shifts[s].day in patient.days for s in shifts)
    ]  # fmt: skip
    return sorted(found, key=lambda u: (visits[u].skip_cost, -visits[u].priority, u))


_ALWAYS_FREED = frozenset({"visits", "load"})
_FREED = frozenset({"kit", "slots", "visits", "gap", "load", "together"})


def _around(patient: Patient, u: int) -> list[int]:
    """The shifts that the visit could join once another is gone from its route."""
    board, other = patient.board, patient.board.visits[u]
    is_mate = u in board.known.series.get(patient.v, ())
    is_partner = u in board.known.partners.get(patient.v, ())
    if not other.kits and not is_mate and not is_partner:
        return patient.freed(board.where[u], _ALWAYS_FREED)
    shares_kit = any(kit in patient.visit.kits for kit in other.kits)
    stays = {
        "kit": not shares_kit,
        "slots": not other.kits,
        "gap": not is_mate,
        "together": not is_partner,
    }
    freed = _FREED.difference(code for code, does_stay in stays.items() if does_stay)
    is_wide = shares_kit or is_mate or is_partner
    near = range(len(board.shifts)) if is_wide else board.where[u]
    return patient.freed(near, freed)


Kind = Callable[[Patient], Found | None]
KINDS: Mapping[str, Kind] = {
    "unlock": unlocked, "longer": longer, "travel": travel, "duration": duration,
    "shorter": shorter, "window": window, "other_day": other_day, "team": team,
    "displace": displace,
}  # fmt: skip
"""What can be done about the time."""
