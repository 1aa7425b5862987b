"""Invented names of people, put together from two lists; no two are the same."""

from __future__ import annotations

from itertools import product
from random import Random

from outreach.demo.source import lines


class Names:
    """Hands out names."""

    def __init__(self, dice: Random) -> None:
        people = lines("names")
        self._left = {
            gender: [f"{a[gender]} {b['last']}" for a, b in product(people, people)]
            for gender in ("woman", "man")
        }
        for names in self._left.values():
            dice.shuffle(names)
        self._number = dict.fromkeys(self._left, 0)

    def next(self, gender: str) -> str:
        """The next name; after 576 of them they begin again."""
        number = self._number[gender]
        self._number[gender] += 1
        return self._left[gender][number % len(self._left[gender])]
