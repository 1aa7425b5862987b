"""What is not yet safe in an election, each with a sentence and the page where it is put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from outreach.core.i18n import language
from outreach.proof.progress import SiteProgress, Stage
from outreach.proof.queries import SessionRow
from outreach.rulesets.facts import Finding, Level
from outreach.rulesets.whole import RULES
from outreach.voting.rules import State

LATE = timedelta(minutes=30)
_KINDS = {
    "session.open": lazy_gettext("opening"), "session.close": lazy_gettext("closing"),
    "session.swap": lazy_gettext("change of people"), "count.add": lazy_gettext("count"),
}  # fmt: skip
_OF_SITES = frozenset({"site-decided", "site-allowed", "site-reason"})
_OF_PEOPLE = frozenset({"receiver-flags", "receiver-instructed", "receiver-appointed",
                        "receiver-expired", "receiver-role"})  # fmt: skip
_SAID_ABOVE = frozenset({"site-decided", "site-session", "site-parts"})
"""Rules whose findings are said site by site: undecided, or not in a plan."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that is not yet safe.

    Attributes:
        kind: ``alert`` where the law is broken or votes are in danger, else ``warn``.
        lines: what exactly, each a sentence or a name.
        page: the endpoint where it is put right.
    """

    kind: str
    says: str
    page: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked at.

    Attributes:
        drafts: weeks whose newest plan is not published.
        unverified: fields of the law that are assumed and that nobody ticked off.
        least: how many minutes a session lasts at least, by channel.
    """

    now: datetime
    findings: Sequence[Finding]
    sites: Sequence[SiteProgress]
    sessions: Sequence[SessionRow]
    drafts: int
    unverified: int
    least: Mapping[str, int] = field(default_factory=dict)


def issues(known: Known) -> tuple[Issue, ...]:
    """Everything, what breaks the law first."""
    found = [
        *_undecided(known), *_unlawful(known.findings), *_unplanned(known), *_late(known),
        *_short(known), *_tablets(known), *_unpublished(known),
        *_warnings(known.findings), *_unverified(known),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.kind != "alert"))


def _undecided(known: Known) -> Iterator[Issue]:
    labels = tuple(one.site.label for one in known.sites if one.site.outcome is None)
    if labels:
        says = ngettext(
            "It is not decided what happens at %(num)d site.",
            "It is not decided what happens at %(num)d sites.", len(labels),
        )  # fmt: skip
        yield Issue("alert", says, "elections.sites", labels)


def _unplanned(known: Known) -> Iterator[Issue]:
    """Sites with a session to be held that no plan holds."""
    labels = tuple(
        one.site.label for one in known.sites if one.has_session and not one.is_at(Stage.PLANNED)
    )
    if labels:
        says = ngettext(
            "%(num)d site is to have a session, but has none in a plan.",
            "%(num)d sites are to have a session, but have none in a plan.", len(labels),
        )  # fmt: skip
        yield Issue("alert", says, "voting.board", labels)


def _unlawful(findings: Iterable[Finding]) -> Iterator[Issue]:
    """What the law forbids, rule by rule; what stands above is not said again."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.level is Level.BLOCK and one.code not in _SAID_ABOVE:
            by_rule[one.code].append(one)
    for code, found in by_rule.items():
        lines = tuple(dict.fromkeys(map(_sentence, found)))
        says = ngettext("Broken once: %(rule)s", "Broken %(num)d times: %(rule)s", len(lines),
                        rule=_rule(code))  # fmt: skip
        yield Issue("alert", says, _page(code), lines)


def _rule(code: str) -> str:
    """What a rule asks, in the language of the moment."""
    rule = next(one for one in RULES if one.id == code)
    return rule.da if language() == "da" else rule.en


def _page(code: str) -> str:
    if code in _OF_SITES:
        return "elections.sites"
    if code in _OF_PEOPLE:
        return "receivers.index"
    return "elections.days" if code == "writ-known" else "voting.board"


def _sentence(one: Finding) -> str:
    return one.da if language() == "da" else one.en


def _warnings(findings: Iterable[Finding]) -> Iterator[Issue]:
    lines = tuple(_sentence(one) for one in findings if one.level is Level.WARN)
    if lines:
        yield Issue("warn", _("Practice or an assumption speaks against this:"), "voting.board",
                    lines)  # fmt: skip


def _late(known: Known) -> Iterator[Issue]:
    """Sessions that should be open, or over, and are not."""
    missed, left_open, doubtful = [], [], []
    for one in known.sessions:
        label, state = _label(one), one.standing.state
        if one.standing.is_doubtful:
            doubtful.append(label)
        if one.slot is None or not one.slot.is_published:
            continue
        if state is State.PLANNED and known.now > one.slot.opens + LATE:
            missed.append(label)
        if state is State.OPEN and known.now > one.slot.closes + LATE:
            left_open.append(label)
    for says, labels in (
        (_("The session should be open, and no tablet has said so:"), missed),
        (_("The session is still open half an hour after it should be over:"), left_open),
        (_("The time is not sure: the tablet's clock and the server's differ:"), doubtful),
    ):
        if labels:
            yield Issue("alert", says, "proof.progress", tuple(labels))


def _short(known: Known) -> Iterator[Issue]:
    """Sessions that were closed before the time; those who closed them were asked."""
    lines = tuple(
        _("%(site)s: %(minutes)s min of %(least)s",
          site=_label(one), minutes=one.whole_minutes, least=known.least[one.session.channel])
        for one in known.sessions
        if one.is_held and one.whole_minutes < known.least.get(one.session.channel, 0)
    )  # fmt: skip
    if lines:
        says = _("Closed before the shortest time; lawful only where everybody had voted:")
        yield Issue("warn", says, "proof.progress", lines)


def _tablets(known: Known) -> Iterator[Issue]:
    """Counts that are not complete, and what tablets reported that does not fit."""
    waiting = [
        _("%(site)s: %(tablet)s of %(who)s has %(unsent)s unsent or has not been in contact since",
          site=_label(one), tablet=tablet.name, who=tablet.user_name, unsent=tablet.pending)
        for one in known.sessions if one.is_held
        for tablet in one.gate.tablets if not tablet.is_complete
    ]  # fmt: skip
    refused = [
        f"{_label(one)}: {_KINDS.get(trouble.kind, trouble.kind)} ({trouble.code})"
        for one in known.sessions
        for trouble in one.gate.troubles
    ]
    beside = [_label(one) for one in known.sessions if any(one.reported.outside.values())]
    for says, lines in (
        (_("Counts are not complete:"), waiting),
        (_("Tablets reported what was not taken in as it was meant:"), refused),
        (_("Votes were counted before the opening or after the closing:"), beside),
    ):
        if lines:
            yield Issue("warn", says, "proof.progress", tuple(dict.fromkeys(lines)))


def _label(one: SessionRow) -> str:
    return one.session.visit.site.label


def _unpublished(known: Known) -> Iterator[Issue]:
    if known.drafts:
        says = ngettext(
            "The newest plan of %(num)d week is not published.",
            "The newest plans of %(num)d weeks are not published.", known.drafts,
        )  # fmt: skip
        yield Issue("warn", says, "voting.board")


def _unverified(known: Known) -> Iterator[Issue]:
    if known.unverified:
        says = ngettext(
            "%(num)d field of the law is an assumption that nobody has compared with the law.",
            "%(num)d fields of the law are assumptions that nobody has compared with the law.",
            known.unverified,
        )  # fmt: skip
        yield Issue("warn", says, "rulesets.ruleset")
