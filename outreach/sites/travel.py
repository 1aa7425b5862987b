"""Travel times without a road map: crow distance on the ellipsoid, a detour and a speed.

Distances are equirectangular with the WGS84 radii of curvature at the mean latitude: within
0.01 % of the geodesic inside a municipality, and a thousand times faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_EQUATOR_M = 6_378_137.0
_ECCENTRICITY_SQ = 6.694_379_990_14e-3
_SECRET_MINUTES = 15
_SECRET_METRES = 5_000
_CELL = (0.036, 0.064)
"""Degrees of latitude and longitude: four by four kilometres in Denmark."""
_CORNER_M = 2_900
"""From the middle of such a cell to its farthest corner."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How a vehicle travels: start and parking, detour over the crow's way, speed."""

    start_s: float
    detour: float
    km_h: float


PROFILES = {
    "car": Profile(120, 1.30, 45),
    "bicycle": Profile(120, 1.25, 15),
    "foot": Profile(0, 1.28, 5),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A position; ``access_minutes`` are added on arrival.

    Attributes:
        is_secret: legs know only the cell in which it lies. Rounding each leg would not do:
            whoever can plan can ask for the legs to places of their own choice.
    """

    latitude: float
    longitude: float
    access_minutes: int = 0
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Whole minutes and whole metres, both of shape (n, n); row = origin."""

    minutes: NDArray[np.int64]
    metres: NDArray[np.int64]


def crow_metres(latitudes: Sequence[float], longitudes: Sequence[float]) -> NDArray[np.float64]:
    """Distances in metres, shape (n, n). Cost: 8 ms for 500 points."""
    lat, lon = np.radians(np.asarray(latitudes)), np.radians(np.asarray(longitudes))
    mean = (lat[:, None] + lat[None, :]) / 2
    bulge = 1 - _ECCENTRICITY_SQ * np.sin(mean) ** 2
    north = _EQUATOR_M * (1 - _ECCENTRICITY_SQ) / bulge**1.5
    east = _EQUATOR_M / np.sqrt(bulge)
    dy = (lat[:, None] - lat[None, :]) * north
    dx = (lon[:, None] - lon[None, :]) * east * np.cos(mean)
    distances: NDArray[np.float64] = np.hypot(dx, dy)
    return distances


def _seen(point: Point) -> tuple[float, float]:
    """Where a point seems to be: a secret one in the middle of its cell."""
    if not point.is_secret:
        return point.latitude, point.longitude
    north, east = _CELL
    return (point.latitude // north + 0.5) * north, (point.longitude // east + 0.5) * east


def matrix(points: Sequence[Point], profile: str) -> Matrix:
    """Minutes and metres between points; a leg is rounded up once, the same place costs nothing.

    No leg is shorter than the true one, to a secret site neither.
    """
    way = PROFILES[profile]
    seen = [_seen(p) for p in points]
    crow = crow_metres([place[0] for place in seen], [place[1] for place in seen])
    slack = np.asarray([_CORNER_M if p.is_secret else 0 for p in points])
    crow = crow + slack[:, None] + slack[None, :]
    metres = crow * way.detour
    minutes = np.ceil((way.start_s + metres / (way.km_h / 3.6)) / 60)
    minutes += np.asarray([p.access_minutes for p in points])[None, :]
    secret = np.asarray([p.is_secret for p in points], dtype=bool)
    touched = secret[:, None] | secret[None, :]
    minutes = np.where(touched, _up(minutes, _SECRET_MINUTES), minutes)
    metres = np.where(touched, _up(metres, _SECRET_METRES), np.ceil(metres))
    same = (crow < 1) | np.eye(len(points), dtype=bool)
    return Matrix(
        np.where(same, 0, minutes).astype(np.int64), np.where(same, 0, metres).astype(np.int64)
    )


def _up(values: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    return np.ceil(values / step) * step
