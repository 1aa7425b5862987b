from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from outreach.elections.drawing import WIDTH, Span, draw
from outreach.elections.rules import Phase, expected_votes, phase

FIRST, LAST, E = date(2021, 10, 26), date(2021, 11, 12), date(2021, 11, 16)
SPAN = Span("Institutioner", "window", FIRST, LAST)


def test_a_later_day_stands_further_right_and_a_window_is_as_long_as_its_days() -> None:
    long = Span("Alle", "window", FIRST - timedelta(days=21), LAST)
    drawn = draw([long, SPAN], [("election", E)], FIRST)
    first, second = drawn.bars
    assert first.x < second.x < drawn.marks[0].x
    days = (LAST - FIRST).days + 1
    assert abs(second.width / first.width - days / (days + 21)) < 0.01
    assert first.y < second.y < drawn.height


def test_names_of_days_that_fall_together_stand_beside_each_other() -> None:
    """An election that is called today; a tick's name never lies on another day's line."""
    drawn = draw([SPAN], [("writ", FIRST), ("election", E)], FIRST)
    writ, _election, today = drawn.marks
    assert writ.x == today.x
    assert today.label_x - writ.label_x >= 70
    named = [tick for tick in drawn.ticks if tick.is_named]
    assert named
    assert all(not tick.x < mark.x < tick.x + 70 for tick in named for mark in drawn.marks)
    late = draw([SPAN], [("writ", FIRST), ("election", E)], E).marks
    assert late[1].x == late[2].x
    assert abs(late[1].label_x - late[2].label_x) >= 70


def test_two_elections_have_their_names_each_and_a_long_name_is_not_cut() -> None:
    other = Span("Demovalg: Sygehuse og Kriminalforsorgens institutioner" * 2, "window", LAST, E)
    second = E + timedelta(days=14)
    drawn = draw([SPAN, other], [("election", E), ("election", second)], LAST)
    first, last, _today = drawn.marks
    assert last.label_x - first.label_x > 100
    assert drawn.bars[1].anchor == "end"


def test_today_is_drawn_only_when_it_is_near() -> None:
    def kinds(today: date) -> set[str]:
        return {mark.kind for mark in draw([SPAN], [("election", E)], today).marks}

    assert kinds(FIRST - timedelta(days=60)) == {"election", "today"}
    assert kinds(FIRST - timedelta(days=61)) == {"election"}
    assert kinds(E + timedelta(days=1)) == {"election"}


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 90)), min_size=1, max_size=6),
    st.integers(-100, 500),
)
def test_nothing_is_drawn_outside_the_picture(spans: list[tuple[int, int]], today: int) -> None:
    start = date(2026, 1, 1)
    made = [
        Span("x", "window", start + timedelta(days=a), start + timedelta(days=a + n))
        for a, n in spans
    ]
    end = max(one.last for one in made) + timedelta(days=4)
    drawn = draw(made, [("election", end)], start + timedelta(days=today))
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in drawn.bars)
    assert all(0 <= mark.x <= WIDTH for mark in drawn.marks)
    assert all(0 <= tick.x <= WIDTH for tick in drawn.ticks)
    assert all(one.day.weekday() == 0 for one in drawn.ticks)
    assert all(b.x - a.x > 40 for a, b in pairwise(drawn.ticks))
    assert len(drawn.ticks) <= 10


def test_how_far_an_election_is() -> None:
    windows = [(FIRST, LAST)]
    assert phase(FIRST - timedelta(days=1), windows, E) is Phase.PREPARED
    assert phase(LAST, windows, E) is Phase.OPEN
    assert phase(E, windows, E) is Phase.CLOSED
    assert phase(E + timedelta(days=1), windows, E) is Phase.OVER


def test_expected_votes_are_rounded_up_and_unknown_where_nobody_knows() -> None:
    assert expected_votes(41, 45) == 19
    assert expected_votes(40, 45) == 18
    assert expected_votes(0, 45) == 0
    assert expected_votes(None, 45) is None
