"""What an election teaches the next one: only what follows from stored counts and times. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

LEAST_VOTES = 5
"""Below this a session says nothing about the minutes that a vote takes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is stored of one session that was closed.

    Attributes:
        minutes: from opening to closing; desks: votes received at the same time.
    """

    site_id: str
    label: str
    kind: str
    expected: int
    votes: int
    minutes: int
    desks: int


@dataclass(frozen=True, slots=True)
class SiteLesson:
    """One site: what was expected, what came, and what to expect next time.

    Attributes:
        minutes_per_vote: at one desk; None where too few votes say anything.
        earlier: votes of the election before; None where there is none.
        proposal: expected votes for the next election: the middle of the last two.
    """

    site_id: str
    label: str
    kind: str
    expected: int
    votes: int
    minutes_per_vote: float | None
    earlier: int | None
    proposal: int


@dataclass(frozen=True, slots=True)
class Lessons:
    """All sites, and what follows for the election as a whole.

    Attributes:
        seconds_per_vote: at one desk, the median of the sessions; None where none says anything.
    """

    sites: tuple[SiteLesson, ...]
    expected: int
    votes: int
    seconds_per_vote: int | None


def learn(sessions: Iterable[Measured], earlier: Mapping[str, int]) -> Lessons:
    """The lessons of closed sessions.

    Args:
        sessions: those of the election.
        earlier: votes by site in the election that it was made from.
    """
    by_site: dict[str, list[Measured]] = {}
    for one in sessions:
        by_site.setdefault(one.site_id, []).append(one)
    sites = tuple(_site(parts, earlier.get(site_id)) for site_id, parts in by_site.items())
    paces = [pace for parts in by_site.values() for one in parts if (pace := _pace([one]))]
    return Lessons(
        sites=tuple(sorted(sites, key=lambda one: (-abs(one.votes - one.expected), one.site_id))),
        expected=sum(one.expected for one in sites),
        votes=sum(one.votes for one in sites),
        seconds_per_vote=round(median(paces) * 60) if paces else None,
    )


def _site(parts: list[Measured], earlier: int | None) -> SiteLesson:
    votes = sum(one.votes for one in parts)
    return SiteLesson(
        site_id=parts[0].site_id, label=parts[0].label, kind=parts[0].kind,
        expected=sum(one.expected for one in parts), votes=votes, minutes_per_vote=_pace(parts),
        earlier=earlier, proposal=votes if earlier is None else -(-(votes + earlier) // 2),
    )  # fmt: skip


def _pace(parts: list[Measured]) -> float | None:
    """Minutes of a desk for a vote."""
    votes = sum(one.votes for one in parts)
    if votes < LEAST_VOTES:
        return None
    return sum(one.minutes * one.desks for one in parts) / votes
