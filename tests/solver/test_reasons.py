"""A reason is true if the visit has a place once that rule, and nothing else, is out of the way.

The changes here are made on the other side than the solver makes them, where there is one: the
teams are given what they lack. Places are looked for by trying all, with times from ``evaluate``
and the verdict of ``check``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from solver import Iterations, Plan, Problem, Visit, Window, explain, solve
from tests.solver.fuzz import fits, named, random_problem, tiny_problem

Change = Callable[[Problem, Visit], Problem]
NOTHING = Plan("", (), (), {})


def shifts(case: Problem, **fields: object) -> Problem:
    return replace(case, shifts=tuple(replace(s, **fields) for s in case.shifts))  # type: ignore[arg-type]


def visit(case: Problem, one: Visit, **fields: object) -> Problem:
    new = replace(one, **fields)  # type: ignore[arg-type]
    return replace(case, visits=tuple(new if v.id == one.id else v for v in case.visits))


def cleared(case: Problem, one: Visit) -> Problem:
    return shifts(case, clearances=("S1",))


def skilled(case: Problem, one: Visit) -> Problem:
    return shifts(case, skills=("a", "b"))


def equipped(case: Problem, one: Visit) -> Problem:
    return shifts(replace(case, kits={"K1": 9, "K2": 9}), kit_slots=None)


def few(case: Problem, one: Visit) -> Problem:
    return visit(case, one, people=0, crews=1)


def welcome(case: Problem, one: Visit) -> Problem:
    return visit(case, one, allowed_shifts=None, forbidden_shifts=())


def unlocked(case: Problem, one: Visit) -> Problem:
    freed = tuple(
        replace(v, together_with=None, after=()) if one.id in {v.together_with, *v.after} else v
        for v in case.visits
    )
    return visit(replace(case, visits=freed), one, pin=None, together_with=None, after=(), lag=None)


def in_time(case: Problem, one: Visit) -> Problem:
    return replace(case, frozen_until=None)


def open_always(case: Problem, one: Visit) -> Problem:
    return visit(case, one, windows=tuple(Window(day, 0, 1440) for day in range(3)))


def tireless(case: Problem, one: Visit) -> Problem:
    return shifts(case, start=0, end=2160, max_travel=None, max_visits=None, max_duration=None)


def next_door(case: Problem, one: Visit) -> Problem:
    return shifts(case, from_location=one.location, to_location=one.location, max_travel=None)


def alone(case: Problem, one: Visit) -> Problem:
    return visit(case, one, series=None)


ON_AN_EMPTY_BOARD: dict[str, Change] = {
    "no_cleared_staff": cleared, "skill_gap": skilled, "kit_conflict": equipped,
    "needs_two": few, "shift_not_allowed": welcome, "locked_conflict": unlocked,
    "notice_too_late": in_time, "window_too_short": open_always, "shift_too_short": tireless,
}  # fmt: skip
BESIDE_OTHERS: dict[str, Change] = {
    "gap_rule": alone, "kit_conflict": equipped, "locked_conflict": unlocked, "needs_two": few,
}  # fmt: skip


def unserved(
    seeds: range, make: Callable[[int], Problem]
) -> Iterator[tuple[int, Problem, Plan, Visit, tuple[str, ...]]]:
    for seed in seeds:
        case = make(seed)
        plan = solve(case, stop=Iterations(4), seed=seed)
        visits = {one.id: one for one in case.visits}
        told = explain(case, plan)
        assert [one.visit for one in told] == [one.visit for one in plan.unserved]
        for one in told:
            yield seed, case, plan, visits[one.visit], tuple(reason.code for reason in one.reasons)


def helping(case: Problem, plan: Plan, one: Visit, table: dict[str, Change]) -> set[str]:
    return {code for code, change in table.items() if fits(change(case, one), plan, one.id)}


def by_the_way(case: Problem, one: Visit, found: set[str]) -> set[str]:
    """A shift that is too short because of the way there is called too far."""
    if "shift_too_short" in found and fits(next_door(case, one), NOTHING, one.id):
        return found - {"shift_too_short"} | {"too_far"}
    return found


def with_all(case: Problem, one: Visit, codes: tuple[str, ...]) -> Problem:
    for code in codes:
        now = next(v for v in case.visits if v.id == one.id)
        case = ON_AN_EMPTY_BOARD[code](case, now)
    return case


BATCHES = [
    *((tiny_problem, range(at, at + 200)) for at in range(0, 800, 200)),
    *((random_problem, range(at, at + 40)) for at in range(0, 200, 40)),
]  # fmt: skip


@pytest.mark.parametrize(("make", "seeds"), BATCHES, ids=named)
def test_every_reason_is_true_and_none_is_kept_back(
    make: Callable[[int], Problem], seeds: range
) -> None:
    for seed, case, plan, one, codes in unserved(seeds, make):
        empty = replace(case, baseline=None)
        where = f"seed {seed} {one.id} {codes}"
        if fits(empty, NOTHING, one.id):
            found = helping(case, plan, one, BESIDE_OTHERS)
            assert set(codes) == (found or {"capacity"}), where
        elif found := helping(empty, NOTHING, one, ON_AN_EMPTY_BOARD):
            assert set(codes) == by_the_way(empty, one, found), where
        elif codes == ("capacity",):
            assert not fits(with_all(empty, one, tuple(ON_AN_EMPTY_BOARD)), NOTHING, one.id)
        else:
            assert fits(with_all(empty, one, codes), NOTHING, one.id), where
            for kept in codes:
                rest = tuple(code for code in codes if code != kept)
                assert not fits(with_all(empty, one, rest), NOTHING, one.id), where
