"""The whole story once: plan a week, publish it, work a day without a network, count it."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser import crawl
from tests.browser.conftest import FLAGS, chromium, open_profile
from tests.browser.proxy import Relay
from tests.browser.server import Server

WEEK = "2026-W48"
THURSDAY = "2026-11-19T14:00:00+01:00"
TUESDAY = "2026-11-24T07:30:00+01:00"
SENT, CHIP = "Alt er sendt", "a.chip, .chip"


@dataclass
class Stage:
    """One server, one fixed address, one tablet's profile."""

    server: Server
    relay: Relay
    profile: Path
    playwright: Playwright

    @property
    def base(self) -> str:
        """Where browsers go, whichever server runs behind it."""
        return f"http://127.0.0.1:{self.relay.port}"

    def tablet(self) -> BrowserContext:
        """The tablet, switched on."""
        size = {"width": 810, "height": 1080}
        return open_profile(self.playwright, self.profile, viewport=size, has_touch=True)

    def restart(self, now: str) -> None:
        """Stop the server and start it at another time."""
        self.server.stop()
        self.server.now = now
        self.server.start()


@pytest.fixture
def stage(playwright: Playwright, tmp_path: Path) -> Iterator[Stage]:
    server = Server(tmp_path / "instance", THURSDAY)
    server.instance.mkdir()
    server.start()
    relay = Relay(server.port)
    yield Stage(server, relay, tmp_path / "profile", playwright)
    server.stop()
    relay.close()


@pytest.fixture
def desk(stage: Stage) -> Iterator[Page]:
    browser = stage.playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    browser.close()


def plan_and_publish(desk: Page, base: str) -> None:
    crawl.sign_in(desk, base, "koordinator", "en")
    desk.goto(f"{base}/weeks")
    assert WEEK in desk.url
    assert desk.locator(".tray-item").count() > 100  # every visit that is due
    desk.get_by_role("button", name="Plan", exact=True).click()
    desk.locator("table.board").wait_for(timeout=15_000)  # the first plan
    planned(desk)
    assert desk.locator(".tray-item").count() == 7  # the planted impossible ones
    move_and_lock(desk)
    desk.goto(f"{base}/weeks/{WEEK}/publish")
    desk.locator("main").get_by_role("button", name="Publish").click()
    desk.get_by_text("Published, version 1").first.wait_for()


def planned(desk: Page) -> None:
    """Wait until the best plan is kept: the page shows the form of planning again."""
    desk.locator("form input[name=seconds]").wait_for(timeout=60_000)


def move_and_lock(desk: Page) -> None:
    """Move one visit by its menu to another day, see the answer, lock it."""
    week = desk.url
    for link in reversed(desk.locator("tr[data-team=A] .visit-site a").all()):
        desk.goto(str(link.evaluate("a => a.href")))
        if not desk.locator("select[name=second]").count():
            break  # a visit of one team
        desk.goto(week)
    desk.select_option("select[name=day]", index=1)
    desk.get_by_role("button", name="Move", exact=True).click()
    desk.get_by_text("Moved:").wait_for()
    desk.goto(week)
    desk.locator("tr[data-team=B] .visit-site a").first.click()
    level = desk.locator("input[name=level], select[name=level]").last
    if level.evaluate("e => e.tagName") == "SELECT":
        level.select_option(index=2)
    else:
        level.check()
    desk.locator("#lock button[type=submit]").click()
    desk.goto(week)
    if desk.get_by_text("The plan breaks rules").count():
        desk.get_by_role("button", name="Plan", exact=True).click()
        desk.locator("[data-job]").wait_for()
        planned(desk)


def figures(desk: Page, base: str) -> dict[str, int]:
    """The key figures of the week as a reader of exact numbers sees them."""
    desk.goto(f"{base}/reports?period={WEEK}&lang=en")
    found = {}
    for stat in desk.locator("dl.stats .stat").all():
        label = stat.locator("dt").inner_text().strip().rstrip(":")
        value = re.sub(r"[^\d]", "", stat.locator(".stat-value").inner_text())
        found[label] = int(value or 0)
    return found


