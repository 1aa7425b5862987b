"""How long sessions take, and how large homes are split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.voting.splitting import Times, open_minutes, split, whole_minutes

TIMES = Times(setup=25, pack=15, seconds_per_vote=360, least=30, longest=300)


@pytest.mark.parametrize(
    ("expected", "desks", "minutes"),
    [(20, 1, 120), (21, 2, 66), (1, 1, 30), (0, 1, 30), (7, 3, 30), (100, 4, 150)],
)
def test_a_session_lasts_by_its_votes_and_desks(expected: int, desks: int, minutes: int) -> None:
    """Votes are shared by the desks, rounded up; the law's least holds."""
    assert open_minutes(expected, desks, TIMES) == minutes
    assert whole_minutes(expected, desks, TIMES) == 25 + minutes + 15


@pytest.mark.parametrize(
    ("expected", "longest", "window", "shares"),
    [
        (43, 300, None, [43]),
        (44, 300, None, [22, 22]),
        (90, 300, None, [30, 30, 30]),
        (30, 300, 180, [15, 15]),
        (30, 300, 60, [30]),
        (3, 80, None, [3]),
    ],
)
def test_a_home_is_split_into_as_few_parts_as_can_be(
    expected: int, longest: int, window: int | None, shares: list[int]
) -> None:
    """By the longest session or window; where no part would fit it stays whole."""
    times = Times(25, 15, 360, 30, longest)
    assert [part.expected for part in split(expected, 1, times, window)] == shares


@given(
    st.integers(0, 900), st.integers(1, 8), st.integers(60, 900), st.integers(90, 600),
    st.one_of(st.none(), st.integers(30, 600)),
)  # fmt: skip
def test_parts_hold_all_votes_and_fit(
    expected: int, desks: int, seconds: int, longest: int, window: int | None
) -> None:
    """Nothing is lost, parts are even, and a part fits whenever any splitting would."""
    times = Times(25, 15, seconds, 30, longest)
    parts = split(expected, desks, times, window)
    assert sum(part.expected for part in parts) == expected
    assert max(p.expected for p in parts) - min(p.expected for p in parts) <= 1
    assert [(p.part, p.parts) for p in parts] == [(n + 1, len(parts)) for n in range(len(parts))]
    limit = longest if not window else min(longest, window)
    if len(parts) > 1:
        assert max(25 + p.minutes + 15 for p in parts) <= limit
