"""What the pages beside the board show: one visit, publishing, a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from outreach.core import clock
from outreach.core.forms import options
from outreach.core.i18n import clock_time, duration, short_day
from outreach.core.i18n import day as long_day
from outreach.people import queries as people
from outreach.rounds import elsewhere, queries, show, week_facts
from outreach.rounds.actions import NoDraft
from outreach.rounds.board import Fix, breach_lines, lock_of, services_text, status_word
from outreach.rounds.fixes import fixes
from outreach.rounds.forms import LockForm, MoveForm
from outreach.rounds.hand import At, judged, places_of
from outreach.rounds.models import Plan, PlanState
from outreach.rounds.pages import week_title
from outreach.rounds.picture import (
    PersonChange,
    Picture,
    differences,
    fingerprint,
    to_bytes,
)
from outreach.rounds.planner import Week
from outreach.rounds.words import Names, appointment, reasons, span


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A visit in its week."""

    template: ClassVar[str] = "rounds/visit.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    monday: date
    visit_id: str
    site_url: str
    services: str
    minutes: str
    places: tuple[str, ...]
    reason: str
    fixes: tuple[Fix, ...]
    status: str
    crews: int
    people: int
    is_movable: bool
    is_being_planned: bool
    form: MoveForm
    lock_form: LockForm


@dataclass(frozen=True, slots=True)
class NoDraftPage:
    """Nothing waits to be published: said, with the way back."""

    template: ClassVar[str] = "rounds/no_draft.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    sentence: str
    back_url: str


@dataclass(frozen=True, slots=True)
class PublishPage:
    """What publishing would change.

    Attributes:
        seen: the fingerprint of the draft that the page shows.
    """

    template: ClassVar[str] = "rounds/publish.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    week: str
    monday: date
    changes: tuple[PersonChange, ...]
    is_first: bool
    breaches: tuple[str, ...]
    left: int
    seen: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A stop of the day."""

    url: str
    starts: str
    ends: str
    site: str
    kind: str
    is_secret: bool
    services: str
    status: str


@dataclass(frozen=True, slots=True)
class DayRound:
    """A team's round."""

    letter: str
    people: str
    vehicle: str
    times: str
    travel: str
    rows: tuple[DayRow, ...]


@dataclass(frozen=True, slots=True)
class DayPage:
    """The rounds of a day, as published."""

    template: ClassVar[str] = "rounds/day.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    rounds: tuple[DayRound, ...]
    previous_url: str
    next_url: str
    week_url: str


def _crumbs(monday: date) -> tuple[tuple[str, str], ...]:
    return ((week_title(monday), url_for("rounds.week", monday=monday)),)


def move_form(monday: date) -> MoveForm:
    """The form with the teams and days of the week. Cost: three statements."""
    form = MoveForm()
    letters = [(team.letter, _("Team %(letter)s", letter=team.letter))
               for team in people.active_teams()]  # fmt: skip
    form.team.choices = options(letters)
    form.second.choices = options([("", _("None")), *letters])
    days = [monday + timedelta(days=n) for n in range(7)]
    form.day.choices = options([(day.isoformat(), short_day(day)) for day in days])
    return form


def visit_page(monday: date, visit_id: str, form: MoveForm | None = None) -> VisitPage:
    """A visit with its place, reason, cures and forms. Cost: thirteen statements."""
    visit = queries.visit_by_id(visit_id, monday)
    plan_id = queries.newest(monday)
    plan = queries.whole_plan(plan_id) if plan_id else None
    at = places_of(plan, visit_id) if plan else ()
    names = queries.names()
    left = [
        r for u in (plan.unplanned if plan else ()) if u.visit_id == visit_id for r in u.reasons
    ]
    form = form or _filled(move_form(monday), at)
    lock_form = LockForm(level=lock_of((visit.pin_day, visit.pin_team, visit.pin_start)))
    return VisitPage(
        title=visit.site.label, crumbs=_crumbs(monday), monday=monday, visit_id=visit.id,
        site_url=url_for("sites.site", site_id=visit.site_id),
        services=services_text(show.shown_visit(visit, names)),
        minutes=duration(visit.service_minutes + visit.setup_minutes),
        places=tuple(appointment(a.letter, a.day, a.starts, a.ends) for a in at),
        reason="" if at or plan is None else reasons(left, names),
        fixes=_fixes(plan, visit_id, names) if plan is not None and not at else (),
        status=status_word(visit.status), crews=visit.crews,
        people=max(visit.people, visit.site.people),
        is_movable=plan is not None and monday >= clock.monday_of(clock.today()),
        is_being_planned=queries.is_being_planned(monday),
        form=form, lock_form=lock_form,
    )  # fmt: skip


