"""Services, their check lists, and kits, as stored."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.core.db import OrgRow, link, own


class Kit(OrgRow):
    """Equipment of which there are so many, such as K-BIO (camera, fingerprint, signature)."""

    __table_args__ = own(
        UniqueConstraint("org_id", "code"), CheckConstraint("amount >= 0", name="amount")
    )

    code: Mapped[str] = mapped_column(String(20))
    name_da: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    amount: Mapped[int]


class Service(OrgRow):
    """Something that is done at a visit.

    Attributes:
        code: such as MITID; its measures are ``mitid.served`` and ``mitid.not_served``.
        minutes: time on site when an agreement does not say otherwise.
        setup_minutes: unpacking, paid once per stop.
        kits: codes of the kits that it needs.
        skills: codes of the skills that the team must have.
    """

    __table_args__ = own(
        UniqueConstraint("org_id", "code"), CheckConstraint("minutes > 0", name="minutes")
    )

    code: Mapped[str] = mapped_column(String(20))
    name_da: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[int]
    setup_minutes: Mapped[int] = mapped_column(default=0)
    kits: Mapped[list[str]] = mapped_column(JSON, default=list)
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_authority_task: Mapped[bool] = mapped_column(default=False)
    needs_network: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    checklist: Mapped[list[ChecklistItem]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ChecklistItem.seq"
    )


class ChecklistItem(OrgRow):
    """One task of a service's check list."""

    __table_args__ = own(link("service_id", "service", ondelete="CASCADE"))

    service_id: Mapped[str] = mapped_column(String(36), index=True)
    seq: Mapped[int]
    text_da: Mapped[str] = mapped_column(String(160))
    text_en: Mapped[str] = mapped_column(String(160))
    is_mandatory: Mapped[bool] = mapped_column(default=True)
