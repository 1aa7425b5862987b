"""Who goes out together: as many legal teams a day as are asked for.

People who are alike in everything that matters (role, attributes, days, vehicle, reserve) form a
group, and a team is first of all a pattern: so many of each group. CP-SAT chooses how often each
pattern goes out on each day, in this order: as many teams as asked, as few reserves, as few
different teams (partners stay together), and the load spread over the groups. Names are filled
in afterwards; the same input gives the same teams.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations_with_replacement
from math import lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

_EFFORT = 8.0
"""Deterministic seconds for each of the aims."""
_MOST_SHARES = 5040

_Pattern = tuple[int, ...]
"""Numbers of groups, one for each member, in order."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can ride in a team.

    Attributes:
        attributes: what a rule may want distinct.
        days: numbers of the days on which the person can come.
        vehicle: in which the person must ride; empty: in any.
        is_reserve: only taken where nobody else can.
    """

    id: str
    role: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    days: frozenset[int] = frozenset()
    vehicle: str = ""
    is_reserve: bool = False


@dataclass(frozen=True, slots=True)
class RoleLimit:
    """So many of a team have the role; ``most`` None: any number."""

    role: str
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class CrewRule:
    """What makes a team legal. A role without a limit may not ride at all.

    Attributes:
        distinct: attributes in which all differ; who has none cannot ride.
        same_vehicle: all ride in one.
    """

    least: int
    most: int | None
    roles: tuple[RoleLimit, ...]
    distinct: tuple[str, ...] = ()
    same_vehicle: bool = False

    @property
    def size(self) -> int:
        """Of the smallest legal team; teams are made no larger."""
        return max(1, self.least, sum(limit.least for limit in self.roles))


@dataclass(frozen=True, slots=True)
class Crew:
    """The members of one team on one day; ``slot`` is the same while the team stays together."""

    day: int
    slot: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a day has fewer teams than were asked for.

    Attributes:
        code: ``people``, ``role``, ``role_most``, ``distinct``, ``vehicle`` or ``size``: the rule
            without which there would be more.
        name: of the role or the attribute.
        has, needs: how many people there are, and how many the teams asked for would take.
        text: the same in short English.
    """

    day: int
    asked: int
    made: int
    code: str
    name: str
    has: int
    needs: int
    text: str


@dataclass(frozen=True, slots=True)
class Crews:
    """Teams, and where there are fewer than were asked for."""

    crews: tuple[Crew, ...]
    shortfalls: tuple[Shortfall, ...]


def form_crews(people: Iterable[Member], asked: Mapping[int, int], rule: CrewRule) -> Crews:
    """As many legal teams as asked for each day, by number."""
    groups = _Groups(people, rule)
    chosen = _Choice(groups, asked).chosen()
    made = {day: sum(counts[day] for counts in chosen.values()) for day in asked}
    short = tuple(
        _shortfall(groups, day, count, made[day])
        for day, count in sorted(asked.items())
        if made[day] < count
    )
    return Crews(tuple(_named(groups, chosen)), short)


def is_legal(members: Sequence[Member], rule: CrewRule) -> bool:
    """Whether these people make a legal team."""
    size, roles = len(members), Counter(one.role for one in members)
    limits = {limit.role: limit for limit in rule.roles}
    vehicles = {one.vehicle for one in members if one.vehicle}
    return (
        rule.least <= size <= (size if rule.most is None else rule.most)
        and len({one.id for one in members}) == size
        and all(role in limits for role in roles)
        and all(limit.least <= roles[limit.role] for limit in rule.roles)
        and all(roles[lim.role] <= lim.most for lim in rule.roles if lim.most is not None)
        and all(_differ(members, attribute) for attribute in rule.distinct)
        and not (rule.same_vehicle and len(vehicles) > 1)
    )


def _differ(members: Sequence[Member], attribute: str) -> bool:
    values = [one.attributes.get(attribute, "") for one in members]
    return "" not in values and len(set(values)) == len(values)


