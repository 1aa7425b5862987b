"""What a change of the days or of a local decision does, worked out before it is saved.

Features above this one add what they know (planned sessions, appointments) to ``CONSEQUENCES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from outreach.core.errors import Invalid
from outreach.core.i18n import language
from outreach.elections.models import Election
from outreach.elections.queries import SiteRow, decisions_of, law_of, ruleset_of, site_rows
from outreach.rulesets.facts import LocalDecision, Outcome
from outreach.rulesets.resolve import Law, Window, resolve


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that would break.

    Attributes:
        kind: session, appointment, decision or site.
        endpoint: of the page of the election where it can be seen; empty for none.
    """

    kind: str
    text: str
    endpoint: str = ""


CONSEQUENCES: list[Callable[[Election, Law, Law], Iterable[Consequence]]] = []
"""Ask with the election, the law as it is, and the law as it would be."""


@dataclass(frozen=True, slots=True)
class WindowChange:
    """A window before and after; None where there is none."""

    name: str
    before: Window | None
    after: Window | None


@dataclass(frozen=True, slots=True)
class KindChange:
    """What may be decided for a kind of site, before and after, and how many sites there are."""

    kind: str
    sites: int
    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class TeamChange:
    """How many of a team may have a role, before and after; None is any number."""

    channel: str
    role: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """Everything that a change does.

    Attributes:
        ended: local decisions that do not suit the new days and must be made anew.
    """

    windows: tuple[WindowChange, ...]
    kinds: tuple[KindChange, ...]
    teams: tuple[TeamChange, ...]
    breaks: tuple[Consequence, ...]
    ended: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether all stays as it is."""
        return not (self.windows or self.kinds or self.teams or self.breaks or self.ended)


def of_days(election: Election, day: date, writ_day: date | None) -> Effect:
    """What other days would do.

    Raises:
        Invalid: the days do not suit each other.
    """
    before, (after, ended) = law_of(election), on_days(election, day, writ_day)
    return _effect(election, before, after, ended)


def on_days(election: Election, day: date, writ_day: date | None) -> tuple[Law, tuple[str, ...]]:
    """The law on other days, with the local decisions that suit them, and those that do not.

    Raises:
        Invalid: the days do not suit each other.
    """
    ruleset = ruleset_of(election)
    resolve(ruleset, day, writ_day)
    kept: list[LocalDecision] = []
    ended: list[str] = []
    for decision in decisions_of(election):
        try:
            resolve(ruleset, day, writ_day, [decision])
            kept.append(decision)
        except Invalid:
            ended.append(decision.option)
    return resolve(ruleset, day, writ_day, kept), tuple(ended)


def of_decision(election: Election, option: str, decision: LocalDecision | None) -> Effect:
    """What a local decision would do; None takes back the one that is there.

    Raises:
        Invalid: the law does not leave this open.
    """
    others = [one for one in decisions_of(election) if one.option != option]
    after = resolve(
        ruleset_of(election), election.election_day, election.writ_day,
        [*others, *([decision] if decision is not None else [])],
    )  # fmt: skip
    return _effect(election, law_of(election), after, ())


def _effect(election: Election, before: Law, after: Law, ended: Sequence[str]) -> Effect:
    rows = site_rows(election, before)
    broken = [one for ask in CONSEQUENCES for one in ask(election, before, after)]
    return Effect(
        _windows(before, after), _kinds(before, after, rows), _teams(before, after),
        (*_sites(after, rows), *broken), tuple(option_name(after, option) for option in ended),
    )  # fmt: skip


def _windows(before: Law, after: Law) -> tuple[WindowChange, ...]:
    names = dict.fromkeys((*before.windows, *after.windows))
    pairs = ((name, before.windows.get(name), after.windows.get(name)) for name in names)
    return tuple(
        WindowChange(window_name(after, name), old, new)
        for name, old, new in pairs
        if old is None or new is None or (old.first, old.last) != (new.first, new.last)
    )


def _kinds(before: Law, after: Law, rows: Sequence[SiteRow]) -> tuple[KindChange, ...]:
    kinds = dict.fromkeys(kind for c in after.ruleset.channels.values() for kind in c.site_kinds)
    return tuple(
        KindChange(kind, sum(row.kind == kind for row in rows), old, new)
        for kind in kinds
        if (old := before.outcomes(kind)) != (new := after.outcomes(kind))
    )


def _teams(before: Law, after: Law) -> tuple[TeamChange, ...]:
    return tuple(
        TeamChange(channel_name(after, channel), role_name(after, new.role), old.max, new.max)
        for channel in after.ruleset.channels
        for old, new in zip(before.team(channel).roles, after.team(channel).roles, strict=True)
        if old.max != new.max
    )


def _sites(after: Law, rows: Sequence[SiteRow]) -> tuple[Consequence, ...]:
    """Sites whose decision would not be allowed any more."""
    return tuple(
        Consequence(
            "site", _("%(site)s becomes undecided: what is decided would no longer be allowed.",
                      site=row.label),
        )
        for row in rows
        if row.outcome is not None and row.outcome not in after.outcomes(row.kind)
    )  # fmt: skip


def channel_name(law: Law, channel: str) -> str:
    """A channel in the language of the moment."""
    title = law.ruleset.channels[channel].title
    return title.da if language() == "da" else title.en


def window_name(law: Law, window: str) -> str:
    """A window in the language of the moment: its channel, or the application for it."""
    if window in law.ruleset.channels:
        return channel_name(law, window)
    about = channel_name(law, window.removesuffix("_application"))
    return str(_("Application: %(about)s", about=about))


def role_name(law: Law, role: str) -> str:
    """A role in the language of the moment."""
    words = law.roles.get(role)
    return role if words is None else (words.da if language() == "da" else words.en)


def option_name(law: Law, option: str) -> str:
    """A local option in the language of the moment."""
    title = law.ruleset.local_options[option].title
    return title.da if language() == "da" else title.en
