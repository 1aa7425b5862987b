"""Pages of what the council decides within what the law leaves open."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires
from outreach.core.errors import Conflict, Invalid, NotFound
from outreach.core.pages import render
from outreach.elections import actions, consequences, pages, queries
from outreach.elections.blueprint import bp
from outreach.elections.consequences import Effect
from outreach.elections.forms import LocalForm
from outreach.elections.models import Election
from outreach.elections.models import LocalDecision as Stored
from outreach.elections.nav import election_tabs
from outreach.elections.rules import fingerprint
from outreach.rulesets.facts import LocalDecision
from outreach.sites.pages import kind_name


@bp.get("/elections/<uuid:election_id>/decisions")
@requires(May.ELECT)
def decisions(election_id: str) -> ResponseReturnValue:
    """Everything that the law leaves to the council."""
    election = queries.election_by_id(str(election_id))
    page = pages.DecisionsPage(
        _("Local decisions"), pages.crumbs(election), election, pages.options_of(election)
    )
    return render(page)


@bp.route("/elections/<uuid:election_id>/decisions/<path:option>", methods=["GET", "POST"])
@requires(May.ELECT)
def decision(election_id: str, option: str) -> ResponseReturnValue:
    """One decision: what it would do is shown before it is saved."""
    election = queries.election_by_id(str(election_id))
    form, effect = _form(election, option), None
    if request.method == "GET":
        stored = _stored(election, option)
        form.show(stored.value if stored is not None else "")
    elif form.validate():
        given = form.decision(option)
        mark = fingerprint(given)
        try:
            effect = consequences.of_decision(election, option, given)
            if form.previewed.data == mark:
                return _save(election, given)
        except Invalid as error:
            _show_errors(form, error)
        form.previewed.data = mark
    return _show(election, option, form, effect)


def _form(election: Election, option: str) -> LocalForm:
    known = queries.ruleset_of(election).local_options.get(option)
    if known is None:
        raise NotFound
    form = LocalForm(obj=_stored(election, option))
    form.ask(known.effect, [(kind.value, kind_name(kind)) for kind in known.site_kinds])
    return form


def _stored(election: Election, option: str) -> Stored | None:
    return next((one for one in election.decisions if one.option == option), None)


def _show_errors(form: LocalForm, error: Invalid) -> None:
    for name, why in error.fields.items():
        place = {"value": "later_day" if "later_day" in form else "kinds"}.get(name, name)
        field = form[place] if place in form else form["document"]
        field.errors = [why]


def _show(
    election: Election, option: str, form: LocalForm, effect: Effect | None
) -> ResponseReturnValue:
    shown = next(one for one in pages.options_of(election) if one.name == option)
    holds = shown.decision is not None and shown.decision.decided_on is not None
    without = consequences.of_decision(election, option, None) if holds else None
    page = pages.DecisionPage(
        shown.title,
        (*pages.crumbs(election),
         (_("Local decisions"), url_for("elections.decisions", election_id=election.id))),
        election, shown, form, None if form.errors else effect, without,
    )  # fmt: skip
    return render(page), 422 if form.errors else 200


def _save(election: Election, given: LocalDecision) -> ResponseReturnValue:
    stored = _stored(election, given.option)
    was: dict[str, Any] = {}
    if stored is not None and stored.decided_on is not None:
        was = {"value": stored.value, "document": stored.document,
               "day": stored.decided_on.isoformat()}  # fmt: skip
    actions.decide(election, given)
    back = url_for("elections.put_back", election_id=election.id, option=given.option, **was)
    return _done(election, _("The decision was saved."), back)


def _done(election: Election, text: str, back: str) -> ResponseReturnValue:
    flash((text, back), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address
    return redirect(url_for("elections.decisions", election_id=election.id), 303)


@bp.post("/elections/<uuid:election_id>/take-back/<path:option>")
@requires(May.ELECT)
def take_back(election_id: str, option: str) -> ResponseReturnValue:
    """Remove a decision."""
    election = queries.election_by_id(str(election_id))
    was = actions.take_back(election, option)
    if was is None:
        flash(_("The decision was removed."), "done")
        return redirect(url_for("elections.decisions", election_id=election.id), 303)
    back = url_for(
        "elections.put_back", election_id=election.id, option=option, value=was.value,
        document=was.document, day=was.decided_on.isoformat(),
    )  # fmt: skip
    return _done(election, _("The decision was removed."), back)


@bp.post("/elections/<uuid:election_id>/put-back/<path:option>")
@requires(May.ELECT)
def put_back(election_id: str, option: str) -> ResponseReturnValue:
    """Undo: what was decided before holds again, or nothing does."""
    election = queries.election_by_id(str(election_id))
    given = request.args
    if "day" in given:
        try:
            day = date.fromisoformat(given["day"])
        except ValueError:
            raise Conflict from None
        was = LocalDecision(option, day, given.get("document", ""), given.get("value", ""))
        actions.decide(election, was)
    else:
        actions.take_back(election, option)
    flash(_("It was undone."), "done")
    return redirect(url_for("elections.decisions", election_id=election.id), 303)


def init_app(app: Flask) -> None:
    """Let every page of an election show its tabs."""
    app.jinja_env.globals["election_tabs"] = election_tabs
