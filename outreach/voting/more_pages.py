"""What the pages beside the board show: one session, a team, publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core.errors import NotFound
from outreach.core.forms import options
from outreach.core.i18n import duration, language, short_day
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.receivers.queries import Candidate
from outreach.rounds import elsewhere, show, words
from outreach.rounds import queries as rounds
from outreach.rounds.actions import NoDraft
from outreach.rounds.board import lock_of, status_word
from outreach.rounds.forms import LockForm
from outreach.rounds.models import Plan, PlanState
from outreach.rounds.more_pages import NoDraftPage
from outreach.rounds.picture import PersonChange, Picture, differences
from outreach.rounds.words import appointment, reasons
from outreach.rulesets.facts import Level
from outreach.voting import actions, drafts, queries, teams
from outreach.voting.forms import SessionMoveForm, TeamForm
from outreach.voting.models import VotingSession
from outreach.voting.pages import Crumbs, crumbs
from outreach.voting.words import Line, breach_line


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session, and where it could go."""

    template: ClassVar[str] = "voting/session.html"
    title: str
    crumbs: Crumbs
    election: Election
    visit_id: str
    place: str
    reason: str
    votes: str
    part: str
    minutes: str
    status: str
    is_movable: bool
    form: SessionMoveForm
    lock_form: LockForm


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Who rides in a team; everybody else with the reason why not."""

    template: ClassVar[str] = "voting/team.html"
    title: str
    crumbs: Crumbs
    election: Election
    day: date
    form: TeamForm
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SprintPublishPage:
    """What publishing would change, and what stands in its way."""

    template: ClassVar[str] = "voting/publish.html"
    title: str
    crumbs: Crumbs
    election: Election
    changes: tuple[PersonChange, ...]
    is_first: bool
    findings: tuple[Line, ...]
    breaches: tuple[str, ...]
    seen: str

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be published."""
        return bool(self.breaches) or any(line.blocks for line in self.findings)


def session_page(
    election: Election, visit_id: str, form: SessionMoveForm | None = None
) -> SessionPage:
    """A session with place, reason and forms. Cost: 14 statements.

    Raises:
        NotFound: the election has no such session.
    """
    one = queries.session_by_visit(election.id, visit_id)
    if one is None:
        raise NotFound
    plans = queries.newest_plans(election.id)
    at = queries.planned(plans).get(visit_id)
    left = [r for plan in plans for u in plan.unplanned if u.visit_id == visit_id
            for r in u.reasons]  # fmt: skip
    form = form or _filled(move_form(election), at)
    visit = one.visit
    return SessionPage(
        title=visit.site.label, crumbs=crumbs(election, below=True), election=election,
        visit_id=visit_id,
        place="" if at is None else appointment(
            at.round_.team_letter, at.round_.day, at.stop.starts, at.stop.ends),
        reason="" if at is not None else reasons(left, rounds.names()) if left else "",
        votes=str(one.expected), part=_part(one),
        minutes=duration(visit.setup_minutes + visit.service_minutes),
        status=status_word(visit.status), is_movable=bool(plans),
        form=form,
        lock_form=LockForm(level=lock_of((visit.pin_day, visit.pin_team, visit.pin_start))),
    )  # fmt: skip


def _part(one: VotingSession) -> str:
    if one.parts == 1:
        return ""
    return str(_("%(part)s of %(parts)s", part=one.part, parts=one.parts))


def move_form(election: Election) -> SessionMoveForm:
    """The form with the teams and days on which they go out. Cost: two statements."""
    stored = queries.teams(election.id)
    form = SessionMoveForm()
    letters = list(dict.fromkeys(team.letter for team in stored))
    form.team.choices = options(
        [(letter, _("Team %(letter)s", letter=letter)) for letter in letters]
    )
    days = sorted({team.day for team in stored})
    form.day.choices = options([(day.isoformat(), short_day(day)) for day in days])
    return form


def _filled(form: SessionMoveForm, at: queries.Planned | None) -> SessionMoveForm:
    if at is not None:
        form.team.data, form.day.data = at.round_.team_letter, at.round_.day.isoformat()
    return form


