"""An election called today: decisions, receivers, sessions, two tablets, and the proof."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser import crawl
from tests.browser.conftest import FLAGS, chromium
from tests.browser.server import Server
from tests.browser.test_voting import count, names, press, ready

CALLED = "2026-11-24T09:00:00+01:00"
DAY, WRIT = "2026-12-15", "2026-11-24"
SPRINT = ("2026-12-08", "2026-12-09", "2026-12-10")
MOST_SECONDS = 30
FIRST = """
SELECT s.visit_id, r.day, s.starts, r.member_ids FROM plan p
  JOIN round r ON r.plan_id = p.id AND r.day = :day
  JOIN stop s ON s.round_id = r.id AND s.seq = (SELECT min(seq) FROM stop WHERE round_id = r.id)
WHERE p.state = 'published' ORDER BY s.starts, r.team_letter
"""
USERS = [f"felt{n}@example.dk" for n in range(1, 15)] + [
    f"modtager{n}@example.dk" for n in range(1, 5)
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, CALLED)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def desk(playwright: Playwright) -> Iterator[Page]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield browser.new_page(viewport={"width": 1440, "height": 900})
    browser.close()


@pytest.fixture
def tablets(playwright: Playwright) -> Iterator[list[BrowserContext]]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield [browser.new_context(viewport={"width": 744, "height": 1133}) for _ in range(2)]
    browser.close()


def base(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def call(desk: Page, server: Server) -> str:
    """Make the election; gives the address of its pages."""
    crawl.sign_in(desk, base(server), "valg", "en")
    desk.goto(f"{base(server)}/elections/new?ruleset=dk-fv@2025-01")
    desk.fill("input[name=title]", "Folketingsvalg")
    desk.fill("input[name=election_day]", DAY)
    desk.fill("input[name=writ_day]", WRIT)
    desk.get_by_role("button", name="Make the election").click()
    expect(desk.locator("h1")).to_contain_text("Folketingsvalg")
    return desk.url.rsplit("/timeline", 1)[0].split("?")[0]


def decide(desk: Page, election: str) -> None:
    """A session in every care home, the rest each in its own way, kind by kind."""
    desk.goto(f"{election}/sites")
    form = desk.locator("form[action$=kinds]")
    for _kind in range(20):
        if not form.count():
            break
        kinds = form.locator("select[name=kind] option[value]:not([value=''])")
        kind = kinds.first.get_attribute("value") or ""
        outcomes = {"care_home": "session", "hospital": "self_served", "prison": "self_served"}
        form.locator("select[name=kind]").select_option(kind)
        form.locator("select[name=outcome]").select_option(outcomes.get(kind, "none"))
        form.locator("input[name=reason]").fill("Nobody there asked for it")
        form.get_by_role("button", name="Decide for all of them").click()
        desk.wait_for_load_state()
    expect(desk.locator(".stat", has_text="Undecided").locator(".stat-value")).to_have_text(
        "Undecided: 0"
    )


def appoint(desk: Page, election: str, server: Server) -> None:
    """Bring in the list of eighteen people who have tablets; it holds a column of CPR numbers."""
    with sqlite3.connect(server.instance / "outreach.sqlite") as database:
        names = [
            database.execute(
                "SELECT s.name FROM staff s JOIN app_user u ON u.id = s.user_id WHERE u.email = ?",
                (email,),
            ).fetchone()[0]
            for email in USERS
        ]  # fmt: skip
    rows = [f"{name};010203-1234;tilforordnet vælger;2026-11-24;2026-11-24" for name in names]
    text = "\n".join(["Navn;CPR;Rolle;Udpeget;Instrueret", *rows])
    desk.goto(f"{election}/receivers/import")
    desk.set_input_files(
        "input[name=list_file]",
        {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()},
    )
    desk.get_by_role("button", name="Show what the list would do").click()
    desk.get_by_role("button", name="Bring it in").click()
    desk.goto(f"{election}/receivers")
    ready = desk.locator(".stat", has_text="Can be planned").first.locator(".stat-value")
    expect(ready).to_have_text("Can be planned: 18")


def plan(desk: Page, election: str) -> float:
    """Nine teams in three days; gives the seconds until the plan stands on the board."""
    desk.goto(f"{election}/sessions")
    form = desk.locator("form[action$='/sessions/plan']")
    for box in form.locator("input[name=days]").all():
        box.set_checked(box.get_attribute("value") in SPRINT)
    form.locator("input[name=teams]").fill("9")
    form.locator("input[name=seconds]").fill("8")
    began = time.monotonic()
    form.get_by_role("button", name="Plan", exact=True).click()
    publish = desk.locator("a[href$='/sessions/publish']")
    expect(publish).to_be_visible(timeout=90_000)
    took = time.monotonic() - began
    expect(desk.locator(".notice-problem")).to_have_count(0)
    expect(desk.locator(".tray-item")).to_have_count(0)
    return took


def publish(desk: Page, election: str) -> None:
    desk.goto(f"{election}/sessions/publish")
    desk.locator("main").get_by_role("button", name="Publish").click()
    desk.goto(election)
    for step in ("Decided", "Session planned", "Published"):
        line = desk.locator(".funnel .stat", has_text=step).first
        expect(line.get_by_text("missing")).to_have_count(0)
    expect(desk.locator(".funnel .stat", has_text="Published")).to_contain_text("48")


def first_session(server: Server) -> tuple[str, list[str], str]:
    """Visit, e-mails of the two receivers and the moment of the doors of the first session."""
    with sqlite3.connect(server.instance / "outreach.sqlite") as database:
        visit, day, starts, members = database.execute(FIRST, {"day": SPRINT[0]}).fetchone()
        emails = [
            database.execute(
                "SELECT u.email FROM app_user u JOIN staff s ON s.user_id = u.id WHERE s.id = ?",
                (one,),
            ).fetchone()[0]
            for one in json.loads(members)
        ]  # fmt: skip
    return visit, emails, at(day, starts + 25)


def at(day: str, minutes: int) -> str:
    return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:00+01:00"


def restart(server: Server, now: str) -> None:
    server.stop()
    server.now = now
    server.start()


def hold(tablets: list[BrowserContext], server: Server) -> None:
    """Two tablets without a network for three quarters of an hour."""
    visit, emails, doors = first_session(server)
    restart(server, doors)
    for context in tablets:
        context.clock.install()
    first, second = (
        ready(context, server, email, visit) for context, email in zip(tablets, emails, strict=True)
    )
    for page, votes in ((first, 4), (second, 3)):
        page.get_by_role("link", name="Åbn stemmeafgivningen").click()
        names(page, 2)
        press(page, "open")
        expect(page.locator(".session-state")).to_contain_text("Åben siden")
        count(page, "votes", votes)
    for page in (first, second):
        page.clock.fast_forward(45 * 60 * 1000)
    first.get_by_role("link", name="Luk stemmeafgivningen").click()
    names(first, 2)
    press(first, "close")
    expect(first.locator(".session-state")).to_contain_text("Lukket")
    hour, minute = int(doors[11:13]), int(doors[14:16])
    restart(server, at(doors[:10], hour * 60 + minute + 46))
    for context, page in zip(tablets, (first, second), strict=True):
        context.set_offline(False)
        expect(page.locator(".chip")).to_contain_text("Alt er sendt", timeout=30_000)


def prove(desk: Page, election: str, server: Server) -> None:
    """Dashboard, certificate, and the bundle in other hands."""
    crawl.sign_in(desk, base(server), "valg", "en")
    desk.goto(election)
    held = desk.locator(".funnel .stat", has_text="Held").locator(".stat-value")
    expect(held).to_have_text("Held: 1")
    expect(desk.locator("#live-table")).to_contain_text("Closed")
    desk.goto(f"{election}/certificate")
    expect(desk.locator("main")).to_contain_text("No rule is broken")
    expect(desk.locator("main")).to_contain_text("of which held: 1")
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Download the bundle").click()
    path = server.instance / "bundle.json"
    download.value.save_as(path)
    found = json.loads(server.command("elections", "verify", str(path), "--json"))
    assert (found["result"], found["counts"]["broken"]) == ("kept", 0)
    assert json.loads(path.read_text())["totals"]["votes"] == 7


@pytest.mark.browser
def test_an_election_from_writ_to_certificate(
    desk: Page, tablets: list[BrowserContext], server: Server
) -> None:
    election = call(desk, server)
    decide(desk, election)
    appoint(desk, election, server)
    assert plan(desk, election) < MOST_SECONDS
    publish(desk, election)
    hold(tablets, server)
    prove(desk, election, server)
