"""What the board of a sprint shows, read together with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from outreach.core import clock
from outreach.core.i18n import clock_time, short_day
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.jobs import queries as jobs
from outreach.jobs.models import OPEN, Job, JobState
from outreach.jobs.views import as_json, failure
from outreach.people import queries as people
from outreach.receivers import queries as receivers
from outreach.rounds.board import Board
from outreach.rounds.models import Plan, PlanState
from outreach.rounds.pages import JobBox
from outreach.rulesets.law import Law
from outreach.rulesets.whole import check_election
from outreach.voting import actions, openings, queries, sprint
from outreach.voting.board import whole_board
from outreach.voting.forms import SprintForm
from outreach.voting.models import VotingTeam
from outreach.voting.words import Line, breaches, findings, said_by

Crumbs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One week of a sprint.

    Attributes:
        weeks: the Monday of each week of the window, its name, and whether it is shown.
        teams: id, letter and day of each team of the week, with its people.
        said: what the last search found out: teams, bound, and why there are fewer.
    """

    template: ClassVar[str] = "voting/board.html"
    title: str
    crumbs: Crumbs
    election: Election
    monday: date
    weeks: tuple[tuple[date, str, bool], ...]
    state: str
    state_text: str
    window: str
    cite: str
    status: str
    board: Board
    teams: tuple[tuple[str, str, date, str], ...]
    job: JobBox | None
    problem: str
    form: SprintForm
    is_over: bool
    findings: tuple[Line, ...]
    breaches: tuple[str, ...]
    said: tuple[str, ...]


def crumbs(election: Election, *, below: bool = False) -> Crumbs:
    """The way to the board, or to a page below it."""
    found = (
        (_("Elections"), url_for("elections.index")),
        (election.title, url_for("elections.timeline", election_id=election.id)),
    )
    if not below:
        return found
    return (*found, (_("Sessions"), url_for("voting.board", election_id=election.id)))


def sprint_form(election: Election, law: Law) -> SprintForm:
    """The form with the days that may be chosen. Cost: three statements."""
    days = sprint.sprint_days(election, law)
    usual = [day for day in days if day.weekday() < 5][-3:]  # noqa: PLR2004 - Monday to Friday
    stored = sorted({team.day for team in queries.teams(election.id)} & set(days))
    form = SprintForm()
    form.offer(
        [(day.isoformat(), short_day(day)) for day in days],
        [(depot.id, depot.name) for depot in sprint.team_depots()],
        [day.isoformat() for day in stored or usual],
    )
    return form


def board_page(
    election: Election, monday: date | None, form: SprintForm | None = None
) -> BoardPage:
    """The newest plan of a week. Cost: 45 statements at most, at any size."""
    law = elections.law_of(election)
    plans, known = queries.newest_plans(election.id), queries.sessions(election.id)
    stored = queries.teams(election.id)
    job = jobs.newest(actions.KIND, election.id)
    is_open = job is not None and job.state in OPEN
    mondays = _mondays(law, stored)
    monday = monday if monday in mondays else _first(mondays, plans, election, law)
    found = check_election(queries.facts_of(election, law), law)
    channel = receivers.going_out(law)
    window = law.windows[channel]
    return BoardPage(
        title=_("Sessions"), crumbs=crumbs(election), election=election, monday=monday,
        weeks=tuple((m, _("Week %(week)s", week=f"{m:%V}"), m == monday) for m in mondays),
        state=_state(plans)[0], state_text=_state(plans)[1], window=_span(law, channel),
        cite=window.cite, status=window.status,
        board=whole_board(election, law, (plans, known, stored), (monday, found)),
        teams=_team_lines(stored, monday), job=_job_box(election, job) if job and is_open else None,
        problem=failure(job.error) if job is not None and job.state == JobState.FAILED else "",
        form=form or sprint_form(election, law), is_over=election.election_day < clock.today(),
        findings=findings(found, plans), breaches=breaches(plans, known),
        said=said_by(job, law),
    )  # fmt: skip


def _mondays(law: Law, stored: Iterable[VotingTeam]) -> list[date]:
    days = openings.window_days(law, receivers.going_out(law))
    return sorted({clock.monday_of(day) for day in (*days, *(team.day for team in stored))})


def _first(mondays: Sequence[date], plans: Iterable[Plan], election: Election, law: Law) -> date:
    """The first week in which somebody goes out, else the one that would be planned."""
    out = sorted(one.day for plan in plans for one in plan.rounds)
    may = sprint.sprint_days(election, law)[-3:]
    for day in (*(day for day in out if day >= clock.today()), *out, *may):
        if clock.monday_of(day) in mondays:
            return clock.monday_of(day)
    return mondays[-1]


def _state(plans: Sequence[Plan]) -> tuple[str, str]:
    if any(plan.state == PlanState.DRAFT for plan in plans):
        return "draft", str(_("Draft"))
    if plans:
        return "published", str(_("Published"))
    return "none", str(_("No plan yet"))


def _span(law: Law, channel: str) -> str:
    window = law.windows[channel]
    first, last = window.first.astimezone(law.tz), window.last.astimezone(law.tz)
    until = short_day(last.date())
    if window.has_time_to:
        until = f"{until} {clock_time(last.hour * 60 + last.minute)}"
    return str(_("%(first)s to %(last)s", first=short_day(first.date()), last=until))


def _team_lines(
    stored: Iterable[VotingTeam], monday: date
) -> tuple[tuple[str, str, date, str], ...]:
    known = people.people()
    return tuple(
        (
            team.id, team.letter, team.day,
            ", ".join(sorted(known[m.staff_id].name for m in team.members if m.staff_id in known)),
        )
        for team in stored if clock.monday_of(team.day) == monday
    )  # fmt: skip


def _job_box(election: Election, job: Job) -> JobBox:
    said = as_json(job)
    return JobBox(
        url_for("voting.job", election_id=election.id),
        url_for("voting.stop", election_id=election.id),
        url_for("voting.cancel", election_id=election.id), said["text"], said["progress"],
        job.shown,
    )  # fmt: skip
