"""Signing in and out, and the list of users."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import ClassVar

from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from outreach.accounts import actions, queries, words
from outreach.accounts.forms import (
    ROLE_NAMES,
    ChangedUserForm,
    NewPasswordForm,
    SignInForm,
    UserForm,
)
from outreach.accounts.models import User
from outreach.accounts.rules import DEMO_PASSWORD
from outreach.core import audit
from outreach.core.auth import May, Role, is_open, login, requires, user
from outreach.core.errors import Conflict, Invalid, TooMany
from outreach.core.http import page_number
from outreach.core.pages import render

bp = Blueprint("accounts", __name__)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The page of signing in."""

    template: ClassVar[str] = "accounts/sign_in.html"
    title: str
    form: SignInForm
    demo_logins: tuple[str, ...]
    demo_password: str


@dataclass(frozen=True, slots=True)
class UsersPage:
    """Everybody who can sign in."""

    template: ClassVar[str] = "accounts/users.html"
    title: str
    users: tuple[queries.UserRow, ...]
    role_names: dict[str, str]


@dataclass(frozen=True, slots=True)
class NewUserPage:
    """The form of a new user."""

    template: ClassVar[str] = "accounts/new_user.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: UserForm


@dataclass(frozen=True, slots=True)
class UserPage:
    """One user: name and roles, and another password."""

    template: ClassVar[str] = "accounts/user.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    user_id: str
    email: str
    form: ChangedUserForm
    password_form: NewPasswordForm


_DEMO_LOGINS = ("koordinator", "felt1", "laeser", "valg", "admin", "revisor")


