"""Tiny problems by hand: a base (0) and sites ten minutes apart on a line."""

from __future__ import annotations

from typing import Any

from solver import Problem, Profile, Shift, Visit, Window, evaluate
from solver.plan import Plan

SIZE = 8
MONDAY, TUESDAY = 0, 1


def line(size: int = SIZE) -> Profile:
    """Locations on a line, ten minutes and ten kilometres from each to the next."""
    minutes = tuple(tuple(10 * abs(a - b) for b in range(size)) for a in range(size))
    metres = tuple(tuple(10_000 * abs(a - b) for b in range(size)) for a in range(size))
    return Profile(minutes, metres, 100)


def shift(team: str = "A", day: int = MONDAY, **more: Any) -> Shift:
    """A shift from eight to four."""
    return Shift(**{"id": f"{team}-{day}", "team": team, "day": day, "start": 480, "end": 960,
                    "people": 2, **more})  # fmt: skip


def visit(name: str = "V1", location: int = 1, **more: Any) -> Visit:
    """A visit of half an hour, any time on Monday or Tuesday."""
    windows = tuple(Window(day, 480, 960) for day in (MONDAY, TUESDAY))
    return Visit(**{"id": name, "location": location, "service_minutes": 30,
                    "windows": windows, **more})  # fmt: skip


def problem(*parts: Shift | Visit, **more: Any) -> Problem:
    """A problem of two days from shifts and visits."""
    shifts = tuple(part for part in parts if isinstance(part, Shift)) or (shift(),)
    visits = tuple(part for part in parts if isinstance(part, Visit))
    days = ("2026-11-23", "2026-11-24")
    return Problem(**{"days": days, "profiles": {"car": line()}, "shifts": shifts,
                      "visits": visits, **more})  # fmt: skip


def timed(case: Problem, **routes: list[str]) -> Plan:
    """A hand-made plan; ``A_0=["V1"]`` is the route of shift A-0."""
    return evaluate(case, [(name.replace("_", "-"), ids) for name, ids in routes.items()])
