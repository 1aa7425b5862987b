"""What the pages of elections show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from outreach.core import clock
from outreach.core.i18n import language, short_day
from outreach.elections import queries
from outreach.elections.consequences import Effect, window_name
from outreach.elections.drawing import Drawing, Span, draw
from outreach.elections.forms import (
    OUTCOMES,
    ElectionForm,
    KindForm,
    LocalForm,
    SettingsForm,
    SiteDecisionForm,
    TypeForm,
)
from outreach.elections.ics import Event
from outreach.elections.models import Election, LocalDecision
from outreach.elections.nav import election_url
from outreach.elections.rules import Phase
from outreach.rulesets.facts import Outcome
from outreach.rulesets.resolve import Deadline, Law
from outreach.rulesets.schema import Ruleset
from outreach.sites.pages import Pager, kind_name

Crumbs = tuple[tuple[str, str], ...]
PHASES = {
    Phase.PREPARED: lazy_gettext("In preparation"),
    Phase.OPEN: lazy_gettext("Voting is open"),
    Phase.CLOSED: lazy_gettext("Before election day"),
    Phase.OVER: lazy_gettext("Over"),
}


@dataclass(frozen=True, slots=True)
class ElectionsPage:
    """Every election; ``together`` draws those to come that overlap."""

    template: ClassVar[str] = "elections/index.html"
    title: str
    rows: tuple[queries.ElectionRow, ...]
    phases: dict[Phase, str]
    together: Drawing | None
    overlapping: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """Make an election, or one like an earlier one: first its type, then its days."""

    template: ClassVar[str] = "elections/new.html"
    title: str
    crumbs: Crumbs
    types: TypeForm
    form: ElectionForm | None
    ruleset: Ruleset | None
    like: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Windows and deadlines of an election."""

    template: ClassVar[str] = "elections/timeline.html"
    title: str
    crumbs: Crumbs
    election: Election
    type_name: str
    phase: str
    drawing: Drawing
    windows: tuple[tuple[str, Any, str], ...]
    deadlines: tuple[tuple[str, Deadline, str, bool], ...]
    feed: str
    days_left: int


@dataclass(frozen=True, slots=True)
class DaysPage:
    """Other days, and what they would do."""

    template: ClassVar[str] = "elections/days.html"
    title: str
    crumbs: Crumbs
    election: Election
    form: ElectionForm
    effect: Effect | None

    @property
    def outcomes(self) -> dict[Outcome, str]:
        """What may be decided for sites, in words."""
        return outcome_words()

    @staticmethod
    def kind_name(kind: str) -> str:
        """A kind of site in words."""
        return kind_name(kind)


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """How sessions are reckoned."""

    template: ClassVar[str] = "elections/settings.html"
    title: str
    crumbs: Crumbs
    election: Election
    form: SettingsForm


