"""Planning a week in the background: what the child reads, and what becomes of its answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from outreach.jobs.registry import Store, Task, Work, register
from outreach.rounds import actions, queries

KIND = queries.PLANNING
_MOST_WORKERS = 2
"""Searches side by side, if there are as many processors."""


def begin(job_id: str, params: Mapping[str, Any]) -> Work:
    """What the child is called with, and what it is told once the week is read."""
    monday = date.fromisoformat(params["monday"])
    wish = actions.Wish(seconds=params["seconds"], seed=params["seed"], keep=params["keep"])
    module = (
        "solver", "solve", "-", "-o", "-", "--progress", "--plans",
        "--seconds", f"{wish.seconds:g}", "--seed", str(wish.seed),
        "--workers", str(min(_MOST_WORKERS, os.cpu_count() or 1)),
    )  # fmt: skip
    return Work(module, lambda: _task(job_id, monday, wish))


def _task(job_id: str, monday: date, wish: actions.Wish) -> Task:
    """Read the week, and say how the solver's answers are kept.

    Raises:
        RuleBroken: the week is over.
    """
    week = actions.prepare(monday, wish)

    def preview(plan: dict[str, Any]) -> Store:
        answer = week.read(plan, explain=False)

        def store() -> dict[str, Any]:
            actions.keep_preview(monday, answer, job_id)
            return {}

        return store

    def finish(plan: dict[str, Any]) -> Store:
        answer = week.read(plan, explain=True)

        def store() -> dict[str, Any]:
            kept = actions.keep_plan(monday, answer, job_id)
            return {"plan": kept.id, "number": kept.number, "left": len(answer.left)}

        return store

    return Task(week.as_json(), preview, finish)


def init() -> None:
    """Enter the handler."""
    register(KIND, begin)
