"""A visit that is left out: what keeps it from each shift, and what a change would do for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from solver.explain.board import Board, Outcome, priced
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
    """

    def __init__(self, board: Board, v: int, given: Change = NONE) -> None:
        self.board, self.v, self.given = board, v, given
        with board.as_if(v, given, ()):
            self.barred = {
                s: frozenset((*never(board.problem, board.visits[v], shift), *now(board, v, s)))
                for s, shift in enumerate(board.shifts)
            }
            self._guest = _guest(board, v)
        self.days = self._guest.windows.keys()

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
