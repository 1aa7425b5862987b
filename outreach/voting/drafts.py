"""Keeps a sprint as one draft for each of its weeks, and reads it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from outreach.core import clock
from outreach.core.db import db
from outreach.elections.models import Election
from outreach.rounds import draft
from outreach.rounds.answer import Answer, Timed
from outreach.rounds.models import Plan, PlanState
from outreach.voting import queries, sessions


def keep(election: Election, answer: Answer, job_id: str | None = None) -> tuple[Plan, ...]:
    """Store the answer as the drafts of its weeks; inside a transaction.

    A week that had a plan gets a draft too, an empty one where nothing is left in it. What is left
    out stands in the first week, with which its visit then is.
    """
    by_week: dict[date, list[Timed]] = defaultdict(list)
    for timed in answer.rounds:
        by_week[clock.monday_of(timed.shift.day)].append(timed)
    known = db.session.scalars(select(Plan.monday).where(Plan.book == election.id).distinct()).all()
    mondays = sorted({*by_week, *known}) or [sessions.first_monday_of(election)]
    plans = []
    for number, monday in enumerate(mondays):
        part = replace(
            answer, rounds=tuple(by_week.get(monday, ())), left=answer.left if not number else (),
            breaches=tuple(b for b in answer.breaches if _week_of(b.shift, mondays[0]) == monday),
            cost={},
        )  # fmt: skip
        plans.append(draft.keep(monday, part, job_id, election.id))
    _move_visits(election, answer, mondays[0])
    db.session.flush()
    return tuple(plans)


def _week_of(shift: str | None, otherwise: date) -> date:
    """The week of a shift of ours, such as V1-2027-01-04."""
    if shift is None:
        return otherwise
    return clock.monday_of(date.fromisoformat(shift.split("-", 1)[1]))


def _move_visits(election: Election, answer: Answer, first: date) -> None:
    """Each visit stands in the week in which it is planned."""
    weeks = {
        stop.visit_id: clock.monday_of(timed.shift.day)
        for timed in answer.rounds for stop in timed.placed.stops
    }  # fmt: skip
    _put(election, weeks, first)


def _put(election: Election, weeks: Mapping[str, date], first: date) -> None:
    for one in queries.sessions(election.id):
        one.visit.monday = weeks.get(one.visit_id, first)


def of(election_id: str) -> tuple[Plan, ...]:
    """The drafts of all weeks."""
    return tuple(
        plan for plan in queries.newest_plans(election_id) if plan.state == PlanState.DRAFT
    )


def drop(election: Election, plans: Iterable[Plan]) -> None:
    """Throw drafts away; every visit stands again in the week for which it is published."""
    for plan in plans:
        db.session.delete(plan)
    db.session.flush()
    published = queries.planned(queries.newest_plans(election.id, PlanState.PUBLISHED))
    weeks = {id_: clock.monday_of(at.round_.day) for id_, at in published.items()}
    _put(election, weeks, sessions.first_monday_of(election))
