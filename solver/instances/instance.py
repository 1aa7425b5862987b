"""What every reader makes: a problem of one day, and how its cost is to be read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from solver.plan import Plan
from solver.problem import BadProblem, Problem, Profile, Shift, Visit, Window

_DAY = "2000-01-03"
_LEGS_TO_SKIP = 20
"""A customer that must be served costs so many of the longest legs if it is left out."""
_LONGEST, _MOST_VEHICLES, _LARGEST = 500_000, 5000, 1e7
_COST = re.compile(r"^\s*Cost\s*:?\s*([0-9]+(?:\.[0-9]+)?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, or a depot, in the units of the file's own convention.

    Attributes:
        prize: what leaving it out costs; None: it must be served.
    """

    number: int
    x: float
    y: float
    demand: int
    ready: int
    due: int
    service: int
    prize: int | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle.

    Attributes:
        serves: the only customers that it may serve; None: all.
        longest: from leaving to being back; None: any time.
    """

    capacity: int | None
    depot: int
    serves: frozenset[int] | None = None
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance as a problem.

    Attributes:
        unit: so many units of the problem's cost are one of the instance's.
        with_prizes: whether what is left out is part of the cost.
        with_lateness: whether the sum and the most of all lateness are part of the cost.
    """

    name: str
    format: str
    problem: Problem
    unit: int = 1
    best_known: float | None = None
    with_prizes: bool = False
    with_lateness: bool = False

    def cost(self, plan: Plan) -> float:
        """What a plan costs by the instance's own convention."""
        amount = plan.cost["travel_minutes"]
        if self.with_prizes:
            amount += plan.cost["skip_cost"]
        if self.with_lateness:
            amount += plan.cost["late_minutes"] + plan.cost["most_late_minutes"]
        return amount / self.unit

    def gap(self, plan: Plan) -> float | None:
        """How far a plan is above the best known cost, in percent; None if it is no answer."""
        if self.best_known is None or (plan.unserved and not self.with_prizes):
            return None
        return 100 * (self.cost(plan) / self.best_known - 1)


def distances(
    places: Sequence[Customer], length: Callable[[float, float], int]
) -> tuple[tuple[int, ...], ...]:
    """The matrix of all legs; ``length`` gives the length of a leg from its two differences."""
    return tuple(tuple(length(a.x - b.x, a.y - b.y) for b in places) for a in places)


def tenths_cut(dx: float, dy: float) -> int:
    """A distance in tenths, the rest cut off, as the DIMACS challenge counts."""
    return int(10 * math.sqrt(dx * dx + dy * dy))


def thousandths(dx: float, dy: float) -> int:
    """A distance in thousandths, rounded."""
    return round(1000 * math.sqrt(dx * dx + dy * dy))


def problem_of(
    places: Sequence[Customer], vehicles: Sequence[Vehicle], depots: frozenset[int],
    length: Callable[[float, float], int],
) -> Problem:  # fmt: skip
    """The problem of one day in which a minute is one unit of distance.

    Raises:
        BadProblem: it is too large, or a vehicle has no depot.
    """
    matrix = distances(places, length)
    longest = max(max(row) for row in matrix)
    if longest > _LONGEST:
        raise BadProblem(f"the places lie too far apart: {longest} units, at most {_LONGEST}")
    index = {place.number: k for k, place in enumerate(places)}
    if lost := [vehicle.depot for vehicle in vehicles if vehicle.depot not in depots]:
        raise BadProblem(f"vehicles: place {lost[0] + 1} is no depot")
    skip = _LEGS_TO_SKIP * longest
    homes = [places[index[vehicle.depot]] for vehicle in vehicles]
    return Problem(
        days=(_DAY,),
        profiles={"car": Profile(matrix, matrix)},
        shifts=tuple(
            Shift(
                id=f"{k}", team=f"{k}", day=0, start=home.ready, end=home.due,
                from_location=index[home.number], to_location=index[home.number],
                capacity=vehicle.capacity, max_duration=vehicle.longest,
            )
            for k, (vehicle, home) in enumerate(zip(vehicles, homes, strict=True), 1)
        ),
        visits=tuple(
            Visit(
                id=f"{place.number}", location=index[place.number], demand=place.demand,
                service_minutes=place.service,
                windows=(Window(0, place.ready, place.due + place.service),),
                skip_cost=skip if place.prize is None else place.prize,
                mandatory=place.prize is None,
                optional=place.prize is not None,
                allowed_shifts=_allowed(place.number, vehicles),
            )
            for place in places
            if place.number not in depots
        ),
        horizon=max(place.due + place.service for place in places),
    )  # fmt: skip


def _allowed(number: int, vehicles: Sequence[Vehicle]) -> tuple[str, ...] | None:
    if all(vehicle.serves is None for vehicle in vehicles):
        return None
    return tuple(
        f"{k}" for k, one in enumerate(vehicles, 1) if one.serves is None or number in one.serves
    )


def fleet_size(text: str) -> int:
    """How many vehicles there are.

    Raises:
        BadProblem: none, or too many.
    """
    count = int(number(text, "vehicles"))
    if not 1 <= count <= _MOST_VEHICLES:
        raise BadProblem(f"vehicles: {count} are not between 1 and {_MOST_VEHICLES}")
    return count


def number(text: str, name: str) -> float:
    """A number of a file.

    Raises:
        BadProblem: it is none, or too large.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= _LARGEST:
        raise BadProblem(f"{name}: {text!r} is no number up to {_LARGEST:.0f}")
    return value


def best_known(instance: Instance, file: Path) -> Instance:
    """The instance with the cost that a solution file states, if there is one."""
    if not file.exists():
        return instance
    found = _COST.search(file.read_text(encoding="utf-8"))
    if found is None:
        raise BadProblem(f"{file}: there is no line with the cost")
    return replace(instance, best_known=float(found[1]))
