"""Pages of an election's sessions: the board, one session, a team, publishing."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Flask, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core import clock
from outreach.core.auth import May, requires, user
from outreach.core.errors import Invalid, NotFound, OutreachError
from outreach.core.http import read_json
from outreach.core.pages import render
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.jobs import actions as jobs
from outreach.jobs import queries as job_queries
from outreach.jobs.models import Job
from outreach.jobs.views import as_json
from outreach.rounds import words
from outreach.rounds.actions import NoDraft, OtherDraft
from outreach.rounds.forms import LockForm
from outreach.rounds.wire import MoveBody
from outreach.voting import actions, deletion_views, more_pages, moving, pages, work

bp = Blueprint("voting", __name__)
_HOME = "/elections/<uuid:election_id>/sessions"
_API = "/api/v1/elections/<uuid:election_id>"


def _election(election_id: str) -> Election:
    return elections.election_by_id(str(election_id))


@bp.get(_HOME)
@requires(May.ELECT)
def board(election_id: str) -> ResponseReturnValue:
    """The week board of the sprint."""
    return render(pages.board_page(_election(election_id), _monday()))


def _monday() -> date | None:
    try:
        return date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return None


@bp.post(f"{_HOME}/plan")
@requires(May.ELECT)
def plan(election_id: str) -> ResponseReturnValue:
    """Let the solver plan the sprint in the background."""
    election = _election(election_id)
    form = pages.sprint_form(election, elections.law_of(election))
    if not form.validate():
        return render(pages.board_page(election, None, form)), 422
    if not form.days.data:
        form.days.errors = [_("Choose at least one day.")]
        return render(pages.board_page(election, None, form)), 422
    actions.refuse_changes(election)
    here = url_for("voting.board", election_id=election.id)
    jobs.enqueue(actions.KIND, election.id, here, work.params(election.id, form.ask()))
    return redirect(here, 303)


@bp.get(f"{_API}/sprint")
@requires(May.ELECT)
def job(election_id: str) -> ResponseReturnValue:
    """How the planning is doing; 304 where nothing is new."""
    response = jsonify(as_json(_job(election_id)))
    response.add_etag()
    response.cache_control.no_cache = True
    return response.make_conditional(request)


def _job(election_id: str) -> Job:
    found = job_queries.newest(actions.KIND, _election(election_id).id)
    if found is None:
        raise NotFound
    return found


@bp.post(f"{_API}/sprint/stop")
@requires(May.ELECT)
def stop(election_id: str) -> ResponseReturnValue:
    """End with the best found so far."""
    return _answer(jobs.stop(_job(election_id).id))


@bp.post(f"{_API}/sprint/cancel")
@requires(May.ELECT)
def cancel(election_id: str) -> ResponseReturnValue:
    """Call it off."""
    return _answer(jobs.cancel(_job(election_id).id))


def _answer(found: Job) -> ResponseReturnValue:
    if "text/html" in request.headers.get("Accept", ""):
        return redirect(found.page, 303)
    return jsonify(as_json(found)), 202


@bp.post(f"{_HOME}/drop")
@requires(May.ELECT)
def drop(election_id: str) -> ResponseReturnValue:
    """Throw the drafts away."""
    election = _election(election_id)
    actions.drop(election)
    flash(_("The draft was thrown away."), "done")
    return redirect(url_for("voting.board", election_id=election.id), 303)


@bp.route(f"{_HOME}/publish", methods=["GET", "POST"])
@requires(May.ELECT)
def publish(election_id: str) -> ResponseReturnValue:
    """What publishing changes, by person; then publish."""
    election = _election(election_id)
    try:
        if request.method == "GET":
            return render(more_pages.publish_page(election))
        made = actions.publish(election, user().id, seen=request.form.get("seen"))
    except OtherDraft as error:
        flash(error.sentence(), "problem")
        return redirect(url_for("voting.publish", election_id=election.id), 303)
    except NoDraft as error:
        return render(more_pages.no_draft_page(election, error.sentence())), error.status
    flash(more_pages.published_sentence(len(made)), "done")
    return redirect(url_for("voting.board", election_id=election.id), 303)


@bp.get(f"{_HOME}/<uuid:visit_id>")
@requires(May.ELECT)
def session(election_id: str, visit_id: str) -> ResponseReturnValue:
    """A session: where it is, and where it could go."""
    return render(more_pages.session_page(_election(election_id), str(visit_id)))


@bp.post(f"{_HOME}/<uuid:visit_id>/move")
@requires(May.ELECT)
def move(election_id: str, visit_id: str) -> ResponseReturnValue:
    """Put a session where the form says; what breaks the law is refused with its paragraph."""
    election, visit_id = _election(election_id), str(visit_id)
    form = more_pages.move_form(election)
    if not form.validate():
        return render(more_pages.session_page(election, visit_id, form)), 422
    place = moving.Place(form.team.data, date.fromisoformat(form.day.data), around=form.around.data)
    try:
        moved = actions.move(election, visit_id, [place])
    except (Invalid, actions.AgainstLaw) as error:
        form.team.errors = [_text(error)]
        return render(more_pages.session_page(_election(election_id), visit_id, form)), 422
    return _moved(election, visit_id, moved)


@bp.post(f"{_HOME}/<uuid:visit_id>/back")
@requires(May.ELECT)
def back(election_id: str, visit_id: str) -> ResponseReturnValue:
    """Put a session where ``?to=V1.2027-01-04.3`` says; nowhere takes it out."""
    election = _election(election_id)
    places = [_place(text) for text in request.args.getlist("to")]
    return _moved(election, str(visit_id), actions.move(election, str(visit_id), places))


def _place(text: str) -> moving.Place:
    try:
        letter, day, position = text.split(".")
        return moving.Place(letter, date.fromisoformat(day), max(0, int(position)))
    except ValueError:
        raise Invalid({"to": _("Write a team, a day and a position.")}) from None


def _moved(election: Election, visit_id: str, moved: moving.Moved) -> ResponseReturnValue:
    _say(election, visit_id, moved)
    week = moved.now[0].day if moved.now else None
    here = url_for("voting.board", election_id=election.id, week=_week(week),
                   _anchor=f"visit-{visit_id}")  # fmt: skip
    return redirect(here, 303)


def _week(day: date | None) -> str | None:
    return None if day is None else clock.monday_of(day).isoformat()


def _say(election: Election, visit_id: str, moved: moving.Moved) -> None:
    """New times, what breaks, and a way back."""
    to = [f"{p.letter}.{p.day.isoformat()}.{p.position}" for p in moved.before]
    undo = url_for("voting.back", election_id=election.id, visit_id=visit_id, to=to)
    times = "; ".join(words.appointment(a.letter, a.day, a.starts, a.ends) for a in moved.now)
    text = _("Moved: %(times)s.", times=times) if times else _("Taken out of the plan.")
    if moved.breaches:
        text += " " + _("The plan now breaks %(count)s rules.", count=moved.breaches)
    flash((text, undo), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address


def _text(error: OutreachError) -> str:
    if isinstance(error, Invalid):
        return " ".join(map(str, error.fields.values()))
    return error.sentence()


@bp.post(f"{_API}/moves")
@requires(May.ELECT)
def move_by_script(election_id: str) -> ResponseReturnValue:
    """The same from the board, by dragging or by keys."""
    election, body = _election(election_id), read_json(MoveBody)
    try:
        moved = actions.move_on_board(election, body)
    except OutreachError as error:
        flash(_text(error), "problem")  # the board loads itself anew and shows it
        raise
    _say(election, str(body.visit), moved)
    return jsonify(
        now=[{"team": at.letter, "day": at.day.isoformat(), "starts": at.starts, "ends": at.ends}
             for at in moved.now],
        breaches=moved.breaches,
    )  # fmt: skip


@bp.post(f"{_HOME}/<uuid:visit_id>/lock")
@requires(May.ELECT)
def lock(election_id: str, visit_id: str) -> ResponseReturnValue:
    """Lock a session where it is, or set it free."""
    election, form = _election(election_id), LockForm()
    if not form.validate():
        return render(more_pages.session_page(election, str(visit_id))), 422
    actions.lock(election, str(visit_id), form.level.data)
    flash(_("The lock was changed."), "done")
    return redirect(url_for("voting.session", election_id=election.id, visit_id=visit_id), 303)


@bp.route(f"{_HOME}/teams/<uuid:team_id>", methods=["GET", "POST"])
@requires(May.ELECT)
def team(election_id: str, team_id: str) -> ResponseReturnValue:
    """Who rides in a team on a day."""
    election = _election(election_id)
    page = more_pages.team_page(election, str(team_id))
    if request.method == "GET":
        return render(page)
    if not page.form.is_fresh():
        return render(page), 422
    try:
        actions.change_team(election, str(team_id), request.form.getlist("members"))
    except (Invalid, actions.AgainstLaw) as error:
        page.form.members.errors = [_text(error)]
        return render(page), 422
    flash(_("The team was changed."), "done")
    return redirect(url_for("voting.board", election_id=election.id, week=_week(page.day)), 303)


def init_app(app: Flask) -> None:
    """Add the pages and the handler of planning jobs."""
    work.init()
    app.register_blueprint(bp)
    app.register_blueprint(deletion_views.bp)
