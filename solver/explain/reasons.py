"""Why a visit is left out. Every reason is tested: with that rule lifted, the visit has a place.

First on an empty board, where only the rules themselves can be in the way; then on the plan as
it is, where the other visits can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from solver.explain.alone import Alone
from solver.explain.board import Board
from solver.explain.change import Change, with_parts
from solver.explain.obstacles import near
from solver.plan import Reason
from solver.problem import Problem, Visit

_Lift = Callable[[Board, int], Change | None]


def reasons(board: Board, v: int) -> tuple[tuple[Reason, ...], list[str] | None]:
    """The rules that are to blame, or ``capacity`` where it is the other visits as such.

    Beside them, where the visit has no place even on an empty board, the rules each of which
    alone is in the way there.
    """
    alone = Alone(board, v)
    if alone.fits():
        codes, blamed = _crowded(board, v), None
    else:
        blamed = alone.blamed()
        codes = blamed or alone.together()
        if alone.fits(("rest",)):
            return tuple(_for_the_break(board, v, code) for code in codes), blamed
    return tuple(Reason(code, _detail(board, v, code)) for code in codes), blamed


def _for_the_break(board: Board, v: int, code: str) -> Reason:
    """A reason; where it is about the time, it says that only the break is in the way."""
    rest = {"rest": True} if code in _HOURS else {}
    return Reason(code, {**_detail(board, v, code), **rest})


_HOURS = ("window_too_short", "shift_too_short", "too_far")


def _crowded(board: Board, v: int) -> list[str]:
    found = []
    for code, lift in _CROWDED:
        change = lift(board, v)
        if change is not None and _helps(board, v, change):
            found.append(code)
    return found or ["capacity"]


def _helps(board: Board, v: int, change: Change) -> bool:
    was = board.visits
    if any((new.after, new.lag) != (was[n].after, was[n].lag) for n, new in change.visits.items()):
        return _anew(board, change).place(v) is not None
    with board.as_if(v, change):
        return board.place(v) is not None


def _anew(board: Board, change: Change) -> Board:
    """A board of its own: whose start is whose matter is worked out only once a board."""
    visits = tuple(change.visits.get(n, visit) for n, visit in enumerate(board.visits))
    return Board(with_parts(board.problem, visits=visits), board.plan)


# What is lifted beside other visits; None where there is nothing to lift


def _no_gap(board: Board, v: int) -> Change | None:
    visit = board.visits[v]
    if not any(o in board.where for o in board.known.series.get(v, ())):
        return None
    mates = {o: replace(board.visits[o], min_gap_days=0) for o in board.known.series[v]}
    return Change({v: replace(visit, min_gap_days=0), **mates})


def _no_kits(board: Board, v: int) -> Change | None:
    visit = board.visits[v]
    return Change({v: replace(visit, kits=())}) if visit.kits else None


def _no_company(board: Board, v: int) -> Change | None:
    """Neither a pin nor another visit says where or when."""
    visit = board.visits[v]
    freed = {
        o: _without(board.visits[o], visit.id)
        for o in board.known.partners.get(v, set()) | _related(board, v)
    }
    if visit.pin is None and not freed:
        return None
    return Change({**freed, v: replace(visit, pin=None, together_with=None, after=(), lag=None)})


def _related(board: Board, v: int) -> set[int]:
    number = board.known.number
    related = board.known.agreement.related(board.visits[v].id)
    return {number[other] for other in related if other in number}


def _without(visit: Visit, other: str) -> Visit:
    together = None if visit.together_with == other else visit.together_with
    after = tuple(one for one in visit.after if one != other)
    lag = visit.lag if visit.lag is None or visit.lag.visit != other else None
    return replace(visit, together_with=together, after=after, lag=lag)


def _one_person(board: Board, v: int) -> Change | None:
    visit = board.visits[v]
    if visit.people <= 1 and visit.crews == 1:
        return None
    return Change({v: replace(visit, people=1, crews=1)})


_CROWDED: tuple[tuple[str, _Lift], ...] = (
    ("gap_rule", _no_gap),
    ("kit_conflict", _no_kits),
    ("locked_conflict", _no_company),
    ("needs_two", _one_person),
)


# What the sentence about a reason needs


def _detail(board: Board, v: int, code: str) -> Mapping[str, Any]:
    return _DETAILS.get(code, _nothing)(board, v)


def _nothing(_board: Board, _v: int) -> dict[str, Any]:
    return {}


def _clearance(board: Board, v: int) -> dict[str, Any]:
    return {"clearance": board.visits[v].clearance}


def _skills(board: Board, v: int) -> dict[str, Any]:
    visit = board.visits[v]
    missing = set(visit.skills) - {skill for shift in board.shifts for skill in shift.skills}
    return {"skills": sorted(missing or visit.skills)}


def _kits(board: Board, v: int) -> dict[str, Any]:
    kits, day = board.visits[v].kits, {w.day for w in board.visits[v].windows}
    users = {
        board.shifts[s].id for (on, kit), found in board.users.items()
        if on in day and kit in kits for s in found
    }  # fmt: skip
    return {"kits": {kit: board.problem.kits.get(kit, 0) for kit in kits}, "shifts": sorted(users)}


def _people(board: Board, v: int) -> dict[str, Any]:
    return {"people": board.visits[v].people, "crews": board.visits[v].crews}


def _length(board: Board, v: int) -> dict[str, Any]:
    longest = max((s.end + s.overtime - s.start for s in board.shifts), default=0)
    return {"minutes": _minutes(board.visits[v]), "longest_shift": longest}


def _minutes(visit: Visit) -> int:
    return visit.service_minutes + visit.setup_minutes


def _window(board: Board, v: int) -> dict[str, Any]:
    visit = board.visits[v]
    longest = max((w.to - w.from_ for w in visit.windows), default=0)
    return {"minutes": _minutes(visit), "longest_window": longest}


def _far(board: Board, v: int) -> dict[str, Any]:
    """The shortest way there and back."""
    ways = [
        _way(board.problem, board.visits[v], s.profile, s.from_location, s.to_location)
        for s in board.shifts
    ]
    return {**_length(board, v), "travel": min(ways, default=0)}


def _way(problem: Problem, visit: Visit, profile: str, start: int, end: int) -> int:
    minutes = problem.profiles[profile].minutes
    return minutes[start][visit.location] + minutes[visit.location][end]


def _gap(board: Board, v: int) -> dict[str, Any]:
    """How many days apart, and the visits of the series that are planned too near."""
    close = {
        board.visits[o].id: board.base.days[board.shifts[board.where[o][0]].day]
        for day in {w.day for w in board.visits[v].windows}
        for o, days, gap in near(board, v, day) if days < gap
    }  # fmt: skip
    series = [board.visits[o].id for o in board.known.series.get(v, ())]
    return {"days": board.visits[v].min_gap_days, "visits": series,
            "other": sorted(set(close.values()))}  # fmt: skip


def _locked(board: Board, v: int) -> dict[str, Any]:
    related = board.known.partners.get(v, set()) | _related(board, v)
    return {"visits": sorted(board.visits[o].id for o in related)}


_DETAILS: Mapping[str, Callable[[Board, int], Mapping[str, Any]]] = {
    "no_cleared_staff": _clearance, "skill_gap": _skills, "kit_conflict": _kits,
    "needs_two": _people, "window_too_short": _window, "shift_too_short": _length,
    "capacity": _length, "too_far": _far, "gap_rule": _gap, "locked_conflict": _locked,
}  # fmt: skip
