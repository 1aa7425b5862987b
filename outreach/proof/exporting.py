"""From what is stored to the bundle: codes instead of people, an alias for a secret site. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.elections.models import Election
from outreach.elections.queries import SiteRow
from outreach.field.gate import TabletRow
from outreach.proof import bundle
from outreach.proof.queries import SessionRow
from outreach.receivers.models import Appointment
from outreach.receivers.queries import fact_of
from outreach.rulesets import facts
from outreach.rulesets.law import Law
from outreach.voting.rules import MarkKind

WITHHELD = "withheld"
"""Stands instead of the reason for a secret site, which might tell where it is."""
_LEAST = 6


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything that goes into a bundle."""

    election: Election
    law: Law
    municipality: str
    ticked: frozenset[str]
    sites: Sequence[SiteRow]
    appointments: Sequence[Appointment]
    sessions: Sequence[SessionRow]
    others: Sequence[facts.Session]


@dataclass(frozen=True, slots=True)
class Names:
    """What sites, people and tablets are called in the file."""

    sites: Mapping[str, str]
    people: Mapping[str, str]
    tablets: Mapping[str, str]


def document(stored: Stored, now: datetime, product: str) -> dict[str, Any]:
    """The whole bundle, sealed."""
    names = _names(stored)
    sessions = tuple(_session(one, names) for one in stored.sessions)
    receivers = _receivers(stored, names)
    made = bundle.Bundle(
        product=product,
        made_at=now,
        law=bundle.Law(
            name=stored.law.ruleset.key,
            document=stored.election.law,
            ticked=tuple(sorted(stored.ticked)),
        ),
        election=_election(stored),
        sites=tuple(_site(one) for one in stored.sites),
        receivers=receivers,
        sessions=sessions,
        elsewhere=tuple(_elsewhere(stored.others, names)),
        totals=bundle.totals(len(stored.sites), len(receivers), sessions),
        digest="0" * 64,
    )
    return bundle.sealed(made.model_dump(mode="json"))


def short_codes(ids: Iterable[str], letter: str) -> dict[str, str]:
    """A short code for each id, from its end, which is chance: as long as none is like another."""
    known = sorted(set(ids))
    length = _LEAST
    while len({one.replace("-", "")[-length:] for one in known}) < len(known):
        length += 1
    return {one: f"{letter}-{one.replace('-', '')[-length:]}" for one in known}


def _names(stored: Stored) -> Names:
    people = [row.staff_id for row in stored.appointments]
    for one in stored.sessions:
        people += [staff_id for staff_id, _vehicle in one.slot.seats] if one.slot else []
        people += [*one.standing.opened_by, *one.standing.closed_by]
        people += [staff_id for team in _reliefs(one) for staff_id in team]
    codes = {one.session.site_id: one.session.visit.site.code for one in stored.sessions}
    return Names(
        sites=codes | {one.id: one.code for one in stored.sites},
        people=short_codes(people, "R"),
        tablets=short_codes([t.id for one in stored.sessions for t in one.gate.tablets], "T"),
    )


def _election(stored: Stored) -> bundle.Election:
    of = stored.election
    return bundle.Election(
        id=of.id, title=of.title, municipality=stored.municipality, day=of.election_day,
        writ_day=of.writ_day,
        decisions=tuple(
            bundle.Decision(
                option=one.option, value=one.value, decided_on=one.decided_on,
                document=one.document,
            )
            for one in stored.law.decisions
        ),
    )  # fmt: skip


def _site(one: SiteRow) -> bundle.Site:
    reason = one.decision.reason if one.decision is not None else ""
    return bundle.Site(
        id=one.code, label=one.label, kind=one.kind, is_secret=one.is_secret,
        outcome=one.outcome.value if one.outcome else None,
        reason=WITHHELD if one.is_secret and reason.strip() else reason,
        expected=one.expected or 0,
    )  # fmt: skip


def _receivers(stored: Stored, names: Names) -> tuple[bundle.Receiver, ...]:
    """Everybody appointed, and whoever took part without being so."""
    asked = {name for one in stored.law.ruleset.channels.values() for name in one.team.distinct}
    appointed = {row.staff_id: fact_of(row) for row in stored.appointments}
    return tuple(
        _receiver(appointed.get(staff_id) or facts.Receiver(staff_id, ""), code, asked)
        for staff_id, code in names.people.items()
    )


def _receiver(fact: facts.Receiver, code: str, asked: set[str]) -> bundle.Receiver:
    return bundle.Receiver(
        id=code, role=fact.role, flags=tuple(sorted(fact.flags)),
        attributes={name: value for name, value in fact.attributes.items() if name in asked},
        appointed_on=fact.appointed_on, expires_on=fact.expires_on,
        instructed_on=fact.instructed_on,
    )  # fmt: skip


def _session(row: SessionRow, names: Names) -> bundle.Session:
    one = row.session
    site = names.sites[one.site_id]
    return bundle.Session(
        id=f"{site}/{one.part}", site=site, channel=one.channel, part=one.part, parts=one.parts,
        expected=one.expected, planned=_planned(row, names), held=_held(row, names),
    )  # fmt: skip


def _planned(row: SessionRow, names: Names) -> bundle.Planned | None:
    slot = row.slot
    if slot is None:
        return None
    return bundle.Planned(
        starts=slot.opens, ends=slot.closes, team=slot.team, is_published=slot.is_published,
        seats=tuple(
            bundle.Seat(receiver=names.people[staff_id], vehicle=vehicle)
            for staff_id, vehicle in slot.seats
        ),
    )  # fmt: skip


def _held(row: SessionRow, names: Names) -> bundle.Held | None:
    standing = row.standing
    if standing.opened_at is None:
        return None
    return bundle.Held(
        opened_at=standing.opened_at, closed_at=standing.closed_at,
        opened_by=tuple(names.people[one] for one in standing.opened_by),
        closed_by=tuple(names.people[one] for one in standing.closed_by),
        relieved_by=tuple(
            tuple(names.people[one] for one in team) for team in _reliefs(row)
        ),
        is_doubtful=standing.is_doubtful, counts=bundle.Counts(**row.reported.counts),
        outside=sum(row.reported.outside.values()),
        tablets=tuple(_tablet(one, names) for one in row.gate.tablets),
    )  # fmt: skip


def _reliefs(row: SessionRow) -> list[tuple[str, ...]]:
    """The teams that took over while the session was open."""
    return [one.receivers for one in row.reported.marks if one.kind == MarkKind.SWAP]


def _tablet(one: TabletRow, names: Names) -> bundle.Tablet:
    return bundle.Tablet(
        id=names.tablets[one.id], seen_at=one.seen_at, pending=one.pending,
        is_complete=one.is_complete,
    )  # fmt: skip


def _elsewhere(others: Sequence[facts.Session], names: Names) -> Iterable[bundle.Elsewhere]:
    """When people of this election are at a session of another; of nobody else."""
    for one in others:
        people = [names.people[r.id] for r in one.receivers if r.id in names.people]
        if people:
            yield bundle.Elsewhere(starts=one.starts, ends=one.ends, receivers=tuple(people))
