"""From a sprint's facts to the solver's problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import solver
from outreach.rounds.answer import Left
from outreach.rounds.facts import PlacedRound, ShiftFacts
from outreach.rounds.rules import bars, is_cleared
from outreach.sites.travel import Point, matrix
from outreach.voting import pairing
from outreach.voting.judging import (
    begun,
    placed_shift,
    shift_id,
)
from outreach.voting.sprint import SessionFacts, SprintFacts, is_open

_SKILL = "receiver"
_SKIP_COST = 2400


class Posed:
    """The facts of a sprint with the problem made of them.

    ``problem`` has a visit for each session.
    """

    def __init__(self, given: SprintFacts, *, keep_published: bool = True) -> None:
        self.facts = given
        self.shifts = {shift_id(shift): shift for shift in given.shifts}
        self._keep_published = keep_published
        self._known = {one.visit_id: one for one in given.sessions}
        self.begun = begun(given)
        self._depots = {
            depot: n for n, depot in enumerate(dict.fromkeys(s.depot for s in given.shifts))
        }
        self._number: dict[str, int] = {}
        self._points = self._locate()
        self.left_before = tuple(
            Left(one.visit_id, ({"code": "no_position", "detail": {}},))
            for one in given.sessions
            if given.sites[one.site_id].position is None and not one.is_surplus
        )
        self.problem = self._problem([self._visit(one) for one in self._planned()])
        self._parts = pairing.parts_of_crews(self._planned())
        self._pairs = pairing.pairs(self._parts, self.begun)

    def _locate(self) -> list[Point]:
        """Each session has a place of its own: none pays set-up for another at the same site."""
        points = [Point(*depot) for depot in self._depots]
        for one in self.facts.sessions:
            site = self.facts.sites[one.site_id]
            if site.position is not None:
                self._number[one.visit_id] = len(points)
                points.append(Point(*site.position, site.access_minutes, site.is_secret))
        return points

    def _planned(self) -> list[SessionFacts]:
        """What stands in the problem: open and wanted, or begun."""
        located = (one for one in self.facts.sessions if one.visit_id in self._number)
        return [o for o in located if o.visit_id in self.begun or (is_open(o) and not o.is_surplus)]

    def _problem(self, visits: Sequence[solver.Visit]) -> solver.Problem:
        travel = matrix(self._points, "car")
        grams = self.facts.shifts[0].grams_per_km if self.facts.shifts else 0.0
        profile = solver.Profile(
            tuple(map(tuple, travel.minutes.tolist())), tuple(map(tuple, travel.metres.tolist())),
            grams_per_km=grams,
        )  # fmt: skip
        return solver.Problem(
            days=tuple(day.isoformat() for day in self.facts.days),
            profiles={"car": profile},
            shifts=tuple(self._shift(id_, shift) for id_, shift in self.shifts.items()),
            visits=tuple(visits),
            kits={kit: self.facts.kits.get(kit, 0) for kit in self.facts.needs_kits},
            baseline=self._baseline({visit.id for visit in visits}),
            frozen_until=self._frozen_until(),
        )

    def _frozen_until(self) -> solver.Frozen | None:
        now, days = self.facts.now, self.facts.days
        if now.date() < days[0]:
            return None
        if now.date() > days[-1]:
            return solver.Frozen(len(days) - 1, 24 * 60)
        return solver.Frozen((now.date() - days[0]).days, now.hour * 60 + now.minute)

    def _day(self, day: date) -> int:
        return (day - self.facts.days[0]).days

    def _shift(self, id_: str, shift: ShiftFacts) -> solver.Shift:
        rest = None
        if shift.break_minutes:
            rest = solver.Break(shift.break_minutes, shift.break_from, shift.break_to)
        cleared = tuple(
            site.code for site in self.facts.sites.values()
            if site.needs_clearance and is_cleared(site, shift.people, shift.day)
        )  # fmt: skip
        depot = self._depots[shift.depot]
        return solver.Shift(
            id=id_, team=shift.letter, day=self._day(shift.day), start=shift.starts,
            end=shift.ends, overtime=shift.overtime, from_location=depot, to_location=depot,
            people=len(shift.people), skills=(_SKILL,), clearances=cleared, break_=rest,
        )  # fmt: skip

    def _visit(self, one: SessionFacts) -> solver.Visit:
        site = self.facts.sites[one.site_id]
        if one.visit_id in self.begun:
            return self._begun_visit(one)
        pin, is_lost = self._pin(one)
        return solver.Visit(
            id=one.visit_id, location=self._number[one.visit_id],
            service_minutes=one.service, setup_minutes=one.setup,
            windows=tuple(solver.Window(w.day, w.starts, w.ends) for w in one.windows),
            skills=(_SKILL,), kits=self.facts.needs_kits, people=max(2, site.people),
            clearance=site.code if site.needs_clearance else None, priority=1,
            skip_cost=_SKIP_COST, allowed_shifts=() if is_lost else None,
            forbidden_shifts=tuple(i for i, shift in self.shifts.items() if bars(site, shift)),
            pin=pin, series=one.site_id if one.way == "dates" and one.parts > 1 else None,
            min_gap_days=one.min_gap_days if one.way == "dates" and one.parts > 1 else 0,
        )  # fmt: skip

    def _begun_visit(self, one: SessionFacts) -> solver.Visit:
        """What has begun keeps its place, whatever rules have changed since."""
        round_, stop = self.begun[one.visit_id]
        day = self._day(round_.day)
        return solver.Visit(
            id=one.visit_id, location=self._number[one.visit_id], service_minutes=one.service,
            setup_minutes=max(0, stop.ends - stop.starts - one.service), people=0, priority=1,
            windows=(solver.Window(day, stop.starts, stop.ends),), skip_cost=10 * _SKIP_COST,
            allowed_shifts=tuple(i for i in (placed_shift(round_),) if i in self.shifts),
            pin=solver.Pin(day, round_.letter, stop.starts),
        )  # fmt: skip

    def _pin(self, one: SessionFacts) -> tuple[solver.Pin | None, bool]:
        """What is locked, and whether it cannot be kept: no such day or team."""
        day, team, start = one.pin
        if day is None:
            return None, False
        number = self._day(day)
        teams = {shift.letter for shift in self.facts.shifts}
        if not 0 <= number < len(self.facts.days) or (team is not None and team not in teams):
            return None, True
        return solver.Pin(number, team, start), False

    def _baseline(self, known: set[str]) -> solver.Plan | None:
        if self.facts.published is None:
            return None
        routes = []
        for round_ in self.facts.published:
            stops = tuple(
                solver.Stop(s.visit_id, s.arrives, s.starts, s.ends)
                for s in round_.stops
                if s.visit_id in known and (self._keep_published or s.visit_id in self.begun)
            )
            if stops and placed_shift(round_) in self.shifts:
                routes.append(replace(route(round_), stops=stops))
        return solver.Plan("", tuple(routes), (), {})


def route(placed: PlacedRound) -> solver.Route:
    """A stored round as the solver sees it."""
    stops = tuple(solver.Stop(s.visit_id, s.arrives, s.starts, s.ends) for s in placed.stops)
    rest = solver.Rest(*placed.rest) if placed.rest else None
    return solver.Route(
        placed_shift(placed), stops, rest, placed.kits, placed.leaves, placed.returns
    )
