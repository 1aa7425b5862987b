"""Organisations, users, sessions and failed sign-ins, as stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.core.db import OrgRow, Row, link, own


class Organisation(Row):
    """A municipality: everything else belongs to one."""

    name: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float] = mapped_column(default=56.1537)
    longitude: Mapped[float] = mapped_column(default=10.2142)
    epoch: Mapped[int] = mapped_column(default=1)
    """Which life of the database this is; raised after a restore from a backup."""


class User(OrgRow):
    """Somebody who can sign in. The e-mail is unique over all organisations.

    Attributes:
        roles: names of ``core.auth.Role``.
        password_hash: argon2id.
        is_demo: made by the demo; a production start refuses such users.
    """

    __tablename__ = "app_user"  # "user" is a reserved word of SQL

    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)


class LoginSession(OrgRow):
    """A signed-in browser; deleted at sign-out, so a copied cookie is worth nothing."""

    __table_args__ = own(link("user_id", "app_user", ondelete="CASCADE"))

    user_id: Mapped[str] = mapped_column(String(36), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class LoginThrottle(Row):
    """Failed sign-ins of one account from one address."""

    key_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    closed_until: Mapped[datetime | None]