@dataclass(frozen=True, slots=True)
class Option:
    """What the ruleset leaves open, and what was decided."""

    name: str
    title: str
    cite: str
    status: str
    note: str
    decision: LocalDecision | None
    value: str


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """Everything that the law leaves to the council."""

    template: ClassVar[str] = "elections/decisions.html"
    title: str
    crumbs: Crumbs
    election: Election
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One local decision, and what it would do."""

    template: ClassVar[str] = "elections/decision.html"
    title: str
    crumbs: Crumbs
    election: Election
    option: Option
    form: LocalForm
    effect: Effect | None
    without: Effect | None

    @property
    def outcomes(self) -> dict[Outcome, str]:
        """What may be decided for sites, in words."""
        return outcome_words()

    @staticmethod
    def kind_name(kind: str) -> str:
        """A kind of site in words."""
        return kind_name(kind)


@dataclass(frozen=True, slots=True)
class SitesPage:
    """Every site that the law names."""

    template: ClassVar[str] = "elections/sites.html"
    title: str
    crumbs: Crumbs
    election: Election
    rows: tuple[queries.SiteRow, ...]
    pager: Pager
    search: dict[str, str]
    kinds: tuple[tuple[str, str], ...]
    outcomes: dict[Outcome, str]
    counts: dict[str, int]
    decided: int
    everything: int
    expected: int
    form: KindForm


@dataclass(frozen=True, slots=True)
class SitePage:
    """What happens at one site."""

    template: ClassVar[str] = "elections/site.html"
    title: str
    crumbs: Crumbs
    election: Election
    row: queries.SiteRow
    form: SiteDecisionForm
    kind: str
    hint: str


def crumbs(election: Election | None = None) -> Crumbs:
    """The way to a page below the list, or below an election."""
    top = ((_("Elections"), url_for("elections.index")),)
    if election is None:
        return top
    return (*top, (election.title, election_url(election.id)))


def drawing(law: Law) -> Drawing:
    """The time line of one election."""
    marks = [("election", law.election_day)]
    if law.writ_day is not None:
        marks.append(("writ", law.writ_day))
    return draw(spans(law), marks, clock.today())


def spans(law: Law, prefix: str = "") -> tuple[Span, ...]:
    """The windows of a law, those that open first on top."""
    ordered = sorted(law.windows.items(), key=lambda one: (one[1].first, one[1].last))
    return tuple(
        Span(
            prefix + window_name(law, name),
            "window" if name in law.ruleset.channels else "application",
            window.first.date(), window.last.date(),
        )
        for name, window in ordered
    )  # fmt: skip


def together(elections: Sequence[Election]) -> tuple[Drawing | None, tuple[str, ...]]:
    """Elections to come whose windows overlap, in one drawing, and their titles."""
    laws = [(one.title, queries.law_of(one)) for one in elections]
    reach = {title: _reach(law) for title, law in laws}
    shown = [
        (title, law)
        for number, (title, law) in enumerate(laws)
        if any(
            _meet(reach[title], reach[other]) for n, (other, _l) in enumerate(laws) if n != number
        )
    ]
    if not shown:
        return None, ()
    bars = tuple(span for title, law in shown for span in spans(law, f"{title}: "))
    marks = [("election", law.election_day) for _title, law in shown]
    return draw(bars, marks, clock.today()), tuple(title for title, _law in shown)


def _reach(law: Law) -> tuple[date, date]:
    """From the first window to election day."""
    return min(one.first.date() for one in law.windows.values()), law.election_day


def _meet(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def windows(law: Law, verified: AbstractSet[str]) -> tuple[tuple[str, Any, str], ...]:
    """Name, window and how sure it is, in the order of the drawing."""
    ordered = sorted(law.windows.items(), key=lambda one: (one[1].first, one[1].last))
    return tuple(
        (window_name(law, name), window, _status(window.rule, window.status, verified))
        for name, window in ordered
    )


def deadlines(law: Law, verified: AbstractSet[str]) -> tuple[tuple[str, Deadline, str, bool], ...]:
    """What happens when, how sure that is, and whether it is past."""
    now = clock.now()
    paths = {f"{n}.{side}": w.rule for n, w in law.windows.items() for side in ("from", "to")}
    return tuple(
        (
            one.da if language() == "da" else one.en, one,
            _status(paths.get(one.code, f"milestones.{one.code}"), one.status, verified),
            _end_of(one) < now,
        )
        for one in law.deadlines
    )  # fmt: skip


def _status(path: str, status: str, verified: AbstractSet[str]) -> str:
    """How sure a field is; what an officer has compared with the law in force is verified."""
    return "verified" if path in verified and status != "law" else status


def _end_of(deadline: Deadline) -> datetime:
    """The moment, or the end of a day that has no time."""
    if deadline.has_time:
        return deadline.at
    return datetime.combine(deadline.at.date(), time.max, deadline.at.tzinfo)


def events(election: Election, law: Law) -> Iterable[Event]:
    """Windows, deadlines and the days themselves, for a calendar. No site, no person."""
    for name, window in law.windows.items():
        title = f"{window_name(law, name)} ({election.title})"
        has_time = window.has_time_from or window.has_time_to
        first = window.first if has_time else window.first.date()
        last = window.last if has_time else window.last.date()
        yield Event(f"{election.id}.{name}@outreach", title, _says(window), first, last)
    for one in law.deadlines:
        if not one.code.endswith(".from"):
            text = one.da if language() == "da" else one.en
            yield Event(
                f"{election.id}.{one.code}@outreach", f"{text} ({election.title})", _says(one),
                one.at if one.has_time else one.at.date(),
                None if one.has_time else one.at.date(),
            )  # fmt: skip


STATUSES = {
    "law": lazy_gettext("Law"),
    "practice": lazy_gettext("Practice"),
    "assumption": lazy_gettext("Not verified"),
}


def _says(thing: Any) -> str:
    """The paragraph and how sure it is."""
    return f"{thing.cite} ({STATUSES[thing.status]})" if thing.cite else ""


def options_of(election: Election) -> tuple[Option, ...]:
    """What the ruleset leaves open, with what was decided."""
    stored = {one.option: one for one in election.decisions}
    in_danish, verified = language() == "da", queries.verified(election)
    return tuple(
        Option(
            name, one.title.da if in_danish else one.title.en, one.cite,
            _status(f"local_options.{name}", one.status.value, verified),
            (one.note.da if in_danish else one.note.en) if one.note else "",
            stored.get(name), value_in_words(stored[name].value) if name in stored else "",
        )
        for name, one in queries.ruleset_of(election).local_options.items()
    )  # fmt: skip


def value_in_words(value: str) -> str:
    """Site kinds by name, or a moment."""
    if "T" in value:
        at = datetime.fromisoformat(value)
        return f"{short_day(at.date())} {at:%H:%M}"
    return ", ".join(kind_name(kind) for kind in value.split(",") if kind)


def outcome_words() -> dict[Outcome, str]:
    """What may be decided, in words."""
    return {outcome: str(word) for outcome, word in OUTCOMES.items()}
