"""What the pages of an election's proof show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from outreach.core import clock
from outreach.core.i18n import language
from outreach.elections import pages as elections
from outreach.elections.drawing import Drawing
from outreach.elections.models import Election
from outreach.elections.queries import phase_of, type_name
from outreach.proof import progress, queries, safety
from outreach.proof.evaluation import Lessons, Measured
from outreach.proof.exporting import Stored
from outreach.proof.progress import SiteProgress, Stage
from outreach.proof.queries import SessionRow
from outreach.proof.report import Report, Result, Verdict
from outreach.reports.small import is_small
from outreach.rulesets.base import Status
from outreach.rulesets.facts import Outcome
from outreach.rulesets.shape import fields
from outreach.rulesets.whole import check_election
from outreach.sites.pages import kind_name
from outreach.voting import queries as voting
from outreach.voting.rules import State

Crumbs = tuple[tuple[str, str], ...]
STAGES = {
    Stage.DECIDED: lazy_gettext("Decided"),
    Stage.PLANNED: lazy_gettext("Session planned"),
    Stage.PUBLISHED: lazy_gettext("Published"),
    Stage.HELD: lazy_gettext("Held"),
    Stage.COMPLETE: lazy_gettext("Count complete"),
}
STATES = {
    State.PLANNED: lazy_gettext("Not opened"),
    State.OPEN: lazy_gettext("Open"),
    State.CLOSED: lazy_gettext("Closed"),
}
RESULTS = {
    Result.KEPT: lazy_gettext("Kept"),
    Result.BROKEN: lazy_gettext("Broken"),
    Result.NOT_APPLICABLE: lazy_gettext("Not applicable"),
}
SHOWN = 6


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the funnel; both addresses lead to a list."""

    label: str
    there: int
    all: int
    url: str
    missing_url: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """What is not yet safe; ``url`` empty where there is no page for it."""

    kind: str
    says: str
    lines: tuple[str, ...]
    more: int
    url: str


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """Which site is not yet safe?"""

    template: ClassVar[str] = "proof/dashboard.html"
    title: str
    crumbs: Crumbs
    election: Election
    type_name: str
    phase: str
    drawing: Drawing
    issues: tuple[IssueView, ...]
    steps: tuple[StepView, ...]
    live: tuple[SessionRow, ...]
    states: dict[State, Any]
    now: datetime


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """The sites behind a step of the funnel."""

    template: ClassVar[str] = "proof/progress.html"
    title: str
    crumbs: Crumbs
    election: Election
    stage: Stage
    is_missing: bool
    tabs: tuple[tuple[str, str, bool], ...]
    rows: tuple[SiteProgress, ...]
    outcomes: dict[Outcome, str]
    states: dict[State, Any]

    @staticmethod
    def kind_name(kind: str) -> str:
        """A kind of site in words."""
        return kind_name(kind)


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """Every rule, how it was looked at, and what came of it.

    Attributes:
        verdicts: broken ones first.
        votes: as a public paper may show them: a small count as "<5".
        open_notes: what is not proven, each kind of it with its number and some sentences.
    """

    template: ClassVar[str] = "proof/certificate.html"
    title: str
    crumbs: Crumbs
    election: Election
    report: Report
    verdicts: tuple[Verdict, ...]
    results: dict[Result, Any]
    votes: str
    open_notes: tuple[tuple[str, int, tuple[str, ...]], ...]
    windows: tuple[tuple[str, Any, str], ...]
    lang: str


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    """What the election teaches the next one."""

    template: ClassVar[str] = "proof/evaluation.html"
    title: str
    crumbs: Crumbs
    election: Election
    lessons: Lessons
    incomplete: int

    @staticmethod
    def kind_name(kind: str) -> str:
        """A kind of site in words."""
        return kind_name(kind)


def dashboard(stored: Stored) -> DashboardPage:
    """The page of an election."""
    election, law = stored.election, stored.law
    found = progress.of_sites(stored.sites, stored.sessions)
    return DashboardPage(
        title=election.title, crumbs=elections.crumbs(), election=election,
        type_name=type_name(law.ruleset),
        phase=str(elections.PHASES[phase_of(election, law)]),
        drawing=elections.drawing(law),
        issues=tuple(_issue(one, election) for one in safety.issues(_known(stored, found))),
        steps=tuple(_steps(found, election.id)), live=live(stored.sessions), states=STATES,
        now=clock.now(),
    )  # fmt: skip


