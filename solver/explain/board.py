"""The plan on the engine's board, where a change can be tried and taken back, and priced exactly.

The engine's own finder says where a visit could go; what that costs is read from the times of
the routes that change, and the independent checker has the last word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from solver.agree import Agreement, Order, Timetable
from solver.check import is_sound
from solver.cost import cost_of
from solver.explain.change import Change, agrees, exchanged, other_clock, with_parts
from solver.explain.lanes import Lanes
from solver.explain.obstacles import never, windows_on
from solver.explain.room import Room
from solver.places import Spot
from solver.plan import Plan, Route
from solver.problem import BadProblem, Problem
from solver.state import Place
from solver.timing import Timer, beginning

At = tuple[Spot, ...]
"""Shift and position of each crew."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an insertion leads to.

    Attributes:
        routes: those that are no longer as they were, by shift; without stops they are gone.
        at: where the visit stands.
        start, end: of the visit.
        price: the total after minus the total before, without the visit's own skip cost.
        sound: whether the checker finds nothing in them.
    """

    routes: Mapping[str, Route]
    at: At
    start: int
    end: int
    price: float
    sound: bool


class Board(Room):
    """Routes of a plan, with the visits and shifts as they are or as they might be.

    Attributes:
        base, plan: the problem and the plan as they were given.
        made: the plan's routes by shift.
        moved, gone: shifts that a visit was taken out of, and these visits.
        anew: whether all starts that were agreed on have been worked out anew.
        thawed: the routes that are other ones since then.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        super().__init__(problem)
        _refuse_unknown(problem, plan)
        self.load(plan)
        self.plan = plan
        self.made = {route.shift: route for route in plan.routes if route.stops}
        self.gone: set[int] = set()
        self.thawed: dict[str, Route] = {}
        self._costs: dict[tuple[tuple[str, ...], ...], float] = {}
        self.users = self._users()
        self.on_day: dict[int, list[int]] = defaultdict(list)
        for s, shift in enumerate(self.shifts):
            self.on_day[shift.day].append(s)

    def _users(self) -> dict[tuple[int, str], set[int]]:
        """Which shifts take a pool kit along, by day and kit."""
        found: dict[tuple[int, str], set[int]] = defaultdict(set)
        for s, route in enumerate(self.routes):
            for v in route:
                for kit in self.visits[v].kits:
                    if kit in self.problem.kits and kit not in self.shifts[s].kits:
                        found[self.shifts[s].day, kit].add(s)
        return found

    # Trying something

    @contextmanager
    def as_if(self, v: int, change: Change, among: Iterable[int] | None = None) -> Iterator[None]:
        """The board of the changed problem, as far as a place for ``v`` depends on it."""
        known = self.known
        saved = self.problem, self.visits, self.shifts, known.visits, known.windows[v]
        told = known.allowed[v], known.partners, known.agreement
        size = len(self.shifts)
        changed = [s for s in change.shifts if other_clock(self.shifts[s], change.shifts[s])]
        times = [(s, self.timers[s], self.clocks[s]) for s in changed]
        self._put(change, changed)
        try:
            self._suit(v, change, among)
            yield
        finally:
            self.problem, self.visits, self.shifts, known.visits, known.windows[v] = saved
            known.allowed[v], known.partners, known.agreement = told
            del self.routes[size:], self.timers[size:], self.clocks[size:]
            for s, timer, clocks in times:
                self.timers[s], self.clocks[s] = timer, clocks

    def _put(self, change: Change, changed: Sequence[int]) -> None:
        if change.kits:
            kits = {**self.problem.kits, **change.kits}
            self.problem = with_parts(self.problem, kits=kits)
        self.visits = self.known.visits = exchanged(self.visits, change.visits)
        self.shifts = (*exchanged(self.shifts, change.shifts), *change.added)
        for shift in change.added:
            self.routes.append([])
            self.timers.append(Timer(self.problem, shift))
            self.clocks.append([beginning(shift)])
        for s in changed:
            self._time(s)
        if self.known.linked:
            whole = with_parts(self.problem, visits=self.visits, shifts=self.shifts)
            new = (*change.shifts.values(), *change.added)
            is_same = all(agrees(self.base.visits[n], one) for n, one in change.visits.items())
            rules = self.known.agreement
            self.known.agreement = rules.amended(whole, new) if is_same else Agreement(whole)

    def _time(self, s: int) -> None:
        self.timers[s] = Timer(self.problem, self.shifts[s])
        self._retime(s)

    def _suit(self, v: int, change: Change, among: Iterable[int] | None) -> None:
        """Bring what the index says of the visit up to date."""
        known, visit = self.known, self.visits[v]
        days, is_frozen = {}, v in known.frozen
        if visit.windows != self.base.visits[v].windows or change.added:
            for shift in self.shifts:
                if shift.day not in days:
                    days[shift.day] = windows_on(
                        self.problem, visit, shift.day, is_frozen=is_frozen
                    )
            known.windows[v] = [days[shift.day] for shift in self.shifts]
        looked = range(len(self.shifts)) if among is None else among
        windows = known.windows[v]
        known.allowed[v] = tuple(
            s for s in looked
            if windows[s] and not never(self.problem, visit, self.shifts[s])
            and (v not in known.frozen or s in known.allowed[v])
        )  # fmt: skip
        if change.visits and known.partners:
            known.partners = {**known.partners, v: self._partners(v)}

    def _partners(self, v: int) -> set[int]:
        mine = self.visits[v].together_with
        return {
            o for o in self.known.partners.get(v, ())
            if self.visits[o].id == mine or self.visits[o].together_with == self.visits[v].id
        }  # fmt: skip

    @contextmanager
    def without(self, visits: Sequence[int], *, anew: bool = False) -> Iterator[None]:
        """The board with these visits taken out; ``anew``: agreed starts may become earlier."""
        touched = [s for u in visits for s in self.where[u]]
        saved = (self.where, self.agreed, self.moved, self.gone, self.users, self.lanes)
        kept = {s: (self.routes[s], self.clocks[s]) for s in touched}
        self.where, self.agreed = dict(self.where), dict(self.agreed)
        self.moved, self.gone = self.moved | kept.keys(), self.gone | {*visits}
        for s in kept:
            self.routes[s] = self.routes[s][:]
        for u in visits:
            self.remove(u)
        if any(kit in self.problem.kits for u in visits for kit in self.visits[u].kits):
            self.users = self._users()  # a kit that nobody of them needs any more is free
        times = self.clocks[:]
        if anew:
            self.lanes = Lanes(len(self.base.shifts))
            self._thaw()
        try:
            yield
        finally:
            if anew:
                self.clocks[: len(times)] = times
                self.anew, self.thawed = False, {}
            self.where, self.agreed, self.moved, self.gone, self.users, self.lanes = saved
            for s, (route, clocks) in kept.items():
                self.routes[s], self.clocks[s] = route, clocks

    def _thaw(self) -> None:
        table = self.thaw()
        if table is not None:
            self.anew = True
            made = {shift: timed.made() for shift, timed in table.routes.items()}
            self.thawed = {s: route for s, route in made.items() if route != self.made.get(s)}

    # What comes of it

    def outcome(self, v: int, at: At) -> Outcome | None:
        """The routes and the price of putting a visit there; None if the times do not agree."""
        routes = {s: self.routes[s] for s in {*self._involved(v, at), *self.moved}}
        for s, position in at:
            routes[s] = [*routes[s][:position], v, *routes[s][position:]]
        part = self._part(v, routes)
        order = {self.shifts[s].id: [self.visits[u] for u in r] for s, r in routes.items() if r}
        table = self._timetable(Agreement(part), order, at)
        if table is None:
            return None
        new = {shift: route for shift, route in self.thawed.items() if shift in order}
        new |= {shift: timed.made() for shift, timed in table.routes.items()}
        idle = [self.shifts[s] for s in self.moved if not routes[s]]
        new |= {one.id: Route(one.id, (), None, (), one.start, one.start) for one in idle}
        return self._priced(v, at, part, {self.shifts[s].id for s in routes}, new)

    def _timetable(self, rules: Agreement, order: Order, at: At) -> Timetable | None:
        """Times that agree: with the starts that were agreed on where that can be, or else anew.

        Where all has been agreed on anew, the visits of the changed routes are so once more.
        """
        touched = {s for s, _position in at} | self.moved
        near = {u for s in touched for u in self.routes[s]} if self.anew else set()
        kept = ((self.visits[u].id, start) for u, start in self.agreed.items() if u not in near)
        starts = {visit: start for visit, start in kept if visit in rules.linked}
        touched |= {s for u in near & self.agreed.keys() for s in self.where[u]}
        changed = {self.shifts[s].id for s in touched} & order.keys()
        table = rules.timetable(order, starts, changed)
        if table.wrong and self.agreed:
            table = rules.timetable(order)
        return table if not table.wrong else None

    def _involved(self, v: int, at: At) -> set[int]:
        """The shifts of which a rule or a price looks at more than the stop that is new."""
        if self.problem.weights.imbalance_minute:
            return set(range(len(self.shifts)))
        todo = [s for s, _position in at] + list(self.moved)
        if any(kit in self.problem.kits for kit in self.visits[v].kits):
            todo += [o for s, _position in at for o in self.on_day.get(self.shifts[s].day, ())]
        for o in (*self.known.series.get(v, ()), *self.known.partners.get(v, ())):
            todo += self.where.get(o, ())
        return self._agreeing(v, todo)

    def _agreeing(self, v: int, todo: list[int]) -> set[int]:
        """These shifts, and all whose times depend on theirs."""
        found: set[int] = set()
        while todo:
            s = todo.pop()
            if s not in found:
                found.add(s)
                for u in (v, *self.routes[s]) if self.known.linked else ():
                    todo += self._linked_to(u)
        return found

    def _linked_to(self, u: int) -> Iterator[int]:
        """Where the other crew of a visit is, and what has to end before another begins."""
        known = self.known
        others = (known.number.get(o, -1) for o in known.agreement.related(self.visits[u].id))
        for o in (u, *others):
            yield from self.where.get(o, ())

    def _part(self, v: int, routes: Mapping[int, Sequence[int]]) -> Problem:
        """The problem without what has no say in these routes."""
        inside = {v, *self.gone, *(u for route in routes.values() for u in route)}
        if self.known.linked:
            inside |= self._named_by(inside)
        was = self._was(inside)
        shifts = {*routes, *(s for s, shift in enumerate(self.shifts) if shift.id in was)}
        ids = {self.visits[u].id for u in inside}
        return with_parts(
            self.problem,
            shifts=tuple(self.shifts[s] for s in sorted(shifts)),
            visits=tuple(self.visits[u] for u in sorted(inside)),
            baseline=_only(self.problem.baseline, ids, was),
        )

    def _named_by(self, inside: Iterable[int]) -> set[int]:
        """Visits in order or in step with these; a stop is timed otherwise where there are any."""
        known = self.known
        named = (o for u in inside for o in known.agreement.related(self.visits[u].id))
        return {known.number[o] for o in named if o in known.number}

    def _was(self, inside: Iterable[int]) -> set[str]:
        """Shifts that have these visits in the baseline."""
        if self.problem.baseline is None:
            return set()
        ids = {self.visits[u].id for u in inside}
        return {
            route.shift for route in self.problem.baseline.routes
            if any(stop.visit in ids for stop in route.stops)
        }  # fmt: skip

    def _priced(
        self, v: int, at: At, part: Problem, here: set[str], new: Mapping[str, Route]
    ) -> Outcome:
        old = {shift: route for shift, route in self.made.items() if shift in here}
        kept = {shift: route for shift, route in old.items() if shift not in new}
        after = _plan({**kept, **{s: r for s, r in new.items() if r.stops}})
        total = cost_of(part, after)["total"] - self._before(part, old)
        skip = self.base.visits[v].skip_cost if self._is_left(v) else 0
        visit = self.visits[v].id
        stop = next(stop for r in new.values() for stop in r.stops if stop.visit == visit)
        sound = is_sound(part, after)
        return Outcome(new, at, stop.start, stop.end, round(total + skip, 6), sound)

    def _before(self, part: Problem, old: Mapping[str, Route]) -> float:
        """What these routes and visits cost as they were given."""
        key = (tuple(visit.id for visit in part.visits), tuple(old))
        if key not in self._costs:
            self._costs[key] = cost_of(self._as_given(part), _plan(old))["total"]
        return self._costs[key]

    def _is_left(self, v: int) -> bool:
        """Whether the plan leaves the visit out, rather than that it was taken out to be moved."""
        return v not in self.gone

    def _as_given(self, part: Problem) -> Problem:
        """The same part of the problem that was given."""
        shifts = {shift.id: shift for shift in self.base.shifts}
        return with_parts(
            part, kits=self.base.kits,
            shifts=tuple(shifts[s.id] for s in part.shifts if s.id in shifts),
            visits=tuple(self.base.visits[self.known.number[u.id]] for u in part.visits),
        )  # fmt: skip


def sketched(place: Place) -> Outcome:
    """What a place leads to as far as it is known without new times."""
    return Outcome({}, place.at, 0, 0, place.cost, sound=True)


def _refuse_unknown(problem: Problem, plan: Plan) -> None:
    shifts = {shift.id for shift in problem.shifts}
    visits = {visit.id for visit in problem.visits}
    for route in plan.routes:
        if route.shift not in shifts:
            raise BadProblem(f"plan: the shift {route.shift!r} is not known")
        for stop in route.stops:
            if stop.visit not in visits:
                raise BadProblem(f"plan: the visit {stop.visit!r} is not known")


def _only(plan: Plan | None, visits: set[str], shifts: set[str]) -> Plan | None:
    """The baseline of these visits alone."""
    if plan is None:
        return None
    return _plan(
        {
            route.shift: replace(
                route, stops=tuple(stop for stop in route.stops if stop.visit in visits)
            )
            for route in plan.routes if route.shift in shifts
        }
    )  # fmt: skip


def _plan(routes: Mapping[str, Route]) -> Plan:
    return Plan("", tuple(routes.values()), (), {})
