"""Pages of the register of sites."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from flask import Blueprint, Flask, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.accounts.queries import users
from outreach.core.auth import May, may, requires, user
from outreach.core.errors import Conflict, Invalid, NotAllowed
from outreach.core.http import page_number, read_json
from outreach.core.pages import render
from outreach.people.queries import staff_choices
from outreach.sites import actions, geocode, pages, queries
from outreach.sites.forms import (
    ClosureForm,
    GrantForm,
    PlaceAsked,
    RevealForm,
    SiteForm,
    StaffLinkForm,
)
from outreach.sites.models import Site
from outreach.sites.sealed import Secrets

bp = Blueprint("sites", __name__)


@bp.get("/sites")
@requires(May.PLAN)
def index() -> ResponseReturnValue:
    """The register, searched and filtered."""
    given = {name: request.args.get(name, "")[:80] for name in ("q", "kind", "area", "status")}
    search = queries.Search(
        given["q"], given["kind"], given["area"], given["status"],
        page_number(),
    )  # fmt: skip
    rows, found = queries.listed(search)
    kept: dict[str, Any] = {name: value for name, value in given.items() if value}

    def page_url(number: int | None) -> str:
        return url_for("sites.index", **kept, page=number) if number else ""

    pager = pages.Pager(
        found.page, max(1, found.pages), found.total or 0,
        page_url(found.prev_num if found.has_prev else None),
        page_url(found.next_num if found.has_next else None),
    )  # fmt: skip
    return render(
        pages.ListPage(
            _("Sites"), rows, search, pages.kinds(), queries.areas(), pages.statuses(), pager
        )
    )


@bp.get("/sites/<uuid:site_id>")
@requires(May.PLAN)
def site(site_id: str) -> ResponseReturnValue:
    """Everything about a site."""
    return _show(queries.site_by_id(str(site_id)))


@bp.post("/sites/<uuid:site_id>/reveal")
@requires(May.SIGNED_IN)
def reveal(site_id: str) -> ResponseReturnValue:
    """Show a secret address once, with a reason that is written down."""
    found, form = queries.site_by_id(str(site_id)), RevealForm()
    if not queries.may_see(found, user().id):
        raise NotAllowed
    if not form.validate():
        return _show(found, reveal_form=form)
    try:
        secrets = actions.reveal(found, form.reason.data or "")
    except Invalid as error:
        form.reason.errors = [error.fields["reason"]]
        return _show(found, reveal_form=form)
    if request.form.get("then") == "change" and may(May.PLAN):
        wanted = SiteForm(formdata=None, obj=found)
        wanted.show(found, secrets)
        return _form_page(wanted, found)
    return _show(found, secrets=secrets)


def _show(
    found: Site,
    *,
    secrets: Secrets | None = None,
    reveal_form: RevealForm | None = None,
    closure_form: ClosureForm | None = None,
) -> ResponseReturnValue:
    link_form = StaffLinkForm(formdata=None)
    link_form.offer(staff_choices())
    wrong = any(form is not None and form.errors for form in (reveal_form, closure_form))
    page = pages.SitePage(
        title=found.label, crumbs=pages.crumbs(), site=found, kind=pages.kind_name(found.kind),
        status=pages.status_name(found), precision=pages.precision_name(found.precision),
        secrets=secrets, may_reveal=found.is_secret and queries.may_see(found, user().id),
        reveal_form=reveal_form or RevealForm(formdata=None), week=pages.week_strip(found),
        closures=pages.closures_ahead(found),
        closure_form=closure_form or ClosureForm(formdata=None),
        cleared=queries.cleared(found.id), excluded=queries.excluded(found.id),
        link_form=link_form, map=pages.small_map(found),
        sections=tuple(make(found) for make in pages.SECTIONS),
    )  # fmt: skip
    return render(page), 422 if wrong else 200


@bp.route("/sites/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_site() -> ResponseReturnValue:
    """Make a site."""
    return _edit(SiteForm(), None)


@bp.route("/sites/<uuid:site_id>/edit", methods=["GET", "POST"])
@requires(May.PLAN)
def edit(site_id: str) -> ResponseReturnValue:
    """Change a site; a secret one only after it was revealed with a reason."""
    found = queries.site_by_id(str(site_id))
    if found.is_secret and not queries.may_see(found, user().id):
        raise NotAllowed
    if found.is_secret and request.method == "GET":
        return redirect(url_for("sites.site", site_id=found.id))
    form = SiteForm(obj=found)
    if request.method == "GET":
        form.show(found, None)
    return _edit(form, found)


def _edit(form: SiteForm, found: Site | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            saved = actions.save(form.fields(), found)
        except Invalid as error:
            for name, why in error.fields.items():
                form[name].errors = [why]
        else:
            flash(_("%(name)s was saved.", name=saved.label), "done")
            return redirect(url_for("sites.site", site_id=saved.id), 303)
    return _form_page(form, found)


def _form_page(form: SiteForm, found: Site | None) -> ResponseReturnValue:
    page = pages.EditPage(
        title=_("Change %(name)s", name=found.label) if found else _("New site"),
        crumbs=pages.crumbs(found), form=form, map=pages.surroundings(found),
        site_id=found.id if found else "",
        action=url_for("sites.edit", site_id=found.id) if found else url_for("sites.new_site"),
        back=url_for("sites.site", site_id=found.id) if found else url_for("sites.index"),
    )  # fmt: skip
    return render(page), 422 if form.errors else 200


@bp.post("/api/v1/places")
@requires(May.PLAN)
def places() -> ResponseReturnValue:
    """Look an address up; in the body, so that no log keeps it."""
    asked = read_json(PlaceAsked)
    is_secret = asked.secret is not False or queries.is_secret(asked.site)
    found = geocode.look_up(asked.address[:200], is_secret=is_secret)
    if found is None:
        return jsonify(found=False, text=_("No place of this name is known. Set the pin by hand."))
    precise = pages.precision_name(found.precision)
    return jsonify(
        found=True, latitude=found.latitude, longitude=found.longitude,
        precision=found.precision, text=f"{found.words} ({precise})",
    )  # fmt: skip


@bp.post("/sites/<uuid:site_id>/closures")
@requires(May.PLAN)
def add_closure(site_id: str) -> ResponseReturnValue:
    """Note days on which the site takes no visit."""
    found, form = queries.site_by_id(str(site_id)), ClosureForm()
    if form.validate() and form.from_day.data and form.to_day.data:
        try:
            actions.close_for(found, form.from_day.data, form.to_day.data, form.reason.data)
        except Invalid as error:
            form.to_day.errors = [error.fields["to_day"]]
        else:
            flash(_("The closure was saved. Plan the week again to respect it."), "done")
            return redirect(url_for("sites.site", site_id=found.id), 303)
    return _show(found, closure_form=form)


@bp.post("/closures/<uuid:closure_id>/remove")
@requires(May.PLAN)
def remove_closure(closure_id: str) -> ResponseReturnValue:
    """Take a closure back."""
    found = queries.closure_by_id(str(closure_id))
    actions.reopen(found)
    flash(_("The closure was removed."), "done")
    return redirect(url_for("sites.site", site_id=found.site_id), 303)


@bp.post("/sites/<uuid:site_id>/staff")
@requires(May.PLAN)
def link_staff(site_id: str) -> ResponseReturnValue:
    """Clear somebody for a site, or keep somebody away."""
    found, form = queries.site_by_id(str(site_id)), StaffLinkForm()
    form.offer(staff_choices())
    if not form.validate():
        raise Invalid({name: errors[0] for name, errors in form.errors.items()})
    if form.what.data == "clear":
        actions.clear(found, form.staff_id.data, form.valid_to.data)
    else:
        actions.exclude(found, form.staff_id.data)
    flash(_("The change was saved. Plan the week again to respect it."), "done")
    return redirect(url_for("sites.site", site_id=found.id), 303)


@bp.post("/sites/<uuid:site_id>/staff/<uuid:staff_id>/remove")
@requires(May.PLAN)
def unlink_staff(site_id: str, staff_id: str) -> ResponseReturnValue:
    """Take clearance or exclusion of a person back."""
    found = queries.site_by_id(str(site_id))
    actions.unlink(found, str(staff_id))
    return redirect(url_for("sites.site", site_id=found.id), 303)


@bp.route("/site-access", methods=["GET", "POST"])
@requires(May.ADMINISTER)
def grants() -> ResponseReturnValue:
    """Who may reveal which secret site."""
    form = GrantForm()
    form.offer(queries.secret_choices(), [(u.id, u.name) for u in users() if u.is_active])
    if form.validate_on_submit():
        last = form.expires_on.data
        until = datetime.combine(last, time.max, UTC) if last else None
        try:
            actions.grant(queries.site_by_id(form.site_id.data), form.user_id.data, until)
        except Conflict as error:
            form.user_id.errors = [error.sentence()]
        else:
            flash(_("The right was given. Another administrator must confirm it."), "done")
            return redirect(url_for("sites.grants"), 303)
    page = pages.GrantsPage(_("Access to secret sites"), queries.grants(), form)
    return render(page), 422 if form.errors else 200


@bp.post("/site-access/<uuid:grant_id>/confirm")
@requires(May.ADMINISTER)
def confirm_grant(grant_id: str) -> ResponseReturnValue:
    """Confirm a right that somebody else has given."""
    actions.confirm(queries.grant_by_id(str(grant_id)))
    flash(_("The right was confirmed."), "done")
    return redirect(url_for("sites.grants"), 303)


@bp.post("/site-access/<uuid:grant_id>/withdraw")
@requires(May.ADMINISTER)
def withdraw_grant(grant_id: str) -> ResponseReturnValue:
    """Take a right back."""
    actions.withdraw(queries.grant_by_id(str(grant_id)))
    flash(_("The right was withdrawn."), "done")
    return redirect(url_for("sites.grants"), 303)


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
