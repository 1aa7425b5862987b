"""Whether explanations are true on as many random problems as one likes.

``python -m tests.solver.campaign 1000`` tries the first thousand seeds of each kind of problem;
``python -m tests.solver.campaign 1000 5000`` those from 5000 on. It prints what is not so. What has
begun and breaks a rule already has no plan; such a problem is passed over.
"""

from __future__ import annotations

import sys

from solver import Iterations, Problem, check, solve
from solver.search import EngineFault
from tests.solver.fuzz import full_problem, knotted_problem, random_problem, tiny_problem
from tests.solver.truth import judge

KINDS = (tiny_problem, random_problem, full_problem, knotted_problem)


def main() -> int:
    """Try them; the number of problems with something untrue, at most one hundred."""
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    wrong = 0
    for seed in range(first, first + int(sys.argv[1])):
        for make in KINDS:
            said = _untrue(make(seed), seed)
            if said:
                wrong += 1
                sys.stdout.write(f"{make.__name__} {seed} {said}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{wrong} problems with something untrue\n")
    return min(wrong, 100)


def _untrue(case: Problem, seed: int) -> str:
    """What is not so of one problem; nothing where all is well."""
    try:
        plan = solve(case, stop=Iterations(3), seed=seed)
    except EngineFault as fault:
        was = case.baseline if case.frozen_until is not None else None
        return "" if was is not None and check(case, was).hard else str(fault)
    try:
        judge(case, plan)
    except AssertionError as fault:
        where = fault.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        line = where.tb_lineno if where is not None else 0
        text = str(fault).splitlines() or ["?"]
        return f"line {line}: {text[0][:150]}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
