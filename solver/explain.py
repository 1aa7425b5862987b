"""Why a visit was left out. Every reason is tested: with that rule lifted, the visit has a place.

First on an empty board, where only the rules themselves can be in the way; then on the plan as
it is, where the other visits can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from solver.places import Finder
from solver.plan import Explanation, Plan, Reason
from solver.problem import Problem, Shift, Visit, Window
from solver.state import State

_Lift = Callable[[Problem, Visit], Problem]


def explain(problem: Problem, plan: Plan) -> tuple[Explanation, ...]:
    """One explanation for each visit that the plan leaves out."""
    visits = {visit.id: visit for visit in problem.visits}
    return tuple(
        Explanation(one.visit, tuple(_reasons(problem, plan, visits[one.visit])))
        for one in plan.unserved
    )


def explanation_to_json(one: Explanation) -> dict[str, Any]:
    """The explanation as JSON-able data."""
    return {
        "visit": one.visit,
        "reasons": [{"code": r.code, "detail": dict(r.detail)} for r in one.reasons],
        "cures": [
            {"code": c.code, "patch": list(c.patch), "price": c.price, "verified": c.verified}
            for c in one.cures
        ],
    }


def _reasons(problem: Problem, plan: Plan, visit: Visit) -> Iterator[Reason]:
    if not _helps(problem, visit.id, None):
        found = [code for code, lift in _RULES if _helps(lift(problem, visit), visit.id, None)]
        for code in found or _all_in_the_way(problem, visit):
            yield Reason(code, _detail(problem, visit, code))
        return
    found = [code for code, lift in _CROWDED if _helps(lift(problem, visit), visit.id, plan)]
    for code in found or ["capacity"]:
        yield Reason(code, _detail(problem, visit, code))


def _helps(problem: Problem, visit_id: str, plan: Plan | None) -> bool:
    """Whether the visit has a place on the plan (or an empty board) of the changed problem."""
    board = State(problem)
    if plan is not None:
        board.load(plan)
    return Finder(board).any(board.known.number[visit_id]) is not None


def _all_in_the_way(problem: Problem, visit: Visit) -> list[str]:
    """Where no single rule is to blame: a smallest set that gives a place if all of it is lifted.

    A rule is left out of it wherever the others will do; hours are forgiven before people.
    """

    def helps(codes: list[str]) -> bool:
        changed = problem
        for code, lift in _RULES:
            if code in codes:
                changed = lift(changed, _of(changed, visit.id))
        return _helps(changed, visit.id, None)

    guilty = [code for code, _lift in _RULES]
    if not helps(guilty):
        return ["capacity"]
    for code, _lift in reversed(_RULES):
        others = [other for other in guilty if other != code]
        if helps(others):
            guilty = others
    return guilty


def _of(problem: Problem, visit_id: str) -> Visit:
    return next(visit for visit in problem.visits if visit.id == visit_id)


def _with(problem: Problem, visit: Visit) -> Problem:
    visits = tuple(visit if old.id == visit.id else old for old in problem.visits)
    return replace(problem, visits=visits)


def _no_clearance(problem: Problem, visit: Visit) -> Problem:
    return _with(problem, replace(visit, clearance=None))


def _no_skills(problem: Problem, visit: Visit) -> Problem:
    return _with(problem, replace(visit, skills=()))


def _no_kits(problem: Problem, visit: Visit) -> Problem:
    return _with(problem, replace(visit, kits=()))


def _one_person(problem: Problem, visit: Visit) -> Problem:
    return _with(problem, replace(visit, people=1, crews=1))


def _any_shift(problem: Problem, visit: Visit) -> Problem:
    return _with(problem, replace(visit, allowed_shifts=None, forbidden_shifts=()))


def _no_pin(problem: Problem, visit: Visit) -> Problem:
    return _with(problem, replace(visit, pin=None))


def _no_company(problem: Problem, visit: Visit) -> Problem:
    """Neither a pin nor another visit says where or when."""
    freed = tuple(
        replace(
            other,
            together_with=None if other.together_with == visit.id else other.together_with,
            after=tuple(one for one in other.after if one != visit.id),
        )
        for other in problem.visits
    )
    alone = replace(visit, pin=None, together_with=None, after=())
    return _with(replace(problem, visits=freed), alone)


def _no_gap(problem: Problem, visit: Visit) -> Problem:
    return _with(problem, replace(visit, series=None))


def _always_open(problem: Problem, visit: Visit) -> Problem:
    days = range(len(problem.days))
    return _with(problem, replace(visit, windows=tuple(Window(day, 0, 1440) for day in days)))


def _long_shifts(problem: Problem, _visit: Visit) -> Problem:
    def longer(shift: Shift) -> Shift:
        return replace(shift, start=0, end=1440 + 720, max_travel=None, max_visits=None)

    return replace(problem, shifts=tuple(longer(shift) for shift in problem.shifts))


def _not_too_late(problem: Problem, _visit: Visit) -> Problem:
    return replace(problem, frozen_until=None)


_RULES: tuple[tuple[str, _Lift], ...] = (
    ("no_cleared_staff", _no_clearance),
    ("skill_gap", _no_skills),
    ("kit_conflict", _no_kits),
    ("needs_two", _one_person),
    ("shift_not_allowed", _any_shift),
    ("locked_conflict", _no_pin),
    ("notice_too_late", _not_too_late),
    ("window_too_short", _always_open),
    ("shift_too_short", _long_shifts),
)
_CROWDED: tuple[tuple[str, _Lift], ...] = (
    ("gap_rule", _no_gap),
    ("kit_conflict", _no_kits),
    ("locked_conflict", _no_company),
    ("needs_two", _one_person),
)


def _detail(problem: Problem, visit: Visit, code: str) -> Mapping[str, Any]:
    """What the sentence about a reason needs."""
    length = visit.service_minutes + visit.setup_minutes
    longest = max((s.end + s.overtime - s.start for s in problem.shifts), default=0)
    by_length = {"minutes": length, "longest_shift": longest}
    details: dict[str, dict[str, Any]] = {
        "no_cleared_staff": {"clearance": visit.clearance},
        "skill_gap": {"skills": sorted(_missing_everywhere(problem, visit) or visit.skills)},
        "kit_conflict": {"kits": {kit: problem.kits.get(kit, 0) for kit in visit.kits}},
        "needs_two": {"people": visit.people, "crews": visit.crews},
        "window_too_short": {
            "minutes": length,
            "longest_window": max((w.to - w.from_ for w in visit.windows), default=0),
        },
        "shift_too_short": by_length,
        "capacity": by_length,
        "gap_rule": {"days": visit.min_gap_days, "visits": _series_of(problem, visit)},
    }
    return details.get(code, {})


def _missing_everywhere(problem: Problem, visit: Visit) -> set[str]:
    return set(visit.skills) - {skill for shift in problem.shifts for skill in shift.skills}


def _series_of(problem: Problem, visit: Visit) -> list[str]:
    return [o.id for o in problem.visits if o.series == visit.series and o.id != visit.id]
