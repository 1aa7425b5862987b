"""How a job is doing, for pages that wait for it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires
from outreach.core.i18n import number
from outreach.jobs import actions, queries, transport
from outreach.jobs.models import Job, JobState

bp = Blueprint("jobs", __name__)

_SHOWN = {JobState.CANCELLED: "stopped"}


@bp.get("/api/v1/jobs/<uuid:job_id>")
@requires(May.PLAN)
def job(job_id: str) -> ResponseReturnValue:
    """State, words, falling cost, and where to go at the end; 304 where nothing is new."""
    found = queries.job_by_id(str(job_id))
    response: Response = jsonify(as_json(found))
    response.add_etag()
    response.cache_control.no_cache = True
    return response.make_conditional(request)


@bp.post("/api/v1/jobs/<uuid:job_id>/stop")
@requires(May.PLAN)
def stop(job_id: str) -> ResponseReturnValue:
    """End with the best found so far."""
    return _answer(actions.stop(str(job_id)))


@bp.post("/api/v1/jobs/<uuid:job_id>/cancel")
@requires(May.PLAN)
def cancel(job_id: str) -> ResponseReturnValue:
    """Call it off."""
    return _answer(actions.cancel(str(job_id)))


def _answer(found: Job) -> ResponseReturnValue:
    if "text/html" in request.headers.get("Accept", ""):
        return redirect(found.page, 303)
    return jsonify(as_json(found)), 202


def as_json(found: Job) -> dict[str, Any]:
    """The job as pages and programs see it."""
    seconds = float(found.params.get("seconds", 0)) or None
    last = found.progress[-1] if found.progress else None
    is_open = found.state in (JobState.QUEUED, JobState.RUNNING)
    return {
        "id": found.id, "state": _SHOWN.get(JobState(found.state), found.state),
        "text": _text(found), "attempt": found.attempt, "shown": found.shown,
        "progress": min(1.0, last[0] / seconds) if last and seconds and is_open else None,
        "costs": [[at, cost] for at, cost, _left in found.progress],
        "unplanned": int(last[2]) if last else None,
        "next": None if is_open else found.page, "error": found.error or None,
        "result": found.result or None,
    }  # fmt: skip


def _text(found: Job) -> str:
    words = {
        JobState.QUEUED: _("Waiting for a worker."),
        JobState.RUNNING: _("Reading the week."),
        JobState.DONE: _("Done."),
        JobState.CANCELLED: _("Called off."),
        JobState.FAILED: failure(found.error),
    }
    if found.state == JobState.RUNNING and found.progress:
        left = int(found.progress[-1][2])
        return str(
            _("Searching for better plans; %(left)s visits are left out.", left=number(left))
        )
    return str(words[JobState(found.state)])


def failure(error: str) -> str:
    """Why a job failed, as a sentence."""
    words = {
        "gave-up": _("It was tried three times, but the worker died each time."),
        "crashed": _("It was tried three times, but the solver ended each time without an answer."),
        "bad-problem": _("The solver could not read the week."),
        "week-over": _("This week is over; it cannot be planned any more."),
        "too-many-visits": _("The week has more visits than can be planned at once."),
        "plan-breaks-rules": _("The solver's plan broke a rule and was not kept."),
        "plan-breaks-law": _("The solver's plan broke the law and was not kept."),
    }
    return str(words.get(error, _("Something went wrong while the week was planned.")))


def init_app(app: Flask) -> None:
    """Add the pages and the queue."""
    transport.init_app(app)
    app.register_blueprint(bp)
