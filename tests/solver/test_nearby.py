"""Which visits are looked at when a place is sought."""

from __future__ import annotations

from dataclasses import replace

from solver import Problem, Visit, Window, generate
from solver.core.arrays import Arrays


def with_windows(*hours: tuple[int, int, int]) -> Problem:
    """A week whose visits take half an hour, each within one window: day, from, to."""
    week = generate(len(hours), seed=1, teams=2)
    visits = tuple(
        Visit(f"V{n}", n + 1, service_minutes=30, windows=(Window(day, a, b),))
        for n, (day, a, b) in enumerate(hours)
    )
    return replace(week, visits=visits)


def beside(problem: Problem, v: int) -> list[int]:
    """The candidates of a visit."""
    return [int(x) for x in Arrays(problem).world.candidate[v] if x >= 0]


def test_a_visit_of_another_day_is_no_neighbour() -> None:
    week = with_windows((0, 480, 960), (1, 480, 960), (0, 480, 960))
    assert beside(week, 0) == [2]


def test_two_visits_at_the_same_time_are_no_neighbours() -> None:
    week = with_windows((0, 540, 570), (0, 540, 570), (0, 720, 960))
    assert beside(week, 0) == [2]
    assert set(beside(week, 2)) == {0, 1}


def test_what_has_to_be_waited_for_comes_behind_what_follows_at_once() -> None:
    week = with_windows((0, 480, 510), (0, 900, 930), (0, 540, 600))
    assert beside(week, 0) == [2, 1]
