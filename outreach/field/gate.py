"""What the tablets of an election have yet to send, and what of theirs could not be used.

A protocol is complete only when everything from every tablet of the round is in (F71): a tablet
that was not heard since the session ended may still hold votes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from outreach.accounts.models import User
from outreach.core import clock
from outreach.core.db import db
from outreach.field.models import Device, Op
from outreach.field.queries import newest_plans
from outreach.people.models import Staff
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.voting.held import Held

_TROUBLES = ("rejected", "conflict", "failed")


@dataclass(frozen=True, slots=True)
class Trouble:
    """An operation at a session that was refused, or kept although it does not fit.

    Attributes:
        code: as the tablet shows it, such as ``after_window``.
        at: when it happened by the tablet, as far as it said so.
    """

    op_id: str
    kind: str
    status: str
    code: str
    by_name: str
    device_name: str
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TabletRow:
    """A tablet of the round.

    Attributes:
        pending: unsent operations at the last contact.
        is_complete: it was heard since the session ended, and had nothing left.
    """

    id: str
    name: str
    user_name: str
    seen_at: datetime
    pending: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between a session and its protocol."""

    troubles: tuple[Trouble, ...] = ()
    tablets: tuple[TabletRow, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether everything from every tablet of the round is in."""
        return all(one.is_complete for one in self.tablets)


@dataclass(frozen=True, slots=True)
class _Place:
    ends: datetime
    members: frozenset[str]


def gates(election_id: str, sessions: tuple[Held, ...]) -> Mapping[str, Gate]:
    """The gate of each session, by visit. Cost: four statements."""
    visit_ids = [one.visit_id for one in sessions]
    places = _places(election_id)
    ops = _ops(visit_ids)
    devices = _devices()
    found = {}
    for one in sessions:
        place = places.get(one.visit_id)
        people = place.members if place else frozenset()
        people |= {id_ for mark in one.marks for id_ in mark.receivers}
        senders = {op.device_id for op in ops[one.visit_id]}
        ends = one.standing.closed_at or (place.ends if place else None)
        rows = (_tablet(row, ends) for row in devices.values()
                if row.staff_id in people or row.Device.id in senders)  # fmt: skip
        troubles = tuple(
            _trouble(op, devices) for op in ops[one.visit_id] if op.status in _TROUBLES
        )
        found[one.visit_id] = Gate(troubles, tuple(row for row in rows if row is not None))
    return found


def _places(election_id: str) -> dict[str, _Place]:
    """When each session is planned to end, and with whom, as published last."""
    rows = db.session.execute(
        select(Stop.visit_id, Stop.ends, Round.day, Round.member_ids, Plan.monday, Plan.number)
        .join(Round, Round.id == Stop.round_id).join(Plan, Plan.id == Round.plan_id)
        .where(Plan.book == election_id, Plan.state == PlanState.PUBLISHED)
    ).all()  # fmt: skip
    newest = newest_plans(row.monday for row in rows)
    return {
        row.visit_id: _Place(_moment(row), frozenset(row.member_ids))
        for row in rows
        if newest[row.monday, election_id][1] == row.number
    }


def _moment(row: Any) -> datetime:
    midnight = datetime.combine(row.day, time(), clock.DK)
    return midnight + timedelta(minutes=row.ends)


def _ops(visit_ids: list[str]) -> dict[str, list[Op]]:
    found: dict[str, list[Op]] = defaultdict(list)
    for op in db.session.scalars(
        select(Op).where(Op.visit_id.in_(visit_ids)).order_by(Op.received_at, Op.op_id)
    ):
        found[str(op.visit_id)].append(op)
    return found


def _devices() -> dict[str, Any]:
    """Every tablet with its user, and the staff member that the user is."""
    rows = db.session.execute(
        select(Device, User.name, Staff.id.label("staff_id"))
        .join(User, User.id == Device.user_id)
        .outerjoin(Staff, Staff.user_id == User.id)
        .order_by(User.name, Device.name, Device.id)
    )
    return {row.Device.id: row for row in rows}


def _tablet(row: Any, ends: datetime | None) -> TabletRow | None:
    device: Device = row.Device
    if device.withdrawn_at is not None and device.pending == 0:
        return None
    is_complete = device.pending == 0 and ends is not None and device.seen_at >= ends
    return TabletRow(
        device.id, device.name, row.name, device.seen_at, device.pending, is_complete
    )  # fmt: skip


def _trouble(op: Op, devices: Mapping[str, Any]) -> Trouble:
    row = devices.get(op.device_id)
    return Trouble(
        op.op_id, op.kind, op.status, op.code, row.name if row else "",
        row.Device.name if row else "", _happened(op), op.received_at,
    )  # fmt: skip


def _happened(op: Op) -> datetime:
    at, off = op.payload.get("at"), op.payload.get("off")
    if type(at) is not int:
        return op.received_at
    try:
        return datetime.fromtimestamp((at + (off if type(off) is int else 0)) / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return op.received_at
