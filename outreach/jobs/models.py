"""The ledger of jobs, as stored."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.core.db import OrgRow


class JobState(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Job(OrgRow):
    """One piece of long work. It never holds what is worked on, only whose and how it goes.

    Attributes:
        subject: what it is about, such as a week's Monday.
        token: the fencing token of the attempt that may write; anybody else is refused.
        lease_until: the attempt is taken for dead after this.
        costs: pairs of seconds and cost, falling.
        results: how many results were stored so far; a page loads anew when it rises.
    """

    kind: Mapped[str] = mapped_column(String(20), index=True)
    subject: Mapped[str] = mapped_column(String(40), index=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default=JobState.QUEUED, index=True)
    attempt: Mapped[int] = mapped_column(default=0)
    token: Mapped[str] = mapped_column(String(36), default="")
    queued_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    stop_requested: Mapped[bool] = mapped_column(default=False)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    costs: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    unserved: Mapped[int | None]
    results: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(40), default="")