class _Groups:
    """People who are alike, and the teams that can be made of them."""

    def __init__(self, people: Iterable[Member], rule: CrewRule) -> None:
        self.rule = rule
        alike: dict[Any, list[Member]] = defaultdict(list)
        for one in sorted(people, key=lambda one: one.id):
            alike[self._key(one)].append(one)
        self.members = [alike[key] for key in sorted(alike, key=repr)]

    def _key(self, one: Member) -> tuple[Any, ...]:
        values = tuple(one.attributes.get(name, "") for name in self.rule.distinct)
        vehicle = one.vehicle if self.rule.same_vehicle else ""
        return one.is_reserve, one.role, values, vehicle, tuple(sorted(one.days))

    @cached_property
    def patterns(self) -> list[_Pattern]:
        """The legal teams of the smallest size."""
        numbers = [g for g, group in enumerate(self.members) if self._may(group[0])]
        return [
            one for one in combinations_with_replacement(numbers, self.rule.size)
            if self._is_possible(one)
        ]  # fmt: skip

    def _may(self, one: Member) -> bool:
        return any(limit.role == one.role for limit in self.rule.roles) and bool(one.days)

    def _is_possible(self, pattern: _Pattern) -> bool:
        counts = Counter(pattern)
        if any(len(self.members[g]) < count for g, count in counts.items()):
            return False
        team = [self.members[g][k] for g, count in counts.items() for k in range(count)]
        return is_legal(team, self.rule) and bool(self.days(pattern))

    def days(self, pattern: _Pattern) -> frozenset[int]:
        """The days on which all of a team can come."""
        return frozenset.intersection(*(self.members[g][0].days for g in pattern))

    def __iter__(self) -> Iterator[tuple[int, list[Member]]]:
        return enumerate(self.members)


class _Choice:
    """How often each pattern goes out on each day."""

    def __init__(self, groups: _Groups, asked: Mapping[int, int]) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - slow to load

        self._cp = cp_model
        self._groups, self._asked = groups, asked
        self._model: CpModel = cp_model.CpModel()
        self._out: dict[tuple[_Pattern, int], IntVar] = {
            (pattern, day): self._model.new_int_var(0, asked[day], f"{pattern}@{day}")
            for pattern in groups.patterns
            for day in sorted(groups.days(pattern) & asked.keys())
        }
        self._use = [self._limited(g, group) for g, group in groups]
        for day, count in asked.items():
            self._model.add(sum(v for (_p, d), v in self._out.items() if d == day) <= count)

    def _limited(self, g: int, group: list[Member]) -> Any:
        """Nobody rides twice on a day; how often the group rides in all."""
        total: Any = 0
        for day in self._asked:
            used = sum(v * p.count(g) for (p, d), v in self._out.items() if d == day and g in p)
            self._model.add(used <= len(group))
            total = total + used
        return total

    def chosen(self) -> dict[_Pattern, dict[int, int]]:
        """Teams by pattern and day."""
        if not self._out:
            return {}
        best: dict[tuple[_Pattern, int], int] = {}
        for aim in (self._fewer, self._reserves, self._different, self._load):
            solver = self._cp.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = 1
            solver.parameters.max_deterministic_time = _EFFORT
            price = aim()
            self._model.minimize(price)
            solver.solve(self._model)
            best = {key: solver.value(variable) for key, variable in self._out.items()}
            self._model.add(price <= round(solver.objective_value))
            self._hint(best)
        found: dict[_Pattern, dict[int, int]] = {}
        for (pattern, day), count in best.items():
            if count:
                found.setdefault(pattern, dict.fromkeys(self._asked, 0))[day] = count
        return found

    def _hint(self, best: Mapping[Any, int]) -> None:
        self._model.proto.clear_solution_hint()
        for key, count in best.items():
            self._model.add_hint(self._out[key], count)

    def _fewer(self) -> Any:
        return -sum(self._out.values())

    def _reserves(self) -> Any:
        return sum(use for use, (_g, group) in zip(self._use, self._groups, strict=True)
                   if group[0].is_reserve)  # fmt: skip

    def _different(self) -> Any:
        most = max(self._asked.values())
        teams = []
        for pattern in self._groups.patterns:
            together = self._model.new_int_var(0, most, f"{pattern}")
            for day in self._asked:
                if (pattern, day) in self._out:
                    self._model.add(together >= self._out[pattern, day])
            teams.append(together)
        return sum(teams)

    def _load(self) -> Any:
        """The most that is asked of a group, for each of its people."""
        sizes = [len(group) for _g, group in self._groups]
        unit = min(lcm(*sizes), _MOST_SHARES)
        top = self._model.new_int_var(0, unit * (len(self._asked) + 1), "load")
        for use, size in zip(self._use, sizes, strict=True):
            self._model.add(top * size >= use * unit)
        return top


def _named(groups: _Groups, chosen: Mapping[_Pattern, Mapping[int, int]]) -> Iterator[Crew]:
    """Fill in names: the same people on all days of a team where they are free."""
    rides: Counter[str] = Counter()
    out: dict[int, set[str]] = defaultdict(set)
    slots = [
        (pattern, [day for day, count in sorted(counts.items()) if count > k])
        for pattern, counts in sorted(chosen.items())
        for k in range(max(counts.values()))
    ]
    slots.sort(key=lambda slot: -len(slot[1]))  # those that stay together longest choose first
    crews = []
    for number, (pattern, days) in enumerate(slots):
        before: tuple[str, ...] = ()
        for day in days:
            if not before or out[day] & set(before):
                before = _picked(groups, pattern, [d for d in days if d >= day], (out, rides))
            out[day] |= set(before)
            rides.update(before)
            crews.append(Crew(day, number, before))
    yield from sorted(crews, key=lambda crew: (crew.day, crew.slot))


