"""Every hard rule: an id, a sentence and one function. Reading this file is reading the policy.

The functions judge a plan by its own times and share nothing with the engine that made it.
Each yields (visit, shift, amount); nothing means that the rule holds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from solver.case import Case
from solver.cost import legs, travel_minutes
from solver.plan import Route
from solver.problem import Visit

Breach = tuple[str | None, str | None, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that no plan may break.

    Attributes:
        source: where its data come from, or who wrote it down.
    """

    id: str
    says: str
    source: str
    breaches: Callable[[Case], Iterator[Breach]]


RULES: list[Rule] = []


def hard(
    rule_id: str, says: str, source: str
) -> Callable[[Callable[[Case], Iterator[Breach]]], Callable[[Case], Iterator[Breach]]]:
    """Enter a function into the list of rules."""

    def enter(function: Callable[[Case], Iterator[Breach]]) -> Callable[[Case], Iterator[Breach]]:
        RULES.append(Rule(rule_id, says, source, function))
        return function

    return enter


@hard("known", "every shift and visit of the plan stands in the problem, each shift once",
      "the problem itself")  # fmt: skip
def unknown(case: Case) -> Iterator[Breach]:
    """Unknown ids, and shifts that have two routes."""
    for route in case.plan.routes:
        if route.shift not in case.shifts:
            yield None, route.shift, 1
        for stop in route.stops:
            if stop.visit not in case.visits:
                yield stop.visit, route.shift, 1
    for shift, times in Counter(route.shift for route in case.plan.routes).items():
        if times > 1:
            yield None, shift, times - 1


@hard("window", "set-up and service lie whole inside one window of the visit",
      "opening hours, quiet times, closures, holidays; the agreement's days and times")  # fmt: skip
def outside_window(case: Case) -> Iterator[Breach]:
    """Minutes outside the nearest window of the day."""
    for shift, stop, visit in case.stops:
        outside = [
            max(0, w.from_ - stop.start) + max(0, stop.end - w.to)
            for w in visit.windows
            if w.day == shift.day
        ]
        amount = min(outside, default=stop.end - stop.start)
        if amount or not outside:
            yield visit.id, shift.id, amount


@hard("duration", "a stop lasts its set-up, less what was paid there just before, plus service",
      "the agreement's or the visit's minutes; minutes to set up")  # fmt: skip
def wrong_duration(case: Case) -> Iterator[Breach]:
    """Minutes too few or too many."""
    for shift, route in case.routes:
        place, paid = None, 0
        for stop in route.stops:
            visit = case.visits.get(stop.visit)
            if visit is None:
                continue
            already = paid if visit.location == place else 0
            wanted = max(0, visit.setup_minutes - already) + visit.service_minutes
            if stop.end - stop.start != wanted:
                yield visit.id, shift.id, abs(stop.end - stop.start - wanted)
            place, paid = visit.location, max(already, visit.setup_minutes)


def _rest_between(route: Route, start: int, end: int) -> int:
    if route.break_ is None:
        return 0
    return max(0, min(end, route.break_.end) - max(start, route.break_.start))


@hard("travel", "there is time to drive from each stop to the next, the break left out",
      "travel times between positions (`sites/travel.py`)")  # fmt: skip
def too_fast(case: Case) -> Iterator[Breach]:
    """Minutes missing on a leg."""
    for shift, route in case.routes:
        minutes = case.problem.profiles[shift.profile].minutes
        ready = route.leave
        arrivals = [*((stop.visit, stop.arrive, stop.end) for stop in route.stops),
                    (None, route.return_, route.return_)]  # fmt: skip
        for (a, b), (visit, arrive, end) in zip(
            legs(shift, route, case.visits), arrivals, strict=True
        ):
            missing = minutes[a][b] - (arrive - ready - _rest_between(route, ready, arrive))
            if missing > 0:
                yield visit, shift.id, missing
            ready = end


@hard("order", "a stop starts when its team has arrived, and ends after it starts",
      "time runs forwards")  # fmt: skip
