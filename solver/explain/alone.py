"""Whether a visit has a place on an empty board: which of its own rules are in the way.

No search: the team's day holds nothing but this visit, so one look at each shift is enough.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import combinations, product

from solver.explain.board import Board
from solver.explain.obstacles import is_too_much, windows_on
from solver.outing import Outings
from solver.problem import Shift, Window
from solver.timing import NEVER, Clock, Timer, beginning

_PAIR = 2
_DAY = 24 * 60
_LONG = _DAY + 12 * 60
_RULES = (
    "no_cleared_staff", "skill_gap", "kit_conflict", "needs_two", "shift_not_allowed",
    "locked_conflict", "notice_too_late", "window_too_short", "shift_too_short",
)  # fmt: skip

_TIMELY = {"kit_conflict", "needs_two", *_RULES[5:]}
"""What can be in the way though it bars no shift."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One shift as the visit sees it: the rules that bar it whatever the time."""

    shift: Shift
    barred: frozenset[str]


class Alone:
    """One visit on an empty board.

    ``lifted`` names the rules that are taken out of the way; ``rest`` is the team's break.
    """

    def __init__(self, board: Board, v: int) -> None:
        self._board, self._v = board, v
        self._visit, self._problem = board.visits[v], board.problem
        self._frozen_on = _frozen_shifts(board, v)
        self._looks = [_Look(shift, self._barred(shift)) for shift in board.shifts]

    def fits(self, lifted: Collection[str] = ()) -> bool:
        """Whether some team could make it if it had nothing else to do."""
        gone = frozenset(lifted)
        seen = [look.shift for look in self._looks if look.barred <= gone]
        if self._visit.crews < _PAIR or "needs_two" in gone:
            return any(self._may_lead(shift, gone) and self._holds(shift, gone) for shift in seen)
        return any(self._pair(a, b, gone) for a, b in combinations(seen, _PAIR))

    def blamed(self) -> list[str]:
        """Each rule without which, alone, the visit would fit."""
        found = [code for code in _RULES if self._is_to_blame(code)]
        if "shift_too_short" in found and self.fits(("too_far",)):
            found[found.index("shift_too_short")] = "too_far"
        return found

    def _is_to_blame(self, code: str) -> bool:
        """Whether the visit, which does not fit, would fit without this rule."""
        bars = any(code in look.barred for look in self._looks)
        return (bars or code in _TIMELY) and self.fits((code,))

    def together(self) -> list[str]:
        """A smallest set of rules that are to blame together.

        A rule is left out wherever the others will do; hours are forgiven before people.
        """
        guilty = list(_RULES)
        if not self.fits(guilty):
            return ["capacity"]
        for code in reversed(_RULES):
            rest = [other for other in guilty if other != code]
            if self.fits(rest):
                guilty = rest
        return guilty

    # Whatever the time

    def _barred(self, shift: Shift) -> frozenset[str]:
        visit, pin = self._visit, self._visit.pin
        one_team = visit.crews < _PAIR
        found = {
            "no_cleared_staff": visit.clearance not in (None, *shift.clearances),
            "skill_gap": not set(visit.skills).issubset(shift.skills),
            "kit_conflict": self._lacks_kits(shift),
            "needs_two": shift.people < visit.people,
            "shift_not_allowed": shift.id in visit.forbidden_shifts
            or shift.id not in (visit.allowed_shifts or (shift.id,))
            or visit.allowed_shifts == (),
            "locked_conflict": pin is not None
            and (pin.day not in (None, shift.day)
                 or (one_team and pin.team not in (None, shift.team))),
            "notice_too_late": self._frozen_on is not None and shift.id not in self._frozen_on,
            "shift_too_short": shift.max_visits == 0 or is_too_much(visit, shift),
        }  # fmt: skip
        return frozenset(code for code, is_so in found.items() if is_so)

    def _lacks_kits(self, shift: Shift) -> bool:
        new = {kit for kit in self._visit.kits if kit not in shift.kits}
        if any(self._problem.kits.get(kit, 0) < 1 for kit in new):
            return True
        return shift.kit_slots is not None and len(new) > shift.kit_slots

    def _may_lead(self, shift: Shift, gone: frozenset[str]) -> bool:
        """Whether the team may be the only one: of two, one alone has to be the locked one."""
        pin = self._visit.pin
        is_locked = pin is not None and pin.team not in (None, shift.team)
        return "locked_conflict" in gone or not is_locked

    # The time

    def _holds(self, shift: Shift, gone: frozenset[str], at: int | None = None) -> bool:
        """Whether the team is home in time; ``at`` is the only start that will do."""
        shift, timer, clock = self._made(shift, gone, at)
        is_far = shift.max_travel is not None and timer.travel(clock) > shift.max_travel
        is_home = timer.home(clock) <= shift.end + shift.overtime
        return is_home and not is_far and self._is_short(shift, gone, at)

    def _is_short(self, shift: Shift, gone: frozenset[str], at: int | None) -> bool:
        """Whether the team is out no longer than it may."""
        if shift.max_duration is None:
            return True
        fixed = self._fixed(gone) if at is None else at
        stop = (self._visit, self._windows(shift.day, gone), fixed)
        return Outings(self._problem.profiles[shift.profile].minutes, shift, [stop]).is_short()

    def _starts(self, shift: Shift, gone: frozenset[str]) -> set[int]:
        """The earliest starts: with the break still to come, and with it taken."""
        _shift, _timer, clock = self._made(shift, gone, None)
        length = self._visit.setup_minutes + self._visit.service_minutes
        return {end - length for end in (clock.before, clock.after) if end < NEVER}

    def _made(
        self, shift: Shift, gone: frozenset[str], at: int | None
    ) -> tuple[Shift, Timer, Clock]:
        """The visit made alone by a shift, as far as what is lifted lets it be."""
        visit = self._visit
        if "shift_too_short" in gone:
            shift = replace(shift, start=0, end=_LONG, max_travel=None, max_duration=None)
        if "rest" in gone:
            shift = replace(shift, break_=None)
        if "too_far" in gone:
            here = visit.location
            shift = replace(shift, from_location=here, to_location=here, max_travel=None)
        timer = Timer(self._problem, shift)
        fixed = self._fixed(gone) if at is None else at
        windows = self._windows(shift.day, gone)
        return shift, timer, timer.step(beginning(shift), visit, windows, fixed)

    def _windows(self, day: int, gone: frozenset[str]) -> tuple[tuple[int, int], ...]:
        visit, problem = self._visit, self._problem
        if "window_too_short" in gone:
            visit = replace(visit, windows=(Window(day, 0, _DAY),))
        is_free = self._frozen_on is not None or "notice_too_late" in gone
        return windows_on(problem, visit, day, is_frozen=is_free)

    def _fixed(self, gone: frozenset[str]) -> int | None:
        """The only start that what is locked or has begun leaves."""
        if self._frozen_on is not None and "notice_too_late" not in gone:
            return self._board.known.frozen[self._v]
        pin = self._visit.pin
        return None if pin is None or "locked_conflict" in gone else pin.start

    def _pair(self, a: Shift, b: Shift, gone: frozenset[str]) -> bool:
        """Whether two teams could make it together."""
        pin, pool = self._visit.pin, self._problem.kits
        if a.day != b.day or a.team == b.team:
            return False
        team = pin.team if pin is not None and "locked_conflict" not in gone else None
        if team not in (None, a.team, b.team):
            return False
        kits = () if "kit_conflict" in gone else self._visit.kits
        if any((kit not in a.kits) + (kit not in b.kits) > pool.get(kit, _PAIR) for kit in kits):
            return False
        starts = {max(both) for both in product(self._starts(a, gone), self._starts(b, gone))}
        return any(self._holds(a, gone, at) and self._holds(b, gone, at) for at in starts)


def _frozen_shifts(board: Board, v: int) -> frozenset[str] | None:
    """Where a visit that has begun is in the baseline; None if it has not begun."""
    baseline, start = board.problem.baseline, board.known.frozen.get(v)
    if baseline is None or start is None:
        return None
    visit = board.visits[v].id
    return frozenset(
        route.shift for route in baseline.routes for stop in route.stops
        if stop.visit == visit and stop.start == start
    )  # fmt: skip
