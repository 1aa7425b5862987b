"""One run of one engine in a process of its own: a problem comes in, an answer goes out.

``python -m tests.bench.rivals ENGINE SECONDS SEED [WORKERS] < PROBLEM.json``. The seconds are CPU
time of this process for each worker, from the moment when the engine has the problem in its own
form. Each peer gets what it can express: skills, days, windows, capacity, and what leaving out
costs; PyVRP also several depots, lists of vehicles and the longest duration of a route.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from solver import After, Plan, Problem, Shift, Visit, plan_to_json, problem_from_json, solve

DAY = 1440
_ENDLESS = 1 << 40
Routes = list[tuple[str, list[str]]]
Answer = tuple[Routes | Plan, float]


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds of CPU time for each worker, which an engine may not see, and its seed."""

    seconds: float
    seed: int
    workers: int = 1


def minutes_of(visit: Visit) -> int:
    """What a visit takes; every visit of a generated week has a location of its own."""
    return visit.setup_minutes + visit.service_minutes


def is_able(visit: Visit, shift: Shift) -> bool:
    """Whether a shift may make a visit at all."""
    return (
        set(visit.skills) <= set(shift.skills)
        and any(window.day == shift.day for window in visit.windows)
        and (visit.allowed_shifts is None or shift.id in visit.allowed_shifts)
    )


def matrix_of(problem: Problem) -> tuple[tuple[int, ...], ...]:
    (profile,) = problem.profiles.values()
    return profile.minutes


def length_of_a_day(problem: Problem) -> int:
    return DAY if len(problem.days) > 1 else problem.horizon


def ours(problem: Problem, budget: Budget) -> Answer:
    """The search of the product; two workers get twice the CPU time, as on two free cores."""
    from solver.engine import searcher_for  # noqa: PLC0415 - loading the core is not measured

    searcher_for(problem)
    begin, clock = time.process_time(), time.process_time
    cpu, seed, workers = budget.seconds * budget.workers, budget.seed, budget.workers
    plan = solve(problem, stop=After(cpu, clock=clock), seed=seed, workers=workers)
    return plan, time.process_time() - begin


def routing(problem: Problem, budget: Budget) -> Answer:
    """The product's fallback: OR-Tools routing, our appointments before and our repair after."""
    begin = time.process_time()
    stop = After(budget.seconds, clock=time.process_time)
    plan = solve(problem, stop=stop, seed=budget.seed, engine="ortools")
    return plan, time.process_time() - begin


def pyvrp(problem: Problem, budget: Budget) -> Answer:
    """All its parameters are its own defaults; the clock alone ends it.

    What a shift may visit is a profile; shifts that are alike are one type of vehicle, as PyVRP
    itself reads files; a visit with two windows is a group of which one is visited.
    """
    import pyvrp as library  # noqa: PLC0415 - only here, so that others need not have it

    alike, kinds = _alike(problem)
    data, names = _pyvrp_data(library, problem, alike, kinds)
    begin = time.process_time()
    result = library.solve(
        data, lambda _cost: time.process_time() - begin > budget.seconds, seed=budget.seed,
        collect_stats=False,
    )  # fmt: skip
    spent = time.process_time() - begin
    free = [list(shifts) for shifts in alike]
    routes = [
        (
            free[route.vehicle_type()].pop(0).id,
            [names[step.idx] for step in route.schedule() if step.is_client()],
        )
        for route in result.best.routes()
    ]
    return routes, spent


_Kind = frozenset[int]
"""The visits that a shift may make, by number."""


def _alike(problem: Problem) -> tuple[list[list[Shift]], dict[str, _Kind]]:
    """The shifts in groups that PyVRP need not tell apart, and what each may visit."""
    groups, kinds = defaultdict(list), {}
    for s in problem.shifts:
        kinds[s.id] = frozenset(k for k, v in enumerate(problem.visits) if is_able(v, s))
        same = (kinds[s.id], s.capacity, s.from_location, s.start, s.end, s.max_duration)
        groups[same].append(s)
    return list(groups.values()), kinds


