"""How a search spends its budget: spells of cooling, between them set partitioning.

Where there are many steps for each visit, several spells find more different routes than one long
one; where there are few, one has to do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

_FEW, _MANY = 1_000, 6_000
"""Steps for each visit: below the first one spell alone, from the second on several."""
_SHORT = 2.0
"""Seconds in which loading CP-SAT would not pay."""
_LAST = 0.93
"""Where the last spell begins: a short one from the best plan."""
_GENTLE = 0.1


@dataclass(frozen=True, slots=True)
class Spell:
    """From hot to cold once.

    Attributes:
        since, until: shares of the budget.
        heat: temperature at its beginning, as a share of the usual.
        is_from_best: whether it goes on from the best plan, or else from the present one.
    """

    since: float
    until: float
    heat: float = 1.0
    is_from_best: bool = False

    def share(self, used: float) -> float:
        """How much of it has gone."""
        return min(1.0, max(0.0, (used - self.since) / (self.until - self.since)))


def course(steps_per_visit: float, seconds: float = math.inf) -> tuple[Spell, ...]:
    """The spells for a budget of so many steps for each visit, and so many seconds."""
    if steps_per_visit < _FEW or seconds < _SHORT:
        return (Spell(0, 1),)
    full = 1 if steps_per_visit < _MANY else 3
    ends = [_LAST * k / full for k in range(full + 1)]
    return (
        *(Spell(a, b) for a, b in pairwise(ends)),
        Spell(_LAST, 1, _GENTLE, is_from_best=True),
    )
