"""The stops of the running week that lie before today, as visits that were carried out."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from outreach.core.db import db
from outreach.demo.facts import Carried
from outreach.demo.people import SeedPerson
from outreach.people.models import Staff
from outreach.rounds.models import Round, Stop
from outreach.rounds.queries import published_rounds
from outreach.visits.models import Visit, VisitStatus


def carried_out(monday: date, today: date) -> list[Carried]:
    """What the teams did from Monday to yesterday; the visits are marked as done."""
    users = {s.id: s for s in db.session.scalars(select(Staff))}
    found: dict[str, Carried] = {}
    for number in range((today - monday).days):
        for one in published_rounds(monday + timedelta(days=number)):
            staff = next((users[id_] for id_ in one.member_ids if users[id_].user_id), None)
            if staff is not None:
                found |= {stop.visit_id: _carried(stop, one, staff) for stop in one.stops}
    tasks = _with_tasks(list(found))
    for visit in tasks:
        visit.status, visit.done_on = VisitStatus.DONE, found[visit.id].day
    return [
        found[visit.id].with_tasks([(t.id, t.is_mandatory) for t in visit.tasks]) for visit in tasks
    ]


def _carried(stop: Stop, one: Round, staff: Staff) -> Carried:
    person = SeedPerson(staff.id, staff.user_id or "", staff.name, staff.gender)
    visit = stop.visit
    return Carried(
        visit_id=visit.id, kind=visit.site.kind, services=tuple(visit.services), tasks=(),
        day=one.day, start=stop.starts, minutes=stop.ends - stop.starts, person=person,
    )  # fmt: skip


def _with_tasks(ids: list[str]) -> list[Visit]:
    return list(
        db.session.scalars(
            select(Visit)
            .where(Visit.id.in_(ids))
            .options(selectinload(Visit.tasks))
            .order_by(Visit.id)
        )
    )
