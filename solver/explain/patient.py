"""A visit that is left out: what keeps it from each shift, and what a change would do for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace

from solver.explain.board import Board, Outcome, sketched
from solver.explain.change import NONE, Change
from solver.explain.fixes import FIXES
from solver.explain.obstacles import never, now, windows_on
from solver.explain.room import Guest
from solver.plan import Cure
from solver.problem import Shift, Visit
from solver.state import Place


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
        is_rough: whether what is found needs no price yet.
    """

    def __init__(self, board: Board, v: int, given: Change = NONE) -> None:
        self.board, self.v, self.given = board, v, given
        self.is_rough = False
        with board.as_if(v, given, ()):
            self.barred = self._obstacles(range(len(board.shifts)))
            self._guest = _guest(board, v)
        self.days = self._guest.windows.keys()

    def _obstacles(self, shifts: Iterable[int]) -> dict[int, frozenset[str]]:
        """What keeps the visit from these shifts as the board is now."""
        board, v = self.board, self.v
        visit, problem = board.visits[v], board.problem
        return {
            s: frozenset((*never(problem, visit, board.shifts[s]), *now(board, v, s)))
            for s in shifts
        }

    def after(self, given: Change, *, only: Collection[int] | None = None) -> Patient:
        """The same visit with a change of shifts that is taken for granted.

        ``only`` are the shifts to look at; they are all looked at where starts are agreed on.
        """
        board = self.board
        if self.given is not NONE or given.visits or given.kits or given.added:
            made = Patient(board, self.v, given)
        else:
            made = copy(self)
            made.given = given
            changed = [s for s, new in given.shifts.items() if _asks(board.shifts[s], new)]
            with board.as_if(self.v, given, ()):
                made.barred = {**self.barred, **made._obstacles(changed)}  # noqa: SLF001 - its own
        if only is not None and not board.known.linked:
            made.barred = {s: barred for s, barred in made.barred.items() if s in only}
        return made

    def rough(self, given: Change) -> Patient:
        """The same without a price for what is found, to see which shifts it is about."""
        made = self.after(given)
        made.is_rough = True
        return made

    @property
    def visit(self) -> Visit:
        """The visit with what is taken for granted."""
        return self.given.visits.get(self.v, self.board.visits[self.v])

    def shift(self, s: int) -> Shift:
        """A shift with what is taken for granted."""
        return self.given.shifts.get(s, self.board.shifts[s])

    def may_lack(self, code: str, s: int) -> bool:
        """Whether a shift lacks this; of two crews each may have a kit where both have not."""
        return code in self.barred[s] or (
            code == "kit" and self.visit.crews > 1 and bool(self.visit.kits)
        )

    def altered(self, s: int, **fields: int | None) -> Shift:
        """A shift with what is taken for granted, and with other fields."""
        return self.board.altered(s, self.shift(s), **fields)

    def open(self) -> list[int]:
        """Shifts where nothing but the time is in the way."""
        return [s for s, barred in self.barred.items() if not barred]

    def freed(self, shifts: Iterable[int], codes: Collection[str]) -> list[int]:
        """Those of the shifts where nothing but the time is in the way without these obstacles."""
        return [s for s in shifts if s in self.barred and self.barred[s].issubset(codes)]

    def timely(self, shifts: Iterable[int], gone: tuple[int, ...] = ()) -> bool:
        """Whether one of these shifts may have the time once visits are gone; no is certain."""
        guest, board = self._guest, self.board
        return any(board.has_time(guest, s, self.shift(s), gone) for s in shifts)

    def with_time(self, change: Change, shifts: Iterable[int]) -> list[int]:
        """Those of the shifts that may have the time after one more change of the visit."""
        board = self.board
        with board.as_if(self.v, self.given.then(change), ()):
            guest = _guest(board, self.v)
            return [s for s in shifts if board.has_time(guest, s, board.shifts[s], ())]

    def place(self, change: Change, among: Sequence[int]) -> Place | None:
        """The cheapest place with one more change."""
        if not among:
            return None
        with self.board.as_if(self.v, self.given.then(change), among):
            return self.board.place(self.v, among)

    def tried(self, code: str, change: Change, among: Sequence[int]) -> Found | None:
        """The change with its exact price, if it gives a place on one of these shifts."""
        place = self.place(change, among)
        return self.found(code, change, place) if place is not None else None

    def found(self, code: str, change: Change, place: Place | None = None) -> Found | None:
        """The change with its exact price, if it holds.

        ``place`` is the cheapest one with this change, where it is known already; where starts
        are agreed on it is looked for again, on all shifts.
        """
        board, v, whole = self.board, self.v, self.given.then(change)
        known = place if not board.known.linked else None
        among = [s for s, _position in known.at] if known is not None else None
        if self.is_rough and known is not None:
            return Found((code,), whole, sketched(known))
        with board.as_if(v, whole, among):
            there = known if known is not None else board.place(v)
            if there is None:
                return None
            made = sketched(there) if self.is_rough else board.outcome(v, there.at)
        return Found((code,), whole, made) if made is not None and made.sound else None

    def fixed(self, code: str, shifts: Iterable[int]) -> Change:
        """What takes an obstacle away on these shifts."""
        board, made = self.board, NONE
        with board.as_if(self.v, self.given, ()):
            for s in shifts:
                if self.may_lack(code, s):
                    made = _merged(made, FIXES[code](board, self.v, s), board)
        return made


def _guest(board: Board, v: int) -> Guest:
    """The visit as the board has it now."""
    visit, is_frozen = board.visits[v], v in board.known.frozen
    windows = {
        day: windows_on(board.problem, visit, day, is_frozen=is_frozen)
        for day in {w.day for w in visit.windows}
    }
    start = board.start_of(v)
    said = board.said.setdefault((v, visit.service_minutes, visit.windows, start), {})
    return Guest(v, visit, windows, start, said)


def _asks(was: Shift, now: Shift) -> bool:
    """Whether more is different of a shift than its hours."""
    return any(getattr(was, name) != getattr(now, name) for name in _OF_TEAM)


_OF_TEAM = (
    "team", "day", "people", "skills", "kits", "kit_slots", "clearances", "max_visits", "capacity",
)  # fmt: skip


def _merged(one: Change, two: Change, board: Board) -> Change:
    """Both at once, where they touch the same visit too."""
    visits = {**one.visits}
    for n, new in two.visits.items():
        old = visits.get(n)
        visits[n] = new if old is None else _both(old, new, board.visits[n])
    kits = {**one.kits, **{k: max(n, one.kits.get(k, 0)) for k, n in two.kits.items()}}
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


def price(found: Found) -> float:
    """What the change and the place that it gives cost."""
    return found.made.price
