"""For each obstacle between a visit and a shift, the smallest change that takes it away.

A fix says what would have to be so; whether it then helps is tried elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from solver.explain.board import Board
from solver.explain.change import Change
from solver.explain.obstacles import aboard, near, others
from solver.problem import Visit

Fix = Callable[[Board, int, int], Change]


def _skill(board: Board, v: int, s: int) -> Change:
    shift = board.shifts[s]
    missing = [skill for skill in board.visits[v].skills if skill not in shift.skills]
    return Change(shifts={s: replace(shift, skills=(*shift.skills, *missing))})


def _person(board: Board, v: int, s: int) -> Change:
    return Change(shifts={s: replace(board.shifts[s], people=board.visits[v].people)})


def _clearance(board: Board, v: int, s: int) -> Change:
    shift, site = board.shifts[s], board.visits[v].clearance
    return Change(shifts={s: replace(shift, clearances=(*shift.clearances, str(site)))})


def _allow(board: Board, v: int, s: int) -> Change:
    visit, shift = board.visits[v], board.shifts[s].id
    allowed = visit.allowed_shifts
    if allowed is not None and shift not in allowed:
        allowed = (*allowed, shift)
    forbidden = tuple(one for one in visit.forbidden_shifts if one != shift)
    return Change({v: replace(visit, allowed_shifts=allowed, forbidden_shifts=forbidden)})


def unlock(board: Board, v: int) -> Change:
    """No pin any more."""
    return Change({v: replace(board.visits[v], pin=None)})


def _kit(board: Board, v: int, s: int) -> Change:
    """As many as are in use that day, and one for each team that would come."""
    visit, own = board.visits[v], board.shifts[s].kits
    wanted = {
        kit: max(len(others(board, kit, s)) + visit.crews, board.problem.kits.get(kit, 0))
        for kit in visit.kits
        if kit not in own
    }
    return Change(kits={k: n for k, n in wanted.items() if n > board.problem.kits.get(k, 0)})


def _slots(board: Board, v: int, s: int) -> Change:
    shift = board.shifts[s]
    taken = aboard(board, s) | {kit for kit in board.visits[v].kits if kit not in shift.kits}
    return Change(shifts={s: replace(shift, kit_slots=len(taken))})


def _visits(board: Board, _v: int, s: int) -> Change:
    return Change(shifts={s: replace(board.shifts[s], max_visits=len(board.routes[s]) + 1)})


def _together(board: Board, v: int, _s: int) -> Change:
    visits = board.visits
    apart = {
        o: replace(visits[o], together_with=None)
        for o in board.known.partners.get(v, ())
        if visits[o].together_with == visits[v].id
    }
    return Change({**apart, v: replace(visits[v], together_with=None)})


def _gap(board: Board, v: int, s: int) -> Change:
    """No more days apart than they would be."""
    close = [(o, days) for o, days, gap in near(board, v, board.shifts[s].day) if days < gap]
    mates = {
        o: replace(board.visits[o], min_gap_days=min(days, board.visits[o].min_gap_days))
        for o, days in close
    }
    visit = board.visits[v]
    least = min([days for _o, days in close], default=visit.min_gap_days)
    return Change({**mates, v: replace(visit, min_gap_days=min(least, visit.min_gap_days))})


FIXES: Mapping[str, Fix] = {
    "skill": _skill, "person": _person, "clearance": _clearance, "allow": _allow, "kit": _kit,
    "slots": _slots, "visits": _visits, "together": _together, "gap": _gap,
}  # fmt: skip
"""By the code of the obstacle, which is the code of the cure too."""

LIFTS: Mapping[str, Callable[[Visit], Visit]] = {
    "skill": lambda visit: replace(visit, skills=()),
    "person": lambda visit: replace(visit, people=0),
    "clearance": lambda visit: replace(visit, clearance=None),
    "allow": lambda visit: replace(visit, allowed_shifts=None, forbidden_shifts=()),
    "kit": lambda visit: replace(visit, kits=()),
    "slots": lambda visit: replace(visit, kits=()),
}
"""The same for all shifts at once, where the visit may as well stop asking: quicker to try."""
