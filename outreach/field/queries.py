"""Reads of tablets, of what was sent to them, and of whose visits are whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from outreach.accounts.models import Organisation, User
from outreach.accounts.queries import sha256
from outreach.core import tenancy
from outreach.core.auth import Role
from outreach.core.db import db
from outreach.core.errors import NotFound, NotSignedIn
from outreach.field.models import Device, EnrolCode, Op
from outreach.people.models import Staff
from outreach.rounds.models import Plan, PlanState, Round, Stop


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A line of the list of tablets.

    Attributes:
        pending: unsent operations at the last contact.
        troubles: operations that were not taken in as they were meant.
    """

    id: str
    name: str
    user_name: str
    seen_at: datetime
    pending: int
    app: str
    is_withdrawn: bool
    troubles: int


@dataclass(frozen=True, slots=True)
class FieldUser:
    """Somebody who may have a tablet."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Caller:
    """The tablet behind a request.

    Attributes:
        token: as it was shown.
        epoch: of the organisation.
        may_work: the user is active and still a field worker.
    """

    device_id: str
    org_id: str
    user_id: str
    user_name: str
    token: str
    epoch: int
    is_withdrawn: bool
    may_work: bool


def caller(token: str) -> Caller:
    """Whose token this is. Cost: one statement.

    Raises:
        NotSignedIn: nobody's.
    """
    hashed = sha256(token)
    with tenancy.everywhere():
        found = db.session.execute(
            select(
                Device.id, Device.org_id, Device.user_id, Device.withdrawn_at, User.name,
                User.is_active, User.roles, Organisation.epoch,
            )
            .join(User, User.id == Device.user_id)
            .join(Organisation, Organisation.id == Device.org_id)
            .where((Device.token_sha256 == hashed) | (Device.next_sha256 == hashed))
        ).first()  # fmt: skip
    if found is None:
        raise NotSignedIn
    may_work = found.is_active and Role.FIELD in found.roles
    return Caller(
        found.id, found.org_id, found.user_id, found.name, token, found.epoch,
        found.withdrawn_at is not None, may_work,
    )  # fmt: skip


def code_by_text(typed: str) -> EnrolCode | None:
    """The stored one-time code of any organisation, used or not."""
    with tenancy.everywhere():
        return db.session.scalars(
            select(EnrolCode).where(EnrolCode.code_sha256 == sha256(typed))
        ).first()


def device_by_id(device_id: str) -> Device:
    """One tablet.

    Raises:
        NotFound: there is none in this organisation.
    """
    found = db.session.scalars(select(Device).where(Device.id == device_id)).first()
    if found is None:
        raise NotFound
    return found


def devices() -> tuple[DeviceRow, ...]:
    """Every tablet, those in use first. Cost: two statements."""
    bad = ("conflict", "rejected", "failed")
    counted = select(Op.device_id, func.count(Op.id)).where(Op.status.in_(bad))
    troubles = {row[0]: row[1] for row in db.session.execute(counted.group_by(Op.device_id))}
    found = db.session.execute(
        select(Device, User.name).join(User, User.id == Device.user_id)
        .order_by(Device.withdrawn_at.is_not(None), User.name, Device.name)
    )  # fmt: skip
    return tuple(
        DeviceRow(
            d.id, d.name, name, d.seen_at, d.pending, d.app, d.withdrawn_at is not None,
            troubles.get(d.id, 0),
        )
        for d, name in found
    )  # fmt: skip


def field_users() -> tuple[FieldUser, ...]:
    """Everybody who may have a tablet, by name. Cost: one statement."""
    found = db.session.scalars(select(User).where(User.is_active).order_by(User.name))
    return tuple(FieldUser(u.id, u.name, u.email) for u in found if Role.FIELD in u.roles)


def staff_ids(user_id: str) -> frozenset[str]:
    """The staff members that the user is. Cost: one statement."""
    return frozenset(db.session.scalars(select(Staff.id).where(Staff.user_id == user_id)))


def known_ops(op_ids: Iterable[str]) -> dict[str, Op]:
    """What is stored of these operations. Cost: one statement."""
    found = db.session.scalars(select(Op).where(Op.op_id.in_(list(op_ids))))
    return {op.op_id: op for op in found}


def scope(visit_ids: Iterable[str], mine: frozenset[str]) -> dict[str, bool]:
    """Visits that are or were in a published round of these people; True where they still are.

    A published plan never changes, so it can say who had the visit before it was moved.
    Cost: two statements.
    """
    rows = db.session.execute(
        select(Stop.visit_id, Round.member_ids, Plan.monday, Plan.book, Plan.number)
        .join(Round, Round.id == Stop.round_id)
        .join(Plan, Plan.id == Round.plan_id)
        .where(Stop.visit_id.in_(list(visit_ids)), Plan.state == PlanState.PUBLISHED)
    ).all()
    newest = newest_plans(row.monday for row in rows)
    found: dict[str, bool] = {}
    for row in rows:
        if mine & set(row.member_ids):
            is_now = newest[row.monday, row.book][1] == row.number
            found[row.visit_id] = found.get(row.visit_id, False) or is_now
    return found


def newest_plans(mondays: Iterable[date]) -> dict[tuple[date, str], tuple[str, int]]:
    """Id and number of the highest published plan by week and book. Cost: one statement."""
    rows = db.session.execute(
        select(Plan.monday, Plan.book, Plan.id, Plan.number)
        .where(Plan.monday.in_(set(mondays)), Plan.state == PlanState.PUBLISHED)
        .order_by(Plan.number)
    )
    return {(row.monday, row.book): (row.id, row.number) for row in rows}
