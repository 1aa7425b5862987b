"""Reads of jobs for pages."""

from __future__ import annotations

from sqlalchemy import select

from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.jobs.models import Job


def job_by_id(job_id: str) -> Job:
    """One job. Cost: one statement.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Job).where(Job.id == job_id)).first()
    if found is None:
        raise NotFound
    return found


def newest(kind: str, subject: str) -> Job | None:
    """The newest job about a subject. Cost: one statement."""
    return db.session.scalars(
        select(Job).where(Job.kind == kind, Job.subject == subject).order_by(Job.id.desc()).limit(1)
    ).first()
