"""What the election officer is told of the tablets: counts, doubts, refusals, what is not in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outreach.core import clock
from outreach.field import actions
from outreach.field.gate import Gate, gates
from outreach.field.queries import device_by_id
from outreach.voting.held import Held, held
from outreach.voting.rules import State
from tests.counting import statements
from tests.field.conftest import Tablet, World
from tests.field.voting import Polls, hold_polls, later


@pytest.fixture
def polls(world: World) -> Polls:
    return hold_polls(world.staff, world.sites[0])


def told(polls: Polls) -> tuple[Held, Gate]:
    found = held(polls.election.id)
    return found[0], gates(polls.election.id, found)[polls.visit.id]


def test_counts_and_what_was_counted_outside_are_told_apart(tablet: Tablet, polls: Polls) -> None:
    visit, votes = polls.visit.id, {"measure": "votes", "n": 2}
    assert told(polls)[0].standing.state is State.PLANNED
    tablet.one("session.open", visit, polls.args("anna"))
    tablet.one("count.add", visit, votes)
    later(minutes=5)
    tablet.one("session.open", visit, polls.args("anna", "bo", contact=None))
    tablet.one("count.add", visit, votes | {"n": 5})
    tablet.one("count.add", visit, {"measure": "assisted", "n": 1})
    found, gate = told(polls)
    assert (found.counts, found.outside["votes"]) == (
        {"votes": 7, "assisted": 1, "spoiled": 0, "refused": 0}, 2,
    )  # fmt: skip
    assert found.standing.is_doubtful
    assert not found.is_clean
    assert [(t.kind, t.status, t.code) for t in gate.troubles] == [
        ("session.open", "rejected", "too_few"), ("count.add", "conflict", "not_open"),
    ]  # fmt: skip
    assert (gate.troubles[0].by_name, gate.troubles[0].device_name) == ("Felt 1", "Tablet")


def test_an_undone_mark_is_still_told(tablet: Tablet, polls: Polls) -> None:
    visit = polls.visit.id
    opened = tablet.one("session.open", visit, polls.args("anna", "bo"))
    tablet.one("op.void", visit, {"op": opened["op"]})
    found = told(polls)[0]
    assert (found.standing.state, found.taken_back, found.marks) == (State.PLANNED, 1, ())


def test_the_gate_opens_when_every_tablet_was_heard_after_the_end(
    tablet: Tablet, enrol: Callable[[int], Tablet], polls: Polls
) -> None:
    visit, other = polls.visit.id, enrol(1)
    other.send()
    tablet.one("session.open", visit, polls.args("anna", "bo"))
    later(minutes=90)
    tablet.one("session.close", visit, polls.args("anna", "bo"))
    found, gate = told(polls)
    assert found.standing.state is State.CLOSED
    assert {t.user_name: t.is_complete for t in gate.tablets} == {"Felt 1": True, "Felt 2": False}
    later(minutes=1)
    sent = other.op("count.add", visit, {"measure": "votes", "n": 1})
    other.send(sent, pending=3)  # two more wait behind it
    gate = told(polls)[1]
    assert [(t.user_name, t.pending) for t in gate.tablets if not t.is_complete] == [("Felt 2", 2)]
    assert not gate.is_open
    other.send()
    assert told(polls)[1].is_open


def test_before_the_end_no_tablet_is_complete(tablet: Tablet, polls: Polls) -> None:
    assert not told(polls)[1].is_open
    clock.move_to(clock.now().replace(hour=9, minute=39))  # planned until 10:40 in Denmark
    tablet.send()
    assert not told(polls)[1].is_open
    later(minutes=2)
    tablet.send()
    assert told(polls)[1].is_open


def test_a_withdrawn_tablet_blocks_only_with_unsent_work(tablet: Tablet, polls: Polls) -> None:
    tablet.one("count.add", polls.visit.id, {"measure": "votes", "n": 1})
    actions.withdraw(device_by_id(tablet.device))
    assert told(polls)[1].tablets == ()


def test_it_costs_seven_statements(world: World, tablet: Tablet) -> None:
    polls = hold_polls(world.staff, world.sites[0])
    tablet.one("session.open", polls.visit.id, polls.args("anna", "bo"))
    election = polls.election.id
    with statements() as counted:
        gates(election, held(election))
    assert len(counted) == 7
