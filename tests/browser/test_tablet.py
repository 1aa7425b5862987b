"""The tablet where things go wrong: it says so, and nothing that was tapped is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser import crawl
from tests.browser.conftest import FLAGS, chromium
from tests.browser.server import Server

TUESDAY = "2026-11-24T07:30:00+01:00"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text() + ";0"
RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "wcag22aa"]
SHUT = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }"
FULL = """() => {
  // The next two attempts fail: the second one is the retry on a connection that was opened anew.
  const add = IDBObjectStore.prototype.add;
  let left = 2;
  IDBObjectStore.prototype.add = function (value) {
    const request = add.call(this, value);
    this.transaction.abort();
    left -= 1;
    if (left === 0) IDBObjectStore.prototype.add = add;
    return request;
  };
}"""
SMALL = """() => [...document.querySelectorAll("a, button, input, textarea")]
  .map((e) => (e.type === "checkbox" ? e.closest("label") : e))
  .filter((e) => e.getBoundingClientRect().width)
  .filter((e) => e.getBoundingClientRect().width < 48 || e.getBoundingClientRect().height < 48)
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo on a Tuesday of a published week."""
    made = Server(tmp_path_factory.mktemp("tablet"), TUESDAY)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def tablet(playwright: Playwright) -> Iterator[BrowserContext]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    browser.close()


def enrol(page: Page, server: Server, email: str) -> None:
    code = server.command("device-code", "--user", email).strip()
    page.fill("#code", code)
    page.fill("#device", "Tablet 1")
    page.locator("form[data-act=enrol] button").click()
    page.locator("a.next").wait_for(timeout=20_000)


def plus(page: Page) -> None:
    page.locator('[data-act="count"][data-n="1"]').last.click()


def total(page: Page) -> int:
    return int(page.locator(".counters output").last.inner_text())


@pytest.mark.browser
def test_a_tablet_whose_store_is_shut_says_so(tablet: BrowserContext, server: Server) -> None:
    page = tablet.new_page()
    page.add_init_script(SHUT)
    page.goto(f"http://127.0.0.1:{server.port}/t/")
    page.get_by_text("kan ikke åbne sit lager").wait_for()
    assert page.get_by_role("button").all_inner_texts() == ["Prøv igen"]
    assert page.locator("h1").count() == 1


def looks_right(page: Page) -> None:
    """Nothing for axe, contrast of 7:1, touch targets of 48 px, nothing beside the screen."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES
    )
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.browser
def test_every_screen_fits_a_phone(tablet: BrowserContext, server: Server) -> None:
    page = tablet.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/t/")
    page.locator("#code").wait_for()
    looks_right(page)
    enrol(page, server, server.busiest())
    looks_right(page)
    page.locator("a.next").click()
    page.locator('[data-to="no_access"]').click()
    plus(page)
    page.get_by_role("button", name="Fortryd").wait_for()
    looks_right(page)
    for screen in ("unsent", "settings", "stop/none"):
        page.goto(f"http://127.0.0.1:{server.port}/t/#/{screen}")
        page.locator("h1").wait_for()
        looks_right(page)


@pytest.mark.browser
def test_a_tap_that_cannot_be_kept_is_not_shown_as_kept(
    tablet: BrowserContext, server: Server
) -> None:
    page = tablet.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/t/")
    enrol(page, server, server.busiest())
    page.locator("a.next").click()
    before = total(page)
    page.evaluate(FULL)
    plus(page)
    page.get_by_text("Ikke gemt.").first.wait_for()
    assert total(page) == before
    plus(page)
    page.get_by_role("button", name="Fortryd").wait_for()
    assert total(page) == before + 1


@pytest.mark.browser
def test_unsent_work_waits_until_the_tablet_is_its_users_again(
    tablet: BrowserContext, server: Server
) -> None:
    page = tablet.new_page()
    base = f"http://127.0.0.1:{server.port}/t/"
    page.goto(base)
    first, second = server.busiest(), server.busiest(4)
    enrol(page, server, first)
    page.locator("a.next").click()
    before = total(page)
    tablet.route("**/api/v1/sync", lambda route: route.abort())
    plus(page)
    page.get_by_text("1 ikke sendt").first.wait_for()
    page.goto(f"{base}#/enrol")
    code = server.command("device-code", "--user", second).strip()
    page.fill("#code", code)
    page.fill("#device", "Tablet 1")
    page.locator("form[data-act=enrol] button").click()
    page.get_by_text("1 ændring fra").wait_for()
    tablet.unroute("**/api/v1/sync")
    page.goto(f"{base}#/enrol")
    enrol(page, server, first)
    page.locator(".chip").get_by_text("Alt er sendt").wait_for()
    assert page.get_by_text("ændring fra").count() == 0
    page.locator("a.next").click()
    assert total(page) == before + 1


@pytest.mark.browser
def test_a_withdrawn_tablet_hands_in_and_is_emptied_with_all_its_files(
    tablet: BrowserContext, server: Server
) -> None:
    page, desk = tablet.new_page(), tablet.new_page()
    base = f"http://127.0.0.1:{server.port}"
    page.goto(f"{base}/t/")
    enrol(page, server, server.busiest())
    page.get_by_text("Klar uden net").wait_for()
    crawl.sign_in(desk, base, "koordinator", "da")
    desk.goto(f"{base}/devices")
    withdrawals = desk.locator("form[action$=withdraw] button")
    while withdrawals.count():  # every tablet of this server, so that ours is among them
        withdrawals.first.click()
        desk.wait_for_load_state()
    page.locator("a.next").click()
    plus(page)
    page.get_by_text("Tabletten er taget ud af brug").wait_for(timeout=20_000)
    for _turn in range(40):
        if page.evaluate("caches.keys()") == []:
            return
        page.wait_for_timeout(250)
    pytest.fail("the page's files are still on the tablet")
