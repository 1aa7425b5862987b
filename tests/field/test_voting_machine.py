"""No sequence of calls opens a session with fewer than two who confirmed, or outside its window.

Hypothesis calls the real API in any order, with any people, clocks, repeats, undos and changes by
the office in between. After every call each mark that was stored is judged here anew, by sums of
days and sets alone. The last tests plant faults, which the machine must find.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from outreach.core import clock
from outreach.core.db import Base, db, writing
from outreach.core.ids import new_id
from outreach.elections.models import Election
from outreach.field import apply as operations
from outreach.field.models import Op
from outreach.receivers.models import Appointment
from outreach.voting import seats
from outreach.voting.marks import standing
from outreach.voting.models import SessionMark
from outreach.voting.rules import State
from tests.field.conftest import Tablet, World, rows
from tests.field.voting import ELECTION_DAY, FIRST, hold_polls, later

NAMES = ("anna", "bo", "cia", "dan", "eva", "candidate", "raw", "late", "stranger")
PAIRS = st.sampled_from([["anna", "bo"], ["bo", "cia"], ["anna", "dan", "eva"]])
PEOPLE = st.one_of(
    PAIRS,
    PAIRS,
    st.lists(st.sampled_from(NAMES[:5]), max_size=3),
    st.lists(st.sampled_from(NAMES), max_size=3),
)
TAPS = st.one_of(
    st.tuples(
        st.just("mark"), st.sampled_from(["open", "open", "swap", "close"]), PEOPLE,
        st.one_of(st.none(), st.none(), st.none(), PEOPLE),
        st.sampled_from([0, 0, 0, 1, 12, 80, -1, -40]),
    ),
    st.tuples(st.just("count"), st.integers(-1, 3)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
)  # fmt: skip
HOUR = 3_600_000
OFF = (-25 * HOUR, 26 * HOUR)
EARLIEST = datetime(2026, 11, 16, tzinfo=UTC)
GONE = {
    "retraction", "session_mark", "status_mark", "tally", "op", "line", "device_view", "stop",
    "round", "plan", "voting_session", "appointment", "election",
}  # fmt: skip


def _sweep() -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in GONE:
                connection.execute(table.delete())


class Machine(RuleBasedStateMachine):
    """Two tablets and an office; a subclass says which."""

    world: World
    tablets: list[Tablet]

    def __init__(self) -> None:
        super().__init__()
        _sweep()
        clock.move_to(FIRST)
        self.polls = hold_polls(self.world.staff, self.world.sites[0])
        self.barred = {self.polls.people[name].id for name in NAMES[5:]}
        self.first_day = FIRST.date()
        self.judged: set[str] = set()
        self.sent: dict[str, tuple[Tablet, dict[str, Any], datetime]] = {}
        for tablet in self.tablets:
            tablet.line, tablet.dseq, tablet.view = new_id(), 0, None

    @initialize(hours=st.sampled_from([9, 9, 9, 200, 425, -30]))
    def it_begins(self, hours: int) -> None:
        clock.move_to(FIRST + timedelta(hours=hours))

    @rule(hours=st.sampled_from([1, 5, 30, 120]))
    def time_passes(self, hours: int) -> None:
        later(hours=hours)

    @rule(who=st.integers(0, 1), taps=st.lists(TAPS, min_size=3, max_size=8))
    def somebody_works(self, who: int, taps: list[tuple[Any, ...]]) -> None:
        """Several taps in one request: marks, votes, undos."""
        made: dict[str, Callable[..., Any]] = {
            "mark": self._mark, "count": self._count, "undo": self._undo,
        }  # fmt: skip
        ops = [made[kind](who, *rest) for kind, *rest in taps]
        tablet = self.tablets[who]
        assert tablet.post(tablet.ask(*ops)).status_code == 200

    def _mark(self, who: int, kind: str, named: list[str], taps: Any, ago: int) -> Any:
        ids = self.polls.ids(*named)
        confirmed = ids if taps is None else self.polls.ids(*taps)
        args = {"receivers": ids, "confirmed": confirmed, "contact": clock.millis()}
        at = clock.millis() - ago * HOUR - OFF[who]
        return self._op(who, f"session.{kind}", args, at=at, off=OFF[who])

    def _count(self, who: int, n: int) -> Any:
        return self._op(who, "count.add", {"measure": "votes", "n": n})

    def _undo(self, who: int, which: int) -> Any:
        known = list(self.sent) or [new_id()]
        return self._op(who, "op.void", {"op": known[which % len(known)]})

    def _op(self, who: int, kind: str, args: dict[str, Any], **more: Any) -> Any:
        """Make it, and remember when it happened: a clock is corrected, the future not believed."""
        tablet = self.tablets[who]
        op = tablet.op(kind, self.polls.visit.id, args, **more)
        at, now = datetime.fromtimestamp((op["at"] + op["off"]) / 1000, UTC), clock.now()
        self.sent[op["op"]] = tablet, op, at if EARLIEST <= at <= now else now
        return op

    @rule(which=st.integers(0, 9))
    def an_operation_comes_again(self, which: int) -> None:
        if self.sent:
            tablet, op, _at = list(self.sent.values())[which % len(self.sent)]
            tablet.post(tablet.ask(op))

    @rule(weeks=st.integers(0, 3))
    def the_election_gets_another_day(self, weeks: int) -> None:
        days = timedelta(weeks=weeks)
        with writing():
            election = db.session.scalars(select(Election)).one()
            election.election_day = ELECTION_DAY + days
        self.first_day = FIRST.date() + days

    @rule(name=st.sampled_from(["anna", "bo", "cia"]))
    def somebody_becomes_a_candidate(self, name: str) -> None:
        id_ = self.polls.people[name].id
        with writing():
            found = select(Appointment).where(Appointment.staff_id == id_)
            db.session.scalars(found).one().is_candidate = True
        self.barred.add(id_)

    @invariant()
    def every_mark_is_lawful(self) -> None:
        db.session.rollback()
        for mark in db.session.scalars(select(SessionMark)).all():
            if mark.op_id not in self.judged:  # later the law may be another one
                self.judged.add(mark.op_id)
                self._judge(mark)

    def _judge(self, mark: SessionMark) -> None:
        _tablet, op, happened = self.sent[mark.op_id]
        people = set(op["args"]["receivers"]) & set(op["args"]["confirmed"])
        assert set(mark.receivers) == people
        assert len(people) >= 2
        assert not people & self.barred
        assert abs(mark.at - happened) < timedelta(seconds=5)
        if mark.kind != "close":
            first = datetime.combine(self.first_day, datetime.min.time(), clock.DK)
            assert first <= mark.at < first + timedelta(days=18)

    @invariant()
    def an_open_session_has_an_opening(self) -> None:
        opened = select(SessionMark).where(SessionMark.kind == "open", ~SessionMark.is_void)
        is_open = bool(db.session.scalars(opened).all())
        assert (standing(self.polls.visit.id).state is not State.PLANNED) == is_open

    @invariant()
    def nothing_that_was_sent_is_lost(self) -> None:
        assert set(db.session.scalars(select(Op.op_id))) == set(self.sent)


def play(world: World, enrol: Callable[[int], Tablet], *phases: Phase) -> None:
    tablets = [enrol(0), enrol(1)]
    bound = type("Bound", (Machine,), {"world": world, "tablets": tablets})
    run_state_machine_as_test(
        bound,
        settings=settings(
            max_examples=40, stateful_step_count=10, deadline=None, derandomize=True,
            database=None, suppress_health_check=list(HealthCheck), print_blob=False,
            phases=phases or tuple(Phase),
        ),
    )  # fmt: skip


def find(world: World, enrol: Callable[[int], Tablet]) -> None:
    """The machine must find the fault that was planted; it need not find the shortest way."""
    with pytest.raises(AssertionError):
        play(world, enrol, Phase.generate)


def test_nothing_opens_a_session_alone_or_outside_its_window(
    world: World, enrol: Callable[[int], Tablet]
) -> None:
    play(world, enrol)


def test_counting_names_without_taps_is_found(
    world: World, enrol: Callable[[int], Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "confirmed", lambda named, _taps: tuple(named))
    find(world, enrol)


@pytest.mark.parametrize(
    "codes", [{"before_window", "after_window"}, {"too_few"}, {"not_eligible"}],
    ids=["window", "two", "who may not"],
)  # fmt: skip
def test_a_rule_that_is_not_asked_is_found(
    world: World,
    enrol: Callable[[int], Tablet],
    monkeypatch: pytest.MonkeyPatch,
    codes: set[str],
) -> None:
    real = seats.Seat.against

    def careless(self: seats.Seat, at: datetime, ids: Any) -> tuple[str, ...]:
        return tuple(code for code in real(self, at, ids) if code not in codes)

    monkeypatch.setattr(seats.Seat, "against", careless)
    find(world, enrol)


def test_believing_the_tablets_clock_is_found(
    world: World, enrol: Callable[[int], Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    def trusting(at: int | None, _off: int | None, received: datetime, _monday: Any) -> datetime:
        return received if at is None else datetime.fromtimestamp(at / 1000, UTC)

    monkeypatch.setattr("outreach.field.rules.happened_at", trusting)
    find(world, enrol)


def test_the_wire_says_what_the_server_knows(world: World, enrol: Callable[[int], Tablet]) -> None:
    tablet = enrol(0)
    polls = hold_polls(world.staff, world.sites[0])
    tablet.one("session.open", polls.visit.id, polls.args("anna", "bo"))
    (mark,) = rows(tablet.send(view=None), "visit")[polls.visit.id]["session"]["marks"]
    assert mark["receivers"] == list(standing(polls.visit.id).opened_by)
