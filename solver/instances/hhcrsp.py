"""HHCRSP: home health care, with caregivers who must be there at once or one after the other.

Convention: the cost is a third of the distance, the largest lateness and the sum of all lateness.
A patient who needs two caregivers is two visits with a lag. Nobody is too late to be served.
Source: Mankowska, Meisel and Bierwirth (2014), The Home Health Care Routing and Scheduling Problem
with Interdependent Services, Health Care Management Science 17(1); as JSON by Ceschia, Di Gaspero
and Schaerf (2024), doi 10.1111/itor.13585.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from solver.evaluate import evaluate
from solver.instances.instance import Instance
from solver.problem import BadProblem, Lag, Problem, Profile, Shift, Visit, Weights, Window

_DAY = "2000-01-03"
_FINE = 1000
"""Times and distances have three decimals."""
_PRICE = 0.1
"""Of one thousandth, so that the sums of much lateness stay small."""
_LEGS_TO_SKIP, _LEGS_LATE = 20, 10
"""What a patient costs who is left out, and how late a visit may be: so many longest legs."""
_SECOND = "+"
"""Behind the number of a patient: the visit of the second caregiver."""


def is_one(text: str) -> bool:
    """Whether a text looks like this format."""
    return text.lstrip().startswith("{") and '"required_caregivers"' in text


def parse(text: str) -> Instance:
    """The instance.

    Raises:
        BadProblem: something is missing or not to be expressed.
    """
    try:
        return _instance(json.loads(text))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        if isinstance(error, BadProblem):
            raise
        raise BadProblem(f"is no HHCRSP instance: {type(error).__name__} {error}") from None


def _instance(data: Mapping[str, Any]) -> Instance:
    if len(data["central_offices"]) != 1:
        raise BadProblem("central_offices: only one is read")
    roads = tuple(tuple(_fine(leg) for leg in row) for row in data["distances"])
    longest = max(map(max, roads))
    patients = data["patients"]
    horizon = max(_fine(p["time_window"][1]) for p in patients) + _LEGS_LATE * longest
    visits = [
        visit
        for number, patient in enumerate(patients, 1)
        for visit in _visits(number, patient, horizon, _LEGS_TO_SKIP * longest * _PRICE)
    ]
    shifts = [
        Shift(
            id=one["id"], team=one["id"], day=0, start=0, end=horizon,
            skills=tuple(one["abilities"]),
        )
        for one in data["caregivers"]
    ]  # fmt: skip
    problem = Problem(
        days=(_DAY,), profiles={"car": Profile(roads, roads)}, shifts=tuple(shifts),
        visits=tuple(visits), horizon=horizon,
        weights=Weights(travel_minute=_PRICE, late_minute=_PRICE, most_late_minute=_PRICE),
    )  # fmt: skip
    return Instance("", "hhcrsp", problem, 3 * _FINE, with_lateness=True)


def _visits(number: int, patient: Mapping[str, Any], horizon: int, skip: float) -> Iterator[Visit]:
    wanted: Sequence[Mapping[str, Any]] = patient["required_caregivers"]
    opens, due = map(_fine, patient["time_window"])
    if len(wanted) not in (1, 2):
        raise BadProblem(f"patient {number}: {len(wanted)} caregivers are not read")
    for second, one in enumerate(wanted):
        yield Visit(
            id=f"{number}{_SECOND * second}", location=number,
            service_minutes=_fine(one["duration"]), windows=(Window(0, opens, horizon),), due=due,
            skills=(one["service"],), skip_cost=skip, mandatory=True,
            lag=_lag(number, patient["synchronization"]) if second else None,
        )  # fmt: skip


def _lag(number: int, how: Mapping[str, Any]) -> Lag:
    if how["type"] == "simultaneous":
        return Lag(f"{number}")
    if how["type"] != "sequential":
        raise BadProblem(f"patient {number}: {how['type']!r} is not read")
    least, most = map(_fine, how["distance"])
    return Lag(f"{number}", least, most)


def _fine(value: float) -> int:
    return round(_FINE * value)


def with_known(instance: Instance, file: Path) -> Instance:
    """The instance with its name, and the least cost of the solutions beside it."""
    costs = [
        instance.cost(evaluate(instance.problem, _routes(instance.problem, one)))
        for one in sorted(file.parent.glob(f"sol-{file.stem}-*.json"))
    ]
    return replace(instance, name=file.stem, best_known=min(costs, default=None))


def _routes(problem: Problem, file: Path) -> list[tuple[str, list[str]]]:
    """Who makes which visits in which order, as a solution file says."""
    skills = {visit.id: visit.skills for visit in problem.visits}
    found = []
    for route in json.loads(file.read_text(encoding="utf-8"))["routes"]:
        stops = []
        for stop in route.get("locations") or ():
            first = str(stop["patient"]).lstrip("p")
            stops.append(first if skills[first] == (stop["service"],) else first + _SECOND)
        found.append((str(route["caregiver_id"]), stops))
    return found
