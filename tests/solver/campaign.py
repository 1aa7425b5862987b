"""Whether explanations are true on as many random problems as one likes.

``python -m tests.solver.campaign 1000`` tries the first thousand seeds of each kind of problem;
``python -m tests.solver.campaign 1000 5000`` those from 5000 on. It prints what is not so.
"""

from __future__ import annotations

import sys

from solver import Iterations, solve
from tests.solver.fuzz import full_problem, knotted_problem, random_problem, tiny_problem
from tests.solver.truth import judge

KINDS = (tiny_problem, random_problem, full_problem, knotted_problem)


def main() -> int:
    """Try them; the number of problems with something untrue, at most one hundred."""
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    wrong = 0
    for seed in range(first, first + int(sys.argv[1])):
        for make in KINDS:
            case = make(seed)
            plan = solve(case, stop=Iterations(3), seed=seed)
            try:
                judge(case, plan)
            except AssertionError as fault:
                wrong += 1
                text = str(fault).splitlines() or ["?"]
                where = fault.__traceback__
                while where is not None and where.tb_next is not None:
                    where = where.tb_next
                line = where.tb_lineno if where is not None else 0
                sys.stdout.write(f"{make.__name__} {seed} line {line}: {text[0][:150]}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{wrong} problems with something untrue\n")
    return min(wrong, 100)


if __name__ == "__main__":
    sys.exit(main())
