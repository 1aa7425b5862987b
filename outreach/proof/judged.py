"""From a bundle to what the one checker judges: once as planned, once as held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.proof import bundle
from outreach.rulesets import facts


def planned(of: bundle.Bundle, zone: ZoneInfo) -> facts.ElectionFacts:
    """The election as it is planned; what another election asks of its people counts too."""
    people, kinds = _people(of), _kinds(of)
    sessions = [
        _session(one, kinds, zone, (one.planned.starts, one.planned.ends), _seats(one, people))
        for one in of.sessions
        if one.planned
    ]
    return facts.ElectionFacts(
        election_day=of.election.day,
        writ_day=of.election.writ_day,
        decisions=decisions(of),
        sites=tuple(_site(one) for one in of.sites),
        sessions=tuple(sessions),
        others=tuple(_elsewhere(n, one, zone) for n, one in enumerate(of.elsewhere, start=1)),
    )


def held(of: bundle.Bundle, zone: ZoneInfo) -> tuple[facts.Session, ...]:
    """The sessions as they were held: who opened it, and once more who closed it, if others.

    An open one is judged by its opening alone.
    """
    people, kinds = _people(of), _kinds(of)
    return tuple(
        _session(one, kinds, zone, (one.held.opened_at, until), _named(one, names, people))
        for one in of.sessions
        if one.held
        for until in [one.held.closed_at or one.held.opened_at]
        for names in _teams(one.held)
    )


def _teams(of: bundle.Held) -> list[tuple[str, ...]]:
    """The receivers who opened a session, and those who closed it, if they are others."""
    same = not of.closed_by or set(of.closed_by) == set(of.opened_by)
    return [of.opened_by] if same else [of.opened_by, of.closed_by]


def decisions(of: bundle.Bundle) -> tuple[facts.LocalDecision, ...]:
    """The local decisions."""
    return tuple(
        facts.LocalDecision(one.option, one.decided_on, one.document, one.value)
        for one in of.election.decisions
    )


def _people(of: bundle.Bundle) -> dict[str, bundle.Receiver]:
    return {one.id: one for one in of.receivers}


def _kinds(of: bundle.Bundle) -> dict[str, str]:
    return {one.id: one.kind for one in of.sites}


def _site(one: bundle.Site) -> facts.SiteFacts:
    outcome = facts.Outcome(one.outcome) if one.outcome else None
    return facts.SiteFacts(one.id, one.label, one.kind, outcome, one.reason, one.expected)


def _receiver(one: bundle.Receiver, vehicle: str) -> facts.Receiver:
    return facts.Receiver(
        id=one.id, role=one.role, vehicle=vehicle, attributes=dict(one.attributes),
        flags=frozenset(one.flags), appointed_on=one.appointed_on, expires_on=one.expires_on,
        instructed_on=one.instructed_on,
    )  # fmt: skip


def _seats(
    of: bundle.Session, people: Mapping[str, bundle.Receiver]
) -> tuple[facts.Receiver, ...]:
    seats = of.planned.seats if of.planned else ()
    return tuple(_receiver(_known(one.receiver, people), one.vehicle) for one in seats)


def _named(
    of: bundle.Session, names: tuple[str, ...], people: Mapping[str, bundle.Receiver]
) -> tuple[facts.Receiver, ...]:
    """People in the vehicles that the plan gave them; whoever stepped in came with the others."""
    seats = of.planned.seats if of.planned else ()
    rides = {one.receiver: one.vehicle for one in seats}
    usual = next(iter(rides.values()), "")
    return tuple(_receiver(_known(name, people), rides.get(name, usual)) for name in names)


def _known(code: str, people: Mapping[str, bundle.Receiver]) -> bundle.Receiver:
    return people.get(code) or bundle.Receiver(id=code, role="")


def _session(
    of: bundle.Session,
    kinds: Mapping[str, str],
    zone: ZoneInfo,
    times: tuple[datetime, datetime],
    receivers: tuple[facts.Receiver, ...],
) -> facts.Session:
    return facts.Session(
        id=of.id, site=of.site, site_kind=kinds.get(of.site, ""), channel=of.channel,
        starts=times[0].astimezone(zone), ends=times[1].astimezone(zone), receivers=receivers,
        part=of.part, parts=of.parts, expected=of.expected,
        team=of.planned.team if of.planned else "",
    )  # fmt: skip


def _elsewhere(number: int, one: bundle.Elsewhere, zone: ZoneInfo) -> facts.Session:
    return facts.Session(
        id=f"X{number}", site="", site_kind="", channel="", starts=one.starts.astimezone(zone),
        ends=one.ends.astimezone(zone),
        receivers=tuple(facts.Receiver(code, "") for code in one.receivers),
    )  # fmt: skip
