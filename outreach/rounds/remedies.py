"""What a cure of the solver means for us: what it changes, and whether a round may do so. Pure.

A cure is a patch of the problem. What belongs to this week alone (a lock, the length of one visit,
which visits are made) can be changed from the tray. Working hours, skills, clearances, kits,
opening hours and agreements are shared by every week: there a cure is only told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Part = Mapping[str, Any]
"""One thing that changes: ``code``, and the shift, visit, minutes or amount that it is about."""

OWN = frozenset({"insert", "unlock", "displace", "shorter"})


def parts_of(problem: Any, visit_id: str, patch: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """What the operations of a patch change, in our own words."""
    found = tuple(_part(problem, visit_id, one) for one in patch)
    return tuple({json.dumps(one, sort_keys=True): one for one in found}.values()) or (
        {"code": "insert"},
    )


def is_own(parts: Iterable[Part]) -> bool:
    """Whether all of it belongs to this week alone."""
    return all(part["code"] in OWN for part in parts)


def key_of(parts: Iterable[Part]) -> str:
    """A short name, by which a page says which cure was meant."""
    text = json.dumps(list(parts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _part(problem: Any, visit_id: str, operation: Mapping[str, Any]) -> Part:
    _empty, kind, *rest = operation["path"].split("/")
    value = operation["value"]
    if kind == "kits":
        kit = rest[0].replace("~1", "/").replace("~0", "~")
        return {"code": "kit", "kit": kit, "amount": value}
    if rest == ["-"]:
        return {"code": "team", "day": value["day"], "start": value["start"], "end": value["end"]}
    number, name = int(rest[0]), rest[1]
    if kind == "shifts":
        return _SHIFT[name](problem.shifts[number], value)
    visit = problem.visits[number]
    if visit.id != visit_id and name == "allowed_shifts":
        return {"code": "displace", "visit": visit.id}
    return _VISIT[name](visit, value)


def _skill(shift: Any, value: list[str]) -> Part:
    return {"code": "skill", "shift": shift.id, "skills": sorted(set(value) - set(shift.skills))}


def _overtime(shift: Any, value: int) -> Part:
    return {"code": "overtime", "shift": shift.id, "minutes": value - shift.overtime,
            "until": shift.end + value}  # fmt: skip


def _about(code: str) -> Callable[[Any, Any], Part]:
    """A shift and its new number."""
    return lambda shift, value: {"code": code, "shift": shift.id, "amount": value}


def _clearance(shift: Any, _value: object) -> Part:
    return {"code": "clearance", "shift": shift.id}


def _window(visit: Any, value: list[Mapping[str, int]]) -> Part:
    """The windows that are new, and whether they are on a day that had none."""
    known = {(w.day, w.from_, w.to) for w in visit.windows}
    new = [w for w in value if (w["day"], w["from"], w["to"]) not in known]
    days = {w.day for w in visit.windows}
    code = "window" if any(w["day"] in days for w in new) else "other_day"
    return {"code": code, "windows": [dict(w) for w in new]}


def _shorter(visit: Any, value: int) -> Part:
    return {"code": "shorter", "minutes": visit.service_minutes - value, "left": value}


def _allow(visit: Any, value: list[str] | None) -> Part:
    was = set(visit.forbidden_shifts)
    return {"code": "allow", "shifts": sorted(was - set(value or ()))}


_SHIFT: Mapping[str, Callable[[Any, Any], Part]] = {
    "skills": _skill, "people": _about("person"), "clearances": _clearance,
    "kit_slots": _about("slots"), "max_visits": _about("visits"),
    "max_travel": _about("travel"), "max_duration": _about("duration"),
    "overtime": _overtime, "start": _about("earlier"),
}  # fmt: skip
_VISIT: Mapping[str, Callable[[Any, Any], Part]] = {
    "pin": lambda _visit, _value: {"code": "unlock"}, "windows": _window,
    "service_minutes": _shorter, "forbidden_shifts": _allow,
    "allowed_shifts": lambda _visit, _value: {"code": "allow", "shifts": []},
    "min_gap_days": lambda _visit, value: {"code": "gap", "days": value},
    "together_with": lambda _visit, _value: {"code": "together"},
}  # fmt: skip
