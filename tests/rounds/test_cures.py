"""What would help a visit that is left out: told, and done from the tray where it may be."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts.models import Organisation
from outreach.core.audit import AuditEntry
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.rounds.remedies import key_of
from outreach.visits.models import Visit
from tests.rounds.conftest import WEEK, Desk, solve
from tests.rounds.world import (
    MONDAY,
    THURSDAY,
    TUESDAY,
    make_catalogue,
    make_site,
    make_skill,
    make_staff,
    make_team,
    make_visit,
)
from tests.sites.test_pages import NEEDLES, SECRET, made, stands_in

ONE_DAY = range(1)


@pytest.fixture
def desk(as_role: Callable[[Role], FlaskClient], org: Organisation) -> Desk:
    """A coordinator who reads English; each test plants its own town."""
    browser = as_role(Role.COORDINATOR)
    browser.get("/?lang=en")
    return Desk(browser, [])


def town(*, weekdays: range = ONE_DAY, skills: list[str] | None = None) -> None:
    make_catalogue(skills=skills)
    make_team("A", make_staff("Anna"), make_staff("Bo"), weekdays=weekdays, break_minutes=0)


def tray(page: str, visit: Visit) -> str:
    """The tray's entry of a visit."""
    found = re.search(rf'<li class="tray-item" id="visit-{visit.id}".*?</ol>', page, re.DOTALL)
    return found[0].split('<li class="tray-item"')[1] if found else ""


def keys(entry: str) -> dict[str, str]:
    """What each button of an entry stands for, by its sentence."""
    found = re.findall(r"<p>([^<]+?) <span.*?</li>", entry, re.DOTALL)
    parts = entry.split('<li class="cure">')[1:]
    buttons = (re.search(r'name="key" value="(\w+)"', part) for part in parts)
    return {
        text: button[1] for text, button in zip(found, buttons, strict=True) if button is not None
    }


def shown(desk: Desk, visit: Visit) -> str:
    return tray(desk.browser.get(WEEK).text, visit)


def press(desk: Desk, visit: Visit, key: str) -> int:
    return desk.post(f"/visits/{visit.id}/cure", key=key)


def audited() -> list[tuple[str, list[str]]]:
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "cure"))
    return [(entry.object_id, list(entry.details["changes"])) for entry in entries]


def test_what_is_shared_by_all_weeks_is_told_in_both_languages_and_has_no_button(
    desk: Desk,
) -> None:
    town(skills=["WELD"])
    make_skill("WELD")
    visit = make_visit(make_site("S001"))
    solve()
    entry = shown(desk, visit)
    assert "Let somebody with WELD en ride with team A on Mon 30 Nov." in entry
    assert "/cure" not in entry
    assert 'href="/people"' in entry
    desk.browser.get("/?lang=da")
    assert "Lad en med WELD da køre med hold A" in shown(desk, visit)


def full_day() -> tuple[Visit, Visit]:
    """A short visit is planned, and a longer one that matters more finds no room."""
    town()
    less = make_visit(make_site("S001", closes=720), service_minutes=150, priority=5)
    more = make_visit(make_site("S002", north=2, closes=720), service_minutes=150, priority=4)
    return less, more


def test_a_visit_yields_to_one_that_matters_more(desk: Desk) -> None:
    less, more = full_day()
    desk.browser.get(WEEK)
    solve()
    desk.move(more, team="A", day=MONDAY.isoformat())
    desk.post(f"/visits/{more.id}/back")
    desk.move(less, team="A", day=MONDAY.isoformat())
    (key,) = [k for text, k in keys(shown(desk, more)).items() if "Leave out Site S001" in text]
    answer = desk.browser.post(
        f"{WEEK}/visits/{more.id}/cure", data={"key": key}, follow_redirects=True
    )
    assert "Not planned any more: Site S001." in answer.text
    assert [at[:2] for at in desk.at(more)] == [("A", 0)]
    assert desk.at(less) == []
    assert desk.plan().breaches == []
    assert audited() == [(more.id, ["displace"])]
    assert "Leave out" not in shown(desk, less)


