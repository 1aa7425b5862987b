"""The sealed side of secret sites: written and read here alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from outreach.core.crypto import Sealed, keyring, place
from outreach.sites.models import Site, SiteSecret

COLUMNS = (
    "name", "address", "postcode", "area", "position", "residents", "contacts", "access_notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SecretContact:
    """Somebody at a secret site to ask for."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What is known of a secret site; never printed.

    Attributes:
        latitude, longitude: degrees; None while no position is set.
    """

    name: str
    address: str = ""
    postcode: str = ""
    area: str = ""
    latitude: float | None = None
    longitude: float | None = None
    residents: int | None = None
    contacts: tuple[SecretContact, ...] = ()
    access_notes: str = ""


def seal(site: Site, secrets: Secrets) -> SiteSecret:
    """The row that keeps the secrets of a site; replaces what the site has."""
    known = secrets.latitude is not None
    texts = {
        "name": secrets.name, "address": secrets.address, "postcode": secrets.postcode,
        "area": secrets.area,
        "position": f"{secrets.latitude},{secrets.longitude}" if known else "",
        "residents": "" if secrets.residents is None else str(secrets.residents),
        "contacts": json.dumps([asdict(one) for one in secrets.contacts]),
        "access_notes": secrets.access_notes,
    }  # fmt: skip
    ring = keyring()
    row = site.secret or SiteSecret(site_id=site.id)
    for column, text in texts.items():
        setattr(row, column, ring.seal(text, place(site.org_id, "site_secret", column, site.id)))
    return row


def unseal(row: SiteSecret) -> Secrets:
    """Everything about a secret site."""
    texts = {column: _text(row, column) for column in COLUMNS}
    latitude, longitude = _degrees(texts["position"])
    return Secrets(
        name=texts["name"], address=texts["address"], postcode=texts["postcode"],
        area=texts["area"], latitude=latitude, longitude=longitude,
        residents=int(texts["residents"]) if texts["residents"] else None,
        contacts=tuple(SecretContact(**one) for one in json.loads(texts["contacts"] or "[]")),
        access_notes=texts["access_notes"],
    )  # fmt: skip


def _text(row: SiteSecret, column: str) -> str:
    box = Sealed(getattr(row, column))
    return keyring().unseal(box, place(row.org_id, "site_secret", column, row.site_id))


def _degrees(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    latitude, longitude = text.split(",")
    return float(latitude), float(longitude)


def position_of(row: SiteSecret) -> tuple[float, float] | None:
    """Where a secret site is, for planning on the server alone."""
    latitude, longitude = _degrees(_text(row, "position"))
    return None if latitude is None or longitude is None else (latitude, longitude)
