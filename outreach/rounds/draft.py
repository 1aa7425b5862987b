"""Keeps an answer as the week's draft, and reads a stored plan back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from sqlalchemy import delete, select

from outreach.core.db import db
from outreach.core.ids import new_id
from outreach.rounds.answer import Answer, Timed
from outreach.rounds.models import Plan, PlanState, Round, Stop, Unplanned
from outreach.visits.models import OUTREACH

_BY_HAND = "hand"
"""What the solver calls the engine of a plan that it only timed."""


def keep(monday: date, answer: Answer, job_id: str | None = None, book: str = OUTREACH) -> Plan:
    """Store the answer as the draft of the week, in place of the one before."""
    plan = emptied(monday, book)
    if not (plan.engine and answer.engine == _BY_HAND):
        plan.engine = answer.engine[:40]
    plan.job_id = job_id
    plan.cost = dict(answer.cost)
    plan.breaches = [asdict(breach) for breach in answer.breaches]
    db.session.add(plan)
    db.session.flush()
    for timed in answer.rounds:
        row = _round(plan.id, timed)
        db.session.add(row)
        db.session.add_all(_stops(row.id, timed))
    db.session.add_all(
        Unplanned(
            plan_id=plan.id, visit_id=one.visit_id, reasons=list(one.reasons),
            cures=list(one.cures),
        )
        for one in answer.left
    )  # fmt: skip
    db.session.flush()
    return plan


def emptied(monday: date, book: str = OUTREACH) -> Plan:
    """The draft without rounds; a new one with the next number where there is none."""
    plans = db.session.scalars(
        select(Plan).where(Plan.monday == monday, Plan.book == book).order_by(Plan.number)
    ).all()
    if plans and plans[-1].state == PlanState.DRAFT:
        plan = plans[-1]
        for part in (Round, Unplanned):
            db.session.execute(
                delete(part).where(part.plan_id == plan.id),
                execution_options={"synchronize_session": False},
            )
        db.session.expire(plan)
        return plan
    number = plans[-1].number + 1 if plans else 1
    engine = plans[-1].engine if plans else ""
    return Plan(
        id=new_id(), monday=monday, book=book, number=number, state=PlanState.DRAFT, engine=engine
    )


def _round(plan_id: str, timed: Timed) -> Round:
    shift, placed = timed.shift, timed.placed
    rest = placed.rest or (None, None)
    return Round(
        id=new_id(), plan_id=plan_id, team_id=shift.team_id or None, team_letter=shift.letter,
        day=shift.day, member_ids=[p.id for p in shift.people],
        members=[p.name for p in shift.people], vehicle=shift.vehicle, kits=list(placed.kits),
        leaves=placed.leaves, returns=placed.returns, break_starts=rest[0], break_ends=rest[1],
        travel_minutes=sum(leg.minutes for leg in timed.legs),
        metres=sum(leg.metres for leg in timed.legs), grams_co2=timed.grams,
    )  # fmt: skip


def _stops(round_id: str, timed: Timed) -> list[Stop]:
    return [
        Stop(
            id=new_id(), round_id=round_id, visit_id=stop.visit_id, seq=seq,
            arrives=stop.arrives, starts=stop.starts, ends=stop.ends,
            travel_minutes=leg.minutes,
        )
        for seq, (stop, leg) in enumerate(zip(timed.placed.stops, timed.legs, strict=False))
    ]  # fmt: skip
