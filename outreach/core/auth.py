"""Who may do what. Every view names its permission; what names none is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, request
from flask_login import LoginManager, UserMixin, current_user

from outreach.core import audit, tenancy
from outreach.core.errors import NotAllowed, NotSignedIn

login = LoginManager()

P = ParamSpec("P")
R = TypeVar("R")


class Role(StrEnum):
    """What a user is in the organisation; a user may have several."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    ELECTION_OFFICER = "election_officer"
    FIELD = "field"
    VIEWER = "viewer"
    AUDITOR = "auditor"


class May(StrEnum):
    """One permission for a piece of work; roles are sets of these."""

    PUBLIC = "public"
    """Anybody, signed in or not."""
    DEVICE = "device"
    """An enrolled tablet; the view itself checks the token."""
    SIGNED_IN = "signed-in"
    """Anybody who is signed in."""
    ADMINISTER = "administer"
    """Users, settings, grants."""
    DEVICES = "devices"
    """Enrol and withdraw tablets."""
    PLAN = "plan"
    """Sites, people, planning, publishing."""
    ELECT = "elect"
    """Elections: decisions, receivers, planning and publishing of voting rounds."""
    REPORT = "report"
    """Read figures."""
    AUDIT = "audit"
    """Read the audit log and access lists."""


_OPEN = (May.PUBLIC, May.DEVICE)
ROLES: dict[Role, frozenset[May]] = {
    Role.ADMIN: frozenset({May.ADMINISTER, May.DEVICES}),
    Role.COORDINATOR: frozenset({May.PLAN, May.DEVICES, May.REPORT}),
    Role.ELECTION_OFFICER: frozenset({May.ELECT, May.REPORT}),
    Role.FIELD: frozenset(),
    Role.VIEWER: frozenset({May.REPORT}),
    Role.AUDITOR: frozenset({May.AUDIT}),
}


@dataclass(frozen=True, slots=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc] # flask-login has no types
    """The person behind the request.

    Attributes:
        id: the user's id.
        session_id: the server-side session, ended by signing out.
        token: the secret in the cookie; Flask-Login's alternative id.
    """

    id: str
    org_id: str
    name: str
    email: str
    roles: frozenset[Role]
    language: str
    session_id: str
    token: str

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.token

    def may(self, what: May) -> bool:
        """Whether one of the roles allows ``what``."""
        if what in (May.PUBLIC, May.SIGNED_IN):
            return True
        return any(what in ROLES[role] for role in self.roles)


def user() -> SignedIn:
    """The person behind the request.

    Raises:
        NotSignedIn: there is none.
    """
    if not current_user.is_authenticated:
        raise NotSignedIn
    found: SignedIn = current_user._get_current_object()  # noqa: SLF001 - werkzeug's own way
    return found


def may(what: str) -> bool:
    """Whether the person behind the request may ``what``; for templates."""
    return bool(current_user.is_authenticated) and user().may(May(what))


def requires(permission: May) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a view with the permission that it needs; ``_gate`` checks it."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def marked(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(*args, **kwargs)

        marked.permission = permission  # type: ignore[attr-defined]
        return marked

    return mark


def permission_of(view: Callable[..., Any]) -> May | None:
    """The permission that a view was marked with."""
    found: May | None = getattr(view, "permission", None)
    return found


def is_open() -> bool:
    """Whether the request's view lets in people without looking at who they are."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is None or permission_of(view) in _OPEN


def _gate() -> None:
    """Refuse what is not declared, not signed in, or not allowed."""
    tenancy.enter(None)
    audit.actor.set(audit.NOBODY)  # a server's thread still knows whom it served before
    if request.endpoint is None:
        return  # there is nothing to refuse; the router says why
    permission = permission_of(current_app.view_functions[request.endpoint])
    if permission is None:
        raise NotAllowed
    if permission in _OPEN:
        return  # nobody is looked up: a file and a health check need no database
    person = user()
    tenancy.enter(person.org_id)
    audit.actor.set(person.id)
    if not person.may(permission):
        raise NotAllowed


def init_app(app: Flask) -> None:
    """Connect sign-in and the gate."""
    login.init_app(app)
    login.session_protection = None  # sessions live on the server
    app.before_request(_gate)
    app.teardown_request(lambda _error: tenancy.enter(None))
    app.jinja_env.globals["may"] = may
