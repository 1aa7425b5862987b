"""Where a visit could go, and what that costs exactly; putting it there; what other places cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import inf
from typing import Any

from solver.cost import cost_of
from solver.explain.board import At, Board, Outcome
from solver.explain.change import NONE
from solver.explain.lanes import Prober
from solver.explain.obstacles import never, now
from solver.plan import Plan, Route, Unserved
from solver.problem import BadProblem, Problem
from solver.wire import problem_sha256

_PAIR = 2
_MOST_PAIRS = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """A shift, and before which of its stops: 0 is first."""

    shift: str
    position: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a visit.

    Attributes:
        spots: one a crew; positions count without the visit itself.
        price: the total after minus the total before; a visit that was left out is not
            credited with its skip cost.
    """

    visit: str
    spots: tuple[Spot, ...]
    start: int
    end: int
    price: float


@dataclass(frozen=True, slots=True)
class Here:
    """What a planned visit would cost elsewhere; None where there is no such place.

    Attributes:
        day: the best place on another day.
        team: the best place with another team on the same day.
        time: the best place in the same team's day before or after other stops.
    """

    visit: str
    day: Slot | None
    team: Slot | None
    time: Slot | None


def best_slots(problem: Problem, plan: Plan, visit: str, k: int = 5) -> tuple[Slot, ...]:
    """The cheapest places for a visit that is new or may move, at most one for each shift.

    Raises:
        BadProblem: the visit is not known.
    """
    board, v = _board(problem, plan, visit)
    seen: set[tuple[str, ...]] = set()
    found: list[Slot] = []
    for slot in _all(board, v):
        shifts = tuple(spot.shift for spot in slot.spots)
        if shifts not in seen and len(found) < k:
            seen.add(shifts)
            found.append(slot)
    return tuple(found)


def why_here(problem: Problem, plan: Plan, visit: str) -> Here:
    """What the best other day, team and time of a planned visit would cost.

    Raises:
        BadProblem: the visit is not known or not planned.
    """
    board, v = _board(problem, plan, visit)
    if v not in board.where:
        raise BadProblem(f"visit: {visit!r} is not planned")
    shifts = {shift.id: shift for shift in problem.shifts}
    mine = {board.shifts[s].id for s in board.where[v]}
    day = board.shifts[board.where[v][0]].day
    at = {(board.shifts[s].id, board.routes[s].index(v)) for s in board.where[v]}
    slots = [s for s in _all(board, v) if {(p.shift, p.position) for p in s.spots} != at]

    def first(wanted: str) -> Slot | None:
        return next((s for s in slots if _differs(s, shifts, mine, day) == wanted), None)

    return Here(visit, first("day"), first("team"), first("time"))


def _differs(slot: Slot, shifts: dict[str, Any], mine: set[str], day: int) -> str:
    if shifts[slot.spots[0].shift].day != day:
        return "day"
    return "time" if {spot.shift for spot in slot.spots} == mine else "team"


def insert(problem: Problem, plan: Plan, visit: str, slot: Slot | None = None) -> Plan | None:
    """The plan with one visit more: where ``slot`` says, else where it is cheapest.

    Stops that the problem does not allow any more make room first. None: there is no place.

    Raises:
        BadProblem: the visit is not known.
    """
    board, v = _board(problem, plan, visit)
    gone = [u for u in board.where if u == v or not _may_stay(board, u)]
    with board.without(gone, anew=v in gone), board.as_if(v, NONE):
        at = _spots(board, slot) if slot is not None else _cheapest(board, v)
        made = board.outcome(v, at) if at is not None else None
    return _plan(problem, plan, made) if made is not None and made.sound else None


def _cheapest(board: Board, v: int) -> At | None:
    found = board.place(v)
    return found.at if found is not None else None


def _spots(board: Board, slot: Slot) -> At:
    index = {shift.id: s for s, shift in enumerate(board.shifts)}
    return tuple((index[spot.shift], spot.position) for spot in slot.spots)


def _may_stay(board: Board, u: int) -> bool:
    shifts = [board.shifts[s] for s in board.where[u]]
    return not any(never(board.problem, board.visits[u], shift) for shift in shifts)


def _plan(problem: Problem, plan: Plan, made: Outcome) -> Plan:
    routes = {route.shift: route for route in plan.routes} | dict(made.routes)
    order = [routes[s.id] for s in problem.shifts if s.id in routes and routes[s.id].stops]
    return whole(problem, order, plan.engine)


def whole(problem: Problem, routes: Sequence[Route], engine: str) -> Plan:
    """A plan of these routes with its cost."""
    served = {stop.visit for route in routes for stop in route.stops}
    left = tuple(Unserved(visit.id) for visit in problem.visits if visit.id not in served)
    made = Plan(problem_sha256(problem), tuple(routes), left, {}, engine)
    return replace(made, cost=cost_of(problem, made))


def _board(problem: Problem, plan: Plan, visit: str) -> tuple[Board, int]:
    board = Board(problem, plan)
    if visit not in board.known.number:
        raise BadProblem(f"visit: {visit!r} is not known")
    return board, board.known.number[visit]


# Every place


def _all(board: Board, v: int) -> list[Slot]:
    """Every place that holds, the cheapest first."""
    if v in board.known.frozen:
        return []
    gone = [v] if v in board.where else []
    with board.without(gone, anew=bool(gone)), board.as_if(v, NONE):
        made = ((at, board.outcome(v, at)) for at in _spots_of(board, v))
        slots = [_slot(board, v, at, one) for at, one in made if one is not None and one.sound]
    return sorted(slots, key=lambda slot: (slot.price, slot.start, slot.spots[0].shift))


def _spots_of(board: Board, v: int) -> Iterator[At]:
    """Places that every team could take alone; of pairs those that drive least."""
    finder, start = Prober(board, board.lanes), board.known.start_of(v)
    free = [s for s in board.known.allowed[v] if not any(now(board, v, s))]
    spots = [(s, at) for s in free for at in range(len(board.routes[s]) + 1)]
    costs = {spot: finder.insertion(v, spot, start, inf, free=True) for spot in spots}
    able = [spot for spot in spots if costs[spot] < inf]
    if board.visits[v].crews < _PAIR:
        yield from ((spot,) for spot in able)
        return
    span = {spot: finder.span(v, spot) for spot in able}
    pairs = [
        (costs[a] + costs[b], (a, b)) for a, b in combinations(able, _PAIR)
        if max(span[a][0], span[b][0]) <= min(span[a][1], span[b][1])
        and board.shifts[a[0]].day == board.shifts[b[0]].day
        and board.shifts[a[0]].team != board.shifts[b[0]].team
    ]  # fmt: skip
    yield from (at for _cost, at in sorted(pairs)[:_MOST_PAIRS])


def _slot(board: Board, v: int, at: At, made: Outcome) -> Slot:
    spots = tuple(Spot(board.shifts[s].id, position) for s, position in at)
    return Slot(board.visits[v].id, spots, made.start, made.end, made.price)


def slot_to_json(slot: Slot) -> dict[str, Any]:
    """The slot as JSON-able data."""
    spots = [{"shift": spot.shift, "position": spot.position} for spot in slot.spots]
    return {"visit": slot.visit, "spots": spots, "start": slot.start, "end": slot.end,
            "price": slot.price}  # fmt: skip


def here_to_json(here: Here) -> dict[str, Any]:
    """What other places would cost as JSON-able data."""
    return {
        "visit": here.visit,
        **{name: slot_to_json(slot) if slot else None
           for name, slot in (("day", here.day), ("team", here.team), ("time", here.time))},
    }  # fmt: skip
