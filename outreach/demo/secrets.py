"""Crisis centres: invented sealed addresses, and who is cleared to be sent there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from outreach.demo.people import SeedTeam
from outreach.demo.sites import SeedSite
from outreach.demo.store import Store
from outreach.sites.models import Site, SiteClearance, SiteSecret
from outreach.sites.sealed import COLUMNS, SecretContact, Secrets, seal

_STREETS = ("Opdigtetvej", "Demostien", "Eksempelgade", "Prøvealle", "Fantasiparken")

ENDED_WEEKS = 5
"""So long ago the clearances of the planted crisis centre ran out."""


def store_secrets(
    store: Store,
    sites: Sequence[SeedSite],
    teams: Sequence[SeedTeam],
    planted: dict[str, str],
    monday: date,
) -> None:
    """Keep the sealed side of secret sites and the clearances of the teams that can go there."""
    for number, site in enumerate(s for s in sites if s.is_secret):
        _seal(store, site, number)
        ended = planted.get(site.code) == "no_cleared_staff"
        until = monday - timedelta(weeks=ENDED_WEEKS) if ended else None
        for person in (p for t in teams if "crisis" in t.skills for p in t.people):
            store.add(SiteClearance, site_id=site.id, staff_id=person.staff_id, valid_to=until)


def _seal(store: Store, site: SeedSite, number: int) -> None:
    secrets = Secrets(
        name=f"Krisecenter {site.alias} (opdigtet)",
        address=f"{_STREETS[number % len(_STREETS)]} {10 + number}",
        postcode=site.postcode, area=site.municipality, latitude=site.latitude,
        longitude=site.longitude, residents=site.residents,
        contacts=(SecretContact("Vagten", "Vagt", "00 00 02 00"),),
        access_notes="Ring på den grønne dør. Hold ikke foran huset.",
    )  # fmt: skip
    row = seal(Site(id=site.id, org_id=store.org_id, secret=None), secrets)
    store.add(SiteSecret, site_id=site.id, **{name: getattr(row, name) for name in COLUMNS})
