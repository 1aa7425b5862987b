"""Two questions that one plan does not answer: how few teams will do, and how soon it can be over.

Both are searches over smaller problems (the first teams alone, the first days alone) with short
solves, from a lower bound upwards; what is left of the time polishes the answer. A plan of a
smaller problem is one of the whole problem, too.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from solver.cost import cost_of
from solver.generate import generate
from solver.plan import Plan
from solver.problem import Problem, Shift, Visit
from solver.search import Progress, solve
from solver.stop import Iterations

Aim = Literal["fewest", "earliest"]
_TRY_SHARE, _LEAST_TRY = 0.12, 0.4
"""Of the budget for one try, and the seconds that it has at least."""
_AGAIN_SHARE = 0.2
"""Of the budget, for a last longer try with one less."""
_STEP = 5
"""Minutes: the last end is sought to this."""


@dataclass
class Budget:
    """Wall-clock seconds, from when the engine is loaded.

    Attributes:
        told: set from outside to stop and keep what there is.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    told: bool = False

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self._begin = self.clock()

    @property
    def left(self) -> float:
        """Seconds that are left; none when told to stop."""
        return 0.0 if self.told else self.seconds - (self.clock() - self._begin)


@dataclass(frozen=True, slots=True)
class Sprint:
    """A plan, and what it was sought for.

    Attributes:
        teams, days: how many of them the plan was given.
        bound: no fewer teams (or days) can do, by working time alone.
        is_complete: whether nothing is left out.
    """

    plan: Plan
    aim: Aim
    teams: int
    days: int
    bound: int
    is_complete: bool


Tell = Callable[[Progress], None]


class _Try:
    """Stop rule of one try: its share of the budget, or as soon as no more than ``left`` is out."""

    def __init__(self, budget: Budget, seconds: float, *, left: int) -> None:
        self._budget, self._left = budget, left
        self._seconds = max(0.01, min(seconds, budget.left))
        self._begin = budget.clock()
        self.unserved: int | None = None

    def used(self, iterations: int) -> float:  # noqa: ARG002 - the shape of Stop
        """The share of the time that has gone."""
        if self._budget.told or (self.unserved is not None and self.unserved <= self._left):
            return 1.0
        return (self._budget.clock() - self._begin) / self._seconds


@dataclass(frozen=True, slots=True)
class _Part:
    """A smaller problem: these shifts; on the last day nothing ends after ``latest``."""

    shifts: tuple[Shift, ...]
    latest: int | None = None

    @property
    def last(self) -> int:
        """The last day."""
        return max(shift.day for shift in self.shifts)


class _Search:
    """Solves smaller problems.

    Attributes:
        hopeless: so many visits are left out even by everybody.
    """

    def __init__(self, problem: Problem, budget: Budget, seed: int, tell: Tell | None) -> None:
        self.problem, self.budget = problem, budget
        self._seed, self._tell = seed, tell
        self.seconds = max(_LEAST_TRY, budget.seconds * _TRY_SHARE)
        self.hopeless = 0
        self.whole = self.tried(_Part(problem.shifts), self.seconds)
        self.hopeless = len(self.whole.unserved)

    def is_good(self, plan: Plan) -> bool:
        """Whether it leaves out only what cannot be done at all."""
        return len(plan.unserved) <= self.hopeless

    def tried(
        self, part: _Part, seconds: float, start: Plan | None = None, *, is_polish: bool = False
    ) -> Plan:
        """The best plan of a smaller problem."""
        problem = _only(self.problem, part)
        stop = _Try(self.budget, seconds, left=-1 if is_polish else self.hopeless)

        def told(progress: Progress) -> None:
            stop.unserved = progress.unserved
            if self._tell is not None:
                self._tell(progress)

        plan = solve(problem, stop=stop, seed=self._seed, start=start, progress=told)
        whole = replace(plan, problem_sha256=self.problem.sha256)
        return replace(whole, cost=cost_of(self.problem, whole))

    def polished(self, part: _Part, plan: Plan) -> Plan:
        """The same with what is left of the time."""
        if self.budget.left <= 0:
            return plan
        return self.tried(part, self.budget.left, plan, is_polish=True)


def sprint(
    problem: Problem, aim: Aim, *, budget: Budget, seed: int = 0, tell: Tell | None = None
) -> Sprint:
    """The fewest teams, or the earliest finish, for which nothing is left out that can be done."""
    solve(generate(3), stop=Iterations(1))  # loads the compiled core, which may take seconds
    budget.begin()
    search = _Search(problem, budget, seed, tell)
    if not problem.shifts:
        return Sprint(search.whole, aim, 0, 0, 0, not search.whole.unserved)
    return _fewest(search) if aim == "fewest" else _earliest(search)


def _fewest(search: _Search) -> Sprint:
    problem = search.problem
    order = list(dict.fromkeys([*_held_teams(problem), *(s.team for s in problem.shifts)]))
    bound = least_teams(problem, order)

    def part(count: int) -> _Part:
        first = set(order[:count])
        return _Part(tuple(shift for shift in problem.shifts if shift.team in first))

    count, plan = _upwards(search, part, bound, len(order))
    if search.is_good(plan) and count > bound and search.budget.left > 0:
        fewer = search.tried(part(count - 1), search.budget.seconds * _AGAIN_SHARE)
        if search.is_good(fewer):
            count, plan = count - 1, fewer
    plan = search.polished(part(count), plan)
    return Sprint(plan, "fewest", count, len(_days(problem)), bound, not plan.unserved)


