"""What the board of a sprint shows, read together with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core import calendar, clock
from outreach.core.i18n import clock_time, duration, language, number, short_day
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.elections.queries import SiteRow
from outreach.jobs import queries as jobs
from outreach.jobs.models import OPEN, Job, JobState
from outreach.jobs.views import as_json, failure
from outreach.people import queries as people
from outreach.receivers import queries as receivers
from outreach.rounds import elsewhere, show, words
from outreach.rounds import queries as rounds
from outreach.rounds.board import Board, Crew, Figure, Live, TrayItem, board, lock_of
from outreach.rounds.models import Plan, PlanState
from outreach.rounds.pages import JobBox
from outreach.rounds.picture import Picture, ShownLeft, ShownVisit
from outreach.rulesets.facts import Finding, Level, Outcome
from outreach.rulesets.law import Law
from outreach.rulesets.whole import check_election
from outreach.visits.models import VisitStatus
from outreach.voting import actions, openings, queries, sprint
from outreach.voting.forms import SprintForm
from outreach.voting.models import VotingSession, VotingTeam

Crumbs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the checker with its paragraph."""

    text: str
    blocks: bool


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
        board=_board(election, law, (plans, known, stored), (monday, found)),
        teams=_team_lines(stored, monday), job=_job_box(election, job) if job and is_open else None,
        problem=failure(job.error) if job is not None and job.state == JobState.FAILED else "",
        form=form or sprint_form(election, law), is_over=election.election_day < clock.today(),
        findings=_lines(found, plans), breaches=_breaches(plans, known),
        said=_said(job, law),
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


def _lines(found: Iterable[Finding], plans: Sequence[Plan]) -> tuple[Line, ...]:
    """What the law says of what is planned; before there is a plan only of the sites."""
    codes = set() if plans else {"site-session", "site-parts"}
    lines = [
        Line(one.da if language() == "da" else one.en, one.level is Level.BLOCK)
        for one in found if one.level is not Level.INFO and one.code not in codes
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: not line.blocks))


def _breaches(plans: Iterable[Plan], known: Iterable[VotingSession]) -> tuple[str, ...]:
    sites = {one.visit_id: one.visit.site.label for one in known}
    lines: list[str] = []
    for plan in plans:
        if plan.state != PlanState.DRAFT:
            continue
        lines += elsewhere.lines(elsewhere.clashes(plan.rounds, plan.book))
        for one in plan.breaches:
            said = words.rule(one["rule"], one["amount"])
            lines.append(breach_line(sites.get(one["visit_id"] or "", ""), one["shift"], said))
    return tuple(lines)


def breach_line(site: str, shift: str | None, said: str) -> str:
    """Where a rule of the plan is broken, and by whom."""
    where = [site]
    if shift:
        letter, day = shift.split("-", 1)
        where += [_("team %(letter)s", letter=letter), short_day(date.fromisoformat(day))]
    return f"{', '.join(filter(None, where))}: {said}"


def _board(
    election: Election, law: Law,
    stored: tuple[Sequence[Plan], Sequence[VotingSession], Sequence[VotingTeam]],
    at: tuple[date, Sequence[Finding]],
) -> Board:  # fmt: skip
    plans, known, teams = stored
    monday, found = at
    picture = _picture(plans, known, monday)
    live = Live(
        crews=_crews(teams, monday), holidays=_barred(election, law, monday),
        locks={
            one.visit_id: lock_of((one.visit.pin_day, one.visit.pin_team, one.visit.pin_start))
            for one in known
        },
        statuses={one.visit_id: one.visit.status for one in known},
        breaches=tuple(_marks(plans, found)),
        url=lambda visit_id: url_for(
            "voting.session", election_id=election.id, visit_id=visit_id
        ),
    )  # fmt: skip
    made, rows = board(picture, live), elections.site_rows(election, law)
    return replace(
        made, figures=_figures(plans, known, rows), tray=(*made.tray, *_new(election, known, rows))
    )


def _new(
    election: Election, known: Iterable[VotingSession], rows: Iterable[SiteRow]
) -> list[TrayItem]:
    """Sites that were decided to have a session since sessions were last planned."""
    here = {one.site_id for one in known}
    return [
        TrayItem(
            row.id, url_for("elections.site", election_id=election.id, site_id=row.id), row.label,
            row.kind, ngettext("%(num)d vote", "%(num)d votes", row.expected or 0),
            _("Not planned yet."), row.is_secret,
        )
        for row in rows if row.outcome is Outcome.SESSION and row.id not in here
    ]  # fmt: skip


def _marks(plans: Iterable[Plan], found: Iterable[Finding]) -> list[Mapping[str, Any]]:
    """What stands on a card: broken rules of the plan, and findings of the law."""
    marks: list[Mapping[str, Any]] = [
        mark for plan in plans if plan.state == PlanState.DRAFT for mark in plan.breaches
    ]
    marks += [
        {"visit_id": one.session, "rule": one.da if language() == "da" else one.en, "amount": 0,
         "shift": None}
        for one in found if one.session and one.level is Level.BLOCK
    ]  # fmt: skip
    return marks


