"""Take a tablet's operations in: one transaction, whose commit is the acknowledgement."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from outreach.accounts.queries import sha256
from outreach.catalogue.models import Service
from outreach.core import clock, tenancy
from outreach.core.db import atomic, db
from outreach.core.ids import is_id, new_id
from outreach.field import apply as operations
from outreach.field import rules
from outreach.field.apply import Refused, Scene
from outreach.field.letter import Letter, Raw
from outreach.field.models import Device, Feed, Line, Op
from outreach.field.queries import Caller, known_ops, scope, staff_ids
from outreach.field.rules import Place, Reading
from outreach.field.wire import Operation
from outreach.visits.models import OUTREACH, Visit, VisitTask
from outreach.visits.rules import Outcome
from outreach.voting.seats import Seat, seats

log = logging.getLogger("outreach.field")


@dataclass(slots=True)
class Pushed:
    """What became of a push."""

    epoch: int
    results: list[Raw] = field(default_factory=list)
    is_reset: bool = False
    is_fork: bool = False
    head: int = 0
    token: str | None = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the operations of one push need to know, read once."""

    caller: Caller
    received: datetime
    known: dict[str, Op]
    visits: dict[str, Visit]
    scope: dict[str, bool]
    tasks: dict[str, frozenset[str]]
    services: frozenset[str]
    seats: dict[str, Seat]
    off_now: int | None


