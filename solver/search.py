"""The door to the engine: what ``solve`` promises.

The engine itself is imported when it is needed: it loads the compiled core.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from solver.plan import Plan
from solver.problem import Problem
from solver.stop import Stop


class EngineFault(RuntimeError):
    """The engine's own plan breaks a hard rule; such a plan is never given out."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How the search stands.

    Attributes:
        best: the search's own cost of the best plan so far.
        plan: that plan, times included; worked out only when asked for.
    """

    iterations: int
    best: float
    unserved: int
    plan: Callable[[], Plan]


def solve(
    problem: Problem,
    *,
    stop: Stop,
    seed: int = 0,
    start: Plan | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """The best plan found before ``stop``; it never breaks a hard rule.

    A visit is left out only if no single insertion could place it. A start that breaks no rule is
    never made worse.

    Args:
        problem: the week.
        stop: when to end; it is asked some fifty times a second.
        seed: the same seed and number of iterations give the same plan.
        start: an earlier plan to go on from; the baseline if there is none.
        workers: searches side by side, each with a seed of its own.
        progress: told of each better plan.

    Raises:
        EngineFault: the plan breaks a rule, which is an error of the engine.
    """
    from solver.engine import Run  # noqa: PLC0415 - loads the compiled core

    run = Run(problem, seed, start or problem.baseline, max(1, workers))
    run.search(stop, progress)
    return run.plan()
