"""Writes: sites, their closures, and who may know of the secret ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from outreach.core import audit
from outreach.core.auth import user
from outreach.core.db import atomic, db, scrub, touch
from outreach.core.errors import Conflict, Invalid, NotAllowed
from outreach.core.i18n import sort_key
from outreach.sites import queries
from outreach.sites.models import (
    Contact,
    Precision,
    Site,
    SiteAccess,
    SiteClearance,
    SiteClosure,
    SiteExclusion,
    SiteHours,
    SiteQuiet,
)
from outreach.sites.sealed import SecretContact, Secrets, seal, unseal

Spans = tuple[tuple[int, int, int], ...]
_PLAIN = (
    "kind", "access_minutes", "people", "needs_clearance", "needs_women", "needs_unmarked",
    "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SiteFields:
    """What a person enters about a site; never printed, for it may be secret.

    Attributes:
        hours, quiet: weekday (0 is Monday), from, to, in minutes.
        contact: name, role and telephone of the first contact; an empty name means none.
    """

    kind: str
    is_secret: bool
    alias: str
    name: str
    address: str
    postcode: str
    area: str
    latitude: float | None
    longitude: float | None
    precision: str
    residents: int | None
    access_minutes: int
    access_notes: str
    people: int
    needs_clearance: bool
    needs_women: bool
    needs_unmarked: bool
    status: str
    hours: Spans
    quiet: Spans
    contact: tuple[str, str, str]


def save(given: SiteFields, site: Site | None = None) -> Site:
    """Make a site, or change one; a secret one is sealed in the same transaction.

    What stood in clear before is overwritten, in the write-ahead log too.

    Raises:
        Invalid: a field is missing or contradicts another.
        NotAllowed: the site is secret and this person may not see what would be replaced.
    """
    _check(given)
    saved = _save(given, site)
    if saved.is_secret:
        scrub()
    return saved


@atomic
def _save(given: SiteFields, site: Site | None) -> Site:
    row = site or Site(
        code=_next_code(), hours=[], quiet=[], contacts=[], closures=[], sort_key="", secret=None
    )
    if site is not None and site.is_secret and not queries.may_see(site, user().id):
        raise NotAllowed
    for name in _PLAIN:
        setattr(row, name, getattr(given, name))
    touch(row)
    db.session.add(row)
    db.session.flush()
    _place(row, given)
    _set_hours(row, given)
    db.session.flush()
    audit.record("change" if site else "create", "site", row.id, secret=row.is_secret)
    return row


def _check(given: SiteFields) -> None:
    wrong: dict[str, str] = {}
    if not given.name:
        wrong["name"] = _("This must be filled in.")
    if given.is_secret and not given.alias:
        wrong["alias"] = _("A secret site needs an alias, such as K-01.")
    if (given.latitude is None) != (given.longitude is None):
        wrong["longitude"] = _("Give both latitude and longitude, or neither.")
    if wrong:
        raise Invalid(wrong)


def _next_code() -> str:
    taken = db.session.scalar(select(func.max(Site.code)).where(Site.code.like("S%"))) or "S0000"
    number = int("".join(filter(str.isdigit, taken)) or 0) + 1
    return f"S{number:04d}"


def _place(row: Site, given: SiteFields) -> None:
    """Keep name and place: in clear, or sealed and out of sight."""
    moved = (row.latitude, row.longitude) != (given.latitude, given.longitude)
    row.location_version = (row.location_version or 0) + (moved or given.is_secret)
    row.is_secret, row.alias = given.is_secret, given.alias if given.is_secret else ""
    row.sort_key = sort_key(given.alias if given.is_secret else given.name)
    contacts = _contacts(row, given)
    if given.is_secret:
        _hide(row, given, contacts)
        return
    row.secret = None
    # Should it become secret again, nobody may see it who was not asked about anew.
    db.session.execute(delete(SiteAccess).where(SiteAccess.site_id == row.id))
    row.name, row.address = given.name, given.address
    row.postcode, row.area = given.postcode, given.area
    row.latitude, row.longitude = given.latitude, given.longitude
    row.precision = given.precision if given.latitude is not None else Precision.NONE
    row.residents, row.access_notes = given.residents, given.access_notes
    row.contacts[:] = [Contact(**asdict(one)) for one in contacts]


def _contacts(row: Site, given: SiteFields) -> tuple[SecretContact, ...]:
    """The first contact as the form has it, and the others that the form does not show."""
    stored = unseal(row.secret).contacts if row.secret else row.contacts
    known = [SecretContact(c.name, c.role, c.phone, c.email) for c in stored]
    name, role, phone = given.contact
    if not name:
        return tuple(known[1:])
    email = known[0].email if known and known[0].name == name else ""
    return (SecretContact(name, role, phone, email), *known[1:])


def _hide(row: Site, given: SiteFields, contacts: tuple[SecretContact, ...]) -> None:
    row.secret = seal(
        row,
        Secrets(
            name=given.name, address=given.address, postcode=given.postcode, area=given.area,
            latitude=given.latitude, longitude=given.longitude, residents=given.residents,
            contacts=contacts, access_notes=given.access_notes,
        ),
    )  # fmt: skip
    row.name = row.address = row.postcode = row.area = row.access_notes = ""
    row.latitude = row.longitude = row.residents = None
    row.precision, row.contacts[:] = Precision.NONE, []


def quiet_spans(row: Site) -> set[tuple[int, int, int]]:
    """Quiet times by weekday; one for every day stands on each."""
    return {
        (day, q.starts, q.ends)
        for q in row.quiet
        for day in (range(7) if q.weekday is None else (q.weekday,))
    }


def _set_hours(row: Site, given: SiteFields) -> None:
    row.hours[:] = [SiteHours(weekday=day, opens=a, closes=b) for day, a, b in given.hours]
    if set(given.quiet) != quiet_spans(row):  # else keep what kind of quiet each one is
        row.quiet[:] = [SiteQuiet(weekday=day, starts=a, ends=b) for day, a, b in given.quiet]


@atomic
def close_for(site: Site, first: date, last: date, reason: str) -> None:
    """Note days on which the site takes no visit.

    Raises:
        Invalid: the days are in the wrong order.
    """
    if last < first:
        raise Invalid({"to_day": _("The last day lies before the first.")})
    db.session.add(SiteClosure(site_id=site.id, from_day=first, to_day=last, reason=reason))
    audit.record("close", "site", site.id, first=first.isoformat(), last=last.isoformat())


@atomic
def reopen(closure: SiteClosure) -> None:
    """Take a closure back."""
    db.session.delete(closure)
    audit.record("reopen", "site", closure.site_id)


@atomic
def reveal(site: Site, reason: str) -> Secrets:
    """Show the sealed side of a site to somebody who may see it, and write that down.

    Raises:
        NotAllowed: there is no confirmed grant for this person.
        Invalid: no reason was given.
    """
    if not queries.may_see(site, user().id):
        raise NotAllowed
    if len(reason.strip()) < 5:  # noqa: PLR2004 - shorter is no reason
        raise Invalid({"reason": _("Say why you need to see it.")})
    audit.record("reveal", "site", site.id, reason=reason.strip())
    return queries.secrets(site)


@atomic
def grant(site: Site, user_id: str, expires_at: datetime | None) -> None:
    """Give somebody the right to reveal a secret site; it holds once a second admin confirms.

    Raises:
        Conflict: the person has the right already.
    """
    if not site.is_secret:
        raise Conflict(_("This site is not secret."))
    taken = db.session.scalars(
        select(SiteAccess).where(SiteAccess.site_id == site.id, SiteAccess.user_id == user_id)
    ).first()
    if taken is not None:
        raise Conflict(_("This person has the right already."))
    row = SiteAccess(site_id=site.id, user_id=user_id, granted_by=user().id, expires_at=expires_at)
    db.session.add(row)
    db.session.flush()
    audit.record("grant", "site", site.id, to=user_id)


@atomic
def confirm(row: SiteAccess) -> None:
    """Confirm a right that another administrator has given.

    Raises:
        Conflict: the same person gave it.
    """
    if row.granted_by == user().id:
        raise Conflict(_("Another administrator must confirm what you have given."))
    row.confirmed_by = user().id
    audit.record("confirm-grant", "site", row.site_id, to=row.user_id)


@atomic
def withdraw(row: SiteAccess) -> None:
    """Take a right back."""
    db.session.delete(row)
    audit.record("withdraw-grant", "site", row.site_id, to=row.user_id)


@atomic
def clear(site: Site, staff_id: str, valid_to: date | None) -> None:
    """Clear somebody for a site, or change until when."""
    db.session.execute(
        delete(SiteClearance).where(
            SiteClearance.site_id == site.id, SiteClearance.staff_id == staff_id
        )
    )
    db.session.add(SiteClearance(site_id=site.id, staff_id=staff_id, valid_to=valid_to))
    audit.record("clear", "site", site.id, staff=staff_id)


@atomic
def exclude(site: Site, staff_id: str) -> None:
    """Keep somebody away from a site. Why is never stored."""
    found = select(SiteExclusion).where(
        SiteExclusion.site_id == site.id, SiteExclusion.staff_id == staff_id
    )
    if db.session.scalars(found).first() is None:
        db.session.add(SiteExclusion(site_id=site.id, staff_id=staff_id))
        audit.record("exclude", "site", site.id, staff=staff_id)


@atomic
def unlink(site: Site, staff_id: str) -> None:
    """Take clearance and exclusion of a person back."""
    for model in (SiteClearance, SiteExclusion):
        db.session.execute(
            delete(model).where(model.site_id == site.id, model.staff_id == staff_id)
        )
    audit.record("unlink", "site", site.id, staff=staff_id)
