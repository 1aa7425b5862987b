"""A voting session through the tablet's door: what opens it, what is refused, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from outreach.core import clock
from outreach.core.db import db, writing
from outreach.core.ids import new_id
from outreach.elections.models import Election
from outreach.field.models import Op
from outreach.people.models import Staff
from outreach.visits import actions as visits
from outreach.visits.models import Tally, Visit
from outreach.voting.marks import standing
from outreach.voting.models import SessionMark
from outreach.voting.rules import State
from tests.field.conftest import Tablet, World, rows
from tests.field.voting import (
    FIRST,
    LAST,
    Polls,
    hold_polls,
    later,
    millis,
    publish_polls,
)


@pytest.fixture
def polls(world: World) -> Polls:
    return hold_polls(world.staff, world.sites[0])


def session_of(tablet: Tablet, polls: Polls) -> Any:
    tablet.view = None
    return rows(tablet.send(), "visit")[polls.visit.id]["session"]


def say(tablet: Tablet, polls: Polls, kind: str, *names: str, **more: Any) -> tuple[str, str]:
    found = tablet.one(f"session.{kind}", polls.visit.id, polls.args(*names), **more)
    return found["status"], found.get("code", "")


def state(polls: Polls) -> State:
    return standing(polls.visit.id).state


def test_two_who_confirmed_open_count_and_close(tablet: Tablet, polls: Polls) -> None:
    visit = polls.visit.id
    assert say(tablet, polls, "open", "anna", "bo") == ("applied", "")
    assert state(polls) is State.OPEN
    for measure, n in (
        ("votes", 3),
        ("assisted", 1),
        ("spoiled", 1),
        ("refused", 2),
        ("votes", -1),
    ):
        assert tablet.one("count.add", visit, {"measure": measure, "n": n})["status"] == "applied"
    assert say(tablet, polls, "close", "bo", "anna") == ("applied", "")
    found = standing(visit)
    assert (found.state, found.opened_by) == (State.CLOSED, tuple(sorted(polls.ids("anna", "bo"))))
    tablet.view = None
    body = rows(tablet.send(), "visit")[visit]
    assert body["counts"] == {"votes": 2, "assisted": 1, "spoiled": 1, "refused": 2}
    assert body["status"] == "done"
    assert [mark["kind"] for mark in body["session"]["marks"]] == ["open", "close"]
    assert not any(mark["doubtful"] for mark in body["session"]["marks"])


def test_the_tablet_is_told_the_law_and_who_may(tablet: Tablet, polls: Polls) -> None:
    found = session_of(tablet, polls)
    assert (found["opens"], found["shuts"]) == (millis(FIRST), millis(LAST))
    assert found["cite"].startswith("KRV § 62")
    assert (found["doors"], found["expected"], found["title"]) == ([565, 625], 20, "Kommunalvalg")
    assert found["crew"]["min"] == 2
    assert found["least"] == 30
    by_name = {one["name"]: one for one in found["receivers"]}
    assert [one["member"] for one in found["receivers"]][:3] == [True, True, False]
    assert found["receivers"][2]["name"] == "Dan"  # reserves come first
    assert "Eva" not in by_name  # she rides in another round of the day
    assert "Stranger" not in by_name
    assert by_name["Cia"]["why_not"] is None
    assert "kandidat" in by_name["Candidate"]["why_not"]["da"]
    assert "instructed" in by_name["Raw"]["why_not"]["en"]
    assert by_name["Late"]["why_not"]
    assert set(by_name["Cia"]) == {
        "id", "name", "initials", "role", "groups", "member", "why_not",
    }  # fmt: skip


def test_a_visit_without_a_session_says_nothing_of_one(tablet: Tablet, world: World) -> None:
    body = rows(tablet.send(), "visit")[world.visits[0].id]
    assert "session" not in body
    for kind in ("open", "swap", "close"):
        args = {"receivers": [world.staff[0].id], "confirmed": [world.staff[0].id]}
        found = tablet.one(f"session.{kind}", world.visits[0].id, args)
        assert (found["status"], found["code"]) == ("rejected", "no_session")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ((), "too_few"), (("anna",), "too_few"), (("anna", "anna"), "too_few"),
        (("anna", "stranger"), "not_appointed"), (("anna", "candidate"), "not_eligible"),
        (("anna", "raw"), "not_eligible"), (("anna", "late"), "not_eligible"),
    ],
    ids=["nobody", "one", "one twice", "stranger", "candidate", "uninstructed", "expired"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["open", "swap", "close"])
def test_who_may_not_cannot_open_hold_or_close(
    tablet: Tablet, polls: Polls, kind: str, names: tuple[str, ...], code: str
) -> None:
    if kind != "open":
        say(tablet, polls, "open", "anna", "bo")
    before = standing(polls.visit.id)
    assert say(tablet, polls, kind, *names) == ("rejected", code)
    assert standing(polls.visit.id) == before
    kept = db.session.scalars(select(Op).where(Op.kind == f"session.{kind}")).all()[-1]
    assert kept.payload["args"]["receivers"] == polls.ids(*names)


def test_a_substitute_of_the_same_election_may_step_in(tablet: Tablet, polls: Polls) -> None:
    assert say(tablet, polls, "open", "anna", "cia") == ("applied", "")
    assert say(tablet, polls, "swap", "cia", "dan") == ("applied", "")
    assert say(tablet, polls, "close", "dan", "cia") == ("applied", "")
    found = standing(polls.visit.id)
    assert found.here == tuple(sorted(polls.ids("cia", "dan")))
    named = {one["name"] for one in session_of(tablet, polls)["receivers"]}
    assert {"Cia", "Dan"} <= named


@pytest.mark.parametrize(
    ("hour", "code"), [(8, "elsewhere"), (14, "elsewhere"), (15, "")], ids=["8", "14", "15"]
)
def test_who_rides_in_another_round_just_then_cannot_open_or_take_over(
    tablet: Tablet, polls: Polls, hour: int, code: str
) -> None:
    clock.move_to(clock.now().astimezone(clock.DK).replace(hour=hour, minute=30))
    status = "rejected" if code else "applied"
    assert say(tablet, polls, "open", "anna", "eva") == (status, code)  # Eva is out from 8 to 15
    assert state(polls) is (State.PLANNED if code else State.OPEN)
    say(tablet, polls, "open", "anna", "bo")
    assert say(tablet, polls, "swap", "eva", "bo") == (status, code)
    assert say(tablet, polls, "close", "eva", "bo") == ("conflict" if code else "applied", code)
    assert state(polls) is State.CLOSED


def test_who_rides_to_the_session_is_here_whatever_else_is_published(
    tablet: Tablet, polls: Polls
) -> None:
    publish_polls(polls, clock.today(), "anna", "eva", number=2)  # Eva is in both rounds now
    assert say(tablet, polls, "open", "anna", "eva") == ("applied", "")


def test_being_named_is_not_confirming(tablet: Tablet, polls: Polls) -> None:
    args = polls.args("anna", "bo", confirmed=polls.ids("anna"))
    found = tablet.one("session.open", polls.visit.id, args)
    assert (found["status"], found["code"]) == ("rejected", "too_few")
    args = polls.args("anna", confirmed=polls.ids("anna", "bo"))
    assert tablet.one("session.open", polls.visit.id, args)["code"] == "too_few"
    assert state(polls) is State.PLANNED


def test_somebody_who_left_may_not(tablet: Tablet, polls: Polls) -> None:
    with writing():
        gone = polls.people["bo"].id
        db.session.execute(update(Staff).where(Staff.id == gone).values(is_active=False))
    assert say(tablet, polls, "open", "anna", "bo") == ("rejected", "not_eligible")
    assert session_of(tablet, polls)["receivers"][1]["why_not"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({}, "bad_args"), ({"receivers": "x", "confirmed": []}, "bad_args"),
        ({"receivers": ["x"], "confirmed": ["x"]}, "bad_args"),
        ({"receivers": [], "confirmed": [], "who": "010190-1234"}, "cpr"),
        ({"receivers": [], "confirmed": [], "voter": "x"}, "bad_args"),
        ({"receivers": [], "confirmed": [], "contact": "noon"}, "bad_args"),
        ({"receivers": [new_id() for _ in range(41)], "confirmed": []}, "bad_args"),
    ],
    ids=["nothing", "text", "no id", "cpr", "more", "contact", "crowd"],
)  # fmt: skip
def test_arguments_that_cannot_be_used_are_refused(
    tablet: Tablet, polls: Polls, args: Any, code: str
) -> None:
    found = tablet.one("session.open", polls.visit.id, args)
    assert (found["status"], found["code"]) == ("rejected", code)


@pytest.mark.parametrize(
    ("moment", "result"),
    [
        (FIRST - timedelta(seconds=1), ("rejected", "before_window")), (FIRST, ("applied", "")),
        (LAST, ("applied", "")), (LAST + timedelta(seconds=1), ("rejected", "after_window")),
    ],
    ids=["before", "first", "last", "after"],
)  # fmt: skip
def test_the_window_is_heeded_at_both_ends(
    tablet: Tablet, polls: Polls, moment: Any, result: tuple[str, str]
) -> None:
    clock.move_to(LAST + timedelta(hours=1))
    found = say(tablet, polls, "open", "anna", "bo", at=millis(moment), off=0)
    assert found == result
    assert state(polls) is (State.OPEN if result[0] == "applied" else State.PLANNED)


def test_a_tablet_cannot_open_before_the_window_by_a_clock_that_is_ahead(
    tablet: Tablet, polls: Polls
) -> None:
    clock.move_to(FIRST - timedelta(days=1))
    found = say(tablet, polls, "open", "anna", "bo", at=millis(FIRST + timedelta(hours=9)))
    assert found == ("rejected", "before_window")


def test_a_closing_after_the_window_is_kept_and_said_to_be_late(
    tablet: Tablet, polls: Polls
) -> None:
    clock.move_to(LAST - timedelta(minutes=30))
    assert say(tablet, polls, "open", "anna", "bo") == ("applied", "")
    later(hours=1)
    assert say(tablet, polls, "close", "anna", "bo") == ("conflict", "after_window")
    assert state(polls) is State.CLOSED


def test_a_ruleset_without_the_channel_opens_nothing(tablet: Tablet, world: World) -> None:
    polls = hold_polls(world.staff, world.sites[0], channel="moon")
    assert say(tablet, polls, "open", "anna", "bo") == ("rejected", "no_window")
    found = session_of(tablet, polls)
    assert (found["opens"], found["cite"], found["crew"]["min"]) == (None, "", 2)


def test_an_election_whose_days_do_not_suit_opens_nothing(tablet: Tablet, polls: Polls) -> None:
    with writing():
        election = db.session.scalars(select(Election)).one()
        election.writ_day = election.election_day + timedelta(days=1)
    assert say(tablet, polls, "open", "anna", "bo") == ("rejected", "no_window")
    assert session_of(tablet, polls)["opens"] is None


def test_another_day_of_the_election_moves_the_window_on_the_tablet(
    tablet: Tablet, polls: Polls
) -> None:
    before = session_of(tablet, polls)["opens"]
    with writing():
        db.session.scalars(select(Election)).one().election_day += timedelta(days=14)
    assert session_of(tablet, polls)["opens"] == before + 14 * 86_400_000
    assert say(tablet, polls, "open", "anna", "bo") == ("rejected", "before_window")


def test_votes_that_were_counted_are_kept_whatever_became_of_the_session(
    tablet: Tablet, polls: Polls
) -> None:
    visit, votes = polls.visit.id, {"measure": "votes", "n": 2}
    assert say(tablet, polls, "open", "anna")[0] == "rejected"
    found = tablet.one("count.add", visit, votes)
    assert (found["status"], found["code"]) == ("conflict", "not_open")
    assert found["conflict"]["visit"] == visit
    say(tablet, polls, "open", "anna", "bo")
    later(minutes=30)
    assert tablet.one("count.add", visit, votes)["status"] == "applied"
    early = clock.millis() - 35 * 60_000
    assert tablet.one("count.add", visit, votes, at=early)["code"] == "before_open"
    say(tablet, polls, "close", "anna", "bo")
    later(minutes=5)
    assert tablet.one("count.add", visit, votes)["code"] == "after_close"
    assert tablet.one("count.add", visit, {"measure": "contacts", "n": 1})["status"] == "applied"
    assert sum(t.amount for t in db.session.scalars(select(Tally)) if t.measure == "votes") == 8


def test_two_tablets_open_and_close_and_the_earliest_opening_holds(
    tablet: Tablet, enrol: Callable[[int], Tablet], polls: Polls
) -> None:
    other = enrol(1)
    start = clock.millis()
    later(minutes=60)
    assert say(tablet, polls, "open", "anna", "bo", at=start + 300_000) == ("applied", "")
    assert say(other, polls, "open", "bo", "cia", at=start) == ("merged", "already_open")
    assert say(other, polls, "close", "bo", "cia") == ("applied", "")
    late = say(tablet, polls, "close", "anna", "bo", at=start + 600_000)
    assert late == ("merged", "already_closed")
    found = standing(polls.visit.id)
    assert found.opened_at is not None
    assert millis(found.opened_at) == start
    assert found.closed_at is not None
    assert millis(found.closed_at) > start + 600_000


def test_closing_what_was_never_opened_is_kept_as_a_conflict(tablet: Tablet, polls: Polls) -> None:
    assert say(tablet, polls, "close", "anna", "bo") == ("conflict", "not_open")
    assert say(tablet, polls, "swap", "anna", "bo") == ("conflict", "not_open")
    assert state(polls) is State.PLANNED


def test_an_undo_takes_a_mark_back_wherever_it_arrives(tablet: Tablet, polls: Polls) -> None:
    visit = polls.visit.id
    opened = tablet.one("session.open", visit, polls.args("anna", "bo"))
    closed = tablet.one("session.close", visit, polls.args("anna", "bo"))
    assert tablet.one("op.void", visit, {"op": closed["op"]})["status"] == "applied"
    assert state(polls) is State.OPEN
    assert db.session.scalars(select(Visit.status).where(Visit.id == visit)).one() == "in_progress"
    swap = tablet.one("session.swap", visit, polls.args("anna", "cia"))
    tablet.one("op.void", visit, {"op": swap["op"]})
    assert standing(visit).here == tuple(sorted(polls.ids("anna", "bo")))
    tablet.one("op.void", visit, {"op": opened["op"]})
    assert state(polls) is State.PLANNED
    early = new_id()
    tablet.one("op.void", visit, {"op": early})
    found = tablet.one("session.open", visit, polls.args("anna", "bo"), op=early)
    assert (found["status"], found["code"]) == ("noop", "void")
    assert state(polls) is State.PLANNED
    assert len(db.session.scalars(select(SessionMark)).all()) == 4  # nothing is ever removed


def test_the_same_operation_twice_is_one_mark(tablet: Tablet, polls: Polls) -> None:
    sent = tablet.op("session.open", polls.visit.id, polls.args("anna", "bo"))
    tablet.send(sent)
    tablet.send(sent)
    assert len(db.session.scalars(select(SessionMark)).all()) == 1


def test_nobody_outside_the_round_opens_it(world: World, tablet: Tablet, polls: Polls) -> None:
    stranger = hold_polls([world.staff[1], polls.people["cia"]], world.sites[1])
    assert say(tablet, stranger, "open", "anna", "bo") == ("rejected", "not_authorised")


def test_a_cancelled_session_that_was_held_is_a_conflict(tablet: Tablet, polls: Polls) -> None:
    visit = db.session.scalars(select(Visit).where(Visit.id == polls.visit.id)).one()
    visits.cancel(visit, "", polls.people["anna"].id, "Valg")
    assert say(tablet, polls, "open", "anna", "bo") == ("conflict", "performed_after_cancel")
    assert state(polls) is State.OPEN


@pytest.mark.parametrize(
    ("more", "doubtful"),
    [
        ({}, False), ({"contact": None}, True), ({"off": None}, True), ({"at": None}, True),
        ({"shift": 6}, True), ({"shift": 4}, False), ({"old": 49}, True), ({"old": 47}, False),
    ],
    ids=["sure", "never synced", "no offset", "no time", "far off", "near", "silent", "heard"],
)  # fmt: skip
def test_a_time_that_is_not_sure_is_said_to_be_so(
    tablet: Tablet, polls: Polls, more: dict[str, Any], *, doubtful: bool
) -> None:
    now = clock.millis()
    shift = more.get("shift", 0) * 60_000
    contact = now - more.get("old", 0) * 3_600_000 if "contact" not in more else None
    sent = tablet.op(
        "session.open", polls.visit.id, polls.args("anna", "bo", contact=contact),
        at=more.get("at", now - shift), off=more.get("off", shift),
    )  # fmt: skip
    answer = tablet.send(sent, now=now - shift)
    assert answer["results"][0]["status"] == "applied"
    assert standing(polls.visit.id).is_doubtful is doubtful
    assert session_of(tablet, polls)["marks"][0]["doubtful"] is doubtful


def test_a_clock_that_was_moved_since_makes_the_time_doubtful(tablet: Tablet, polls: Polls) -> None:
    sent = tablet.op("session.open", polls.visit.id, polls.args("anna", "bo"))
    tablet.send(sent, now=clock.millis() - 600_000)
    assert standing(polls.visit.id).is_doubtful


def test_the_law_is_asked_anew_when_the_election_changes(tablet: Tablet, polls: Polls) -> None:
    assert say(tablet, polls, "open", "anna", "bo") == ("applied", "")
    with writing():
        db.session.scalars(select(Election)).one().election_day = date(2027, 3, 2)
    assert session_of(tablet, polls)["opens"] > millis(LAST)
