"""Whether those who receive votes at a session should be out in another round just then."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from outreach.core import clock
from outreach.core.db import db
from outreach.rounds import elsewhere
from outreach.rounds.elsewhere import Ride
from outreach.rounds.models import Stop

ELSEWHERE = "elsewhere"
"""The code that tablets know for it."""


def ride_elsewhere(visit_id: str, at: datetime, people: Collection[str]) -> bool:
    """Whether somebody of these rides in a published round that is out at this moment.

    Not whoever rides in the round that brings them here. Cost: two statements.
    """
    here = at.astimezone(clock.DK)
    minute = here.hour * 60 + here.minute
    out = elsewhere.rides(here.date(), here.date())
    mine = _rounds_of(visit_id, {one.round_id for one in out})
    members = {one.staff_id for one in out if one.round_id in mine}
    return any(_is_out(one, minute) for one in out if one.staff_id in set(people) - members)


def _is_out(ride: Ride, minute: int) -> bool:
    return ride.leaves <= minute <= ride.returns


def _rounds_of(visit_id: str, round_ids: Iterable[str]) -> frozenset[str]:
    stops = select(Stop.round_id).where(Stop.visit_id == visit_id, Stop.round_id.in_(round_ids))
    return frozenset(db.session.scalars(stops))
