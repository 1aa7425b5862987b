"""What would help: the smallest changes of the problem after which the visit has a place.

A kind of change is first tried everywhere at once; where that gives a place, the change is made
as small as that place needs, tried again, priced from the new times, and judged by the checker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from solver.explain.board import Board, Outcome, priced
from solver.explain.change import NONE, Change
from solver.explain.fixes import FIXES, unlock
from solver.explain.obstacles import never, now
from solver.plan import Cure
from solver.problem import Shift, Visit, Window
from solver.state import Place

_STEPS = (15, 30, 60, 120)
_MOST = _STEPS[-1]


@dataclass(frozen=True, slots=True)
class Found:
    """A change that plans the visit, and what comes of it."""

    codes: tuple[str, ...]
    change: Change
    made: Outcome

    def cure(self, board: Board) -> Cure:
        """As it leaves the solver."""
        return Cure("+".join(self.codes), self.change.patch(board.base), self.made.price)


class Patient:
    """One visit that is left out, and what keeps it from each shift.

    Attributes:
        barred: the obstacles by shift; a shift without any is short of time alone.
        given: a change that is taken for granted.
    """

    def __init__(self, board: Board, v: int, given: Change = NONE) -> None:
        self.board, self.v, self.given = board, v, given
        with board.as_if(v, given, ()):
            self.barred = {
                s: frozenset((*never(board.problem, board.visits[v], shift), *now(board, v, s)))
                for s, shift in enumerate(board.shifts)
            }
            days = {w.day for w in board.visits[v].windows}
        self.days = days

    @property
    def visit(self) -> Visit:
        """The visit with what is taken for granted."""
        return self.given.visits.get(self.v, self.board.visits[self.v])

    def shift(self, s: int) -> Shift:
        """A shift with what is taken for granted."""
        return self.given.shifts.get(s, self.board.shifts[s])

    def open(self) -> list[int]:
        """Shifts where nothing but the time is in the way."""
        return [s for s, barred in self.barred.items() if not barred]

    def place(self, change: Change, among: Sequence[int]) -> Place | None:
        """The cheapest place with one more change."""
        if not among:
            return None
        with self.board.as_if(self.v, self.given.then(change), among):
            return self.board.place(self.v, among)

    def found(self, code: str, change: Change, among: Sequence[int] | None = None) -> Found | None:
        """The change with its exact price, if it holds."""
        whole = self.given.then(change)
        made = priced(self.board, self.v, whole, among)
        return Found((code,), whole, made) if made is not None else None

    def fixed(self, code: str, shifts: Iterable[int]) -> Change:
        """What takes an obstacle away on these shifts."""
        board, made = self.board, NONE
        with board.as_if(self.v, self.given, ()):
            for s in shifts:
                if code in self.barred[s]:
                    made = _merged(made, FIXES[code](board, self.v, s), board)
        return made


def _merged(one: Change, two: Change, board: Board) -> Change:
    """Both at once, where they touch the same visit too."""
    visits = {**one.visits}
    for n, new in two.visits.items():
        old = visits.get(n)
        visits[n] = new if old is None else _both(old, new, board.visits[n])
    kits = {k: max(one.kits.get(k, 0), two.kits.get(k, 0)) for k in {*one.kits, *two.kits}}
    return Change(visits, {**one.shifts, **two.shifts}, one.added + two.added, kits)


def _both(one: Visit, two: Visit, was: Visit) -> Visit:
    """A visit that two changes open to more shifts, or bring nearer to others of its series."""
    allowed = was.allowed_shifts
    if allowed is not None:
        allowed = tuple(dict.fromkeys((*(one.allowed_shifts or ()), *(two.allowed_shifts or ()))))
    return replace(
        one, allowed_shifts=allowed,
        forbidden_shifts=tuple(s for s in one.forbidden_shifts if s in two.forbidden_shifts),
        min_gap_days=min(one.min_gap_days, two.min_gap_days),
    )  # fmt: skip


# One kind of change after the other


def obstacle(patient: Patient, code: str) -> Found | None:
    """Take away the one thing that keeps the visit from some shifts."""
    group = [s for s, barred in patient.barred.items() if barred <= {code}]
    place = patient.place(patient.fixed(code, group), group)
    if place is None:
        return None
    return patient.found(code, patient.fixed(code, [s for s, _position in place.at]))


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
        if patient.place(change, here) is not None:
            return patient.found("overtime", change)
    return None


def later(patient: Patient, shifts: Iterable[int], minutes: int) -> Change:
    """These shifts may be back so many minutes later."""
    return Change(
        shifts={
            s: replace(patient.shift(s), overtime=patient.shift(s).overtime + minutes)
            for s in shifts
        }
    )


def earlier(patient: Patient) -> Found | None:
    """Let a team begin earlier, by no more than it needs."""
    shifts = patient.open()
    place = patient.place(_sooner(patient, shifts, _MOST), shifts)
    if place is None:
        return None
    here = [s for s, _position in place.at]
    for step in _STEPS:
        change = _sooner(patient, here, step)
        if patient.place(change, here) is not None:
            return patient.found("earlier", change)
    return None


def _sooner(patient: Patient, shifts: Iterable[int], minutes: int) -> Change:
    return Change(
        shifts={
            s: replace(patient.shift(s), start=max(0, patient.shift(s).start - minutes))
            for s in shifts
        }
    )


def travel(patient: Patient) -> Found | None:
    """Let a team drive longer, by no more than it needs."""
    shifts = [s for s in patient.open() if patient.shift(s).max_travel is not None]
    free = Change(shifts={s: replace(patient.shift(s), max_travel=None) for s in shifts})
    place = patient.place(free, shifts)
    if place is None:
        return None
    new = {}
    for s, position in place.at:
        board = patient.board
        route = [board.visits[u] for u in board.routes[s]]
        route.insert(position, patient.visit)
        new[s] = replace(patient.shift(s), max_travel=_drive(board, s, route))
    return patient.found("travel", Change(shifts=new))


def _drive(board: Board, s: int, route: Sequence[Visit]) -> int:
    """Minutes of driving, rounded up to the next five."""
    shift = board.shifts[s]
    minutes = board.problem.profiles[shift.profile].minutes
    places = [shift.from_location, *(visit.location for visit in route), shift.to_location]
    total = sum(minutes[a][b] for a, b in pairwise(places))
    return total + -total % 5


def window(patient: Patient) -> Found | None:
    """Let the site take visits a little longer, by no more than it needs."""
    shifts, visit = patient.open(), patient.visit
    if patient.place(_wider(patient, visit.windows, _MOST, _MOST), shifts) is None:
        return None
    for step in _STEPS:
        for before, after in ((0, step), (step, 0), (step, step)):
            place = patient.place(_wider(patient, visit.windows, before, after), shifts)
            if place is not None:
                return _narrowest(patient, place, before, after)
    return None


def _narrowest(patient: Patient, place: Place, before: int, after: int) -> Found | None:
    """The cheapest cure that changes one window only, on a day that gave a place."""
    day = patient.board.shifts[place.at[0][0]].day
    tried = (
        patient.found("window", _wider(patient, (one,), before, after))
        for one in patient.visit.windows
        if one.day == day
    )
    return min(filter(None, tried), key=price, default=None)


def _wider(patient: Patient, chosen: Iterable[Window], before: int, after: int) -> Change:
    windows = tuple(
        Window(w.day, max(0, w.from_ - before), w.to + after) if w in chosen else w
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
    more = {day: [Window(day, w.from_, w.to) for w in hours] for day in days}
    every = tuple(w for day in sorted(more) for w in more[day])
    place = patient.place(_also(patient, every), shifts)
    if place is None:
        return None
    chosen = more.get(patient.board.shifts[place.at[0][0]].day, ())
    return patient.found("other_day", _also(patient, chosen))


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
    return patient.found("team", Change(added=(tried[min(able)[1]][1],)))


def _teams(patient: Patient) -> Iterator[Shift]:
    """New shifts, one for each day and kind of team."""
    board, visit = patient.board, patient.visit
    like = [patient.shift(s) for s in range(len(board.shifts))]
    like = [shift for shift in like if not never(board.problem, replace(visit, pin=None), shift)]
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
    best: tuple[float, float, int] | None = None
    for u in lower(patient):
        skip = board.visits[u].skip_cost
        if best is not None and skip > best[0]:
            break
        shifts = _around(patient, u)
        with board.without((u,)):
            place = patient.place(NONE, shifts)
        if place is not None and (best is None or place.cost < best[1]):
            best = skip, place.cost, u
    return instead(patient, (best[2],)) if best is not None else None


def instead(patient: Patient, gone: tuple[int, ...]) -> Found | None:
    """Leave these out, if that makes room."""
    board = patient.board
    change = Change({u: replace(board.visits[u], allowed_shifts=()) for u in gone})
    with board.without(gone):
        return patient.found("displace", change)


def lower(patient: Patient) -> list[int]:
    """Planned visits that may have to yield, the least missed first."""
    board, visits = patient.board, patient.board.visits
    found = [
        u for u, shifts in board.where.items()
        if visits[u].priority > patient.visit.priority
        and u not in board.known.frozen and visits[u].pin is None and not visits[u].mandatory
        and any(board.shifts[s].day in patient.days for s in shifts)
    ]  # fmt: skip
    return sorted(found, key=lambda u: (visits[u].skip_cost, -visits[u].priority, u))


_FREED = frozenset({"kit", "slots", "visits", "gap"})


def _around(patient: Patient, u: int) -> list[int]:
    """The shifts that the visit could join once another is gone from its route."""
    board, mine = patient.board, patient.visit
    reaches_far = set(mine.kits) & set(board.visits[u].kits) or u in board.known.series.get(
        patient.v, ()
    )
    near = range(len(board.shifts)) if reaches_far else board.where[u]
    return [s for s in near if patient.barred[s] <= _FREED]


def price(found: Found) -> float:
    """What the change and the place that it gives cost."""
    return found.made.price


KINDS: tuple[Callable[[Patient], Found | None], ...] = (
    unlocked, overtime, earlier, travel, window, other_day, team, displace,
)  # fmt: skip
"""What can be done about the time."""


def single(patient: Patient) -> list[Found]:
    """Every kind of single change that helps, the cheapest first."""
    tried = [kind(patient) for kind in KINDS]
    tried += [obstacle(patient, code) for code in FIXES if _bars(patient, code)]
    return sorted(filter(None, tried), key=price)


def _bars(patient: Patient, code: str) -> bool:
    return any(barred == {code} for barred in patient.barred.values())
