"""Sites and what belongs to them, as stored."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.core.db import OrgRow, link, own


class SiteKind(StrEnum):
    """What a site is; Danish words in docs/glossary.md."""

    CARE_HOME = "care_home"
    CARE_HOUSING = "care_housing"
    SENIOR_HOUSING = "senior_housing"
    SHELTER = "shelter"
    CRISIS_CENTRE = "crisis_centre"
    RESIDENTIAL_SUPPORT = "residential_support"
    DAY_CENTRE = "day_centre"
    DROP_IN = "drop_in"
    LIBRARY = "library"
    COMMUNITY_HOUSE = "community_house"
    HOSPITAL = "hospital"
    PRISON = "prison"


class Precision(StrEnum):
    """How well the position of a site is known."""

    MANUAL = "manual"
    DOOR = "door"
    HOUSE = "house"
    STREET = "street"
    POSTCODE = "postcode"
    PLACE = "place"
    NONE = "none"


class SiteStatus(StrEnum):
    """Whether a site is visited."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class Site(OrgRow):
    """A place that is visited.

    Of a secret site only code, alias, kind and municipality stand in clear; ``name``, ``address``,
    ``postcode``, ``area``, position, residents and ``access_notes`` are empty here and lie sealed
    in ``SiteSecret``.

    Attributes:
        code: stable short code, such as S0042.
        alias: what everybody without access sees of a secret site, such as K-01.
        access_minutes: from parking to the room, added to each visit's travel.
        people: how many persons each team must have (the two-person rule).
        needs_women: every visiting team must have at least one woman.
        needs_unmarked: the vehicle must not show where it comes from.
        location_version: raised when the position changes.
    """

    __table_args__ = own(
        UniqueConstraint("org_id", "code"),
        CheckConstraint("(latitude is null) = (longitude is null)", name="position"),
        CheckConstraint("not is_secret or (name = '' and latitude is null)", name="sealed"),
    )

    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(30), index=True)
    is_secret: Mapped[bool] = mapped_column(default=False)
    alias: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(160), default="")
    sort_key: Mapped[str] = mapped_column(String(200), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(4), default="")
    area: Mapped[str] = mapped_column(String(80), default="", index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[str] = mapped_column(String(10), default=Precision.NONE)
    location_version: Mapped[int] = mapped_column(default=1)
    residents: Mapped[int | None]
    access_minutes: Mapped[int] = mapped_column(default=0)
    access_notes: Mapped[str] = mapped_column(default="")
    people: Mapped[int] = mapped_column(default=1)
    needs_clearance: Mapped[bool] = mapped_column(default=False)
    needs_women: Mapped[bool] = mapped_column(default=False)
    needs_unmarked: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default=SiteStatus.ACTIVE)
    hours: Mapped[list[SiteHours]] = relationship(
        lazy="raise", cascade="all, delete-orphan",
        order_by="(SiteHours.weekday, SiteHours.opens)",
    )  # fmt: skip
    quiet: Mapped[list[SiteQuiet]] = relationship(lazy="raise", cascade="all, delete-orphan")
    closures: Mapped[list[SiteClosure]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="SiteClosure.from_day"
    )
    contacts: Mapped[list[Contact]] = relationship(lazy="raise", cascade="all, delete-orphan")
    secret: Mapped[SiteSecret | None] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def label(self) -> str:
        """What may be shown to everybody who plans: the name, or the alias of a secret site."""
        return self.alias if self.is_secret else self.name


class SiteSecret(OrgRow):
    """The sealed side of a secret site; each column is one sealed text (``core.crypto``).

    The associated data is ``org_id|site_secret|column|site_id``.
    """

    __table_args__ = own(link("site_id", "site", ondelete="CASCADE"), UniqueConstraint("site_id"))

    site_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    postcode: Mapped[bytes] = mapped_column(LargeBinary)
    area: Mapped[bytes] = mapped_column(LargeBinary)
    position: Mapped[bytes] = mapped_column(LargeBinary)
    residents: Mapped[bytes] = mapped_column(LargeBinary)
    contacts: Mapped[bytes] = mapped_column(LargeBinary)
    access_notes: Mapped[bytes] = mapped_column(LargeBinary)


class SiteHours(OrgRow):
    """Open on a weekday (0 is Monday); minutes from midnight. Several a day are normal."""

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"), CheckConstraint("opens < closes", name="order")
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class SiteQuiet(OrgRow):
    """Quiet time inside the hours, when no visit may be: meal, rest or care.

    Attributes:
        weekday: None means every day.
    """

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"),
        CheckConstraint("starts < ends", name="order"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    weekday: Mapped[int | None]
    starts: Mapped[int]
    ends: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10), default="meal")


class SiteClosure(OrgRow):
    """Whole days on which a site takes no visit, both ends included.

    Attributes:
        reason: outbreak, holiday, rebuild or other.
    """

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"),
        CheckConstraint("from_day <= to_day", name="order"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(10), default="other")


class Contact(OrgRow):
    """Somebody at a (not secret) site to ask for."""

    __table_args__ = own(link("site_id", "site", ondelete="CASCADE"))

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(200), default="")


class SiteAccess(OrgRow):
    """The right of one person to reveal one secret site.

    Attributes:
        granted_by: the admin who gave it.
        confirmed_by: a second admin; until then the right does not hold.
    """

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"),
        link("user_id", "app_user", ondelete="CASCADE"),
        UniqueConstraint("site_id", "user_id"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    user_id: Mapped[str] = mapped_column(String(36), index=True)
    granted_by: Mapped[str] = mapped_column(String(36))
    confirmed_by: Mapped[str | None] = mapped_column(String(36))
    expires_at: Mapped[datetime | None]


class SiteClearance(OrgRow):
    """A staff member may be sent to a site that needs clearance."""

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"),
        link("staff_id", "staff", ondelete="CASCADE"),
        UniqueConstraint("site_id", "staff_id"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    staff_id: Mapped[str] = mapped_column(String(36), index=True)
    valid_to: Mapped[date | None]


class SiteExclusion(OrgRow):
    """A staff member must not be sent to a site. Why is never stored."""

    __table_args__ = own(
        link("site_id", "site", ondelete="CASCADE"),
        link("staff_id", "staff", ondelete="CASCADE"),
        UniqueConstraint("site_id", "staff_id"),
    )

    site_id: Mapped[str] = mapped_column(String(36), index=True)
    staff_id: Mapped[str] = mapped_column(String(36), index=True)