def test_a_lock_that_is_in_the_way_is_taken_away(desk: Desk) -> None:
    town(weekdays=range(2))
    visit = make_visit(make_site("S001"), pin_day=THURSDAY, pin_team="A")
    solve()
    (key,) = [k for text, k in keys(shown(desk, visit)).items() if "Take away its lock" in text]
    assert press(desk, visit, key) == 303
    assert desk.at(visit) != []
    stored = db.session.get_one(Visit, visit.id)
    assert (stored.pin_day, stored.pin_team) == (None, None)
    assert audited() == [(visit.id, ["unlock"])]


def test_a_visit_that_is_too_long_is_made_shorter_for_this_week(desk: Desk) -> None:
    town()
    visit = make_visit(make_site("S001", opens=600, closes=660), service_minutes=60)
    solve()
    entry = shown(desk, visit)
    (key,) = [k for text, k in keys(entry).items() if "Make the visit 10 min shorter" in text]
    assert "Agree with Site S001 that the visit may be Mon 30 Nov" in entry
    own_page = desk.browser.get(f"{WEEK}/visits/{visit.id}").text
    assert keys(own_page) == keys(entry)
    assert press(desk, visit, key) == 303
    assert db.session.get_one(Visit, visit.id).service_minutes == 50
    assert desk.plan().breaches == []
    solve(1)
    assert desk.at(visit) != []


def test_what_has_room_is_planned_at_a_click_and_the_way_back_leads_back(desk: Desk) -> None:
    town()
    visit = make_visit(make_site("S001"))
    solve()
    before = desk.at(visit)
    assert desk.post(f"/visits/{visit.id}/back") == 303
    (key,) = keys(shown(desk, visit)).values()
    assert press(desk, visit, key) == 303
    assert desk.at(visit) == before
    page = desk.browser.get(WEEK).text
    undo = page.split(f"/visits/{visit.id}/back")[1].split('"')[0]
    assert desk.post(f"/visits/{visit.id}/back{undo}") == 303
    assert desk.at(visit) == []


def test_what_would_not_help_any_more_is_refused_and_changes_nothing(desk: Desk) -> None:
    town()
    visit = make_visit(make_site("S001"))
    solve()
    desk.post(f"/visits/{visit.id}/back")
    (key,) = keys(shown(desk, visit)).values()
    for wrong in ("", "0" * 16):
        assert press(desk, visit, wrong) == 409
    assert press(desk, visit, key) == 303
    at = desk.at(visit)
    assert press(desk, visit, key) == 409
    assert desk.at(visit) == at
    assert len(audited()) == 1


def test_a_change_that_is_not_the_week_s_own_cannot_be_pressed_through(desk: Desk) -> None:
    town(skills=["WELD"])
    make_skill("WELD")
    visit = make_visit(make_site("S001"))
    solve()
    stored = desk.plan().unplanned[0].cures
    assert [one["code"] for one in stored] == ["skill"]
    assert press(desk, visit, key_of(stored[0]["parts"])) == 409
    assert audited() == []


def test_a_draft_that_breaks_rules_offers_no_cures(desk: Desk) -> None:
    town()
    first = make_visit(make_site("S001"))
    second = make_visit(make_site("S002", opens=600, closes=620), service_minutes=60)
    solve()
    assert "cure" in shown(desk, second)
    with writing():
        db.session.get_one(Visit, first.id).people = 9
    desk.move(first, team="A", day=MONDAY.isoformat())
    assert desk.plan().breaches != []
    assert "/cure" not in shown(desk, second)


def test_a_secret_site_stands_in_its_cures_under_its_alias(desk: Desk) -> None:
    town()
    site = made(desk.browser, {**SECRET, "needs_clearance": "y"})
    visit = make_visit(site)
    solve()
    page = desk.browser.get(WEEK).text
    assert "Clear everybody in team A for K-09 by Mon 30 Nov." in tray(page, visit)
    assert [needle for needle in NEEDLES if stands_in(needle, page)] == []
    stored = json.dumps([one.cures for one in desk.plan().unplanned])
    assert [needle for needle in NEEDLES if stands_in(needle, stored)] == []


def test_the_week_that_is_over_is_not_cured(desk: Desk) -> None:
    town()
    visit = make_visit(make_site("S001"), monday=TUESDAY.replace(month=11, day=16))
    assert desk.browser.post(f"/weeks/2026-W47/visits/{visit.id}/cure").status_code == 422
