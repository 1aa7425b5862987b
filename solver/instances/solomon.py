"""Solomon's text format, also used by Gehring and Homberger: vehicles with time windows.

Convention: distances and times in tenths, cut off (DIMACS 2021), the least distance is best.
Source: Solomon (1987), Algorithms for the Vehicle Routing and Scheduling Problems with Time
Window Constraints, Operations Research 35(2).
"""

from __future__ import annotations

from solver.instances.instance import (
    Customer,
    Instance,
    Vehicle,
    fleet_size,
    number,
    problem_of,
    tenths_cut,
)
from solver.problem import BadProblem

_TENTHS = 10
_COLUMNS = ("number", "x", "y", "demand", "ready time", "due date", "service time")


def is_one(text: str) -> bool:
    """Whether a text looks like this format."""
    words = text.upper().split()
    return "VEHICLE" in words and "CUSTOMER" in words


def parse(text: str) -> Instance:
    """The instance.

    Raises:
        BadProblem: something is missing or no number.
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    heads = [words[0].upper() for words in lines]
    at, begin = heads.index("VEHICLE"), heads.index("CUSTOMER")
    if len(lines) <= at + 2 or len(lines[at + 2]) != 2:  # noqa: PLR2004 - number and capacity
        raise BadProblem("vehicle: number and capacity are missing")
    count, capacity = fleet_size(lines[at + 2][0]), int(number(lines[at + 2][1], "capacity"))
    places = [_customer(words) for words in lines[begin + 2 :]]
    if not places:
        raise BadProblem("customer: there are none")
    depot = places[0].number
    problem = problem_of(places, [Vehicle(capacity, depot)] * count, frozenset({depot}), tenths_cut)
    return Instance(lines[0][0], "solomon", problem, _TENTHS)


def _customer(words: list[str]) -> Customer:
    if len(words) != len(_COLUMNS):
        raise BadProblem(f"customer {words[0]}: must have {len(_COLUMNS)} numbers")
    row = [
        number(word, f"customer {words[0]}: {c}") for word, c in zip(words, _COLUMNS, strict=True)
    ]
    ready, due, service = (int(_TENTHS * value) for value in row[4:])
    return Customer(int(row[0]), row[1], row[2], int(row[3]), ready, due, service)
