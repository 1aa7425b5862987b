"""Moving, locking and publishing by hand, as the pages do it."""

from datetime import date

import pytest
from sqlalchemy import select

from outreach.accounts.models import Organisation
from outreach.core.db import db, writing
from outreach.people.models import Absence, Staff
from outreach.rounds import actions
from outreach.rounds.models import PlanState
from outreach.sites.models import SiteClosure
from outreach.visits.models import Visit
from tests.rounds.conftest import WEEK, Desk, solve
from tests.rounds.world import MONDAY, THURSDAY, TUESDAY, make_site, make_visit, store

LETTERS = "AB"


def other(letter: str) -> str:
    return LETTERS[letter == "A"]


@pytest.fixture(autouse=True)
def english(desk: Desk) -> None:
    desk.browser.get("/?lang=en")


def elsewhere(desk: Desk, visit: Visit) -> tuple[str, date]:
    """A team and a day where the visit is not."""
    ((letter, weekday, _starts),) = desk.at(visit)
    return other(letter), date.fromordinal(MONDAY.toordinal() + (weekday + 1) % 5)


def test_a_move_by_the_menu_tells_the_new_time_and_the_way_back(desk: Desk) -> None:
    visit = desk.visits[0]
    before = desk.at(visit)
    letter, day = elsewhere(desk, visit)
    page = desk.move(visit, team=letter, day=day.isoformat())
    ((at_letter, weekday, starts),) = desk.at(visit)
    assert (at_letter, weekday) == (letter, day.weekday())
    assert "Moved:" in page
    assert f"{starts // 60}:{starts % 60:02d}" in page.split("Moved:")[1][:200]
    assert f"/visits/{visit.id}/back?to={before[0][0]}.{before[0][1]}." in page
    assert "The plan breaks rules" not in page


def test_the_way_back_leads_back(desk: Desk) -> None:
    visit = desk.visits[0]
    before = {v.id: desk.at(v) for v in desk.visits}
    letter, day = elsewhere(desk, visit)
    page = desk.move(visit, team=letter, day=day.isoformat())
    undo = page.split(f"/visits/{visit.id}/back")[1].split('"')[0]
    assert desk.post(f"/visits/{visit.id}/back{undo}") == 303
    after = {v.id: desk.at(v) for v in desk.visits}
    assert after[visit.id][0][:2] == before[visit.id][0][:2]


def test_a_time_that_was_asked_for_puts_the_visit_after_what_begins_before_it(desk: Desk) -> None:
    first, *rest = desk.visits
    for number, visit in enumerate(rest):
        desk.move(visit, team="A", day=TUESDAY.isoformat(), around=f"{8 + number:02d}:00")
    desk.move(first, team="A", day=TUESDAY.isoformat(), around="15:00")
    order = sorted((desk.at(v)[0][2], v.id) for v in desk.visits)
    assert order[-1][1] == first.id


def test_a_broken_rule_is_shown_and_stands_in_the_way_of_publishing_alone(desk: Desk) -> None:
    visit = desk.visits[0]
    store(SiteClosure(site_id=visit.site_id, from_day=TUESDAY, to_day=TUESDAY, reason="outbreak"))
    page = desk.move(visit, team="A", day=TUESDAY.isoformat())
    assert "The plan now breaks 1 rule" in page
    assert "The plan breaks rules" in page
    assert "Site S000, team A" in page
    assert desk.at(visit)[0][:2] == ("A", 1)
    asked = desk.browser.get(f"{WEEK}/publish").text
    assert "It can be published when this is put right." in asked
    assert f'action="{WEEK}/publish"' not in asked
    answer = desk.browser.post(f"{WEEK}/publish")
    assert (answer.status_code, "Put that right" in answer.text) == (422, True)
    assert desk.plan().state == PlanState.DRAFT
    desk.move(visit, team="A", day=THURSDAY.isoformat())
    assert desk.plan().breaches == []
    assert desk.post("/publish") == 303
    assert desk.plan().state == PlanState.PUBLISHED


