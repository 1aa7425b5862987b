"""Pages of what teams and staff build on: depots and skills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires
from outreach.core.forms import Form
from outreach.core.pages import render
from outreach.people import actions, queries
from outreach.people.forms import DepotForm, SkillForm
from outreach.people.models import Depot, Skill

bp = Blueprint("basics", __name__)


@dataclass(frozen=True, slots=True)
class BasicsPage:
    """Every depot and skill."""

    template: ClassVar[str] = "basics/index.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    depots: tuple[tuple[str, str], ...]
    skills: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DepotPage:
    """The form of a depot."""

    template: ClassVar[str] = "basics/depot.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: DepotForm


@dataclass(frozen=True, slots=True)
class SkillPage:
    """The form of a skill; its code never changes, for services name it."""

    template: ClassVar[str] = "basics/skill.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: SkillForm


def _crumbs(*more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ((_("Staff and teams"), url_for("people.index")), *more)


def _inner() -> tuple[tuple[str, str], ...]:
    return _crumbs((_("Depots and skills"), url_for("basics.index")))


@bp.get("/basics")
@requires(May.PLAN)
def index() -> ResponseReturnValue:
    """Depots and skills."""
    skills = tuple((s.id, s.code, queries.skill_name(s)) for s in queries.skills())
    page = BasicsPage(_("Depots and skills"), _crumbs(), tuple(queries.depots()), skills)
    return render(page)


@bp.route("/depots/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_depot() -> ResponseReturnValue:
    """Make a depot."""
    return _depot_form(DepotForm(), None)


@bp.route("/depots/<uuid:depot_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def depot(depot_id: str) -> ResponseReturnValue:
    """See and change a depot."""
    found = queries.depot_by_id(str(depot_id))
    return _depot_form(DepotForm(obj=found), found)


def _depot_form(form: DepotForm, found: Depot | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        at = (form.latitude.data or 0.0, form.longitude.data or 0.0)
        saved = actions.save_depot(form.name.data or "", at, found)
        return _saved(saved.name)
    title = found.name if found else _("New depot")
    return render(DepotPage(title, _inner(), form)), _status(form)


@bp.route("/skills/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_skill() -> ResponseReturnValue:
    """Make a skill."""
    form = SkillForm()
    if request.method == "POST" and queries.has_skill(form.code.data or ""):
        form.validate()
        form.code.errors = [*form.code.errors, _("There is a skill with this code.")]
        return render(SkillPage(_("New skill"), _inner(), form)), 422
    return _skill_form(form, None)


@bp.route("/skills/<uuid:skill_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def skill(skill_id: str) -> ResponseReturnValue:
    """See a skill, and name it anew."""
    found = queries.skill_by_id(str(skill_id))
    form = SkillForm(obj=found)
    form.code.data = found.code
    form.code.render_kw = {"readonly": True}
    return _skill_form(form, found)


def _skill_form(form: SkillForm, found: Skill | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        code = found.code if found else form.code.data or ""
        saved = actions.save_skill(code, form.name_da.data or "", form.name_en.data or "")
        return _saved(queries.skill_name(saved))
    title = queries.skill_name(found) if found else _("New skill")
    return render(SkillPage(title, _inner(), form)), _status(form)


def _saved(name: str) -> ResponseReturnValue:
    flash(_("%(name)s was saved.", name=name), "done")
    return redirect(url_for("basics.index"), 303)


def _status(form: Form) -> int:
    return 422 if form.errors else 200
