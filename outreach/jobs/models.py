"""The ledger of jobs, as stored."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.core.db import OrgRow


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (JobState.QUEUED, JobState.RUNNING)


class Job(OrgRow):
    """One piece of work. It never holds personal data: what it works on is read when it starts.

    Attributes:
        kind: whose work it is; see ``registry``.
        subject: what it is about, such as 2026-W48; one job at a time for each.
        params: what its handler needs, as JSON.
        page: the address to go to when it has ended.
        by_id: the user who asked for it.
        attempt: how often a worker has begun it.
        token: only the worker that knows it may write; None while nobody works on it.
        lease_until: after this moment another worker may take it over.
        waits_since: when it was last put into the queue.
        progress: (seconds, cost, visits left out), the oldest first.
        shown: how many results have been put on the page.
        error: code of what went wrong.
    """

    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    page: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10), default=JobState.QUEUED, index=True)
    attempt: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]
    waits_since: Mapped[datetime]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    stop_requested: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    shown: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(String(40), default="")
