"""A visit's voting session as the tablet holds it: the law resolved, and who may receive votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from outreach.rulesets.facts import Finding
from outreach.rulesets.law import Law, SessionRule, TeamRule
from outreach.voting.rules import FEWEST, Mark
from outreach.voting.seats import Person, Seat, marks, seats

Body = dict[str, Any]
_STRANGER = {"da": "Er ikke udpeget til dette valg.", "en": "Is not appointed for this election."}
_INACTIVE = {"da": "Er ikke aktiv.", "en": "Is not active."}


def add_sessions(rows: dict[tuple[str, str], Body], visit_ids: set[str], rounds: list[Any]) -> None:
    """Put a session on each of these visits that has one. Cost: five statements at most.

    ``rounds`` are all that are published on the days that a tablet sees, of whatever team: whoever
    rides in another one of the day is nobody's substitute.
    """
    if not visit_ids:
        return
    known = {row.id: row for row in rounds}
    reported = marks(visit_ids)
    for visit_id, seat in seats(visit_ids).items():
        body = rows["visit", visit_id]
        mine = known.get(body["round"])
        day = date.fromisoformat(body["day"])
        members = _members(mine) if mine else {}
        busy = {id_ for row in rounds if row.day == day for id_ in row.member_ids}
        said = reported.get(visit_id, [])
        shown = _shown(seat, members, busy, said)
        body["session"] = _body(seat, body, said) | {
            "receivers": [_receiver(seat, id_, day, members) for id_ in shown]
        }


def _members(round_: Any) -> dict[str, str]:
    """The people of a round by id, with their names where these are known."""
    names = dict(zip(round_.member_ids, round_.members, strict=False))
    return {id_: names.get(id_, "") for id_ in round_.member_ids}


def _shown(
    seat: Seat, members: Mapping[str, str], busy: set[str], said: Iterable[Mark]
) -> list[str]:
    """The round's people, then who was named, then who is free that day and may; reserves first."""
    named = [id_ for mark in said for id_ in mark.receivers if id_ in seat.people]
    free = [id_ for id_ in seat.people if id_ not in busy]
    free.sort(key=lambda id_: not seat.people[id_].is_reserve)
    return list(dict.fromkeys([*members, *named, *free]))


def _body(seat: Seat, body: Body, said: Iterable[Mark]) -> Body:
    one, law = seat.session, seat.known.law if seat.known else None
    window = law.windows.get(one.channel) if law else None
    rule = _rule(law, one.channel)
    doors = (
        body["start"] + seat.election.setup_minutes, body["end"] - seat.election.pack_minutes
    )  # fmt: skip
    return {
        "title": seat.election.title, "channel": one.channel,
        "opens": _millis(window.first) if window else None,
        "shuts": _millis(window.last) if window else None,
        "hours": _hours(rule), "cite": window.cite if window else "",
        "doors": list(doors), "least": rule.min_minutes if rule else 0,
        "crew": _crew(_team(law, one.channel)),
        "expected": one.expected, "desks": one.desks, "part": one.part, "parts": one.parts,
        "marks": [_mark(mark) for mark in said],
    }  # fmt: skip


def _rule(law: Law | None, channel: str) -> SessionRule | None:
    return law.session(channel) if law and law.channel(channel) else None


def _team(law: Law | None, channel: str) -> TeamRule | None:
    return law.team(channel) if law and law.channel(channel) else None


def _hours(rule: SessionRule | None) -> list[int] | None:
    if rule is None or rule.hours is None:
        return None
    return [_minute(at) for at in rule.hours]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _crew(rule: TeamRule | None) -> Body:
    if rule is None:
        return {"min": FEWEST, "max": None, "roles": []}
    return {
        "min": max(FEWEST, rule.size_min), "max": rule.size_max,
        "roles": [{"role": one.role, "min": one.min, "max": one.max} for one in rule.roles],
    }  # fmt: skip


def _mark(mark: Mark) -> Body:
    return {
        "op": mark.op_id, "kind": mark.kind, "at": _millis(mark.at),
        "receivers": list(mark.receivers), "doubtful": mark.is_doubtful,
    }  # fmt: skip


def _receiver(seat: Seat, id_: str, day: date, members: Mapping[str, str]) -> Body:
    person = seat.people.get(id_)
    if person is None:
        name = members[id_]
        return {
            "id": id_, "name": name, "initials": "", "role": "", "groups": [], "member": True,
            "why_not": _STRANGER,
        }  # fmt: skip
    return {
        "id": id_, "name": person.name, "initials": person.initials, "role": person.fact.role,
        "groups": _groups(seat, person), "member": id_ in members,
        "why_not": _why_not(seat, person, day),
    }  # fmt: skip


def _why_not(seat: Seat, person: Person, day: date) -> Body | None:
    if not person.is_active:
        return _INACTIVE
    found: Finding | None = None
    if seat.known is not None:
        found = seat.known.against(person.fact, day, seat.session.channel)
    return {"da": found.da, "en": found.en} if found else None


def _groups(seat: Seat, person: Person) -> list[str]:
    """Names for what two people may not share, without saying what it is.

    Where it is not known the person has the same one twice, and so suits nobody.
    """
    rule = _team(seat.known.law if seat.known else None, seat.session.channel)
    found = []
    for attribute in rule.distinct if rule else ():
        values = sorted({one.fact.attributes.get(attribute, "") for one in seat.people.values()})
        value = person.fact.attributes.get(attribute, "")
        found += [f"{attribute}:{values.index(value)}"] * (1 if value else 2)
    return found