def _pyvrp_data(
    library: Any, problem: Problem, alike: list[list[Shift]], kinds: dict[str, _Kind]
) -> tuple[Any, list[str]]:
    bases, profiles = _bases(problem), list(dict.fromkeys(kinds.values()))
    clients: list[Any] = []
    groups: list[Any] = []
    for v in problem.visits:
        hours, first = hours_of(v), len(clients)
        is_one = len(hours) == 1
        for a, b in hours:
            clients.append(
                library.Client(
                    v.location, delivery=[v.demand] if has_capacity(problem) else [],
                    service_duration=minutes_of(v), tw_early=a, tw_late=b,
                    prize=round(v.skip_cost), required=is_one and v.mandatory,
                    group=None if is_one else len(groups), name=v.id,
                )
            )  # fmt: skip
        if not is_one:
            groups.append(library.ClientGroup(list(range(first, len(clients))), v.mandatory))
    vehicles = [
        library.VehicleType(
            len(same), [] if s.capacity is None else [s.capacity], bases.index(s.from_location),
            bases.index(s.from_location), tw_early=s.start, tw_late=s.end,
            shift_duration=_ENDLESS if s.max_duration is None else s.max_duration,
            profile=profiles.index(kinds[s.id]), name=s.id,
        )
        for same in alike
        for s in same[:1]
    ]  # fmt: skip
    matrices = [_open_to(problem, kind) for kind in profiles]
    data = library.ProblemData(
        [library.Location(0, 0) for _ in matrix_of(problem)], clients,
        [library.Depot(base) for base in bases], vehicles, matrices, matrices, groups,
    )  # fmt: skip
    return data, [client.name for client in clients]


def _open_to(problem: Problem, kind: _Kind) -> Any:
    """The matrix of those who may make some visits; ways to others are endless."""
    minutes = np.array(matrix_of(problem), np.int64)
    is_open = np.zeros(len(minutes), bool)
    is_open[_bases(problem)] = True
    is_open[[problem.visits[k].location for k in kind]] = True
    minutes[~is_open, :] = minutes[:, ~is_open] = _ENDLESS
    np.fill_diagonal(minutes, 0)
    return minutes


def hours_of(visit: Visit) -> list[tuple[int, int]]:
    """When a visit may begin, the same on each of its days."""
    hours = sorted({(w.from_, w.to - minutes_of(visit)) for w in visit.windows})
    return [(a, b) for a, b in hours if a <= b]


def has_capacity(problem: Problem) -> bool:
    return any(shift.capacity is not None for shift in problem.shifts)


def vroom(problem: Problem, _budget: Budget) -> Answer:
    """VROOM ends by itself; dearer visits get a higher priority."""
    import vroom as library  # noqa: PLC0415 - only here
    from vroom import Amount, Job, TimeWindow, Vehicle  # noqa: PLC0415 - only here

    day, fine = length_of_a_day(problem), 60
    skills = {name: k for k, name in enumerate({k for s in problem.shifts for k in s.skills}, 1)}
    costs = sorted({v.skip_cost for v in problem.visits})
    whole = library.Input()
    whole.set_durations_matrix("car", [[fine * m for m in row] for row in matrix_of(problem)])
    for k, s in enumerate(problem.shifts):
        at = (fine * (s.day * day + s.start), fine * (s.day * day + s.end))
        whole.add_vehicle(
            Vehicle(
                k, s.from_location, s.to_location, skills={skills[name] for name in s.skills},
                capacity=[] if s.capacity is None else [s.capacity], time_window=TimeWindow(*at),
            )
        )  # fmt: skip
    for k, v in enumerate(problem.visits):
        windows = [(w.day * day + w.from_, w.day * day + w.to - minutes_of(v)) for w in v.windows]
        whole.add_job(
            Job(
                k, v.location, default_service=fine * minutes_of(v),
                delivery=Amount([v.demand] if has_capacity(problem) else []),
                skills={skills[name] for name in v.skills},
                priority=1 + 10 * costs.index(v.skip_cost),
                time_windows=[TimeWindow(fine * a, fine * b) for a, b in sorted(windows) if a <= b],
            )
        )  # fmt: skip
    begin = time.process_time()
    found = whole.solve(exploration_level=5, nb_threads=1)
    spent = time.process_time() - begin
    lanes: dict[str, list[str]] = {}
    steps = found.routes
    for vehicle, kind, job in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == "job":
            lanes.setdefault(problem.shifts[vehicle].id, []).append(problem.visits[int(job)].id)
    return list(lanes.items()), spent


