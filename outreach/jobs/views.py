"""What a page asks about a job, and the two buttons."""

from __future__ import annotations

from flask import Blueprint, Flask, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires
from outreach.core.i18n import number
from outreach.jobs import actions, consumer, queries
from outreach.jobs.models import JobState

bp = Blueprint("jobs", __name__)


def sentence(job: queries.JobView) -> str:
    """How a job stands, in words."""
    words = {
        JobState.QUEUED: _("Waiting for a free worker."),
        JobState.DONE: _("The plan is ready."),
        JobState.STOPPED: _("The planning was cancelled."),
        JobState.FAILED: _("The planning failed. Nothing was changed; try again."),
    }
    if job.state != JobState.RUNNING:
        return str(words[JobState(job.state)])
    if not job.costs:
        return str(_("Reading the week."))
    left = job.unserved or 0
    text = _("Best cost so far %(cost)s, %(left)s visits not planned.",
             cost=number(job.costs[-1][1]), left=number(left))  # fmt: skip
    return str(text)


@bp.get("/api/v1/jobs/<uuid:job_id>")
@requires(May.PLAN)
def job(job_id: str) -> ResponseReturnValue:
    """How a job stands; 304 if nothing is new."""
    found = queries.job(str(job_id))
    last = found.costs[-1][0] if found.costs else 0.0
    share = min(1.0, last / found.seconds) if found.seconds and found.costs else None
    response = make_response(
        jsonify(
            state=found.state, text=sentence(found), progress=share, costs=found.costs,
            results=found.results, next=None,
        )
    )  # fmt: skip
    response.set_etag(f"{found.version}-{found.state}")
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response.make_conditional(request)


@bp.post("/jobs/<uuid:job_id>/stop")
@requires(May.PLAN)
def stop(job_id: str) -> ResponseReturnValue:
    """End now and keep the best."""
    actions.request_stop(str(job_id))
    return _back()


@bp.post("/jobs/<uuid:job_id>/cancel")
@requires(May.PLAN)
def cancel(job_id: str) -> ResponseReturnValue:
    """End and keep nothing."""
    actions.request_cancel(str(job_id))
    return _back()


def _back() -> ResponseReturnValue:
    target = request.form.get("back", "")
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return redirect(target if local else url_for("overview.home"), 303)


def init_app(app: Flask) -> None:
    """Add the addresses and open the queue."""
    consumer.init_app(app)
    app.register_blueprint(bp)
