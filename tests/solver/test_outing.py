"""How long a shift is out: beside trying every minute, and what the plan then says."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest

from solver import Break, Shift, Window, check
from solver.outing import Bound, Outings
from tests.solver.cases import problem, shift, timed, visit

Stops = list[Bound]


def a_small_day(seed: int) -> tuple[list[list[int]], Shift, Stops]:
    """A shift of an hour in a town where everything is near."""
    dice = random.Random(seed)
    roads = [[0 if a == b else dice.randint(1, 6) for b in range(4)] for a in range(4)]
    rest = None
    if dice.random() < 0.6:
        begin = dice.randint(0, 45)
        rest = Break(5, begin, begin + dice.randint(5, 30))
    stops: Stops = []
    for n in range(dice.randint(1, 4)):
        hours = []
        for _ in range(dice.randint(1, 3)):
            opens = dice.randint(0, 45)
            hours.append((opens, opens + dice.randint(4, 25)))
        fixed = dice.randint(5, 50) if dice.random() < 0.1 else None
        one = visit(
            f"V{n}", dice.randint(1, 3), service_minutes=dice.randint(1, 4),
            setup_minutes=dice.choice([0, 0, 2]),
        )  # fmt: skip
        stops.append((one, sorted(hours), fixed))
    made = shift(start=dice.randint(0, 5), end=60, break_=rest, max_duration=1)
    return roads, made, stops


def lengths(stops: Stops) -> Iterator[int]:
    place, paid = 0, 0
    for one, _hours, _fixed in stops:
        already = paid if one.location == place else 0
        place, paid = one.location, max(already, one.setup_minutes)
        yield max(0, one.setup_minutes - already) + one.service_minutes


def begun(
    hours: Sequence[tuple[int, int]], fixed: int | None, arrive: int, length: int,
    rest: tuple[int, int],
) -> int | None:  # fmt: skip
    """The earliest start whole inside a window and outside the break."""
    for start in range(arrive, 61) if fixed is None else (fixed,):
        inside = any(a <= start and start + length <= b for a, b in hours)
        if start >= arrive and inside and (start + length <= rest[0] or start >= rest[1]):
            return start
    return None


def returned(roads: list[list[int]], stops: Stops, leave: int, rest: tuple[int, int]) -> int | None:
    """When a shift is back that leaves at that minute and rests at these."""

    def driven(ready: int, minutes: int) -> int:
        is_on_way = ready <= rest[0] < ready + minutes
        return ready + minutes + (rest[1] - rest[0] if is_on_way else 0)

    now, place = leave, 0
    for (one, hours, fixed), length in zip(stops, lengths(stops), strict=True):
        start = begun(hours, fixed, driven(now, roads[place][one.location]), length, rest)
        if start is None:
            return None
        now, place = start + length, one.location
    return driven(now, roads[place][0])


def tried(roads: list[list[int]], made: Shift, stops: Stops) -> dict[int, int]:
    """The least minutes out by trying every departure and every break."""
    wanted, found = made.break_, dict[int, int]()
    rests = [(-9, -9)] if wanted is None else [
        (b, b + wanted.minutes)
        for b in range(max(made.start, wanted.from_), min(wanted.to, made.end) - wanted.minutes + 1)
    ]  # fmt: skip
    for leave in range(made.start, made.end):
        for rest in rests:
            if not rest[0] < leave < rest[1]:
                back = returned(roads, stops, leave, rest)
                if back is not None and back <= made.end:
                    found[leave] = min(back - leave, found.get(leave, 99))
    return found


@pytest.mark.parametrize("batch", [range(at, at + 100) for at in range(0, 400, 100)], ids=str)
def test_the_least_minutes_out_are_those_of_trying_everything(batch: range) -> None:
    counts = [0, 0]
    for seed in batch:
        roads, made, stops = a_small_day(seed)
        best, slow = Outings(roads, made, stops).best(), tried(roads, made, stops)
        counts[best is not None] += 1
        assert (best.minutes if best else None) == min(slow.values(), default=None), seed
    assert min(counts) > 10


MORNING, NOON = (Window(0, 480, 700),), (Window(0, 700, 760),)


def test_a_shift_leaves_as_late_as_its_earliest_return_allows() -> None:
    parts = visit("V1", 1, windows=MORNING), visit("V2", 2, windows=NOON)
    free = timed(problem(shift(), *parts), A_0=["V1", "V2"]).routes[0]
    assert (free.leave, free.return_) == (480, 750)
    case = problem(shift(max_duration=120), *parts)
    plan = timed(case, A_0=["V1", "V2"])
    assert check(case, plan).hard == ()
    assert (plan.routes[0].leave, plan.routes[0].return_) == (650, 750)
    assert [stop.arrive for stop in plan.routes[0].stops] == [660, 700]
    assert plan.cost["wait_minutes"] == 0


def test_where_it_must_it_comes_back_later_to_be_out_less() -> None:
    two = (Window(0, 480, 520), Window(0, 640, 700))
    parts = visit("V1", 1, windows=two), visit("V2", 2, windows=(Window(0, 560, 760),))
    for limit, back in ((130, 610), (100, 730)):
        case = problem(shift(max_duration=limit), *parts)
        plan = timed(case, A_0=["V1", "V2"])
        assert check(case, plan).hard == ()
        assert plan.routes[0].return_ == back


@pytest.mark.parametrize(
    ("window", "rest", "out"),
    [((600, 640), (520, 550), (590, 640)), ((500, 560), (540, 570), (490, 540))],
    ids=["before", "after"],
)
def test_the_break_is_taken_outside_where_the_limit_asks_for_it(
    window: tuple[int, int], rest: tuple[int, int], out: tuple[int, int]
) -> None:
    team = shift(break_=Break(30, 520, 600), max_duration=50)
    case = problem(team, visit("V1", 1, windows=(Window(0, *window),)))
    plan = timed(case, A_0=["V1"])
    route = plan.routes[0]
    assert check(case, plan).hard == ()
    assert route.break_ is not None
    assert (route.break_.start, route.break_.end) == rest
    assert (route.leave, route.return_) == out


def test_a_visit_of_two_crews_begins_as_early_as_without_the_limit() -> None:
    parts = visit("V1", 1, crews=2, windows=MORNING), visit("V2", 2, windows=NOON)
    case = problem(shift("A", max_duration=120), shift("B"), *parts)
    plan = timed(case, A_0=["V1", "V2"], B_0=["V1"])
    assert [route.stops[0].start for route in plan.routes] == [490, 490]
    assert [one.rule for one in check(case, plan).hard] == ["max-duration"]
