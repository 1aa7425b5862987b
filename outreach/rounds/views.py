"""Pages of the week: the board, one visit, publishing, versions, and a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Flask, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core import clock
from outreach.core.auth import May, requires, user
from outreach.core.errors import Invalid, NotFound, OutreachError
from outreach.core.http import read_json
from outreach.core.pages import render
from outreach.jobs import actions as jobs
from outreach.rounds import actions, hand, more_pages, pages, queries, words, work
from outreach.rounds.forms import LockForm, PlanForm
from outreach.rounds.models import guard
from outreach.rounds.wire import MoveBody

bp = Blueprint("rounds", __name__)
_YEARS = range(2000, 2101)


@bp.url_value_preprocessor
def _no_endless_calendar(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Days near the ends of the calendar have no week around them.

    Raises:
        NotFound: the address names a day of no year that is planned.
    """
    for value in (values or {}).values():
        if isinstance(value, date) and value.year not in _YEARS:
            raise NotFound


@bp.get("/weeks")
@requires(May.PLAN)
def this_week() -> ResponseReturnValue:
    """The week to plan: the next one."""
    monday = clock.monday_of(clock.today()) + timedelta(days=7)
    return redirect(url_for("rounds.week", monday=monday))


@bp.get("/weeks/<week:monday>")
@requires(May.PLAN)
def week(monday: date) -> ResponseReturnValue:
    """The week board."""
    return render(pages.week_page(monday, PlanForm()))


@bp.post("/weeks/<week:monday>/plan")
@requires(May.PLAN)
def plan(monday: date) -> ResponseReturnValue:
    """Let the solver plan the week in the background."""
    form = PlanForm()
    if not form.validate():
        return render(pages.week_page(monday, form)), 422
    actions.refuse_past(monday)
    here = url_for("rounds.week", monday=monday)
    params = {
        "monday": monday.isoformat(), "seconds": form.seconds.data, "seed": 0,
        "keep": bool(form.keep.data),
    }  # fmt: skip
    jobs.enqueue(work.KIND, queries.week_name(monday), here, params)
    return redirect(here, 303)


@bp.post("/weeks/<week:monday>/copy")
@requires(May.PLAN)
def copy(monday: date) -> ResponseReturnValue:
    """A draft that begins as the published plan."""
    actions.copy_published(monday)
    flash(_("There is a draft now; it begins as the published plan."), "done")
    return redirect(url_for("rounds.week", monday=monday), 303)


@bp.post("/weeks/<week:monday>/drop")
@requires(May.PLAN)
def drop(monday: date) -> ResponseReturnValue:
    """Throw the draft away."""
    actions.drop_draft(monday)
    flash(_("The draft was thrown away."), "done")
    return redirect(url_for("rounds.week", monday=monday), 303)


@bp.route("/weeks/<week:monday>/publish", methods=["GET", "POST"])
@requires(May.PLAN)
def publish(monday: date) -> ResponseReturnValue:
    """What publishing changes, by person; then publish."""
    try:
        if request.method == "GET":
            return render(more_pages.publish_page(monday))
        made = actions.publish(monday, user().id, seen=request.form.get("seen"))
    except actions.OtherDraft as error:
        flash(error.sentence(), "problem")
        return redirect(url_for("rounds.publish", monday=monday), 303)
    except actions.NoDraft as error:
        return render(more_pages.no_draft_page(monday, error.sentence())), error.status
    flash(_("Version %(number)s is published.", number=made.number), "done")
    return redirect(url_for("rounds.week", monday=monday), 303)


@bp.get("/weeks/<week:monday>/versions/<int:number>")
@requires(May.PLAN)
def version(monday: date, number: int) -> ResponseReturnValue:
    """A published version, as it was."""
    return render(pages.version_page(monday, number))


@bp.get("/weeks/<week:monday>/visits/<uuid:visit_id>")
@requires(May.PLAN)
def visit(monday: date, visit_id: str) -> ResponseReturnValue:
    """A visit in its week: where it is, and where it could go."""
    return render(more_pages.visit_page(monday, str(visit_id)))


