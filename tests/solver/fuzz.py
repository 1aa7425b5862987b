"""Small random problems with every rule in them, and an insertion that tries everything.

The insertion knows nothing of the engine: it times each try with ``evaluate`` and lets ``check``
judge it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from solver import (
    Break,
    Frozen,
    Iterations,
    Lag,
    Pin,
    Plan,
    Problem,
    Profile,
    Shift,
    Visit,
    Weights,
    Window,
    check,
    evaluate,
    solve,
)  # fmt: skip
from solver.agree import Agreement
from solver.case import Case
from solver.constraints import RULES

DAYS = ("2026-11-23", "2026-11-24", "2026-11-26")
SITES = 7
Sequences = dict[str, list[str]]


def random_problem(seed: int) -> Problem:
    """Two or three teams on three days, and more visits than fit."""
    dice, limits = random.Random(seed), random.Random(-seed - 1)
    shifts = tuple(
        replace(_shift(dice, team, day), max_duration=limits.choice([None, None, 150, 240]))
        for team in "ABC"[: dice.randint(1, 3)]
        for day in range(dice.randint(1, 3))
    )
    visits = [_visit(dice, n, shifts) for n in range(dice.randint(4, 10))]
    made = Problem(
        days=DAYS, profiles={"car": _roads(dice)}, kits={"K1": dice.randint(0, 2), "K2": 1},
        shifts=shifts,
        visits=tuple(
            replace(v, due=limits.choice([None, 540])) for v in _linked(dice, visits)
        ),
        weights=Weights(used_shift=dice.choice([0, 30]), wait_minute=dice.choice([0, 0.5]),
            late_minute=limits.choice([0, 1]),
        ),
    )  # fmt: skip
    return _under_way(dice, made) if dice.random() < 0.3 else made


def knotted_problem(seed: int) -> Problem:
    """Many crews and orders, a few places, and roads where a detour may be shorter."""
    dice, case = random.Random(seed), random_problem(seed)
    roads = [[0 if a == b else dice.randint(5, 90) for b in range(SITES)] for a in range(SITES)]
    rows = tuple(map(tuple, roads))
    visits = tuple(
        replace(
            visit, location=dice.randint(1, 3), crews=dice.choice([1, 1, 2]), skills=(),
            after=(f"V{dice.randrange(n)}",) if n and dice.random() < 0.3 else (),
            clearance=None, setup_minutes=dice.choice([0, 20]),
        )
        for n, visit in enumerate(case.visits)
    )  # fmt: skip
    profiles = {"car": Profile(rows, rows, 1)}
    visits = _in_step(random.Random(-seed - 1), visits)
    return replace(case, visits=visits, profiles=profiles, baseline=None, frozen_until=None)


def late_problem(seed: int) -> Problem:
    """Lateness, orders and steps, and no other rule that goes by times."""
    dice, case = random.Random(seed), random_problem(seed)
    visits = tuple(
        replace(
            v, setup_minutes=0, kits=(), crews=1, series=None, together_with=None, pin=None,
            due=dice.choice([None, 500, 600]) if n else 540, optional=dice.random() < 0.2,
        )
        for n, v in enumerate(case.visits)
    )  # fmt: skip
    shifts = tuple(
        replace(s, overtime=0, break_=None, max_travel=None, max_duration=None) for s in case.shifts
    )
    return replace(
        case, shifts=shifts, visits=_in_step(random.Random(-seed - 1), visits), baseline=None,
        weights=Weights(late_minute=dice.choice([0, 1]), most_late_minute=dice.choice([1, 3])),
        frozen_until=None,
    )  # fmt: skip


def limited_problem(seed: int) -> Problem:
    """Shifts without breaks that may be out for a limited time, one window for each visit."""
    dice, case = random.Random(seed), random_problem(seed)
    shifts = tuple(
        replace(shift, break_=None, skills=(), max_duration=dice.choice([90, 150, 240]))
        for shift in case.shifts
    )
    visits = tuple(
        replace(
            visit, crews=1, lag=None, after=(), together_with=None, pin=None, skills=(), kits=(),
            clearance=None, people=1, windows=visit.windows[:1],
        )
        for visit in case.visits
    )  # fmt: skip
    return replace(case, shifts=shifts, visits=visits, baseline=None, frozen_until=None)


def full_problem(seed: int) -> Problem:
    """A random problem with loads, visits not worth any price, lags and every weight besides."""
    dice, case = random.Random(seed + 7), random_problem(seed)
    shifts = tuple(replace(s, capacity=dice.choice([None, None, 3, 5])) for s in case.shifts)
    visits = tuple(
        replace(
            v, demand=dice.randint(0, 3), optional=not v.mandatory and dice.random() < 0.15,
            preferred_start=dice.choice([None, None, 600]),
        )
        for v in case.visits
    )  # fmt: skip
    weights = replace(
        case.weights, imbalance_minute=dice.choice([0, 0, 0.5]), kilogram_co2=dice.choice([0, 1]),
        start_off_minute=dice.choice([0, 0.2]),
    )  # fmt: skip
    if case.baseline is None:
        visits = _in_step(random.Random(-seed - 2), visits)
    return replace(case, shifts=shifts, visits=visits, weights=weights)


def _in_step(dice: random.Random, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """Some visits begin with or soon after the one before."""
    made = list(visits)
    for n in range(1, len(made)):
        if dice.random() < 0.25 and made[n].crews == made[n - 1].crews == 1:
            lag = Lag(f"V{n - 1}", *dice.choice([(0, 0), (0, 30), (40, 60)]))
            made[n] = replace(made[n], lag=lag, after=())
    return tuple(made)


def _roads(dice: random.Random) -> Profile:
    minutes = [[0 if a == b else dice.randint(8, 50) for b in range(SITES)] for a in range(SITES)]
    for k, a, b in product(range(SITES), repeat=3):
        minutes[a][b] = min(minutes[a][b], minutes[a][k] + minutes[k][b])
    rows = tuple(tuple(row) for row in minutes)
    return Profile(rows, tuple(tuple(900 * m for m in row) for row in rows), 120)


def _shift(dice: random.Random, team: str, day: int) -> Shift:
    start = dice.choice([420, 480, 540])
    return Shift(
        id=f"{team}-{day}", team=team, day=day, start=start,
        end=start + dice.choice([240, 360, 480]), overtime=dice.choice([0, 0, 30]),
        people=dice.randint(1, 3), skills=("a", "b")[: dice.randint(0, 2)],
        kits=("K1",) if dice.random() < 0.2 else (), kit_slots=dice.choice([None, 1, 2]),
        clearances=("S1",) if dice.random() < 0.5 else (),
        break_=Break(30, 600, 720) if dice.random() < 0.5 else None,
        max_travel=dice.choice([None, None, 120]), max_visits=dice.choice([None, None, 3]),
    )  # fmt: skip


def _visit(dice: random.Random, number: int, shifts: tuple[Shift, ...]) -> Visit:
    def rarely(chance: float) -> bool:
        return dice.random() < chance

    days = [d for d in range(3) if rarely(0.7)] or [0]
    hours = dice.choice([[(480, 900)], [(540, 660)], [(480, 560), (700, 840)]])
    pin = None
    if rarely(0.12):
        team = dice.choice(shifts).team if rarely(0.6) else None
        pin = Pin(dice.choice(days), team, dice.choice([None, 600]) if team else None)
    return Visit(
        id=f"V{number}", location=dice.randrange(1, SITES),
        service_minutes=dice.choice([20, 45, 60, 90]), setup_minutes=dice.choice([0, 10]),
        windows=tuple(Window(d, a, b) for d in days for a, b in hours),
        skills=tuple(s for s in ("a", "b") if rarely(0.2)),
        kits=tuple(k for k in ("K1", "K2") if rarely(0.2)),
        people=dice.choice([1, 1, 1, 2]), crews=2 if rarely(0.12) else 1,
        clearance="S1" if rarely(0.15) else None,
        priority=dice.randint(1, 5), skip_cost=dice.choice([200, 800]),
        forbidden_shifts=(dice.choice(shifts).id,) if rarely(0.1) else (),
        preferred_teams=("A",) if rarely(0.2) else (), pin=pin,
    )  # fmt: skip


def _linked(dice: random.Random, visits: list[Visit]) -> list[Visit]:
    made = list(visits)
    for n in range(1, len(made)):
        roll = dice.random()
        if roll < 0.1:
            made[n] = replace(made[n], after=(made[n - 1].id,))
        elif roll < 0.2:
            made[n] = replace(made[n], together_with=made[n - 1].id)
        elif roll < 0.3:
            made[n] = replace(made[n], series="S", min_gap_days=dice.randint(1, 2))
    return made


def _under_way(dice: random.Random, case: Problem) -> Problem:
    baseline = solve(case, stop=Iterations(3))
    frozen = Frozen(dice.randint(0, 1), dice.choice([0, 560, 660]))
    return replace(case, baseline=baseline, frozen_until=frozen if dice.random() < 0.7 else None)


def sequences(plan: Plan) -> Sequences:
    """Which visits in which order on which shift."""
    return {route.shift: [stop.visit for stop in route.stops] for route in plan.routes}


def insertions(case: Problem, routes: Sequences, visit: Visit) -> Iterator[Sequences]:
    """Every way to put a visit in: each shift and position, or two for two crews."""
    spots = [(s.id, at) for s in case.shifts for at in range(len(routes.get(s.id, ())) + 1)]
    for chosen in combinations(spots, visit.crews):
        if len({shift for shift, _at in chosen}) == visit.crews:
            yield with_stops(routes, visit.id, chosen)


def with_stops(routes: Sequences, visit: str, chosen: tuple[tuple[str, int], ...]) -> Sequences:
    """The routes with a visit put in at those places."""
    tried = {shift: list(ids) for shift, ids in routes.items()}
    for shift, at in chosen:
        tried.setdefault(shift, []).insert(at, visit)
    return tried


def sound_insertions(case: Problem, plan: Plan, visit_id: str) -> Iterator[Plan]:
    """Every plan without a breach that serves one visit more."""
    visit = next(v for v in case.visits if v.id == visit_id)
    for tried in insertions(case, sequences(plan), visit):
        made = evaluate(case, tried.items())
        if not check(case, made).hard:
            yield made


def fits(case: Problem, plan: Plan, visit_id: str) -> bool:
    """Whether some single insertion places the visit: as above, without cost and check sum."""
    visits = {visit.id: visit for visit in case.visits}
    agreement = Agreement(case)
    for tried in insertions(case, sequences(plan), visits[visit_id]):
        order = {shift: [visits[v] for v in ids] for shift, ids in tried.items() if ids}
        table = agreement.timetable(order)
        made = Case(case, Plan("", tuple(r.made() for r in table.routes.values()), (), {}))
        if not any(True for rule in RULES for _breach in rule.breaches(made)):
            return True
    return False


def tiny_problem(seed: int) -> Problem:
    """The same with so few shifts and visits that everything can be tried a thousand times."""
    dice, case = random.Random(seed), random_problem(seed)
    kept = {shift.id for shift in dice.sample(case.shifts, min(len(case.shifts), 3))}
    visits = case.visits[: dice.randint(3, 5)]
    ids = {visit.id for visit in visits}
    return replace(
        case, shifts=tuple(shift for shift in case.shifts if shift.id in kept), baseline=None,
        frozen_until=Frozen(0, dice.choice([0, 560])) if dice.random() < 0.1 else None,
        visits=tuple(_within(visit, kept, ids, case) for visit in visits),
    )  # fmt: skip


def _within(visit: Visit, shifts: set[str], visits: set[str], case: Problem) -> Visit:
    teams = {shift.team for shift in case.shifts if shift.id in shifts}
    pin = visit.pin if visit.pin and (visit.pin.team is None or visit.pin.team in teams) else None
    return replace(
        visit, pin=pin,
        forbidden_shifts=tuple(s for s in visit.forbidden_shifts if s in shifts),
        together_with=visit.together_with if visit.together_with in visits else None,
        after=tuple(v for v in visit.after if v in visits),
    )  # fmt: skip


def named(one: object) -> str:
    """A parameter's name in a test's id: the same in every process."""
    return str(getattr(one, "__name__", one))
