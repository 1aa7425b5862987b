"""Report that a session is opened, held by others, or closed, and take such a report back.

Each function runs inside the caller's transaction, on a visit that the caller has locked. The
marks are their own log. A session that opens puts its visit in progress, one that closes ends it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from outreach.core.db import db
from outreach.visits import actions as visits
from outreach.visits.actions import Report
from outreach.visits.models import Visit, VisitStatus
from outreach.visits.rules import Outcome
from outreach.voting.models import SessionMark
from outreach.voting.rules import MarkKind, Standing, State, fold, outside
from outreach.voting.seats import marks

_REACHED = {MarkKind.OPEN: "in_progress", MarkKind.CLOSE: "done"}


def standing(visit_id: str) -> Standing:
    """How far the session of a visit is. Cost: one statement."""
    return fold(marks([visit_id]).get(visit_id, ()))


def say(
    visit: Visit, report: Report, kind: MarkKind, receivers: Sequence[str], *, is_doubtful: bool
) -> Outcome:
    """Report an opening, a swap or a closing by people of whom it is known that they may."""
    before, was_cancelled = standing(visit.id), visit.status == VisitStatus.CANCELLED
    is_void = visits.is_taken_back(visit, report)
    db.session.add(SessionMark(
        **report.columns(), visit_id=visit.id, kind=kind, receivers=list(receivers),
        is_doubtful=is_doubtful, is_void=is_void,
    ))  # fmt: skip
    if kind in _REACHED:
        visits.say_status(visit, report, _REACHED[kind])
    else:
        visits.touch(visit)
    if is_void:
        return Outcome("noop", "void")
    if was_cancelled:
        return Outcome("conflict", "performed_after_cancel")
    return _verdict(kind, before, report)


def _verdict(kind: MarkKind, before: Standing, report: Report) -> Outcome:
    """What a mark does to a session that stood so before it."""
    if kind is MarkKind.OPEN:
        is_new = before.state is State.PLANNED
        return Outcome("applied") if is_new else Outcome("merged", "already_open")
    if before.state is State.PLANNED:
        return Outcome("conflict", "not_open")
    if kind is MarkKind.CLOSE and before.state is State.CLOSED:
        return Outcome("merged", "already_closed")
    why = outside(report.at, before)
    return Outcome("conflict", why) if why else Outcome("applied")


def take_back(visit: Visit, report: Report, target: str, kind: str) -> Outcome:
    """Undo an opening, a swap or a closing of the same user."""
    has_status = MarkKind(kind.removeprefix("session.")) in _REACHED
    outcome = visits.take_back(visit, report, target, "visit.status" if has_status else None)
    db.session.execute(
        update(SessionMark).where(SessionMark.op_id == target, SessionMark.visit_id == visit.id)
        .values(is_void=True)
    )  # fmt: skip
    return outcome


def judge_count(visit_id: str, report: Report) -> Outcome:
    """What is said of votes that were counted; they are kept whatever it is."""
    why = outside(report.at, standing(visit_id))
    return Outcome("conflict", why) if why else Outcome("applied")
