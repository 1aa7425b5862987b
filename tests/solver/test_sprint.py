"""The fewest teams and the earliest finish, judged by the checker of every plan."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import Break, Budget, Pin, Problem, Profile, Shift, Visit, Window, check, sprint
from solver.sprint import least_days, least_teams

DAYS = ("2026-11-09", "2026-11-10", "2026-11-11")


def grid(count: int) -> Profile:
    """So many places in a row, five minutes apart."""
    minutes = tuple(tuple(5 * abs(a - b) for b in range(count)) for a in range(count))
    return Profile(minutes, minutes)


def town(lengths: list[int], teams: int, *, crews: int = 1, closes: int = 960) -> Problem:
    """A visit of each length, three days, and teams from eight to four."""
    shifts = tuple(
        Shift(f"V{t}-{d}", f"V{t}", d, 480, 960, break_=Break(30, 660, 840))
        for t in range(1, teams + 1) for d in range(len(DAYS))
    )  # fmt: skip
    visits = tuple(
        Visit(f"s{n}", n + 1, minutes, 25, crews=crews,
              windows=tuple(Window(d, 480, closes) for d in range(len(DAYS))))
        for n, minutes in enumerate(lengths)
    )  # fmt: skip
    return Problem(DAYS, {"car": grid(len(lengths) + 1)}, shifts, visits)


def test_two_teams_are_found_where_two_are_needed() -> None:
    """Six sessions of more than half a day do not fit one team in three days."""
    problem = town([235] * 6, teams=5)
    found = sprint(problem, "fewest", budget=Budget(3))
    assert (found.teams, found.bound, found.is_complete) == (2, 2, True)
    assert check(problem, found.plan).hard == ()
    assert {route.shift[:2] for route in found.plan.routes if route.stops} == {"V1", "V2"}


def test_what_can_never_be_done_asks_for_no_more_teams() -> None:
    """A session without a window is left out by one team as by five."""
    problem = town([60, 60], teams=5)
    hopeless = replace(problem, visits=(*problem.visits, Visit("no", 1, 60, windows=())))
    found = sprint(hopeless, "fewest", budget=Budget(2))
    assert found.teams == 1
    assert [one.visit for one in found.plan.unserved] == ["no"]
    assert not found.is_complete


def test_two_crews_need_two_teams() -> None:
    """However little there is to do."""
    found = sprint(town([30], teams=4, crews=2), "fewest", budget=Budget(1))
    assert (found.teams, found.bound) == (2, 2)


def test_a_locked_team_is_one_of_the_fewest() -> None:
    """The last letter stays where somebody locked a visit to it."""
    problem = town([60, 60], teams=4)
    first = replace(problem.visits[0], pin=Pin(team="V4"))
    locked = replace(problem, visits=(first, *problem.visits[1:]))
    found = sprint(locked, "fewest", budget=Budget(1))
    assert found.is_complete
    assert {r.shift[:2] for r in found.plan.routes if r.stops} == {"V4"}


def test_the_earliest_finish_uses_the_fewest_days_and_ends_soon() -> None:
    """Four short sessions for two teams: one day, over before noon."""
    problem = town([60, 60, 60, 60], teams=2)
    found = sprint(problem, "earliest", budget=Budget(4))
    assert (found.days, found.bound, found.is_complete) == (1, 1, True)
    assert check(problem, found.plan).hard == ()
    assert max(route.stops[-1].end for route in found.plan.routes if route.stops) <= 690


def test_nobody_at_all_leaves_everything_out() -> None:
    """No team is no error."""
    problem = replace(town([60], teams=1), shifts=())
    found = sprint(problem, "fewest", budget=Budget(1))
    assert len(found.plan.unserved) == 1


def test_told_to_stop_it_answers_with_what_it_has() -> None:
    """The first plan is there at once."""
    budget = Budget(60)
    found = sprint(town([100] * 8, teams=6), "fewest", budget=budget,
                   tell=lambda _progress: setattr(budget, "told", True))  # fmt: skip
    assert check(town([100] * 8, teams=6), found.plan).hard == ()


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.integers(20, 200), min_size=1, max_size=9),
    st.integers(1, 4),
    st.sampled_from(["fewest", "earliest"]),
)
def test_no_answer_beats_its_bound_or_breaks_a_rule(
    lengths: list[int], teams: int, aim: str
) -> None:
    """On random small sprints."""
    problem = town(lengths, teams)
    found = sprint(problem, aim, budget=Budget(0.4))  # type: ignore[arg-type]
    assert check(problem, found.plan).hard == ()
    if found.is_complete:
        count, bound = (
            (found.teams, least_teams(problem, [f"V{n}" for n in range(1, teams + 1)]))
            if aim == "fewest"
            else (found.days, least_days(problem, range(3)))
        )
        assert count >= bound


@pytest.mark.parametrize(("lengths", "least"), [([30], 1), ([415] * 3, 1), ([415] * 4, 2)])
def test_the_bound_counts_hours(lengths: list[int], least: int) -> None:
    """A team has three days of seven and a half hours."""
    assert least_teams(town(lengths, 4), ["V1", "V2", "V3", "V4"]) == least
