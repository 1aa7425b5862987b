"""A sketch map without tiles: points and routes drawn to scale from plain numbers.

Secret sites never stand on it; nothing is asked of another server.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_MARGIN = 30.0
_KM_PER_DEGREE = 111.195
_SCALES_KM = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Something to draw.

    Attributes:
        kind: the kind of site, or ``depot``.
        team: the letter of the team that comes there; empty for none.
    """

    latitude: float
    longitude: float
    kind: str
    label: str
    url: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class MapRoute:
    """A line through places in order."""

    team: str
    places: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A point in the units of the drawing."""

    x: float
    y: float
    kind: str
    label: str
    url: str
    team: str


@dataclass(frozen=True, slots=True)
class DrawnRoute:
    """A line in the units of the drawing, as the ``points`` of an SVG polyline."""

    team: str
    points: str


@dataclass(frozen=True, slots=True)
class SketchMap:
    """A finished drawing.

    Attributes:
        scale_km: what the scale bar stands for; scale_px: how long it is.
        south, west, degree_x, degree_y: to turn a click into degrees.
    """

    width: int
    height: int
    points: tuple[DrawnPoint, ...]
    routes: tuple[DrawnRoute, ...]
    scale_km: float
    scale_px: float
    north: float
    west: float
    degree_x: float
    degree_y: float


def sketch(
    points: Sequence[MapPoint], routes: Sequence[MapRoute] = (), width: int = 800, height: int = 500
) -> SketchMap:
    """Fit points and routes into a drawing."""
    places = [(p.latitude, p.longitude) for p in points]
    places += [place for route in routes for place in route.places]
    places = places or [(56.1537, 10.2142)]
    south, north = min(p[0] for p in places), max(p[0] for p in places)
    west, east = min(p[1] for p in places), max(p[1] for p in places)
    shrink = math.cos(math.radians((south + north) / 2))
    tall = max(north - south, 0.01)
    wide = max((east - west) * shrink, 0.01)
    per_degree = min((width - 2 * _MARGIN) / wide, (height - 2 * _MARGIN) / tall)
    left = (width - wide * per_degree) / 2
    top = (height - tall * per_degree) / 2

    def put(latitude: float, longitude: float) -> tuple[float, float]:
        x = left + (longitude - west) * shrink * per_degree
        y = top + (north - latitude) * per_degree
        return round(x, 1), round(y, 1)

    drawn = tuple(
        DrawnPoint(*put(p.latitude, p.longitude), p.kind, p.label, p.url, p.team) for p in points
    )
    lines = tuple(
        DrawnRoute(r.team, " ".join(f"{x},{y}" for x, y in (put(*place) for place in r.places)))
        for r in routes
    )
    scale = max((km for km in _SCALES_KM if km / _KM_PER_DEGREE * per_degree < width / 4),
                default=_SCALES_KM[0])  # fmt: skip
    return SketchMap(
        width, height, drawn, lines, scale, round(scale / _KM_PER_DEGREE * per_degree, 1),
        round(north + top / per_degree, 6), round(west - left / (shrink * per_degree), 6),
        round(shrink * per_degree, 3), round(per_degree, 3),
    )  # fmt: skip
