"""Writes of the ledger. Every write of a worker carries the fencing token of its attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from outreach.core import audit, clock, tenancy
from outreach.core.db import atomic, db
from outreach.core.errors import NotFound
from outreach.core.ids import new_id
from outreach.jobs.models import Job, JobState

LEASE = timedelta(seconds=4)
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job."""

    job_id: str
    token: str
    kind: str
    subject: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Orders:
    """What the people want of a running job."""

    stop: bool
    cancel: bool


@atomic
def create(kind: str, subject: str, options: dict[str, Any]) -> str:
    """Enter a job into the ledger; ``consumer.announce`` then tells the workers."""
    row = Job(kind=kind, subject=subject, options=options, queued_at=clock.now())
    db.session.add(row)
    db.session.flush()
    audit.record("queue", "job", row.id, what=kind, subject=subject)
    return row.id


@atomic
def claim(job_id: str) -> Claim | None:
    """Take a job that is queued, or whose worker is dead; None if somebody else has it.

    After three attempts the job has failed.
    """
    now, token = clock.now(), new_id()
    free = or_(
        Job.state == JobState.QUEUED,
        (Job.state == JobState.RUNNING) & (Job.lease_until < now),
    )
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job_id, free)
        .values(
            state=JobState.RUNNING, attempt=Job.attempt + 1, token=token,
            lease_until=now + LEASE, version=Job.version + 1,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    row = db.session.scalars(
        select(Job).where(Job.id == job_id).execution_options(populate_existing=True)
    ).one()
    if row.attempt > MOST_ATTEMPTS:
        row.state, row.error = JobState.FAILED, "too-many-attempts"
        return None
    return Claim(row.id, token, row.kind, row.subject, dict(row.options))


def _mine(mine: Claim) -> Job | None:
    return db.session.scalars(
        select(Job)
        .where(Job.id == mine.job_id, Job.token == mine.token, Job.state == JobState.RUNNING)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


@atomic
def heartbeat(
    mine: Claim, costs: list[list[float]], unserved: int | None, results: int
) -> Orders | None:
    """Extend the lease and note how it goes; None if the job belongs to somebody else now."""
    row = _mine(mine)
    if row is None:
        return None
    row.lease_until = clock.now() + LEASE
    if costs != row.costs or unserved != row.unserved or results != row.results:
        row.costs, row.unserved, row.results = costs, unserved, results
    return Orders(row.stop_requested, row.cancel_requested)


def still_mine(mine: Claim) -> bool:
    """Whether the attempt may still write its result; call it inside the result's transaction."""
    return _mine(mine) is not None


@atomic
def finish(mine: Claim, state: JobState, error: str = "") -> bool:
    """Close the job; False if it belongs to somebody else now."""
    row = _mine(mine)
    if row is None:
        return False
    row.state, row.error, row.lease_until = state, error, None
    return True


@atomic
def request_stop(job_id: str) -> None:
    """Ask a job to end now and keep the best it has."""
    _open(job_id).stop_requested = True
    audit.record("stop", "job", job_id)


@atomic
def request_cancel(job_id: str) -> None:
    """Ask a job to end and keep nothing; one that has not begun ends at once."""
    row = _open(job_id)
    row.cancel_requested = True
    if row.state == JobState.QUEUED:
        row.state = JobState.STOPPED
    audit.record("cancel", "job", job_id)


def _open(job_id: str) -> Job:
    found = db.session.scalars(
        select(Job).where(Job.id == job_id, Job.org_id == tenancy.org_id())
    ).first()
    if found is None:
        raise NotFound
    return found
