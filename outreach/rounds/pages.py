"""What the week's pages show, read together with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from outreach.agreements.queries import DueVisit
from outreach.core import calendar, clock
from outreach.core.i18n import moment, short_day
from outreach.jobs import queries as jobs
from outreach.jobs.models import OPEN, Job, JobState
from outreach.jobs.views import as_json, failure
from outreach.people import queries as people
from outreach.people.models import Team
from outreach.rounds import elsewhere, queries, show, words
from outreach.rounds.board import Board, Crew, Live, TrayItem, board, breach_lines, lock_of
from outreach.rounds.fixes import fixes
from outreach.rounds.forms import PlanForm
from outreach.rounds.hand import At
from outreach.rounds.models import PlanState
from outreach.rounds.picture import Picture, ShownLeft
from outreach.rounds.planner import is_fallback
from outreach.sites.sketch import MapPoint, MapRoute, SketchMap, sketch
from outreach.visits.models import Visit


@dataclass(frozen=True, slots=True)
class JobBox:
    """A job that the page waits for."""

    url: str
    stop_url: str
    cancel_url: str
    text: str
    value: float | None
    shown: int


@dataclass(frozen=True, slots=True)
class WeekPage:
    """The week board.

    Attributes:
        week: as in addresses, such as 2026-W48.
        state: none, draft or published.
        due: what the week owes, while there is no plan.
        problem: why the last planning failed.
        is_fallback: whether the plan was made without the compiled core.
    """

    template: ClassVar[str] = "rounds/week.html"
    title: str
    week: str
    monday: date
    state: str
    state_text: str
    board: Board | None
    due: tuple[TrayItem, ...]
    due_count: int
    job: JobBox | None
    problem: str
    is_fallback: bool
    breaches: tuple[str, ...]
    form: PlanForm
    versions: tuple[queries.Version, ...]
    can_copy: bool
    is_over: bool
    sketch: SketchMap | None
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A published version as it was."""

    template: ClassVar[str] = "rounds/version.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    board: Board
    published: str
    sha256: str


def week_title(monday: date) -> str:
    """Week 48, 23 Nov to 29 Nov; in another year than today's, with the year."""
    year, week, _weekday = monday.isocalendar()
    first, last = short_day(monday), short_day(monday + timedelta(days=6))
    if year == clock.today().isocalendar().year:
        return str(_("Week %(week)s, %(first)s to %(last)s", week=week, first=first, last=last))
    return str(
        _("Week %(week)s of %(year)s, %(first)s to %(last)s", week=week, year=year, first=first,
          last=last)
    )  # fmt: skip


def week_page(monday: date, form: PlanForm) -> WeekPage:
    """The newest plan of the week. Cost: 20 statements at most, at any size."""
    versions = queries.versions(monday)
    newest = versions[-1] if versions else None
    job = jobs.newest(queries.PLANNING, queries.week_name(monday))
    is_open = job is not None and job.state in OPEN
    shown, breaches, drawn = _planned(monday, newest.id) if newest else (None, (), None)
    due = () if newest else queries.due(monday)
    names = queries.names() if due else {}
    return WeekPage(
        title=week_title(monday), week=queries.week_name(monday), monday=monday,
        state=newest.state if newest else "none", state_text=_state(newest),
        board=shown, due=tuple(_due_item(one, names) for one in due), due_count=len(due),
        job=_job_box(job) if job is not None and is_open else None,
        problem=failure(job.error) if job is not None and job.state == JobState.FAILED else "",
        is_fallback=newest is not None and is_fallback(newest.engine),
        breaches=breaches, form=form, versions=tuple(reversed(versions)),
        can_copy=newest is not None and newest.state == PlanState.PUBLISHED,
        is_over=monday < clock.monday_of(clock.today()), sketch=drawn,
        previous_url=url_for("rounds.week", monday=monday - timedelta(days=7)),
        next_url=url_for("rounds.week", monday=monday + timedelta(days=7)),
    )  # fmt: skip


def _planned(monday: date, plan_id: str) -> tuple[Board, tuple[str, ...], SketchMap]:
    plan, found = queries.whole_plan(plan_id), queries.visits(monday)
    visits = _with_gone(found, queries.visits_of_plan(plan_id))
    names, teams = queries.names(), people.active_teams()
    picture = show.picture_of(plan, visits, names)
    picture = _with_new(picture, found, names)
    is_over = monday < clock.monday_of(clock.today())
    live = replace(
        _live(monday, teams, visits, plan.breaches),
        fixes=fixes(plan, visits, names, may_change=not is_over),
    )
    sites = {visit.id: visit.site.label for visit in visits}
    double = elsewhere.clashes(plan.rounds, plan.book) if plan.state == PlanState.DRAFT else ()
    lines = (*elsewhere.lines(double), *breach_lines(plan.breaches, sites, monday))
    return board(picture, live), lines, _sketch(picture, visits, teams)


def _with_gone(found: Iterable[Visit], of_plan: Iterable[Visit]) -> tuple[Visit, ...]:
    """Also those that the plan has but the week does not owe any more."""
    return tuple({visit.id: visit for visit in (*of_plan, *found)}.values())


