"""The door to the solver for teams: who may ride together, and why there are not more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import solver
from outreach.rulesets.law import TeamRule
from outreach.voting.riders import Lack, Rider


def _rule(rule: TeamRule) -> solver.CrewRule:
    roles = tuple(solver.RoleLimit(one.role, one.min, one.max) for one in rule.roles)
    return solver.CrewRule(
        rule.size_min, rule.size_max, roles, tuple(rule.distinct), rule.same_vehicle
    )


def _member(rider: Rider) -> solver.Member:
    return solver.Member(rider.id, rider.role, rider.attributes, rider.days, "", rider.is_reserve)


def crews(
    rule: TeamRule, riders: Iterable[Rider], asked: Mapping[int, int], days: Sequence[date]
) -> tuple[list[tuple[int, int, tuple[str, ...]]], list[Lack]]:
    """Day, slot and members of each team; and what stands in the way of more."""
    made = solver.form_crews(map(_member, riders), asked, _rule(rule))
    lacks = [
        Lack(days[s.day], s.asked, s.made, s.code, s.name, s.has, s.needs) for s in made.shortfalls
    ]
    return [(crew.day, crew.slot, crew.members) for crew in made.crews], lacks


def is_legal(rule: TeamRule, riders: Iterable[Rider]) -> bool:
    """Whether these people make a legal team."""
    return solver.is_legal([_member(rider) for rider in riders], _rule(rule))