def _picture(plans: Sequence[Plan], known: Sequence[VotingSession], monday: date) -> Picture:
    """The week with cards that say votes, and everything that is not planned."""
    names = rounds.names()
    shown = {one.visit_id: _card(one, names) for one in known}
    here = next((plan for plan in plans if plan.monday == monday), None)
    picture = Picture(monday, 0, (), (), 0, names)
    if here is not None:
        picture = show.picture_of(here, [one.visit for one in known], names)
    reasons = {u.visit_id: tuple(u.reasons) for plan in plans for u in plan.unplanned}
    placed = queries.planned(plans)
    left = tuple(
        ShownLeft(shown[one.visit_id], reasons.get(one.visit_id, ()))
        for one in sorted(known, key=lambda one: (one.visit.site.sort_key, one.part))
        if one.visit_id not in placed and one.visit.status == VisitStatus.PLANNED
    )
    cards = tuple(
        replace(r, stops=tuple(replace(s, visit=shown[s.visit.visit_id]) for s in r.stops))
        for r in picture.rounds
    )
    return replace(picture, rounds=cards, left=left)


def _card(one: VotingSession, names: words.Names) -> ShownVisit:
    """Votes that are expected, and which part of a large home it is."""
    plain = show.shown_visit(one.visit, names)
    danish, english = f"{one.expected} stemmer", f"{one.expected} votes"
    if one.parts > 1:
        danish += f" · del {one.part} af {one.parts}"
        english += f" · part {one.part} of {one.parts}"
    return replace(plain, services=((danish, english),))


def _crews(teams: Iterable[VotingTeam], monday: date) -> tuple[Crew, ...]:
    """The teams of the week; their people are those of the first day."""
    known, found = people.people(), dict[str, list[VotingTeam]]()
    for team in teams:
        if clock.monday_of(team.day) == monday:
            found.setdefault(team.letter, []).append(team)
    return tuple(
        Crew(
            letter,
            tuple(sorted(known[m.staff_id].name for m in group[0].members if m.staff_id in known)),
            "car", group[0].vehicle, frozenset(team.day.weekday() for team in group),
        )
        for letter, group in sorted(found.items())
    )  # fmt: skip


def _barred(election: Election, law: Law, monday: date) -> dict[date, str]:
    """What stands over days on which no session may be, or only a second attempt."""
    days = openings.window_days(law, receivers.going_out(law))
    week = [monday + timedelta(days=n) for n in range(7)]
    holidays = calendar.holidays_between(days[0], days[-1]) if days else frozenset()
    kept = openings.reserved(days, election.reserve_days, holidays)
    notes = {}
    for day in week:
        if day not in days:
            notes[day] = str(_("Outside the legal window"))
        elif day in kept:
            notes[day] = str(_("Kept for second attempts"))
        elif (name := calendar.holiday(day)) is not None:
            notes[day] = name
    return notes


def _figures(
    plans: Sequence[Plan], known: Sequence[VotingSession], rows: Sequence[SiteRow]
) -> tuple[Figure, ...]:
    placed = queries.planned(plans)
    decided = sum(row.outcome is not None for row in rows)
    served = sum(row.outcome is Outcome.SESSION for row in rows)
    out = {(one.round_.team_letter, one.round_.day) for one in placed.values()}
    travel = sum(one.travel_minutes for plan in plans for one in plan.rounds)
    return (
        Figure(_("Decided"), number(decided),
               ngettext("of %(num)d site", "of %(num)d sites", len(rows)),
               "" if decided == len(rows) else "warn"),
        Figure(_("Sessions planned"), number(len(placed)),
               _("of %(all)s", all=number(max(len(known), served))),
               "" if known and len(placed) == len(known) else "warn"),
        Figure(_("Expected votes"), number(sum(one.expected for one in known))),
        Figure(_("Teams"), number(len({letter for letter, _day in out})),
               ngettext("on %(num)d day", "on %(num)d days", len({day for _l, day in out}))),
        Figure(_("Travel"), duration(travel)),
    )  # fmt: skip


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


def _said(job: Job | None, law: Law) -> tuple[str, ...]:
    """What the last search found: how few teams or days, and what stands in the way of more."""
    if job is None or job.state != JobState.DONE or not job.result:
        return ()
    found = job.result
    lines = []
    if found.get("aim") == "fewest" and found.get("complete"):
        lines.append(
            _("%(teams)s teams are enough; by working time alone at least %(bound)s are needed.",
              teams=found["teams"], bound=found["bound"])
        )  # fmt: skip
    if found.get("aim") == "earliest" and found.get("complete"):
        lines.append(
            ngettext("Everything is held in %(num)d day.", "Everything is held in %(num)d days.",
                     found["days"])
        )  # fmt: skip
    return (*map(str, lines), *dict.fromkeys(_lack(one, law) for one in found.get("lacks", ())))


def _lack(one: Mapping[str, Any], law: Law) -> str:
    """Why there are fewer teams on a day than were asked for."""
    role = law.roles.get(one["name"])
    name = (role.da if language() == "da" else role.en) if role else one["name"]
    day = short_day(date.fromisoformat(one["day"]))
    why = {
        "people": _("%(has)s people can come, %(needs)s are needed",
                    has=one["has"], needs=one["needs"]),
        "role": _("%(has)s can come as %(role)s, %(needs)s are needed",
                  has=one["has"], role=name, needs=one["needs"]),
        "role_most": _("too many of those who can come are %(role)s", role=name),
        "distinct": _("too few differ in %(name)s", name=name),
        "vehicle": _("too few can ride in the same vehicle"),
        "size": _("the law allows no team of that size"),
    }[one["code"]]  # fmt: skip
    return str(
        _("%(day)s: %(made)s of %(asked)s teams: %(why)s.",
          day=day, made=one["made"], asked=one["asked"], why=why)
    )  # fmt: skip