def test_what_becomes_wrong_after_the_draft_was_made_is_found_when_it_is_published(
    desk: Desk,
) -> None:
    visit = desk.visits[0]
    day = date.fromordinal(MONDAY.toordinal() + desk.at(visit)[0][1])
    store(SiteClosure(site_id=visit.site_id, from_day=day, to_day=day, reason="outbreak"))
    assert desk.plan().breaches == []
    asked = desk.browser.get(f"{WEEK}/publish").text
    assert "outside the time in which the site takes visits" in asked
    assert f'action="{WEEK}/publish"' not in asked
    assert desk.post("/publish") == 422
    assert desk.plan().state == PlanState.DRAFT


def test_a_team_that_does_not_go_out_any_more_stands_in_the_way_in_words(desk: Desk) -> None:
    visit = desk.visits[0]
    desk.move(visit, team="B", day=TUESDAY.isoformat())
    both = db.session.scalars(select(Staff).where(Staff.name.in_(("Carl", "Dorte")))).all()
    store(*(Absence(staff_id=one.id, from_day=TUESDAY, to_day=TUESDAY) for one in both))
    asked = desk.browser.get(f"{WEEK}/publish").text
    assert "team B, Tue 1 Dec: the team does not go out on that day" in asked
    assert desk.post("/publish") == 422
    solve()
    assert desk.post("/publish") == 303


def test_a_visit_that_is_not_due_any_more_stands_in_the_way_in_words(desk: Desk) -> None:
    visit = desk.visits[0]
    with writing():
        db.session.get_one(Visit, visit.id).status = "cancelled"
    assert "Site S000, team" in desk.browser.get(f"{WEEK}/publish").text
    assert desk.post("/publish") == 422
    solve()
    assert desk.post("/publish") == 303


@pytest.mark.parametrize("level", ["day", "team", "time"])
def test_a_lock_keeps_a_visit_where_it_is_when_the_week_is_planned_again(
    desk: Desk, level: str
) -> None:
    visit = desk.visits[0]
    desk.move(visit, team="B", day=THURSDAY.isoformat(), around="14:00")
    ((letter, weekday, starts),) = desk.at(visit)
    assert desk.post(f"/visits/{visit.id}/lock", level=level) == 303
    for seed in (1, 2):
        solve(seed)
        ((now_letter, now_weekday, now_starts),) = desk.at(visit)
        assert now_weekday == weekday
        assert level == "day" or now_letter == letter
        assert level != "time" or now_starts == starts
    page = desk.browser.get(f"{WEEK}/visits/{visit.id}").text
    assert f'value="{level}" selected' in page or f'selected value="{level}"' in page
    assert desk.post(f"/visits/{visit.id}/lock", level="none") == 303
    stored = db.session.get_one(Visit, visit.id)
    assert (stored.pin_day, stored.pin_team, stored.pin_start) == (None, None, None)


def test_moving_a_locked_visit_breaks_its_lock_openly(desk: Desk) -> None:
    visit = desk.visits[0]
    desk.move(visit, team="A", day=TUESDAY.isoformat())
    desk.post(f"/visits/{visit.id}/lock", level="team")
    desk.move(visit, team="B", day=TUESDAY.isoformat())
    assert [b["rule"] for b in desk.plan().breaches] == ["pin"]


def test_what_is_not_planned_cannot_be_locked(desk: Desk) -> None:
    late = make_visit(make_site("S900"))
    assert desk.post(f"/visits/{late.id}/lock", level="day") == 409
    assert desk.post(f"/visits/{desk.visits[0].id}/lock", level="always") == 422


