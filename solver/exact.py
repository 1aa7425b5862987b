"""The optimum of a small problem, proven: every order of every set of visits on every shift.

Labels (Desrochers and others' for the shortest path with resources) go from set to set of visits
and keep what no other beats; then the sets are dealt out to the shifts, one shift at a time. It
shares no code with the search, so the search can be measured by it. What it does not know it
refuses: two crews, orders, company, gaps in a series, scarce pool kits, prices of waiting, of
starts that are off and of imbalance, a plan from before, and overtime beside a break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from solver.evaluate import evaluate
from solver.indexed import Indexed
from solver.plan import Plan
from solver.problem import Problem, Profile, Visit
from solver.timing import NEVER

MOST = 12
"""So many visits at most."""
ENGINE = "proven optimum"
_OF_SHIFTS = (
    "id", "team", "day", "start", "end", "overtime", "from_location", "to_location", "profile",
    "people", "skills", "kits", "kit_slots", "clearances", "break_", "max_travel", "max_visits",
    "fixed_cost", "used_minutes_before", "capacity",
)  # fmt: skip
_OF_VISITS = (
    "id", "location", "service_minutes", "setup_minutes", "windows", "skills", "kits", "people",
    "crews", "clearance", "priority", "skip_cost", "mandatory", "allowed_shifts",
    "forbidden_shifts", "preferred_teams", "preferred_start", "pin", "series", "min_gap_days",
    "together_with", "after", "demand",
)  # fmt: skip
_WEIGHTS = (
    "travel_minute", "wait_minute", "overtime_minute", "kilogram_co2", "used_shift",
    "unpreferred_team", "start_off_minute", "imbalance_minute", "moved_team", "moved_day",
    "moved_minute",
)  # fmt: skip
"""What it knows or refuses by name; whatever is added later is refused where it is used."""
_MISSED = 10_000.0
"""Beyond its skip cost, for a visit that must be served: to serve it goes before all prices."""
Chosen = tuple[float, tuple[int, ...]]
"""A price and the visits in their order."""


class NotCovered(ValueError):
    """The problem has a rule or a price that the exact method does not know."""


@dataclass(frozen=True, slots=True)
class _Label:
    """The end of a beginning of a route.

    Attributes:
        fresh, rested: when it ends at the earliest, the break to come or taken.
        paid: minutes of set-up at the last site.
    """

    cost: float
    travel: int
    fresh: int
    rested: int
    paid: int
    order: tuple[int, ...]

    def beats(self, other: _Label) -> bool:
        """Whether whatever follows is as good after this one."""
        return (
            self.cost <= other.cost and self.travel <= other.travel
            and self.fresh <= other.fresh and self.rested <= other.rested
            and self.paid >= other.paid
        )  # fmt: skip


def optimum(problem: Problem) -> Plan:
    """A cheapest plan: it leaves out a visit where serving it costs more than its skip cost.

    Raises:
        NotCovered: the problem is too large or has what the method does not know.
    """
    for is_met, what in _REFUSED:
        if is_met(problem):
            raise NotCovered(what)
    for what in _strange(problem):
        raise NotCovered(what)
    facts = Indexed(problem)
    lanes = [_Lane(facts, s).routes() for s in range(len(problem.shifts))]
    ids = [visit.id for visit in problem.visits]
    chosen = _dealt(problem, lanes)
    routes = [
        (shift.id, [ids[v] for v in order])
        for shift, order in zip(problem.shifts, chosen, strict=True)
    ]
    return evaluate(problem, routes, engine=ENGINE)


_Front = dict[tuple[int, int], list[_Label]]
"""Beginnings by the set of their visits, as bits, and the last of them."""


class _Lane:
    """All that one shift can do."""

    def __init__(self, facts: Indexed, s: int) -> None:
        self._facts, self._s = facts, s
        self._shift, self._problem = facts.shifts[s], facts.problem
        self._profile = facts.problem.profiles[self._shift.profile]
        self._able = [v for v in range(len(facts.visits)) if s in facts.allowed[v]]
        rest = self._shift.break_
        self._rest = rest if rest and rest.minutes else None

    def routes(self) -> dict[int, Chosen]:
        """For each set of visits, as bits, the cheapest order and its price."""
        front: _Front = {(0, -1): [_Label(0.0, 0, self._shift.start, NEVER, 0, ())]}
        best: dict[int, Chosen] = {}
        while front:
            front = self._longer(front)
            for (done, _last), labels in front.items():
                for label in labels:
                    price = self._home(label)
                    if price is not None and price < best.get(done, (np.inf, ()))[0]:
                        best[done] = price, label.order
        return best

    def _longer(self, front: _Front) -> _Front:
        """All beginnings with a visit more."""
        found: _Front = defaultdict(list)
        for (done, _last), labels in front.items():
            for label in labels:
                for v in self._able:
                    if done >> v & 1 == 0 and (after := self._with(label, v)) is not None:
                        _enter(found[done | 1 << v, v], after)
        return found

    def _has_room(self, order: tuple[int, ...]) -> bool:
        shift, visits = self._shift, [self._facts.visits[v] for v in order]
        kits = {kit for visit in visits for kit in visit.kits} - set(shift.kits)
        return (
            (shift.max_visits is None or len(order) <= shift.max_visits)
            and (shift.kit_slots is None or len(kits) <= shift.kit_slots)
            and (shift.capacity is None or sum(v.demand for v in visits) <= shift.capacity)
        )

    def _site(self, label: _Label) -> int:
        order = label.order
        return self._facts.visits[order[-1]].location if order else self._shift.from_location

    def _with(self, label: _Label, v: int) -> _Label | None:
        """The beginning with a visit more; None if it is late or there is no room."""
        if not self._has_room((*label.order, v)):
            return None
        visit, site = self._facts.visits[v], self._site(label)
        minutes = self._profile.minutes[site][visit.location]
        is_same = bool(label.order) and site == visit.location
        paid = label.paid if is_same else 0
        length = max(0, visit.setup_minutes - paid) + visit.service_minutes
        fresh, rested = self._arrivals(label, minutes)
        fresh, rested = self._end(v, fresh, length), self._end(v, rested, length)
        limit = self._shift.max_travel
        travel = label.travel + minutes
        if min(fresh, rested) >= NEVER or (limit is not None and travel > limit):
            return None
        cost = label.cost + _leg(self._problem, self._profile, site, visit.location)
        if visit.preferred_teams and self._shift.team not in visit.preferred_teams:
            cost += self._problem.weights.unpreferred_team
        paid = max(paid, visit.setup_minutes)
        return _Label(cost, travel, fresh, rested, paid, (*label.order, v))

    def _arrivals(self, label: _Label, minutes: int) -> tuple[int, int]:
        """Arrival after a drive, the break to come or taken."""
        rested = label.rested + minutes if label.rested < NEVER else NEVER
        if self._rest is None or label.fresh >= NEVER:
            return min(label.fresh + minutes, NEVER), rested
        begin = max(label.fresh, self._rest.from_)
        if begin + self._rest.minutes <= self._rest.to:
            rested = min(rested, max(label.fresh + minutes, begin) + self._rest.minutes)
        return label.fresh + minutes, rested

    def _end(self, v: int, arrival: int, length: int) -> int:
        fixed = self._facts.start_of(v)
        for opens, closes in self._facts.windows[v][self._s]:
            start = max(arrival, opens) if fixed is None else fixed
            if start >= max(arrival, opens) and start + length <= closes:
                return start + length
        return NEVER

    def _home(self, label: _Label) -> float | None:
        """The price of the whole route; None if it is back too late."""
        shift, weights = self._shift, self._problem.weights
        site = self._site(label)
        minutes = self._profile.minutes[site][shift.to_location]
        fresh, rested = self._arrivals(label, minutes)
        back = rested if self._rest else fresh
        limit = shift.max_travel
        if back > shift.end + shift.overtime or (
            limit is not None and label.travel + minutes > limit
        ):
            return None
        return (
            label.cost + _leg(self._problem, self._profile, site, shift.to_location)
            + weights.overtime_minute * max(0, back - shift.end)
            + weights.used_shift + shift.fixed_cost
        )  # fmt: skip


def _leg(problem: Problem, profile: Profile, a: int, b: int) -> float:
    kilograms = profile.metres[a][b] / 1000 * profile.grams_per_km / 1000
    weights = problem.weights
    return weights.travel_minute * profile.minutes[a][b] + weights.kilogram_co2 * kilograms


def _enter(labels: list[_Label], new: _Label) -> None:
    """Keep a label unless another beats it, and drop what it beats."""
    if not any(label.beats(new) for label in labels):
        labels[:] = [label for label in labels if not new.beats(label)]
        labels.append(new)


def _dealt(problem: Problem, lanes: list[dict[int, Chosen]]) -> list[tuple[int, ...]]:
    """What each shift does in a cheapest plan, in the order of shifts."""
    sets = np.arange(1 << len(problem.visits))
    cost: npt.NDArray[np.float64] = np.zeros(len(sets))
    for v, visit in enumerate(problem.visits):
        must = visit.mandatory or visit.pin is not None
        cost += (visit.skip_cost + _MISSED * must) * (sets >> v & 1 == 0)
    taken = []
    for routes in reversed(lanes):  # ``cost`` is what follows when a set is served already
        better, choice = cost.copy(), np.zeros(len(sets), np.int64)
        for mine, (price, _order) in routes.items():
            before = sets[sets & mine == 0]
            total = price + cost[before | mine]
            is_less = total < better[before] - 1e-9
            better[before[is_less]] = total[is_less]
            choice[before[is_less]] = mine
        cost = better
        taken.append(choice)
    done, orders = 0, []
    for routes, choice in zip(lanes, reversed(taken), strict=True):
        mine = int(choice[done])
        orders.append(routes[mine][1] if mine else ())
        done |= mine
    return orders


def _is_any(test: Callable[[Visit], object]) -> Callable[[Problem], bool]:
    return lambda problem: any(test(visit) for visit in problem.visits)


def _is_scarce(problem: Problem) -> bool:
    """Whether a day has more shifts than the pool has of a kit that a visit needs."""
    wanted = {kit for visit in problem.visits for kit in visit.kits if kit in problem.kits}
    days = [shift.day for shift in problem.shifts]
    most = max((days.count(day) for day in days), default=0)
    return any(0 < problem.kits[kit] < most for kit in wanted)


def _has_gaps(problem: Problem) -> bool:
    names = [visit.series for visit in problem.visits if visit.series]
    return len(set(names)) < len(names)


def _has_time_prices(problem: Problem) -> bool:
    weights = problem.weights
    wishes = any(visit.preferred_start is not None for visit in problem.visits)
    return bool(
        weights.wait_minute or weights.imbalance_minute or (weights.start_off_minute and wishes)
    )


def _strange(problem: Problem) -> Iterator[str]:
    """Fields of shifts, visits and weights that say something the method was never taught."""
    for known, things in (
        (_OF_SHIFTS, problem.shifts), (_OF_VISITS, problem.visits), (_WEIGHTS, (problem.weights,)),
    ):  # fmt: skip
        for thing in things:
            for field in fields(thing):
                if field.name not in known and getattr(thing, field.name) != field.default:
                    yield field.name


_REFUSED: tuple[tuple[Callable[[Problem], bool], str], ...] = (
    (lambda problem: len(problem.visits) > MOST, f"more than {MOST} visits"),
    (_is_any(lambda visit: visit.crews > 1), "crews"),
    (_is_any(lambda visit: visit.after), "after"),
    (_is_any(lambda visit: visit.together_with), "together_with"),
    (_has_gaps, "min_gap_days"),
    (_is_scarce, "kits"),
    (_has_time_prices, "weights that look at times"),
    (lambda problem: problem.baseline is not None, "baseline"),
    (lambda problem: problem.frozen_until is not None, "frozen_until"),
    (lambda problem: any(s.break_ and s.overtime for s in problem.shifts), "overtime and break"),
)