def _with_new(picture: Picture, found: Iterable[Visit], names: words.Names) -> Picture:
    """What fell due after the plan was made stands in the tray too."""
    placed = {s.visit.visit_id for r in picture.rounds for s in r.stops}
    known = placed | {one.visit.visit_id for one in picture.left}
    new = tuple(
        ShownLeft(show.shown_visit(visit, names), ())
        for visit in found
        if visit.id not in known and visit.status == "planned"
    )
    return replace(picture, left=picture.left + new)


def _live(
    monday: date, teams: Iterable[Team], visits: Iterable[Visit], breaches: list[dict[str, object]]
) -> Live:
    known = people.people()
    week = [monday + timedelta(days=n) for n in range(7)]
    holidays = {day: calendar.holiday(day) or "" for day in week if calendar.holiday(day)}
    visits = tuple(visits)
    return Live(
        crews=tuple(
            Crew(
                team.letter,
                tuple(dict.fromkeys(
                    known[m.staff_id].name for m in team.members if m.staff_id in known
                )),
                team.profile, team.vehicle, frozenset(day.weekday for day in team.days),
            )
            for team in teams
        ),
        holidays=holidays,
        locks={v.id: lock_of((v.pin_day, v.pin_team, v.pin_start)) for v in visits},
        statuses={v.id: v.status for v in visits},
        breaches=tuple(breaches),
        url=lambda visit_id: url_for("rounds.visit", monday=monday, visit_id=visit_id),
    )  # fmt: skip


def _sketch(picture: Picture, visits: Iterable[Visit], teams: Iterable[Team]) -> SketchMap:
    """Who goes where; secret sites are not on it."""
    places = {
        v.id: (v.site.latitude, v.site.longitude)
        for v in visits
        if v.site.latitude is not None and v.site.longitude is not None
    }
    depots = {t.letter: (t.depot.latitude, t.depot.longitude) for t in teams}
    letters = {s.visit.visit_id: r.letter for r in picture.rounds for s in r.stops}
    points = [
        MapPoint(
            *places[v.id], v.site.kind, v.site.label,
            url_for("rounds.visit", monday=picture.monday, visit_id=v.id), letters.get(v.id, ""),
        )
        for v in visits if v.id in places
    ]  # fmt: skip
    points += [MapPoint(*place, "depot", _("Depot")) for place in set(depots.values())]
    routes = []
    for round_ in picture.rounds:
        stops = [places[s.visit.visit_id] for s in round_.stops if s.visit.visit_id in places]
        ends = [depots[round_.letter]] if round_.letter in depots else []
        routes.append(MapRoute(round_.letter, (*ends, *stops, *ends)))
    return sketch(points, routes)


def _state(version: queries.Version | None) -> str:
    if version is None:
        return str(_("No plan yet"))
    if version.state == PlanState.DRAFT:
        return str(_("Draft %(number)s", number=version.number))
    return str(_("Published, version %(number)s", number=version.number))


def cured(monday: date, now: Iterable[At], displaced: Iterable[str]) -> str:
    """What a cure did. Cost: one statement for each visit that had to yield."""
    times = "; ".join(words.appointment(a.letter, a.day, a.starts, a.ends) for a in now)
    gone = ", ".join(queries.visit_by_id(v, monday).site.label for v in displaced)
    said = [_("Planned: %(times)s.", times=times)]
    if gone:
        said.append(_("Not planned any more: %(sites)s.", sites=gone))
    return " ".join(map(str, said))


def _due_item(one: DueVisit, names: words.Names) -> TrayItem:
    services = ", ".join(words.name(names, code) for code in one.services)
    overdue = one.due.overdue_days
    late = _("%(days)s days late", days=overdue) if overdue else ""
    url = url_for("sites.site", site_id=one.site_id)
    return TrayItem(
        f"{one.agreement_id or one.request_id}-{one.seq}", url, one.site_label, one.site_kind,
        services, late, one.site_kind == "crisis_centre",
    )  # fmt: skip


def _job_box(job: Job) -> JobBox:
    said = as_json(job)
    return JobBox(
        url_for("jobs.job", job_id=job.id), url_for("jobs.stop", job_id=job.id),
        url_for("jobs.cancel", job_id=job.id), said["text"], said["progress"], job.shown,
    )  # fmt: skip


def version_page(monday: date, number: int) -> VersionPage:
    """A published version from its snapshot alone. Cost: three statements."""
    plan = queries.published(monday, number)
    by = next((v.published_by for v in queries.versions(monday) if v.id == plan.id), "")
    picture = show.published_picture(plan)
    when = moment(plan.published_at) if plan.published_at else ""
    return VersionPage(
        title=_("Version %(number)s", number=number),
        crumbs=((week_title(monday), url_for("rounds.week", monday=monday)),),
        board=board(picture, Live()),
        published=_("Published %(when)s by %(name)s", when=when, name=by) if by
        else _("Published %(when)s", when=when),
        sha256=plan.snapshot_sha256,
    )  # fmt: skip
