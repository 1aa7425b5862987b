"""Reads of services and kits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from outreach.catalogue.models import Kit, Service
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.core.i18n import language
from outreach.people.queries import skill_choices


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A line of the catalogue."""

    id: str
    code: str
    name: str
    minutes: int
    setup_minutes: int
    kits: tuple[str, ...]
    skills: tuple[str, ...]
    tasks: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class KitRow:
    """A line of the list of kits."""

    id: str
    code: str
    name: str
    amount: int


def services() -> tuple[ServiceRow, ...]:
    """Every service, by code; skills by name. Cost: three statements."""
    skills = dict(skill_choices())
    found = db.session.scalars(
        select(Service).options(selectinload(Service.checklist)).order_by(Service.code)
    )
    return tuple(
        ServiceRow(
            s.id, s.code, name_of(s), s.minutes, s.setup_minutes, tuple(s.kits),
            tuple(skills.get(code, code) for code in s.skills), len(s.checklist), s.is_active,
        )
        for s in found
    )  # fmt: skip


def service_choices(also: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Code and name of every active service, and of ``also``. Cost: one statement."""
    wanted = or_(Service.is_active, Service.code.in_(also))
    found = db.session.scalars(select(Service).where(wanted).order_by(Service.code))
    return [(s.code, name_of(s)) for s in found]


def service_names() -> dict[str, str]:
    """The name of every service by its code. Cost: one statement."""
    return {s.code: name_of(s) for s in db.session.scalars(select(Service))}


def kits() -> tuple[KitRow, ...]:
    """Every kit, by code. Cost: one statement."""
    found = db.session.scalars(select(Kit).order_by(Kit.code))
    return tuple(KitRow(k.id, k.code, name_of(k), k.amount) for k in found)


def name_of(thing: Service | Kit) -> str:
    """Its name in the language of the moment."""
    return thing.name_da if language() == "da" else thing.name_en


def service_by_id(service_id: str) -> Service:
    """One service with its check list.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Service).where(Service.id == service_id).options(selectinload(Service.checklist))
    ).first()
    if found is None:
        raise NotFound
    return found


def kit_by_id(kit_id: str) -> Kit:
    """One kit.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Kit).where(Kit.id == kit_id)).first()
    if found is None:
        raise NotFound
    return found
