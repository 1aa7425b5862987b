"""The door to the solver: a week's facts become a problem, its plan becomes our own data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import solver
from outreach.core.errors import OutreachError
from outreach.rounds.answer import Answer, Breach, Left, Leg, Timed
from outreach.rounds.facts import (
    Needs,
    PlacedRound,
    PlacedStop,
    ShiftFacts,
    SiteFacts,
    VisitFacts,
    WeekFacts,
)
from outreach.rounds.remedies import parts_of
from outreach.rounds.rules import (
    DAYS,
    Begun,
    apart,
    bars,
    begun,
    days_of,
    held_kits,
    is_cleared,
    windows_of,
)
from outreach.rounds.why import is_too_near, sharper
from outreach.sites.rules import OpenWindow
from outreach.sites.travel import Point, matrix
from outreach.visits.models import VisitStatus

Sequences = Mapping[str, Sequence[str]]
"""Visit ids in order, by shift id."""

_SKIP_COST = {1: 2400, 2: 1600, 3: 1000, 4: 700, 5: 500}


class PlanBreaksRules(OutreachError):
    """The solver's plan breaks a hard rule; it is not stored."""

    code = "plan-breaks-rules"


class Week:
    """A week's facts with the problem made of them."""

    def __init__(self, facts: WeekFacts, *, keep_published: bool = True) -> None:
        self.facts = facts
        self.shifts = {shift.id: shift for shift in facts.shifts}
        statuses = {visit.id: visit.status for visit in facts.visits}
        self.begun = begun(facts.published or (), statuses, facts.now)
        self._held = held_kits(facts, self.begun)
        self._number: dict[str, int] = {}
        self._points = self._locate()
        self.left_before = self._without_place()
        self.problem = self._problem(keep_published=keep_published)

    def _locate(self) -> list[Point]:
        depots = list(dict.fromkeys(shift.depot for shift in self.facts.shifts))
        points = [Point(*depot) for depot in depots]
        self._depots = {depot: number for number, depot in enumerate(depots)}
        for site in self.facts.sites.values():
            if site.position is not None:
                self._number[site.id] = len(points)
                points.append(Point(*site.position, site.access_minutes, site.is_secret))
        return points

    def _without_place(self) -> tuple[Left, ...]:
        return tuple(
            Left(v.id, ({"code": "no_position", "detail": {}},))
            for v in self.facts.visits
            if v.site_id not in self._number
        )

    def _problem(self, *, keep_published: bool) -> solver.Problem:
        visits = tuple(self._visit(v) for v in self.facts.visits if self._is_open(v))
        return solver.Problem(
            days=tuple(day.isoformat() for day in days_of(self.facts.monday)),
            profiles=self._profiles(),
            shifts=tuple(self._shift(shift) for shift in self.facts.shifts),
            visits=visits,
            kits=dict(self.facts.kits),
            baseline=self._baseline({v.id for v in visits}, keep_published=keep_published),
            frozen_until=self._frozen_until(),
        )

    def _is_open(self, visit: VisitFacts) -> bool:
        """Whether it stands in the problem: it has a position, and is still to come or was."""
        is_known = visit.site_id in self._number
        return is_known and (visit.status == VisitStatus.PLANNED or visit.id in self.begun)

    def _frozen_until(self) -> solver.Frozen | None:
        now = self.facts.now
        if now.date() < self.facts.monday:
            return None
        day = (now.date() - self.facts.monday).days
        minute = now.hour * 60 + now.minute
        return solver.Frozen(min(day, DAYS - 1), minute if day < DAYS else 24 * 60)

    def _profiles(self) -> dict[str, solver.Profile]:
        """Travel by vehicle; two cars may differ in grams per kilometre."""
        kinds = {_kind(s): (s.profile, s.grams_per_km) for s in self.facts.shifts}
        travel = {name: matrix(self._points, name) for name, _grams in kinds.values()}
        lists = {name: (m.minutes.tolist(), m.metres.tolist()) for name, m in travel.items()}
        return {
            key: solver.Profile(*lists[name], grams_per_km=grams)
            for key, (name, grams) in kinds.items()
        }

    def _shift(self, shift: ShiftFacts) -> solver.Shift:
        rest = None
        if shift.break_minutes:
            rest = solver.Break(shift.break_minutes, shift.break_from, shift.break_to)
        depot = self._depots[shift.depot]
        skills = {code for person in shift.people for code in person.skills_on(shift.day)}
        cleared = tuple(
            site.code
            for site in self.facts.sites.values()
            if site.needs_clearance and is_cleared(site, shift.people, shift.day)
        )
        return solver.Shift(
            id=shift.id, team=shift.letter, day=shift.day.weekday(), start=shift.starts,
            end=shift.ends, overtime=shift.overtime, from_location=depot, to_location=depot,
            profile=_kind(shift), people=len(shift.people), skills=tuple(sorted(skills)),
            kit_slots=shift.kit_slots, clearances=cleared, break_=rest,
        )  # fmt: skip

    def _visit(self, visit: VisitFacts) -> solver.Visit:
        site = self.facts.sites[visit.site_id]
        if visit.id in self.begun:
            return self._begun_visit(visit, self.begun[visit.id])
        needs = [self.facts.services.get(code, Needs((), ())) for code in visit.services]
        terms = visit.terms
        windows = apart(visit, windows_of(visit, site, self.facts.monday), self.facts.monday)
        pin, is_lost = self._pin(visit)
        return solver.Visit(
            id=visit.id,
            location=self._number[visit.site_id],
            service_minutes=visit.service_minutes,
            setup_minutes=visit.setup_minutes,
            windows=tuple(_window(w) for w in windows),
            skills=tuple(sorted({skill for need in needs for skill in need.skills})),
            kits=tuple(sorted({kit for need in needs for kit in need.kits})),
            people=visit.people,
            crews=visit.crews,
            clearance=site.code if site.needs_clearance else None,
            priority=visit.priority,
            skip_cost=_SKIP_COST[visit.priority],
            allowed_shifts=() if is_lost else None,
            forbidden_shifts=self._forbidden(site),
            preferred_teams=(terms.preferred_team,) if terms.preferred_team else (),
            pin=pin,
            series=visit.owner,
            min_gap_days=max(1, terms.min_gap_days),
        )

    def _begun_visit(self, visit: VisitFacts, places: list[Begun]) -> solver.Visit:
        """What has begun keeps its place, whatever rules have changed since."""
        first = places[0]
        return solver.Visit(
            id=visit.id, location=self._number[visit.site_id],
            service_minutes=visit.service_minutes, setup_minutes=visit.setup_minutes,
            windows=tuple(
                solver.Window(p.day.weekday(), p.starts, p.ends) for p in places[:1]
            ),
            people=0, crews=len(places), priority=1, skip_cost=10 * _SKIP_COST[1],
            allowed_shifts=tuple(p.shift for p in places if p.shift in self.shifts),
            pin=solver.Pin(first.day.weekday(), first.letter, first.starts),
            kits=self._held[visit.id],
        )  # fmt: skip

    def _forbidden(self, site: SiteFacts) -> tuple[str, ...]:
        return tuple(shift.id for shift in self.facts.shifts if bars(site, shift))

    def _pin(self, visit: VisitFacts) -> tuple[solver.Pin | None, bool]:
        """What is locked, and whether it cannot be kept: another week, or no such team."""
        day, team, start = visit.pin
        if day is None:
            return None, False
        number = (day - self.facts.monday).days
        teams = {shift.letter for shift in self.facts.shifts}
        if not 0 <= number < DAYS or (team is not None and team not in teams):
            return None, True
        return solver.Pin(number, team, start), False

    def _baseline(self, known: set[str], *, keep_published: bool) -> solver.Plan | None:
        """The published plan, or only what of it has begun."""
        if self.facts.published is None:
            return None
        routes = []
        for round_ in self.facts.published:
            stops = tuple(
                solver.Stop(s.visit_id, s.arrives, s.starts, s.ends)
                for s in round_.stops
                if s.visit_id in known and (keep_published or s.visit_id in self.begun)
            )
            if stops and round_.shift in self.shifts:
                rest = solver.Rest(*round_.rest) if round_.rest else None
                routes.append(
                    solver.Route(
                        round_.shift, stops, rest, round_.kits, round_.leaves, round_.returns
                    )
                )
        return solver.Plan("", tuple(routes), (), {})

    # What the solver is asked

    def as_json(self) -> bytes:
        """The problem for the solver's command line."""
        return json.dumps(solver.problem_to_json(self.problem), ensure_ascii=False).encode()

    def solved(self, seconds: float, seed: int = 0) -> Answer:
        """A plan made here and now.

        Raises:
            PlanBreaksRules: the plan breaks a hard rule.
        """
        plan = solver.solve(self.problem, stop=solver.After(seconds), seed=seed)
        return self.sound(self.answer(plan, explain=True))

    def read(self, plan: Mapping[str, Any], *, explain: bool) -> Answer:
        """The plan that the solver's command line wrote.

        Raises:
            PlanBreaksRules: the plan breaks a hard rule.
        """
        return self.sound(self.answer(solver.plan_from_json(plan), explain=explain))

    def sound(self, answer: Answer) -> Answer:
        """The same answer, if it keeps every hard rule.

        Raises:
            PlanBreaksRules: it does not.
        """
        if answer.breaches:
            first = answer.breaches[0]
            raise PlanBreaksRules(
                "The plan breaks the rule %(rule)s and was not kept.", rule=first.rule,
                shift=first.shift, visit=first.visit_id,
            )  # fmt: skip
        return answer

    def timed(self, sequences: Sequences) -> Answer:
        """Times and breaches of a hand-made plan."""
        routes = [(s, list(ids)) for s, ids in sequences.items() if s in self.shifts]
        plan = solver.evaluate(self.problem, routes, is_named=False)
        return self.answer(plan, explain=False)

    def judged(self, rounds: Iterable[PlacedRound]) -> Answer:
        """What is broken by a stored plan, with the times that it has.

        Teams that do not go out any more, and visits that are not due any more, break a rule too.
        """
        due = {visit.id for visit in self.problem.visits}
        kept, gone = list[solver.Route](), list[Breach]()
        for one in rounds:
            lost = [s.visit_id for s in one.stops if s.visit_id not in due]
            gone += [Breach("known", visit_id, one.shift, 1) for visit_id in lost]
            if one.shift in self.shifts:
                kept.append(_route(one, but=lost))
            elif one.stops:
                gone.append(Breach("known", None, one.shift, 1))
        plan = solver.Plan("", tuple(route for route in kept if route.stops), (), {})
        answer = self.answer(plan, explain=False)
        return replace(answer, breaches=(*gone, *answer.breaches))

    def best_position(self, shift_id: str, visit_ids: Sequence[str], visit_id: str) -> int:
        """Where in a round a visit breaks least and costs least."""
        ids = {*visit_ids, visit_id}
        part = replace(
            self.problem,
            visits=tuple(_alone(v, shift_id) for v in self.problem.visits if v.id in ids),
            shifts=tuple(s for s in self.problem.shifts if s.id == shift_id),
        )

        def price(position: int) -> tuple[float, float]:
            order = [*visit_ids[:position], visit_id, *visit_ids[position:]]
            plan = solver.evaluate(part, [(shift_id, order)], is_named=False)
            hard = solver.check(part, plan).hard
            return sum(max(1, f.amount) for f in hard), plan.cost["total"]

        return min(range(len(visit_ids) + 1), key=price)

    def answer(self, plan: solver.Plan, *, explain: bool) -> Answer:
        """A plan of the solver as our own data, judged by its independent checker."""
        report = solver.check(self.problem, plan)
        left = self._explained(plan) if explain else [Left(u.visit, ()) for u in plan.unserved]
        return Answer(
            rounds=tuple(self._timed(route) for route in plan.routes if route.stops),
            left=(*left, *self.left_before),
            breaches=tuple(Breach(f.rule, f.visit, f.shift, f.amount) for f in report.hard),
            cost=dict(plan.cost),
            engine=plan.engine,
        )

    def explained(self, answer: Answer) -> Answer:
        """The same answer with the reasons of what is left out.

        Hand-made rounds that break a rule are explained on an empty board, without cures.
        """
        routes = () if answer.breaches else tuple(_route(t.placed) for t in answer.rounds)
        known = {v.id for v in self.problem.visits}
        left = [solver.Unserved(one.visit_id) for one in answer.left if one.visit_id in known]
        found = self._explained(solver.Plan("", routes, tuple(left), {}))
        if answer.breaches:
            found = [replace(one, cures=()) for one in found]
        return replace(answer, left=(*found, *self.left_before))

    def cures(self, rounds: Iterable[PlacedRound], visit_id: str) -> tuple[dict[str, Any], ...]:
        """What would help a visit that these rounds leave out."""
        plan = solver.Plan("", self._routes(rounds), (solver.Unserved(visit_id),), {})
        return self._explained(plan)[0].cures

    def inserted(
        self, rounds: Iterable[PlacedRound], visit_id: str, instead: Iterable[str]
    ) -> Answer | None:
        """The rounds with one visit more, and without those that yield; None: no place."""
        gone = set(instead)
        visits = (replace(v, allowed_shifts=()) if v.id in gone else v for v in self.problem.visits)
        problem = replace(self.problem, visits=tuple(visits))
        made = solver.insert(problem, solver.Plan("", self._routes(rounds), (), {}), visit_id)
        return self.explained(self.answer(made, explain=False)) if made is not None else None

    def _routes(self, rounds: Iterable[PlacedRound]) -> tuple[solver.Route, ...]:
        """Stored rounds, as far as their teams and visits are known now."""
        known = {visit.id for visit in self.problem.visits}
        return tuple(
            replace(route, stops=tuple(s for s in route.stops if s.visit in known))
            for route in map(_route, rounds) if route.shift in self.shifts
        )  # fmt: skip

    def _explained(self, plan: solver.Plan) -> list[Left]:
        found, visits = [], {visit.id: visit for visit in self.facts.visits}
        for one in solver.explain(self.problem, plan):
            data = solver.explanation_to_json(one)
            visit = visits[one.visit]
            is_lost = self._pin(visit)[1]
            reasons = (sharper(self.facts, visit, r, is_lost=is_lost) for r in data["reasons"])
            for cure in data["cures"]:
                cure["parts"] = list(parts_of(self.problem, one.visit, cure["patch"]))
            cures = (c for c in data["cures"] if not is_too_near(self.facts, visit, c["parts"]))
            found.append(Left(one.visit, tuple(reasons), tuple(cures)))
        return found

    def _timed(self, route: solver.Route) -> Timed:
        shift = self.shifts[route.shift]
        visits = {visit.id: visit for visit in self.problem.visits}
        profile = self.problem.profiles[_kind(shift)]
        depot = self._depots[shift.depot]
        places = [depot, *(visits[s.visit].location for s in route.stops), depot]
        legs = tuple(Leg(profile.minutes[a][b], profile.metres[a][b]) for a, b in pairwise(places))
        grams = round(sum(leg.metres for leg in legs) * shift.grams_per_km / 1000)
        return Timed(shift, _placed(route, shift), legs, grams)


