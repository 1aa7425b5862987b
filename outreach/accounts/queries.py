"""Reads of users and sessions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select

from outreach.accounts import words
from outreach.accounts.models import LoginSession, Organisation, User
from outreach.accounts.rules import has_ended
from outreach.core import audit, clock, tenancy
from outreach.core.auth import Role, SignedIn
from outreach.core.db import db
from outreach.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class UserRow:
    """A line of the user list."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    is_active: bool


def sha256(text: str) -> str:
    """Hex digest of a secret, so that the secret itself is not stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def signed_in(token: str) -> SignedIn | None:
    """Who holds this session token; None where it has ended. Cost: one statement."""
    with tenancy.everywhere():
        found = db.session.execute(
            select(LoginSession, User)
            .join(User, User.id == LoginSession.user_id)
            .where(LoginSession.token_sha256 == sha256(token))
        ).first()
    if found is None:
        return None
    session, user = found
    if not user.is_active or has_ended(session.seen_at, session.ends_at, clock.now()):
        return None
    return SignedIn(
        id=user.id, org_id=user.org_id, name=user.name, email=user.email,
        roles=frozenset(Role(name) for name in user.roles), language=user.language,
        session_id=session.id, token=token,
    )  # fmt: skip


def user_by_email(email: str) -> User | None:
    """The user with this e-mail in any organisation."""
    with tenancy.everywhere():
        return db.session.scalars(
            select(User).where(func.lower(User.email) == email.strip().lower())
        ).first()


def user_by_id(user_id: str) -> User:
    """One user.

    Raises:
        NotFound: there is none in this organisation.
    """
    found = db.session.scalars(select(User).where(User.id == user_id)).first()
    if found is None:
        raise NotFound
    return found


def users() -> tuple[UserRow, ...]:
    """Everybody in the organisation, by name. Cost: one statement."""
    found = db.session.scalars(select(User).order_by(User.name))
    return tuple(UserRow(u.id, u.name, u.email, tuple(u.roles), u.is_active) for u in found)


def names(ids: set[str]) -> dict[str, str]:
    """Names by user id. Cost: one statement."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


def organisation() -> Organisation:
    """The organisation of the moment."""
    return db.session.scalars(select(Organisation).where(Organisation.id == tenancy.org_id())).one()


AUDIT_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit log; ``verb`` and ``kind`` in words."""

    seq: int
    at: datetime
    who: str
    verb: str
    kind: str
    object_id: str
    reason: str


def audit_lines(page: int, verb: str = "") -> tuple[tuple[AuditLine, ...], Pagination]:
    """A page of the audit log, the newest first. Cost: three statements."""
    query = select(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc())
    if verb:
        query = query.where(audit.AuditEntry.verb == verb)
    found = db.paginate(query, page=max(1, page), per_page=AUDIT_PAGE, error_out=False)
    people = names({entry.actor_id for entry in found.items})
    return tuple(
        AuditLine(
            e.seq, e.at, people.get(e.actor_id, words.actor(e.actor_id)), words.verb(e.verb),
            words.kind(e.kind), e.object_id, e.reason,
        )
        for e in found.items
    ), found  # fmt: skip


def audit_verbs() -> tuple[str, ...]:
    """What has been done, each verb once. Cost: one statement."""
    return tuple(sorted(db.session.scalars(select(audit.AuditEntry.verb).distinct())))


def organisation_id(name: str = "") -> str:
    """The id of the organisation with this name, or of the only one.

    Raises:
        NotFound: there is none of that name, or several and no name was given.
    """
    query = select(Organisation.id)
    found = db.session.scalars(query.where(Organisation.name == name) if name else query).all()
    if not found:
        raise NotFound("There is no such organisation; make it: outreach add organisation")
    if len(found) > 1:
        raise NotFound("Name the organisation: --organisation NAME")
    return found[0]


def demo_users_exist() -> bool:
    """Whether anybody can sign in with the printed demo password."""
    with tenancy.everywhere():
        found = select(func.count(User.id)).where(User.is_demo, User.is_active)
        return bool(db.session.scalar(found))


def is_empty() -> bool:
    """Whether no organisation has been made yet."""
    return not db.session.scalar(select(func.count(Organisation.id)))
