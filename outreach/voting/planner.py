"""The door to the solver: an election's sprint becomes a problem, its plan becomes our own data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import solver
from outreach.rounds.answer import Answer, Breach, Left, Leg, Timed
from outreach.rounds.facts import PlacedRound, PlacedStop, ShiftFacts
from outreach.rounds.rules import bars, is_cleared
from outreach.rulesets.law import TeamRule
from outreach.sites.travel import Point, matrix
from outreach.voting import pairing
from outreach.voting.judging import (
    PlanBreaksLaw,
    PlanBreaksRules,
    begun,
    blocks,
    placed_shift,
    shift_id,
)
from outreach.voting.riders import Lack, Rider
from outreach.voting.sprint import SessionFacts, SprintFacts, is_open

_SKILL = "receiver"
_SKIP_COST = 2400


# Teams


def _rule(rule: TeamRule) -> solver.CrewRule:
    roles = tuple(solver.RoleLimit(one.role, one.min, one.max) for one in rule.roles)
    return solver.CrewRule(
        rule.size_min, rule.size_max, roles, tuple(rule.distinct), rule.same_vehicle
    )


def _member(rider: Rider) -> solver.Member:
    return solver.Member(rider.id, rider.role, rider.attributes, rider.days, "", rider.is_reserve)


def crews(
    rule: TeamRule, riders: Iterable[Rider], asked: Mapping[int, int], days: Sequence[date]
) -> tuple[list[tuple[int, int, tuple[str, ...]]], list[Lack]]:
    """Day, slot and members of each team; and what stands in the way of more."""
    made = solver.form_crews(map(_member, riders), asked, _rule(rule))
    lacks = [
        Lack(days[s.day], s.asked, s.made, s.code, s.name, s.has, s.needs) for s in made.shortfalls
    ]
    return [(crew.day, crew.slot, crew.members) for crew in made.crews], lacks


def is_legal(rule: TeamRule, riders: Iterable[Rider]) -> bool:
    """Whether these people make a legal team."""
    return solver.is_legal([_member(rider) for rider in riders], _rule(rule))


# The sprint


class Sprint:
    """The facts of a sprint with the problem made of them.

    ``problem`` has a visit for each session. ``as_json`` is what the search is given: there two
    parts of a home that is served by several teams at once are one visit of two crews, and
    reserve days are closed.
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
                routes.append(replace(_route(round_), stops=stops))
        return solver.Plan("", tuple(routes), (), {})

    # What the search is asked

    def _asked(self) -> solver.Problem:
        seconds = set(self._pairs.values())
        only = pairing.one_day_each(self.facts, self._parts)
        visits = []
        for visit in self.problem.visits:
            if visit.id in seconds:
                continue
            one = self._narrowed(visit, only.get(self._known[visit.id].site_id))
            if visit.id in self._pairs:
                other = self._known[self._pairs[visit.id]]
                longer = max(one.service_minutes, other.service)
                one = replace(one, crews=2, service_minutes=longer)
            visits.append(one)
        baseline = self.problem.baseline
        if baseline is not None:
            first = {second: one for one, second in self._pairs.items()}
            routes = tuple(
                replace(r, stops=tuple(replace(s, visit=first.get(s.visit, s.visit))
                                       for s in r.stops))
                for r in baseline.routes
            )  # fmt: skip
            baseline = replace(baseline, routes=routes)
        return replace(self.problem, visits=tuple(visits), baseline=baseline)

    def _narrowed(self, visit: solver.Visit, only: date | None) -> solver.Visit:
        """Without reserve days; on one day alone where three teams or more share a home."""
        if visit.id in self.begun:
            return visit
        kept = {self._day(day) for day in self.facts.reserved}
        pinned = visit.pin.day if visit.pin is not None else None
        number = None if only is None else self._day(only)
        return replace(
            visit,
            windows=tuple(
                w for w in visit.windows
                if (w.day not in kept or w.day == pinned) and number in (None, w.day)
            ),
        )  # fmt: skip

    def as_json(self) -> bytes:
        """The problem for the solver's command line."""
        return json.dumps(solver.problem_to_json(self._asked()), ensure_ascii=False).encode()

    def searched(self, aim: str, seconds: float, seed: int = 0) -> tuple[Answer, Mapping[str, Any]]:
        """A plan made here and now, and what the search says of it.

        Raises:
            PlanBreaksRules, PlanBreaksLaw: the plan breaks a hard rule, or the law.
        """
        asked: Any = aim
        found = solver.sprint(self._asked(), asked, budget=solver.Budget(seconds), seed=seed)
        about = {
            "aim": found.aim, "teams": found.teams, "days": found.days, "bound": found.bound,
            "complete": found.is_complete,
        }  # fmt: skip
        return self.sound(self.answer(self._apart(found.plan), explain=True)), about

    def read(self, plan: Mapping[str, Any], *, explain: bool) -> Answer:
        """The plan that the solver's command line wrote.

        Raises:
            PlanBreaksRules, PlanBreaksLaw: the plan breaks a hard rule, or the law.
        """
        plain = {name: value for name, value in plan.items() if name != "sprint"}
        found = self._apart(solver.plan_from_json(plain))
        return self.sound(self.answer(found, explain=explain))

    def _apart(self, plan: solver.Plan) -> solver.Plan:
        """Each part of a pair with its own team and its own length."""
        met: set[str] = set()
        routes = []
        for route in sorted(plan.routes, key=lambda one: one.shift):
            stops = []
            for stop in route.stops:
                id_ = self._pairs[stop.visit] if stop.visit in met else stop.visit
                if stop.visit in self._pairs:
                    met.add(stop.visit)
                one = self._known[id_]
                long = one.setup + one.service if id_ not in self.begun else stop.end - stop.start
                stops.append(replace(stop, visit=id_, end=stop.start + long))
            routes.append(replace(route, stops=tuple(stops)))
        second = [self._pairs[u.visit] for u in plan.unserved if u.visit in self._pairs]
        left = [*plan.unserved, *map(solver.Unserved, second)]
        return replace(plan, routes=tuple(routes), unserved=tuple(left))

    def sound(self, answer: Answer) -> Answer:
        """The same answer, if it keeps every hard rule and the law.

        Raises:
            PlanBreaksRules, PlanBreaksLaw: it does not.
        """
        if answer.breaches:
            first = answer.breaches[0]
            raise PlanBreaksRules(
                "The plan breaks the rule %(rule)s and was not kept.", rule=first.rule,
                shift=first.shift, visit=first.visit_id,
            )  # fmt: skip
        found = blocks(self.facts, (t.placed for t in answer.rounds))
        if found:
            raise PlanBreaksLaw(
                "The plan breaks the law and was not kept: %(rule)s.", rule=found[0].rule
            )
        return answer

    # What a plan is

    def answer(self, plan: solver.Plan, *, explain: bool) -> Answer:
        """A plan of the solver as our own data, judged by its independent checker."""
        report = solver.check(self.problem, plan)
        left = self._explained(plan) if explain else [Left(u.visit, ()) for u in plan.unserved]
        return Answer(
            rounds=tuple(self._timed(route) for route in plan.routes if route.stops),
            left=(*left, *self.left_before),
            breaches=tuple(Breach(f.rule, f.visit, f.shift, f.amount) for f in report.hard),
            cost=dict(plan.cost) or dict(report.cost),
            engine=plan.engine,
        )

    def timed(self, order: Mapping[str, Sequence[str]]) -> Answer:
        """Times and breaches of a hand-made plan."""
        routes = [(shift, list(ids)) for shift, ids in order.items() if shift in self.shifts]
        return self.answer(solver.evaluate(self.problem, routes), explain=False)

    def judged(self, rounds: Iterable[PlacedRound]) -> Answer:
        """What is broken by a stored plan, with the times that it has."""
        due = {visit.id for visit in self.problem.visits}
        kept, gone = list[solver.Route](), list[Breach]()
        for one in rounds:
            lost = {s.visit_id for s in one.stops if s.visit_id not in due}
            gone += [Breach("known", id_, placed_shift(one), 1) for id_ in sorted(lost)]
            stops = tuple(s for s in one.stops if s.visit_id not in lost)
            if placed_shift(one) in self.shifts:
                kept.append(_route(replace(one, stops=stops)))
            elif stops:
                gone.append(Breach("known", None, placed_shift(one), 1))
        plan = solver.Plan("", tuple(route for route in kept if route.stops), (), {})
        answer = self.answer(plan, explain=False)
        return replace(answer, breaches=(*gone, *answer.breaches))

    def explained(self, answer: Answer) -> Answer:
        """The same answer with the reasons of what is left out."""
        known = {visit.id for visit in self.problem.visits}
        routes = () if answer.breaches else tuple(_route(t.placed) for t in answer.rounds)
        left = [solver.Unserved(one.visit_id) for one in answer.left if one.visit_id in known]
        found = self._explained(solver.Plan("", routes, tuple(left), {}))
        return replace(answer, left=(*found, *self.left_before))

    def best_position(self, shift: str, ids: Sequence[str], visit_id: str) -> int:
        """Where in a round a session breaks least and costs least."""

        def price(position: int) -> tuple[float, float]:
            order = [*ids[:position], visit_id, *ids[position:]]
            plan = solver.evaluate(self.problem, [(shift, order)])
            hard = [f for f in solver.check(self.problem, plan).hard if f.shift in (shift, None)]
            return sum(max(1, f.amount) for f in hard), plan.cost["travel_minutes"]

        return min(range(len(ids) + 1), key=price)

    def _explained(self, plan: solver.Plan) -> list[Left]:
        found = []
        for one in solver.explain(self.problem, plan):
            data = solver.explanation_to_json(one)
            site = self.facts.sites[self._known[one.visit].site_id]
            reasons = tuple(
                {"code": r["code"], "detail": {**r["detail"], "site": site.label}}
                for r in data["reasons"]
            )
            found.append(Left(one.visit, reasons))
        return found

    def _timed(self, route: solver.Route) -> Timed:
        shift = self.shifts[route.shift]
        profile = self.problem.profiles["car"]
        depot = self._depots[shift.depot]
        places = [depot, *(self._number[stop.visit] for stop in route.stops), depot]
        legs = tuple(Leg(profile.minutes[a][b], profile.metres[a][b]) for a, b in pairwise(places))
        grams = round(sum(leg.metres for leg in legs) * shift.grams_per_km / 1000)
        return Timed(shift, _placed(route, shift), legs, grams)


def _placed(route: solver.Route, shift: ShiftFacts) -> PlacedRound:
    rest = (route.break_.start, route.break_.end) if route.break_ else None
    at = tuple(PlacedStop(s.visit, s.arrive, s.start, s.end) for s in route.stops)
    return PlacedRound(shift.letter, shift.day, at, route.leave, route.return_, route.kits, rest)


def _route(placed: PlacedRound) -> solver.Route:
    stops = tuple(solver.Stop(s.visit_id, s.arrives, s.starts, s.ends) for s in placed.stops)
    rest = solver.Rest(*placed.rest) if placed.rest else None
    return solver.Route(
        placed_shift(placed), stops, rest, placed.kits, placed.leaves, placed.returns
    )
