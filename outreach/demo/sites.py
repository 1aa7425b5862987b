"""From the lines of a sites file to stored sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians

from outreach.core.i18n import sort_key
from outreach.demo.names import Names
from outreach.demo.source import Line, lines
from outreach.demo.store import Store
from outreach.sites.models import (
    Contact,
    Precision,
    Site,
    SiteHours,
    SiteKind,
    SiteQuiet,
    SiteStatus,
)

_KINDS = {"shelter_110": SiteKind.SHELTER, "crisis_centre_109": SiteKind.CRISIS_CENTRE}
_LIVED_IN = frozenset({
    SiteKind.CARE_HOME, SiteKind.CARE_HOUSING, SiteKind.SENIOR_HOUSING, SiteKind.SHELTER,
    SiteKind.CRISIS_CENTRE, SiteKind.RESIDENTIAL_SUPPORT, SiteKind.HOSPITAL, SiteKind.PRISON,
})  # fmt: skip
_TWO_PERSONS = {SiteKind.SHELTER: 2, SiteKind.CRISIS_CENTRE: 2, SiteKind.PRISON: 2}


@dataclass(frozen=True, slots=True)
class SeedSite:
    """A site to be; minutes count from midnight.

    Attributes:
        municipality: the name of its area in the larger files.
    """

    id: str
    code: str
    kind: SiteKind
    name: str
    municipality: str
    postcode: str
    latitude: float
    longitude: float
    residents: int | None
    is_secret: bool
    is_open: bool
    hours: tuple[int, int]
    quiet: tuple[int, int] | None

    @property
    def alias(self) -> str:
        """How a secret site is known."""
        return self.name.replace("Krisecenter ", "").replace(" (demo)", "")


def seed(line: Line, site_id: str) -> SeedSite:
    """One line of a sites file."""
    kind = _KINDS.get(line["kind"]) or SiteKind(line["kind"])
    residents = int(line["residents"]) if kind in _LIVED_IN else None
    return SeedSite(
        id=site_id, code=line["code"], kind=kind, name=line["name"], municipality=line["area"],
        postcode=line["postcode"], latitude=float(line["lat"]), longitude=float(line["lon"]),
        residents=residents, is_secret=line["confidential"] == "1", is_open=residents != 0,
        hours=_span(line["open"]), quiet=_span(line["quiet"]) if line["quiet"] else None,
    )  # fmt: skip


def _span(text: str) -> tuple[int, int]:
    first, last = (int(part[:2]) * 60 + int(part[2:]) for part in text.split("-"))
    return first, last


def store_sites(store: Store, seeds: Iterable[SeedSite], names: Names) -> None:
    """Keep the sites with hours, quiet times and contacts."""
    areas = lines("aarhus_areas")
    for one in seeds:
        area = _area(one, areas)
        _store_site(store, one, area)
        _store_times(store, one)
        if not one.is_secret:
            name = names.next(store.dice.choice(("woman", "man")))
            store.add(
                Contact, site_id=one.id, name=name, role="Daglig leder",
                phone=f"00 00 01 {store.dice.randrange(100):02d}",
                email=f"leder.{one.code.lower()}@example.dk",
            )  # fmt: skip


def _area(one: SeedSite, areas: list[Line]) -> Line:
    """The nearest area of Aarhus for a numbered one; elsewhere the municipality."""
    if one.municipality and not one.municipality.isdigit():
        return {"area": one.municipality, "postcode": one.postcode}
    return min(
        areas,
        key=lambda a: hypot(
            float(a["lat"]) - one.latitude,
            (float(a["lon"]) - one.longitude) * cos(radians(one.latitude)),
        ),
    )


def _store_site(store: Store, one: SeedSite, area: Line) -> None:
    hidden = one.is_secret
    store.add(
        Site, id=one.id, code=one.code, kind=one.kind.value, is_secret=hidden,
        alias=one.alias if hidden else "", name="" if hidden else one.name,
        sort_key=sort_key(one.alias if hidden else one.name),
        address="", postcode="" if hidden else one.postcode, area="" if hidden else area["area"],
        latitude=None if hidden else one.latitude, longitude=None if hidden else one.longitude,
        precision=(Precision.NONE if hidden else Precision.HOUSE).value,
        residents=None if hidden else one.residents,
        people=_TWO_PERSONS.get(one.kind, 1), needs_clearance=hidden, needs_women=hidden,
        needs_unmarked=hidden,
        status=(SiteStatus.ACTIVE if one.is_open else SiteStatus.CLOSED).value,
    )  # fmt: skip


def _store_times(store: Store, one: SeedSite) -> None:
    for weekday in range(5):
        store.add(
            SiteHours, site_id=one.id, weekday=weekday, opens=one.hours[0], closes=one.hours[1]
        )
    if one.quiet:
        store.add(
            SiteQuiet, site_id=one.id, weekday=None, starts=one.quiet[0], ends=one.quiet[1],
            kind="meal",
        )  # fmt: skip
