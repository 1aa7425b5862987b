"""Reads of the register of sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from outreach.accounts.models import User
from outreach.core import clock, tenancy
from outreach.core.crypto import keyring
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.core.i18n import sort_key
from outreach.people.models import Staff
from outreach.sites.models import (
    Site,
    SiteAccess,
    SiteClearance,
    SiteClosure,
    SiteExclusion,
    SiteSecret,
    SiteStatus,
)
from outreach.sites.rules import may_reveal
from outreach.sites.sealed import Secrets, position_of, unseal

PAGE = 50


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A line of the list; of a secret site only what everybody may know."""

    id: str
    code: str
    label: str
    kind: str
    area: str
    status: str
    is_secret: bool
    has_position: bool


@dataclass(frozen=True, slots=True)
class Search:
    """What the list is narrowed to; empty parts narrow nothing."""

    words: str = ""
    kind: str = ""
    area: str = ""
    status: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A right to reveal a secret site."""

    id: str
    user_name: str
    site_code: str
    site_alias: str
    granted_by: str
    is_confirmed: bool
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A person who is cleared for a site, or kept away from it."""

    id: str
    name: str
    valid_to: date | None


def listed(search: Search) -> tuple[tuple[SiteRow, ...], Pagination]:
    """A page of the list in Danish order. Cost: two statements."""
    query = select(Site).order_by(Site.sort_key, Site.code)
    if search.words:
        query = query.where(_matches(search.words))
    for column, wanted in (
        (Site.kind, search.kind), (Site.area, search.area), (Site.status, search.status),
    ):  # fmt: skip
        if wanted:
            query = query.where(column == wanted)
    pages = db.paginate(query, page=max(1, search.page), per_page=PAGE, error_out=False)
    return tuple(_row(site) for site in pages.items), pages


def _matches(words: str) -> ColumnElement[bool]:
    """Name or alias by its Danish key, for databases fold only a to z; the rest as it is written.

    Of a secret site the key is that of its alias, and the other columns are empty.
    """
    written = {words, words.lower(), words.capitalize(), words.title()}
    return or_(
        Site.sort_key.contains(sort_key(words), autoescape=True),
        func.lower(Site.code).contains(words.lower(), autoescape=True),
        *(column.contains(word, autoescape=True) for column in (Site.address, Site.area)
          for word in sorted(written)),
    )  # fmt: skip


def _row(site: Site) -> SiteRow:
    return SiteRow(
        site.id, site.code, site.label, site.kind, site.area, site.status, site.is_secret,
        site.is_secret or site.latitude is not None,
    )  # fmt: skip


def areas() -> tuple[str, ...]:
    """Every area that a site lies in. Cost: one statement."""
    found = db.session.scalars(select(Site.area).where(Site.area != "").distinct())
    return tuple(sorted(found, key=sort_key))


def everywhere() -> tuple[Site, ...]:
    """Sites in use with a public position, for the map. Cost: one statement."""
    return tuple(
        db.session.scalars(
            select(Site)
            .where(Site.status != SiteStatus.CLOSED, Site.latitude.is_not(None))
            .order_by(Site.sort_key)
        )
    )


def site_by_id(site_id: str) -> Site:
    """One site with hours, quiet times, closures, contacts and its sealed side.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Site)
        .where(Site.id == site_id)
        .options(
            selectinload(Site.hours), selectinload(Site.quiet), selectinload(Site.closures),
            selectinload(Site.contacts), selectinload(Site.secret),
        )
    ).first()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def is_secret(site_id: object) -> bool:
    """Whether an address belongs to a secret site; an id that nobody knows counts as one.

    None is a site that is not stored yet. Cost: one statement.
    """
    if site_id is None:
        return False
    found = db.session.scalars(select(Site.is_secret).where(Site.id == str(site_id))).first()
    return found is not False


def closure_by_id(closure_id: str) -> SiteClosure:
    """One closure.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(SiteClosure).where(SiteClosure.id == closure_id)).first()
    if found is None:
        raise NotFound
    return found


def may_see(site: Site, user_id: str) -> bool:
    """Whether this user may reveal this secret site now. Cost: one statement."""
    grant = db.session.scalars(
        select(SiteAccess).where(SiteAccess.site_id == site.id, SiteAccess.user_id == user_id)
    ).first()
    return grant is not None and may_reveal(grant.confirmed_by, grant.expires_at, clock.now())


def secrets(site: Site) -> Secrets:
    """The sealed side of a site; the caller has checked the right and written it down."""
    if site.secret is None:
        raise NotFound
    return unseal(site.secret)


def positions(site_ids: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Latitude and longitude for planning on the server, secret sites too.

    Sites without a position are left out. Cost: one statement.
    """
    rows: Iterable[Any] = db.session.execute(
        select(Site.id, Site.latitude, Site.longitude, SiteSecret)
        .outerjoin(SiteSecret, SiteSecret.site_id == Site.id)
        .where(Site.id.in_(list(site_ids)))
    )
    found: dict[str, tuple[float, float]] = {}
    for site_id, latitude, longitude, hidden in rows:
        if latitude is not None and longitude is not None:
            found[site_id] = (latitude, longitude)
        elif hidden is not None and (place := position_of(hidden)) is not None:
            found[site_id] = place
    return found


def grants() -> tuple[GrantRow, ...]:
    """Every right to reveal a site. Cost: one statement."""
    giver = aliased(User)
    rows = db.session.execute(
        select(SiteAccess, User.name, Site.code, Site.alias, giver.name)
        .join(User, User.id == SiteAccess.user_id)
        .outerjoin(giver, giver.id == SiteAccess.granted_by)
        .join(Site, Site.id == SiteAccess.site_id)
        .order_by(Site.code, User.name)
    )
    return tuple(
        GrantRow(
            grant.id, name, code, alias, by or "", grant.confirmed_by is not None, grant.expires_at
        )
        for grant, name, code, alias, by in rows
    )


def grant_by_id(grant_id: str) -> SiteAccess:
    """One right.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(SiteAccess).where(SiteAccess.id == grant_id)).first()
    if found is None:
        raise NotFound
    return found


def secret_choices() -> list[tuple[str, str]]:
    """Id and alias of every secret site, for a form. Cost: one statement."""
    found = db.session.scalars(select(Site).where(Site.is_secret).order_by(Site.alias))
    return [(site.id, site.alias) for site in found]


def cleared(site_id: str) -> tuple[StaffLink, ...]:
    """Who may be sent to a site that needs clearance. Cost: one statement."""
    rows = db.session.execute(
        select(SiteClearance, Staff.name)
        .join(Staff, Staff.id == SiteClearance.staff_id)
        .where(SiteClearance.site_id == site_id)
        .order_by(Staff.sort_key)
    )
    return tuple(StaffLink(row.staff_id, name, row.valid_to) for row, name in rows)


def excluded(site_id: str) -> tuple[StaffLink, ...]:
    """Who must not be sent to a site. Cost: one statement."""
    rows = db.session.execute(
        select(SiteExclusion, Staff.name)
        .join(Staff, Staff.id == SiteExclusion.staff_id)
        .where(SiteExclusion.site_id == site_id)
        .order_by(Staff.sort_key)
    )
    return tuple(StaffLink(row.staff_id, name, None) for row, name in rows)


def are_keys_lost() -> bool:
    """Whether secret addresses are stored that our keys do not open. Cost: one statement."""
    with tenancy.everywhere():
        box = db.session.scalars(select(SiteSecret.name).order_by(SiteSecret.id.desc())).first()
    return box is not None and not keyring().has_key_of(box)
