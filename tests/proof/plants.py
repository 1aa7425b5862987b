"""Breaches to plant in a valid election, each of one rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from outreach.proof.verify import verify
from tests.proof.made import Document

# What a plant does to a document; it gives the rule that must be named, or None where this
# election has no place for it.
Plant = Callable[[Document], str | None]


def session(document: Document, **wanted: Any) -> Document | None:
    """The first session that is only planned and has all that is wanted."""
    for one in document["sessions"]:
        if not one.get("held") and all(one[name] == value for name, value in wanted.items()):
            found: Document = one
            return found
    return None


def window(document: Document, channel: str) -> tuple[datetime, datetime]:
    span = next(one for one in verify(document).windows if one.name == channel)
    return datetime.fromisoformat(span.first), datetime.fromisoformat(span.last)


def law_of(document: Document, channel: str) -> Document:
    found: Document = document["law"]["document"]["channels"][channel]
    return found


def move(one: Document, starts: datetime) -> None:
    planned = one["planned"]
    length = datetime.fromisoformat(planned["ends"]) - datetime.fromisoformat(planned["starts"])
    planned["starts"], planned["ends"] = starts.isoformat(), (starts + length).isoformat()


def alone(document: Document) -> Document | None:
    """A session that can be moved without touching other rules: its site has no other."""
    return session(document, parts=1)


def before_the_window(document: Document) -> str | None:
    one = alone(document)
    if one is None:
        return None
    first, _last = window(document, one["channel"])
    was = datetime.fromisoformat(one["planned"]["starts"])
    move(one, datetime.combine(first.date() - timedelta(days=1), was.timetz()))
    return "window-before"


def after_the_window(document: Document) -> str | None:
    one = alone(document)
    if one is None:
        return None
    _first, last = window(document, one["channel"])
    was = datetime.fromisoformat(one["planned"]["starts"])
    move(one, datetime.combine(last.date() + timedelta(days=1), was.timetz()))
    return "window-after"


def across_the_end(document: Document) -> str | None:
    one = alone(document)
    if one is None or law_of(document, one["channel"])["session"].get("hours"):
        return None
    _first, last = window(document, one["channel"])
    move(one, last.replace(second=0) - timedelta(minutes=10))
    return "window-across"


def one_receiver(document: Document) -> str | None:
    one = session(document)
    if one is None:
        return None
    team = law_of(document, one["channel"])["team"]
    if team["size"]["min"] < 2:
        return None
    needed = {role for role, limit in team["roles"].items() if limit.get("min", 0)}
    roles = {person["id"]: person["role"] for person in document["receivers"]}
    seats = one["planned"]["seats"]
    one["planned"]["seats"] = [seat for seat in seats if roles[seat["receiver"]] in needed][:1]
    return "team-least" if one["planned"]["seats"] else None


def person(document: Document) -> tuple[Document, Document] | None:
    """A planned session and one of its receivers, who has no held one and no other team."""
    for one in document["sessions"]:
        if one.get("held"):
            continue
        for seat in one["planned"]["seats"]:
            code = seat["receiver"]
            names = [c for s in document["sessions"] for c in codes(s)]
            if names.count(code) == 1:
                return one, next(p for p in document["receivers"] if p["id"] == code)
    return None


def codes(one: Document) -> list[str]:
    held = one.get("held") or {"opened_by": [], "closed_by": []}
    found: list[str] = (
        [s["receiver"] for s in one["planned"]["seats"]] + held["opened_by"] + held["closed_by"]
    )
    return found


def a_candidate(document: Document) -> str | None:
    found = person(document)
    if found is None or "candidate" not in law_of(document, found[0]["channel"])["team"].get(
        "exclude_flags", {}
    ):
        return None
    found[1]["flags"] = ["candidate"]
    return "receiver-flags"


def an_uninstructed_receiver(document: Document) -> str | None:
    found = person(document)
    if found is None or not law_of(document, found[0]["channel"])["team"]["instruction"]["value"]:
        return None
    found[1]["instructed_on"] = None
    return "receiver-instructed"


def an_expired_appointment(document: Document) -> str | None:
    found = person(document)
    if found is None:
        return None
    day = datetime.fromisoformat(found[0]["planned"]["starts"]).date()
    found[1]["expires_on"] = (day - timedelta(days=1)).isoformat()
    return "receiver-expired"


def appointed_too_late(document: Document) -> str | None:
    found = person(document)
    if found is None:
        return None
    day = datetime.fromisoformat(found[0]["planned"]["starts"]).date()
    found[1]["appointed_on"] = (day + timedelta(days=1)).isoformat()
    found[1]["instructed_on"] = day.isoformat()
    return "receiver-appointed"


def in_two_sessions_at_once(document: Document) -> str | None:
    planned = [one for one in document["sessions"] if not one.get("held") and one["parts"] == 1]
    for one, other in pairwise(planned):
        if one["channel"] == other["channel"]:
            again = json.loads(json.dumps(one["planned"]))
            other["planned"] = {**again, "team": "another"}
            return "receiver-one-place"
    return None


def in_another_election_at_once(document: Document) -> str | None:
    one = session(document)
    if one is None:
        return None
    planned = one["planned"]
    document["elsewhere"].append({
        "starts": planned["starts"], "ends": planned["ends"],
        "receivers": [planned["seats"][0]["receiver"]],
    })  # fmt: skip
    return "receiver-one-place"


def spare(document: Document) -> tuple[Document, Document, Document] | None:
    """A session, one of its team whose role is there often enough without, and the limits."""
    found = person(document)
    if found is None:
        return None
    roles: Document = law_of(document, found[0]["channel"])["team"]["roles"]
    mates = [seat["receiver"] for seat in found[0]["planned"]["seats"]]
    same = [p for p in document["receivers"] if p["id"] in mates and p["role"] == found[1]["role"]]
    return (*found, roles) if len(same) > roles[found[1]["role"]].get("min", 0) else None


def the_wrong_group_mix(document: Document) -> str | None:
    """One more of a role that only a decision of the council lets in."""
    found = spare(document)
    decided = {one["option"] for one in document["election"]["decisions"]}
    for role, limit in found[2].items() if found else ():
        if found and limit.get("requires_decision") and limit["requires_decision"] not in decided:
            found[1]["role"] = role
            return "team-roles-most"
    return None


def a_role_that_the_law_does_not_know(document: Document) -> str | None:
    found = spare(document)
    if found is None:
        return None
    found[1]["role"] = "journalist"
    return "receiver-role"


def two_vehicles(document: Document) -> str | None:
    one = session(document)
    if one is None:
        return None
    if not law_of(document, one["channel"])["team"].get("same_vehicle", {}).get("value"):
        return None
    one["planned"]["seats"][0]["vehicle"] = "En anden bil"
    return "team-vehicle"


def the_same_party_twice(document: Document) -> str | None:
    found = person(document)
    if found is None:
        return None
    distinct = law_of(document, found[0]["channel"])["team"].get("distinct", {})
    mates = [s["receiver"] for s in found[0]["planned"]["seats"] if s["receiver"] != found[1]["id"]]
    if "party" not in distinct or not mates:
        return None
    mate = next(p for p in document["receivers"] if p["id"] == mates[0])
    found[1]["attributes"]["party"] = mate["attributes"]["party"]
    return "team-distinct"


def a_site_without_decision(document: Document) -> str | None:
    channels = document["law"]["document"]["channels"].values()
    kinds = [kind for one in channels for kind in one.get("site_kinds", {})]
    if not kinds:
        return None
    document["sites"].append({"id": "S7777", "label": "Glemt", "kind": kinds[0], "outcome": None})
    return "site-decided"


def a_decided_site_without_a_session(document: Document) -> str | None:
    one = alone(document)
    if one is None:
        return None
    document["sessions"].remove(one)
    return "site-session"


def a_session_that_is_too_short(document: Document) -> str | None:
    one = session(document)
    if one is None:
        return None
    least = law_of(document, one["channel"])["session"]["min_minutes"]["value"]
    if not least:
        return None
    starts = datetime.fromisoformat(one["planned"]["starts"])
    one["planned"]["ends"] = (starts + timedelta(minutes=least - 1)).isoformat()
    return "session-minutes"


def a_split_home_with_a_part_missing(document: Document) -> str | None:
    for one in document["sessions"]:
        same_day = [
            other for other in document["sessions"]
            if other["site"] == one["site"] and other["id"] != one["id"]
            and other["planned"]["starts"][:10] == one["planned"]["starts"][:10]
        ]  # fmt: skip
        if same_day and not one.get("held"):
            document["sessions"].remove(one)
            return "site-parts"
    return None


def held_before_the_window(document: Document) -> str | None:
    for one in document["sessions"]:
        if one.get("held"):
            first, _last = window(document, one["channel"])
            one["held"]["opened_at"] = (first - timedelta(hours=30)).isoformat()
            return "window-before"
    return None


def held_by_one(document: Document) -> str | None:
    for one in document["sessions"]:
        team = law_of(document, one["channel"])["team"]
        plain = not any(limit.get("min", 0) > 1 for limit in team["roles"].values())
        if one.get("held") and team["size"]["min"] > 1 and plain:
            roles = {p["id"]: p["role"] for p in document["receivers"]}
            needed = {role for role, limit in team["roles"].items() if limit.get("min", 0)}
            fit = [n for n in one["held"]["opened_by"] if not needed or roles[n] in needed]
            one["held"]["opened_by"], one["held"]["closed_by"] = fit[:1], []
            return "team-least"
    return None


def in_a_way_that_asks_for_less(document: Document) -> str | None:
    """A care home visited as a place for any voter needs one receiver only, weeks earlier."""
    one, channels = session(document), document["law"]["document"]["channels"]
    if one is None or not channels[one["channel"]].get("site_kinds") or "any_voter" not in channels:
        return None
    role = next(iter(channels["any_voter"]["team"]["roles"]))
    seat = one["planned"]["seats"][0]
    person = next(p for p in document["receivers"] if p["id"] == seat["receiver"])
    document["receivers"].append({**person, "id": "R-alone", "role": role, "expires_on": None})
    one["channel"], one["held"] = "any_voter", None
    one["planned"]["seats"] = [{**seat, "receiver": "R-alone"}]
    return "channel-fits"


def held_where_it_is_not_decided(document: Document) -> str | None:
    """Without a plan, at a site of which it is decided that nothing happens there."""
    for one in document["sessions"]:
        rides = law_of(document, one["channel"])["team"].get("same_vehicle")
        if one.get("held") and one["parts"] == 1 and not rides:
            site = next(site for site in document["sites"] if site["id"] == one["site"])
            if site["outcome"] == "session":
                one["planned"] = None
                site["outcome"], site["reason"] = "none", "Ingen ønsker det"
                return "session-decided"
    return None


def relieved_by_one(document: Document) -> str | None:
    for one in document["sessions"]:
        if one.get("held") and held_by_one(document) and not one["held"]["closed_by"]:
            alone = one["held"]["opened_by"]
            one["held"]["opened_by"] = [seat["receiver"] for seat in one["planned"]["seats"]]
            one["held"]["relieved_by"] = [alone]
            return "team-least"
    return None


PLANTS: dict[str, Plant] = {
    plant.__name__.replace("_", "-"): plant
    for plant in (
        before_the_window, after_the_window, across_the_end, one_receiver, a_candidate,
        an_uninstructed_receiver, an_expired_appointment, appointed_too_late,
        in_two_sessions_at_once, in_another_election_at_once, the_wrong_group_mix,
        a_role_that_the_law_does_not_know, two_vehicles,
        the_same_party_twice, a_site_without_decision, a_decided_site_without_a_session,
        a_session_that_is_too_short, a_split_home_with_a_part_missing, held_before_the_window,
        held_by_one, relieved_by_one, in_a_way_that_asks_for_less, held_where_it_is_not_decided,
    )
}  # fmt: skip