def _earliest(search: _Search) -> Sprint:
    problem, days = search.problem, _days(search.problem)
    bound = least_days(problem, days)

    def part(count: int) -> _Part:
        return _Part(tuple(shift for shift in problem.shifts if shift.day in days[:count]))

    count, plan = _upwards(search, part, bound, len(days))
    chosen = part(count)
    if search.is_good(plan) and plan.routes:
        chosen, plan = _sooner(search, chosen, plan)
    plan = search.polished(chosen, plan)
    teams = len({shift.team for shift in problem.shifts})
    return Sprint(plan, "earliest", teams, count, bound, not plan.unserved)


def _upwards(
    search: _Search, part: Callable[[int], _Part], bound: int, most: int
) -> tuple[int, Plan]:
    """The first count that is enough; all where none is, or where time is short."""
    for count in range(min(bound, most), most):
        if search.budget.left <= search.seconds:
            break
        plan = search.tried(part(count), search.seconds)
        if search.is_good(plan):
            return count, plan
    return most, search.whole


def _sooner(search: _Search, part: _Part, plan: Plan) -> tuple[_Part, Plan]:
    """Let the last session of the last day end as early as can be."""
    latest = _last_end(plan, part)
    low = min(shift.start for shift in part.shifts if shift.day == part.last)
    chosen = replace(part, latest=latest)
    while latest - low > _STEP and search.budget.left > search.seconds:
        middle = (low + latest) // 2
        found = search.tried(replace(part, latest=middle), search.seconds)
        if search.is_good(found):
            plan, latest = found, min(middle, _last_end(found, part))
            chosen = replace(part, latest=latest)
        else:
            low = middle
    return chosen, plan


def _last_end(plan: Plan, part: _Part) -> int:
    """When the last stop of the last day ends."""
    known = {shift.id: shift for shift in part.shifts}
    ends = [
        route.stops[-1].end
        for route in plan.routes
        if route.stops and known[route.shift].day == part.last
    ]
    return max(ends, default=min(s.start for s in part.shifts if s.day == part.last))


def _held_teams(problem: Problem) -> list[str]:
    """Teams that a lock or the plan before names come first."""
    teams = {shift.id: shift.team for shift in problem.shifts}
    found = [v.pin.team for v in problem.visits if v.pin is not None and v.pin.team is not None]
    if problem.baseline is not None:
        found += [teams[r.shift] for r in problem.baseline.routes if r.shift in teams and r.stops]
    return list(dict.fromkeys(found))


def _days(problem: Problem) -> list[int]:
    return sorted({shift.day for shift in problem.shifts})


def _only(problem: Problem, part: _Part) -> Problem:
    """The problem with these shifts and no others; locks to others cannot be kept."""
    ids, teams = {s.id for s in part.shifts}, {s.team for s in part.shifts}
    baseline = problem.baseline
    if baseline is not None:
        routes = tuple(route for route in baseline.routes if route.shift in ids)
        baseline = replace(baseline, routes=routes)
    visits = (_seen(visit, ids, teams) for visit in problem.visits)
    return replace(
        problem, shifts=part.shifts, baseline=baseline,
        visits=tuple(_sooner_over(visit, part) for visit in visits),
    )  # fmt: skip


def _seen(visit: Visit, ids: set[str], teams: set[str]) -> Visit:
    allowed = visit.allowed_shifts
    if visit.pin is not None and visit.pin.team is not None and visit.pin.team not in teams:
        return replace(visit, pin=None, allowed_shifts=(), forbidden_shifts=())
    return replace(
        visit,
        allowed_shifts=None if allowed is None else tuple(s for s in allowed if s in ids),
        forbidden_shifts=tuple(s for s in visit.forbidden_shifts if s in ids),
    )


def _sooner_over(visit: Visit, part: _Part) -> Visit:
    """The visit with windows that end in time on the last day."""
    if part.latest is None:
        return visit
    cut = (
        replace(w, to=min(w.to, part.latest)) if w.day == part.last else w for w in visit.windows
    )
    return replace(visit, windows=tuple(w for w in cut if w.from_ <= w.to))


def least_teams(problem: Problem, order: Iterable[str]) -> int:
    """So many teams at least: their hours hold the work and the shortest ways."""
    hours: dict[str, int] = defaultdict(int)
    for shift in problem.shifts:
        hours[shift.team] += _hours(shift)
    sizes = sorted((hours[team] for team in order), reverse=True)
    crews = max((visit.crews for visit in problem.visits), default=1)
    return max(crews if sizes else 0, _least(sizes, _work(problem)), 1)


def least_days(problem: Problem, days: Iterable[int]) -> int:
    """So many of the days at least, in their order."""
    hours: dict[int, int] = defaultdict(int)
    for shift in problem.shifts:
        hours[shift.day] += _hours(shift)
    return max(1, _least([hours[day] for day in days], _work(problem)))


def _hours(shift: Shift) -> int:
    rest = shift.break_.minutes if shift.break_ is not None else 0
    return shift.end + shift.overtime - shift.start - rest


def _least(sizes: Iterable[int], work: int) -> int:
    count = 0
    for count, size in enumerate(sizes, 1):  # noqa: B007 - the count at which it is enough
        work -= size
        if work <= 0:
            break
    return count


def _work(problem: Problem) -> int:
    """Minutes at the sites and of the shortest way to each; set-up may be shared, so it is not."""
    bases = {shift.from_location for shift in problem.shifts}
    places = {visit.location for visit in problem.visits} | bases
    rows = [profile.minutes for profile in problem.profiles.values()]
    total = 0
    alone = len({visit.location for visit in problem.visits}) == len(problem.visits)
    for visit in problem.visits:
        ways = [m[a][visit.location] for m in rows for a in places if a != visit.location]
        minutes = visit.service_minutes + (visit.setup_minutes if alone else 0)
        total += visit.crews * (minutes + (min(ways, default=0) if alone else 0))
    return total
