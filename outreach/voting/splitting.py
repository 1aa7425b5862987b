"""How long a session takes, and into how many parts a large home is split. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Times:
    """What decides how long a session takes; minutes but for ``seconds_per_vote``.

    Attributes:
        least: a session lasts at least so long, doors open to doors closed.
        longest: more than that, set-up and packing included, is split.
    """

    setup: int
    pack: int
    seconds_per_vote: int
    least: int
    longest: int


@dataclass(frozen=True, slots=True)
class Part:
    """One session of a site.

    Attributes:
        minutes: doors open to doors closed.
    """

    part: int
    parts: int
    expected: int
    minutes: int


def open_minutes(expected: int, desks: int, times: Times) -> int:
    """From doors open to doors closed."""
    rounds = -(-expected // max(1, desks))
    return max(times.least, -(-rounds * times.seconds_per_vote // 60), 1)


def whole_minutes(expected: int, desks: int, times: Times) -> int:
    """With set-up and packing: setup + ceil(expected / desks) times time for a vote + pack."""
    return times.setup + open_minutes(expected, desks, times) + times.pack


def split(expected: int, desks: int, times: Times, longest_window: int | None) -> tuple[Part, ...]:
    """The parts of a site: one, or as few as fit into the longest session and window.

    ``longest_window`` None: no window is known. What fits in no way stays as few as it can be.
    """
    limit = times.longest if not longest_window else min(times.longest, longest_window)
    most = max(1, min(_MOST_PARTS, expected))
    count = 1
    while count < most and whole_minutes(-(-expected // count), desks, times) > limit:
        count += 1
    if whole_minutes(-(-expected // count), desks, times) > limit:
        count = 1  # even the smallest part would not fit: splitting would not help
    shares = [expected // count + (n < expected % count) for n in range(count)]
    return tuple(
        Part(n + 1, count, share, open_minutes(share, desks, times))
        for n, share in enumerate(shares)
    )
