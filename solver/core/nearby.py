"""Which visits are near each other, and in which orders they are put back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solver.core import layout
from solver.core.layout import FAR, Ints, World
from solver.problem import Problem

_CANDIDATES = 24


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


def candidates(first: Ints, at: tuple[Ints, Ints], allowed: npt.NDArray[np.bool_]) -> Ints:
    """For each node the nearest that may share a lane with it, its twin left out.

    ``at`` has the location of each node and the visit that it stands for.
    """
    sites, owner = at
    near = nearest(first, sites, sites, 4 * _CANDIDATES)
    kinds, kind_of = np.unique(allowed, axis=0, return_inverse=True)
    share = (kinds.astype(np.float32) @ kinds.T.astype(np.float32)) > 0
    kind_of = kind_of.reshape(-1)
    found = np.full((len(sites), _CANDIDATES), -1, np.int32)
    for x in range(len(sites)):
        row = near[x]
        row = row[share[kind_of[x], kind_of[row]] & (owner[row] != owner[x])]
        found[x, : min(len(row), _CANDIDATES)] = row[:_CANDIDATES]
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
