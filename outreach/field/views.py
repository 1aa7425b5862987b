"""The tablet's API, its shell page, and the page on which tablets are kept."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from flask import Blueprint, Flask, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core import tenancy
from outreach.core.auth import May, requires
from outreach.core.errors import NotSignedIn
from outreach.core.http import csrf, read_json
from outreach.core.pages import render
from outreach.field import actions, queries, sync
from outreach.field.envelope import read_letter
from outreach.field.forms import CodeForm
from outreach.field.wire import EnrolAnswer, EnrolledUser, EnrolRequest

bp = Blueprint("field", __name__)
api = Blueprint("tablet", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class ShellPage:
    """The empty page that the tablet keeps; it never holds anybody's data."""

    template: ClassVar[str] = "tablet/shell.html"
    title: str


@dataclass(frozen=True, slots=True)
class DevicesPage:
    """Every tablet, and the form that gives one away.

    Attributes:
        code: a one-time code that was just made, shown this once; for_whom: its user.
    """

    template: ClassVar[str] = "field/devices.html"
    title: str
    devices: tuple[queries.DeviceRow, ...]
    form: CodeForm
    has_users: bool
    code: str
    for_whom: str


@api.post("/enrol")
@requires(May.DEVICE)
def enrol() -> ResponseReturnValue:
    """Exchange a one-time code for a token."""
    asked = read_json(EnrolRequest)
    made = actions.enrol(asked.code, asked.device_name)
    user = EnrolledUser(id=made.user_id, name=made.user_name)
    answer = EnrolAnswer(device=made.device_id, token=made.token, epoch=made.epoch, user=user)
    return jsonify(answer.model_dump()), HTTPStatus.CREATED


@api.post("/sync")
@requires(May.DEVICE)
def round_trip() -> ResponseReturnValue:
    """Take a tablet's work in and tell it what changed."""
    caller = queries.caller(_token())
    with tenancy.acting_for(caller.org_id):
        letter = read_letter(request, caller.device_id)
        body = sync.answer(caller, letter)
    response = jsonify(body)
    if "wipe" in body:
        response.status_code = HTTPStatus.GONE
        if body["wipe"] and letter.is_empty:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _token() -> str:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Device" or not token:
        raise NotSignedIn
    return token.strip()


@bp.get("/t/")
@bp.get("/t/<path:rest>")
@requires(May.PUBLIC)
def shell(rest: str = "") -> ResponseReturnValue:  # noqa: ARG001 - every address is the same page
    """The tablet's page; it fills itself from the tablet's own store."""
    return render(ShellPage("Outreach"))


@bp.route("/devices", methods=["GET", "POST"])
@requires(May.DEVICES)
def devices() -> ResponseReturnValue:
    """The tablets; posting makes a one-time code."""
    users = queries.field_users()
    form = CodeForm()
    form.offer(users)
    code, whom, status = "", "", HTTPStatus.OK
    if request.method == "POST":
        if form.validate():
            code = actions.make_code(form.user.data)
            whom = next(u.name for u in users if u.email == form.user.data)
        else:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        DevicesPage(_("Tablets"), queries.devices(), form, bool(users), code, whom)
    ), status  # fmt: skip


@bp.post("/devices/<uuid:device_id>/withdraw")
@requires(May.DEVICES)
def withdraw(device_id: str) -> ResponseReturnValue:
    """Take a tablet away from its user."""
    actions.withdraw(queries.device_by_id(str(device_id)))
    flash(_("The tablet hands in its work at its next contact and then wipes itself."), "done")
    return redirect(url_for("field.devices"), 303)


def init_app(app: Flask) -> None:
    """Register the pages, and the API without form tokens: it knows no cookie."""
    csrf.exempt(api)
    app.register_blueprint(api)
    app.register_blueprint(bp)
