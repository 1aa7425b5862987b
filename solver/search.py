"""The door to the engine: what ``solve`` promises.

The engine itself is imported when it is needed: it loads the compiled core.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

from solver.plan import Plan
from solver.problem import Problem
from solver.stop import Stop

Engine = Literal["auto", "ortools"]
FALLBACK = "ortools routing, numba not loaded"
"""The name of the engine in a plan of ``auto`` where the compiled core cannot be had."""


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


class Wishes(TypedDict, total=False):
    """What may be said to ``solve`` beside the problem and when to stop.

    Attributes:
        seed: the same seed and number of iterations give the same plan; 0 if nothing is said.
        start: an earlier plan to go on from; the baseline if there is none.
        workers: searches side by side, each with a seed of its own; one if nothing is said.
        progress: told of each better plan.
        engine: ``ortools`` is OR-Tools routing alone, without seed and workers; ``auto`` is the
            compiled core, or where numba cannot be loaded OR-Tools routing too, which the plan
            then says (``FALLBACK``).
    """

    seed: int
    start: Plan | None
    workers: int
    progress: Callable[[Progress], None] | None
    engine: Engine


def solve(problem: Problem, *, stop: Stop, **wishes: Unpack[Wishes]) -> Plan:
    """The best plan found before ``stop``; it never breaks a hard rule.

    A visit is left out only if no single insertion could place it. A start that breaks no rule is
    never made worse.

    Args:
        problem: the week.
        stop: when to end; it is asked some fifty times a second.
        wishes: see there.

    Raises:
        EngineFault: the plan breaks a rule, which is an error of the engine.
    """
    seed, engine = wishes.get("seed", 0), wishes.get("engine", "auto")
    start, progress = wishes.get("start") or problem.baseline, wishes.get("progress")
    if engine == "ortools" or not _is_compiled():
        from solver.routing import ENGINE, Routed  # noqa: PLC0415 - loads OR-Tools

        routed = Routed(problem, start, ENGINE if engine == "ortools" else FALLBACK)
        routed.search(stop, progress)
        return routed.plan(seed)
    from solver.engine import Run  # noqa: PLC0415 - loads the compiled core

    run = Run(problem, seed, start, max(1, wishes.get("workers", 1)))
    run.search(stop, progress)
    return run.plan()


def _is_compiled() -> bool:
    """Whether numba can be loaded; without it the core would be too slow to be of use."""
    from solver.core import jit  # noqa: PLC0415 - loads numba

    return jit.numba is not None