def local_target(asked: str | None) -> str:
    """Where to go after signing in: a path of this server, else the start page."""
    path = asked or ""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    if plain and path.isprintable() and "\\" not in path and ":" not in path:
        return path
    return url_for("overview.home")


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(May.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password."""
    form = SignInForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                token = actions.sign_in(
                    form.email.data or "", form.password.data or "", request.remote_addr or ""
                )
            except (Invalid, TooMany) as error:
                status = error.status
                form.password.errors = [error.sentence() if isinstance(error, TooMany) else (
                    error.fields["password"])]  # fmt: skip
            else:
                return _enter(token)
    demo = tuple(f"{name}@example.dk" for name in _DEMO_LOGINS) if (
        queries.demo_users_exist()) else ()  # fmt: skip
    return render(SignInPage(_("Sign in"), form, demo, DEMO_PASSWORD)), status


def _enter(token: str) -> ResponseReturnValue:
    language = session.get("lang")
    session.clear()  # nothing of an earlier person stays
    if language:
        session["lang"] = language
    found = queries.signed_in(token)
    login_user(found)
    return redirect(local_target(request.args.get("next")), 303)


@bp.post("/sign-out")
@requires(May.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End the session on the server, then forget the cookie."""
    actions.sign_out(user().session_id)
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/users")
@requires(May.ADMINISTER)
def users() -> ResponseReturnValue:
    """The list of users."""
    names = {role.value: str(name) for role, name in ROLE_NAMES.items()}
    return render(UsersPage(_("Users"), queries.users(), names))


@bp.route("/users/new", methods=["GET", "POST"])
@requires(May.ADMINISTER)
def new_user() -> ResponseReturnValue:
    """Make a user."""
    form = UserForm()
    if request.method == "POST" and form.validate():
        roles = [Role(name) for name in form.roles.data or []]
        try:
            actions.create_user(
                form.email.data or "", form.name.data or "", roles, form.password.data or ""
            )
        except Conflict as error:
            form.email.errors = [error.sentence()]
        except Invalid as error:
            form.password.errors = [error.fields["password"]]
        else:
            flash(_("The user was created."), "done")
            return redirect(url_for("accounts.users"), 303)
    crumbs = ((_("Users"), url_for("accounts.users")),)
    page = NewUserPage(_("New user"), crumbs, form)
    return render(page), 422 if request.method == "POST" else 200


@bp.route("/users/<uuid:user_id>", methods=["GET", "POST"])
@requires(May.ADMINISTER)
def one_user(user_id: str) -> ResponseReturnValue:
    """See and change a user."""
    found = queries.user_by_id(str(user_id))
    form = ChangedUserForm(obj=found)
    if form.validate_on_submit():
        roles = [Role(name) for name in form.roles.data or []]
        try:
            actions.change_user(found, form.name.data or "", roles)
        except Conflict as error:
            form.roles.errors = [error.sentence()]
        else:
            flash(_("%(name)s was saved.", name=found.name), "done")
            return redirect(url_for("accounts.users"), 303)
    return _show_user(found, form, NewPasswordForm(formdata=None))


def _show_user(found: User, form: ChangedUserForm, password: NewPasswordForm) -> (
    ResponseReturnValue
):  # fmt: skip
    crumbs = ((_("Users"), url_for("accounts.users")),)
    page = UserPage(found.name, crumbs, found.id, found.email, form, password)
    return render(page), 422 if form.errors or password.errors else 200


@bp.post("/users/<uuid:user_id>/password")
@requires(May.ADMINISTER)
def new_password(user_id: str) -> ResponseReturnValue:
    """Give a user another password; whoever is signed in as the user is signed out."""
    found = queries.user_by_id(str(user_id))
    form = NewPasswordForm()
    if form.validate():
        try:
            actions.set_password(found, form.password.data or "")
        except Invalid as error:
            form.password.errors = [error.fields["password"]]
        else:
            flash(_("%(name)s has another password now.", name=found.name), "done")
            return redirect(url_for("accounts.users"), 303)
    return _show_user(found, ChangedUserForm(formdata=None, obj=found), form)


@bp.post("/users/<uuid:user_id>/disable")
@requires(May.ADMINISTER)
def disable(user_id: str) -> ResponseReturnValue:
    """Shut a user out."""
    if str(user_id) == user().id:
        raise Conflict(_("You cannot shut yourself out."))
    actions.disable(queries.user_by_id(str(user_id)))
    flash(_("The user can no longer sign in."), "done")
    return redirect(url_for("accounts.users"), 303)


@bp.post("/users/<uuid:user_id>/enable")
@requires(May.ADMINISTER)
def enable(user_id: str) -> ResponseReturnValue:
    """Let a user in again."""
    actions.enable(queries.user_by_id(str(user_id)))
    flash(_("The user can sign in again."), "done")
    return redirect(url_for("accounts.users"), 303)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The audit log and whether its chain holds."""

    template: ClassVar[str] = "accounts/audit_log.html"
    title: str
    lines: tuple[queries.AuditLine, ...]
    verbs: tuple[tuple[str, str], ...]
    verb: str
    breaks: int
    page: int
    pages: int
    total: int
    prev_url: str
    next_url: str


@bp.get("/audit-log")
@requires(May.AUDIT)
def audit_log() -> ResponseReturnValue:
    """Who did what; the whole chain is verified each time."""
    verb = request.args.get("verb", "")[:60]
    lines, found = queries.audit_lines(page_number(), verb)

    verbs = tuple(sorted(((v, words.verb(v)) for v in queries.audit_verbs()), key=itemgetter(1)))

    def url(number: int | None) -> str:
        return url_for("accounts.audit_log", page=number, verb=verb or None) if number else ""

    return render(
        AuditPage(
            _("Audit log"), lines, verbs, verb, len(audit.verify()), found.page,
            max(1, found.pages), found.total or 0, url(found.prev_num if found.has_prev else None),
            url(found.next_num if found.has_next else None),
        )
    )  # fmt: skip


def _touch() -> None:
    if not is_open() and current_user.is_authenticated:
        actions.touch(user().session_id)


def init_app(app: Flask) -> None:
    """Tell the sign-in library how to find the person behind a cookie."""
    login.user_loader(queries.signed_in)
    app.before_request(_touch)
    app.register_blueprint(bp)