@bp.post("/weeks/<week:monday>/visits/<uuid:visit_id>/move")
@requires(May.PLAN)
def move(monday: date, visit_id: str) -> ResponseReturnValue:
    """Put a visit where the form says."""
    form = more_pages.move_form(monday)
    if not form.validate():
        return render(more_pages.visit_page(monday, str(visit_id), form)), 422
    day = date.fromisoformat(form.day.data)
    letters = [form.team.data, *([form.second.data] if form.second.data else [])]
    places = [hand.Place(letter, day, around=form.around.data) for letter in letters]
    try:
        moved = actions.move(monday, str(visit_id), places)
    except Invalid as error:
        form.team.errors = [*error.fields.values()]
        return render(more_pages.visit_page(monday, str(visit_id), form)), 422
    _say(monday, str(visit_id), moved)
    return redirect(url_for("rounds.week", monday=monday, _anchor=f"visit-{visit_id}"), 303)


@bp.post("/weeks/<week:monday>/visits/<uuid:visit_id>/back")
@requires(May.PLAN)
def back(monday: date, visit_id: str) -> ResponseReturnValue:
    """Put a visit where ``?to=A.2.3`` says (team, weekday, position); nowhere takes it out."""
    places = [_place(monday, text) for text in request.args.getlist("to")]
    moved = actions.move(monday, str(visit_id), places)
    _say(monday, str(visit_id), moved)
    return redirect(url_for("rounds.week", monday=monday, _anchor=f"visit-{visit_id}"), 303)


@bp.post("/weeks/<week:monday>/visits/<uuid:visit_id>/cure")
@requires(May.PLAN)
def cure(monday: date, visit_id: str) -> ResponseReturnValue:
    """Carry out what would help a visit that is left out, and plan it."""
    cured = actions.cure(monday, str(visit_id), request.form.get("key", ""))
    if cured.codes == ("insert",):
        _say(monday, str(visit_id), hand.Moved((), cured.now, 0))
    else:
        flash(pages.cured(monday, cured.now, cured.displaced), "done")
    return redirect(url_for("rounds.week", monday=monday, _anchor=f"visit-{visit_id}"), 303)


@bp.post("/api/v1/weeks/<week:monday>/moves")
@requires(May.PLAN)
def move_by_script(monday: date) -> ResponseReturnValue:
    """The same from the board, by dragging or by keys."""
    body = read_json(MoveBody)
    try:
        moved = actions.move_on_board(monday, body)
    except OutreachError as error:
        why = error.fields.values() if isinstance(error, Invalid) else [error.sentence()]
        flash(" ".join(map(str, why)), "problem")  # the board loads itself anew and shows it
        raise
    _say(monday, str(body.visit), moved)
    return jsonify(
        now=[{"team": at.letter, "day": at.day.isoformat(), "starts": at.starts, "ends": at.ends}
             for at in moved.now],
        breaches=moved.breaches,
    )  # fmt: skip


def _place(monday: date, text: str) -> hand.Place:
    try:
        letter, weekday, position = text.split(".")
        day = monday + timedelta(days=int(weekday))
        return hand.Place(letter, day, max(0, int(position)))
    except (ValueError, OverflowError):
        raise Invalid({"to": _("Write a team, a weekday and a position.")}) from None


def _say(monday: date, visit_id: str, moved: hand.Moved) -> None:
    """New times, what breaks, and a way back."""
    to = [f"{p.letter}.{p.day.weekday()}.{p.position}" for p in moved.before]
    undo = url_for("rounds.back", monday=monday, visit_id=visit_id, to=to)
    times = "; ".join(words.appointment(a.letter, a.day, a.starts, a.ends) for a in moved.now)
    text = _("Moved: %(times)s.", times=times) if times else _("Taken out of the plan.")
    if moved.breaches:
        text += " " + _("The plan now breaks %(count)s rules.", count=moved.breaches)
    flash((text, undo), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address


@bp.post("/weeks/<week:monday>/visits/<uuid:visit_id>/lock")
@requires(May.PLAN)
def lock(monday: date, visit_id: str) -> ResponseReturnValue:
    """Lock a visit where it is, or set it free."""
    form = LockForm()
    if not form.validate():
        return render(more_pages.visit_page(monday, str(visit_id))), 422
    actions.lock(monday, str(visit_id), form.level.data)
    flash(_("The lock was changed."), "done")
    return redirect(url_for("rounds.week", monday=monday, _anchor=f"visit-{visit_id}"), 303)


@bp.get("/days/<iso:day>")
@requires(May.PLAN)
def day(day: date) -> ResponseReturnValue:
    """The published rounds of a day."""
    return render(more_pages.day_page(day))


def init_app(app: Flask) -> None:
    """Add the pages, the handler of planning jobs and the guard of published plans."""
    work.init()
    guard()
    app.register_blueprint(bp)
