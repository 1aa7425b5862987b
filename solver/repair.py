"""Brings a plan onto the board stop by stop, and completes it; every hard rule holds throughout."""

from __future__ import annotations

from collections import defaultdict

from solver.check import check
from solver.places import Finder
from solver.plan import Plan
from solver.problem import Problem
from solver.state import State


def board_of(problem: Problem, *plans: Plan | None) -> State:
    """A board with what holds of each plan in turn; what is frozen comes first of all."""
    state = State(problem)
    if problem.baseline is not None and state.known.frozen:
        adopt(state, problem.baseline, among=set(state.known.frozen))
    for plan in plans:
        if plan is not None:
            adopt(state, plan)
    return state


def adopt(state: State, plan: Plan, among: set[int] | None = None) -> None:
    """Take over what holds of a plan and is not on the board yet: the whole, or stop by stop.

    Args:
        state: the board.
        plan: what to take over; its times may be wrong.
        among: the visits to take over; None: all.
    """
    if among is None and not state.where and not check(state.problem, plan).hard:
        state.load(plan)
        return
    number, finder = state.known.number, Finder(state)
    index = {shift.id: s for s, shift in enumerate(state.shifts)}
    home: dict[int, list[int]] = defaultdict(list)
    when: dict[int, tuple[int, int]] = {}
    for route in plan.routes:
        for rank, stop in enumerate(route.stops):
            v, s = number.get(stop.visit), index.get(route.shift)
            if v is not None and s is not None and (among is None or v in among):
                home[v].append(s)
                when[v] = (stop.start, rank)
    for v in sorted(home.keys() - state.where.keys(), key=lambda v: (when[v], v)):
        place = finder.last(v, home[v]) or finder.any(v, among=home[v])
        if place is not None:
            state.insert(v, place)


def complete(state: State) -> None:
    """Agree anew on all starts, and try what is left out until nothing can be inserted."""
    state.thaw()
    finder, before = Finder(state), -1
    while len(state.where) > before:
        before = len(state.where)
        for v in state.hardest_first():
            place = finder.any(v)
            if place is not None and not state.is_too_dear(v, place.cost):
                state.insert(v, place)
