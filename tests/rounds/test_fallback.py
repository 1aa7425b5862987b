"""A plan that was made without the compiled core says so on the week board, until a better one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from outreach.rounds import actions, week_facts
from outreach.rounds.planner import Week
from tests.rounds.conftest import WEEK, Desk, solve
from tests.rounds.world import MONDAY

ROOT = Path(__file__).parents[2]
ENGLISH, DANISH = "Made by the substitute engine", "Lavet af reservemotoren"
WITHOUT = (
    "import sys; sys.modules['numba'] = None\nfrom solver.__main__ import main; sys.exit(main())"
)


def plan_without_numba() -> None:
    """The same child process as a job's, where numba cannot be loaded."""
    week = Week(week_facts.read(MONDAY))
    words = [sys.executable, "-c", WITHOUT, "solve", "-", "-o", "-", "--seconds", "0.5"]
    done = subprocess.run(words, cwd=ROOT, input=week.as_json(), capture_output=True, check=True)
    actions.keep_plan(MONDAY, week.read(json.loads(done.stdout), explain=True))


def page(desk: Desk, language: str) -> str:
    return desk.browser.get(f"{WEEK}?lang={language}").text


def test_the_board_says_which_engine_stood_in(desk: Desk) -> None:
    assert ENGLISH not in page(desk, "en")
    plan_without_numba()
    assert len(desk.plan().unplanned) == 0
    assert ENGLISH in page(desk, "en")
    assert DANISH in page(desk, "da")
    solve()
    assert ENGLISH not in page(desk, "en")


def test_moving_a_visit_and_a_new_draft_do_not_hide_it(desk: Desk) -> None:
    plan_without_numba()
    visit = desk.visits[0]
    letter, weekday, _starts = desk.at(visit)[0]
    day = MONDAY.fromordinal(MONDAY.toordinal() + (weekday + 1) % 5)
    desk.move(visit, team=letter, day=day.isoformat())
    assert ENGLISH in page(desk, "en")
    actions.publish(MONDAY, "somebody")
    actions.copy_published(MONDAY)
    assert ENGLISH in page(desk, "en")