def test_a_visit_of_two_teams_goes_with_both_and_its_page_names_both(desk: Desk) -> None:
    visit = make_visit(make_site("S900"), crews=2)
    desk.move(visit, team="A", second="B", day=TUESDAY.isoformat())
    assert [at[:2] for at in desk.at(visit)] == [("A", 1), ("B", 1)]
    assert desk.plan().breaches == []
    page = desk.browser.get(f"{WEEK}/visits/{visit.id}").text
    assert ("Team A" in page.split("Move to")[0], "Team B" in page.split("Move to")[0]) == (
        True, True,
    )  # fmt: skip


@pytest.mark.parametrize("level", ["day", "team", "time"])
def test_a_visit_of_two_teams_can_be_locked(desk: Desk, level: str) -> None:
    visit = make_visit(make_site("S900"), crews=2)
    desk.move(visit, team="A", second="B", day=THURSDAY.isoformat())
    before = desk.at(visit)
    desk.post(f"/visits/{visit.id}/lock", level=level)
    solve(1)
    assert [at[1] for at in desk.at(visit)] == [3, 3]
    assert level != "time" or desk.at(visit) == before
    assert actions.publish(MONDAY).state == PlanState.PUBLISHED


def test_the_same_team_twice_is_once(desk: Desk) -> None:
    visit = make_visit(make_site("S900"), crews=2)
    desk.move(visit, team="A", second="A", day=TUESDAY.isoformat())
    assert [at[:2] for at in desk.at(visit)] == [("A", 1)]
    assert [b["rule"] for b in desk.plan().breaches] == ["crews"]
    assert desk.post(f"/visits/{visit.id}/back?to=B.2.0&to=B.2.1") == 303
    assert [at[:2] for at in desk.at(visit)] == [("B", 2)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("to=Q.0.0", 422),
        ("to=A.6.0", 422),
        ("to=A.7.0", 422),
        ("to=A.0", 422),
        ("to=A.99999999999.0", 422),
        ("to=A.-99999999.0", 422),
        ("to=A.0.99999999999999999999", 303),
    ],
)
def test_an_odd_way_back_is_refused_in_words(desk: Desk, path: str, status: int) -> None:
    answer = desk.browser.post(f"{WEEK}/visits/{desk.visits[0].id}/back?{path}")
    assert (answer.status_code, "Traceback" in answer.text) == (status, False)


@pytest.mark.parametrize(
    "form",
    [{}, {"team": "Q", "day": TUESDAY.isoformat()}, {"team": "A", "day": "2027-01-01"},
     {"team": "A", "day": "2026-12-05"}, {"team": "A", "day": "tirsdag"},
     {"team": "A", "second": "Q", "day": TUESDAY.isoformat()},
     {"team": "A", "day": TUESDAY.isoformat(), "around": "25:00"}],
)  # fmt: skip
def test_a_move_that_cannot_be_keeps_the_form_and_the_plan(
    desk: Desk, form: dict[str, str]
) -> None:
    visit = desk.visits[0]
    before = desk.at(visit)
    assert desk.post(f"/visits/{visit.id}/move", **form) == 422
    assert desk.at(visit) == before


def test_a_visit_without_a_position_is_refused_in_words(desk: Desk, org: Organisation) -> None:
    visit = make_visit(make_site("S900", latitude=None, longitude=None))
    answer = desk.browser.post(
        f"{WEEK}/visits/{visit.id}/move", data={"team": "A", "day": TUESDAY.isoformat()}
    )
    assert answer.status_code == 422
    assert "This visit cannot be planned." in answer.text


def test_a_visit_that_is_called_off_leaves_the_draft_without_harm(desk: Desk) -> None:
    visit = desk.visits[0]
    with writing():
        db.session.get_one(Visit, visit.id).status = "cancelled"
    assert desk.browser.get(WEEK).status_code == 200
    assert desk.browser.get(f"{WEEK}/publish").status_code == 200
    desk.move(desk.visits[1], team="A", day=TUESDAY.isoformat())
    assert desk.at(visit) == []
