"""Where a visit could go: the promised price is the price one gets, and nothing is cheaper."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from solver import (
    BadProblem,
    Iterations,
    Plan,
    Problem,
    best_slots,
    check,
    evaluate,
    insert,
    solve,
    why_here,
)
from tests.solver.cases import TUESDAY, problem, shift, timed, visit
from tests.solver.fuzz import random_problem, sequences, sound_insertions


def planned(seed: int) -> tuple[Problem, Plan, str]:
    """A plan, and one of its visits; every weight is in use in one case of three."""
    case = random_problem(seed)
    if seed % 3 == 0:
        weights = replace(
            case.weights, imbalance_minute=0.5, start_off_minute=0.2, kilogram_co2=1, used_shift=7
        )
        case = replace(case, weights=weights)
    plan = solve(case, stop=Iterations(3), seed=seed)
    served = [stop.visit for route in plan.routes for stop in route.stops]
    return case, plan, random.Random(seed).choice(served) if served else ""


@pytest.mark.parametrize("seeds", [range(at, at + 40) for at in range(0, 160, 40)], ids=str)
def test_every_slot_costs_what_it_promised_and_the_first_is_the_cheapest(seeds: range) -> None:
    for seed in seeds:
        case, plan, one = planned(seed)
        slots = best_slots(case, plan, one) if one else ()
        for slot in slots:
            made = insert(case, plan, one, slot)
            assert made is not None
            assert check(case, made).hard == ()
            rise = made.cost["total"] - plan.cost["total"]
            assert rise == pytest.approx(slot.price, abs=1e-6), f"seed {seed} {slot}"
        assert [s.price for s in slots] == sorted(s.price for s in slots)
        without = evaluate(
            case, {s: [v for v in ids if v != one] for s, ids in sequences(plan).items()}.items()
        )
        if slots and not check(case, without).hard:
            least = min(made.cost["total"] for made in sound_insertions(case, without, one))
            assert plan.cost["total"] + slots[0].price <= least + 1e-6, f"seed {seed}"


def test_a_new_visit_gets_its_best_places_on_different_shifts() -> None:
    case = problem(shift(), shift(day=TUESDAY), visit("V1", 3), visit("V2", 4))
    plan = timed(case, A_0=["V1"])
    first, second = best_slots(case, plan, "V2")
    assert (first.spots[0].shift, first.price) == ("A-0", 20)
    assert (second.spots[0].shift, second.price) == ("A-1", 80)
    assert len(best_slots(case, plan, "V2", k=1)) == 1


def test_what_other_places_of_a_planned_visit_would_cost() -> None:
    case = problem(shift(), shift("B"), shift(day=TUESDAY), visit("V1", 3), visit("V2", 4))
    here = why_here(case, timed(case, A_0=["V1", "V2"]), "V2")
    assert here.day is not None
    assert here.team is not None
    assert here.time is not None
    assert (here.day.spots[0].shift, here.day.price) == ("A-1", 60)
    assert (here.team.spots[0].shift, here.team.price) == ("B-0", 60)
    assert (here.time.spots[0].position, here.time.price) == (0, 0)


def test_a_visit_that_can_be_nowhere_else_has_no_other_place() -> None:
    case = problem(shift(), visit("V1", 3))
    here = why_here(case, timed(case, A_0=["V1"]), "V1")
    assert (here.day, here.team, here.time) == (None, None, None)


def test_what_is_not_known_or_not_planned_is_refused() -> None:
    case = problem(shift(), visit("V1", 3))
    for call in (best_slots, why_here, insert):
        with pytest.raises(BadProblem, match="V9"):
            call(case, timed(case), "V9")
    with pytest.raises(BadProblem, match="not planned"):
        why_here(case, timed(case), "V1")


def test_a_visit_without_a_place_is_not_put_anywhere() -> None:
    case = problem(shift(), visit("V1", skills=("a",)))
    assert insert(case, timed(case), "V1") is None
    assert best_slots(case, timed(case), "V1") == ()
