"""VRPLIB files (``.vrp``) with time windows, in the dialect of the PyVRP project's instances.

Read: VRPTW, PCVRPTW (prizes for optional customers), SDVRPTW (vehicles that may serve only some
customers), MDVRPTW (several depots). Conventions of the published best values: tenths cut off for
VRPTW and PCVRPTW, thousandths rounded for SDVRPTW and MDVRPTW; the cost is in those units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from solver.instances.instance import (
    Customer,
    Instance,
    Vehicle,
    fleet_size,
    number,
    problem_of,
    tenths_cut,
    thousandths,
)
from solver.problem import BadProblem

Length = Callable[[float, float], int]
Rows = dict[int, list[str]]

_CONVENTION: dict[str, Length] = {
    "VRPTW": tenths_cut, "PCVRPTW": tenths_cut, "SDVRPTW": thousandths, "MDVRPTW": thousandths,
}  # fmt: skip
_KEYS = {
    "NAME", "COMMENT", "TYPE", "DIMENSION", "VEHICLES", "CAPACITY", "SERVICE_TIME",
    "EDGE_WEIGHT_TYPE", "VEHICLES_MAX_DURATION", "NODE_COORD_SECTION", "DEMAND_SECTION",
    "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION", "CAPACITY_SECTION", "PRIZE_SECTION",
    "DEPOT_SECTION", "VEHICLES_DEPOT_SECTION", "VEHICLES_ALLOWED_CLIENTS_SECTION",
}  # fmt: skip


def is_one(text: str) -> bool:
    """Whether a text looks like this format."""
    return "NODE_COORD_SECTION" in text or "EDGE_WEIGHT_TYPE" in text


def parse(text: str) -> Instance:
    """The instance.

    Raises:
        BadProblem: something is missing, no number, or not to be expressed.
    """
    file = _File(*_parts(text))
    kind = file.heads.get("TYPE", "")
    if kind not in _CONVENTION:
        raise BadProblem(f"TYPE: {kind!r} is not read; {', '.join(_CONVENTION)} are")
    if file.heads.get("EDGE_WEIGHT_TYPE") != "EUC_2D":
        raise BadProblem("EDGE_WEIGHT_TYPE: only EUC_2D is read")
    length = _CONVENTION[kind]
    depots = frozenset(n - 1 for n in file.depots())
    places = file.places(length, depots)
    problem = problem_of(places, file.vehicles(min(depots), length), depots, length)
    name = file.heads.get("NAME", "")
    return Instance(name, kind.lower(), problem, with_prizes="PRIZE_SECTION" in file.sections)


def _parts(text: str) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    """The lines ``KEY: value`` and the sections."""
    heads: dict[str, str] = {}
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.splitlines():
        key, _, value = (part.strip() for part in line.partition(":"))
        if key == "EOF":
            break
        if not key or not key[0].isalpha():
            rows += [line.split()] if line.strip() else []
            continue
        if key not in _KEYS:
            raise BadProblem(f"{key}: is not read")
        if key.endswith("_SECTION"):
            rows = sections.setdefault(key, [])
        else:
            heads[key] = value
    return heads, sections


@dataclass(frozen=True, slots=True)
class _File:
    """The parts of a file; customers are numbered from the first node, 0."""

    heads: dict[str, str]
    sections: dict[str, list[list[str]]]

    def depots(self) -> list[int]:
        """The nodes that are depots."""
        rows = self.sections.get("DEPOT_SECTION", [["1"]])
        found = [int(number(row[0], "DEPOT_SECTION")) for row in rows]
        return [n for n in found if n > 0] or [1]

    def places(self, length: Length, depots: frozenset[int]) -> list[Customer]:
        """All nodes in order."""
        rows, demand = self._rows("NODE_COORD_SECTION", 2), self._rows("DEMAND_SECTION", 1)
        windows, prizes = self._rows("TIME_WINDOW_SECTION", 2), self._numbers("PRIZE_SECTION")
        service = self._numbers("SERVICE_TIME_SECTION")
        usual = number(self.heads.get("SERVICE_TIME", "0"), "SERVICE_TIME")
        size = int(number(self.heads.get("DIMENSION", f"{len(rows)}"), "DIMENSION"))
        if not rows or set(rows) != set(range(1, size + 1)):
            raise BadProblem(f"NODE_COORD_SECTION: must hold the nodes 1 to {size}")

        def scaled(value: float) -> int:
            return length(value, 0.0)

        found = []
        for n in range(1, size + 1):
            if n not in demand or n not in windows:
                raise BadProblem(f"node {n}: demand or time window is missing")
            x, y = (number(word, f"node {n}") for word in rows[n])
            ready, due = (scaled(number(word, f"node {n}")) for word in windows[n])
            held = 0.0 if n - 1 in depots else service.get(n, usual)
            prize = scaled(prizes.get(n, 0.0)) if prizes else None
            amount = int(number(demand[n][0], f"node {n}: demand"))
            found.append(Customer(n - 1, x, y, amount, ready, due, scaled(held), prize))
        return found

    def vehicles(self, first_depot: int, length: Length) -> list[Vehicle]:
        """All vehicles; without a number, as many as customers."""
        count = fleet_size(self.heads.get("VEHICLES", self.heads.get("DIMENSION", "1")))
        sizes, bases = self._numbers("CAPACITY_SECTION"), self._numbers("VEHICLES_DEPOT_SECTION")
        serves = self._rows("VEHICLES_ALLOWED_CLIENTS_SECTION", None)
        usual = self.heads.get("CAPACITY")
        same = None if usual is None else int(number(usual, "CAPACITY"))
        longest = self.heads.get("VEHICLES_MAX_DURATION")
        most = None if longest is None else number(longest, "VEHICLES_MAX_DURATION")
        if most is not None and most < 0:
            raise BadProblem(f"VEHICLES_MAX_DURATION: {longest} must not be negative")
        return [
            Vehicle(
                int(sizes[k]) if k in sizes else same,
                int(bases[k]) - 1 if k in bases else first_depot,
                frozenset(int(number(n, "VEHICLES_ALLOWED_CLIENTS_SECTION")) - 1 for n in serves[k])
                if k in serves
                else None,
                None if most is None else length(most, 0.0),
            )
            for k in range(1, count + 1)
        ]

    def _rows(self, section: str, size: int | None) -> Rows:
        found: Rows = {}
        for row in self.sections.get(section, []):
            if size is not None and len(row) != size + 1:
                raise BadProblem(f"{section}: {' '.join(row)!r} must have {size + 1} numbers")
            found[int(number(row[0], section))] = row[1:]
        return found

    def _numbers(self, section: str) -> dict[int, float]:
        return {k: number(row[0], section) for k, row in self._rows(section, 1).items()}
