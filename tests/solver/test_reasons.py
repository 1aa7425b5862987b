"""A reason is true if the visit has a place once that rule, and nothing else, is out of the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from solver import Break, Iterations, Problem, explain, solve
from tests.solver.cases import problem, shift, timed, visit
from tests.solver.fuzz import named, random_problem, tiny_problem
from tests.solver.truth import judge_reasons

BATCHES = [
    *((tiny_problem, range(at, at + 200)) for at in range(0, 800, 200)),
    *((random_problem, range(at, at + 40)) for at in range(0, 200, 40)),
]  # fmt: skip


@pytest.mark.parametrize(("make", "seeds"), BATCHES, ids=named)
def test_every_reason_is_true_and_none_is_kept_back(
    make: Callable[[int], Problem], seeds: range
) -> None:
    for seed in seeds:
        case = make(seed)
        plan = solve(case, stop=Iterations(4), seed=seed)
        told = explain(case, plan)
        assert [one.visit for one in told] == [one.visit for one in plan.unserved]
        for one in told:
            judge_reasons(case, plan, one)


@pytest.mark.parametrize(("end", "rest"), [(900, Break(30, 600, 660)), (780, None)],
                         ids=["break", "length"])  # fmt: skip
def test_a_reason_says_where_the_break_alone_is_in_the_way(end: int, rest: Break | None) -> None:
    case = problem(shift(end=end, break_=rest), visit(service_minutes=300))
    (one,) = explain(case, timed(case))
    (reason,) = one.reasons
    assert reason.code in {"shift_too_short", "too_far"}
    assert ("rest" in reason.detail) == (rest is not None)
