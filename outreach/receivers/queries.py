"""Reads of appointments: who receives votes in an election, and who may on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from outreach.core import clock
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.core.i18n import language
from outreach.elections.models import Election
from outreach.elections.queries import law_of
from outreach.people.models import Staff
from outreach.receivers.matching import Known
from outreach.receivers.models import Appointment
from outreach.receivers.rules import can_come
from outreach.rulesets import facts
from outreach.rulesets.check import check_receiver
from outreach.rulesets.facts import Finding, Level
from outreach.rulesets.resolve import Law

SESSIONS = "institution"
"""The channel whose teams go out, if the law has it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is appointed, and whether that is enough for a day.

    Attributes:
        fact: the person as the checker sees one.
        findings: what the law says against it, with its paragraph.
        is_there: not away, and the day is one that the person named.
    """

    fact: facts.Receiver
    name: str
    is_reserve: bool
    findings: tuple[Finding, ...]
    is_there: bool

    @property
    def may(self) -> bool:
        """Whether the person can be planned."""
        return self.is_there and not any(one.level is Level.BLOCK for one in self.findings)

    @property
    def why(self) -> tuple[str, ...]:
        """Why not, in the language of the moment."""
        said = [one.da if language() == "da" else one.en for one in self.findings
                if one.level is Level.BLOCK]  # fmt: skip
        return tuple(said if self.is_there else [*said, _("Cannot come on this day.")])


def appointments(election_id: str) -> tuple[Appointment, ...]:
    """Everybody appointed, with name and absences, in Danish order. Cost: two statements."""
    return tuple(
        db.session.scalars(
            select(Appointment)
            .join(Staff, Staff.id == Appointment.staff_id)
            .where(Appointment.election_id == election_id)
            .options(joinedload(Appointment.staff).selectinload(Staff.absences))
            .order_by(Staff.sort_key, Appointment.id)
        )
    )


def appointment_by_id(appointment_id: str, election_id: str = "") -> Appointment:
    """One appointment with its person; of this election alone, where one is given.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Appointment)
        .where(Appointment.id == appointment_id)
        .options(joinedload(Appointment.staff).selectinload(Staff.absences))
    ).first()
    if found is None or (election_id and found.election_id != election_id):
        raise NotFound
    return found


def fact_of(row: Appointment, vehicle: str = "") -> facts.Receiver:
    """An appointment as the checker sees one; ``vehicle`` is what the person rides in."""
    return facts.Receiver(
        id=row.staff_id, role=row.role, vehicle=vehicle, name=row.staff.name,
        attributes=dict(row.attributes), appointed_on=row.appointed_on,
        flags=frozenset({"candidate"} if row.is_candidate else ()),
        expires_on=row.expires_on, instructed_on=row.instructed_on,
    )  # fmt: skip


def candidates(
    election: Election, day: date, law: Law | None = None, channel: str = ""
) -> tuple[Candidate, ...]:
    """Everybody appointed, with what speaks against planning them on a day. Cost: two statements.

    ``channel`` is the ruleset's; left out, the one whose teams go out to institutions.
    """
    law = law or law_of(election)
    channel = channel or going_out(law)
    return tuple(
        judged(row, day, law, channel) for row in appointments(election.id)
    )  # fmt: skip


def eligible(
    election: Election, day: date, law: Law | None = None, channel: str = ""
) -> tuple[Candidate, ...]:
    """Those who may be planned on a day, reserves last. Cost: two statements."""
    found = (one for one in candidates(election, day, law, channel) if one.may)
    return tuple(sorted(found, key=lambda one: one.is_reserve))


def judged(row: Appointment, day: date, law: Law, channel: str) -> Candidate:
    """One appointment on a day."""
    fact = fact_of(row)
    away = ((a.from_day, a.to_day) for a in row.staff.absences)
    return Candidate(
        fact, row.staff.name, row.is_reserve, tuple(check_receiver(fact, day, law, channel)),
        can_come(day, row.days, away, is_active=row.staff.is_active),
    )  # fmt: skip


def going_out(law: Law) -> str:
    """The channel whose sessions are planned: institutions, else the first that the law has."""
    channels = law.ruleset.channels
    named = (name for name, channel in channels.items() if channel.site_kinds)
    return SESSIONS if SESSIONS in channels else next(named, next(iter(channels)))


def attribute_of(law: Law) -> str:
    """What the people of a team must differ in, such as the party; empty where nothing is asked."""
    return next(iter(law.team(going_out(law)).distinct), "")


def free_staff(election_id: str) -> list[tuple[str, str]]:
    """Id and name of everybody active who is not appointed yet, for a form. Cost: one statement."""
    taken = select(Appointment.staff_id).where(Appointment.election_id == election_id)
    found = db.session.scalars(
        select(Staff).where(Staff.is_active, Staff.id.not_in(taken)).order_by(Staff.sort_key)
    )
    return [(one.id, one.name) for one in found]


def known(election_id: str, attribute: str) -> tuple[Known, ...]:
    """Everybody whom a list may mean, with what ``attribute_of`` gave. Cost: two statements."""
    numbers: dict[str, set[str]] = {}
    here: dict[str, Appointment] = {}
    for row in db.session.scalars(select(Appointment)):
        if row.source_ref:
            numbers.setdefault(row.staff_id, set()).add(row.source_ref)
        if row.election_id == election_id:
            here[row.staff_id] = row
    return tuple(
        Known(
            one.id, one.name, one.email, one.phone, frozenset(numbers.get(one.id, ())),
            _values(here[one.id], attribute) if one.id in here else None,
        )
        for one in _staff()
    )  # fmt: skip


def _staff() -> Iterable[Staff]:
    return db.session.scalars(select(Staff).order_by(Staff.sort_key, Staff.id))


def _values(row: Appointment, attribute: str) -> dict[str, object]:
    """An appointment by the names that lists use."""
    return {
        "number": row.source_ref, "role": row.role, "appointed": row.appointed_on,
        "expires": row.expires_on, "instructed": row.instructed_on,
        "candidate": row.is_candidate, "reserve": row.is_reserve,
        "days": None if row.days is None else tuple(map(date.fromisoformat, row.days)),
        "party": row.attributes.get(attribute, ""),
    }  # fmt: skip


def also_appointed(election: Election) -> Mapping[str, tuple[str, ...]]:
    """Titles of other elections that are not over, by staff member. Cost: one statement.

    Only of people who are appointed in this one too.
    """
    here = select(Appointment.staff_id).where(Appointment.election_id == election.id)
    rows = db.session.execute(
        select(Appointment.staff_id, Election.title)
        .join(Election, Election.id == Appointment.election_id)
        .where(Appointment.staff_id.in_(here), Election.id != election.id)
        .where(Election.election_day >= clock.today())
        .order_by(Election.election_day)
    )
    found: dict[str, tuple[str, ...]] = {}
    for staff_id, title in rows:
        found[staff_id] = (*found.get(staff_id, ()), title)
    return found
