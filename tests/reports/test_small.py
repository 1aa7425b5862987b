from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.reports.small import SMALL, Protected, protect


def consistent(cells: dict[str, int], key: str) -> set[int]:
    """Every number that a reader could still think of for a cell, who knows all that is shown."""
    plan = protect(cells, hides_small=True)
    unknown = sorted(plan.small | plan.hidden)
    if plan.total_is_hidden or sum(cells.values()) <= SMALL:
        return set(range(1, SMALL + 1))
    total = sum(cells[name] for name in unknown)
    shown = [n for name, n in cells.items() if name not in unknown and n > SMALL]
    most = min([*shown, total])
    ranges = [
        range(1, SMALL + 1) if name in plan.small else range(SMALL + 1, most + 1)
        for name in unknown
    ]  # fmt: skip
    place = unknown.index(key)
    return {way[place] for way in product(*ranges) if sum(way) == total}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=1, max_size=5))
def test_every_small_cell_could_be_at_least_two_numbers(amounts: list[int]) -> None:
    cells = {f"g{number}": amount for number, amount in enumerate(amounts)}
    plan = protect(cells, hides_small=True)
    for key, amount in cells.items():
        assert (key in plan.small) == (1 <= amount <= SMALL)
        if key in plan.small:
            assert len(consistent(cells, key)) >= 2
            assert amount in consistent(cells, key)


def test_one_small_cell_takes_the_least_of_the_others_with_it() -> None:
    plan = protect({"a": 2, "b": 40, "c": 30, "d": 0}, hides_small=True)
    assert plan == Protected(frozenset("a"), frozenset("c"), total_is_hidden=False)


def test_two_ones_give_each_other_away_so_a_third_is_hidden() -> None:
    plan = protect({"a": 1, "b": 1, "c": 30, "d": 31}, hides_small=True)
    assert plan.hidden == {"c"}


def test_where_nothing_else_helps_the_total_goes() -> None:
    assert protect({"a": 4, "b": 4}, hides_small=True).total_is_hidden
    assert not protect({"a": 2, "b": 1}, hides_small=True).total_is_hidden


def test_who_may_see_small_counts_sees_everything() -> None:
    plan = protect({"a": 1, "b": 40}, hides_small=False)
    assert not plan.small | plan.hidden


def test_a_cell_that_is_never_shown_is_not_worked_out_either() -> None:
    plan = protect({"a": 12, "b": 40, "c": 50}, hides_small=False, never_shown={"a"})
    assert plan.hidden == {"a", "b"}
