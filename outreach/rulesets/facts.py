"""What the checker is told about an election and its sessions. Pure data.

Pages, planner, publishing, tablet and ``verify`` all build these, so that one checker judges all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs. Nobody can override ``BLOCK``."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Outcome(StrEnum):
    """What is decided for a site."""

    SESSION = "session"
    HOME = "home"
    SELF_SERVED = "self_served"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who receives votes at a session.

    Attributes:
        id: the staff member.
        role: as in the ruleset: ``appointed_voter``, ``municipal_employee``, ``election_judge`` …
        vehicle: in which the person rides; the same text is the same vehicle.
        attributes: what a ruleset may want distinct, such as ``party``; nothing else is stored.
        flags: what may disqualify, such as ``candidate``.
        appointed_on, expires_on, instructed_on: days; None where it never happened or never ends.
        name: for sentences; the id where it is left out.
    """

    id: str
    role: str
    vehicle: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    appointed_on: date | None = None
    expires_on: date | None = None
    instructed_on: date | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One voting session, planned or held.

    Attributes:
        starts, ends: aware local moments; doors open to doors closed, set-up and packing left out.
        part, parts: where a site is split over several sessions; 1 of 1 otherwise.
        expected: votes that this part is meant for.
        team: which team of which day has it; two teams at one site are two sessions.
        label: what the site is called; the alias of a secret one.
    """

    id: str
    site: str
    site_kind: str
    channel: str
    starts: datetime
    ends: datetime
    receivers: tuple[Receiver, ...]
    part: int = 1
    parts: int = 1
    expected: int = 0
    team: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site that the ruleset names, and what is decided for it; None is undecided.

    Attributes:
        reason: why nothing happens there; needed for ``none``.
        expected: votes that are expected there.
    """

    id: str
    label: str
    kind: str
    outcome: Outcome | None
    reason: str = ""
    expected: int = 0


@dataclass(frozen=True, slots=True)
class LocalDecision:
    """What a council decided within what the ruleset leaves open.

    Attributes:
        option: the ruleset's name of the choice, such as ``one_employee``.
        value: what was chosen: site kinds, or a later deadline, or nothing more.
    """

    option: str
    decided_on: date
    document: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ElectionFacts:
    """Everything that is judged.

    Attributes:
        others: sessions of other elections, with the same people; only looked at for two places
            at once.
    """

    election_day: date
    writ_day: date | None
    decisions: tuple[LocalDecision, ...]
    sites: tuple[SiteFacts, ...]
    sessions: tuple[Session, ...]
    others: tuple[Session, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the law, practice or an assumption says about a session or a site.

    Attributes:
        code: id of the rule that found it, such as ``window-before``.
        rule: path in the ruleset, such as ``channels.institution.window``.
        cite: the paragraph; status: ``law``, ``practice`` or ``assumption``.
        da, en: one sentence each, with names and times.
    """

    level: Level
    rule: str
    cite: str
    status: str
    da: str
    en: str
    session: str | None = None
    site: str | None = None
    receiver: str | None = None
    code: str = ""
