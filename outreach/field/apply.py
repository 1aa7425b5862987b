"""What each operation does to its visit; arguments that cannot be used are refused with a code."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from outreach.core.db import db
from outreach.field import rules
from outreach.field.models import Op
from outreach.field.rules import Reading
from outreach.field.wire import Id, Operation
from outreach.visits import actions as visits
from outreach.visits.actions import Report
from outreach.visits.models import Visit
from outreach.visits.rules import FROM_TABLET, NO_ACCESS_REASONS, VOTING, Outcome, is_measure
from outreach.voting import marks, seated
from outreach.voting.rules import MarkKind, confirmed
from outreach.voting.seats import Seat, is_of_time

_MOST = 10_000


class Refused(Exception):
    """The operation is kept but does nothing; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Args(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Status(_Args):
    to: str
    reason: str = ""


class _Check(_Args):
    task: Id


class _Uncheck(_Args):
    task: Id
    seen: list[Id] = Field(max_length=200)


class _Count(_Args):
    measure: str = Field(max_length=40)
    n: StrictInt = Field(ge=-_MOST, le=_MOST)
    reason: str = Field(default="", max_length=40)


class _Note(_Args):
    text: str = Field(min_length=1, max_length=280)


class _Void(_Args):
    op: Id


class _Session(_Args):
    receivers: list[Id] = Field(max_length=40)
    confirmed: list[Id] = Field(max_length=40)
    contact: StrictInt | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What an operation may look at.

    Attributes:
        tasks: ids of the visit's tasks.
        services: codes of every service of the organisation.
        seat: the visit's voting session, where it has one.
        reading: of the clock by which the operation was dated.
    """

    visit: Visit
    report: Report
    tasks: frozenset[str]
    services: frozenset[str]
    seat: Seat | None
    reading: Reading


def report_of(op: Operation, by: tuple[str, str], at: datetime, now: datetime) -> Report:
    """Who says it and when; ``by`` is id and name of the user."""
    return Report(op.op, *by, at, now)


def _plain(text: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise Refused("bad_args")
    return text


def _status(args: _Status, scene: Scene) -> Outcome:
    reason_fits = args.to == "no_access" and args.reason in NO_ACCESS_REASONS
    if args.to not in FROM_TABLET or (args.reason and not reason_fits):
        raise Refused("bad_args")
    return visits.say_status(scene.visit, scene.report, args.to, args.reason)


def _check(args: _Check, scene: Scene) -> Outcome:
    if args.task not in scene.tasks:
        raise Refused("unknown_task")
    return visits.check(scene.visit, scene.report, args.task)


def _uncheck(args: _Uncheck, scene: Scene) -> Outcome:
    if args.task not in scene.tasks:
        raise Refused("unknown_task")
    return visits.uncheck(scene.visit, scene.report, args.task, args.seen)


def _count(args: _Count, scene: Scene) -> Outcome:
    if not is_measure(args.measure, scene.services | set(scene.visit.services)):
        raise Refused("unknown_measure")
    if args.measure in VOTING and scene.seat is None and "VOTE" not in scene.visit.services:
        raise Refused("unknown_measure")
    reason = _plain(args.reason)
    outcome = visits.count(scene.visit, scene.report, args.measure, args.n, reason)
    if scene.seat is None or args.measure not in VOTING or outcome.status != "applied":
        return outcome
    return marks.judge_count(scene.visit.id, scene.report)


def _note(args: _Note, scene: Scene) -> Outcome:
    return visits.note(scene.visit, scene.report, _plain(args.text))


def _void(args: _Void, scene: Scene) -> Outcome:
    known = db.session.query(Op).filter(Op.op_id == args.op).one_or_none()
    if known is None:
        return visits.take_back(scene.visit, scene.report, args.op, None)
    if known.user_id != scene.report.by_id:
        raise Refused("not_yours")
    if known.kind == "op.void" or known.visit_id != scene.visit.id:
        raise Refused("bad_target")
    if known.status in ("rejected", "failed"):
        return Outcome("noop", "target_not_applied")
    if known.kind in _MARKS:
        return marks.take_back(scene.visit, scene.report, args.op, known.kind)
    return visits.take_back(scene.visit, scene.report, args.op, known.kind)


def _mark(kind: MarkKind) -> Callable[[_Session, Scene], Outcome]:
    """What opens, hands over or closes a session: two different people at least, all lawful.

    A closing that comes too late, or by somebody who should be elsewhere, is kept, since it is
    what happened; the outcome says so.
    """

    def run(args: _Session, scene: Scene) -> Outcome:
        if scene.seat is None:
            raise Refused("no_session")
        people = confirmed(args.receivers, args.confirmed)
        against = [*scene.seat.against(scene.report.at, people), *_elsewhere(scene, people)]
        late = [code for code in against if is_of_time(code) or code == seated.ELSEWHERE]
        for code in against:
            if kind is not MarkKind.CLOSE or code not in late:
                raise Refused(code)
        is_doubtful = rules.is_doubtful(replace(scene.reading, contact=args.contact))
        outcome = marks.say(scene.visit, scene.report, kind, people, is_doubtful=is_doubtful)
        return Outcome("conflict", late[0]) if late and outcome.status != "noop" else outcome

    return run


def _elsewhere(scene: Scene, people: tuple[str, ...]) -> list[str]:
    ride = seated.ride_elsewhere(scene.visit.id, scene.report.at, people)
    return [seated.ELSEWHERE] if ride else []


_MARKS = {f"session.{kind}": kind for kind in MarkKind}

_KINDS: dict[str, tuple[type[_Args], Callable[[Any, Scene], Outcome]]] = {
    "visit.status": (_Status, _status),
    "visit.check": (_Check, _check),
    "visit.uncheck": (_Uncheck, _uncheck),
    "count.add": (_Count, _count),
    "note.add": (_Note, _note),
    "op.void": (_Void, _void),
    **{name: (_Session, _mark(kind)) for name, kind in _MARKS.items()},
}


def refuse_unknown(op: Operation) -> None:
    """Refuse what this server does not know.

    Raises:
        Refused: the type, the version or the target's kind is unknown.
    """
    if op.t not in _KINDS:
        raise Refused("unknown_type")
    if op.v != 1:
        raise Refused("unknown_version")
    if op.target[0] != "visit":
        raise Refused("bad_args")


def apply(op: Operation, scene: Scene) -> Outcome:
    """Do what the operation says.

    Raises:
        Refused: its arguments cannot be used.
    """
    model, run = _KINDS[op.t]
    try:
        args = model.model_validate(op.args)
    except ValidationError:
        raise Refused("bad_args") from None
    return run(args, scene)
