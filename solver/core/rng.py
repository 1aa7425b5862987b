"""Random numbers of the core: Marsaglia's xorshift128 on four 32-bit words.

The words stand in an int64 array, so nothing overflows and compiled and interpreted runs agree.
Source: Marsaglia (2003), Xorshift RNGs, Journal of Statistical Software 8(14).
"""

from __future__ import annotations

import numpy as np

from solver.core.jit import inlined
from solver.core.layout import Counts, Longs

_MASK = 0xFFFFFFFF
_UNIT = 2.0**-32


def make_rng(seed: int) -> Longs:
    """Four words that are never all zero, spread by a linear congruence and warmed up."""
    words = np.empty(4, np.int64)
    word = (seed * 2654435761 + 88172645) & _MASK
    for i in range(4):
        word = (word * 1664525 + 1013904223) & _MASK
        words[i] = word | 1
    for _ in range(16):
        _next(words)
    return words


def _next(words: Counts) -> int:
    """The next 32 random bits."""
    mixed = (words[0] ^ (words[0] << 11)) & _MASK
    words[0] = words[1]
    words[1] = words[2]
    words[2] = words[3]
    words[3] = (words[3] ^ (words[3] >> 19)) ^ (mixed ^ (mixed >> 8))
    return int(words[3])


next32 = inlined(_next)


@inlined
def below(words: Counts, limit: int) -> int:
    """A whole number from 0 to ``limit - 1``."""
    return (next32(words) * int(limit)) >> 32


@inlined
def unit(words: Counts) -> float:
    """A number from 0 to just below 1."""
    return next32(words) * _UNIT