def backwards(case: Case) -> Iterator[Breach]:
    """Minutes by which time runs backwards."""
    for shift, stop, visit in case.stops:
        if stop.start < stop.arrive or stop.end < stop.start:
            yield visit.id, shift.id, max(stop.arrive - stop.start, stop.start - stop.end)


@hard("shift", "a shift leaves after its start and is back by its end and allowed overtime",
      "the team's working hours and overtime")  # fmt: skip
def outside_shift(case: Case) -> Iterator[Breach]:
    """Minutes before the start or after the last moment."""
    for shift, route in case.routes:
        late = route.return_ - shift.end - shift.overtime
        amount = max(0, shift.start - route.leave) + max(0, late)
        if amount and route.stops:
            yield None, shift.id, amount


@hard("break", "every used shift has its break, whole inside window and shift, not in a stop",
      "the team's break")  # fmt: skip
def no_rest(case: Case) -> Iterator[Breach]:
    """Minutes of break that are missing or in the wrong place."""
    for shift, route in case.routes:
        rest, wanted = route.break_, shift.break_
        if wanted is None or not route.stops:
            continue
        if rest is None:
            yield None, shift.id, wanted.minutes
            continue
        inside = max(shift.start, wanted.from_), min(shift.end + shift.overtime, wanted.to)
        wrong = max(0, inside[0] - rest.start) + max(0, rest.end - inside[1])
        wrong += max(0, wanted.minutes - (rest.end - rest.start))
        wrong += sum(max(0, min(s.end, rest.end) - max(s.start, rest.start)) for s in route.stops)
        if wrong:
            yield None, shift.id, wrong


@hard("skill", "the team has every skill that the visit needs",
      "skills that the visit's services ask for")  # fmt: skip
def skill_gap(case: Case) -> Iterator[Breach]:
    """Skills that are missing."""
    for shift, _stop, visit in case.stops:
        if missing := set(visit.skills) - set(shift.skills):
            yield visit.id, shift.id, len(missing)


@hard("people", "each serving team has as many people as the visit needs",
      "persons that site or visit asks for")  # fmt: skip
def too_few_people(case: Case) -> Iterator[Breach]:
    """People who are missing."""
    for shift, _stop, visit in case.stops:
        if shift.people < visit.people:
            yield visit.id, shift.id, visit.people - shift.people


@hard("clearance", "the team is cleared for the site",
      "sites that ask for clearance; clearances of the staff")  # fmt: skip
def not_cleared(case: Case) -> Iterator[Breach]:
    """Visits by a team without the clearance."""
    for shift, _stop, visit in case.stops:
        if visit.clearance is not None and visit.clearance not in shift.clearances:
            yield visit.id, shift.id, 1


@hard("shift-allowed", "the visit may be made by this shift",
      "exclusions, women-only and unmarked vehicles; locks that cannot be kept")  # fmt: skip
def forbidden_shift(case: Case) -> Iterator[Breach]:
    """Visits on a shift that is forbidden or not among the allowed."""
    for shift, _stop, visit in case.stops:
        allowed = visit.allowed_shifts is None or shift.id in visit.allowed_shifts
        if not allowed or shift.id in visit.forbidden_shifts:
            yield visit.id, shift.id, 1


@hard("kit-aboard", "every kit that a visit needs is the shift's own or taken from the pool",
      "equipment that the visit's services ask for")  # fmt: skip
def kit_missing(case: Case) -> Iterator[Breach]:
    """Kits that are not aboard."""
    for shift, route in case.routes:
        aboard = set(shift.kits) | (set(route.kits) & set(case.problem.kits))
        for stop in route.stops:
            visit = case.visits.get(stop.visit)
            if visit and (missing := set(visit.kits) - aboard):
                yield visit.id, shift.id, len(missing)


@hard("kit-slots", "a shift takes no more different pool kits than it has room for",
      "the vehicle's room for equipment")  # fmt: skip
def too_many_kits(case: Case) -> Iterator[Breach]:
    """Kits too many."""
    for shift, route in case.routes:
        taken = set(route.kits) - set(shift.kits)
        if shift.kit_slots is not None and len(taken) > shift.kit_slots:
            yield None, shift.id, len(taken) - shift.kit_slots