def is_fallback(engine: str) -> bool:
    """Whether a plan comes from the engine that serves where the compiled core is missing."""
    return engine == solver.FALLBACK


def _kind(shift: ShiftFacts) -> str:
    return f"{shift.profile}|{shift.grams_per_km:g}"


def _window(window: OpenWindow) -> solver.Window:
    return solver.Window(window.day, window.starts, window.ends)


def _placed(route: solver.Route, shift: ShiftFacts) -> PlacedRound:
    rest = (route.break_.start, route.break_.end) if route.break_ else None
    stops = tuple(PlacedStop(s.visit, s.arrive, s.start, s.end) for s in route.stops)
    return PlacedRound(shift.letter, shift.day, stops, route.leave, route.return_, route.kits, rest)


def _route(placed: PlacedRound, but: Sequence[str] = ()) -> solver.Route:
    stops = tuple(
        solver.Stop(s.visit_id, s.arrives, s.starts, s.ends)
        for s in placed.stops
        if s.visit_id not in but
    )
    rest = solver.Rest(*placed.rest) if placed.rest else None
    return solver.Route(placed.shift, stops, rest, placed.kits, placed.leaves, placed.returns)


def _alone(visit: solver.Visit, shift_id: str) -> solver.Visit:
    """A visit as one shift sees it, without what names other visits and shifts."""
    pin = visit.pin
    if pin is not None and pin.team is not None and not shift_id.startswith(f"{pin.team}-"):
        pin = None
    return replace(
        visit, after=(), together_with=None, allowed_shifts=None, forbidden_shifts=(), pin=pin
    )
