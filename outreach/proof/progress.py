"""How far each site is on the way from a decision to a complete count. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from outreach.elections.queries import SiteRow
from outreach.proof.queries import SessionRow
from outreach.rulesets.facts import Outcome


class Stage(StrEnum):
    """One step after the other; a later issue may put announced and reconciled between them."""

    DECIDED = "decided"
    PLANNED = "planned"
    PUBLISHED = "published"
    HELD = "held"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class SiteProgress:
    """A site with its sessions."""

    site: SiteRow
    sessions: tuple[SessionRow, ...]

    @property
    def has_session(self) -> bool:
        """Whether a session is decided."""
        return self.site.outcome is Outcome.SESSION

    @property
    def votes(self) -> int:
        """Votes that were counted."""
        return sum(one.votes for one in self.sessions)

    def is_at(self, stage: Stage) -> bool:
        """Whether it has reached a stage: all of its parts have."""
        if stage is Stage.DECIDED:
            return self.site.outcome is not None
        return self._has_all_parts() and all(_is_at(one, stage) for one in self.sessions)

    def _has_all_parts(self) -> bool:
        parts = max((one.session.parts for one in self.sessions), default=0)
        return 0 < parts == len({one.session.part for one in self.sessions})


def _is_at(one: SessionRow, stage: Stage) -> bool:
    if stage is Stage.HELD:
        return one.is_held
    if stage is Stage.COMPLETE:
        return one.is_complete
    if stage is Stage.PUBLISHED:
        return one.is_held or (one.slot is not None and one.slot.is_published)
    return one.is_held or one.slot is not None


@dataclass(frozen=True, slots=True)
class Step:
    """How many of how many sites have reached a stage."""

    stage: Stage
    there: int
    all: int


def of_sites(sites: Iterable[SiteRow], sessions: Iterable[SessionRow]) -> tuple[SiteProgress, ...]:
    """Every site that the law names, with its sessions."""
    by_site: dict[str, list[SessionRow]] = {}
    for one in sessions:
        by_site.setdefault(one.session.site_id, []).append(one)
    return tuple(SiteProgress(site, tuple(by_site.get(site.id, ()))) for site in sites)


def concerned(found: Sequence[SiteProgress], stage: Stage) -> tuple[SiteProgress, ...]:
    """The sites that ought to reach a stage: all to be decided, then those with a session."""
    return tuple(one for one in found if stage is Stage.DECIDED or one.has_session)


def funnel(found: Sequence[SiteProgress]) -> tuple[Step, ...]:
    """All stages."""
    return tuple(
        Step(stage, sum(one.is_at(stage) for one in ought), len(ought))
        for stage in Stage
        for ought in [concerned(found, stage)]
    )
