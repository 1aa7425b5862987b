"""Shifts from several depots: the nearest one is opened, and of equal ones any."""

from __future__ import annotations

from solver import Iterations, Problem, solve
from tests.solver.cases import problem, shift, visit


def two_depots() -> Problem:
    """Five shifts from a depot far away, then five from one beside the only visit."""
    teams = [
        shift(f"{depot}{n}", from_location=depot, to_location=depot)
        for depot in (0, 7) for n in range(5)
    ]  # fmt: skip
    return problem(*teams, visit("V1", 6))


def test_a_route_is_opened_from_the_nearest_depot_and_from_any_of_its_shifts() -> None:
    opened = set()
    for seed in range(40):
        plan = solve(two_depots(), stop=Iterations(0), seed=seed)
        opened |= {route.shift for route in plan.routes}
        assert plan.cost["travel_minutes"] == 20, seed
    assert opened <= {f"7{n}-0" for n in range(5)}
    assert len(opened) > 1
