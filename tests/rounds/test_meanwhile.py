"""What happens meanwhile: a search that runs, another tab, a week that passes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

import solver
from outreach.core import clock
from outreach.core.db import db, writing
from outreach.core.errors import Conflict, RuleBroken
from outreach.jobs.actions import enqueue
from outreach.jobs.models import Job, JobState
from outreach.jobs.views import failure
from outreach.rounds import actions, queries, rules, show, week_facts, work
from outreach.rounds.answer import Answer
from outreach.rounds.models import PlanState
from outreach.rounds.picture import differences, from_bytes
from outreach.rounds.planner import Week
from outreach.sites.models import Site
from tests.rounds.conftest import WEEK, Desk
from tests.rounds.world import MONDAY, make_agreement, make_site, make_visit


def search() -> str:
    """A search for a plan of the week that has not ended yet."""
    return enqueue(queries.PLANNING, queries.week_name(MONDAY), WEEK, {"seconds": 5})


def end_search() -> None:
    with writing():
        db.session.execute(update(Job).values(state=JobState.CANCELLED))


def stops(desk: Desk) -> list[tuple[str, int]]:
    return [(s.visit_id, s.starts) for r in desk.plan().rounds for s in r.stops]


def seen(desk: Desk) -> str:
    """The fingerprint that the page of publishing would send."""
    found = re.search(r'name="seen" value="(\w+)"', desk.browser.get(f"{WEEK}/publish").text)
    assert found is not None
    return found[1]


def test_nothing_is_changed_by_hand_while_the_week_is_being_planned(desk: Desk) -> None:
    visit, before = desk.visits[0], stops(desk)
    where = {"team": "B", "day": MONDAY.isoformat()}
    search()
    assert desk.post(f"/visits/{visit.id}/move", **where) == 409
    assert desk.post(f"/visits/{visit.id}/back") == 409
    assert desk.post(f"/visits/{visit.id}/lock", level="day") == 409
    by_script = desk.browser.post(f"/api/v1{WEEK}/moves", json={"visit": visit.id, "target": None})
    assert by_script.status_code == 409
    assert [desk.post(path) for path in ("/copy", "/drop", "/publish")] == [409] * 3
    assert stops(desk) == before
    page = desk.browser.get(f"{WEEK}/visits/{visit.id}").text
    assert "Ugen bliver planlagt." in page
    assert 'name="team"' not in page
    assert 'data-week=""' in desk.browser.get(WEEK).text  # no dragging either
    end_search()
    assert desk.post(f"/visits/{visit.id}/move", **where) == 303


def test_a_move_that_was_thought_out_on_an_older_plan_takes_nothing_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = desk.visits[:2]
    think = Week.explained

    def think_while_somebody_moves(week: Week, answer: Answer) -> Answer:
        monkeypatch.setattr(Week, "explained", think)
        actions.move(MONDAY, first.id, [])
        return think(week, answer)

    monkeypatch.setattr(Week, "explained", think_while_somebody_moves)
    with pytest.raises(Conflict):
        actions.move(MONDAY, second.id, [])
    assert desk.at(first) == []
    assert desk.at(second) != []


def test_the_board_says_why_a_visit_did_not_move(desk: Desk) -> None:
    desk.browser.get("/?lang=en")
    target = {"team": "A", "day": (MONDAY + timedelta(days=6)).isoformat()}
    body = {"visit": desk.visits[0].id, "target": target}
    assert desk.browser.post(f"/api/v1{WEEK}/moves", json=body).status_code == 422
    assert "The team does not go out on this day." in desk.browser.get(WEEK).text
    search()
    assert desk.browser.post(f"/api/v1{WEEK}/moves", json=body).status_code == 409
    assert "The week is being planned. Wait" in desk.browser.get(WEEK).text


def test_a_draft_stays_until_the_search_has_ended(desk: Desk) -> None:
    before, job_id = stops(desk), search()
    make_visit(make_site("S900"))
    answer = Week(week_facts.read(MONDAY)).solved(0.1)
    actions.keep_preview(MONDAY, answer, job_id)
    assert stops(desk) == before
    actions.keep_plan(MONDAY, answer, job_id)
    assert len(stops(desk)) == len(before) + 1


def test_the_first_plan_of_a_week_is_shown_at_once_and_anew_after_a_crash(desk: Desk) -> None:
    actions.drop_draft(MONDAY)
    job_id = search()
    answer = Week(week_facts.read(MONDAY)).solved(0.1)
    actions.keep_preview(MONDAY, answer, job_id)
    first = desk.plan().rounds[0].id
    actions.keep_preview(MONDAY, answer, job_id)
    assert desk.plan().rounds[0].id != first


def test_only_the_draft_that_was_looked_at_is_published(desk: Desk) -> None:
    desk.browser.get("/?lang=en")
    old = seen(desk)
    letter = desk.at(desk.visits[0])[0][0]
    desk.move(desk.visits[0], team="AB"[letter == "A"], day=MONDAY.isoformat())  # in another tab
    answer = desk.browser.post(f"{WEEK}/publish", data={"seen": old}, follow_redirects=True)
    assert "The draft was changed after you had looked at it." in answer.text
    assert desk.plan().state == PlanState.DRAFT
    assert desk.post("/publish", seen=seen(desk)) == 303
    assert desk.plan().state == PlanState.PUBLISHED
    assert desk.plan().snapshot_sha256 == queries.published(MONDAY, 1).snapshot_sha256


def test_where_there_is_no_draft_the_page_of_publishing_says_so(desk: Desk) -> None:
    desk.browser.get("/?lang=en")
    there = f"{WEEK}/publish"
    assert desk.post("/drop") == 303
    for answer in (desk.browser.get(there), desk.browser.post(there)):
        assert answer.status_code == 409
        assert "There is no draft to publish." in answer.text
        assert f'href="{WEEK}"' in answer.text
        assert f'action="{there}"' not in answer.text
    assert actions.NoDraft().code == "no-draft"


def test_a_week_that_is_over_is_not_changed_any_more(desk: Desk) -> None:
    clock.move_to(datetime.combine(MONDAY + timedelta(days=7), datetime.min.time(), clock.DK))
    for change in (
        lambda: actions.publish(MONDAY),
        lambda: actions.copy_published(MONDAY),
        lambda: actions.lock(MONDAY, desk.visits[0].id, "day"),
        lambda: actions.move(MONDAY, desk.visits[0].id, []),
    ):
        with pytest.raises(RuleBroken, match="rule-broken"):
            change()
    assert "/publish" not in desk.browser.get(WEEK).text
    actions.drop_draft(MONDAY)  # what was never published may go
    with pytest.raises(Conflict):
        actions.drop_draft(MONDAY)


def test_what_a_search_that_was_called_off_left_out_gets_its_reason_when_published(
    desk: Desk,
) -> None:
    far = make_visit(make_site("FAR", latitude=None, longitude=None))
    shut = make_visit(make_site("SHUT", weekdays=range(0)))
    actions.drop_draft(MONDAY)
    week = Week(week_facts.read(MONDAY))
    plan = week.solved(0.2)
    bare = [type(one)(one.visit_id, ()) for one in plan.left]
    assert {one.visit_id for one in bare} == {far.id, shut.id}
    actions.keep_preview(MONDAY, type(plan)(plan.rounds, tuple(bare), (), plan.cost, ""), search())
    end_search()
    assert desk.post("/publish") == 303
    reasons = {u.visit_id: [r["code"] for r in u.reasons] for u in desk.plan().unplanned}
    assert reasons == {far.id: ["no_position"], shut.id: ["window_too_short"]}


def test_what_changes_for_a_person_stands_in_the_order_of_the_week(desk: Desk) -> None:
    for visit in desk.visits:
        desk.move(visit, team="B", day=MONDAY.isoformat())
    assert desk.post("/publish") == 303
    before = from_bytes(desk.plan().snapshot or b"")
    for number, visit in enumerate(desk.visits):
        day = (MONDAY + timedelta(days=4 - number % 5)).isoformat()
        desk.move(visit, team="B", day=day, around=f"{9 + number}:00")
    plan = desk.plan()
    after = show.picture_of(plan, queries.visits_of_plan(plan.id), queries.names())
    carl, dorte = differences(before, after)
    for change in (carl, dorte):
        now = [(there.day, there.starts) for _here, there in change.moved]
        assert (len(now), now) == (len(desk.visits), sorted(now))


def test_the_next_week_owes_what_a_published_plan_leaves_out(desk: Desk) -> None:
    far, near = make_site("FAR", latitude=None, longitude=None), make_site("NEAR")
    for site in (far, near):
        make_agreement(site, starts_on=MONDAY)
    after = MONDAY + timedelta(days=7)
    actions.plan_now(MONDAY, 0.2)
    assert queries.due(after) == ()  # the draft may still change
    actions.publish(MONDAY)
    assert [one.site_id for one in queries.due(after)] == [far.id]
    actions.prepare(after, actions.Wish())
    assert [visit.site_id for visit in queries.visits(after)] == [far.id]
    with writing():
        row = db.session.get_one(Site, far.id)
        row.latitude, row.longitude = 56.16, 10.2
    actions.plan_now(MONDAY, 0.2)
    actions.publish(MONDAY)
    actions.prepare(after, actions.Wish())
    assert queries.visits(after) == ()


def test_a_week_of_another_year_says_so(desk: Desk) -> None:
    desk.browser.get("/?lang=en")
    assert "<h1>Week 53, Mon 28 Dec to Sun 3 Jan</h1>" in desk.browser.get("/weeks/2026-W53").text
    assert "<h1>Week 1 of 2027, Mon 4 Jan" in desk.browser.get("/weeks/2027-W01").text


def test_more_visits_than_can_be_planned_are_refused_in_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(week_facts, "MOST_VISITS", len(desk.visits) - 1)
    wish = {"monday": MONDAY.isoformat(), "seconds": 1, "seed": 0, "keep": True}
    with pytest.raises(RuleBroken) as refused:
        work.begin("", wish).prepare()
    assert refused.value.rule == "too-many-visits"
    assert refused.value.sentence() == failure("too-many-visits")


def test_a_week_has_as_many_visits_as_the_solver_takes() -> None:
    assert rules.MOST_VISITS == solver.MOST_VISITS
