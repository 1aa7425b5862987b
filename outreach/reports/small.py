"""The small-number rule: counts from 1 to 4 are not shown, nor can they be worked out. Pure.

A hidden cell could be worked out from the total and the other cells; so further cells are hidden
until every small one could be at least two different numbers (complementary suppression).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

SMALL = 4
"""The largest count that is too small to be shown."""


@dataclass(frozen=True, slots=True)
class Range:
    """What somebody who knows the rule may think of a hidden number; ``high`` None is no end."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Protected:
    """Which cells of a table with one total are hidden.

    Attributes:
        small: cells from 1 to 4, shown as "<5".
        hidden: cells that would give others away, shown as a dash.
        total_is_hidden: nothing else would have helped.
    """

    small: frozenset[str]
    hidden: frozenset[str]
    total_is_hidden: bool


def is_small(amount: int) -> bool:
    """Whether a count is from 1 to 4."""
    return 1 <= amount <= SMALL


def protect(
    cells: Mapping[str, int], *, hides_small: bool, never_shown: AbstractSet[str] = frozenset()
) -> Protected:
    """Which cells to hide.

    Args:
        cells: the true numbers of a table that is shown with its sum.
        hides_small: whether 1 to 4 are hidden.
        never_shown: cells that are hidden whatever they hold.
    """
    total_is_small = hides_small and is_small(sum(cells.values()))
    taboo = frozenset(key for key in never_shown if cells.get(key))
    small = frozenset(
        key for key, n in cells.items() if hides_small and is_small(n) and key not in taboo
    )
    others: list[str] = []
    least = SMALL + 1 if hides_small else 1
    left = sorted(
        (key for key, n in cells.items() if n >= least and key not in taboo),
        key=lambda key: (cells[key], key),
    )
    while True:
        ranges = _ranges(cells, small, taboo, others, least)
        if total_is_small or not _gives_away(cells, ranges, small | taboo):
            return Protected(small, taboo | frozenset(others), total_is_hidden=False)
        if not left:
            return Protected(small, taboo | frozenset(others), total_is_hidden=True)
        others.append(left.pop(0))


def _ranges(
    cells: Mapping[str, int],
    small: AbstractSet[str],
    taboo: AbstractSet[str],
    others: list[str],
    least: int,
) -> dict[str, Range]:
    """What is known of each hidden cell beforehand; the others are the least of those shown."""
    shown = [n for key, n in cells.items() if n >= least and key not in taboo and key not in others]
    most = min(shown, default=None)
    return {
        **{key: Range(1, SMALL) for key in small},
        **{key: Range(1, None) for key in taboo},
        **{key: Range(least, most) for key in others},
    }


def _gives_away(
    cells: Mapping[str, int], ranges: Mapping[str, Range], secret: AbstractSet[str]
) -> bool:
    """Whether the sum of the hidden cells, which is known, leaves one number for a secret one."""
    total = sum(cells[key] for key in ranges)
    lows = sum(one.low for one in ranges.values())
    highs = sum(one.high for one in ranges.values() if one.high is not None)
    endless = sum(one.high is None for one in ranges.values())
    for key in secret:
        own = ranges[key]
        rest_has_end = endless == (own.high is None)
        low = max(own.low, total - (highs - (own.high or 0))) if rest_has_end else own.low
        high = total - (lows - own.low)
        if own.high is not None:
            high = min(high, own.high)
        if low >= high:
            return True
    return False
