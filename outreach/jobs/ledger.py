"""The worker's side of the ledger. Each write is one conditional UPDATE that carries the token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, or_, select, update

from outreach.core import clock, tenancy
from outreach.core.db import db, writing
from outreach.core.ids import new_id
from outreach.jobs.models import OPEN, Job, JobState

LEASE = timedelta(seconds=12)
STALE = timedelta(seconds=15)
MOST_ATTEMPTS = 3
_MOST_POINTS = 200


class Lost(Exception):
    """Somebody else has the job now, or it is over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker may do."""

    id: str
    org_id: str
    token: str
    kind: str
    params: dict[str, Any]
    by_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody asks of a running job."""

    cancel: bool
    stop: bool


def _change(*where: Any, **values: Any) -> int:
    """One UPDATE over all organisations; the number of rows it changed."""
    with tenancy.everywhere(), writing():
        result = db.session.execute(
            update(Job).where(*where).values(updated_at=clock.now(), **values),
            execution_options={"synchronize_session": False},
        )
        return cast("CursorResult[Any]", result).rowcount


def claim(job_id: str) -> Claim | None:
    """Take a job that waits, or whose worker has died; None if there is nothing to take."""
    token, now = new_id(), clock.now()
    is_free = or_(
        Job.state == JobState.QUEUED,
        and_(Job.state == JobState.RUNNING, Job.lease_until < now),
    )
    taken = _change(
        Job.id == job_id, is_free, Job.attempt < MOST_ATTEMPTS, Job.cancel_requested.is_(False),
        state=JobState.RUNNING, token=token, attempt=Job.attempt + 1, lease_until=now + LEASE,
    )  # fmt: skip
    if not taken:
        return None
    with tenancy.everywhere():
        job = db.session.scalars(select(Job).where(Job.id == job_id)).one()
        found = Claim(job.id, job.org_id, token, job.kind, dict(job.params), job.by_id, job.attempt)
        db.session.rollback()
    return found


def _mine(claimed: Claim) -> tuple[Any, ...]:
    return (Job.id == claimed.id, Job.token == claimed.token, Job.state == JobState.RUNNING)


def write(claimed: Claim, **values: Any) -> None:
    """Change the job's row.

    Raises:
        Lost: the token no longer holds.
    """
    if not _change(*_mine(claimed), **values):
        raise Lost


def beat(claimed: Claim) -> None:
    """Extend the lease.

    Raises:
        Lost: the token no longer holds.
    """
    write(claimed, lease_until=clock.now() + LEASE)


def wishes(claimed: Claim) -> Wishes:
    """What was asked of the job meanwhile.

    Raises:
        Lost: the token no longer holds.
    """
    with tenancy.everywhere():
        row = db.session.execute(
            select(Job.cancel_requested, Job.stop_requested).where(*_mine(claimed))
        ).first()
        db.session.rollback()
    if row is None:
        raise Lost
    return Wishes(row.cancel_requested, row.stop_requested)


def thinned(points: list[list[float]]) -> list[list[float]]:
    """At most two hundred points of the falling line, the first and the last among them."""
    if len(points) <= _MOST_POINTS:
        return points
    step = len(points) / _MOST_POINTS
    return [*(points[int(n * step)] for n in range(_MOST_POINTS - 1)), points[-1]]


def end(claimed: Claim, state: JobState, error: str = "", **values: Any) -> None:
    """End the job.

    Raises:
        Lost: the token no longer holds.
    """
    write(claimed, state=state, token=None, lease_until=None, error=error, **values)


def put_back(claimed: Claim, error: str) -> bool:
    """Let it be tried again after its child has died; False if it was tried too often."""
    if claimed.attempt >= MOST_ATTEMPTS:
        end(claimed, JobState.FAILED, error)
        return False
    write(claimed, state=JobState.QUEUED, token=None, lease_until=None, waits_since=clock.now())
    return True


def reap() -> list[str]:
    """End or free what lost its worker; the ids of jobs that should be queued again."""
    now = clock.now()
    dead = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    _change(dead, Job.cancel_requested.is_(True), state=JobState.CANCELLED, token=None)
    _change(Job.state == JobState.QUEUED, Job.cancel_requested.is_(True), state=JobState.CANCELLED)
    _change(dead, Job.attempt >= MOST_ATTEMPTS, state=JobState.FAILED, token=None, error="gave-up")
    with tenancy.everywhere():
        ids = list(
            db.session.scalars(
                select(Job.id).where(
                    Job.state.in_(OPEN),
                    or_(dead, and_(Job.state == JobState.QUEUED, Job.waits_since < now - STALE)),
                )
            )
        )
        db.session.rollback()
    for job_id in ids:
        _change(
            Job.id == job_id, or_(dead, Job.state == JobState.QUEUED),
            state=JobState.QUEUED, token=None, lease_until=None, waits_since=now,
        )  # fmt: skip
    return ids
