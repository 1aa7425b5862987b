"""What is published never changes; addresses that lead nowhere are answered in words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from outreach.catalogue.models import Service
from outreach.core.auth import Role
from outreach.core.db import atomic, db, writing
from outreach.core.errors import RuleBroken
from outreach.people.models import Staff
from outreach.rounds import actions, queries
from outreach.rounds.models import Plan, PlanState, Round, Stop, Unplanned
from outreach.sites.models import Site
from tests.rounds.conftest import WEEK, Desk, solve
from tests.rounds.world import MONDAY, make_site, make_visit


@pytest.fixture
def published(desk: Desk) -> Plan:
    make_visit(make_site("S900", latitude=None, longitude=None))  # left out with a reason
    solve()
    assert desk.post("/publish") == 303
    return desk.plan()


def state_now() -> list[Any]:
    """Every stored value of the plan and of its parts."""
    db.session.rollback()
    db.session.expire_all()
    with db.engine.connect() as connection:
        return [
            sorted(map(repr, connection.execute(select(Plan.metadata.tables[name]))))
            for name in ("plan", "round", "stop", "unplanned")
        ]


@atomic
def attempt(change: Callable[[], object]) -> None:
    change()
    db.session.flush()


def tried(change: Callable[[], object]) -> None:
    """Try to change what is published; it is refused, and nothing has changed."""
    before = state_now()
    with pytest.raises(RuntimeError, match="never changes"):
        attempt(change)
    assert state_now() == before


def delete_as_if_a_draft(plan: Plan) -> None:
    plan.state = PlanState.DRAFT
    db.session.delete(plan)


CHANGES: dict[str, Callable[[Plan], object]] = {
    "number": lambda plan: setattr(plan, "number", 9),
    "snapshot": lambda plan: setattr(plan, "snapshot", b"{}"),
    "back to draft": lambda plan: setattr(plan, "state", PlanState.DRAFT),
    "delete": db.session.delete,
    "delete as if a draft": delete_as_if_a_draft,
    "time of a stop": lambda plan: setattr(plan.rounds[0].stops[0], "starts", 1),
    "delete a stop": lambda plan: db.session.delete(plan.rounds[0].stops[0]),
    "day's driver": lambda plan: setattr(plan.rounds[0], "members", ["Nobody"]),
    "reasons": lambda plan: setattr(plan.unplanned[0], "reasons", []),
    "one more": lambda plan: db.session.add(
        Unplanned(plan_id=plan.id, visit_id=plan.rounds[0].stops[0].visit_id)
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_row_of_a_published_plan_is_never_changed(published: Plan, name: str) -> None:
    plan_id = published.id
    tried(lambda: CHANGES[name](queries.whole_plan(plan_id)))


def test_a_published_plan_that_was_not_loaded_is_not_changed_either(published: Plan) -> None:
    def change() -> None:
        plan = db.session.get_one(Plan, plan_id)
        db.session.expire(plan)
        plan.state = PlanState.DRAFT

    plan_id = published.id
    tried(change)


BULK: dict[str, Callable[[], Any]] = {
    "plans": lambda: update(Plan).values(snapshot=b"{}"),
    "rounds": lambda: update(Round).values(vehicle="Bus"),
    "stops": lambda: update(Stop).where(Stop.seq == 0).values(starts=1),
    "reasons": lambda: update(Unplanned).values(reasons=[]),
    "no plans": lambda: delete(Plan).where(Plan.monday == MONDAY),
    "no rounds": lambda: delete(Round),
    "no stops": lambda: delete(Stop),
    "no reasons": lambda: delete(Unplanned),
}


@pytest.mark.parametrize("name", BULK)
def test_a_published_plan_is_not_changed_by_the_hundred_either(published: Plan, name: str) -> None:
    tried(lambda: db.session.execute(BULK[name]()))


def test_a_draft_beside_a_published_plan_may_change_as_it_likes(
    desk: Desk, published: Plan
) -> None:
    kept = published.id
    before = [row for row in state_now()[0] if kept in row]
    assert desk.post("/copy") == 303
    draft = desk.plan()
    assert (draft.state, draft.number) == (PlanState.DRAFT, 2)
    desk.move(desk.visits[0], team="B", day=MONDAY.isoformat())
    with writing():
        db.session.execute(update(Round).where(Round.plan_id == draft.id).values(vehicle="Bus"))
    assert desk.post("/drop") == 303
    assert [row for row in state_now()[0] if kept in row] == before
    assert len(state_now()[0]) == 1


def rename_everything() -> None:
    with writing():
        for part, name in ((Site, "name"), (Staff, "name"), (Service, "name_da")):
            for row in db.session.scalars(select(part)):
                setattr(row, name, "Omdøbt")


def test_a_site_that_became_secret_stands_under_its_alias_in_old_versions_too(
    desk: Desk, published: Plan
) -> None:
    version, bytes_before = f"{WEEK}/versions/1", published.snapshot
    site = db.session.scalars(select(Site).where(Site.latitude.is_not(None))).first()
    lost = db.session.scalars(select(Site).where(Site.code == "S900")).one()
    assert site is not None
    names = {site.name, lost.name}
    assert all(name in desk.browser.get(version).text for name in names)
    with writing():
        for number, one in enumerate((site, lost)):
            one.is_secret, one.alias, one.sort_key = True, f"K-0{number}", f"k-0{number}"
            one.name, one.latitude, one.longitude = "", None, None
    seen = desk.browser.get(version).text
    assert "K-00" in seen
    assert "K-01" in seen
    assert not [name for name in names if name in seen]
    solve()
    assert not [name for name in names if name in desk.browser.get(f"{WEEK}/publish").text]
    assert desk.plan().number == 2
    assert db.session.get_one(Plan, published.id).snapshot == bytes_before


def test_a_version_reads_the_same_after_everything_was_renamed(desk: Desk, published: Plan) -> None:
    version = f"{WEEK}/versions/1"
    desk.browser.get(version)  # its message is gone now
    before, bytes_before = desk.browser.get(version).text, published.snapshot
    assert bytes_before is not None
    assert hashlib.sha256(bytes_before).hexdigest() == published.snapshot_sha256
    rename_everything()
    assert desk.plan().snapshot == bytes_before
    after = desk.browser.get(version).text
    assert "Site S000" in after
    assert "Omdøbt" not in after
    assert _main(after) == _main(before)
    assert "Omdøbt" in desk.browser.get(WEEK).text  # the week itself goes by today's names


def _main(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]


def test_a_second_version_leaves_the_first_as_it_was(desk: Desk, published: Plan) -> None:
    first = published.id
    rename_everything()
    desk.post("/copy")
    desk.move(desk.visits[0], team="B", day="2026-12-04")
    assert desk.post("/publish") == 303
    assert desk.plan().number == 2
    plans = {row.id: row for row in db.session.scalars(select(Plan))}
    assert plans.pop(first).state == PlanState.PUBLISHED
    assert b"Omd" not in (db.session.get_one(Plan, first).snapshot or b"")
    assert "Omdøbt" in desk.browser.get(f"{WEEK}/versions/2").text


def test_nothing_is_published_twice(desk: Desk, published: Plan) -> None:
    before = state_now()
    assert desk.post("/publish") == 409
    assert desk.post("/drop") == 409
    assert desk.browser.get(f"{WEEK}/publish").status_code == 409
    assert state_now() == before


@pytest.mark.parametrize("role", [Role.VIEWER, Role.FIELD, Role.AUDITOR, Role.ELECTION_OFFICER])
def test_who_may_not_plan_changes_nothing(
    desk: Desk, as_role: Callable[[Role], FlaskClient], role: Role
) -> None:
    visit, before = desk.visits[0].id, state_now()
    desk.browser.post("/sign-out")
    browser = as_role(role)
    body = {"visit": visit, "target": {"team": "B", "day": MONDAY.isoformat()}}
    answers = [browser.get(WEEK), browser.get(f"{WEEK}/publish"), browser.get(f"/days/{MONDAY}")]
    answers += [
        browser.post(f"{WEEK}{path}", data={"team": "A", "day": MONDAY.isoformat(), "level": "day"})
        for path in ("/plan", "/copy", "/drop", "/publish", f"/visits/{visit}/move",
                     f"/visits/{visit}/back", f"/visits/{visit}/lock")
    ]  # fmt: skip
    answers.append(browser.post(f"/api/v1{WEEK}/moves", json=body))
    assert {answer.status_code for answer in answers} == {403}
    assert state_now() == before


@pytest.mark.parametrize(
    "address",
    ["/weeks/2026-W54", "/weeks/2026-W00", "/weeks/0000-W01", "/weeks/2026-48", "/weeks/næste",
     "/weeks/2026-W48/versions/7", "/weeks/2026-W48/versions/0", "/days/2026-02-30",
     "/weeks/2026-W49/visits/01234567-89ab-7def-8123-456789abcdef"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("language", "words"), [("da", "Siden findes ikke"), ("en", "Page not found")]
)
def test_an_address_that_leads_nowhere_is_answered_in_the_readers_language(
    as_role: Callable[[Role], FlaskClient], address: str, language: str, words: str
) -> None:
    browser = as_role(Role.COORDINATOR)
    browser.get(f"/?lang={language}")
    answer = browser.get(address)
    assert (answer.status_code, words in answer.text) == (404, True)
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize(
    "address",
    ["/weeks/0001-W01", "/weeks/9999-W52", "/weeks/9999-W51", "/weeks/0001-W02",
     "/weeks/1999-W01", "/weeks/2101-W01", "/days/0001-01-01", "/days/9999-12-31",
     "/weeks/9999-W52/publish", "/weeks/9999-W52/versions/1"],
)  # fmt: skip
def test_the_ends_of_the_calendar_are_no_traceback(
    as_role: Callable[[Role], FlaskClient], address: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = as_role(Role.COORDINATOR).get(address)
    assert answer.status_code == 404
    assert caplog.text == ""


def test_a_week_that_is_over_is_shown_and_not_touched(desk: Desk) -> None:
    past = "/weeks/2026-W40"
    assert desk.browser.get(past).status_code == 200
    statuses = {
        desk.browser.post(f"{past}{path}", data={"seconds": "1"}).status_code
        for path in ("/plan", f"/visits/{desk.visits[0].id}/back")
    }
    assert statuses == {422}
    with pytest.raises(RuleBroken) as refused:
        actions.plan_now(MONDAY.replace(year=2025, day=24), 0.1)
    assert refused.value.rule == "week-over"
