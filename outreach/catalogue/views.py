"""Pages of services and kits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.catalogue import actions, queries
from outreach.catalogue.forms import AmountForm, KitForm, ServiceForm, write_tasks
from outreach.catalogue.models import Service
from outreach.core.auth import May, requires
from outreach.core.errors import Invalid
from outreach.core.pages import render
from outreach.people.queries import skill_choices

bp = Blueprint("catalogue", __name__)


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Services and kits."""

    template: ClassVar[str] = "catalogue/index.html"
    title: str
    services: tuple[queries.ServiceRow, ...]
    kits: tuple[queries.KitRow, ...]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """The form of a service."""

    template: ClassVar[str] = "catalogue/service.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: ServiceForm


@dataclass(frozen=True, slots=True)
class KitPage:
    """The form of a kit."""

    template: ClassVar[str] = "catalogue/kit.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: KitForm | AmountForm


def _crumbs() -> tuple[tuple[str, str], ...]:
    return ((_("Services"), url_for("catalogue.index")),)


@bp.get("/services")
@requires(May.PLAN)
def index() -> ResponseReturnValue:
    """The catalogue."""
    return render(CataloguePage(_("Services"), queries.services(), queries.kits()))


@bp.route("/services/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_service() -> ResponseReturnValue:
    """Make a service."""
    return _service_form(ServiceForm(), None, _("New service"))


@bp.route("/services/<uuid:service_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def service(service_id: str) -> ResponseReturnValue:
    """See and change a service."""
    found = queries.service_by_id(str(service_id))
    form = ServiceForm(obj=found, tasks=write_tasks(found))
    form.code.render_kw = {"readonly": True}
    return _service_form(form, found, queries.name_of(found))


def _service_form(form: ServiceForm, found: Service | None, title: str) -> ResponseReturnValue:
    form.offer([(kit.code, f"{kit.code} {kit.name}") for kit in queries.kits()], skill_choices())
    if form.validate_on_submit():
        try:
            actions.save_service(form.fields(), found)
        except Invalid as error:
            form.code.errors = [error.fields["code"]]
        else:
            flash(_("The service was saved."), "done")
            return redirect(url_for("catalogue.index"), 303)
    return render(ServicePage(title, _crumbs(), form)), 422 if form.errors else 200


@bp.route("/kits/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_kit() -> ResponseReturnValue:
    """Make a kit."""
    form = KitForm()
    if form.validate_on_submit():
        try:
            actions.create_kit(
                form.code.data or "", form.name_da.data or "", form.name_en.data or "",
                form.amount.data or 0,
            )  # fmt: skip
        except Invalid as error:
            form.code.errors = [error.fields["code"]]
        else:
            flash(_("The kit was saved."), "done")
            return redirect(url_for("catalogue.index"), 303)
    return render(KitPage(_("New kit"), _crumbs(), form)), 422 if form.errors else 200


@bp.route("/kits/<uuid:kit_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def kit(kit_id: str) -> ResponseReturnValue:
    """Say how many there are."""
    found = queries.kit_by_id(str(kit_id))
    form = AmountForm(obj=found)
    if request.method == "POST" and form.validate():
        actions.set_kit_amount(found, form.amount.data or 0)
        flash(_("The kit was saved."), "done")
        return redirect(url_for("catalogue.index"), 303)
    page = KitPage(f"{found.code} {queries.name_of(found)}", _crumbs(), form)
    return render(page), 422 if form.errors else 200


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
