"""What the solver is asked about a sprint, and its plan as our own data."""

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
from outreach.voting import pairing
from outreach.voting.judging import (
    PlanBreaksLaw,
    PlanBreaksRules,
    blocks,
    placed_shift,
)
from outreach.voting.planner.problem import Posed, route


class Sprint(Posed):
    """A sprint that can be searched, timed and judged.

    ``as_json`` is what the search is given: there two parts of a home that is served by several
    teams at once are one visit of two crews, and reserve days are closed.
    """

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
        for driven in sorted(plan.routes, key=lambda one: one.shift):
            stops = []
            for stop in driven.stops:
                id_ = self._pairs[stop.visit] if stop.visit in met else stop.visit
                if stop.visit in self._pairs:
                    met.add(stop.visit)
                one = self._known[id_]
                long = one.setup + one.service if id_ not in self.begun else stop.end - stop.start
                stops.append(replace(stop, visit=id_, end=stop.start + long))
            routes.append(replace(driven, stops=tuple(stops)))
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
            rounds=tuple(self._timed(one) for one in plan.routes if one.stops),
            left=(*left, *self.left_before),
            breaches=tuple(Breach(f.rule, f.visit, f.shift, f.amount) for f in report.hard),
            cost=dict(plan.cost) or dict(report.cost),
            engine=plan.engine,
        )

    def timed(self, order: Mapping[str, Sequence[str]]) -> Answer:
        """Times and breaches of a hand-made plan."""
        routes = [(shift, list(ids)) for shift, ids in order.items() if shift in self.shifts]
        plan = solver.evaluate(self.problem, routes, is_named=False)
        return self.answer(plan, explain=False)

    def judged(self, rounds: Iterable[PlacedRound]) -> Answer:
        """What is broken by a stored plan, with the times that it has."""
        due = {visit.id for visit in self.problem.visits}
        kept, gone = list[solver.Route](), list[Breach]()
        for one in rounds:
            lost = {s.visit_id for s in one.stops if s.visit_id not in due}
            gone += [Breach("known", id_, placed_shift(one), 1) for id_ in sorted(lost)]
            stops = tuple(s for s in one.stops if s.visit_id not in lost)
            if placed_shift(one) in self.shifts:
                kept.append(route(replace(one, stops=stops)))
            elif stops:
                gone.append(Breach("known", None, placed_shift(one), 1))
        plan = solver.Plan("", tuple(one for one in kept if one.stops), (), {})
        answer = self.answer(plan, explain=False)
        return replace(answer, breaches=(*gone, *answer.breaches))

    def explained(self, answer: Answer) -> Answer:
        """The same answer with the reasons of what is left out."""
        known = {visit.id for visit in self.problem.visits}
        routes = () if answer.breaches else tuple(route(t.placed) for t in answer.rounds)
        left = [solver.Unserved(one.visit_id) for one in answer.left if one.visit_id in known]
        found = self._explained(solver.Plan("", routes, tuple(left), {}))
        return replace(answer, left=(*found, *self.left_before))

    def best_position(self, shift: str, ids: Sequence[str], visit_id: str) -> int:
        """Where in a round a session breaks least and costs least."""

        def price(position: int) -> tuple[float, float]:
            order = [*ids[:position], visit_id, *ids[position:]]
            plan = solver.evaluate(self.problem, [(shift, order)], is_named=False)
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

    def _timed(self, driven: solver.Route) -> Timed:
        shift = self.shifts[driven.shift]
        profile = self.problem.profiles["car"]
        depot = self._depots[shift.depot]
        places = [depot, *(self._number[stop.visit] for stop in driven.stops), depot]
        legs = tuple(Leg(profile.minutes[a][b], profile.metres[a][b]) for a, b in pairwise(places))
        grams = round(sum(leg.metres for leg in legs) * shift.grams_per_km / 1000)
        return Timed(shift, _placed(driven, shift), legs, grams)


def _placed(route: solver.Route, shift: ShiftFacts) -> PlacedRound:
    rest = (route.break_.start, route.break_.end) if route.break_ else None
    at = tuple(PlacedStop(s.visit, s.arrive, s.start, s.end) for s in route.stops)
    return PlacedRound(shift.letter, shift.day, at, route.leave, route.return_, route.kits, rest)
