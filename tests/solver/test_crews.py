"""Teams are legal, as many as can be, stable, and sparing of reserves."""

from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import CrewRule, Member, RoleLimit, form_crews, is_legal

APPOINTED, EMPLOYEE = "appointed_voter", "municipal_employee"
DANISH = CrewRule(2, None, (RoleLimit(APPOINTED, 1), RoleLimit(EMPLOYEE, 0, 1)))
PARTIES = CrewRule(2, 2, (RoleLimit("judge", 2),), ("party",), same_vehicle=True)


def people(count: int, role: str = APPOINTED, days: frozenset[int] = frozenset({0, 1, 2}),
           first: int = 0, **more: Any) -> list[Member]:  # fmt: skip
    return [Member(f"{role}{n:02d}", role, days=days, **more) for n in range(first, first + count)]


def most_teams(members: list[Member], rule: CrewRule) -> int:
    """By trying every team: the largest number of legal ones without anybody twice."""
    if not members:
        return 0
    first, rest = members[0], members[1:]
    best = most_teams(rest, rule)
    for size in range(max(1, rule.least), (rule.most or rule.size) + 1):
        for others in combinations(rest, size - 1):
            if is_legal((first, *others), rule):
                left = [one for one in rest if one not in others]
                best = max(best, 1 + most_teams(left, rule))
    return best


persons = st.builds(
    Member,
    id=st.uuids().map(str),
    role=st.sampled_from([APPOINTED, EMPLOYEE, "judge"]),
    attributes=st.sampled_from([{}, {"party": "a"}, {"party": "b"}, {"party": "c"}]),
    days=st.frozensets(st.integers(0, 1)),
    vehicle=st.sampled_from(["", "", "car", "bus"]),
    is_reserve=st.booleans(),
)
rules = st.builds(
    CrewRule,
    least=st.integers(1, 3),
    most=st.sampled_from([None, 2, 3]),
    roles=st.sampled_from([
        (RoleLimit(APPOINTED, 1), RoleLimit(EMPLOYEE, 0, 1)), (RoleLimit("judge", 2),),
        (RoleLimit(APPOINTED, 0, 1), RoleLimit("judge", 1), RoleLimit(EMPLOYEE, 0, 0)),
    ]),
    distinct=st.sampled_from([(), ("party",)]),
    same_vehicle=st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(persons, max_size=7, unique_by=lambda one: one.id), rules)
def test_there_are_as_many_legal_teams_as_can_be(members: list[Member], rule: CrewRule) -> None:
    """Against every way to do it, on small cases; nobody rides twice, or when away."""
    made = form_crews(members, {0: 9, 1: 9}, rule)
    by_id = {one.id: one for one in members}
    for day in (0, 1):
        crews = [crew for crew in made.crews if crew.day == day]
        there = [one for one in members if day in one.days]
        assert all(is_legal([by_id[id_] for id_ in crew.members], rule) for crew in crews)
        assert all(day in by_id[id_].days for crew in crews for id_ in crew.members)
        rode = Counter(id_ for crew in crews for id_ in crew.members)
        assert max(rode.values(), default=0) <= 1
        assert len(crews) == most_teams(there, rule)
        (short,) = [one for one in made.shortfalls if one.day == day]
        assert (short.asked, short.made) == (9, len(crews))


@settings(max_examples=30, deadline=None)
@given(st.lists(persons, max_size=12, unique_by=lambda one: one.id), rules)
def test_the_same_people_give_the_same_teams(members: list[Member], rule: CrewRule) -> None:
    """In whatever order they come."""
    asked = {0: 2, 1: 3}
    assert form_crews(members, asked, rule) == form_crews(members[::-1], asked, rule)


def test_partners_stay_together() -> None:
    """Nine teams of three days are nine pairs."""
    made = form_crews(people(44) + people(6, EMPLOYEE), {0: 9, 1: 9, 2: 9}, DANISH)
    assert len(made.crews) == 27
    assert made.shortfalls == ()
    assert len({crew.members for crew in made.crews}) == 9


def test_partners_change_only_where_somebody_is_away() -> None:
    """One of two pairs loses somebody on the second day."""
    away = people(1, days=frozenset({0}))
    rest = people(4, first=1)
    made = form_crews(away + rest, {0: 2, 1: 2}, DANISH)
    assert [len([c for c in made.crews if c.day == day]) for day in (0, 1)] == [2, 2]
    assert len({crew.members for crew in made.crews}) <= 3


def test_reserves_stay_at_home_while_they_can() -> None:
    """They ride only where nobody else is left."""
    reserves = people(4, first=50, is_reserve=True)
    enough = form_crews(people(4) + reserves, {0: 2}, DANISH)
    assert not {id_ for c in enough.crews for id_ in c.members} & {one.id for one in reserves}
    short = form_crews(people(4) + reserves, {0: 3}, DANISH)
    called = [id_ for c in short.crews for id_ in c.members if id_ in {o.id for o in reserves}]
    assert len(called) == 2


def test_a_team_never_has_more_of_a_role_than_the_law_allows() -> None:
    """Without a local decision no employee rides."""
    rule = CrewRule(2, None, (RoleLimit(APPOINTED, 1), RoleLimit(EMPLOYEE, 0, 0)))
    made = form_crews(people(2) + people(6, EMPLOYEE), {0: 3}, rule)
    assert [crew.members for crew in made.crews] == [(f"{APPOINTED}00", f"{APPOINTED}01")]


@pytest.mark.parametrize(
    ("members", "rule", "code", "name"),
    [
        pytest.param(people(3), DANISH, "people", "", id="people"),
        pytest.param(people(1) + people(9, EMPLOYEE), DANISH, "role", APPOINTED, id="role"),
        pytest.param(
            people(6, "judge", attributes={"party": "a"}), PARTIES, "distinct", "party",
            id="distinct",
        ),
        pytest.param(
            people(3, "judge", attributes={"party": "a"}, vehicle="car")
            + people(3, "judge", first=5, attributes={"party": "b"}, vehicle="bus"),
            PARTIES, "vehicle", "", id="vehicle",
        ),
        pytest.param(
            people(6), CrewRule(2, 1, (RoleLimit(APPOINTED, 1),)), "size", "", id="size",
        ),
        pytest.param(
            people(3) + people(5, EMPLOYEE),
            CrewRule(2, None, (RoleLimit(APPOINTED, 0), RoleLimit(EMPLOYEE, 0, 0))),
            "role_most", EMPLOYEE, id="role-most",
        ),
    ],
)  # fmt: skip
def test_it_says_which_rule_stands_in_the_way(
    members: list[Member], rule: CrewRule, code: str, name: str
) -> None:
    """By name, with how many there are and how many are needed."""
    (short,) = form_crews(members, {0: 3}, rule).shortfalls
    assert (short.code, short.name, short.asked) == (code, name, 3)
    assert f"{short.made} of 3 teams" in short.text
