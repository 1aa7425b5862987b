"""Report facts about visits and take them back.

Each function runs inside the caller's transaction, on a visit that the caller has locked. The
facts are their own log, so no audit line is written for them; a cancellation writes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from outreach.core import audit, clock
from outreach.core.db import atomic, db
from outreach.core.errors import Conflict
from outreach.core.ids import new_id
from outreach.visits.models import Note, Retraction, StatusMark, Tally, TaskCheck, Visit
from outreach.visits.rules import Mark, Outcome, fold, step

Fact = StatusMark | TaskCheck | Tally | Note
FACTS: dict[str, type[Fact]] = {
    "visit.status": StatusMark, "visit.check": TaskCheck, "count.add": Tally, "note.add": Note,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """Who reports, with which operation, and when.

    Attributes:
        at: by the tablet's corrected clock; received_at: by the server's.
    """

    op_id: str
    by_id: str
    by_name: str
    at: datetime
    received_at: datetime

    def columns(self) -> dict[str, object]:
        """The columns that every fact shares."""
        return {
            "op_id": self.op_id, "by_id": self.by_id, "by_name": self.by_name, "at": self.at,
            "received_at": self.received_at,
        }  # fmt: skip


def say_status(visit: Visit, report: Report, to: str, reason: str = "") -> Outcome:
    """Report how far the visit is."""
    was = visit.status
    is_void = is_taken_back(visit, report)
    _add(visit, StatusMark(**report.columns(), to=to, reason=reason, is_void=is_void))
    if is_void:
        return Outcome("noop", "void")
    refold(visit)
    return step(was, to)


def check(visit: Visit, report: Report, task_id: str) -> Outcome:
    """Check a task; a second check by somebody else is kept beside the first."""
    earlier = _open_checks(visit, task_id)
    is_void = is_taken_back(visit, report, is_check=True)
    _add(visit, TaskCheck(**report.columns(), task_id=task_id, is_void=is_void))
    if is_void:
        return Outcome("noop", "void")
    return Outcome("merged", "also_checked") if earlier else Outcome("applied")


def uncheck(visit: Visit, report: Report, task_id: str, seen: list[str]) -> Outcome:
    """Take back the checks that the tablet had seen, also those that have yet to arrive."""
    is_void = is_taken_back(visit, report)
    for target in dict.fromkeys(seen):
        _add(visit, Retraction(
            op_id=report.op_id, target=target, by_id=report.by_id, is_void=is_void,
        ))  # fmt: skip
    if is_void or not seen:
        return Outcome("noop", "void" if is_void else "")
    _settle_checks(visit, seen)
    left = _open_checks(visit, task_id)
    return Outcome("merged", "still_checked") if left else Outcome("applied")


def count(visit: Visit, report: Report, measure: str, amount: int, reason: str = "") -> Outcome:
    """Add so many to a measure; fewer than none corrects."""
    day = report.at.astimezone(clock.DK).date()
    is_void = is_taken_back(visit, report)
    _add(visit, Tally(
        **report.columns(), measure=measure, amount=amount, reason=reason, day=day, is_void=is_void
    ))  # fmt: skip
    return Outcome("noop", "void") if is_void else Outcome("applied")


def note(visit: Visit, report: Report, text: str) -> Outcome:
    """Keep a remark."""
    is_void = is_taken_back(visit, report)
    _add(visit, Note(**report.columns(), text=text, is_void=is_void))
    return Outcome("noop", "void") if is_void else Outcome("applied")


def take_back(visit: Visit, report: Report, target: str, kind: str | None) -> Outcome:
    """Undo one operation of the same user; ``kind`` is None while the operation has not arrived."""
    if _undone(visit, target, report.by_id):
        return Outcome("noop", "void")
    _add(visit, Retraction(op_id=report.op_id, target=target, by_id=report.by_id, is_undo=True))
    if kind == "visit.uncheck":
        _undo_uncheck(visit, target)
    elif kind in FACTS:
        fact = db.session.scalars(
            select(FACTS[kind]).where(FACTS[kind].op_id == target)
        ).one()  # fmt: skip
        fact.is_void = True
        refold(visit)
    return Outcome("applied")


@atomic
def cancel(visit: Visit, reason: str, by_id: str, by_name: str) -> None:
    """Call a visit off before anybody is there.

    Raises:
        Conflict: the team has begun, or the visit is over.
    """
    if visit.status not in ("planned", "en_route"):
        raise Conflict
    now = clock.now()
    say_status(visit, Report(new_id(), by_id, by_name, now, now), "cancelled", reason)
    audit.record("cancel", "visit", visit.id, reason=reason)


def refold(visit: Visit) -> None:
    """Let the visit's status say what its marks add up to."""
    marks = db.session.execute(
        select(StatusMark.op_id, StatusMark.to, StatusMark.reason, StatusMark.at).where(
            StatusMark.visit_id == visit.id, ~StatusMark.is_void
        )
    )
    now = fold(Mark(m.op_id, m.to, m.reason, m.at.astimezone(clock.DK).date()) for m in marks)
    visit.status, visit.status_reason, visit.done_on = now.status, now.reason, now.done_on


def is_taken_back(visit: Visit, report: Report, *, is_check: bool = False) -> bool:
    """Whether an undo, or for a check an uncheck that had seen it, came before it did."""
    found = db.session.execute(
        select(Retraction.is_undo, Retraction.by_id).where(
            Retraction.visit_id == visit.id, Retraction.target == report.op_id,
            ~Retraction.is_void,
        )
    )  # fmt: skip
    return any(row.by_id == report.by_id if row.is_undo else is_check for row in found)


def touch(visit: Visit) -> None:
    """Let the visit's version rise with what is reported of it."""
    visit.updated_at = clock.now()


def _add(visit: Visit, row: Fact | Retraction) -> None:
    row.visit_id = visit.id
    touch(visit)
    db.session.add(row)


def _open_checks(visit: Visit, task_id: str) -> bool:
    return db.session.scalars(
        select(TaskCheck.op_id).where(
            TaskCheck.visit_id == visit.id, TaskCheck.task_id == task_id, ~TaskCheck.is_void
        ).limit(1)
    ).first() is not None  # fmt: skip


def _undone(visit: Visit, op_id: str, by_id: str) -> bool:
    return db.session.scalars(
        select(Retraction.id).where(
            Retraction.visit_id == visit.id, Retraction.target == op_id,
            Retraction.is_undo, Retraction.by_id == by_id,
        ).limit(1)
    ).first() is not None  # fmt: skip


def _undo_uncheck(visit: Visit, op_id: str) -> None:
    unchecks = db.session.scalars(
        select(Retraction).where(Retraction.op_id == op_id, ~Retraction.is_undo)
    ).all()
    for row in unchecks:
        row.is_void = True
    db.session.flush()
    _settle_checks(visit, [row.target for row in unchecks])


def _settle_checks(visit: Visit, op_ids: list[str]) -> None:
    """A check is void while an undo or a living uncheck names it."""
    checks = db.session.scalars(
        select(TaskCheck).where(TaskCheck.visit_id == visit.id, TaskCheck.op_id.in_(op_ids))
    ).all()
    found = db.session.execute(
        select(Retraction.target, Retraction.is_undo, Retraction.by_id).where(
            Retraction.visit_id == visit.id, Retraction.target.in_(op_ids), ~Retraction.is_void
        )
    ).all()
    for row in checks:
        row.is_void = any(
            r.target == row.op_id and (not r.is_undo or r.by_id == row.by_id) for r in found
        )
    db.session.flush()
