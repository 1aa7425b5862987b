"""What would help: the smallest changes of the problem after which the visit has a place.

A change that helps is priced from the new times and judged by the checker before it is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from solver.explain.change import Change
from solver.explain.fixes import FIXES, LIFTS
from solver.explain.patient import Found, Patient, price
from solver.explain.times import KINDS

AGAINST: Mapping[str, tuple[str, ...]] = {
    "no_cleared_staff": ("clearance",), "skill_gap": ("skill",), "kit_conflict": ("kit", "slots"),
    "needs_two": ("person", "team"), "shift_not_allowed": ("allow",),
    "locked_conflict": ("unlock",), "window_too_short": ("window", "other_day"),
    "shift_too_short": ("longer", "travel", "duration", "visits"),
    "too_far": ("longer", "travel", "duration"),
}  # fmt: skip
"""The kinds of change that can help against a rule that stands in the way on an empty board."""


def single(patient: Patient, blamed: Iterable[str] | None = None) -> list[Found]:
    """Every kind of single change that helps, the cheapest first.

    ``blamed`` are the rules each of which alone is in the way even on an empty board.
    """
    tried = [cured(patient, code) for code in _worth_trying(blamed)]
    return sorted(filter(None, tried), key=price)


def _worth_trying(blamed: Iterable[str] | None) -> list[str]:
    if blamed is None:
        return [*KINDS, *FIXES]
    return ["shorter", *(kind for code in blamed for kind in AGAINST.get(code, ()))]


def cured(patient: Patient, code: str) -> Found | None:
    """Try one kind of change."""
    if code in KINDS:
        return KINDS[code](patient)
    bars = any(b <= {code} and patient.may_lack(code, s) for s, b in patient.barred.items())
    return obstacle(patient, code) if bars else None


def obstacle(patient: Patient, code: str) -> Found | None:
    """Take away the one thing that keeps the visit from some shifts."""
    group = [s for s, barred in patient.barred.items() if barred <= {code}]
    lift = LIFTS.get(code)
    wide = (
        Change({patient.v: lift(patient.visit)}) if lift is not None
        else patient.fixed(code, group)
    )  # fmt: skip
    place = patient.place(wide, group)
    if place is None:
        return None
    change = patient.fixed(code, [s for s, _position in place.at])
    return patient.found(code, change, place)
