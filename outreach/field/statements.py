"""The queries of a tablet's rows, built once.

A tablet asks every minute, and a third of a small query's time goes into building it.
"""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, func, select

from outreach.catalogue.models import Kit, Service
from outreach.rounds.models import Round, Stop
from outreach.sites.models import Contact, Site
from outreach.visits.models import Note, StatusMark, Tally, TaskCheck, Visit, VisitTask
from outreach.visits.rules import UNDER_WAY as BEGUN

_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
ROUNDS = select(
    Round.id, Round.plan_id, Round.day, Round.team_letter, Round.member_ids, Round.members,
    Round.vehicle, Round.leaves, Round.returns,
).where(
    Round.plan_id.in_(_IDS), Round.day >= bindparam("first"), Round.day <= bindparam("last")
)  # fmt: skip
STOPS = (
    select(Stop.round_id, Stop.visit_id, Stop.seq, Stop.starts, Stop.ends)
    .where(Stop.round_id.in_(_IDS))
    .order_by(Stop.round_id, Stop.seq)
)
UNDER_WAY = (
    select(Visit.id)
    .join(StatusMark, StatusMark.visit_id == Visit.id)
    .where(
        Visit.status.in_(sorted(BEGUN)), ~StatusMark.is_void, StatusMark.by_id == bindparam("user"),
        StatusMark.received_at > bindparam("since"),
    )
)  # fmt: skip
VISITS = select(
    Visit.id, Visit.site_id, Visit.book, Visit.services, Visit.status, Visit.status_reason
).where(Visit.id.in_(_IDS))  # fmt: skip
CHECKS = (
    select(TaskCheck.task_id, TaskCheck.op_id, TaskCheck.by_name)
    .where(TaskCheck.visit_id.in_(_IDS), ~TaskCheck.is_void)
    .order_by(TaskCheck.received_at, TaskCheck.op_id)
)
TASKS = (
    select(
        VisitTask.id, VisitTask.visit_id, VisitTask.text_da, VisitTask.text_en,
        VisitTask.is_mandatory,
    )
    .where(VisitTask.visit_id.in_(_IDS))
    .order_by(VisitTask.seq, VisitTask.id)
)  # fmt: skip
TOTALS = (
    select(Tally.visit_id, Tally.measure, func.sum(Tally.amount).label("total"))
    .where(Tally.visit_id.in_(_IDS), ~Tally.is_void)
    .group_by(Tally.visit_id, Tally.measure)
)
NOTES = (
    select(Note.visit_id, Note.op_id, Note.text, Note.by_name, Note.at)
    .where(Note.visit_id.in_(_IDS), ~Note.is_void)
    .order_by(Note.at, Note.op_id)
)
CONTACTS = (
    select(Contact.site_id, Contact.name, Contact.role, Contact.phone)
    .where(Contact.site_id.in_(_IDS))
    .order_by(Contact.name, Contact.id)
)
SITES = select(
    Site.id, Site.is_secret, Site.alias, Site.name, Site.address, Site.area, Site.access_notes
).where(Site.id.in_(_IDS))
KITS = select(Kit.code, Kit.name_da, Kit.name_en)
SERVICES = select(
    Service.id, Service.code, Service.name_da, Service.name_en, Service.kits
).where(Service.code.in_(_IDS))  # fmt: skip
