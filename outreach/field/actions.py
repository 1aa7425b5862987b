"""Give a tablet to a user, and take it away again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.accounts.models import Organisation, User
from outreach.accounts.queries import sha256, user_by_email
from outreach.core import audit, clock, tenancy
from outreach.core.auth import Role
from outreach.core.db import atomic, db
from outreach.core.errors import Invalid
from outreach.field.models import Device, EnrolCode, Feed
from outreach.field.queries import code_by_text
from outreach.field.rules import CODE_LIFE, new_code, plain_code


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A tablet that was just given to a user.

    Attributes:
        token: shown this once.
    """

    device_id: str
    token: str
    epoch: int
    user_id: str
    user_name: str


@atomic
def make_code(user_email: str) -> str:
    """A one-time code that enrols one tablet for this user.

    Raises:
        Invalid: there is no such user, or the user is not a field worker.
    """
    user = user_by_email(user_email)
    if user is None or not user.is_active or Role.FIELD not in user.roles:
        raise Invalid({"user": _("Choose somebody who may sign in and works in the field.")})
    code = new_code()
    with tenancy.acting_for(user.org_id):
        db.session.add(EnrolCode(
            user_id=user.id, code_sha256=sha256(plain_code(code)),
            expires_at=clock.now() + CODE_LIFE,
        ))  # fmt: skip
        db.session.flush()
        audit.record("device-code", "user", user.id)
    return code


def enrol(code: str, device_name: str) -> Enrolled:
    """Take the code in exchange for a token.

    Raises:
        Invalid: the code is unknown, used or too old.
    """
    found = code_by_text(plain_code(code))
    if found is None:
        raise _refusal()
    with tenancy.acting_for(found.org_id):
        enrolled = _use(found.id, device_name.strip())
        if enrolled is None:
            _note_refusal(found.user_id)
            raise _refusal()
        return enrolled


def _refusal() -> Invalid:
    sentence = _("This code cannot be used: it is wrong, used already or more than 10 minutes old.")
    return Invalid({"code": sentence}, sentence)


@atomic
def _note_refusal(user_id: str) -> None:
    audit.record("device-code-refused", "user", user_id)


@atomic
def _use(code_id: str, device_name: str) -> Enrolled | None:
    code = db.session.scalars(
        select(EnrolCode).where(EnrolCode.id == code_id).with_for_update()
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip
    now = clock.now()
    user = db.session.scalars(select(User).where(User.id == code.user_id)).one()
    if code.used_at is not None or code.expires_at < now or not user.is_active:
        return None
    code.used_at = now
    token = secrets.token_urlsafe(32)
    device = Device(
        user_id=user.id, name=device_name, token_sha256=sha256(token), token_since=now, seen_at=now
    )
    db.session.add(device)
    _begin_feed()
    db.session.flush()
    audit.actor.set(user.id)
    audit.record("enrol", "device", device.id, user=user.id)
    organisation = db.session.scalars(
        select(Organisation).where(Organisation.id == tenancy.org_id())
    ).one()
    return Enrolled(device.id, token, organisation.epoch, user.id, user.name)


def _begin_feed() -> None:
    if db.session.scalars(select(Feed.id)).first() is None:
        db.session.add(Feed(head=0))


@atomic
def withdraw(device: Device) -> None:
    """Take a tablet away: at its next contact it hands in its work and wipes itself."""
    if device.withdrawn_at is None:
        device.withdrawn_at = clock.now()
        audit.record("withdraw", "device", device.id, user=device.user_id)
