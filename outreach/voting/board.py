"""The picture of a week of a sprint: cards that say votes, barred days, figures, the tray."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core import calendar, clock
from outreach.core.i18n import duration, language, number
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.elections.queries import SiteRow
from outreach.people import queries as people
from outreach.receivers import queries as receivers
from outreach.rounds import queries as rounds
from outreach.rounds import show, words
from outreach.rounds.board import Board, Crew, Figure, Live, TrayItem, board, lock_of
from outreach.rounds.models import Plan, PlanState
from outreach.rounds.picture import Picture, ShownLeft, ShownVisit
from outreach.rulesets.facts import Finding, Level, Outcome
from outreach.rulesets.law import Law
from outreach.visits.models import VisitStatus
from outreach.voting import openings, queries
from outreach.voting.models import VotingSession, VotingTeam


def whole_board(
    election: Election, law: Law,
    stored: tuple[Sequence[Plan], Sequence[VotingSession], Sequence[VotingTeam]],
    at: tuple[date, Sequence[Finding]],
) -> Board:  # fmt: skip
    """The board of a week: of plans, sessions and teams, with what the law says of them."""
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
