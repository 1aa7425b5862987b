"""Which visits are near each other, and in which orders they are put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from solver.core import layout
from solver.core.layout import FAR, Ints, World
from solver.problem import Problem

Allowed: TypeAlias = npt.NDArray[np.bool_]
"""Whether nodes (rows) may be on lanes."""
_CANDIDATES, _LOOKED_AT = 24, 128
"""Of so many nearest visits so many are candidates."""
_WAIT = 0.2
"""What a minute of waiting counts beside one of driving."""


def nearest(minutes: Ints, origins: Ints, sites: Ints, most: int) -> Ints:
    """For each origin the numbers of the nearest sites, itself left out, ties in order."""
    count = len(sites)
    most = max(0, min(most, count - 1))
    found = np.zeros((len(origins), most), np.int32)
    for x, site in enumerate(origins):
        row = minutes[site, sites].astype(np.int64) * count + np.arange(count)
        row[x] = np.iinfo(np.int64).max
        best = np.argpartition(row, most)[:most] if most < count - 1 else np.argsort(row)[:most]
        found[x] = best[np.argsort(row[best])]
    return found


@dataclass(frozen=True, slots=True)
class Starts:
    """When each node can be begun.

    Attributes:
        first, last: by node and day; on a day without windows the last lies before the first.
        minutes: on site, no set-up counted.
    """

    first: Ints
    last: Ints
    minutes: Ints


def starts(win: Ints, service: Sequence[int]) -> Starts:
    """From the windows by node and day, unused ones closing before they open."""
    minutes = np.array(service, np.int32)
    used = win[..., 1] >= win[..., 0]
    first = np.where(used, win[..., 0], FAR).min(axis=2)
    last = np.where(used, win[..., 1], -FAR).max(axis=2) - minutes[:, None]
    return Starts(first, last, minutes)


def between(on: Starts, x: Ints, y: Ints, legs: Ints) -> Ints:
    """How far y is behind x: the drive, and a share of the wait that no start avoids.

    The nearest day counts; FAR where y cannot follow x on any day.
    """
    away = (on.minutes[x] + legs)[..., None]
    wait = np.maximum(0, on.first[y] - on.last[x] - away)
    apart = legs[..., None] + (wait * _WAIT).astype(np.int32)
    follows = on.first[x] + away <= on.last[y]
    nearest_day: Ints = np.where(follows, apart, FAR).min(axis=2)
    return nearest_day


def sharing(allowed: Allowed) -> tuple[Allowed, npt.NDArray[np.intp]]:
    """Which kinds of nodes have a lane in common, and the kind of each node."""
    kinds, kind_of = np.unique(np.packbits(allowed, axis=1), axis=0, return_inverse=True)
    share: Allowed = np.zeros((len(kinds), len(kinds)), bool)
    for column in kinds.T:
        share |= (column[:, None] & column) > 0
    return share, kind_of.reshape(-1)


def candidates(
    first: Ints, at: tuple[Ints, Ints], near: Ints, allowed: Allowed, on: Starts
) -> Ints:
    """For each node those that may stand right before or behind it, the nearest first.

    They may share a lane with it, and on some day their windows let one follow the other; its twin
    is left out. ``at`` has the location of each node and the visit that it stands for; ``near`` the
    nodes nearest to each by their drive alone.

    Source: Vidal et al. (2013), A hybrid genetic algorithm with adaptive diversity management for
    a large class of vehicle routing problems with time-windows, Computers and Operations Research
    40(1), section 4.5.
    """
    sites, owner = at
    near = near[:, :_LOOKED_AT]
    share, kind_of = sharing(allowed)
    x = np.arange(len(sites), dtype=np.int32)[:, None]
    far = np.minimum(
        between(on, x, near, first[sites[x], sites[near]]),
        between(on, near, x, first[sites[near], sites[x]]),
    )
    far[~share[kind_of[x], kind_of[near]] | (owner[x] == owner[near])] = FAR
    order = np.argsort(far, axis=1, kind="stable")[:, :_CANDIDATES]
    found = np.full((len(sites), _CANDIDATES), -1, np.int32)
    chosen = np.take_along_axis(near, order, axis=1)
    is_far = np.take_along_axis(far, order, axis=1) >= FAR
    found[:, : chosen.shape[1]] = np.where(is_far, -1, chosen)
    return found


def orders(problem: Problem, fee: Ints, first: Ints) -> Ints:
    """Keys by which visits are put back; the lowest comes first."""
    visits = len(problem.visits)
    few = (fee[:visits] < FAR).sum(axis=1)
    hard = np.array([(v.mandatory or v.pin is not None) + v.crews for v in problem.visits])
    base = problem.shifts[0].from_location if problem.shifts else 0
    away = first[base, [v.location for v in problem.visits]] if visits else np.zeros(0, np.int32)
    order = np.zeros((5, visits), np.int32)
    if visits:
        order[layout.FEW_SHIFTS] = few - 100_000 * (hard - 1)
        order[layout.LONG] = [-v.service_minutes - v.setup_minutes for v in problem.visits]
        order[layout.DEAR] = [-min(round(v.skip_cost), FAR) for v in problem.visits]
        order[layout.FAR_OUT] = -away
        order[layout.NEAR_BY] = away
    return order


def alike(lane: Ints, ends: Ints, world: World) -> Ints:
    """For each lane how many behind it are the same, whoever's they are.

    ``ends`` are the locations where each begins and ends, one lane after the other.
    """
    mine = np.delete(lane, layout.TEAM, axis=1)
    books = (mine[: len(world.owned)], ends.reshape(-1, 2), world.fee.T, world.owned)
    found = np.zeros(len(lane), np.int32)
    for r in range(len(world.owned) - 2, -1, -1):
        if all(np.array_equal(book[r], book[r + 1]) for book in books):
            found[r] = found[r + 1] + 1
    return found
