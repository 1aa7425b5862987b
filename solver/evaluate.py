"""Times for a given sequence of visits. Never refuses: what breaks is for ``check`` to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from solver.agree import Agreement, Timetable
from solver.cost import cost_of
from solver.plan import Plan, Unserved
from solver.problem import BadProblem, Problem, Visit
from solver.wire import problem_sha256

Sequences = Iterable[tuple[str, Sequence[str]]]


def evaluate(
    problem: Problem, routes: Sequences, *, engine: str = "hand", is_named: bool = True
) -> Plan:
    """Earliest times for a hand-made plan: which visits, in which order, on which shift.

    The plan names the problem only if ``is_named``: the name is worked out from all of it, which
    takes longer than the times do.

    Raises:
        BadProblem: a shift or visit is not known.
    """
    order = _known(problem, {shift: tuple(visits) for shift, visits in routes if visits})
    name = problem_sha256(problem) if is_named else ""
    return _plan(name, problem, Agreement(problem).timetable(order), engine)


def _known(problem: Problem, wanted: Mapping[str, Sequence[str]]) -> dict[str, tuple[Visit, ...]]:
    shifts = {shift.id for shift in problem.shifts}
    visits = {visit.id: visit for visit in problem.visits}
    for shift_id, ids in wanted.items():
        if shift_id not in shifts:
            raise BadProblem(f"routes: the shift {shift_id!r} is not known")
        for visit_id in ids:
            if visit_id not in visits:
                raise BadProblem(f"routes: the visit {visit_id!r} is not known")
    return {shift: tuple(visits[v] for v in ids) for shift, ids in wanted.items()}


def plan_of(problem: Problem, table: Timetable, *, engine: str) -> Plan:
    """The plan that a timetable of all used shifts makes."""
    return _plan(problem_sha256(problem), problem, table, engine)


def _plan(name: str, problem: Problem, table: Timetable, engine: str) -> Plan:
    made = {shift: route.made() for shift, route in table.routes.items() if route.visits}
    in_order = tuple(made[shift.id] for shift in problem.shifts if shift.id in made)
    served = {stop.visit for route in in_order for stop in route.stops}
    left_out = tuple(Unserved(v.id) for v in problem.visits if v.id not in served)
    plan = Plan(name, in_order, left_out, {}, engine)
    return Plan(name, in_order, left_out, cost_of(problem, plan), engine)