@atomic
def push(caller: Caller, letter: Letter) -> Pushed:
    """Take operations in, in their order; one commit acknowledges them all."""
    device = db.session.scalars(
        select(Device).where(Device.id == caller.device_id).with_for_update()
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip
    pushed = Pushed(caller.epoch, token=_turn_token(device, caller))
    device.seen_at, device.app, device.pending = clock.now(), letter.app, letter.pending
    if letter.epoch != caller.epoch:
        pushed.is_reset = True
        return pushed
    if letter.ops:
        _take_in(caller, letter, pushed)
        device.pending = max(0, letter.pending - len(pushed.results))
    pushed.head = _raise_head(bool(letter.ops))
    return pushed


def _turn_token(device: Device, caller: Caller) -> str | None:
    """Use a token that is new, or hand one out where the present one is a day old."""
    now = clock.now()
    if device.next_sha256 == sha256(caller.token):
        device.token_sha256, device.next_sha256 = device.next_sha256, None
        device.nonce, device.token_since = "", now
    elif caller.is_withdrawn or now - device.token_since < rules.TOKEN_LIFE:
        return None
    else:
        device.nonce = device.nonce or new_id()
        token = rules.next_token(caller.token, device.nonce)
        device.next_sha256 = sha256(token)
        return token
    return None


def _take_in(caller: Caller, letter: Letter, pushed: Pushed) -> None:
    line = _line(caller, letter.line)
    if line is None:
        pushed.is_fork = True
        return
    batch = _read(caller, letter)
    for raw in sorted(letter.ops, key=lambda op: int(op["dseq"])):
        known = batch.known.get(raw["op"])
        where = rules.place(raw["dseq"], line.hwm, is_known=known is not None)
        if where is Place.GAP:
            break
        if where is Place.FORK:
            pushed.is_fork = True
            break
        if known is None:
            batch.known[raw["op"]] = known = _take_one(raw, line.line, batch)
            pushed.results.append(_result(known))
        else:
            pushed.results.append(_repeat(known, raw))
        line.hwm = rules.raised(line.hwm, raw["dseq"])


def _line(caller: Caller, asked: str) -> Line | None:
    """The line of this tablet, made at its first use; None where it is another tablet's."""
    line = db.session.scalars(
        select(Line).where(Line.line == asked).execution_options(populate_existing=True)
    ).first()
    if line is None:
        line = Line(line=asked, device_id=caller.device_id, hwm=0)
        db.session.add(line)
        db.session.flush()
    return line if line.device_id == caller.device_id else None


def _read(caller: Caller, letter: Letter) -> _Batch:
    ops = letter.ops
    wanted = sorted({visit_id for op in ops if (visit_id := _visit_of(op))})
    found = db.session.scalars(
        select(Visit).where(Visit.id.in_(wanted)).order_by(Visit.id).with_for_update()
        .execution_options(populate_existing=True)
    )  # fmt: skip
    visits = {visit.id: visit for visit in found}
    tasks: dict[str, set[str]] = {visit_id: set() for visit_id in visits}
    of_visits = select(VisitTask.visit_id, VisitTask.id).where(VisitTask.visit_id.in_(visits))
    for visit_id, task_id in db.session.execute(of_visits):
        tasks[visit_id].add(task_id)
    booked = [visit.id for visit in visits.values() if visit.book != OUTREACH]
    return _Batch(
        caller, clock.now(), known_ops(op["op"] for op in ops), visits,
        scope(visits, staff_ids(caller.user_id)),
        {visit_id: frozenset(ids) for visit_id, ids in tasks.items()},
        frozenset(db.session.scalars(select(Service.code))),
        seats(booked) if booked else {}, letter.off_now,
    )  # fmt: skip


def _visit_of(raw: Raw) -> str | None:
    match raw.get("target"):
        case ["visit", str(visit_id)] if is_id(visit_id):
            return visit_id
    return None


def _take_one(raw: Raw, line: str, batch: _Batch) -> Op:
    """Apply one operation and keep it. One that breaks the server's code is kept as failed.

    A database that is in trouble says nothing about the operation: the whole push is undone, and
    the tablet sends it again.
    """
    try:
        with db.session.begin_nested():
            outcome = _decide(raw, batch)
    except Refused as refused:
        outcome = Outcome("rejected", refused.code)
    except OperationalError:
        raise
    except Exception:
        log.exception("operation %s broke", raw["op"])
        outcome = Outcome("failed", "internal")
    return _keep(raw, line, batch, outcome)


def _decide(raw: Raw, batch: _Batch) -> Outcome:
    if rules.has_cpr(raw.get("args")):
        raise Refused("cpr")
    try:
        op = Operation.model_validate(raw)
    except ValidationError:
        raise Refused("bad_args") from None
    operations.refuse_unknown(op)
    visit, caller = batch.visits.get(op.target[1]), batch.caller
    is_own = op.user in (None, caller.user_id) and caller.may_work
    if visit is None or visit.id not in batch.scope or not is_own:
        raise Refused("not_authorised")
    at = rules.happened_at(op.at, op.off, batch.received, visit.monday)
    report = operations.report_of(op, (caller.user_id, caller.user_name), at, batch.received)
    received = int(batch.received.timestamp() * 1000)
    scene = Scene(
        visit, report, batch.tasks[visit.id], batch.services, batch.seats.get(visit.id),
        Reading(op.at, op.off, batch.off_now, None, received),
    )  # fmt: skip
    outcome = operations.apply(op, scene)
    if not batch.scope[visit.id] and not outcome.code:
        return Outcome(outcome.status, "late_scope")
    return outcome


def _keep(raw: Raw, line: str, batch: _Batch, outcome: Outcome) -> Op:
    visit = batch.visits.get(_visit_of(raw) or "")
    kept = rules.payload(raw)
    detail = {}
    if outcome.status == "conflict" and visit is not None:
        detail = {"visit": visit.id, "status": visit.status, "why": outcome.code}
    op = Op(
        op_id=raw["op"], device_id=batch.caller.device_id, user_id=batch.caller.user_id,
        line=line, dseq=raw["dseq"], kind=str(kept.get("t"))[:40],
        visit_id=visit.id if visit else None, payload=kept, sha256=rules.digest(kept),
        status=outcome.status, code=outcome.code, detail=detail, received_at=batch.received,
    )  # fmt: skip
    db.session.add(op)
    return op


def _result(op: Op) -> Raw:
    found: Raw = {"op": op.op_id, "status": op.status}
    if op.code:
        found["code"] = op.code
    if op.detail:
        found["conflict"] = op.detail
    return found


def _repeat(known: Op, raw: Raw) -> Raw:
    found = _result(known)
    if rules.digest(rules.payload(raw)) != known.sha256:
        found["code"] = "content_differs"
    return found


def _raise_head(is_change: bool) -> int:  # noqa: FBT001 - a push with or without operations
    """Count the push, last of all, so that the row is held only until the commit."""
    here = Feed.org_id == tenancy.org_id()
    if not is_change:
        return db.session.scalars(select(Feed.head).where(here)).one()
    db.session.flush()
    raised = update(Feed).where(here).values(head=Feed.head + 1).returning(Feed.head)
    return db.session.scalars(raised, execution_options={"synchronize_session": False}).one()