def ortools(problem: Problem, budget: Budget) -> Answer:
    """The routing guide's recipe: cheapest arc first, guided local search, disjunctions."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415 - only here

    manager, routing = _model(pywrapcp, problem)
    seconds, limits = budget.seconds, pywrapcp.DefaultRoutingSearchParameters()
    limits.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    limits.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    begin = time.process_time()
    is_over = routing.solver().CustomLimit(lambda: time.process_time() - begin > seconds)
    routing.AddSearchMonitor(is_over)
    limits.time_limit.FromSeconds(round(60 * seconds) + 60)  # the clock above ends it
    found = routing.SolveWithParameters(limits)
    spent = time.process_time() - begin
    routes: Routes = []
    wanted = _crews(problem)
    for r, shift in enumerate(problem.shifts if found else ()):
        index, lane = found.Value(routing.NextVar(routing.Start(r))), []
        while not routing.IsEnd(index):
            lane.append(wanted[manager.IndexToNode(index) - len(_bases(problem))].id)
            index = found.Value(routing.NextVar(index))
        if lane:
            routes.append((shift.id, lane))
    return routes, spent


def _crews(problem: Problem) -> list[Visit]:
    """Each visit as often as crews make it: so many nodes it has."""
    return [visit for visit in problem.visits for _ in range(visit.crews)]


def _bases(problem: Problem) -> list[int]:
    return list(dict.fromkeys(shift.from_location for shift in problem.shifts))


def _model(library: Any, problem: Problem) -> tuple[Any, Any]:
    """The bases are the first nodes, then the visits' crews; time is that of the day."""
    bases, shifts, wanted = _bases(problem), problem.shifts, _crews(problem)
    sites = [*bases, *(v.location for v in wanted)]
    stay = [0] * len(bases) + [minutes_of(v) for v in wanted]
    ends = [bases.index(s.from_location) for s in shifts]
    manager = library.RoutingIndexManager(len(sites), len(shifts), ends, ends)
    routing, minutes = library.RoutingModel(manager), matrix_of(problem)
    legs = [[minutes[a][b] for b in sites] for a in sites]
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(legs))
    times = [[leg + stay[a] for leg in row] for a, row in enumerate(legs)]
    is_zero_at_start = False
    routing.AddDimension(
        routing.RegisterTransitMatrix(times), problem.horizon, problem.horizon, is_zero_at_start,
        "time",
    )  # fmt: skip
    clock = routing.GetDimensionOrDie("time")
    for r, shift in enumerate(shifts):
        clock.CumulVar(routing.Start(r)).SetRange(shift.start, shift.end)
        clock.CumulVar(routing.End(r)).SetRange(shift.start, shift.end)
    if has_capacity(problem):
        demand = [0] * len(bases) + [v.demand for v in wanted]
        room = [shift.capacity or 0 for shift in shifts]
        asked = routing.RegisterUnaryTransitVector(demand)
        routing.AddDimensionWithVehicleCapacity(asked, 0, room, not is_zero_at_start, "load")
    for k, visit in enumerate(wanted):
        index = manager.NodeToIndex(k + len(bases))
        routing.AddDisjunction([index], round(visit.skip_cost / visit.crews))
        _times(clock.CumulVar(index), visit)
        able = [r for r, s in enumerate(shifts) if is_able(visit, s)]
        routing.VehicleVar(index).SetValues([-1, *able])
        if k and wanted[k - 1] is visit:
            _link(routing, clock, (index - 1, index), shifts)
    return manager, routing


def _link(routing: Any, clock: Any, nodes: tuple[int, int], shifts: Sequence[Shift]) -> None:
    """Two crews: both or neither, at one time of one day, of different teams."""
    solver = routing.solver()
    a, b = nodes
    teams = {team: n for n, team in enumerate({shift.team for shift in shifts})}
    days, of_team = [s.day for s in shifts], [teams[s.team] for s in shifts]
    which = [(routing.VehicleVar(node) + 1).Var() for node in nodes]  # 0: left out
    solver.Add(routing.ActiveVar(a) == routing.ActiveVar(b))
    solver.Add(clock.CumulVar(a) == clock.CumulVar(b))
    solver.Add(solver.Element([-1, *days], which[0]) == solver.Element([-1, *days], which[1]))
    solver.Add(solver.Element([-1, *of_team], which[0]) != solver.Element([-2, *of_team], which[1]))


def _times(start: Any, visit: Visit) -> None:
    hours = hours_of(visit)
    start.SetRange(hours[0][0], hours[-1][1])
    for (_, end), (begin, _) in pairwise(hours):
        start.RemoveInterval(end + 1, begin - 1)


ENGINES: dict[str, Callable[[Problem, Budget], Answer]] = {
    "ours": ours, "pyvrp": pyvrp, "vroom": vroom, "ortools": ortools, "routing": routing,
}  # fmt: skip
OWN = ("ours", "routing")
"""Those that need no peer to be installed."""


def main() -> None:
    engine, seconds, seed, *more = sys.argv[1:]
    budget = Budget(float(seconds), int(seed), *map(int, more))
    made, spent = ENGINES[engine](problem_from_json(sys.stdin.read()), budget)
    told = {"plan": plan_to_json(made)} if isinstance(made, Plan) else {"routes": made}
    sys.stdout.write(json.dumps({**told, "cpu_seconds": round(spent, 3)}))


if __name__ == "__main__":
    main()
