"""A plan as it is shown, whether it comes from rows or from a snapshot. Pure.

A snapshot is canonical JSON: sorted keys, no spaces, UTF-8. It holds every name as it was, so a
published version reads the same whatever is renamed later; secret sites stand under their alias.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """What is shown of a visit wherever it stands.

    Attributes:
        services: Danish and English name of each.
    """

    visit_id: str
    site_id: str
    site: str
    kind: str
    is_secret: bool
    services: tuple[tuple[str, str], ...]
    service_minutes: int


@dataclass(frozen=True, slots=True)
class ShownStop:
    """A stop; minutes from midnight. ``travel_minutes`` is the way to it."""

    visit: ShownVisit
    arrives: int
    starts: int
    ends: int
    travel_minutes: int


@dataclass(frozen=True, slots=True)
class ShownRound:
    """A team's day."""

    letter: str
    day: date
    member_ids: tuple[str, ...]
    members: tuple[str, ...]
    vehicle: str
    kits: tuple[str, ...]
    leaves: int
    returns: int
    rest: tuple[int, int] | None
    travel_minutes: int
    metres: int
    grams_co2: int
    stops: tuple[ShownStop, ...]


@dataclass(frozen=True, slots=True)
class ShownLeft:
    """A visit that the plan leaves out; reasons as the solver's explanation gives them."""

    visit: ShownVisit
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole plan.

    Attributes:
        names: Danish and English name of the codes in the reasons.
    """

    monday: date
    number: int
    rounds: tuple[ShownRound, ...]
    left: tuple[ShownLeft, ...]
    overtime_minutes: int
    names: Mapping[str, tuple[str, str]]


def to_bytes(picture: Picture) -> bytes:
    """The picture as canonical JSON."""
    return json.dumps(
        asdict(picture), sort_keys=True, separators=(",", ":"), ensure_ascii=False,
        default=date.isoformat,
    ).encode()  # fmt: skip


def fingerprint(data: bytes) -> str:
    """SHA-256 in hex: the same for the same picture alone."""
    return hashlib.sha256(data).hexdigest()


def from_bytes(data: bytes) -> Picture:
    """Read a snapshot."""
    raw = json.loads(data)
    return Picture(
        date.fromisoformat(raw["monday"]), raw["number"],
        tuple(_round(one) for one in raw["rounds"]),
        tuple(ShownLeft(_visit(one["visit"]), tuple(one["reasons"])) for one in raw["left"]),
        raw["overtime_minutes"],
        {code: (danish, english) for code, (danish, english) in raw["names"].items()},
    )  # fmt: skip


def hidden(picture: Picture, aliases: Mapping[str, str]) -> Picture:
    """The picture with sites under the aliases that they have got since, by site id."""

    def seen(visit: ShownVisit) -> ShownVisit:
        alias = aliases.get(visit.site_id)
        return visit if alias is None else replace(visit, site=alias, is_secret=True)

    return replace(
        picture,
        rounds=tuple(
            replace(one, stops=tuple(replace(s, visit=seen(s.visit)) for s in one.stops))
            for one in picture.rounds
        ),
        left=tuple(replace(one, visit=seen(one.visit)) for one in picture.left),
    )


def _round(raw: dict[str, Any]) -> ShownRound:
    plain = {**raw, "day": date.fromisoformat(raw["day"])}
    for name in ("member_ids", "members", "kits"):
        plain[name] = tuple(raw[name])
    plain["rest"] = tuple(raw["rest"]) if raw["rest"] else None
    plain["stops"] = tuple(ShownStop(**{**s, "visit": _visit(s["visit"])}) for s in raw["stops"])
    return ShownRound(**plain)


def _visit(raw: dict[str, Any]) -> ShownVisit:
    names = tuple((danish, english) for danish, english in raw["services"])
    return ShownVisit(**{**raw, "services": names})


@dataclass(frozen=True, slots=True)
class Appointment:
    """When and with which team somebody is where."""

    day: date
    starts: int
    letter: str
    site: str


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What a new version changes for one person."""

    name: str
    gained: tuple[Appointment, ...]
    lost: tuple[Appointment, ...]
    moved: tuple[tuple[Appointment, Appointment], ...]
    kept: int


def differences(before: Picture | None, after: Picture) -> tuple[PersonChange, ...]:
    """What changes for whom, by name; people for whom nothing changes are left out."""
    old, new = _by_person(before), _by_person(after)
    changes = []
    for person in old.keys() | new.keys():
        name, was = old.get(person, ("", {}))
        name, now = new.get(person, (name, {}))
        both = sorted(was.keys() & now.keys(), key=lambda visit: _when(now[visit]))
        change = PersonChange(
            name,
            _sorted(now[v] for v in now.keys() - was.keys()),
            _sorted(was[v] for v in was.keys() - now.keys()),
            tuple((was[v], now[v]) for v in both if was[v] != now[v]),
            sum(was[v] == now[v] for v in both),
        )
        if change.gained or change.lost or change.moved:
            changes.append(change)
    return tuple(sorted(changes, key=lambda change: change.name))


def _sorted(found: Any) -> tuple[Appointment, ...]:
    return tuple(sorted(found, key=_when))


def _when(one: Appointment) -> tuple[date, int, str]:
    return one.day, one.starts, one.site


def _by_person(picture: Picture | None) -> dict[str, tuple[str, dict[str, Appointment]]]:
    people: dict[str, tuple[str, dict[str, Appointment]]] = {}
    for round_ in picture.rounds if picture else ():
        for person, name in zip(round_.member_ids, round_.members, strict=True):
            _name, visits = people.setdefault(person, (name, {}))
            for stop in round_.stops:
                visits[stop.visit.visit_id] = Appointment(
                    round_.day, stop.starts, round_.letter, stop.visit.site
                )
    return people