@hard("kit-pool", "no more shifts a day use a pool kit than there are",
      "how many pieces of equipment there are")  # fmt: skip
def kit_used_up(case: Case) -> Iterator[Breach]:
    """Shifts too many for a kit."""
    users: dict[tuple[int, str], list[str]] = defaultdict(list)
    for shift, route in case.routes:
        for kit in set(route.kits) - set(shift.kits):
            users[shift.day, kit].append(shift.id)
    for (_day, kit), shifts in users.items():
        over = len(shifts) - case.problem.kits.get(kit, 0)
        if over > 0:
            yield None, shifts[-1], over


@hard("capacity", "what the visits of a shift take of its capacity is no more than there is",
      "demand and capacity of VRPTW instances (Solomon 1987)")  # fmt: skip
def over_capacity(case: Case) -> Iterator[Breach]:
    """Demand beyond the capacity."""
    for shift, route in case.routes:
        load = sum(case.visits[s.visit].demand for s in route.stops if s.visit in case.visits)
        if shift.capacity is not None and load > shift.capacity:
            yield None, shift.id, load - shift.capacity


@hard("max-travel", "a shift drives no longer than it may",
      "longest driving of a shift; no page sets it")  # fmt: skip
def too_much_travel(case: Case) -> Iterator[Breach]:
    """Minutes of driving too many."""
    for shift, route in case.routes:
        if shift.max_travel is not None and route.stops:
            over = travel_minutes(case.problem, shift, route, case.visits) - shift.max_travel
            if over > 0:
                yield None, shift.id, over


@hard("max-duration", "a shift is out no longer than it may, from leaving to being back",
      "Savelsbergh 1992; SDVRPTW and MDVRPTW instances")  # fmt: skip
def too_long_out(case: Case) -> Iterator[Breach]:
    """Minutes too many from leaving to being back; a break before or after them is no part.

    Source: Savelsbergh (1992), The Vehicle Routing Problem with Time Windows: Minimizing Route
    Duration, ORSA Journal on Computing 4(2).
    """
    for shift, route in case.routes:
        if shift.max_duration is not None and route.stops:
            over = route.return_ - route.leave - shift.max_duration
            if over > 0:
                yield None, shift.id, over


@hard("max-visits", "a shift makes no more visits than it may",
      "most visits of a shift; no page sets it")  # fmt: skip
def too_many_visits(case: Case) -> Iterator[Breach]:
    """Visits too many."""
    for shift, route in case.routes:
        if shift.max_visits is not None and len(route.stops) > shift.max_visits:
            yield None, shift.id, len(route.stops) - shift.max_visits


@hard("crews", "a visit is served once by as many different teams as it needs, on one day",
      "visits of two teams")  # fmt: skip
def wrong_crews(case: Case) -> Iterator[Breach]:
    """Crews missing, too many, of the same team or on different days."""
    for visit_id, places in case.served.items():
        wanted = case.visits[visit_id].crews
        teams = {shift.team for shift, _stop in places}
        days = {shift.day for shift, _stop in places}
        if len(places) != wanted or len(teams) != wanted or len(days) != 1:
            yield visit_id, places[0][0].id, abs(len(places) - wanted) or 1


@hard("same-start", "the crews of a visit start together",
      "visits of two teams")  # fmt: skip
def apart(case: Case) -> Iterator[Breach]:
    """Minutes between the first and the last start."""
    for visit_id, places in case.served.items():
        starts = [stop.start for _shift, stop in places]
        if max(starts) > min(starts):
            yield visit_id, places[0][0].id, max(starts) - min(starts)


@hard("gap", "two served visits of a series lie far enough apart",
      "the agreement's days between visits")  # fmt: skip