def team_page(election: Election, team_id: str) -> TeamPage:
    """Only those who may ride are offered. Cost: nine statements.

    Raises:
        NotFound: there is no such team.
    """
    team = actions.team_of(election, team_id)
    day, letter = team.day, team.letter
    law = elections.law_of(election)
    judged = teams.candidates(election, law, [day])[day]
    elsewhere_ = {
        member.staff_id: other.letter
        for other in queries.teams(election.id) if other.day == day and other.id != team.id
        for member in other.members
    }  # fmt: skip
    offered = [one for one in judged if one.may and one.fact.id not in elsewhere_]
    refused = [one for one in judged if not one.may or one.fact.id in elsewhere_]
    form = TeamForm(obj=team)
    form.members.choices = options([(one.fact.id, _offered(one)) for one in offered])
    if not form.members.raw_data:
        form.members.data = [member.staff_id for member in team.members]
    return TeamPage(
        title=_("Team %(letter)s, %(day)s", letter=letter, day=short_day(day)),
        crumbs=crumbs(election, below=True), election=election, day=day, form=form,
        refused=tuple((one.name, _why(one, elsewhere_.get(one.fact.id))) for one in refused),
    )  # fmt: skip


def _offered(one: Candidate) -> str:
    return str(_("%(name)s (on reserve)", name=one.name)) if one.is_reserve else one.name


def _why(one: Candidate, letter: str | None) -> str:
    said = list(one.why)
    if letter is not None:
        said.append(_("Rides with team %(letter)s.", letter=letter))
    return " ".join(said)


def no_draft_page(election: Election, sentence: str) -> NoDraftPage:
    """In place of the page of publishing, where there is nothing to publish."""
    back = url_for("voting.board", election_id=election.id)
    title = _("Publish the sessions")
    return NoDraftPage(title, crumbs(election, below=True), sentence, back)


def publish_page(election: Election) -> SprintPublishPage:
    """The drafts beside what is published, by person, judged as things stand now.

    Cost: 90 statements at most, at any size.

    Raises:
        NoDraft: there is none.
    """
    plans = drafts.of(election.id)
    if not plans:
        raise NoDraft
    verdict = actions.judged(election)
    known = queries.sessions(election.id)
    sites = {one.visit_id: one.visit.site.label for one in known}
    double = [line for p in plans for line in elsewhere.lines(elsewhere.clashes(p.rounds, p.book))]
    broken = [
        breach_line(sites.get(b.visit_id or "", ""), b.shift, words.rule(b.rule, b.amount))
        for b in verdict.answer.breaches
    ]
    before = [show.published_picture(p) for p in _published(election)]
    after = [_picture(plan) for plan in plans]
    return SprintPublishPage(
        title=_("Publish the sessions"), crumbs=crumbs(election, below=True), election=election,
        changes=differences(_merged(before), _merged(after) or after[0]), is_first=not before,
        findings=tuple(
            Line(f.da if language() == "da" else f.en, f.level is Level.BLOCK)
            for f in verdict.findings if f.level is not Level.INFO
        ),
        breaches=(*double, *broken), seen=actions.seen_of(plans),
    )  # fmt: skip


def _published(election: Election) -> tuple[Plan, ...]:
    return queries.newest_plans(election.id, PlanState.PUBLISHED)


def _picture(plan: Plan) -> Picture:
    return show.picture_of(plan, rounds.visits_of_plan(plan.id), rounds.names())


def _merged(pictures: list[Picture]) -> Picture | None:
    """All weeks as one, so that a session that goes to another week has moved."""
    if not pictures:
        return None
    first = pictures[0]
    return Picture(
        first.monday, first.number, tuple(r for one in pictures for r in one.rounds),
        tuple(left for one in pictures for left in one.left), 0, first.names,
    )  # fmt: skip


def published_sentence(count: int) -> str:
    """What was done."""
    return str(
        ngettext(
            "The sessions of %(num)d week are published.",
            "The sessions of %(num)d weeks are published.", count,
        )
    )  # fmt: skip
