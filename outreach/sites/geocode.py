"""From an address to a position: a local index of places, or a server of the operator's own.

By default nothing leaves the machine. A secret site is never looked up outside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Photon
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from outreach.core.config import Settings
from outreach.core.errors import Unavailable
from outreach.sites.models import Precision

_PLACES = Path(__file__).parent / "data" / "places.json"
_TIMEOUT_S = 5
_LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A position for an address and how well it is known."""

    latitude: float
    longitude: float
    precision: Precision
    words: str


@lru_cache(maxsize=1)
def _index() -> tuple[tuple[str, str, float, float], ...]:
    places = json.loads(_PLACES.read_text(encoding="utf-8"))["places"]
    return tuple((p["name"], p["postcode"], p["lat"], p["lon"]) for p in places)


class LocalIndex(Geocoder):  # type: ignore[misc] # geopy has no types
    """Finds areas, towns and postcodes in the list that is shipped with the product."""

    def geocode(self, query: str, *, exactly_one: bool = True) -> Any:
        """The place whose name or postcode stands in the query; the longest name wins."""
        words = f" {query.casefold()} ".replace(",", " ")
        hits = [
            (len(name), name, code, lat, lon)
            for name, code, lat, lon in _index()
            if f" {name.casefold()} " in words or (code and f" {code} " in words)
        ]
        hits.sort(reverse=True)
        places = [
            Location(name, (lat, lon), {"by": "place" if name.casefold() in words else "postcode"})
            for _length, name, _code, lat, lon in hits
        ]
        if exactly_one:
            return places[0] if places else None
        return places


class PolicyAdapter(URLLibAdapter):  # type: ignore[misc] # geopy has no types
    """Reaches the one host that the settings name; follows no redirect to another."""

    host = ""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Ask, if the address is allowed."""
        if urlsplit(url).netloc != self.host:
            raise GeopyError(f"{urlsplit(url).netloc} is not the geocoder of the settings")
        text = self.get_text(url, timeout=timeout, headers=headers)
        if len(text) > _LARGEST:
            raise GeopyError("the answer is too large")
        try:
            return json.loads(text)
        except ValueError:
            raise GeopyError("the answer is no JSON") from None


def _remote(settings: Settings) -> Any:
    parts = urlsplit(settings.geocoder_url)
    adapter = type("Adapter", (PolicyAdapter,), {"host": parts.netloc})
    make = Photon if settings.geocoder_kind == "photon" else Nominatim
    return make(
        domain=parts.netloc, scheme=parts.scheme, user_agent="outreach-togo",
        timeout=_TIMEOUT_S, adapter_factory=adapter,
    )  # fmt: skip


def look_up(address: str, *, is_secret: bool) -> Found | None:
    """Where an address is; None if nobody knows.

    Raises:
        Unavailable: the operator's server does not answer as it should.
    """
    settings: Settings = current_app.config["OUTREACH"]
    if settings.geocoder_url and not is_secret:
        try:
            found = _remote(settings).geocode(address)
        except (GeopyError, OSError, ValueError, KeyError, TypeError):
            raise Unavailable from None
        if found is not None:
            return Found(found.latitude, found.longitude, Precision.HOUSE, found.address)
    local = LocalIndex().geocode(address)
    if local is None:
        return None
    by = Precision.PLACE if local.raw["by"] == "place" else Precision.POSTCODE
    return Found(local.latitude, local.longitude, by, local.address)
