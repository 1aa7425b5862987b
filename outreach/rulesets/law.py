"""What holds in one election, as pages, planner and checker ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from outreach.rulesets.base import Words
from outreach.rulesets.facts import LocalDecision, Outcome
from outreach.rulesets.shape import Channel, Hours, Ruleset


@dataclass(frozen=True, slots=True)
class Window:
    """When something is lawful.

    Attributes:
        first, last: aware moments, the last one still allowed.
        has_time_from, has_time_to: whether the law gives a time and not only a day.
        rule: its path in the ruleset.
    """

    first: datetime
    last: datetime
    has_time_from: bool
    has_time_to: bool
    cite: str
    status: str
    rule: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date for the time line and the calendar feed."""

    code: str
    at: datetime
    has_time: bool
    da: str
    en: str
    cite: str
    status: str


@dataclass(frozen=True, slots=True)
class RoleRule:
    """How many of a team have a role; ``max`` is 0 where a decision is wanting."""

    role: str
    min: int
    max: int | None


@dataclass(frozen=True, slots=True)
class TeamRule:
    """Who receives votes."""

    size_min: int
    size_max: int | None
    roles: tuple[RoleRule, ...]
    distinct: tuple[str, ...]
    same_vehicle: bool
    exclude_flags: frozenset[str]
    needs_instruction: bool


@dataclass(frozen=True, slots=True)
class SessionRule:
    """What a session must be like, and on how many days a site is visited."""

    min_minutes: int
    hours: tuple[time, time] | None
    visits_min: int
    visits_max: int | None
    min_gap_days: int


@dataclass(frozen=True, slots=True)
class Law:
    """What holds in one election."""

    ruleset: Ruleset
    election_day: date
    writ_day: date | None
    decisions: tuple[LocalDecision, ...]
    windows: Mapping[str, Window]
    deadlines: tuple[Deadline, ...]

    @property
    def tz(self) -> ZoneInfo:
        """Where the wall clocks hang."""
        return ZoneInfo(self.ruleset.tz)

    @property
    def roles(self) -> Mapping[str, Words]:
        """The words of the roles."""
        return self.ruleset.roles

    def channel(self, name: str) -> Channel | None:
        """A channel of the ruleset; None where it has no such."""
        return self.ruleset.channels.get(name)

    def channel_of(self, site_kind: str) -> str | None:
        """The channel that names a site kind."""
        found = (n for n, c in self.ruleset.channels.items() if site_kind in c.site_kinds)
        return next(found, None)

    def has_decided(self, option: str) -> bool:
        """Whether the council chose a local option."""
        return any(decision.option == option for decision in self.decisions)

    def outcomes(self, site_kind: str) -> tuple[Outcome, ...]:
        """What may be decided for a site of the kind."""
        channel = self.channel(self.channel_of(site_kind) or "")
        if channel is None or channel.outcomes is None:
            return ()
        found = set(channel.outcomes.value) | set(self.opened_outcomes(site_kind))
        return tuple(one for one in Outcome if one in found)

    def opened_outcomes(self, site_kind: str) -> tuple[Outcome, ...]:
        """What may be decided for the kind only because the council opened it."""
        options = self.ruleset.local_options
        return tuple(
            outcome
            for decision in self.decisions
            if (outcome := options[decision.option].outcome) is not None
            and site_kind in (listed_kinds(decision.value) or options[decision.option].site_kinds)
        )

    def role_max(self, channel: str, role: str) -> int | None:
        """How many of a team may have a role; 0 where a decision is wanting."""
        limit = self.ruleset.channels[channel].team.roles[role]
        if limit.requires_decision and not self.has_decided(limit.requires_decision):
            return 0
        return limit.max

    def team(self, channel: str) -> TeamRule:
        """Who receives votes in a channel."""
        team = self.ruleset.channels[channel].team
        return TeamRule(
            size_min=team.size.min,
            size_max=team.size.max,
            roles=tuple(
                RoleRule(role, limit.min, self.role_max(channel, role))
                for role, limit in team.roles.items()
            ),
            distinct=tuple(team.distinct),
            same_vehicle=bool(team.same_vehicle and team.same_vehicle.value),
            exclude_flags=frozenset(team.exclude_flags),
            needs_instruction=team.instruction.value,
        )

    def session(self, channel: str) -> SessionRule:
        """What a session of a channel must be like."""
        found = self.ruleset.channels[channel]
        hours = found.session.hours
        return SessionRule(
            min_minutes=found.session.min_minutes.value,
            hours=(time.fromisoformat(hours.from_), time.fromisoformat(hours.to))
            if hours
            else None,
            visits_min=found.visits.min,
            visits_max=found.visits.max,
            min_gap_days=found.visits.min_gap_days,
        )


def _clocks(hours: Hours) -> tuple[time, time]:
    return time.fromisoformat(hours.from_), time.fromisoformat(hours.to)


def listed_kinds(value: str) -> tuple[str, ...]:
    """The site kinds that a local decision names."""
    return tuple(filter(None, (part.strip() for part in value.split(","))))
