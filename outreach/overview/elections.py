"""What elections ask of their officers in the next days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from outreach.core import clock
from outreach.core.i18n import language
from outreach.elections import queries as elections

DAYS = 14


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date of an election that is near.

    Attributes:
        says: what it is, in the language of the moment.
        status: law, practice or assumption.
    """

    election_id: str
    election: str
    at: datetime
    has_time: bool
    says: str
    cite: str
    status: str


@dataclass(frozen=True, slots=True)
class Elections:
    """What an election officer must know now.

    Attributes:
        rows: elections that are not over.
    """

    deadlines: tuple[Deadline, ...]
    rows: tuple[elections.ElectionRow, ...]


def near() -> Elections:
    """Elections to come, and their near dates. Cost: four statements, two more for each."""
    today = clock.today()
    rows = tuple(row for row in elections.elections() if row.day >= today)
    found = [one for row in rows for one in _of(row, today)]
    return Elections(tuple(sorted(found, key=lambda one: one.at)), rows)


def _of(row: elections.ElectionRow, today: date) -> list[Deadline]:
    law = elections.law_of(elections.election_by_id(row.id))
    first, last = clock.now(), today + timedelta(days=DAYS)
    return [
        Deadline(
            row.id, row.title, one.at, one.has_time, one.da if language() == "da" else one.en,
            one.cite, one.status,
        )
        for one in law.deadlines
        if one.at.date() <= last and _end(one.at, has_time=one.has_time) >= first
    ]  # fmt: skip


def _end(at: datetime, *, has_time: bool) -> datetime:
    """The moment, or the end of its day."""
    return at if has_time else datetime.combine(at.date(), time.max, at.tzinfo)
