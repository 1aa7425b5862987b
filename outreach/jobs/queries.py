"""Reads of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select

from outreach.core import clock, tenancy
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.jobs.models import Job, JobState

_STALE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class JobView:
    """How a job stands."""

    id: str
    kind: str
    subject: str
    state: str
    attempt: int
    costs: tuple[tuple[float, float], ...]
    seconds: float
    unserved: int | None
    results: int
    error: str
    version: int


def job(job_id: str) -> JobView:
    """One job.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Job).where(Job.id == job_id)).first()
    if found is None:
        raise NotFound
    return _view(found)


def latest(kind: str, subject: str) -> JobView | None:
    """The newest job about a subject. Cost: one statement."""
    found = db.session.scalars(
        select(Job)
        .where(Job.kind == kind, Job.subject == subject)
        .order_by(Job.queued_at.desc(), Job.id.desc())
        .limit(1)
    ).first()
    return _view(found) if found else None


def _view(found: Job) -> JobView:
    return JobView(
        found.id, found.kind, found.subject, found.state, found.attempt,
        tuple((at, cost) for at, cost in found.costs), float(found.options.get("seconds", 0)),
        found.unserved, found.results, found.error, found.version,
    )  # fmt: skip


def overdue() -> tuple[tuple[str, str], ...]:
    """Id and organisation of jobs that nobody works on though somebody should."""
    now = clock.now()
    with tenancy.everywhere():
        rows = db.session.execute(
            select(Job.id, Job.org_id).where(
                or_(
                    (Job.state == JobState.RUNNING) & (Job.lease_until < now),
                    (Job.state == JobState.QUEUED) & (Job.queued_at < now - _STALE),
                )
            )
        )
        return tuple((row.id, row.org_id) for row in rows)
