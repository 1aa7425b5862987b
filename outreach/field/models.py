"""Tablets, their operations and what was sent to them, as stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.accounts.models import User
from outreach.core.db import OrgRow, link, own


class Device(OrgRow):
    """A tablet of one user. The token itself is never stored.

    Attributes:
        token_sha256: of the token in use.
        next_sha256: of a token that was handed out but not used yet; the old one still holds.
        nonce: makes the next token from the present one, so that a repeated answer carries the
            same one.
        pending: unsent operations that the tablet spoke of at its last contact.
    """

    __table_args__ = own(link("user_id", "app_user", ondelete="CASCADE"))

    user_id: Mapped[str] = mapped_column(String(36), index=True)
    name: Mapped[str] = mapped_column(String(60))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    next_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(64), default="")
    token_since: Mapped[datetime]
    seen_at: Mapped[datetime]
    pending: Mapped[int] = mapped_column(default=0)
    app: Mapped[str] = mapped_column(String(40), default="")
    withdrawn_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise", viewonly=True)


class EnrolCode(OrgRow):
    """A code that enrols one tablet, once, within ten minutes."""

    __table_args__ = own(link("user_id", "app_user", ondelete="CASCADE"))

    user_id: Mapped[str] = mapped_column(String(36), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Line(OrgRow):
    """One unbroken number sequence of a tablet; a tablet begins a new one after reset or fork.

    Attributes:
        line: the id that the tablet gave it.
        hwm: the highest number that was taken in, all below it too.
    """

    __table_args__ = own(link("device_id", "device"), UniqueConstraint("org_id", "line"))

    line: Mapped[str] = mapped_column(String(36))
    device_id: Mapped[str] = mapped_column(String(36), index=True)
    hwm: Mapped[int] = mapped_column(BigInteger, default=0)


class Op(OrgRow):
    """An operation as it came, and what became of it; written once, kept for good.

    Attributes:
        payload: the operation as it was sent; CPR-shaped digits are blanked.
        sha256: of the payload without its number, to know a repeat from another content.
    """

    __table_args__ = own(
        link("device_id", "device"),
        UniqueConstraint("org_id", "op_id"),
        UniqueConstraint("org_id", "line", "dseq"),
    )

    op_id: Mapped[str] = mapped_column(String(36))
    device_id: Mapped[str] = mapped_column(String(36), index=True)
    user_id: Mapped[str] = mapped_column(String(36))
    line: Mapped[str] = mapped_column(String(36))
    dseq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    visit_id: Mapped[str | None] = mapped_column(String(36), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(10), index=True)
    code: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    received_at: Mapped[datetime] = mapped_column(index=True)


class DeviceView(OrgRow):
    """What a tablet holds after one answer; its id is the wire's ``view``.

    Attributes:
        layout: the wire's ``schema`` for which it was made.
        rows: version by ``kind:id``.
    """

    __table_args__ = own(link("device_id", "device", ondelete="CASCADE"))

    device_id: Mapped[str] = mapped_column(String(36), index=True)
    layout: Mapped[int]
    rows: Mapped[dict[str, int]] = mapped_column(JSON)


class Feed(OrgRow):
    """How many pushes changed something in an organisation; the row is taken last."""

    __table_args__ = own(UniqueConstraint("org_id"))

    head: Mapped[int] = mapped_column(BigInteger, default=0)
