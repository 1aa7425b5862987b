"""Writes: asking for work, stopping it, calling it off."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from outreach.core import audit, clock, tenancy
from outreach.core.db import alone, atomic, db
from outreach.core.errors import Conflict
from outreach.core.ids import new_id
from outreach.jobs import transport
from outreach.jobs.models import OPEN, Job, JobState
from outreach.jobs.queries import job_by_id


def enqueue(kind: str, subject: str, page: str, params: dict[str, Any]) -> str:
    """Ask for work; its id. If the queue fails, the reaper finds the row.

    Raises:
        Conflict: such a job is open already.
    """
    job_id = _enter(kind, subject, page, params)
    transport.send(job_id)
    return job_id


@atomic
def _enter(kind: str, subject: str, page: str, params: dict[str, Any]) -> str:
    alone(f"job {tenancy.org_id()} {kind} {subject}")
    is_open = select(Job.id).where(Job.kind == kind, Job.subject == subject, Job.state.in_(OPEN))
    if db.session.scalars(is_open).first() is not None:
        raise Conflict(_("This is being worked on already."))
    job = Job(
        id=new_id(), kind=kind, subject=subject, page=page, params=params,
        by_id=audit.actor.get(), waits_since=clock.now(),
    )  # fmt: skip
    db.session.add(job)
    audit.record("start", "job", job.id, what=kind, subject=subject)
    return job.id


@atomic
def stop(job_id: str) -> Job:
    """Ask a job to end with the best that it has found."""
    job = job_by_id(job_id)
    if job.state in OPEN:
        job.stop_requested = True
        audit.record("stop", "job", job.id)
    return job


@atomic
def cancel(job_id: str) -> Job:
    """Call a job off; nothing of it is kept but what was shown."""
    job = job_by_id(job_id)
    if job.state in OPEN:
        job.cancel_requested = True
        audit.record("cancel", "job", job.id)
    if job.state == JobState.QUEUED:
        job.state = JobState.CANCELLED
    return job