def _picked(
    groups: _Groups,
    pattern: _Pattern,
    days: Sequence[int],
    busy: tuple[Mapping[int, set[str]], Mapping[str, int]],
) -> tuple[str, ...]:
    """The people of each group who are free on the most of these days and rode least."""
    out, rides = busy
    found: list[str] = []
    for g, count in sorted(Counter(pattern).items()):
        free = [one.id for one in groups.members[g] if one.id not in out[days[0]]]
        free.sort(key=lambda id_: (sum(id_ in out[day] for day in days), rides[id_], id_))
        found += free[:count]
    return tuple(found)


def _shortfall(groups: _Groups, day: int, asked: int, made: int) -> Shortfall:
    """The first rule without which the day would have more teams."""
    rule = groups.rule
    there = [one for _g, group in groups for one in group if day in one.days]
    known = {limit.role for limit in rule.roles}
    fit = [one for one in there if one.role in known]
    if rule.most is not None and rule.most < rule.size:
        return _told(day, asked, made, ("size", ""), (rule.most, rule.size))
    if len(fit) < asked * rule.size:
        return _told(day, asked, made, ("people", ""), (len(fit), asked * rule.size))
    probes = [(_count(there, day, asked, softer), (code, name)) for code, name, softer in
              _softened(rule)]  # fmt: skip
    best = max(probes, key=lambda probe: probe[0], default=(0, ("", "")))
    what = best[1] if best[0] > made else _scarce_role(there, day, asked, made, rule)
    return _told(day, asked, made, what, _counted(fit, asked, rule, what))


def _softened(rule: CrewRule) -> Iterator[tuple[str, str, CrewRule]]:
    """The rule without one of its parts; the size stays."""
    whole = replace(rule, least=rule.size)
    for name in rule.distinct:
        left = tuple(one for one in rule.distinct if one != name)
        yield "distinct", name, replace(whole, distinct=left)
    if rule.same_vehicle:
        yield "vehicle", "", replace(whole, same_vehicle=False)
    for limit in rule.roles:
        others = tuple(one for one in rule.roles if one.role != limit.role)
        if limit.most is not None:
            free = (*others, replace(limit, most=None))
            yield "role_most", limit.role, replace(whole, roles=free)


def _scarce_role(
    there: list[Member], day: int, asked: int, made: int, rule: CrewRule
) -> tuple[str, str]:
    """The role of which more people would make more teams."""
    for limit in sorted(rule.roles, key=lambda limit: -limit.least):
        more = [
            Member(f"{limit.role}+{n}", limit.role, dict.fromkeys(rule.distinct, f"+{n}"),
                   frozenset({day}))
            for n in range(asked * rule.size)
        ]  # fmt: skip
        if _count([*there, *more], day, asked, rule) > made:
            return "role", limit.role
    return "people", ""


def _count(people: list[Member], day: int, asked: int, rule: CrewRule) -> int:
    chosen = _Choice(_Groups(people, rule), {day: asked}).chosen()
    return sum(counts[day] for counts in chosen.values())


def _counted(
    fit: list[Member], asked: int, rule: CrewRule, what: tuple[str, str]
) -> tuple[int, int]:
    """How many there are of what is scarce, and how many the teams would take."""
    code, name = what
    if code == "role":
        least = next(limit.least for limit in rule.roles if limit.role == name)
        return sum(one.role == name for one in fit), asked * max(1, least)
    if code == "role_most":
        return sum(one.role != name for one in fit), asked
    if code == "distinct":
        return sum(bool(one.attributes.get(name)) for one in fit), asked * rule.size
    return len(fit), asked * rule.size


def _told(
    day: int, asked: int, made: int, what: tuple[str, str], counts: tuple[int, int]
) -> Shortfall:
    code, name = what
    has, needs = counts
    texts = {
        "people": f"{has} people can come, {needs} are needed",
        "role": f"{has} people have the role {name}, {needs} are needed",
        "role_most": f"too many have the role {name}: {has} others can come, {needs} are needed",
        "distinct": f"too few people differ in {name}",
        "vehicle": "too few people can ride in the same vehicle",
        "size": f"a team may have {has} people at most but needs {needs}",
    }
    text = f"day {day}: {made} of {asked} teams; {texts[code]}"
    return Shortfall(day, asked, made, code, name, has, needs, text)
