"""Whether what ``explain``, ``best_slots`` and ``why_here`` say is so: judged by trying everything.

Nothing of ``solver.explain`` is used but its answers, ``apply_cure`` and ``insert``. Places are
looked for with times from ``evaluate`` and the verdict of ``check``. The rules are lifted on the
other side than the solver lifts them, where there is one: the teams are given what they lack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from solver import (
    Explanation,
    Lag,
    Plan,
    Problem,
    Shift,
    Slot,
    Visit,
    Window,
    apply_cure,
    best_slots,
    check,
    evaluate,
    explain,
    insert,
    why_here,
)
from solver.explain import MOST_CURES
from tests.solver.fuzz import fits, sequences, sound_insertions

Change = Callable[[Problem, Visit], Problem]
Fields = Callable[[Shift, Visit], dict[str, object]]
NOTHING = Plan("", (), (), {})
_DAY, _LONG = 1440, 2160
_WIDER = 120


def by_id(case: Problem, visit_id: str) -> Visit:
    """A visit by its id."""
    return next(visit for visit in case.visits if visit.id == visit_id)


def shifts(case: Problem, **fields: object) -> Problem:
    """The problem with other shifts."""
    return replace(case, shifts=tuple(replace(s, **fields) for s in case.shifts))  # type: ignore[arg-type]


def visit(case: Problem, one: Visit, **fields: object) -> Problem:
    """The problem with another visit."""
    new = replace(one, **fields)  # type: ignore[arg-type]
    return replace(case, visits=tuple(new if v.id == one.id else v for v in case.visits))


# Rules out of the way


def cleared(case: Problem, one: Visit) -> Problem:
    """All teams are cleared."""
    return shifts(case, clearances=("S1",))


def skilled(case: Problem, one: Visit) -> Problem:
    """All teams know everything."""
    return shifts(case, skills=("a", "b"))


def equipped(case: Problem, one: Visit) -> Problem:
    """There are kits for all."""
    return shifts(replace(case, kits={"K1": 9, "K2": 9}), kit_slots=None)


def few(case: Problem, one: Visit) -> Problem:
    """Anybody will do, alone."""
    return visit(case, one, people=0, crews=1)


def welcome(case: Problem, one: Visit) -> Problem:
    """No team is kept away."""
    return visit(case, one, allowed_shifts=None, forbidden_shifts=())


def unlocked(case: Problem, one: Visit) -> Problem:
    """Neither a pin nor another visit says where or when."""
    freed = tuple(_without(v, one.id) for v in case.visits)
    return visit(replace(case, visits=freed), one, pin=None, together_with=None, after=(), lag=None)


def _without(v: Visit, other: str) -> Visit:
    return replace(
        v, together_with=None if v.together_with == other else v.together_with,
        after=tuple(name for name in v.after if name != other),
        lag=None if _leads(v.lag, other) else v.lag,
    )  # fmt: skip


def _leads(lag: Lag | None, other: str) -> bool:
    return lag is not None and lag.visit == other


def in_time(case: Problem, one: Visit) -> Problem:
    """Nothing has begun."""
    return replace(case, frozen_until=None)


def open_always(case: Problem, one: Visit) -> Problem:
    """The site takes visits at any time."""
    return visit(case, one, windows=tuple(Window(day, 0, _DAY) for day in range(3)))


def tireless(case: Problem, one: Visit) -> Problem:
    """Shifts have no limits."""
    return shifts(
        case, start=0, end=_LONG, max_travel=None, max_visits=None, max_duration=None, capacity=None
    )


def next_door(case: Problem, one: Visit) -> Problem:
    """Every base is at the site."""
    return shifts(case, from_location=one.location, to_location=one.location, max_travel=None)


def alone(case: Problem, one: Visit) -> Problem:
    """The visit is of no series."""
    return visit(case, one, series=None)


ON_AN_EMPTY_BOARD: dict[str, Change] = {
    "no_cleared_staff": cleared, "skill_gap": skilled, "kit_conflict": equipped,
    "needs_two": few, "shift_not_allowed": welcome, "locked_conflict": unlocked,
    "notice_too_late": in_time, "window_too_short": open_always, "shift_too_short": tireless,
}  # fmt: skip
BESIDE_OTHERS: dict[str, Change] = {
    "gap_rule": alone, "kit_conflict": equipped, "locked_conflict": unlocked, "needs_two": few,
}  # fmt: skip


# Reasons


def judge_reasons(case: Problem, plan: Plan, told: Explanation) -> None:
    """Every reason is true and none is kept back."""
    one, codes = by_id(case, told.visit), tuple(reason.code for reason in told.reasons)
    empty = replace(case, baseline=None)
    if not codes:
        assert fits(case, plan, one.id)
    elif fits(empty, NOTHING, one.id):
        assert not fits(case, plan, one.id)
        assert set(codes) == (_helping(case, plan, one, BESIDE_OTHERS) or {"capacity"})
    elif found := _helping(empty, NOTHING, one, ON_AN_EMPTY_BOARD):
        assert set(codes) == _by_the_way(empty, one, found)
    elif codes == ("capacity",):
        assert not fits(_with_all(empty, one, ON_AN_EMPTY_BOARD), NOTHING, one.id)
    else:
        assert fits(_with_all(empty, one, codes), NOTHING, one.id)
        for kept in codes:
            rest = (code for code in codes if code != kept)
            assert not fits(_with_all(empty, one, rest), NOTHING, one.id), kept


def _helping(case: Problem, plan: Plan, one: Visit, table: dict[str, Change]) -> set[str]:
    return {code for code, change in table.items() if fits(change(case, one), plan, one.id)}


def _by_the_way(case: Problem, one: Visit, found: set[str]) -> set[str]:
    """A shift that is too short because of the way there is called too far."""
    if "shift_too_short" in found and fits(next_door(case, one), NOTHING, one.id):
        return found - {"shift_too_short"} | {"too_far"}
    return found


def _with_all(case: Problem, one: Visit, codes: Iterable[str]) -> Problem:
    for code in codes:
        case = ON_AN_EMPTY_BOARD[code](case, by_id(case, one.id))
    return case


# Cures


def judge_cures(case: Problem, plan: Plan, told: Explanation) -> None:
    """Each cure plans the visit at its price and breaks nothing; two only where one will not do."""
    assert len({len(cure.code.split("+")) for cure in told.cures}) <= 1
    assert len({cure.code for cure in told.cures}) == len(told.cures)
    assert [cure.price for cure in told.cures] == sorted(cure.price for cure in told.cures)
    skip = by_id(case, told.visit).skip_cost
    for cure in told.cures:
        cured = apply_cure(case, cure)
        made = insert(cured, plan, told.visit)
        assert made is not None, cure
        assert [f.text for f in check(cured, made).hard] == [], cure
        rise = made.cost["total"] - plan.cost["total"] + skip
        assert rise == pytest.approx(cure.price, abs=1e-6), cure
        assert told.visit not in {left.visit for left in made.unserved}
    if any("+" in cure.code for cure in told.cures):
        assert list(_alone(case, plan, told)) == []


def judge_silence(case: Problem, plan: Plan, told: Explanation) -> None:
    """Where no cure is named there is none of those that can be tried everywhere at once."""
    assert told.cures or list(_alone(case, plan, told)) == []


def _alone(case: Problem, plan: Plan, told: Explanation) -> Iterator[str]:
    """Kinds of single change that would help: of the visit, or of the shifts that serve it."""
    one = by_id(case, told.visit)
    for code, change in OF_VISIT.items():
        if fits(change(case, one), plan, one.id):
            yield code
    for code, fields in OF_SHIFT.items():
        for able in combinations(case.shifts, one.crews):
            if fits(_on(case, one, able, fields), plan, one.id):
                yield f"{code} {[shift.id for shift in able]}"


def _on(case: Problem, one: Visit, able: tuple[Shift, ...], fields: Fields) -> Problem:
    """The problem with these shifts changed, and the visit on no other."""
    new = tuple(
        replace(s, **fields(s, one)) if s in able else s  # type: ignore[arg-type]
        for s in case.shifts
    )  # fmt: skip
    barred = (s.id for s in case.shifts if s not in able)
    made = replace(case, shifts=new)
    return visit(made, one, forbidden_shifts=(*one.forbidden_shifts, *barred))


def _wider(case: Problem, one: Visit) -> Problem:
    windows = (Window(w.day, max(0, w.from_ - _WIDER), w.to + _WIDER) for w in one.windows)
    return visit(case, one, windows=tuple(windows))


def _shorter(case: Problem, one: Visit) -> Problem:
    cut = one.service_minutes // 2 // 5 * 5
    return visit(case, one, service_minutes=one.service_minutes - cut)


def _apart(case: Problem, one: Visit) -> Problem:
    freed = tuple(
        replace(v, together_with=None) if v.together_with == one.id else v for v in case.visits
    )
    return visit(replace(case, visits=freed), one, together_with=None)


OF_VISIT: dict[str, Change] = {
    "window": _wider, "shorter": _shorter, "allow": welcome, "together": _apart, "gap": alone,
    "unlock": lambda case, one: visit(case, one, pin=None),
    "kit": lambda case, _one: replace(case, kits={"K1": 9, "K2": 9}),
}  # fmt: skip
OF_SHIFT: dict[str, Fields] = {
    "overtime": lambda shift, _one: {"overtime": shift.overtime + _WIDER},
    "earlier": lambda shift, _one: {"start": max(0, shift.start - _WIDER)},
    "skill": lambda _shift, _one: {"skills": ("a", "b")},
    "person": lambda shift, one: {"people": max(shift.people, one.people)},
    "clearance": lambda _shift, _one: {"clearances": ("S1",)},
    "travel": lambda _shift, _one: {"max_travel": None},
    "duration": lambda _shift, _one: {"max_duration": None},
    "visits": lambda _shift, _one: {"max_visits": None},
    "slots": lambda _shift, _one: {"kit_slots": None},
}  # fmt: skip


def judge_yielding(case: Problem, plan: Plan, told: Explanation) -> None:
    """Where no visit is said to yield, none could."""
    codes = "+".join(cure.code for cure in told.cures)
    mine = by_id(case, told.visit)
    if "displace" in codes or len(told.cures) in (0, MOST_CURES) or mine.crews > 1:
        return
    for other in case.visits:
        if other.priority > mine.priority and other.pin is None:
            assert not _could_yield(case, plan, other.id, told.visit), other.id


def _could_yield(case: Problem, plan: Plan, other: str, visit_id: str) -> bool:
    """Whether one visit could stand in a round of another in its stead."""
    rounds = {s: [v for v in ids if v != other] for s, ids in sequences(plan).items()}
    if rounds == sequences(plan):
        return False
    without = evaluate(case, rounds.items())
    touched = {s for s, ids in sequences(plan).items() if other in ids}
    barred = tuple(s.id for s in case.shifts if s.id not in touched)
    one = by_id(case, visit_id)
    case = visit(case, one, forbidden_shifts=(*one.forbidden_shifts, *barred))
    return not check(case, without).hard and fits(case, without, visit_id)


# Places


def judge_slots(case: Problem, plan: Plan, visit_id: str) -> None:
    """Every slot costs what it promised, and nothing is cheaper than the first."""
    slots, one = best_slots(case, plan, visit_id), by_id(case, visit_id)
    is_left = visit_id in {left.visit for left in plan.unserved}
    for slot in slots:
        judge_slot(case, plan, slot, one.skip_cost if is_left else 0)
    assert [s.price for s in slots] == sorted(s.price for s in slots)
    rounds = {s: [v for v in ids if v != visit_id] for s, ids in sequences(plan).items()}
    without = evaluate(case, rounds.items())
    if check(case, without).hard:
        return
    totals = [made.cost["total"] for made in sound_insertions(case, without, visit_id)]
    least = min(totals, default=None)
    if slots and least is not None:
        skip = one.skip_cost if is_left else 0
        assert plan.cost["total"] - skip + slots[0].price <= least + 1e-6


def judge_slot(case: Problem, plan: Plan, slot: Slot, skip: float) -> None:
    """A slot costs what it promised and breaks nothing."""
    made = insert(case, plan, slot.visit, slot)
    assert made is not None, slot
    assert check(case, made).hard == (), slot
    rise = made.cost["total"] - plan.cost["total"] + skip
    assert rise == pytest.approx(slot.price, abs=1e-6), slot
    starts = {s.start for r in made.routes for s in r.stops if s.visit == slot.visit}
    assert starts == {slot.start}, slot


def judge_here(case: Problem, plan: Plan, visit_id: str) -> None:
    """What other places would cost is so; each is another day, team or time."""
    here = why_here(case, plan, visit_id)
    at = {s.id: s for s in case.shifts}
    mine = {r.shift for r in plan.routes if any(s.visit == visit_id for s in r.stops)}
    days = {at[shift].day for shift in mine}
    for name, slot in (("day", here.day), ("team", here.team), ("time", here.time)):
        if slot is None:
            continue
        judge_slot(case, plan, slot, 0)
        there = {spot.shift for spot in slot.spots}
        same_day = {at[shift].day for shift in there} == days
        assert (name == "day") != same_day, slot
        assert (name == "time") == (there == mine), slot


def judge(case: Problem, plan: Plan) -> None:
    """All of it."""
    told = explain(case, plan)
    assert [one.visit for one in told] == [one.visit for one in plan.unserved]
    for one in told:
        judge_reasons(case, plan, one)
        judge_cures(case, plan, one)
        judge_silence(case, plan, one)
        judge_yielding(case, plan, one)
        judge_slots(case, plan, one.visit)
    for visit_id in dict.fromkeys(stop.visit for r in plan.routes for stop in r.stops):
        judge_slots(case, plan, visit_id)
        judge_here(case, plan, visit_id)
