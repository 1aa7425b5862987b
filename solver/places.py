"""Looking for a place: what an insertion would cost, and whether every hard rule still holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from solver.outing import Outings
from solver.problem import Lag, Shift, Visit
from solver.state import Place, State, is_over
from solver.timing import NEVER, length_of

_PAIR = 2
_NO = math.inf
Spot = tuple[int, int]


class Finder:
    """Finds places on one board; it changes nothing there."""

    def __init__(self, state: State) -> None:
        self._state, self._known = state, state.known
        self._problem = state.problem

    def best(self, v: int, among: Sequence[int] | None = None) -> Place | None:
        """The cheapest place that leaves agreed starts as they are.

        Args:
            v: the visit.
            among: the shifts to look at; None: all that are allowed.
        """
        shifts = self._shifts(v, among)
        if self._state.visits[v].crews == _PAIR:
            return self._best_pair(v, shifts)
        best: Place | None = None
        for s in shifts:
            for position in range(len(self._state.routes[s]) + 1):
                bound = best.cost if best else _NO
                start = self._state.start_of(v)
                cost = self.insertion(v, (s, position), start, bound)
                if cost < bound:
                    best = self._kept(v, ((s, position),), cost, None) or best
        return best

    def any(self, v: int, among: Sequence[int] | None = None) -> Place | None:
        """The cheapest place, even where agreed starts have to become later for it."""
        found = self.best(v, among=among)
        if found is not None or not self._known.linked:
            return found
        priced = sorted(self._loose(v, self._shifts(v, among)))
        return next(filter(None, (self.settled(v, at, cost) for cost, at in priced)), None)

    def last(self, v: int, shifts: Sequence[int]) -> Place | None:
        """Behind all that stands on these shifts, if it may."""
        spots = tuple((s, len(self._state.routes[s])) for s in shifts)
        if len(spots) != self._state.visits[v].crews or self._shifts(v, shifts) != sorted(shifts):
            return None
        if len(spots) == _PAIR and not self._may_pair(v, shifts[0], shifts[1]):
            return None
        start, bound = self._known.start_of(v), _NO
        cost = sum(self.insertion(v, spot, start, bound, free=True) for spot in spots)
        return self.settled(v, spots, cost) if cost < _NO else None

    def settled(self, v: int, at: tuple[Spot, ...], cost: float) -> Place | None:
        """The place, if all whom it reaches can agree on their starts."""
        state = self._state
        order = state.order()
        for s, position in at:
            route = order.get(state.shifts[s].id, [])
            order[state.shifts[s].id] = [*route[:position], state.visits[v], *route[position:]]
        changed = [state.shifts[s].id for s, _position in at]
        table = self._known.agreement.timetable(order, state.starts(), changed)
        return None if table.wrong else Place(cost, at, state.starts_of(table))

    def _shifts(self, v: int, among: Sequence[int] | None) -> list[int]:
        allowed = self._known.allowed[v]
        return [s for s in allowed if (among is None or s in among) and self._may_join(v, s)]

    def _kept(self, v: int, at: tuple[Spot, ...], cost: float, start: int | None) -> Place | None:
        """The place, unless something would no longer end before another begins."""
        ordered, routes = self._known.ordered, self._state.routes
        if v in ordered or any(o in ordered for s, _position in at for o in routes[s]):
            return self.settled(v, at, cost)
        return Place(cost, at, () if start is None else ((v, start),))

    def _loose(self, v: int, shifts: list[int]) -> Iterator[tuple[float, tuple[Spot, ...]]]:
        """Places that would do if every route could choose the starts alone, with their cost."""
        state, linked = self._state, self._known.linked
        bound = _NO
        spots = [
            (self.insertion(v, (s, at), self._known.start_of(v), bound, free=True), (s, at))
            for s in shifts for at in range(len(state.routes[s]) + 1)
        ]  # fmt: skip
        spots = [spot for spot in spots if spot[0] < _NO]
        if state.visits[v].crews == _PAIR:
            for (cost_a, a), (cost_b, b) in combinations(spots, _PAIR):
                if self._may_pair(v, a[0], b[0]):
                    yield cost_a + cost_b, (a, b)
            return
        for cost, (s, at) in spots:
            if v in linked or any(o in linked for o in state.routes[s]):
                yield cost, ((s, at),)

    # Rules that look at more than one stop

    def _may_join(self, v: int, s: int) -> bool:
        """Kits, gaps, company and numbers."""
        visit, shift = self._state.visits[v], self._state.shifts[s]
        if shift.max_visits is not None and len(self._state.routes[s]) >= shift.max_visits:
            return False
        if shift.capacity is not None:
            aboard = sum(self._state.visits[o].demand for o in self._state.routes[s])
            if aboard + visit.demand > shift.capacity:
                return False
        for other in self._known.partners.get(v, ()):
            there = self._state.where.get(other)
            if there is not None and (s not in there or len(there) != visit.crews):
                return False
        if not self._is_in_step(v, shift):
            return False
        return self._gap_holds(v, shift) and self._kits_suffice(visit, s)

    def _is_in_step(self, v: int, shift: Shift) -> bool:
        """Whether a visit whose start follows another's, or leads it, may be on this shift."""
        rules, state = self._known.agreement, self._state
        visit, lags = state.visits[v].id, rules.lags
        for other in rules.related(visit) if lags else ():
            o = self._known.number[other]
            is_lag = _follows(lags, visit, other) or _follows(lags, other, visit)
            for s in state.where.get(o, ()) if is_lag else ():
                there = state.shifts[s]
                if there.day != shift.day or there.team == shift.team:
                    return False
        return True

    def _gap_holds(self, v: int, shift: Shift) -> bool:
        dates, state = self._known.dates, self._state
        for other in self._known.series.get(v, ()):
            if other in state.where:
                there = dates[state.shifts[state.where[other][0]].day]
                gap = max(state.visits[v].min_gap_days, state.visits[other].min_gap_days)
                if abs(dates[shift.day] - there) < gap:
                    return False
        return True

    def _pool_kits(self, s: int) -> set[str]:
        state, pool = self._state, self._problem.kits
        own = set(state.shifts[s].kits)
        return {k for v in state.routes[s] for k in state.visits[v].kits if k in pool} - own

    def _kits_suffice(self, visit: Visit, s: int) -> bool:
        shift = self._state.shifts[s]
        new = {k for k in visit.kits if k not in shift.kits}
        if not new:
            return True
        aboard = self._pool_kits(s)
        if shift.kit_slots is not None and len(aboard | new) > shift.kit_slots:
            return False
        used = Counter(
            kit
            for o, other in enumerate(self._state.shifts)
            if other.day == shift.day and o != s
            for kit in self._pool_kits(o)
        )
        return all(used[kit] < self._problem.kits.get(kit, 0) for kit in new)

    def _may_pair(self, v: int, a: int, b: int) -> bool:
        """Whether two shifts may serve a visit together: teams, day, pin and kits."""
        first, second, pin = self._state.shifts[a], self._state.shifts[b], self._state.visits[v].pin
        if first.team == second.team or first.day != second.day:
            return False
        if pin is not None and pin.team is not None and pin.team not in (first.team, second.team):
            return False
        return self._kits_for_two(v, a, b)

    def _kits_for_two(self, v: int, a: int, b: int) -> bool:
        shifts = self._state.shifts
        for kit in self._state.visits[v].kits:
            day = [s for s, shift in enumerate(shifts) if shift.day == shifts[a].day]
            used = {s for s in day if kit in self._pool_kits(s)}
            used |= {s for s in (a, b) if kit not in shifts[s].kits}
            if len(used) > self._problem.kits.get(kit, len(used)):
                return False
        return True

    # One route

    def insertion(
        self, v: int, spot: Spot, start: int | None, bound: float, *, free: bool = False
    ) -> float:
        """By how much the cost rises; infinite if a rule does not hold or it is no less than bound.

        Where ``free``, the visits of the route do not keep to what is agreed on.
        """
        (s, position), state = spot, self._state
        cost = self._added(v, s, position)
        if cost >= bound:
            return _NO
        start_of = self._known.start_of if free else state.start_of
        clock = state.step(s, state.clocks[s][position], v, start)
        for o in state.routes[s][position:]:
            if is_over(clock):
                return _NO
            clock = state.step(s, clock, o, start_of(o))
        shift = state.shifts[s]
        if not state.is_in_time(s, clock):
            return _NO
        if shift.max_travel is not None and state.timers[s].travel(clock) > shift.max_travel:
            return _NO
        if not self._is_short(v, spot, start, free=free):
            return _NO
        if shift.overtime:
            was = state.timers[s].home(state.clocks[s][-1]) if state.routes[s] else 0
            late = max(0, state.timers[s].home(clock) - shift.end) - max(0, was - shift.end)
            cost += self._problem.weights.overtime_minute * late
        return cost

    def _is_short(self, v: int, spot: Spot, start: int | None, *, free: bool) -> bool:
        """Whether the shift is out no longer than it may."""
        (s, position), state, known = spot, self._state, self._known
        if state.shifts[s].max_duration is None:
            return True
        start_of = known.start_of if free else state.start_of
        stops = [(state.visits[o], known.windows[o][s], start_of(o)) for o in state.routes[s]]
        stops.insert(position, (state.visits[v], known.windows[v][s], start))
        minutes = self._problem.profiles[state.shifts[s].profile].minutes
        return Outings(minutes, state.shifts[s], stops).is_short()

    def _added(self, v: int, s: int, position: int) -> float:
        """The price of the way there, and of the shift if it is new."""
        state, weights, shift = self._state, self._problem.weights, self._state.shifts[s]
        minutes = self._problem.profiles[shift.profile].minutes
        route, here = state.routes[s], state.visits[v].location
        before = state.clocks[s][position].location
        on = position < len(route)
        after = state.visits[route[position]].location if on else shift.to_location
        more = minutes[before][here] + minutes[here][after]
        if route:
            more -= minutes[before][after]
        new = 0.0 if route else weights.used_shift + shift.fixed_cost
        return weights.travel_minute * more + new + state.visit_cost(v, s)

    # Two crews

    def _best_pair(self, v: int, shifts: list[int]) -> Place | None:
        """The cheapest two shifts of different teams on one day, with a common start."""
        best: Place | None = None
        early, late = self._pair_starts(v, shifts)
        costs: dict[tuple[Spot, int], float] = {}
        for a, b in self._pairs(v, early):
            bound = best.cost if best else _NO
            last = min(late[a], late[b])
            for start in sorted({max(two) for two in product(early[a], early[b])}):
                if start > last:
                    break
                for spot in (a, b):
                    if (spot, start) not in costs:
                        costs[spot, start] = self.insertion(v, spot, start, _NO)
                cost = costs[a, start] + costs[b, start]
                place = self._kept(v, (a, b), cost, start) if cost < bound else None
                if place is not None:
                    best = place
                    break
        return best

    def _pairs(self, v: int, spots: Iterable[Spot]) -> Iterator[tuple[Spot, Spot]]:
        """Two spots each whose shifts may serve the visit together."""
        fit: dict[tuple[int, int], bool] = {}
        for a, b in combinations(spots, _PAIR):
            both = a[0], b[0]
            if both not in fit:
                fit[both] = self._may_pair(v, *both)
            if fit[both]:
                yield a, b

    def _pair_starts(
        self, v: int, shifts: list[int]
    ) -> tuple[dict[Spot, set[int]], dict[Spot, float]]:
        """The earliest starts of each spot that may do, and a moment after which none will."""
        spots = [(s, at) for s in shifts for at in range(len(self._state.routes[s]) + 1)]
        late = {spot: self.last_start(v, spot) for spot in spots}
        early = {spot: self._early_starts(v, spot) for spot in spots if late[spot] >= 0}
        return {at: found for at, found in early.items() if found and min(found) <= late[at]}, late

    def last_start(self, v: int, spot: Spot) -> float:
        """A moment after which a visit cannot begin there; infinite where that is not known."""
        del v, spot
        return _NO

    def _early_starts(self, v: int, spot: Spot) -> set[int]:
        """The earliest starts there: with the break still to come, and with it taken."""
        (s, position), state = spot, self._state
        before = state.clocks[s][position]
        clock = state.step(s, before, v, state.start_of(v))
        length, _paid = length_of(before, state.visits[v])
        return {end - length for end in (clock.before, clock.after) if end < NEVER}


def _follows(lags: Mapping[str, Lag], visit: str, other: str) -> bool:
    """Whether the start of a visit follows that of another."""
    return visit in lags and lags[visit].visit == other
