"""From an address to a position: a local index of places, or a server of the operator's own.

By default nothing leaves the machine. A secret site is never looked up outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Photon
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from outreach.core.config import Settings
from outreach.core.errors import Unavailable
from outreach.core.i18n import sort_key
from outreach.sites.models import Precision
from outreach.sites.outside import PolicyAdapter
from outreach.sites.places import Place, places

_TIMEOUT_S = 5
_BROKEN = (GeopyError, OSError, ValueError, KeyError, IndexError, TypeError, AttributeError)
_PRECISE = {
    Precision.HOUSE: {"house", "building", "amenity", "office", "healthcare", "social_facility"},
    Precision.STREET: {"street", "road", "residential", "highway"},
    Precision.POSTCODE: {"postcode"},
}


@dataclass(frozen=True, slots=True)
class Found:
    """A position for an address and how well it is known."""

    latitude: float
    longitude: float
    precision: Precision
    words: str


class LocalIndex(Geocoder):  # type: ignore[misc] # geopy has no types
    """Finds areas, towns and postcodes in the list that is shipped with the product."""

    def geocode(self, query: str, *, exactly_one: bool = True) -> Any:
        """Places named in the query, the closest first: area, postcode, town; longer names first.

        ``raw["precision"]`` says how well each is known; nothing found gives None.
        """
        words = f" {' '.join(sort_key(query).replace(',', ' ').split())} "
        named = [p for p in places() if f" {sort_key(p.name)} " in words]
        named.sort(key=lambda p: (p.kind != "area", -len(p.name)))
        hits = [_located(p) for p in named if p.kind == "area"]
        hits += _postcodes(words.split())
        hits += [_located(p) for p in named if p.kind != "area"]
        if exactly_one:
            return hits[0] if hits else None
        return hits or None


def _located(place: Place) -> Location:
    known = {"precision": Precision.PLACE}
    return Location(place.name, (place.latitude, place.longitude), known)


def _postcodes(words: list[str]) -> list[Location]:
    """The middle of the areas of each postcode in the query."""
    found = []
    for code in (word for word in words if len(word) == 4 and word.isdigit()):  # noqa: PLR2004
        inside = [p for p in places() if p.postcode == code]
        if inside:
            latitude = round(sum(p.latitude for p in inside) / len(inside), 5)
            longitude = round(sum(p.longitude for p in inside) / len(inside), 5)
            known = {"precision": Precision.POSTCODE}
            found.append(Location(code, (latitude, longitude), known))
    return found


def _remote(settings: Settings) -> Any:
    """The geocoder of the settings."""
    parts = urlsplit(settings.geocoder_url)
    make = Photon if settings.geocoder_kind == "photon" else Nominatim
    return make(
        domain=parts.netloc + parts.path.rstrip("/"), scheme=parts.scheme,
        user_agent="outreach-togo", timeout=_TIMEOUT_S,
        adapter_factory=partial(PolicyAdapter, origin=(parts.scheme, parts.netloc)),
    )  # fmt: skip


def _precision(raw: dict[str, Any]) -> Precision:
    """How well a Nominatim or Photon server knows what it found; a place when it does not say."""
    told = raw.get("properties", raw)
    words = {str(told.get(name)) for name in ("addresstype", "type", "class", "osm_key")}
    return next((known for known, kinds in _PRECISE.items() if words & kinds), Precision.PLACE)


def _ask_outside(address: str, settings: Settings) -> Found | None:
    """What the operator's server knows, if it lies in Denmark."""
    try:
        found = _remote(settings).geocode(address)
        if found is None or not (54 < found.latitude < 58.5 and 7 < found.longitude < 16):  # noqa: PLR2004 - Denmark
            return None
        words = str(found.address)[:200]
        return Found(found.latitude, found.longitude, _precision(found.raw), words)
    except _BROKEN:
        raise Unavailable from None


def look_up(address: str, *, is_secret: bool) -> Found | None:
    """Where an address is; None if nobody knows.

    Raises:
        Unavailable: the operator's server does not answer as it should.
    """
    settings: Settings = current_app.config["OUTREACH"]
    if settings.geocoder_url and not is_secret:
        outside = _ask_outside(address, settings)
        if outside is not None:
            return outside
    local = LocalIndex().geocode(address)
    if local is None:
        return None
    return Found(local.latitude, local.longitude, local.raw["precision"], local.address)
