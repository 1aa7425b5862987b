"""What elections ask of their officers in the next days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outreach.core import clock
from outreach.elections import pages
from outreach.elections import queries as elections

DAYS = 14


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date of an election that is near.

    Attributes:
        says: what it is, in the language of the moment.
        status: law, practice, assumption or verified.
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
    """Elections to come, and their near dates. Cost: four statements, four more for each."""
    today = clock.today()
    rows = tuple(row for row in elections.elections() if row.day >= today)
    found = [one for row in rows for one in _of(row, today)]
    return Elections(tuple(sorted(found, key=lambda one: one.at)), rows)


def _of(row: elections.ElectionRow, today: date) -> list[Deadline]:
    election = elections.election_by_id(row.id)
    dates = pages.deadlines(elections.law_of(election), elections.verified(election))
    last = today + timedelta(days=DAYS)
    return [
        Deadline(row.id, row.title, one.at, one.has_time, says, one.cite, status)
        for says, one, status, is_past in dates
        if not is_past and one.at.date() <= last
    ]
