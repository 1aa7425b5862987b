"""Days on which the clock changes: minutes are local, and what has begun stays where it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import solver
from outreach.core import clock
from outreach.rounds import actions, week_facts
from outreach.rounds.answer import Answer
from outreach.rounds.planner import Week
from tests.rounds.world import make_catalogue, make_site, make_staff, make_team, make_visit

pytestmark = pytest.mark.usefixtures("org")
SUNDAY = 6
SPRING, AUTUMN, EASTER = date(2028, 3, 26), date(2027, 10, 31), date(2027, 3, 28)


def a_week_with_work_on(sunday: date) -> date:
    """A team that goes out on all days, and four sites that are open on the Sunday alone."""
    monday = sunday - timedelta(days=SUNDAY)
    make_catalogue()
    make_team("A", make_staff("Anna"), make_staff("Bo"), weekdays=range(7))
    for n in range(4):
        make_visit(make_site(f"S{n}", north=n + 1, weekdays=range(6, 7)), monday=monday)
    return monday


def starts(answer: Answer) -> dict[str, tuple[date, int]]:
    """The day and the start of each visit."""
    return {
        stop.visit_id: (timed.shift.day, stop.starts)
        for timed in answer.rounds
        for stop in timed.placed.stops
    }


@pytest.mark.parametrize(
    ("sunday", "ten_o_clock"),
    [
        (SPRING, datetime(2028, 3, 26, 8, tzinfo=UTC)),
        (AUTUMN, datetime(2027, 10, 31, 9, tzinfo=UTC)),
    ],
)
def test_minutes_are_local_on_the_day_and_what_has_begun_stays(
    sunday: date, ten_o_clock: datetime
) -> None:
    monday = a_week_with_work_on(sunday)
    clock.move_to(datetime(sunday.year, 1, 5, tzinfo=UTC))
    first = Week(week_facts.read(monday)).solved(0.3)
    before = starts(first)
    assert len(before) == 4
    assert {day for day, _start in before.values()} == {sunday}
    assert all(480 <= start < 960 for _day, start in before.values())
    assert first.breaches == ()
    actions.keep_plan(monday, first)
    actions.publish(monday)
    clock.move_to(ten_o_clock)
    late = make_visit(make_site("S9", weekdays=range(6, 7)), monday=monday)
    week = Week(week_facts.read(monday))
    assert week.problem.frozen_until == solver.Frozen(SUNDAY, 600)
    after = starts(week.solved(0.3))
    begun = {visit for visit, (_day, start) in before.items() if start < 600}
    assert begun
    assert {visit: after[visit] for visit in begun} == {visit: before[visit] for visit in begun}
    assert after[late.id][1] >= 600


def test_easter_sunday_has_no_rounds_though_the_clock_changes() -> None:
    monday = a_week_with_work_on(EASTER)
    clock.move_to(datetime(2027, 1, 5, tzinfo=UTC))
    answer = Week(week_facts.read(monday)).solved(0.3)
    assert starts(answer) == {}
    assert len(answer.left) == 4
