"""What the reported facts of a visit add up to; pure, and the same in whatever order they arrive.

Source: sync.md §2.5 of the design. A status only moves forward, so the status of a visit is the
farthest one that was reported and not taken back. What was reported on the spot goes before a
cancellation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Result = Literal["applied", "merged", "noop", "conflict", "rejected", "failed"]

_RANK = {
    "planned": 0, "en_route": 1, "in_progress": 2, "cancelled": 3, "no_show": 4, "no_access": 5,
    "partial": 6, "done": 7,
}  # fmt: skip
FROM_TABLET = frozenset({"en_route", "in_progress", "done", "partial", "no_access", "no_show"})
NO_ACCESS_REASONS = frozenset({"closed", "outbreak", "no_host", "refused", "unsafe", "other"})
UNDER_WAY = frozenset({"en_route", "in_progress"})
_PERFORMED = frozenset({"partial", "done"})

VOTING = ("votes", "assisted", "spoiled", "refused")
_SUFFIXES = ("served", "not_served")
_MEASURE = re.compile(r"([a-z0-9_]{1,20})\.(served|not_served)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one operation, and why."""

    status: Result
    code: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One reported status.

    Attributes:
        op_id: decides between two marks of the same status, whatever their order.
        day: the Danish date on which it was reported.
    """

    op_id: str
    to: str
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a visit is.

    Attributes:
        done_on: the day on which it was carried out, wholly or in part.
    """

    status: str = "planned"
    reason: str = ""
    done_on: date | None = None


def fold(marks: Iterable[Mark]) -> Standing:
    """The standing of a visit from the marks that nobody took back, in any order."""
    farthest = max(marks, key=lambda m: (_RANK[m.to], -m.day.toordinal(), m.op_id), default=None)
    if farthest is None:
        return Standing()
    done_on = farthest.day if farthest.to in _PERFORMED else None
    return Standing(farthest.to, farthest.reason, done_on)


def step(current: str, to: str) -> Outcome:
    """What reporting ``to`` does to a visit that is ``current``: only forward."""
    if _RANK[to] <= _RANK[current]:
        return Outcome("noop", "cancelled" if current == "cancelled" else "")
    if current == "cancelled":
        return Outcome(
            "conflict",
            "performed_after_cancel" if to in _PERFORMED else "reported_after_cancel",
        )
    return Outcome("applied")


def measures(service: str) -> tuple[str, ...]:
    """The measures that a team counts for one service, such as ``mitid.served``."""
    if service == "VOTE":
        return (*VOTING, "contacts")
    return (*(f"{service.lower()}.{suffix}" for suffix in _SUFFIXES), "contacts")


def is_measure(name: str, services: Iterable[str]) -> bool:
    """Whether ``name`` may be counted, given the codes of all known services."""
    if name == "contacts" or name in VOTING:
        return True
    found = _MEASURE.fullmatch(name)
    return found is not None and found[1] in {code.lower() for code in services}
