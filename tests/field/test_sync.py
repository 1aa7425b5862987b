"""A round trip as the tablet sees it."""

from __future__ import annotations

from collections.abc import Callable

from tests.field.conftest import Tablet, World, rows


def test_a_tablet_gets_its_own_rounds_and_nothing_else(tablet: Tablet, world: World) -> None:
    answer = tablet.send()
    assert answer["base"] is None
    visits = rows(answer, "visit")
    assert set(visits) == {world.visits[0].id, world.visits[1].id}
    ((round_id, body),) = rows(answer, "round").items()
    assert body["visits"] == [world.visits[0].id, world.visits[1].id]
    assert (body["team"], body["day"], body["version"]) == ("A", "2026-11-24", 1)
    assert visits[world.visits[0].id]["round"] == round_id
    assert rows(answer, "site")[world.sites[0].id]["contacts"][0]["name"] == "Åse"
    (service,) = rows(answer, "service").values()
    assert [m["id"] for m in service["measures"]][:2] == ["mitid.served", "mitid.not_served"]
    assert service["bring"] == [{"da": "Id-taske", "en": "Id kit"}]
    again = tablet.send()
    assert (again["put"], again["del"], again["view"]) == ([], [], answer["view"])


def test_what_one_tablet_reports_the_rest_of_the_team_sees(
    tablet: Tablet, enrol: Callable[[int], Tablet], world: World
) -> None:
    other = enrol(0)
    other.send()
    visit, task = world.visits[0].id, world.tasks[0].id
    answer = tablet.send(
        tablet.op("visit.status", visit, {"to": "in_progress"}),
        tablet.op("visit.check", visit, {"task": task}),
        tablet.op("count.add", visit, {"measure": "mitid.served", "n": 3}),
        tablet.op("note.add", visit, {"text": "Husk stik"}),
    )
    assert [r["status"] for r in answer["results"]] == ["applied"] * 4
    body = rows(other.send(), "visit")[visit]
    assert body["status"] == "in_progress"
    assert body["counts"] == {"mitid.served": 3}
    assert body["tasks"][0]["done"]
    assert body["tasks"][0]["ops"] == [answer["results"][1]["op"]]
    assert body["notes"][0]["text"] == "Husk stik"
