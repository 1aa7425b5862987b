"""Planning a sprint in the background: what the child reads, and what becomes of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from outreach.elections import queries as elections
from outreach.jobs.registry import Store, Task, Work, register
from outreach.voting import actions


def params(election_id: str, ask: actions.Ask) -> dict[str, Any]:
    """What is asked, as the job keeps it."""
    return {
        "election": election_id, "days": [day.isoformat() for day in ask.days], "aim": ask.aim,
        "teams": ask.teams, "seconds": ask.seconds, "seed": ask.seed, "keep_teams": ask.keep_teams,
        "depot_id": ask.depot_id,
    }  # fmt: skip


def begin(election_id: str, job_id: str, given: Mapping[str, Any]) -> Work:
    """What the child is called with, and what it is told once the teams are formed."""
    days = tuple(date.fromisoformat(day) for day in given["days"])
    ask = actions.Ask(**{**{k: v for k, v in given.items() if k != "election"}, "days": days})
    module = (
        "solver", "sprint", "-", "-o", "-", "--progress", "--plans", "--aim", ask.aim,
        "--seconds", f"{ask.seconds:g}", "--seed", str(ask.seed),
    )  # fmt: skip
    return Work(module, lambda: _task(election_id, job_id, ask))


def _task(election_id: str, job_id: str, ask: actions.Ask) -> Task:
    """Form the teams, and say how the solver's answers are kept.

    Raises:
        Invalid: a day may not be chosen any more.
    """
    ready = actions.prepare(elections.election_by_id(election_id), ask)

    def preview(plan: dict[str, Any]) -> Store:
        answer = ready.sprint.read(plan, explain=False)

        def store() -> dict[str, Any]:
            actions.keep_preview(election_id, ready, answer, job_id)
            return {}

        return store

    def finish(plan: dict[str, Any]) -> Store:
        answer = ready.sprint.read(plan, explain=True)

        def store() -> dict[str, Any]:
            actions.keep(election_id, ready, answer, job_id)
            lacks = [
                {"day": one.day.isoformat(), "asked": one.asked, "made": one.made,
                 "code": one.code, "name": one.name, "has": one.has, "needs": one.needs}
                for one in ready.lacks
            ]  # fmt: skip
            return {**plan.get("sprint", {}), "left": len(answer.left), "lacks": lacks}

        return store

    return Task(ready.sprint.as_json(), preview, finish)


def init() -> None:
    """Enter the handler."""
    register(actions.KIND, lambda job_id, given: begin(given["election"], job_id, given))