def _known(stored: Stored, found: Sequence[SiteProgress]) -> safety.Known:
    facts = voting.facts_of(stored.election, stored.law)
    assumed = [
        path for path, field in fields(stored.law.ruleset)
        if field.status is Status.ASSUMPTION and path not in stored.ticked
    ]  # fmt: skip
    return safety.Known(
        now=clock.now(), findings=check_election(facts, stored.law), sites=found,
        sessions=stored.sessions,
        drafts=queries.unpublished_weeks(stored.election.id), unverified=len(assumed),
        least={
            name: stored.law.session(name).min_minutes for name in stored.law.ruleset.channels
        },
    )  # fmt: skip


def _issue(one: safety.Issue, election: Election) -> IssueView:
    more = max(0, len(one.lines) - SHOWN)
    return IssueView(one.kind, one.says, one.lines[:SHOWN], more, _where(one.page, election))


def _where(endpoint: str, election: Election) -> str:
    """Where a thing is put right; empty where the product has no such page."""
    if endpoint not in current_app.view_functions:
        return ""
    if endpoint == "elections.sites":
        return url_for(endpoint, election_id=election.id, state="open")
    if endpoint == "rulesets.ruleset":
        return url_for(endpoint, key=election.ruleset)
    return url_for(endpoint, election_id=election.id)


def _steps(found: Sequence[SiteProgress], election_id: str) -> Iterable[StepView]:
    for step in progress.funnel(found):
        url = url_for("proof.progress", election_id=election_id, stage=step.stage.value)
        missing = f"{url}&missing=1" if step.there < step.all else ""
        yield StepView(str(STAGES[step.stage]), step.there, step.all, url, missing)


def live(rows: Iterable[SessionRow]) -> tuple[SessionRow, ...]:
    """What is open, and what is planned for today, by time."""
    today = clock.today()
    found = [
        one for one in rows
        if one.standing.state is State.OPEN
        or (one.slot and one.slot.is_published and one.slot.opens.date() == today)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.slot.opens if one.slot else clock.now()))


def site_list(stored: Stored, stage: Stage, *, is_missing: bool) -> ProgressPage:
    """The sites that have reached a stage, or those that have not."""
    election = stored.election
    found = progress.of_sites(stored.sites, stored.sessions)
    ought = progress.concerned(found, stage)
    return ProgressPage(
        title=str(STAGES[stage]), crumbs=elections.crumbs(election), election=election,
        stage=stage, is_missing=is_missing,
        tabs=tuple(
            (str(label), url_for("proof.progress", election_id=election.id, stage=one.value),
             one is stage)
            for one, label in STAGES.items()
        ),
        rows=tuple(one for one in ought if one.is_at(stage) is not is_missing),
        outcomes=elections.outcome_words(), states=STATES,
    )  # fmt: skip


def certificate(stored: Stored, report: Report) -> CertificatePage:
    """The certificate of an election."""
    kinds: dict[str, list[str]] = {}
    for one in report.notes:
        kinds.setdefault(one.code, []).append(one.says.of(language()))
    votes = report.bundle.totals.votes
    return CertificatePage(
        title=_("Certificate"), crumbs=elections.crumbs(stored.election),
        election=stored.election, report=report,
        verdicts=tuple(sorted(report.verdicts, key=lambda one: one.result is not Result.BROKEN)),
        results=RESULTS,
        votes="<5" if is_small(votes) else str(votes),
        open_notes=tuple((code, len(lines), tuple(lines)) for code, lines in kinds.items()),
        windows=elections.windows(stored.law, stored.ticked), lang=language(),
    )  # fmt: skip


def measured(rows: Iterable[SessionRow]) -> tuple[Measured, ...]:
    """What closed sessions say of their votes and minutes."""
    return tuple(
        Measured(
            site_id=one.session.site_id, label=one.session.visit.site.label,
            kind=one.session.visit.site.kind, expected=one.session.expected,
            votes=one.votes, minutes=one.minutes, desks=one.session.desks,
        )
        for one in rows if one.is_held
    )  # fmt: skip
