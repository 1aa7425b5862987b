"""Pages of receivers: who is appointed, who is instructed, and lists that are brought in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core import clock
from outreach.core.auth import May, requires
from outreach.core.errors import Conflict, Invalid
from outreach.core.http import page_number
from outreach.core.pages import render
from outreach.elections import actions as elections
from outreach.elections.consequences import CONSEQUENCES
from outreach.elections.models import Election
from outreach.elections.queries import election_by_id
from outreach.receivers import actions, lists, pages, parcel, queries, table
from outreach.receivers.forms import (
    AppointmentForm,
    InstructForm,
    ListForm,
    NewAppointmentForm,
    ParcelForm,
)
from outreach.receivers.matching import Step, dry_run
from outreach.receivers.models import Appointment
from outreach.rulesets.resolve import Law
from outreach.sites.pages import Pager

bp = Blueprint("receivers", __name__)
_SHOWN = 50


@bp.get("/elections/<uuid:election_id>/receivers")
@requires(May.ELECT)
def index(election_id: str) -> ResponseReturnValue:
    """Everybody appointed."""
    return _list(election_by_id(str(election_id)), InstructForm(formdata=None, day=clock.today()))


def _list(election: Election, form: InstructForm) -> ResponseReturnValue:
    law, days = pages.law_and_days(election)
    words, state = request.args.get("q", "")[:80].strip(), request.args.get("state", "")
    also = queries.also_appointed(election)
    everybody = [
        pages.line(row, law, days, also.get(row.staff_id, ()))
        for row in queries.appointments(election.id)
    ]
    found = [one for one in everybody if _fits(one, words, state)]
    pager = _pager(election, len(found), {"q": words, "state": state})
    start = (pager.page - 1) * _SHOWN
    page = pages.ReceiversPage(
        _("Receivers"), pages.crumbs(election)[:2], election,
        tuple(found[start : start + _SHOWN]), pager, words, state,
        sum(not one.why and not one.is_reserve for one in everybody), len(everybody),
        sum(not one.why and one.is_reserve for one in everybody), form,
    )  # fmt: skip
    return render(page), 422 if form.errors else 200


def _fits(line: pages.Line, words: str, state: str) -> bool:
    text = f"{line.name} {line.role}".casefold()
    if not all(word in text for word in words.casefold().split()):
        return False
    return {
        "ready": not line.why, "not": bool(line.why), "reserve": line.is_reserve,
        "uninstructed": line.instructed_on is None,
    }.get(state, True)  # fmt: skip


def _pager(election: Election, count: int, given: dict[str, str]) -> Pager:
    pages_in_all = max(1, -(-count // _SHOWN))
    page = min(page_number(), pages_in_all)
    kept: dict[str, Any] = {name: value for name, value in given.items() if value}

    def url(number: int) -> str:
        there = 1 <= number <= pages_in_all
        address = url_for("receivers.index", election_id=election.id, page=number, **kept)
        return address if there else ""

    return Pager(page, pages_in_all, count, url(page - 1), url(page + 1))


@bp.route("/elections/<uuid:election_id>/receivers/new", methods=["GET", "POST"])
@requires(May.ELECT)
def new_receiver(election_id: str) -> ResponseReturnValue:
    """Appoint somebody."""
    election = election_by_id(str(election_id))
    form = NewAppointmentForm()
    law = _offer(form, election)
    form.offer_staff(queries.free_staff(election.id))
    if form.validate_on_submit():
        try:
            made = actions.appoint(election, form.who(), form.fields(queries.attribute_of(law)))
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("%(name)s was appointed.", name=_name_of(made)), "done")
            return redirect(url_for("receivers.index", election_id=election.id), 303)
    page = pages.AppointmentPage(
        _("Appoint somebody"), pages.crumbs(election), election, form, "", ()
    )
    return render(page), 422 if form.errors else 200


def _name_of(row: Appointment) -> str:
    return queries.appointment_by_id(row.id).staff.name


def _offer(form: AppointmentForm, election: Election) -> Law:
    law, days = pages.law_and_days(election)
    form.offer(pages.roles(law), days, pages.attribute_name(law))
    return law


def _show_errors(form: AppointmentForm, error: Invalid) -> None:
    for name, why in error.fields.items():
        form[name].errors = [why]


@bp.route("/elections/<uuid:election_id>/receivers/<uuid:appointment_id>", methods=["GET", "POST"])
@requires(May.ELECT)
def receiver(election_id: str, appointment_id: str) -> ResponseReturnValue:
    """See and change an appointment."""
    election, row = _found(election_id, appointment_id)
    form = AppointmentForm(obj=row)
    law = _offer(form, election)
    attribute = queries.attribute_of(law)
    if request.method == "GET":
        form.show(row, attribute)
    elif form.validate():
        try:
            actions.change(election, row, form.fields(attribute))
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("%(name)s was saved.", name=row.staff.name), "done")
            return redirect(url_for("receivers.index", election_id=election.id), 303)
    why = pages.why_not(row, law, pages.window_days(law))
    page = pages.AppointmentPage(
        row.staff.name, pages.crumbs(election), election, form, row.id, why
    )
    return render(page), 422 if form.errors else 200


def _found(election_id: str, appointment_id: str) -> tuple[Election, Appointment]:
    row = queries.appointment_by_id(str(appointment_id), str(election_id))
    return election_by_id(str(election_id)), row


@bp.post("/elections/<uuid:election_id>/receivers/<uuid:appointment_id>/remove")
@requires(May.ELECT)
def remove(election_id: str, appointment_id: str) -> ResponseReturnValue:
    """Call off an appointment."""
    election, row = _found(election_id, appointment_id)
    back = url_for(
        "receivers.put_back", election_id=election.id, was=parcel.pack_row(election.id, row)
    )
    actions.remove(row)
    text = _("The appointment of %(name)s was called off.", name=row.staff.name)
    flash((text, back), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address
    return redirect(url_for("receivers.index", election_id=election.id), 303)


@bp.post("/elections/<uuid:election_id>/receivers/put-back")
@requires(May.ELECT)
def put_back(election_id: str) -> ResponseReturnValue:
    """Undo that an appointment was called off."""
    election = election_by_id(str(election_id))
    staff_id, given = parcel.unpack_row(election.id, request.args.get("was", ""))
    actions.appoint(election, staff_id, given)
    flash(_("The appointment holds again."), "done")
    return redirect(url_for("receivers.index", election_id=election.id), 303)


@bp.post("/elections/<uuid:election_id>/receivers/instructed")
@requires(May.ELECT)
def instructed(election_id: str) -> ResponseReturnValue:
    """Note who was instructed."""
    election, form = election_by_id(str(election_id)), InstructForm()
    form.ticked = frozenset(request.form.getlist("ids"))
    ids = None if form.who.data == "all" else set(form.ticked)
    if not form.validate() or form.day.data is None:
        return _list(election, form)
    try:
        count, at = actions.instruct(election, ids, form.day.data)
    except Invalid as error:
        form.day.errors = [error.fields["day"]]
        return _list(election, form)
    if not count:
        form.who.errors = [_("None of them waits to be instructed; tick them in the list.")]
        return _list(election, form)
    back = url_for("receivers.not_instructed", election_id=election.id, at=at.isoformat())
    text = ngettext("%(num)d person is instructed.", "%(num)d people are instructed.", count)
    flash((text, back), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address
    return redirect(url_for("receivers.index", election_id=election.id), 303)


@bp.post("/elections/<uuid:election_id>/receivers/not-instructed")
@requires(May.ELECT)
def not_instructed(election_id: str) -> ResponseReturnValue:
    """Undo what was noted together."""
    election = election_by_id(str(election_id))
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        raise Conflict from None
    actions.undo_instruct(election, at)
    flash(_("It was undone."), "done")
    return redirect(url_for("receivers.index", election_id=election.id), 303)


@bp.route("/elections/<uuid:election_id>/receivers/import", methods=["GET", "POST"])
@requires(May.ELECT)
def bring_in(election_id: str) -> ResponseReturnValue:
    """Choose a list; shows what it would do. The file is read and forgotten."""
    election, form = election_by_id(str(election_id)), ListForm()
    law, _days = pages.law_and_days(election)
    form.offer(pages.roles(law))
    understood = None
    if form.validate_on_submit():
        try:
            cells = table.read(form.list_file.data.read())
        except Invalid as error:
            form.list_file.errors = [error.fields["list_file"]]
        else:
            understood = lists.understand(cells, pages.terms(law, form.default_role.data))
            if not understood.missing:
                return _show_dry_run(election, law, understood)
    return _show_list(election, law, form, understood)


def _show_list(
    election: Election, law: Law, form: ListForm, understood: lists.Understood | None
) -> ResponseReturnValue:
    wants_party = bool(queries.attribute_of(law))
    page = pages.ListPage(
        _("Bring in a list"), pages.crumbs(election), election, form, wants_party, understood
    )
    return render(page), 422 if form.errors or understood is not None else 200


def _show_dry_run(
    election: Election, law: Law, understood: lists.Understood
) -> ResponseReturnValue:
    known = queries.known(election.id, queries.attribute_of(law))
    run = dry_run(understood.people, understood.skipped, known)
    packed = parcel.pack(election.id, understood.people, understood.skipped)
    form: Any = ParcelForm(formdata=None, parcel=packed)
    page = pages.DryRunPage(
        _("What the list would do"), pages.crumbs(election), election, understood, run,
        pages.field_names(), form,
    )  # fmt: skip
    return render(page)


@bp.post("/elections/<uuid:election_id>/receivers/import/save")
@requires(May.ELECT)
def save_list(election_id: str) -> ResponseReturnValue:
    """Do what the dry run showed, worked out anew against what is stored now."""
    election = election_by_id(str(election_id))
    attribute = queries.attribute_of(pages.law_and_days(election)[0])
    people, skipped = parcel.unpack(election.id, request.form.get("parcel", ""))
    run = dry_run(people, skipped, queries.known(election.id, attribute))
    done = actions.bring_in(election, run.changes, attribute)
    text = _(
        "The list was brought in: %(made)s new people, %(appointed)s appointed from the staff "
        "list, %(changed)s changed, %(same)s unchanged, %(skipped)s left out.",
        made=done[Step.MAKE], appointed=done[Step.APPOINT], changed=done[Step.CHANGE],
        same=done[Step.SAME], skipped=len(run.skipped),
    )  # fmt: skip
    flash(text, "done")
    return redirect(url_for("receivers.index", election_id=election.id), 303)


def init_app(app: Flask) -> None:
    """Add the pages, and what elections ask of the receivers."""
    if pages.consequences not in CONSEQUENCES:
        CONSEQUENCES.append(pages.consequences)
    if actions.copy_appointments not in elections.COPIERS:
        elections.COPIERS.append(actions.copy_appointments)
    app.register_blueprint(bp)