def bytes_of_plan(stage: Stage) -> str:
    with sqlite3.connect(stage.server.instance / "outreach.sqlite") as database:
        (snapshot,) = database.execute(
            "SELECT snapshot FROM plan WHERE monday = '2026-11-23' AND state = 'published'"
        ).fetchone()
    return hashlib.sha256(snapshot).hexdigest()


def enrol(page: Page, stage: Stage) -> None:
    code = stage.server.command("device-code", "--user", stage.server.busiest()).strip()
    page.goto(f"{stage.base}/t/")
    page.fill("#code", code)
    page.fill("#device", "Tablet 1")
    page.get_by_role("button", name="Tilmeld").click()
    page.get_by_role("heading", name="Din runde i dag").wait_for(timeout=20_000)
    page.get_by_text("Klar uden net").wait_for()


def count(page: Page, at: int, times: int) -> None:
    for _time in range(times):
        page.locator('[data-act="count"][data-n="1"]').nth(at).click()
        page.wait_for_timeout(150)


def do_first_stop(page: Page) -> dict[str, int]:
    """Everything that can be done at a stop; says what was counted."""
    page.locator("a.next").click()
    page.locator('[data-to="in_progress"]').click()
    for box in page.locator('input[data-act="check"]').all():
        box.check()
        page.wait_for_timeout(150)
    names = page.locator('[data-act="count"][data-n="1"]')
    measures = [one.get_attribute("data-measure") or "" for one in names.all()]
    served = next(i for i, m in enumerate(measures) if m.endswith(".served"))
    contacts = measures.index("contacts")
    count(page, contacts, 7)
    count(page, served, 6)
    page.locator('[data-act="count"][data-n="-1"]').nth(served).click()  # one too many
    page.fill("#note", "Mange ventede på MitID")
    page.get_by_role("button", name="Gem note").click()
    page.locator('[data-act="status"][data-to="done"]').click()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Fortryd").click()  # undo …
    page.wait_for_timeout(300)
    page.locator('[data-act="status"][data-to="done"]').click()  # … and do it again
    page.wait_for_timeout(300)
    return {"Contacts": 7, "Served": 5, "Visits done": 1}


def nobody_let_us_in(page: Page, base: str) -> dict[str, int]:
    page.goto(f"{base}/t/")
    page.locator("a.next").click()
    page.get_by_role("button", name="Ingen adgang").click()
    page.get_by_role("button", name="Lukket").click()
    page.wait_for_timeout(300)
    return {"Visits without access": 1}


@pytest.mark.browser
def test_a_week_from_plan_to_counted_visit(stage: Stage, desk: Page) -> None:
    plan_and_publish(desk, stage.base)
    plan = bytes_of_plan(stage)
    stage.restart(TUESDAY)
    crawl.sign_in(desk, stage.base, "koordinator", "en")
    before = figures(desk, stage.base)
    tablet = stage.tablet()
    page = tablet.pages[0]
    enrol(page, stage)
    stage.server.stop()  # from here on there is no network
    page.reload()
    counted = do_first_stop(page)
    tablet.close()  # the battery is empty
    tablet = stage.tablet()
    page = tablet.pages[0]
    page.goto(f"{stage.base}/t/")
    page.get_by_text("ikke sendt").first.wait_for()
    counted |= nobody_let_us_in(page, stage.base)
    # The server comes back, commits what the tablet sends, and dies before its answer arrives.
    stage.relay.lose_answer_to(b"POST /api/v1/sync", stage.server.kill)
    stage.server.start()
    page.reload()
    stage.server.wait_until_killed(60)
    stage.server.start()
    page.reload()
    page.get_by_text(SENT).first.wait_for(timeout=30_000)
    crawl.sign_in(desk, stage.base, "koordinator", "en")
    after = figures(desk, stage.base)
    rise = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    ignored = {"Minutes on site", "Coverage", "Sites not reached"}
    assert {name: n for name, n in rise.items() if name not in ignored} == counted, (before, after)
    rename_a_site(desk, stage.base)
    assert bytes_of_plan(stage) == plan
    tablet.close()


def rename_a_site(desk: Page, base: str) -> None:
    desk.goto(f"{base}/sites?kind=library")
    desk.locator("tbody a").first.click()
    desk.get_by_role("link", name="Change").click()
    desk.fill("input[name=name]", "Biblioteket med det nye navn")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("heading", name="Biblioteket med det nye navn").wait_for()
