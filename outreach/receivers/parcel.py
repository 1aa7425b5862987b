"""What a dry run showed, on its way through the browser and back.

The uploaded file is never kept; what was understood of it travels in the page, packed, signed, for
one election and one hour. CPR numbers are gone before it is packed.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from outreach.core.errors import Conflict
from outreach.receivers.actions import AppointmentFields
from outreach.receivers.lists import Person, Skipped
from outreach.receivers.models import Appointment

_SALT, _SECONDS = "receivers.parcel", 3600
_DAYS = ("appointed", "expires", "instructed")


def pack(election_id: str, people: tuple[Person, ...], skipped: tuple[Skipped, ...]) -> str:
    """The people of a list and the lines that were left out, as text for a hidden field."""
    content = [[_plain(one) for one in people], [asdict(one) for one in skipped]]
    return str(_signer(election_id).dumps(content))


def unpack(election_id: str, text: str) -> tuple[tuple[Person, ...], tuple[Skipped, ...]]:
    """The same again.

    Raises:
        Conflict: it was changed, is too old, or belongs to another election.
    """
    try:
        people, skipped = _signer(election_id).loads(text, max_age=_SECONDS)
    except BadSignature:
        raise Conflict(_("The dry run is too old. Choose the file again.")) from None
    return tuple(map(_person, people)), tuple(Skipped(**one) for one in skipped)


def pack_row(election_id: str, row: Appointment) -> str:
    """An appointment as text for an address, so that calling it off can be undone."""
    content = {
        "staff": row.staff_id, "role": row.role, "appointed": _iso(row.appointed_on),
        "expires": _iso(row.expires_on), "instructed": _iso(row.instructed_on),
        "candidate": row.is_candidate, "reserve": row.is_reserve, "days": row.days,
        "number": row.source_ref, "attributes": dict(row.attributes),
    }  # fmt: skip
    return str(_signer(election_id).dumps(content))


def unpack_row(election_id: str, text: str) -> tuple[str, AppointmentFields]:
    """The staff member and the appointment again.

    Raises:
        Conflict: it was changed, is too old, or belongs to another election.
    """
    try:
        said = _signer(election_id).loads(text, max_age=_SECONDS)
    except BadSignature:
        raise Conflict from None
    return said["staff"], AppointmentFields(
        role=said["role"], appointed_on=_date(said["appointed"]),
        expires_on=_date(said["expires"]), instructed_on=_date(said["instructed"]),
        is_candidate=said["candidate"], is_reserve=said["reserve"], days=said["days"],
        source_ref=said["number"], attributes=said["attributes"],
    )  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _signer(election_id: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", f"{_SALT}.{election_id}")


def _plain(person: Person) -> dict[str, Any]:
    """What is said of a person, without what is not."""
    values = {k: v for k, v in asdict(person).items() if v not in (None, "")}
    for name in _DAYS:
        if name in values:
            values[name] = values[name].isoformat()
    if person.days is not None:
        values["days"] = [day.isoformat() for day in person.days]
    return values


def _person(values: dict[str, Any]) -> Person:
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if name in values}
    several = values.get("days")
    given = None if several is None else tuple(map(date.fromisoformat, several))
    return Person(**{**values, **days, "days": given})
