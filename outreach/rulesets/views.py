"""Pages of rulesets: read one as law, copy it, edit the copy, compare it, activate it."""

from __future__ import annotations

import json

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires, user
from outreach.core.errors import Conflict, Invalid
from outreach.core.pages import render
from outreach.rulesets import actions, field_forms, pages, queries, vectors
from outreach.rulesets.forms import DocumentForm, VectorsForm
from outreach.rulesets.models import RulesetState
from outreach.rulesets.schema import BadRuleset

bp = Blueprint("rulesets", __name__)


@bp.get("/rulesets")
@requires(May.ELECT)
def index() -> ResponseReturnValue:
    """Every ruleset."""
    return render(pages.IndexPage(_("Rulesets"), queries.everything(), pages.states()))


@bp.get("/rulesets/<path:key>")
@requires(May.ELECT)
def ruleset(key: str) -> ResponseReturnValue:
    """One ruleset, readable as law."""
    found = queries.find(key)
    page = pages.RulesetPage(
        pages.name_of(found), pages.crumbs(), found, pages.sections(found), pages.statuses(),
        pages.states()[found.state],
    )  # fmt: skip
    return render(page)


@bp.route("/rulesets/vectors/<path:key>", methods=["GET", "POST"])
@requires(May.ELECT)
def compare(key: str) -> ResponseReturnValue:
    """A ruleset beside dates that authorities published, and dates of one's own."""
    found, form = queries.find(key), VectorsForm()
    law = found.ruleset
    if law is None:
        return redirect(url_for("rulesets.edit", copy_id=found.copy_id), 303)
    own: tuple[pages.ComparedLine, ...] = ()
    lines = pages.compared(vectors.compare(law, vectors.meant_for(law, found.based_on)), law)
    if form.validate_on_submit():
        try:
            asked = vectors.read_vectors(form.text.data or "")
            own = pages.compared(vectors.compare(law, asked), law)
        except Invalid as error:
            form.text.errors = [error.fields["text"]]
    title = _("Compare %(ruleset)s with known dates", ruleset=found.key)
    page = pages.VectorsPage(title, pages.crumbs(found), found, lines, own, form)
    return render(page), 422 if form.errors else 200


@bp.post("/rulesets/copy/<path:key>")
@requires(May.ELECT)
def copy(key: str) -> ResponseReturnValue:
    """Make a draft of a ruleset."""
    made = actions.copy(key)
    flash(_("The copy is a draft. Elections can follow it once it is activated."), "done")
    return redirect(url_for("rulesets.edit", copy_id=made.id), 303)


@bp.route("/rulesets/copies/<uuid:copy_id>", methods=["GET", "POST"])
@requires(May.ELECT)
def edit(copy_id: str) -> ResponseReturnValue:
    """Write a draft."""
    found, form = queries.find_copy(str(copy_id)), DocumentForm()
    if found.state != RulesetState.DRAFT:
        raise Conflict(_("A ruleset that was activated never changes. Copy it instead."))
    if form.validate_on_submit():
        try:
            actions.save(found.copy_id, form.text.data or "", form.version.data or 0)
        except Invalid as error:
            form.text.errors = [error.fields["text"]]
        else:
            flash(_("The draft was saved."), "done")
            return redirect(url_for("rulesets.edit", copy_id=found.copy_id), 303)
    if request.method == "GET":
        form.text.data = json.dumps(found.document, ensure_ascii=False, indent=2)
        form.version.data = found.version
    title = _("Edit %(ruleset)s", ruleset=found.key)
    page = pages.EditPage(title, pages.crumbs(found), found, form)
    return render(page), 422 if form.errors else 200


@bp.route("/rulesets/copies/<uuid:copy_id>/fields/<path:field>", methods=["GET", "POST"])
@requires(May.ELECT)
def edit_field(copy_id: str, field: str) -> ResponseReturnValue:
    """Write one field of a draft."""
    found = queries.find_copy(str(copy_id))
    cited = queries.field_of(found, field)
    form = field_forms.form_of(cited, found.version)
    if form.validate_on_submit():
        try:
            values = field_forms.values_of(form)
            actions.save_field(found.copy_id, field, values, form.version.data or 0)
        except BadRuleset as error:
            form.form_errors.append(error.sentence())
        else:
            flash(_("The draft was saved."), "done")
            return redirect(url_for("rulesets.ruleset", key=found.key, _anchor=field), 303)
    title = pages.field_title(found, field)
    page = pages.FieldPage(title, pages.crumbs(found), found, field, form)
    return render(page), 422 if form.errors else 200


@bp.post("/rulesets/copies/<uuid:copy_id>/activate")
@requires(May.ELECT)
def activate(copy_id: str) -> ResponseReturnValue:
    """Let elections follow a draft."""
    try:
        made = actions.activate(str(copy_id), user())
    except BadRuleset as error:
        flash(error.sentence(), "problem")
        return redirect(url_for("rulesets.edit", copy_id=copy_id), 303)
    flash(_("Elections can follow the ruleset now."), "done")
    return redirect(url_for("rulesets.ruleset", key=queries.key_of(made)), 303)


@bp.post("/rulesets/copies/<uuid:copy_id>/retire")
@requires(May.ELECT)
def retire(copy_id: str) -> ResponseReturnValue:
    """Put a copy away."""
    actions.retire(str(copy_id))
    undo = url_for("rulesets.restore", copy_id=copy_id)
    text = _("The copy was put away. Elections that follow it keep it.")
    flash((text, undo), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address
    return redirect(url_for("rulesets.index"), 303)


@bp.post("/rulesets/copies/<uuid:copy_id>/restore")
@requires(May.ELECT)
def restore(copy_id: str) -> ResponseReturnValue:
    """Take a copy back."""
    actions.restore(str(copy_id))
    flash(_("The copy is back."), "done")
    return redirect(url_for("rulesets.index"), 303)


@bp.post("/rulesets/tick/<path:key>")
@requires(May.ELECT)
def tick(key: str) -> ResponseReturnValue:
    """Note that a field was compared with the law in force."""
    path = request.form.get("field", "")
    actions.tick(key, path, user())
    return redirect(url_for("rulesets.ruleset", key=key, _anchor=path), 303)


@bp.post("/rulesets/untick/<path:key>")
@requires(May.ELECT)
def untick(key: str) -> ResponseReturnValue:
    """Take that back."""
    path = request.form.get("field", "")
    actions.untick(key, path)
    return redirect(url_for("rulesets.ruleset", key=key, _anchor=path), 303)


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
