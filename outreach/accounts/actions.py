"""Signing in and out; making, disabling and changing users."""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update

from outreach.accounts.models import LoginSession, LoginThrottle, Organisation, User
from outreach.accounts.queries import sha256, user_by_email
from outreach.accounts.rules import (
    DEMO_PASSWORD,
    IDLE,
    KEPT,
    LONGEST,
    WINDOW,
    closed_until,
    password_is_long_enough,
)
from outreach.core import audit, clock, tenancy
from outreach.core.auth import Role
from outreach.core.config import Settings
from outreach.core.db import alone, atomic, db
from outreach.core.errors import Conflict, Invalid, TooMany

_TOUCH = timedelta(minutes=1)
_hasher = PasswordHasher(time_cost=2, memory_cost=48 * 1024, parallelism=1)
_two_at_once = threading.Semaphore(2)
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    with _two_at_once:
        return _hasher.hash(password)


def _matches(stored: str, password: str) -> bool:
    with _two_at_once:
        try:
            return _hasher.verify(stored, password)
        except VerificationError:
            return False


def sign_in(email: str, password: str, address: str) -> str:
    """Check the password, open a session, give its token.

    An unknown e-mail takes as long as a wrong password and gets the same answer.

    Raises:
        TooMany: too many failures for this account from this address.
        Invalid: e-mail or password is wrong.
    """
    key = sha256(f"{email.strip().lower()}|{address}")
    _refuse_if_closed(key)
    user = user_by_email(email)
    good = _matches(user.password_hash if user else _NOBODY, password)
    if user is None or not good or not _may_enter(user):
        _count_failure(key)
        raise Invalid({"password": _("E-mail or password is wrong.")})
    return _open(user, key)


def _may_enter(user: User) -> bool:
    """A demo user never enters where real people's data may be."""
    settings: Settings = current_app.config["OUTREACH"]
    return user.is_active and not (user.is_demo and settings.is_production)


def _refuse_if_closed(key: str) -> None:
    row = db.session.scalars(select(LoginThrottle).where(LoginThrottle.key_sha256 == key)).first()
    if row and row.closed_until and row.closed_until > clock.now():
        raise TooMany


@atomic
def _count_failure(key: str) -> None:
    alone(f"sign-in {key}")
    now = clock.now()
    forgotten = LoginThrottle.first_at < now - KEPT
    is_over = or_(LoginThrottle.closed_until.is_(None), LoginThrottle.closed_until < now)
    db.session.execute(delete(LoginThrottle).where(forgotten, is_over))
    row = db.session.scalars(
        select(LoginThrottle).where(LoginThrottle.key_sha256 == key)
        .execution_options(populate_existing=True)
    ).first()  # fmt: skip
    if row is None:
        row = LoginThrottle(key_sha256=key, first_at=now, failures=0)
        db.session.add(row)
    elif now - row.first_at > WINDOW and not (row.closed_until and row.closed_until > now):
        row.failures, row.first_at = 0, now
    row.failures += 1
    row.closed_until = closed_until(row.failures, now)


@atomic
def _open(user: User, throttle_key: str) -> str:
    token, now = secrets.token_urlsafe(32), clock.now()
    with tenancy.acting_for(user.org_id):
        db.session.execute(delete(LoginThrottle).where(LoginThrottle.key_sha256 == throttle_key))
        has_ended = or_(LoginSession.seen_at < now - IDLE, LoginSession.ends_at <= now)
        db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, has_ended))
        session = LoginSession(
            org_id=user.org_id, user_id=user.id, token_sha256=sha256(token),
            seen_at=now, ends_at=now + LONGEST,
        )  # fmt: skip
        db.session.add(session)
        who = audit.actor.set(user.id)
        audit.record("sign-in", "user", user.id)
        audit.actor.reset(who)
    return token


def touch(session_id: str) -> None:
    """Note that the session is in use, at most once a minute."""
    now = clock.now()
    seen = db.session.scalar(select(LoginSession.seen_at).where(LoginSession.id == session_id))
    if seen is not None and now - seen > _TOUCH:
        _mark_seen(session_id)


@atomic
def _mark_seen(session_id: str) -> None:
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(seen_at=clock.now())
    )


@atomic
def sign_out(session_id: str) -> None:
    """End one session."""
    db.session.execute(delete(LoginSession).where(LoginSession.id == session_id))
    audit.record("sign-out", "session", session_id)


@atomic
def create_organisation(name: str, at: tuple[float, float] | None = None) -> Organisation:
    """Make an organisation; ``at`` is the latitude and longitude of its town hall.

    Raises:
        Conflict: there is one of this name.
    """
    if db.session.scalars(select(Organisation.id).where(Organisation.name == name)).first():
        raise Conflict(_("There is an organisation of this name already."))
    made = Organisation(name=name)
    if at is not None:
        made.latitude, made.longitude = at
    db.session.add(made)
    db.session.flush()
    return made


@atomic
def create_user(
    email: str, name: str, roles: list[Role], password: str, *, is_demo: bool = False
) -> User:
    """Make a user in the organisation of the moment.

    Raises:
        Conflict: the e-mail is taken.
        Invalid: the password is too short, or everybody knows it.
    """
    alone(f"user {email.strip().lower()}")
    if user_by_email(email) is not None:
        raise Conflict(_("Somebody has this e-mail address already."))
    if not is_demo:
        _check_password(password)
    user = User(
        org_id=tenancy.org_id(), email=email.strip().lower(), name=name,
        roles=[role.value for role in roles], password_hash=hashed(password), is_demo=is_demo,
    )  # fmt: skip
    db.session.add(user)
    db.session.flush()
    audit.record("create", "user", user.id, roles=user.roles)
    return user


def _check_password(password: str) -> None:
    if not password_is_long_enough(password):
        raise Invalid({"password": _("A password needs 14 to 128 characters.")})
    if password == DEMO_PASSWORD:
        raise Invalid({"password": _("Everybody knows this password. Choose another one.")})


@atomic
def set_password(user: User, password: str) -> None:
    """Change a password; every session of the user ends.

    Raises:
        Invalid: the password is too short, or everybody knows it.
    """
    _check_password(password)
    user.password_hash = hashed(password)
    user.is_demo = False
    _end_sessions(user.id)
    audit.record("password", "user", user.id)


@atomic
def disable(user: User) -> None:
    """Shut a user out at once."""
    user.is_active = False
    _end_sessions(user.id)
    audit.record("disable", "user", user.id)


@atomic
def enable(user: User) -> None:
    """Let a user in again."""
    user.is_active = True
    audit.record("enable", "user", user.id)


@atomic
def change_user(user: User, name: str, roles: list[Role]) -> None:
    """Change what a user is called and may do.

    Raises:
        Conflict: nobody would be left who may change users.
    """
    alone(f"administrators {user.org_id}")
    others = db.session.scalars(select(User).where(User.id != user.id, User.is_active))
    if Role.ADMIN not in roles and not any(Role.ADMIN in other.roles for other in others):
        raise Conflict(_("Somebody must be left who is an administrator."))
    user.name, user.roles = name, [role.value for role in roles]
    audit.record("roles", "user", user.id, roles=user.roles)


def _end_sessions(user_id: str) -> None:
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))
