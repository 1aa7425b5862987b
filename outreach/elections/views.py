"""Pages of elections: list, time line, calendar, days, settings."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core import clock
from outreach.core.auth import May, requires
from outreach.core.errors import Invalid
from outreach.core.pages import render
from outreach.elections import (
    actions,
    consequences,
    decision_views,
    ics,
    pages,
    queries,
    site_views,
)
from outreach.elections.blueprint import bp
from outreach.elections.forms import ElectionForm, SettingsForm, TypeForm
from outreach.elections.models import Election
from outreach.elections.rules import Phase, fingerprint
from outreach.rulesets.schema import Ruleset


@bp.get("/elections")
@requires(May.ELECT)
def index() -> ResponseReturnValue:
    """Every election."""
    rows = queries.elections()
    coming = [queries.election_by_id(row.id) for row in rows if row.phase is not Phase.OVER]
    together, titles = pages.together(coming)
    phases = {phase: str(word) for phase, word in pages.PHASES.items()}
    return render(pages.ElectionsPage(_("Elections"), rows, phases, together, titles))


@bp.route("/elections/new", methods=["GET", "POST"])
@requires(May.ELECT)
def new_election() -> ResponseReturnValue:
    """Make an election: its type, then its days."""
    known = queries.rulesets()
    types = TypeForm(request.args)
    types.ruleset.choices = [("", _("Choose")), *queries.ruleset_choices(known)]
    chosen = known.get(request.args.get("ruleset", ""))
    form = None if chosen is None else _days_form(chosen)
    if chosen is not None and form is not None and form.validate_on_submit():
        try:
            made = actions.create(form.title.data or "", chosen, form.days())
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("The election was made. Next: what the council has decided."), "done")
            return redirect(url_for("elections.timeline", election_id=made.id), 303)
    page = pages.NewPage(_("New election"), pages.crumbs(), types, form, chosen, "")
    return render(page), 422 if form is not None and form.errors else 200


def _days_form(ruleset: Ruleset, **given: Any) -> ElectionForm:
    form = ElectionForm(**given)
    form.ask(ruleset)
    return form


def _show_errors(form: ElectionForm | SettingsForm, error: Invalid) -> None:
    for name, why in error.fields.items():
        field = form[name] if name in form else form["title"]
        field.errors = [why]


@bp.route("/elections/<uuid:election_id>/duplicate", methods=["GET", "POST"])
@requires(May.ELECT)
def duplicate(election_id: str) -> ResponseReturnValue:
    """Make an election like this one."""
    old = queries.election_by_id(str(election_id))
    form = _days_form(queries.ruleset_of(old))
    if form.validate_on_submit():
        try:
            made = actions.duplicate(old, form.title.data or "", form.days())
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("The election was made. Local decisions must be confirmed, receivers appointed "
                    "and instructed."), "done")  # fmt: skip
            return redirect(url_for("elections.decisions", election_id=made.id), 303)
    page = pages.NewPage(
        _("New election like this one"), pages.crumbs(old), TypeForm(request.args), form,
        queries.ruleset_of(old), old.title,
    )  # fmt: skip
    return render(page), 422 if form.errors else 200


@bp.get("/elections/<uuid:election_id>/timeline")
@requires(May.ELECT)
def timeline(election_id: str) -> ResponseReturnValue:
    """Windows and deadlines."""
    election = queries.election_by_id(str(election_id))
    law, verified = queries.law_of(election), queries.verified(election)
    page = pages.TimelinePage(
        election.title, pages.crumbs(), election, queries.type_name(law.ruleset),
        str(pages.PHASES[queries.phase_of(election, law)]), pages.drawing(law),
        pages.windows(law, verified), pages.deadlines(law, verified),
        url_for("elections.feed", key=election.feed_key, _external=True),
        (election.election_day - clock.today()).days,
    )  # fmt: skip
    return render(page)


@bp.get("/elections/<uuid:election_id>/calendar.ics")
@requires(May.ELECT)
def calendar(election_id: str) -> ResponseReturnValue:
    """The same as a calendar, to be saved."""
    answer = _calendar(queries.election_by_id(str(election_id)))
    answer.headers["Content-Disposition"] = 'attachment; filename="election.ics"'
    return answer


@bp.get("/calendars/<uuid:key>/election.ics")
@requires(May.PUBLIC)
def feed(key: str) -> ResponseReturnValue:
    """The calendar, for whoever was given its address."""
    answer = _calendar(queries.by_feed_key(str(key)))
    answer.add_etag()
    return answer.make_conditional(request)


def _calendar(election: Election) -> Response:
    stamp = ics.Stamp(election.updated_at, election.version)
    events = pages.events(election, queries.law_of(election))
    return Response(ics.calendar(election.title, events, stamp), content_type=ics.MIME)


@bp.post("/elections/<uuid:election_id>/renew-feed")
@requires(May.ELECT)
def renew_feed(election_id: str) -> ResponseReturnValue:
    """Give the calendar another address."""
    election = queries.election_by_id(str(election_id))
    actions.renew_feed(election)
    flash(_("The calendar has another address; the old one gives nothing any more."), "done")
    return redirect(url_for("elections.timeline", election_id=election.id), 303)


@bp.route("/elections/<uuid:election_id>/days", methods=["GET", "POST"])
@requires(May.ELECT)
def days(election_id: str) -> ResponseReturnValue:
    """Other days: what they would do is shown before they are saved."""
    election = queries.election_by_id(str(election_id))
    form = _days_form(queries.ruleset_of(election), obj=election)
    effect = None
    if form.validate_on_submit():
        given = form.days()
        mark = fingerprint(given.day, given.writ_day)
        try:
            effect = consequences.of_days(election, given.day, given.writ_day)
            if form.previewed.data == mark:
                return _save_days(election, form)
        except Invalid as error:
            _show_errors(form, error)
        form.previewed.data = mark
    page = pages.DaysPage(_("Change the days"), pages.crumbs(election), election, form, effect)
    return render(page), 422 if form.errors else 200


def _save_days(election: Election, form: ElectionForm) -> ResponseReturnValue:
    actions.change_days(election, form.days(), form.title.data or "")
    flash(_("The days were changed; every window and deadline was worked out anew."), "done")
    return redirect(url_for("elections.timeline", election_id=election.id), 303)


@bp.route("/elections/<uuid:election_id>/settings", methods=["GET", "POST"])
@requires(May.ELECT)
def settings(election_id: str) -> ResponseReturnValue:
    """How sessions are reckoned."""
    election = queries.election_by_id(str(election_id))
    form = SettingsForm(obj=election)
    if form.validate_on_submit():
        try:
            actions.change_settings(election, form.fields())
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("The settings were saved. Plan the sessions again to use them."), "done")
            return redirect(url_for("elections.timeline", election_id=election.id), 303)
    page = pages.SettingsPage(
        _("How sessions are reckoned"), pages.crumbs(election), election, form
    )
    return render(page), 422 if form.errors else 200


def init_app(app: Flask) -> None:
    """Add the pages of all three files."""
    decision_views.init_app(app)
    site_views.init_app(app)
    app.register_blueprint(bp)
