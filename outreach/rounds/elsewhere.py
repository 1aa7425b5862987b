"""Who rides in a published round of another book on a day: nobody can be in two places.

The weekly outreach and every election keep a book each. Whoever is out in one of them is away in
all the others, for the whole day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from outreach.core import clock
from outreach.core.db import db
from outreach.core.i18n import short_day
from outreach.people.rules import Person
from outreach.rounds.models import Plan, PlanState, Round

_SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Ride:
    """A person's round in another book; ``leaves`` and ``returns`` are minutes of the day."""

    staff_id: str
    name: str
    day: date
    letter: str
    book: str
    round_id: str
    leaves: int
    returns: int


def rides(first: date, last: date, but: str = "") -> tuple[Ride, ...]:
    """Who rides in published rounds of every book but one, or of all. Cost: one statement."""
    newest = (
        select(Plan.monday, Plan.book, func.max(Plan.number).label("number"))
        .where(Plan.state == PlanState.PUBLISHED, Plan.book != but)
        .where(Plan.monday.between(first - _SUNDAY, last))
        .group_by(Plan.monday, Plan.book)
        .subquery()
    )
    here = (newest.c.monday == Plan.monday) & (newest.c.book == Plan.book)
    found = db.session.execute(
        select(Round.id, Round.member_ids, Round.members, Round.day, Round.team_letter,
               Round.leaves, Round.returns, Plan.book)
        .join(Plan, Plan.id == Round.plan_id)
        .join(newest, here & (newest.c.number == Plan.number))
        .where(Round.day.between(first, last))
        .order_by(Round.day, Round.team_letter, Round.id)
    )  # fmt: skip
    return tuple(
        Ride(staff_id, name, row.day, row.team_letter, row.book, row.id, row.leaves, row.returns)
        for row in found
        for staff_id, name in zip(row.member_ids, row.members, strict=True)
    )


def away_days(days: Sequence[date], but: str) -> dict[str, frozenset[date]]:
    """The days on which people ride elsewhere, by person. Cost: one statement."""
    found: dict[str, set[date]] = defaultdict(set)
    for ride in rides(days[0], days[-1], but):
        found[ride.staff_id].add(ride.day)
    return {staff_id: frozenset(on) for staff_id, on in found.items()}


def without_those_elsewhere(
    people: Mapping[str, Person], days: Sequence[date], book: str
) -> dict[str, Person]:
    """The people, absent on the days on which they ride elsewhere. Cost: one statement."""
    busy = away_days(days, book)
    return {
        id_: replace(one, away=(*one.away, *((day, day) for day in sorted(busy.get(id_, ())))))
        for id_, one in people.items()
    }


def clashes(rounds: Iterable[Round], book: str) -> tuple[Ride, ...]:
    """Rides elsewhere of those who are meant to ride here, from today on. Cost: one statement."""
    meant = {(staff_id, one.day) for one in rounds for staff_id in one.member_ids}
    days = sorted({day for _staff, day in meant if day >= clock.today()})
    if not days:
        return ()
    return tuple(r for r in rides(days[0], days[-1], book) if (r.staff_id, r.day) in meant)


def lines(found: Iterable[Ride]) -> tuple[str, ...]:
    """Each double booking as a sentence."""
    return tuple(
        _("%(name)s already rides with team %(letter)s on %(day)s.",
          name=one.name, letter=one.letter, day=short_day(one.day))
        for one in found
    )  # fmt: skip
