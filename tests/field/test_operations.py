"""Every kind of operation and every result that it can have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from outreach.core import clock, tenancy
from outreach.core.db import db
from outreach.core.ids import new_id
from outreach.field import apply as operations
from outreach.field.models import Op
from outreach.visits import actions as visits
from outreach.visits.models import Note, Tally, Visit
from tests.field.conftest import TUESDAY, Tablet, World, publish, rows


def _visit(world: World, number: int = 0) -> Visit:
    wanted = select(Visit).where(Visit.id == world.visits[number].id)
    return db.session.scalars(wanted).one()


def _body(tablet: Tablet, world: World) -> Any:
    tablet.view = None
    return rows(tablet.send(), "visit")[world.visits[0].id]


def _ops() -> dict[str, Op]:
    return {op.op_id: op for op in db.session.scalars(select(Op))}


def test_a_status_only_steps_forward(tablet: Tablet, world: World) -> None:
    visit = world.visits[0].id
    assert tablet.one("visit.status", visit, {"to": "done"})["status"] == "applied"
    assert _visit(world).done_on == TUESDAY
    assert tablet.one("visit.status", visit, {"to": "en_route"})["status"] == "noop"
    assert tablet.one("visit.status", visit, {"to": "done"})["status"] == "noop"
    assert _visit(world).status == "done"


def test_no_access_keeps_its_reason(tablet: Tablet, world: World) -> None:
    visit = world.visits[0].id
    tablet.one("visit.status", visit, {"to": "no_access", "reason": "outbreak"})
    assert (_visit(world).status, _visit(world).status_reason) == ("no_access", "outbreak")
    assert _visit(world).done_on is None


def test_a_visit_done_after_it_was_cancelled_is_a_conflict_and_counts(
    tablet: Tablet, world: World
) -> None:
    visits.cancel(_visit(world), "", world.users[1].id, "Koordinator")
    found = tablet.one("visit.status", world.visits[0].id, {"to": "en_route"})
    assert (found["status"], found["code"]) == ("noop", "cancelled")
    found = tablet.one("visit.status", world.visits[0].id, {"to": "done"})
    assert (found["status"], found["code"]) == ("conflict", "performed_after_cancel")
    assert found["conflict"]["visit"] == world.visits[0].id
    assert _visit(world).status == "done"


def test_a_second_check_is_merged_and_an_uncheck_leaves_what_it_had_not_seen(
    tablet: Tablet, enrol: Callable[[int], Tablet], world: World
) -> None:
    visit, task = world.visits[0].id, {"task": world.tasks[0].id}
    first = tablet.one("visit.check", visit, task)
    other = enrol(0)
    second = other.one("visit.check", visit, task)
    assert (first["status"], second["status"]) == ("applied", "merged")
    found = tablet.one("visit.uncheck", visit, {**task, "seen": [first["op"]]})
    assert (found["status"], found["code"]) == ("merged", "still_checked")
    assert _body(tablet, world)["tasks"][0]["ops"] == [second["op"]]
    found = tablet.one("visit.uncheck", visit, {**task, "seen": [second["op"]]})
    assert found["status"] == "applied"
    assert not _body(tablet, world)["tasks"][0]["done"]


def test_an_uncheck_before_its_check_holds(tablet: Tablet, world: World) -> None:
    visit, task, early = world.visits[0].id, world.tasks[0].id, new_id()
    tablet.one("visit.uncheck", visit, {"task": task, "seen": [early]})
    found = tablet.one("visit.check", visit, {"task": task}, op=early)
    assert (found["status"], found["code"]) == ("noop", "void")
    assert not _body(tablet, world)["tasks"][0]["done"]


def test_counts_add_up_and_never_replace(tablet: Tablet, world: World) -> None:
    visit = world.visits[0].id
    for n in (3, 4, -1):
        tablet.one("count.add", visit, {"measure": "mitid.served", "n": n})
    assert _body(tablet, world)["counts"] == {"mitid.served": 6}


def test_an_undo_takes_anything_back(tablet: Tablet, world: World) -> None:
    visit, task = world.visits[0].id, world.tasks[0].id
    sent = [
        tablet.op("visit.status", visit, {"to": "in_progress"}),
        tablet.op("visit.status", visit, {"to": "done"}),
        tablet.op("visit.check", visit, {"task": task}),
        tablet.op("count.add", visit, {"measure": "contacts", "n": 2}),
        tablet.op("note.add", visit, {"text": "Hej"}),
    ]
    tablet.send(*sent)
    answer = tablet.send(*(tablet.op("op.void", visit, {"op": op["op"]}) for op in sent[1:]))
    assert [r["status"] for r in answer["results"]] == ["applied"] * 4
    body = _body(tablet, world)
    assert (body["status"], body["counts"], body["notes"]) == ("in_progress", {}, [])
    assert not body["tasks"][0]["done"]
    assert _visit(world).done_on is None
    again = tablet.one("op.void", visit, {"op": sent[1]["op"]})
    assert (again["status"], again["code"]) == ("noop", "void")


def test_undoing_an_uncheck_brings_the_check_back(tablet: Tablet, world: World) -> None:
    visit, task = world.visits[0].id, world.tasks[0].id
    check = tablet.one("visit.check", visit, {"task": task})
    uncheck = tablet.one("visit.uncheck", visit, {"task": task, "seen": [check["op"]]})
    assert not _body(tablet, world)["tasks"][0]["done"]
    tablet.one("op.void", visit, {"op": uncheck["op"]})
    assert _body(tablet, world)["tasks"][0]["ops"] == [check["op"]]


def test_an_undo_before_its_operation_holds(tablet: Tablet, world: World) -> None:
    visit, early = world.visits[0].id, new_id()
    assert tablet.one("op.void", visit, {"op": early})["status"] == "applied"
    found = tablet.one("count.add", visit, {"measure": "contacts", "n": 5}, op=early)
    assert (found["status"], found["code"]) == ("noop", "void")
    assert _body(tablet, world)["counts"] == {}


def test_nobody_undoes_the_work_of_another(
    tablet: Tablet, enrol: Callable[[int], Tablet], world: World
) -> None:
    publish(world, 2, [(0, 0, TUESDAY), (0, 1, TUESDAY)])
    visit, other, early = world.visits[0].id, enrol(1), new_id()
    mine = tablet.one("count.add", visit, {"measure": "contacts", "n": 1})
    found = other.one("op.void", visit, {"op": mine["op"]})
    assert (found["status"], found["code"]) == ("rejected", "not_yours")
    other.one("op.void", visit, {"op": early})
    tablet.one("count.add", visit, {"measure": "contacts", "n": 1}, op=early)
    assert _body(tablet, world)["counts"] == {"contacts": 2}


@pytest.mark.parametrize(
    ("kind", "args", "code"),
    [
        ("visit.fly", {}, "unknown_type"),
        ("visit.status", {"to": "cancelled"}, "bad_args"),
        ("visit.status", {"to": "done", "reason": "closed"}, "bad_args"),
        ("visit.status", {"to": "no_access", "reason": "tired"}, "bad_args"),
        ("visit.status", [], "bad_args"),
        ("visit.check", {"task": "not an id"}, "bad_args"),
        ("visit.check", {"task": "01900000-0000-7000-8000-000000000000"}, "unknown_task"),
        ("count.add", {"measure": "contacts", "n": "3"}, "bad_args"),
        ("count.add", {"measure": "contacts", "n": 1e9}, "bad_args"),
        ("count.add", {"measure": "contacts", "n": True}, "bad_args"),
        ("count.add", {"measure": "beer.served", "n": 1}, "unknown_measure"),
        ("count.add", {"measure": "votes", "n": 1}, "unknown_measure"),
        ("note.add", {"text": ""}, "bad_args"),
        ("note.add", {"text": "x" * 281}, "bad_args"),
        ("note.add", {"text": "nul \0"}, "bad_args"),
        ("note.add", {"text": "half \ud800"}, "bad_args"),
        ("op.void", {"op": 3}, "bad_args"),
    ],
)
def test_what_cannot_be_used_is_refused_and_kept(
    tablet: Tablet, world: World, kind: str, args: Any, code: str
) -> None:
    found = tablet.one(kind, world.visits[0].id, args)
    assert (found["status"], found["code"]) == ("rejected", code)
    kept = _ops()[found["op"]]
    assert kept.payload["t"] == kind
    assert tablet.one("note.add", world.visits[0].id, {"text": "Videre"})["status"] == "applied"


def test_an_unknown_version_and_an_odd_target_are_refused(tablet: Tablet, world: World) -> None:
    visit = world.visits[0].id
    assert tablet.one("note.add", visit, {"text": "a"}, v=9)["code"] == "unknown_version"
    for odd in ("x", ["site", visit], ["visit"], None):
        sent = tablet.op("note.add", visit, {"text": "a"}) | {"target": odd}
        assert tablet.send(sent)["results"][0]["code"] == "bad_args"
    assert tablet.one("note.add", visit, {"text": "a"}, at="noon")["code"] == "bad_args"


@pytest.mark.parametrize(
    "text",
    [
        "Spørg 010190-1234", "Spørg 0101901234", "Spørg 010190\u20131234",
        "\uff10\uff11\uff10\uff11\uff19\uff10-1234",
    ],
)  # fmt: skip
def test_a_civil_registration_number_is_refused_and_blanked(
    tablet: Tablet, world: World, text: str
) -> None:
    found = tablet.one("note.add", world.visits[0].id, {"text": text})
    assert (found["status"], found["code"]) == ("rejected", "cpr")
    kept = str(_ops()[found["op"]].payload)
    assert "1234" not in kept
    assert db.session.scalars(select(Note)).all() == []


@pytest.mark.parametrize(
    "more",
    [
        {"at": "0101901234"}, {"off": "010190-1234"}, {"args": {"n": 1012901234.0}},
        {"hlc": "010190-1234"}, {"user": "010190-1234"}, {"base": 1012901234},
    ],
)  # fmt: skip
def test_no_field_of_an_operation_keeps_a_civil_registration_number(
    tablet: Tablet, world: World, more: Any
) -> None:
    tablet.send(tablet.op("note.add", world.visits[0].id, {"text": "a"}) | more)
    (kept,) = _ops().values()
    assert "1234" not in str(kept.payload)


def test_a_moment_just_after_1970_is_kept_as_it_is(tablet: Tablet, world: World) -> None:
    found = tablet.one("note.add", world.visits[0].id, {"text": "a"}, at=1012901234)
    assert found["status"] == "applied"
    assert _ops()[found["op"]].payload["at"] == 1012901234


def test_a_visit_of_another_team_is_out_of_reach(tablet: Tablet, world: World) -> None:
    for target in (world.visits[2].id, new_id()):
        found = tablet.one("visit.status", target, {"to": "done"})
        assert (found["status"], found["code"]) == ("rejected", "not_authorised")
        assert found["op"] in _ops()
    assert _visit(world, 2).status == "planned"


def test_work_signed_by_another_user_is_kept_aside(tablet: Tablet, world: World) -> None:
    sent = tablet.op("note.add", world.visits[0].id, {"text": "a"}, user=world.users[1].id)
    assert tablet.send(sent)["results"][0]["code"] == "not_authorised"


def test_work_on_a_visit_that_moved_to_another_team_is_taken_in(
    tablet: Tablet, enrol: Callable[[int], Tablet], world: World
) -> None:
    tablet.send()
    publish(world, 2, [(1, 0, TUESDAY), (0, 1, TUESDAY), (2, 1, TUESDAY)])
    found = tablet.one("visit.status", world.visits[0].id, {"to": "done"})
    assert (found["status"], found["code"]) == ("applied", "late_scope")
    assert rows(enrol(1).send(), "visit")[world.visits[0].id]["status"] == "done"


def test_an_operation_that_breaks_the_server_is_kept_as_failed_and_the_next_goes_on(
    tablet: Tablet, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = operations.apply

    def poisoned(op: Any, scene: Any) -> Any:
        outcome = real(op, scene)
        if op.args.get("text") == "poison":
            raise ZeroDivisionError
        return outcome

    monkeypatch.setattr(operations, "apply", poisoned)
    visit = world.visits[0].id
    answer = tablet.send(
        tablet.op("note.add", visit, {"text": "before"}),
        tablet.op("note.add", visit, {"text": "poison"}),
        tablet.op("note.add", visit, {"text": "after"}),
    )
    assert [r["status"] for r in answer["results"]] == ["applied", "failed", "applied"]
    assert {n.text for n in db.session.scalars(select(Note))} == {"before", "after"}
    assert {op.status for op in _ops().values()} == {"applied", "failed"}


def test_a_database_in_trouble_undoes_the_push_and_condemns_no_operation(
    tablet: Tablet, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, troubles = operations.apply, [OperationalError("UPDATE", {}, Exception("deadlock"))]

    def deadlocked(op: Any, scene: Any) -> Any:
        if op.args.get("text") == "second" and troubles:
            raise troubles.pop()
        return real(op, scene)

    monkeypatch.setattr(operations, "apply", deadlocked)
    visit = world.visits[0].id
    sent = [tablet.op("note.add", visit, {"text": text}) for text in ("first", "second")]
    assert tablet.post(tablet.ask(*sent)).status_code == 503
    assert _ops() == {}
    assert [r["status"] for r in tablet.send(*sent)["results"]] == ["applied", "applied"]
    assert {n.text for n in db.session.scalars(select(Note))} == {"first", "second"}


def test_a_figure_belongs_to_the_day_on_which_it_was_counted(tablet: Tablet, world: World) -> None:
    visit = world.visits[0].id
    day = 86_400_000
    for at, off in ((0, 0), (-400 * day, 400 * day), (-400 * day, 0), (3 * day, 0), (-day, 0)):
        tablet.one(
            "count.add", visit, {"measure": "contacts", "n": 1}, at=clock.millis() + at, off=off
        )
    tablet.one("count.add", visit, {"measure": "contacts", "n": 1}, at=10**30)
    with tenancy.acting_for(world.visits[0].org_id):
        days = [t.day for t in db.session.scalars(select(Tally).order_by(Tally.id))]
    today = date(2026, 11, 24)
    assert sorted(days) == [today - timedelta(days=1)] + [today] * 5
