"""The pages of an election's proof: how far it is, what is not safe, certificate and bundle."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires
from outreach.core.errors import NotFound
from outreach.core.pages import render
from outreach.elections import pages as elections
from outreach.elections.queries import election_by_id
from outreach.proof import actions, gathering, pages, queries
from outreach.proof.evaluation import learn
from outreach.proof.progress import Stage
from outreach.proof.verify import verify

bp = Blueprint("proof", __name__)


@bp.get("/elections/<uuid:election_id>")
@requires(May.ELECT)
def dashboard(election_id: str) -> ResponseReturnValue:
    """Which site is not yet safe?"""
    return render(pages.dashboard(gathering.stored(election_by_id(str(election_id)))))


@bp.get("/elections/<uuid:election_id>/progress")
@requires(May.ELECT)
def progress(election_id: str) -> ResponseReturnValue:
    """The sites behind a step of the funnel."""
    stored = gathering.stored(election_by_id(str(election_id)))
    stage = request.args.get("stage", Stage.DECIDED.value)
    if stage not in {one.value for one in Stage}:
        raise NotFound
    return render(pages.site_list(stored, Stage(stage), is_missing="missing" in request.args))


@bp.get("/elections/<uuid:election_id>/certificate")
@requires(May.ELECT)
def certificate(election_id: str) -> ResponseReturnValue:
    """Every rule with its result, to print."""
    stored = gathering.stored(election_by_id(str(election_id)))
    return render(pages.certificate(stored, verify(gathering.bundle_of(stored))))


@bp.post("/elections/<uuid:election_id>/bundle")
@requires(May.ELECT)
def bundle(election_id: str) -> ResponseReturnValue:
    """The election as a file that anybody may verify."""
    text = actions.export(str(election_id))
    answer = Response(text, mimetype="application/json")
    name = f"outreach-election-{str(election_id)[:8]}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/elections/<uuid:election_id>/evaluation")
@requires(May.ELECT)
def evaluation(election_id: str) -> ResponseReturnValue:
    """What the election teaches the next one."""
    stored = gathering.stored(election_by_id(str(election_id)))
    earlier = queries.earlier_votes(stored.election)
    return render(
        pages.EvaluationPage(
            title=_("Evaluation"), crumbs=elections.crumbs(stored.election),
            election=stored.election, lessons=learn(pages.measured(stored.sessions), earlier),
            incomplete=sum(one.is_held and not one.is_complete for one in stored.sessions),
        )
    )  # fmt: skip


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
