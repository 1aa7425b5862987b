"""Figures from single runs: ours and a peer on the same case and seed, gaps, losses."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.schedule import seen

Run = dict[str, Any]
Pair = tuple[Run, Run]
"""A run of ours and the peer's of the same case, seed and time."""


def sound(run: Run) -> bool:
    """Whether there is an answer, and it breaks no rule."""
    return "error" not in run and not run["breaches"]


@dataclass(frozen=True, slots=True)
class Group:
    """All runs of a family with one budget; ``ours`` are those of one worker.

    Attributes:
        ours: of one worker.
        peers: every run of the family, also of other budgets, for engines that see no budget.
    """

    family: str
    seconds: float
    ours: tuple[Run, ...]
    doubled: tuple[Run, ...]
    peers: tuple[Run, ...]

    def of(self, engine: str) -> list[Run]:
        """The runs of a peer that belong to this budget."""
        seconds, _seed = seen(engine, self.seconds, 0)
        return [r for r in self.peers if r["engine"] == engine and r["seconds"] == seconds]

    def pairs(self, engine: str) -> list[Pair]:
        """Ours and the peer's, where both are sound; a blind peer's answer stands for all."""
        theirs = {(run["case"], run["seed"]): run for run in self.of(engine) if sound(run)}
        found = []
        for run in self.ours:
            _seconds, seed = seen(engine, self.seconds, run["seed"])
            peer = theirs.get((run["case"], seed))
            if peer is not None and sound(run):
                found.append((run, peer))
        return found


def group(runs: Sequence[Run], family: str, seconds: float) -> Group:
    """The runs of a family that belong to a budget."""
    all_of_it = [run for run in runs if run["family"] == family]
    ours = [r for r in all_of_it if r["engine"] == "ours" and r["seconds"] == seconds]
    return Group(
        family, seconds,
        tuple(r for r in ours if r["workers"] == 1), tuple(r for r in ours if r["workers"] > 1),
        tuple(r for r in all_of_it if r["engine"] != "ours"),
    )  # fmt: skip


def alike(pairs: Iterable[Pair]) -> list[Pair]:
    """Those in which both leave as many visits out."""
    return [(a, b) for a, b in pairs if a["unserved"] == b["unserved"]]


def less(pairs: Iterable[Pair], what: str) -> list[float]:
    """By how many percent ours is less than the peer's, where both serve as many visits."""
    return [100 * (1 - a[what] / b[what]) for a, b in alike(pairs) if b[what]]


def is_lost(pair: Pair) -> bool:
    """Whether the peer serves more, or as many for less."""
    ours, peer = pair
    if ours["unserved"] != peer["unserved"]:
        return bool(peer["unserved"] < ours["unserved"])
    return bool(peer["total"] < ours["total"])


def losses(pairs: Iterable[Pair]) -> list[Pair]:
    """Where the peer did better."""
    return [pair for pair in pairs if is_lost(pair)]


def gaps(runs: Iterable[Run], wanted: Callable[[str], bool] = lambda _name: True) -> list[float]:
    """How far sound answers are above the best known, in percent."""
    return [
        run["gap"] for run in runs if sound(run) and run["gap"] is not None and wanted(run["case"])
    ]


def median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def mean(values: Sequence[float]) -> float | None:
    return statistics.mean(values) if values else None
