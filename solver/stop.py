"""When to stop: each reason is one callable that looks at the share of the budget used."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Stop(Protocol):
    """Says how much of the budget is used: 0 at the start, 1 or more means stop."""

    def used(self, iterations: int) -> float:
        """The share of the budget that is used."""


@dataclass
class After:
    """Stops so many seconds after it was made, or when told to.

    Attributes:
        told: set to True from outside to stop at once.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    told: bool = False
    _start: float = field(init=False)

    def __post_init__(self) -> None:
        self._start = self.clock()

    def used(self, iterations: int) -> float:  # noqa: ARG002 - the shape of Stop
        """The share of the seconds that has gone."""
        if self.told:
            return 1.0
        return (self.clock() - self._start) / self.seconds if self.seconds > 0 else 1.0


@dataclass
class Iterations:
    """Stops after so many iterations: the same plan on every machine."""

    limit: int
    told: bool = False

    def used(self, iterations: int) -> float:
        """The share of the iterations that has gone."""
        return 1.0 if self.told or self.limit <= 0 else iterations / self.limit
