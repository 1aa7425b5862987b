"""The job that plans a sprint: the child's own command line answers it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from outreach.core.db import writing
from outreach.jobs.registry import handler_of
from outreach.voting import actions, queries, work
from tests.voting.conftest import Office, ask
from tests.voting.world import MONDAY

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("aim", ["fewest", "earliest"])
def test_the_childs_answer_becomes_the_draft(office: Office, aim: str) -> None:
    """First what it shows on the way, then the answer; the job says what was found."""
    given = work.params(office.election_id, ask(aim, teams=3, seconds=1))
    called = handler_of(actions.KIND)("01a20c91-0000-7000-8000-000000000001", given)
    todo = called.prepare()
    done = subprocess.run(
        [sys.executable, "-m", *called.module], input=todo.stdin, capture_output=True, check=True,
        cwd=ROOT,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith(b"{")]
    shown = next(line["plan"] for line in lines if "plan" in line)
    with writing():
        todo.preview(shown)()
    assert office.at()
    with writing():
        result = todo.finish(json.loads(done.stdout))()
    assert (result["aim"], result["left"], result["complete"]) == (aim, 0, True)
    assert len(office.at()) == 4
    assert {team.letter for team in queries.teams(office.election_id)} <= {"V1", "V2", "V3"}


def test_a_first_plan_does_not_replace_a_draft(office: Office) -> None:
    """The search may be called off."""
    office.plan(teams=1)
    before = office.at()
    ready = actions.prepare(office.election, ask(teams=2))
    answer, _about = ready.sprint.searched("earliest", 0.4)
    actions.keep_preview(office.election_id, ready, answer, "01a20c91-0000-7000-8000-000000000002")
    assert office.at() == before


def test_with_the_draft_goes_the_week_to_which_it_moved_a_session(office: Office) -> None:
    """Reports and tablets go by the week that is published."""

    def weeks() -> set[date]:
        return {one.visit.monday for one in queries.sessions(office.election_id)}

    office.plan(days=(date(2026, 12, 23),), teams=2)
    actions.publish(office.election)
    published = weeks()
    office.plan(days=(MONDAY,), teams=2, aim="earliest", keep_teams=False)
    assert weeks() != published
    actions.drop(office.election)
    assert weeks() == published
