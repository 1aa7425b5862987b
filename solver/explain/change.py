"""A change of the problem: as values for the engine's board, and as an RFC 6902 patch for people.

Only what a cure may touch can change: visits, shifts, one more shift, and how many kits there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar

from solver.problem import Problem, Shift, Visit

Operation = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different.

    Attributes:
        visits, shifts: their new values, by place in the problem.
        added: shifts that are new.
        kits: how many there are of a kit.
    """

    visits: Mapping[int, Visit] = field(default_factory=dict)
    shifts: Mapping[int, Shift] = field(default_factory=dict)
    added: tuple[Shift, ...] = ()
    kits: Mapping[str, int] = field(default_factory=dict)

    def then(self, other: Change) -> Change:
        """Both, where the other was made with this one in mind."""
        return Change(
            {**self.visits, **other.visits}, {**self.shifts, **other.shifts},
            self.added + other.added, {**self.kits, **other.kits},
        )  # fmt: skip

    def patch(self, problem: Problem) -> tuple[Operation, ...]:
        """The operations that make the change in the problem's JSON."""
        return (
            *_fields("visits", problem.visits, self.visits),
            *_fields("shifts", problem.shifts, self.shifts),
            *({"op": "add", "path": "/shifts/-", "value": to_json(new)} for new in self.added),
            *(
                {"op": "add", "path": f"/kits/{escaped(kit)}", "value": amount}
                for kit, amount in self.kits.items()
            ),
        )


NONE = Change()


def _fields(part: str, was: tuple[Any, ...], now: Mapping[int, Any]) -> Iterator[Operation]:
    for number, new in sorted(now.items()):
        for one in fields(new):
            value = getattr(new, one.name)
            if value != getattr(was[number], one.name):
                path = f"/{part}/{number}/{one.name.rstrip('_')}"
                yield {"op": "replace", "path": path, "value": to_json(value)}


def to_json(value: Any) -> Any:
    """A part of a problem as JSON-able data."""
    if is_dataclass(value):
        return {one.name.rstrip("_"): to_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value


def escaped(name: str) -> str:
    """A name as part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def with_parts(problem: Problem, **parts: object) -> Problem:
    """The problem with other parts, which the caller knows to be sound: nothing is validated."""
    made: Problem = object.__new__(type(problem))
    for one in fields(problem):
        value = parts[one.name] if one.name in parts else getattr(problem, one.name)
        object.__setattr__(made, one.name, value)
    return made


def exchanged(was: tuple[T, ...], new: Mapping[int, T]) -> tuple[T, ...]:
    """The tuple with other values at these numbers."""
    made = list(was)
    for number, value in new.items():
        made[number] = value
    return tuple(made)


def other_clock(was: Shift, now: Shift) -> bool:
    """Whether a shift's times have to be worked out anew."""
    return (was.start, was.break_) != (now.start, now.break_)


def agrees(was: Visit, now: Visit) -> bool:
    """Whether a visit's start is as much the matter of others as it was."""
    return (was.pin, was.after, was.lag, was.crews) == (now.pin, now.after, now.lag, now.crews)