def _filled(form: MoveForm, at: Sequence[At]) -> MoveForm:
    """The form with where the visit is now."""
    if at:
        form.team.data, form.day.data = at[0].letter, at[0].day.isoformat()
        form.second.data = at[1].letter if len(at) > 1 else ""
    return form


def _fixes(plan: Plan, visit_id: str, names: Names) -> tuple[Fix, ...]:
    may_change = plan.monday >= clock.monday_of(clock.today())
    found = fixes(plan, queries.visits_of_plan(plan.id), names, may_change=may_change)
    return found.get(visit_id, ())


def no_draft_page(monday: date, sentence: str) -> NoDraftPage:
    """In place of the page of publishing, where there is nothing to publish."""
    back = url_for("rounds.week", monday=monday)
    return NoDraftPage(_("Publish"), _crumbs(monday), sentence, back)


def publish_page(monday: date) -> PublishPage:
    """The draft beside the published plan, by person, judged as things stand now.

    Cost: 37 statements.

    Raises:
        NoDraft: there is none.
    """
    plan_id = queries.newest(monday, PlanState.DRAFT)
    if plan_id is None:
        raise NoDraft
    plan, visits = queries.whole_plan(plan_id), queries.visits_of_plan(plan_id)
    after = show.picture_of(plan, visits, queries.names())
    before = _published_picture(monday)
    sites = {visit.id: visit.site.label for visit in visits}
    broken = [asdict(one) for one in judged(Week(week_facts.read(monday)), plan).breaches]
    return PublishPage(
        title=_("Publish draft %(number)s", number=plan.number), crumbs=_crumbs(monday),
        week=queries.week_name(monday), monday=monday, changes=differences(before, after),
        is_first=before is None,
        breaches=(*elsewhere.lines(elsewhere.clashes(plan.rounds, plan.book)),
                  *breach_lines(broken, sites, monday)),
        left=len(after.left), seen=fingerprint(to_bytes(after)),
    )  # fmt: skip


def _published_picture(monday: date) -> Picture | None:
    done = [v for v in queries.versions(monday) if v.state == PlanState.PUBLISHED]
    if not done:
        return None
    return show.published_picture(queries.published(monday, done[-1].number))


def day_page(day: date) -> DayPage:
    """The rounds of a day as published. Cost: five statements."""
    names, monday = queries.names(), clock.monday_of(day)
    rounds = []
    for one in queries.published_rounds(day):
        rows = tuple(
            DayRow(
                url_for("rounds.visit", monday=monday, visit_id=stop.visit_id),
                clock_time(stop.starts), clock_time(stop.ends), stop.visit.site.label,
                stop.visit.site.kind, stop.visit.site.is_secret,
                services_text(show.shown_visit(stop.visit, names)),
                status_word(stop.visit.status),
            )
            for stop in one.stops
        )  # fmt: skip
        times = span(one.leaves, one.returns)
        rounds.append(
            DayRound(
                one.team_letter, ", ".join(one.members), one.vehicle, times,
                duration(one.travel_minutes), rows,
            )
        )  # fmt: skip
    return DayPage(
        title=long_day(day), crumbs=_crumbs(monday), rounds=tuple(rounds),
        previous_url=url_for("rounds.day", day=day - timedelta(days=1)),
        next_url=url_for("rounds.day", day=day + timedelta(days=1)),
        week_url=url_for("rounds.week", monday=monday),
    )  # fmt: skip
