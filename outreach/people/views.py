"""Pages of staff and teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.accounts.queries import users
from outreach.core.auth import May, Role, requires
from outreach.core.errors import Invalid
from outreach.core.pages import render
from outreach.people import actions, basics, queries
from outreach.people.forms import EMPLOYMENTS, AbsenceForm, StaffForm, TeamForm
from outreach.people.models import Absence, Staff, Team

bp = Blueprint("people", __name__)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Teams and staff."""

    template: ClassVar[str] = "people/index.html"
    title: str
    teams: tuple[queries.TeamRow, ...]
    staff: tuple[queries.StaffRow, ...]
    employments: dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A staff member: form, and absences where the person is stored already."""

    template: ClassVar[str] = "people/staff.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: StaffForm
    staff_id: str
    absences: tuple[Absence, ...]
    absence_form: AbsenceForm


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The form of a team."""

    template: ClassVar[str] = "people/team.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: TeamForm


def _crumbs() -> tuple[tuple[str, str], ...]:
    return ((_("Staff and teams"), url_for("people.index")),)


@bp.get("/people")
@requires(May.PLAN)
def index() -> ResponseReturnValue:
    """Teams and staff."""
    words = {code: str(word) for code, word in EMPLOYMENTS}
    page = PeoplePage(_("Staff and teams"), queries.teams(), queries.staff(), words)
    return render(page)


@bp.route("/people/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_staff() -> ResponseReturnValue:
    """Make a staff member."""
    return _staff_form(StaffForm(), None)


@bp.route("/people/<uuid:staff_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def staff(staff_id: str) -> ResponseReturnValue:
    """See and change a staff member."""
    found = queries.staff_by_id(str(staff_id))
    form = StaffForm(obj=found)
    if request.method == "GET":
        form.skills.data = [link.skill.code for link in found.skills]
    return _staff_form(form, found)


def _staff_form(form: StaffForm, found: Staff | None) -> ResponseReturnValue:
    _offer(form, found)
    if form.validate_on_submit():
        try:
            saved = actions.save_staff(form.fields(found), found)
        except Invalid as error:
            form.user_id.errors = [error.fields["user_id"]]
        else:
            flash(_("%(name)s was saved.", name=saved.name), "done")
            return redirect(url_for("people.index"), 303)
    return _show_staff(form, found, AbsenceForm(formdata=None))


def _offer(form: StaffForm, found: Staff | None) -> None:
    now = found.user_id if found else None
    form.offer(
        queries.skill_choices(),
        [
            (one.id, f"{one.name} ({one.email})")
            for one in users()
            if one.id == now or (one.is_active and Role.FIELD in one.roles)
        ],
    )


def _show_staff(
    form: StaffForm, found: Staff | None, absence_form: AbsenceForm
) -> ResponseReturnValue:
    absences = tuple(sorted(found.absences, key=lambda a: a.from_day)) if found else ()
    title = found.name if found else _("New staff member")
    staff_id = found.id if found else ""
    page = StaffPage(title, _crumbs(), form, staff_id, absences, absence_form)
    return render(page), 422 if form.errors or absence_form.errors else 200


@bp.post("/people/<uuid:staff_id>/absences")
@requires(May.PLAN)
def add_absence(staff_id: str) -> ResponseReturnValue:
    """Note days away."""
    found = queries.staff_by_id(str(staff_id))
    form = AbsenceForm()
    if form.validate() and form.from_day.data and form.to_day.data:
        try:
            actions.add_absence(found, form.from_day.data, form.to_day.data)
        except Invalid as error:
            form.to_day.errors = [error.fields["to_day"]]
        else:
            flash(_("The absence was saved. Plan the week again to do without."), "done")
            return redirect(url_for("people.staff", staff_id=found.id), 303)
    shown = StaffForm(formdata=None, obj=found)
    _offer(shown, found)
    shown.skills.data = [link.skill.code for link in found.skills]
    return _show_staff(shown, found, form)


@bp.post("/absences/<uuid:absence_id>/remove")
@requires(May.PLAN)
def remove_absence(absence_id: str) -> ResponseReturnValue:
    """Take an absence back."""
    found = queries.absence_by_id(str(absence_id))
    actions.remove_absence(found)
    flash(_("The absence was removed."), "done")
    return redirect(url_for("people.staff", staff_id=found.staff_id), 303)


@bp.route("/teams/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_team() -> ResponseReturnValue:
    """Make a team."""
    return _team_form(TeamForm(), None)


@bp.route("/teams/<uuid:team_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def team(team_id: str) -> ResponseReturnValue:
    """See and change a team."""
    found = queries.team_by_id(str(team_id))
    return _team_form(TeamForm(obj=found), found)


def _team_form(form: TeamForm, found: Team | None) -> ResponseReturnValue:
    form.offer(queries.depots(), queries.staff_choices())
    if form.validate_on_submit():
        try:
            saved = actions.save_team(form.fields(found), found)
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("Team %(letter)s was saved.", letter=saved.letter), "done")
            return redirect(url_for("people.index"), 303)
    elif found is not None and request.method == "GET":
        form.show(found)
    title = _("Team %(letter)s", letter=found.letter) if found else _("New team")
    return render(TeamPage(title, _crumbs(), form)), 422 if form.errors else 200


def _show_errors(form: TeamForm, error: Invalid) -> None:
    for name, why in error.fields.items():
        days = {part.short_name: part.form.first for part in form.days()}
        days.get(name, form.letter).errors = [why]


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
    app.register_blueprint(basics.bp)
