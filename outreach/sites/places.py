"""Towns, areas and postcodes that are shipped with the product.

Towns: GeoNames (CC BY 4.0); areas of Aarhus: approximate centres of our own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "places.json"
_DANISH = {"Copenhagen": "København", "Århus": "Aarhus"}


@dataclass(frozen=True, slots=True)
class Place:
    """A named place.

    Attributes:
        postcode: four digits; empty for a town, which may have many.
        kind: ``area`` (a part of a town) or ``town``.
    """

    name: str
    postcode: str
    latitude: float
    longitude: float
    kind: str


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Every place, areas before towns, larger towns first."""
    listed = json.loads(_FILE.read_text(encoding="utf-8"))["places"]
    return tuple(
        Place(_DANISH.get(p["name"], p["name"]), p["postcode"], p["lat"], p["lon"], p["kind"])
        for p in sorted(listed, key=lambda p: p["kind"] != "area")
    )