def too_close(case: Case) -> Iterator[Breach]:
    """Days missing between two visits of a series."""
    series: dict[str, list[tuple[date, Visit, str]]] = defaultdict(list)
    for visit_id, places in case.served.items():
        visit = case.visits[visit_id]
        if visit.series is not None:
            day = case.calendar_day(places[0][0].day)
            series[visit.series].append((day, visit, places[0][0].id))
    for members in series.values():
        for i, (day, visit, shift) in enumerate(members):
            for other_day, other, _shift in members[:i]:
                missing = max(visit.min_gap_days, other.min_gap_days) - abs((day - other_day).days)
                if missing > 0:
                    yield visit.id, shift, missing


@hard("together", "visits that belong together are on the same shift, if both are served",
      "visits that belong together; no page sets it")  # fmt: skip
def separated(case: Case) -> Iterator[Breach]:
    """Visits that were separated."""
    for visit_id, places in case.served.items():
        other = case.visits[visit_id].together_with
        if other is not None and other in case.served:
            here = {shift.id for shift, _stop in places}
            if here != {shift.id for shift, _stop in case.served[other]}:
                yield visit_id, places[0][0].id, 1


@hard("after", "what must come first ends before this starts, on the same day",
      "visits in order; no page sets it")  # fmt: skip
def too_early(case: Case) -> Iterator[Breach]:
    """Minutes too early, or a day's worth for another day."""
    for visit_id, places in case.served.items():
        for other in case.visits[visit_id].after:
            for shift, stop in places:
                for first_shift, first in case.served.get(other, []):
                    if first_shift.day != shift.day:
                        yield visit_id, shift.id, 1440
                    elif first.end > stop.start:
                        yield visit_id, shift.id, first.end - stop.start


@hard("lag", "what begins with or after another visit keeps its minutes, by another team",
      "Mankowska, Meisel and Bierwirth 2014; HHCRSP instances")  # fmt: skip
def out_of_step(case: Case) -> Iterator[Breach]:
    """Minutes too early or too late, or a day's worth for another day or the same team.

    Source: Mankowska, Meisel and Bierwirth (2014), The Home Health Care Routing and Scheduling
    Problem with Interdependent Services, Health Care Management Science 17(1).
    """
    for visit_id, places in case.served.items():
        lag = case.visits[visit_id].lag
        for shift, stop in places if lag is not None else ():
            for other, first in case.served.get(lag.visit, []) if lag is not None else ():
                later = stop.start - first.start
                if other.day != shift.day or other.team == shift.team:
                    yield visit_id, shift.id, 1440
                elif lag is not None and not lag.least <= later <= lag.most:
                    yield visit_id, shift.id, max(lag.least - later, later - lag.most)


@hard("pin", "a pinned visit keeps its day, team and start",
      "locks of the week board")  # fmt: skip
def unpinned(case: Case) -> Iterator[Breach]:
    """Parts of a pin that do not hold."""
    for shift, stop, visit in case.stops:
        pin = visit.pin
        if pin is None:
            continue
        wrong = (pin.day is not None and pin.day != shift.day) + (
            pin.start is not None and pin.start != stop.start
        )
        teams = {other.team for other, _stop in case.served[visit.id]}
        wrong += pin.team is not None and pin.team not in teams
        if wrong:
            yield visit.id, shift.id, wrong


@hard("frozen", "what has begun keeps shift, order and times; nothing new starts in the past",
      "the published plan and the time of day")  # fmt: skip
def thawed(case: Case) -> Iterator[Breach]:
    """Frozen stops that changed, and new stops that start too early."""
    frozen = case.problem.frozen_until
    if frozen is None:
        return
    limit, kept = (frozen.day, frozen.minute), case.frozen_stops
    seen = {(visit.id, shift.id): (stop.start, stop.end) for shift, stop, visit in case.stops}
    for (visit_id, shift_id), times in seen.items():
        was = kept.get((visit_id, shift_id))
        if was is None and (case.shifts[shift_id].day, times[0]) < limit:
            yield visit_id, shift_id, 1
        elif was is not None and was != times:
            yield visit_id, shift_id, abs(was[0] - times[0]) or 1
    for visit_id, shift_id in sorted(kept.keys() - seen.keys()):
        yield visit_id, shift_id, 1
