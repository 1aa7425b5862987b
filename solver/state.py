"""The engine's board: routes that are always feasible, and what an insertion would do."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from solver.evaluate import evaluate, frozen_starts
from solver.plan import Plan
from solver.problem import Problem, Shift, Visit
from solver.timing import NEVER, Clock, Timer, beginning

_BIG = 10**6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit would go: on one shift, or on two with a common start.

    Attributes:
        at: shift index and position, one entry a crew.
        start: the start that must be kept; None leaves it free.
    """

    cost: float
    at: tuple[tuple[int, int], ...]
    start: int | None = None


class State:
    """Routes by shift index as lists of visit indices; every change keeps every hard rule."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.visits, self.shifts = problem.visits, problem.shifts
        self.routes: list[list[int]] = [[] for _ in self.shifts]
        self.where: dict[int, tuple[int, ...]] = {}
        self.fixed: dict[int, int] = {}
        self.number = {visit.id: v for v, visit in enumerate(self.visits)}
        self._timers = [Timer(problem, shift) for shift in self.shifts]
        self._clocks: list[list[Clock]] = [[beginning(shift)] for shift in self.shifts]
        self._minutes = [problem.profiles[s.profile].minutes for s in self.shifts]
        self._dates = [date.fromisoformat(day).toordinal() for day in problem.days]
        frozen = frozen_starts(problem)
        self.frozen = {self.number[v]: start for v, start in frozen.items() if v in self.number}
        self._frozen_on = self._frozen_shifts()
        self.windows = [[self._windows(v, s) for s in self.shifts] for v in range(len(self.visits))]
        self.allowed = [self._allowed(v) for v in range(len(self.visits))]
        self._series = self._same_series()
        self._was = self._baseline_places()
        self._partners = self._together()
        self._ordered = {v for v, visit in enumerate(self.visits) if visit.after} | {
            self.number[other] for visit in self.visits for other in visit.after
        }

    # What never changes

    def _frozen_shifts(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for route in self.problem.baseline.routes if self.problem.baseline else ():
            for stop in route.stops:
                v = self.number.get(stop.visit, -1)
                if v in self.frozen and self.frozen[v] == stop.start:
                    found[v].add(route.shift)
        return found

    def _windows(self, v: int, shift: Shift) -> tuple[tuple[int, int], ...]:
        first = 0
        if self.problem.frozen_until is not None and v not in self.frozen:
            limit = self.problem.frozen_until
            first = limit.minute if limit.day == shift.day else _BIG * (limit.day > shift.day)
        found = [(max(w.from_, first), w.to) for w in self.visits[v].windows if w.day == shift.day]
        return tuple(sorted(window for window in found if window[0] <= window[1]))

    def _allowed(self, v: int) -> tuple[int, ...]:
        return tuple(
            s for s, shift in enumerate(self.shifts)
            if self.windows[v][s] and may_serve(self.problem, self.visits[v], shift)
            and (v not in self.frozen or shift.id in self._frozen_on[v])
        )  # fmt: skip

    def _same_series(self) -> dict[int, tuple[int, ...]]:
        groups: dict[str, list[int]] = defaultdict(list)
        for v, visit in enumerate(self.visits):
            if visit.series is not None:
                groups[visit.series].append(v)
        return {v: tuple(o for o in group if o != v) for group in groups.values() for v in group}

    def _together(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for v, visit in enumerate(self.visits):
            if visit.together_with is not None:
                other = self.number[visit.together_with]
                found[v].add(other)
                found[other].add(v)
        return found

    def _baseline_places(self) -> dict[int, tuple[str, int]]:
        shifts = {shift.id: shift for shift in self.shifts}
        return {
            self.number[stop.visit]: (shifts[route.shift].team, shifts[route.shift].day)
            for route in (self.problem.baseline.routes if self.problem.baseline else ())
            for stop in route.stops
            if stop.visit in self.number and route.shift in shifts
        }

    # What changes

    def copy(self) -> tuple[list[list[int]], dict[int, tuple[int, ...]], dict[int, int]]:
        """What ``restore`` needs."""
        return [route[:] for route in self.routes], dict(self.where), dict(self.fixed)

    def restore(
        self, saved: tuple[list[list[int]], dict[int, tuple[int, ...]], dict[int, int]]
    ) -> None:
        """Go back to a copy."""
        routes, self.where, self.fixed = saved[0], dict(saved[1]), dict(saved[2])
        for s, route in enumerate(routes):
            if route != self.routes[s] or any(v in self.fixed for v in route):
                self.routes[s] = route[:]
                self._retime(s)

    def load(self, plan: Plan) -> None:
        """Take over a feasible plan as it stands."""
        index = {shift.id: s for s, shift in enumerate(self.shifts)}
        places: dict[int, list[int]] = defaultdict(list)
        for route in plan.routes:
            s = index[route.shift]
            self.routes[s] = [self.number[stop.visit] for stop in route.stops]
            for stop in route.stops:
                v = self.number[stop.visit]
                places[v].append(s)
                if self.visits[v].crews > 1:
                    self.fixed[v] = stop.start
        self.where = {v: tuple(found) for v, found in places.items()}
        for s in range(len(self.shifts)):
            self._retime(s)

    def insert(self, v: int, place: Place) -> None:
        """Put a visit where ``best_place`` said."""
        if place.start is not None:
            self.fixed[v] = place.start
        self.where[v] = tuple(s for s, _position in place.at)
        for s, position in place.at:
            self.routes[s].insert(position, v)
            self._retime(s)

    def remove(self, v: int) -> None:
        """Take a visit out."""
        for s in self.where.pop(v):
            self.routes[s].remove(v)
            self._retime(s)
        self.fixed.pop(v, None)

    def _retime(self, s: int) -> None:
        clock = beginning(self.shifts[s])
        clocks = [clock]
        for v in self.routes[s]:
            clock = self._step(s, clock, v, self._start_of(v))
            clocks.append(clock)
        self._clocks[s] = clocks

    def _start_of(self, v: int) -> int | None:
        if v in self.fixed:
            return self.fixed[v]
        if v in self.frozen:
            return self.frozen[v]
        pin = self.visits[v].pin
        return pin.start if pin else None

    def _step(self, s: int, clock: Clock, v: int, start: int | None) -> Clock:
        return self._timers[s].step(clock, self.visits[v], self.windows[v][s], start)

    def unserved(self) -> list[int]:
        """Visits that are in no route."""
        return [v for v in range(len(self.visits)) if v not in self.where]

    def cost(self) -> float:
        """What the search minimises: the weighted amounts that it can count quickly."""
        total = sum(self.visits[v].skip_cost for v in self.unserved())
        for s, route in enumerate(self.routes):
            if route:
                total += self._shift_cost(s, self._clocks[s][-1])
        return total + sum(
            self._visit_cost(v, s) for v, places in self.where.items() for s in places[:1]
        )

    def _shift_cost(self, s: int, last: Clock) -> float:
        weights, shift = self.problem.weights, self.shifts[s]
        late = max(0, self._timers[s].home(last) - shift.end)
        return (
            weights.travel_minute * self._timers[s].travel(last)
            + weights.overtime_minute * late
            + weights.used_shift + shift.fixed_cost
        )  # fmt: skip

    def _visit_cost(self, v: int, s: int) -> float:
        weights, visit, shift = self.problem.weights, self.visits[v], self.shifts[s]
        cost = 0.0
        if visit.preferred_teams and shift.team not in visit.preferred_teams:
            cost += weights.unpreferred_team
        if v in self._was:
            team, day = self._was[v]
            cost += weights.moved_team * (team != shift.team) + weights.moved_day * (
                day != shift.day
            )
        return cost

    # Looking for a place

    def best_place(self, v: int, skip: float = 0.0, dice: object = None) -> Place | None:
        """The cheapest feasible place; ``skip`` is the chance of overlooking one (blinks)."""
        shifts = [s for s in self.allowed[v] if self._may_join(v, s)]
        if self.visits[v].crews == 2:  # noqa: PLR2004
            return self._best_pair(v, shifts)
        best: Place | None = None
        for s in shifts:
            for position in range(len(self.routes[s]) + 1):
                if skip and dice.random() < skip:  # type: ignore[attr-defined]
                    continue
                bound = best.cost if best else float(NEVER)
                cost = self._insertion(v, s, position, self._start_of(v), bound)
                if cost < bound and self._order_holds(v, ((s, position),)):
                    best = Place(cost, ((s, position),))
        return best

    def _may_join(self, v: int, s: int) -> bool:
        """Kits, gaps, company and numbers: rules that look at more than one stop."""
        visit, shift = self.visits[v], self.shifts[s]
        if shift.max_visits is not None and len(self.routes[s]) >= shift.max_visits:
            return False
        if any(s not in self.where[o] for o in self._partners.get(v, ()) if o in self.where):
            return False
        return self._gap_holds(v, shift) and self._kits_suffice(visit, s)

    def _gap_holds(self, v: int, shift: Shift) -> bool:
        day = self._dates[shift.day]
        for other in self._series.get(v, ()):
            if other in self.where:
                there = self._dates[self.shifts[self.where[other][0]].day]
                gap = max(self.visits[v].min_gap_days, self.visits[other].min_gap_days)
                if abs(day - there) < gap:
                    return False
        return True

    def _pool_kits(self, s: int) -> set[str]:
        own, pool = self.shifts[s].kits, self.problem.kits
        return {k for v in self.routes[s] for k in self.visits[v].kits if k in pool} - set(own)

    def _kits_suffice(self, visit: Visit, s: int) -> bool:
        shift = self.shifts[s]
        new = {k for k in visit.kits if k not in shift.kits}
        if not new:
            return True
        aboard = self._pool_kits(s)
        if shift.kit_slots is not None and len(aboard | new) > shift.kit_slots:
            return False
        used = Counter(
            kit
            for o, other in enumerate(self.shifts)
            if other.day == shift.day and o != s
            for kit in self._pool_kits(o)
        )
        return all(used[kit] < self.problem.kits.get(kit, 0) for kit in new)

    def _insertion(self, v: int, s: int, position: int, start: int | None, bound: float) -> float:
        """By how much the cost rises; NEVER if some rule does not hold."""
        clocks, route, minutes = self._clocks[s], self.routes[s], self._minutes[s]
        clock, here = clocks[position], self.visits[v].location
        on = position < len(route)
        after = self.visits[route[position]].location if on else self.shifts[s].to_location
        more = minutes[clock.location][here] + minutes[here][after] - minutes[clock.location][after]
        cost = self.problem.weights.travel_minute * more + self._visit_cost(v, s)
        if not route:
            cost += self.problem.weights.used_shift + self.shifts[s].fixed_cost
            cost += self.problem.weights.travel_minute * minutes[clock.location][after]
        if cost >= bound:
            return NEVER
        clock = self._step(s, clock, v, start)
        for i in range(position, len(route)):
            if clock.before >= NEVER and clock.after >= NEVER:
                return NEVER
            clock = self._step(s, clock, route[i], self._start_of(route[i]))
        return self._finish(s, clock, cost)

    def _finish(self, s: int, clock: Clock, cost: float) -> float:
        shift, home = self.shifts[s], self._timers[s].home(clock)
        if home > shift.end + shift.overtime:
            return NEVER
        if shift.max_travel is not None and self._timers[s].travel(clock) > shift.max_travel:
            return NEVER
        if shift.overtime:
            was = self._timers[s].home(self._clocks[s][-1]) if self.routes[s] else 0
            late = max(0, home - shift.end) - max(0, was - shift.end)
            cost += self.problem.weights.overtime_minute * late
        return cost

    def _best_pair(self, v: int, shifts: list[int]) -> Place | None:
        """The cheapest two shifts of different teams on one day, with the earliest common start."""
        best: Place | None = None
        options = [
            (s, position, self._earliest_start(v, s, position))
            for s in shifts for position in range(len(self.routes[s]) + 1)
        ]  # fmt: skip
        options = [one for one in options if one[2] < NEVER]
        for i, (a, first, start_a) in enumerate(options):
            for b, second, start_b in options[:i]:
                if self.shifts[a].team == self.shifts[b].team:
                    continue
                if self.shifts[a].day != self.shifts[b].day or not self._pin_team_in(v, a, b):
                    continue
                start = self._start_of(v) or max(start_a, start_b)
                bound = best.cost if best else float(NEVER)
                cost = self._insertion(v, a, first, start, bound)
                if cost < bound:
                    cost += self._insertion(v, b, second, start, bound)
                place = ((a, first), (b, second))
                if cost < bound and self._kits_for_two(v, a, b) and self._order_holds(v, place):
                    best = Place(cost, place, start)
        return best

    def _pin_team_in(self, v: int, a: int, b: int) -> bool:
        pin = self.visits[v].pin
        teams = (self.shifts[a].team, self.shifts[b].team)
        return pin is None or pin.team is None or pin.team in teams

    def _kits_for_two(self, v: int, a: int, b: int) -> bool:
        for kit in self.visits[v].kits:
            day = [s for s, shift in enumerate(self.shifts) if shift.day == self.shifts[a].day]
            used = {s for s in day if kit in self._pool_kits(s)}
            used |= {s for s in (a, b) if kit not in self.shifts[s].kits}
            if len(used) > self.problem.kits.get(kit, len(used)):
                return False
        return True

    def _earliest_start(self, v: int, s: int, position: int) -> int:
        clock = self._step(s, self._clocks[s][position], v, self._start_of(v))
        end = min(clock.before, clock.after)
        if end >= NEVER:
            return NEVER
        visit = self.visits[v]
        before = self._clocks[s][position]
        same = before.paid >= 0 and before.location == visit.location
        setup = max(0, visit.setup_minutes - (before.paid if same else 0))
        # the later clock is safe for both: the break may have to come first
        end = clock.after if clock.after < NEVER else clock.before
        return end - setup - visit.service_minutes

    def _order_holds(self, v: int, at: tuple[tuple[int, int], ...]) -> bool:
        """Whether ``after`` holds everywhere once the visit stands there."""
        touched = v in self._ordered or any(
            o in self._ordered for s, _position in at for o in self.routes[s]
        )
        if not touched:
            return True
        saved = self.copy()
        self.insert(v, Place(0, at))
        plan = evaluate(self.problem, self.sequences())
        self.restore(saved)
        shifts = {shift.id: shift.day for shift in self.shifts}
        when = {
            stop.visit: (shifts[route.shift], stop.start, stop.end)
            for route in plan.routes for stop in route.stops
        }  # fmt: skip
        return all(
            when[visit.id][0] == when[other][0] and when[other][2] <= when[visit.id][1]
            for visit in self.visits if visit.id in when
            for other in visit.after if other in when
        )  # fmt: skip

    def sequences(self) -> list[tuple[str, list[str]]]:
        """The routes by ids, for ``evaluate``."""
        return [
            (self.shifts[s].id, [self.visits[v].id for v in route])
            for s, route in enumerate(self.routes)
        ]


def may_serve(problem: Problem, visit: Visit, shift: Shift) -> bool:
    """Whether team and visit fit together at all, whatever the time."""
    pin, pool = visit.pin, problem.kits
    return (
        set(visit.skills) <= set(shift.skills)
        and shift.people >= visit.people
        and (visit.clearance is None or visit.clearance in shift.clearances)
        and (visit.allowed_shifts is None or shift.id in visit.allowed_shifts)
        and shift.id not in visit.forbidden_shifts
        and all(kit in shift.kits or pool.get(kit, 0) > 0 for kit in visit.kits)
        and (pin is None or pin.day is None or pin.day == shift.day)
        and (pin is None or pin.team is None or visit.crews > 1 or pin.team == shift.team)
    )
