"""Order, repeats, gaps, forks, envelopes, tokens, and who gets what."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation, User
from outreach.core import audit, clock, tenancy
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.core.errors import Invalid
from outreach.core.ids import new_id
from outreach.field import actions
from outreach.field.models import Device, Op
from outreach.field.queries import device_by_id
from outreach.field.typescript import TARGET, printed
from outreach.sites.models import Site
from outreach.visits.models import Tally
from tests.conftest import PASSWORD, TUESDAY
from tests.field.conftest import MONDAY, Tablet, World, publish, rows


def _note(tablet: Tablet, world: World, text: str = "a", **more: Any) -> dict[str, Any]:
    return tablet.op("note.add", world.visits[0].id, {"text": text}, **more)


def _results(answer: Any) -> list[tuple[str, str]]:
    return [(r["status"], r.get("code", "")) for r in answer["results"]]


def _later(**much: float) -> None:
    clock.move_to(TUESDAY + timedelta(**much))


def test_the_printed_types_are_the_wire() -> None:
    assert TARGET.read_text() == printed()


def test_a_repeat_gets_the_first_answer_and_counts_once(tablet: Tablet, world: World) -> None:
    sent = tablet.op("count.add", world.visits[0].id, {"measure": "contacts", "n": 2})
    first, again = tablet.send(sent), tablet.send(sent)
    assert first["results"] == again["results"]
    assert [t.amount for t in db.session.scalars(select(Tally))] == [2]
    assert again["head"] == first["head"] + 1


def test_the_same_id_with_other_content_keeps_the_first(tablet: Tablet, world: World) -> None:
    sent = _note(tablet, world)
    tablet.send(sent)
    other = sent | {"args": {"text": "b"}}
    assert _results(tablet.send(other)) == [("applied", "content_differs")]
    assert _results(tablet.send(sent)) == [("applied", "")]
    assert [op.payload["args"]["text"] for op in db.session.scalars(select(Op))] == ["a"]


def test_operations_behind_a_gap_wait_without_a_result(tablet: Tablet, world: World) -> None:
    first, lost, third = (_note(tablet, world, text) for text in "abc")
    assert len(tablet.send(third, first)["results"]) == 1
    assert len(list(db.session.scalars(select(Op)))) == 1
    assert len(tablet.send(lost, third)["results"]) == 2


def test_a_number_that_another_life_used_is_a_fork(tablet: Tablet, world: World) -> None:
    tablet.send(_note(tablet, world))
    sent = [_note(tablet, world, "b"), _note(tablet, world, "c", dseq=1)]
    answer = tablet.post(tablet.ask(*sent)).get_json()
    assert answer["fork"]
    assert answer["results"] == []
    assert "put" not in answer
    assert "del" not in answer
    tablet.line, tablet.dseq = new_id(), 0
    answer = tablet.send(*(op | {"dseq": n} for n, op in enumerate(sent, 1)))
    assert _results(answer) == [("applied", ""), ("applied", "")]


def test_a_known_operation_on_a_new_line_fills_its_number(tablet: Tablet, world: World) -> None:
    known = _note(tablet, world)
    tablet.send(known)
    tablet.line, tablet.dseq = new_id(), 1
    answer = tablet.send(known, _note(tablet, world, "b"))
    assert _results(answer) == [("applied", ""), ("applied", "")]


def test_a_line_of_another_tablet_is_a_fork(
    tablet: Tablet, enrol: Callable[[int], Tablet], world: World
) -> None:
    tablet.send(_note(tablet, world))
    other = enrol(0)
    other.line = tablet.line
    answer = other.post(other.ask(_note(other, world, "b", dseq=2))).get_json()
    assert answer["fork"]


def test_a_restored_server_asks_for_everything_again(tablet: Tablet, world: World) -> None:
    tablet.send(_note(tablet, world))
    with writing():
        db.session.execute(update(Organisation).values(epoch=2))
    answer = tablet.post(tablet.ask(_note(tablet, world, "b"))).get_json()
    assert (answer["reset"], answer["epoch"], answer["results"]) == (True, 2, [])
    assert len(list(db.session.scalars(select(Op)))) == 1
    tablet.epoch = 2
    assert tablet.send()["base"] is None or tablet.view


@pytest.mark.parametrize(
    "broken",
    [
        "no json", "[]", '{"ops": NaN}', "{}", '{"ops": []}', '{"ops": {}}', b"\xff",
    ],
)  # fmt: skip
def test_a_broken_envelope_is_refused_whole(tablet: Tablet, broken: Any) -> None:
    assert tablet.post(broken).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"line": None}, {"proto": 2}, {"rid": "x"}, {"device": new_id()}, {"ops": ["x"]},
        {"ops": [{"dseq": 1}]}, {"ops": [{"op": "x", "dseq": 1}]}, {"ops": [{"op": new_id()}]},
        {"ops": [{"op": new_id(), "dseq": 0}]}, {"ops": [{"op": new_id(), "dseq": True}]},
    ],
)  # fmt: skip
def test_an_envelope_that_lacks_something_is_refused(tablet: Tablet, change: Any) -> None:
    assert tablet.post(tablet.ask() | change).status_code == 400


def test_not_a_number_hidden_in_an_operation_is_refused(tablet: Tablet, world: World) -> None:
    sent = tablet.op("count.add", world.visits[0].id, {"measure": "contacts", "n": float("nan")})
    assert tablet.post(json.dumps(tablet.ask(sent))).status_code == 400


def test_more_than_two_hundred_operations_are_too_many(tablet: Tablet, world: World) -> None:
    sent = [_note(tablet, world) for _ in range(201)]
    assert tablet.post(tablet.ask(*sent)).status_code == 413
    tablet.dseq = 0
    assert len(tablet.send(*sent[:200])["results"]) == 200


def test_a_packed_request_is_unpacked_and_a_bomb_is_not(tablet: Tablet, world: World) -> None:
    packed = gzip.compress(json.dumps(tablet.ask(_note(tablet, world))).encode())
    headers = {"Content-Encoding": "gzip"}
    assert tablet.post(packed, headers=headers).status_code == 200
    bomb = gzip.compress(b" " * 30_000_000)
    assert tablet.post(bomb, headers=headers).status_code == 413
    assert tablet.post(b"no gzip", headers=headers).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"target": ["visit", "\0"]}, {"target": ["visit", "\ud800"]}, {"t": "\0"}, {"t": "x" * 99},
        {"user": "\0"}, {"hlc": "\ud800"}, {"at": 10**400}, {"off": -(10**30)}, {"v": "1"},
        {"args": {"text": "x" * 30_000}}, {"args": {"\0": "\udfff"}}, {"extra": ["\0"]},
        {"args": None}, {"base": "x"}, {"dseq": 1, "note": 2.5},
    ],
)  # fmt: skip
def test_no_content_however_odd_blocks_what_comes_after(
    tablet: Tablet, world: World, change: Any
) -> None:
    odd = _note(tablet, world) | change
    answer = tablet.send(odd, _note(tablet, world, "b"))
    assert _results(answer)[1] == ("applied", "")
    assert answer["results"][0]["status"] in ("applied", "rejected")
    tablet.send(odd)


def test_a_deep_nest_of_lists_blocks_nothing(tablet: Tablet, world: World) -> None:
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    odd = _note(tablet, world) | {"args": deep}
    assert _results(tablet.send(odd, _note(tablet, world)))[1] == ("applied", "")
    body = json.dumps(tablet.ask(_note(tablet, world))).replace('"text": "a"', '"text": 1e999')
    assert tablet.post(body).status_code == 400


def test_odd_words_in_the_envelope_are_refused_or_ignored(tablet: Tablet) -> None:
    assert tablet.post(tablet.ask(app="\0")).status_code == 400
    assert tablet.send(view="\0")["base"] is None


def test_without_a_token_nobody_is_signed_in(tablet: Tablet) -> None:
    tablet.token = "wrong"
    answer = tablet.post(tablet.ask())
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not-signed-in")
    assert tablet.client.post("/api/v1/sync", json={}).status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_code_works_once(world: World, tablet: Tablet) -> None:
    code = actions.make_code(world.users[0].email)
    body = {"code": code.lower().replace("-", " "), "device_name": "To"}
    assert tablet.client.post("/api/v1/enrol", json=body).status_code == 201
    second = tablet.client.post("/api/v1/enrol", json=body)
    assert second.status_code == 422
    assert second.get_json()["fields"]["code"]
    verbs = db.session.scalars(select(audit.AuditEntry.verb)).all()
    assert verbs.count("enrol") == 2
    assert verbs.count("device-code-refused") == 1
    assert audit.verify() == []


def test_a_code_dies_after_ten_minutes(world: World, tablet: Tablet) -> None:
    body = {"code": actions.make_code(world.users[0].email), "device_name": "To"}
    _later(minutes=10, seconds=5)
    assert tablet.client.post("/api/v1/enrol", json=body).status_code == 422
    body["code"] = "AAAAA-AAAAA"
    assert tablet.client.post("/api/v1/enrol", json=body).status_code == 422
    body["device_name"] = "010190-1234"
    assert tablet.client.post("/api/v1/enrol", json=body).status_code == 422


def test_only_field_workers_get_a_code(org: Organisation) -> None:
    accounts.create_user("laeser@example.dk", "L", [Role.VIEWER], PASSWORD)
    for email in ("laeser@example.dk", "nobody@example.dk"):
        with pytest.raises(Invalid):
            actions.make_code(email)


def test_a_token_turns_every_day_and_a_lost_answer_locks_nobody_out(tablet: Tablet) -> None:
    assert "token" not in tablet.send()
    _later(hours=25)
    lost, heard = tablet.send()["token"], tablet.send()["token"]
    assert lost == heard != tablet.token
    old, tablet.token = tablet.token, heard
    assert "token" not in tablet.send()
    tablet.token = old
    assert tablet.post(tablet.ask()).status_code == 401


def test_a_withdrawn_tablet_hands_in_its_work_and_is_wiped(tablet: Tablet, world: World) -> None:
    actions.withdraw(device_by_id(tablet.device))
    sent = [_note(tablet, world), _note(tablet, world, "b")]
    first = tablet.post(tablet.ask(sent[0], pending=2))
    assert (first.status_code, first.get_json()["wipe"]) == (410, False)
    assert "Clear-Site-Data" not in first.headers
    last = tablet.post(tablet.ask(sent[1]))
    assert (last.status_code, last.get_json()["wipe"]) == (410, True)
    assert _results(last.get_json()) == [("applied", "")]
    assert "put" not in last.get_json()
    assert "Clear-Site-Data" not in last.headers  # more may have been tapped meanwhile
    for more in ({"pending": 1}, {"view": new_id()}):
        assert "Clear-Site-Data" not in tablet.post(tablet.ask(**more)).headers
    empty = tablet.post(tablet.ask())
    assert (empty.status_code, empty.get_json()["wipe"]) == (410, True)
    assert empty.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_the_work_of_a_user_who_was_shut_out_is_kept_aside(tablet: Tablet, world: World) -> None:
    accounts.disable(db.session.scalars(select(User).where(User.id == world.users[0].id)).one())
    answer = tablet.post(tablet.ask(_note(tablet, world)))
    assert answer.status_code == 410
    assert _results(answer.get_json()) == [("rejected", "not_authorised")]


def test_a_lost_answer_costs_nothing_and_an_unknown_view_starts_anew(
    tablet: Tablet, world: World
) -> None:
    first = tablet.send()
    publish(world, 2, [(1, 0, MONDAY + timedelta(days=2))])
    lost = tablet.send()
    tablet.view = first["view"]
    again = tablet.send()
    assert again["base"] == first["view"]
    assert {tuple(key) for key in again["del"]} == {tuple(key) for key in lost["del"]}
    assert ["visit", world.visits[0].id] in again["del"]
    assert tablet.send(view="never-heard-of")["base"] is None
    assert tablet.send(schema=2)["base"] is None


def test_a_past_day_leaves_the_tablet_without_a_write(tablet: Tablet, world: World) -> None:
    tablet.send()
    _later(days=1)
    answer = tablet.send()
    assert ["visit", world.visits[0].id] in answer["del"]
    assert rows(answer, "visit") == {}


def test_a_renamed_site_reaches_the_tablet(tablet: Tablet, world: World) -> None:
    tablet.send()
    with writing():
        db.session.execute(update(Site).where(Site.id == world.sites[0].id).values(name="Nyt navn"))
    (row,) = tablet.send()["put"]
    assert (row["k"], row["body"]["name"]) == ("site", "Nyt navn")


def test_a_visit_under_way_stays_on_the_tablet_when_it_moves(tablet: Tablet, world: World) -> None:
    tablet.send(tablet.op("visit.status", world.visits[0].id, {"to": "in_progress"}))
    publish(world, 2, [(1, 0, clock.today()), (0, 1, clock.today())])
    body = rows(tablet.send(), "visit")[world.visits[0].id]
    assert body["round"] is None
    assert body["moved_to"] == {"team": "B", "day": "2026-11-24"}
    tablet.send(tablet.op("visit.status", world.visits[0].id, {"to": "done"}))
    assert ["visit", world.visits[0].id] in tablet.last.get_json()["del"]


def test_of_a_secret_site_only_the_alias_travels(tablet: Tablet, world: World) -> None:
    with writing():
        site = db.session.scalars(select(Site).where(Site.id == world.sites[0].id)).one()
        site.is_secret, site.alias, site.name = True, "K-01", ""
    body = rows(tablet.send(), "site")[world.sites[0].id]
    assert body == {
        "name": "K-01", "address": "", "area": "", "access_notes": "", "contacts": [],
        "secret": True,
    }  # fmt: skip


def test_another_organisation_is_out_of_reach(tablet: Tablet, world: World) -> None:
    other = accounts.create_organisation("Randers")
    with tenancy.acting_for(other.id):
        accounts.create_user("felt@randers.dk", "F", [Role.FIELD], PASSWORD)
    made = actions.enrol(actions.make_code("felt@randers.dk"), "Tablet")
    stranger = Tablet(tablet.client, made.token, made.device_id, made.epoch)
    answer = stranger.send(_note(stranger, world))
    assert (answer["put"], _results(answer)) == ([], [("rejected", "not_authorised")])
    tablet.send(_note(tablet, world))
    with tenancy.acting_for(other.id):
        assert len(list(db.session.scalars(select(Op)))) == 1
        assert [d.id for d in db.session.scalars(select(Device))] == [made.device_id]


def test_eight_identical_pushes_at_once_count_once(
    app: Flask, tablet: Tablet, world: World
) -> None:
    sent = [
        tablet.op("count.add", world.visits[0].id, {"measure": "contacts", "n": 1})
        for _ in range(20)
    ]
    body = tablet.ask(*sent)

    def run(_number: int) -> Any:
        mine = Tablet(app.test_client(), tablet.token, tablet.device)
        answer = mine.post(body)
        return answer.status_code, _results(answer.get_json())

    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(run, range(8)))
    assert answers == [(200, [("applied", "")] * 20)] * 8
    db.session.rollback()
    assert sum(t.amount for t in db.session.scalars(select(Tally))) == 20
