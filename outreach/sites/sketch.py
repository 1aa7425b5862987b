"""A sketch map without tiles: points and routes drawn to scale from plain numbers.

A secret site never stands on it: callers give the middle of the municipality and a radius in its
place. Nothing is asked of another server.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from outreach.sites.places import places

_MARGIN = 30.0
_KM_PER_DEGREE = 111.195
_SCALES_KM = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_SMALLEST_DEGREES = 0.02
_LETTER = 7.0
_LINE = 26.0
_ARROW = (44.0, 66.0)
"""Wide and high: the corner at the upper right where the arrow to the north stands."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Something to draw.

    Attributes:
        kind: the kind of site, or ``depot``.
        team: the letter of the team that comes there; empty for none.
        radius_km: more than 0 draws a coarse area, somewhere in which it lies.
        is_here: the one that the page is about.
    """

    latitude: float
    longitude: float
    kind: str
    label: str
    url: str = ""
    team: str = ""
    radius_km: float = 0
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class MapRoute:
    """A line through places in order."""

    team: str
    places: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A point in the units of the drawing; an area has a radius."""

    x: float
    y: float
    kind: str
    label: str
    url: str
    team: str
    radius: float
    is_here: bool


@dataclass(frozen=True, slots=True)
class DrawnName:
    """The name of a town or an area, centred at a point of the drawing."""

    x: float
    y: float
    text: str


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
        north, west, degree_x, degree_y: to turn a click into degrees.
        names: towns and areas that lie in the drawing, as many as have room.
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
    names: tuple[DrawnName, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to the drawing; north and west are its upper left corner."""

    north: float
    west: float
    degree_x: float
    degree_y: float

    def put(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a position stands in the drawing."""
        x = (longitude - self.west) * self.degree_x
        return round(x, 1), round((self.north - latitude) * self.degree_y, 1)


def _corners(points: Sequence[MapPoint], routes: Sequence[MapRoute]) -> list[tuple[float, float]]:
    """Positions that the drawing must hold; of an area its four ends."""
    found = [place for route in routes for place in route.places]
    for p in points:
        tall = p.radius_km / _KM_PER_DEGREE
        wide = tall / math.cos(math.radians(p.latitude))
        found += [(p.latitude - tall, p.longitude - wide), (p.latitude + tall, p.longitude + wide)]
    return found or [(56.1537, 10.2142)]


def _fit(held: Sequence[tuple[float, float]], width: int, height: int) -> _Frame:
    """The largest scale at which everything fits, in the middle."""
    south, north = min(p[0] for p in held), max(p[0] for p in held)
    west, east = min(p[1] for p in held), max(p[1] for p in held)
    shrink = math.cos(math.radians((south + north) / 2))
    tall = max(north - south, _SMALLEST_DEGREES)
    wide = max((east - west) * shrink, _SMALLEST_DEGREES)
    scale = min((width - 2 * _MARGIN) / wide, (height - 2 * _MARGIN) / tall)
    return _Frame(
        round((north + south) / 2 + height / 2 / scale, 6),
        round((east + west) / 2 - width / 2 / (shrink * scale), 6),
        round(shrink * scale, 3), round(scale, 3),
    )  # fmt: skip


def _names(
    frame: _Frame, width: int, height: int, here: Sequence[DrawnPoint]
) -> tuple[DrawnName, ...]:
    """Names that have room, areas of the towns first.

    None lies over another, over the edge, over the arrow to the north or over what the page is
    about.
    """
    kept: list[DrawnName] = []
    for place in places():
        x, y = frame.put(place.latitude, place.longitude)
        half = len(place.name) * _LETTER / 2
        inside = half < x < width - half and _LINE < y < height - 2 * _LINE
        inside = inside and (x + half < width - _ARROW[0] or y - 12 > _ARROW[1])
        covers = any(abs(x - p.x) < half + 12 and abs(y - 12 - p.y) < _LINE for p in here)
        if (
            inside
            and not covers
            and all(
                abs(x - k.x) > half + len(k.text) * _LETTER / 2 or abs(y - k.y) > _LINE
                for k in kept
            )
        ):
            kept.append(DrawnName(x, y, place.name))
    return tuple(kept)


def sketch(
    points: Sequence[MapPoint], routes: Sequence[MapRoute] = (), width: int = 800, height: int = 500
) -> SketchMap:
    """Fit points and routes into a drawing; areas lie below the points."""
    frame = _fit(_corners(points, routes), width, height)
    px_per_km = frame.degree_y / _KM_PER_DEGREE
    drawn = tuple(
        DrawnPoint(*frame.put(p.latitude, p.longitude), p.kind, p.label, p.url, p.team,
                   round(p.radius_km * px_per_km, 1), p.is_here)
        for p in sorted(points, key=lambda p: -p.radius_km)
    )  # fmt: skip
    lines = tuple(
        DrawnRoute(r.team, " ".join(f"{x},{y}" for x, y in (frame.put(*at) for at in r.places)))
        for r in routes
    )
    names = _names(frame, width, height, [p for p in drawn if p.is_here])
    fitting = (km for km in _SCALES_KM if km * px_per_km < width / 4)
    scale = max(fitting, default=_SCALES_KM[0])
    return SketchMap(
        width, height, drawn, lines, scale, round(scale * px_per_km, 1),
        frame.north, frame.west, frame.degree_x, frame.degree_y, names,
    )  # fmt: skip
