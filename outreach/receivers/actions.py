"""Writes: appointing people, their instruction, and bringing in a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.core import audit, clock
from outreach.core.db import atomic, db
from outreach.core.errors import Invalid
from outreach.core.i18n import sort_key
from outreach.elections.models import Election
from outreach.elections.queries import ruleset_of
from outreach.people.models import Staff
from outreach.receivers.matching import Change, Step, said
from outreach.receivers.models import Appointment
from outreach.receivers.rules import initials

EMPLOYEE = "municipal_employee"
"""The role of those who are employed anyway; all others are appointed for the election."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFields:
    """What is entered about an appointment; names as in ``models.Appointment``."""

    role: str
    appointed_on: date | None
    expires_on: date | None = None
    instructed_on: date | None = None
    is_candidate: bool = False
    is_reserve: bool = False
    days: list[str] | None = None
    source_ref: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is not known yet."""

    name: str
    email: str = ""
    phone: str = ""


@atomic
def appoint(election: Election, who: str | NewPerson, given: AppointmentFields) -> Appointment:
    """Appoint a staff member by id, or somebody new.

    Raises:
        Invalid: a field is wrong, or the person is appointed already.
    """
    _check(election, given)
    staff_id = _made(who, given.role) if isinstance(who, NewPerson) else who
    row = Appointment(election_id=election.id, staff_id=staff_id)
    if _is_appointed(election, staff_id):
        raise Invalid({"staff_id": _("This person is appointed already.")})
    _set(row, given)
    db.session.add(row)
    db.session.flush()
    audit.record("appoint", "election", election.id, staff=staff_id, role=given.role)
    return row


def _is_appointed(election: Election, staff_id: str) -> bool:
    found = select(Appointment.id).where(
        Appointment.election_id == election.id, Appointment.staff_id == staff_id
    )
    return db.session.scalars(found).first() is not None


@atomic
def change(election: Election, row: Appointment, given: AppointmentFields) -> None:
    """Change an appointment.

    Raises:
        Invalid: a field is wrong; it says which.
    """
    _check(election, given)
    _set(row, given)
    db.session.flush()
    audit.record("change-appointment", "election", election.id, staff=row.staff_id)


def _check(election: Election, given: AppointmentFields) -> None:
    wrong: dict[str, str] = {}
    ruleset = ruleset_of(election)
    if given.role not in ruleset.roles:
        wrong["role"] = _("The ruleset knows no such role.")
    if given.attributes.keys() - {n for c in ruleset.channels.values() for n in c.team.distinct}:
        wrong["attribute"] = _("The law does not ask for this, so it is not kept.")
    if given.appointed_on and given.expires_on and given.expires_on < given.appointed_on:
        wrong["expires_on"] = _("The appointment ends before it begins.")
    if given.instructed_on is not None and given.instructed_on > clock.today():
        wrong["instructed_on"] = _("The instruction lies in the future.")
    if wrong:
        raise Invalid(wrong)


def _set(row: Appointment, given: AppointmentFields) -> None:
    row.role, row.source_ref = given.role, given.source_ref
    row.appointed_on, row.expires_on = given.appointed_on, given.expires_on
    row.instructed_on, row.days = given.instructed_on, given.days
    row.is_candidate, row.is_reserve = given.is_candidate, given.is_reserve
    row.attributes = dict(given.attributes)


def _made(person: NewPerson, role: str) -> str:
    row = Staff(
        name=person.name, initials=initials(person.name), sort_key=sort_key(person.name),
        email=person.email, phone=person.phone, skills=[], absences=[],
        employment="employee" if role == EMPLOYEE else "appointed_voter",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


@atomic
def remove(row: Appointment) -> None:
    """Call off an appointment; the person stays on the staff list."""
    db.session.delete(row)
    audit.record("call-off", "election", row.election_id, staff=row.staff_id)


@atomic
def instruct(election: Election, ids: Collection[str] | None, day: date) -> tuple[int, datetime]:
    """Note that people were instructed on a day; who was before keeps the first day.

    ``ids`` are appointments; None is everybody. Gives how many were changed, and the moment by
    which it can be undone.

    Raises:
        Invalid: the day lies in the future.
    """
    if day > clock.today():
        raise Invalid({"day": _("The instruction lies in the future.")})
    at, count = clock.now(), 0
    for row in db.session.scalars(
        select(Appointment).where(
            Appointment.election_id == election.id, Appointment.instructed_on.is_(None)
        )
    ):
        if ids is None or row.id in ids:
            row.instructed_on, row.updated_at = day, at
            count += 1
    audit.record("instruct", "election", election.id, people=count, day=day.isoformat())
    return count, at


@atomic
def undo_instruct(election: Election, at: datetime) -> None:
    """Take back what was noted together at a moment and not touched since."""
    for row in db.session.scalars(
        select(Appointment).where(
            Appointment.election_id == election.id, Appointment.updated_at == at
        )
    ):
        row.instructed_on = None
    audit.record("undo-instruct", "election", election.id)


@atomic
def bring_in(election: Election, changes: Iterable[Change], attribute: str) -> Mapping[Step, int]:
    """Do what the dry run of a list showed; gives how many lines led to what.

    ``attribute`` is what the law wants to differ, such as the party; empty for nothing.
    """
    counted = dict.fromkeys(Step, 0)
    todo = list(changes)
    staff = {row.id: row for row in db.session.scalars(select(Staff))}
    rows = {
        row.staff_id: row
        for row in db.session.scalars(
            select(Appointment).where(Appointment.election_id == election.id)
        )
    }
    made = _new_staff([one for one in todo if one.step is Step.MAKE])
    for one in todo:
        person = staff.get(one.staff_id) or made[one.person.row]
        _own(person, one)
        row = rows.get(person.id)
        if row is None:
            row = Appointment(
                election_id=election.id, staff_id=person.id, appointed_on=clock.today(),
                attributes={},
            )  # fmt: skip
            db.session.add(row)
        _say(row, one, attribute)
        counted[one.step] += 1
    db.session.flush()
    lines = {step.value: number for step, number in counted.items()}
    audit.record("import", "election", election.id, lines=lines)
    return counted


def _new_staff(changes: Sequence[Change]) -> dict[int, Staff]:
    """New people by their line, stored in one go."""
    made = {
        one.person.row: Staff(
            name=one.person.name, initials=initials(one.person.name),
            sort_key=sort_key(one.person.name), email=one.person.email, phone=one.person.phone,
            employment="employee" if one.person.role == EMPLOYEE else "appointed_voter",
            skills=[], absences=[],
        )
        for one in changes
    }  # fmt: skip
    db.session.add_all(made.values())
    db.session.flush()
    return made


def _own(person: Staff, one: Change) -> None:
    """Change the person's own record where the dry run said so."""
    for name in {"name", "email", "phone"} & set(one.fields):
        setattr(person, name, getattr(one.person, name))
    if "name" in one.fields:
        person.sort_key = sort_key(person.name)


_COLUMNS = {
    "number": "source_ref", "role": "role", "appointed": "appointed_on", "expires": "expires_on",
    "instructed": "instructed_on", "candidate": "is_candidate", "reserve": "is_reserve",
}  # fmt: skip


def _say(row: Appointment, one: Change, attribute: str) -> None:
    """Write what the list says about the appointment; what it leaves open stays."""
    for name, value in said(one.person).items():
        if name in _COLUMNS:
            setattr(row, _COLUMNS[name], value)
    if one.person.days is not None:
        row.days = [day.isoformat() for day in one.person.days]
    if one.person.party and attribute:
        row.attributes = {**row.attributes, attribute: one.person.party}


def copy_appointments(old: Election, new: Election) -> None:
    """The same people for another election: proposed, neither appointed nor instructed.

    What belongs to the old election alone is left out: candidates, days, parties.
    """
    for row in db.session.scalars(select(Appointment).where(Appointment.election_id == old.id)):
        db.session.add(
            Appointment(
                election_id=new.id,
                staff_id=row.staff_id,
                role=row.role,
                attributes={},
                is_reserve=row.is_reserve,
                source_ref=row.source_ref,
            )
        )
