"""Writes: services with their check lists, and kits."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.catalogue.models import ChecklistItem, Kit, Service
from outreach.core import audit
from outreach.core.db import atomic, db, touch
from outreach.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a check list."""

    text_da: str
    text_en: str
    is_mandatory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFields:
    """What a person enters about a service; names as in ``models.Service``."""

    code: str
    name_da: str
    name_en: str
    minutes: int
    setup_minutes: int
    kits: list[str]
    skills: list[str]
    is_authority_task: bool
    needs_network: bool
    is_active: bool
    checklist: list[TaskLine]


@atomic
def save_service(given: ServiceFields, service: Service | None = None) -> Service:
    """Make a service, or change one; visits that fell due keep what they had.

    Raises:
        Invalid: the code is taken, or would be another than before.
    """
    if service is not None and given.code != service.code:
        raise Invalid({"code": _("Agreements, visits and counts know the service by its code.")})
    taken = db.session.scalars(select(Service).where(Service.code == given.code)).first()
    if taken is not None and taken is not service:
        raise Invalid({"code": _("Another service has this code.")})
    row = service or Service(checklist=[])
    touch(row)
    row.code, row.name_da, row.name_en = given.code, given.name_da, given.name_en
    row.minutes, row.setup_minutes = given.minutes, given.setup_minutes
    row.kits, row.skills = given.kits, given.skills
    row.is_authority_task, row.needs_network = given.is_authority_task, given.needs_network
    row.is_active = given.is_active
    row.checklist[:] = [
        ChecklistItem(
            seq=seq, text_da=line.text_da, text_en=line.text_en, is_mandatory=line.is_mandatory
        )
        for seq, line in enumerate(given.checklist)
    ]
    db.session.add(row)
    db.session.flush()
    audit.record("change" if service else "create", "service", row.id)
    return row


@atomic
def set_kit_amount(kit: Kit, amount: int) -> None:
    """Say how many there are of a kit."""
    kit.amount = amount
    audit.record("change", "kit", kit.id, amount=amount)


@atomic
def create_kit(code: str, name_da: str, name_en: str, amount: int) -> Kit:
    """Make a kit.

    Raises:
        Invalid: the code is taken.
    """
    if db.session.scalars(select(Kit).where(Kit.code == code)).first() is not None:
        raise Invalid({"code": _("Another kit has this code.")})
    row = Kit(code=code, name_da=name_da, name_en=name_en, amount=amount)
    db.session.add(row)
    db.session.flush()
    audit.record("create", "kit", row.id)
    return row
