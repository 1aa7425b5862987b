"""Every page of the demo in a real browser: accessible, quiet, in both languages, at any width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser import crawl
from tests.browser.conftest import FLAGS, chromium
from tests.browser.server import Server

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text() + ";0"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield found
    found.close()


def violations(page: Page) -> list[str]:
    """What axe finds, one line each."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES
    )
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


def examined(page: Page, what: str, lang: str) -> list[str]:
    """What is wrong with the page that is shown."""
    problems = []
    page.set_viewport_size({"width": 1440, "height": 900})
    if page.get_attribute("html", "lang") != lang:
        problems.append(f"{what}: not in {lang}")
    if page.locator("h1").count() != 1 or page.locator("h1").inner_text() not in page.title():
        problems.append(f"{what}: h1 and title differ")
    problems += [f"{what}: {one}" for one in violations(page)]
    page.set_viewport_size({"width": 320, "height": 700})
    if sideways(page) > 0:
        problems.append(f"{what}: scrolls sideways by {sideways(page)} px at 320 px")
    page.set_viewport_size({"width": 1440, "height": 900})
    return problems


def listen(page: Page, base: str) -> list[str]:
    """What goes wrong while pages are shown."""
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("request", lambda r: problems.append(r.url) if not r.url.startswith(base) else None)
    return problems


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("role", crawl.ROLES)
def test_every_page_of_a_role_is_a_good_page(
    browser: Browser, demo: Server, role: str, lang: str
) -> None:
    base = f"http://127.0.0.1:{demo.port}"
    scheme = "dark" if lang == "en" else "light"
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    problems = listen(page, base)
    crawl.sign_in(page, base, role, lang)
    for kind, url in crawl.addresses(page, base).items():
        answer = page.goto(url)
        assert answer is not None
        if answer.status != 200:
            problems.append(f"{kind}: {answer.status}")
        problems += examined(page, kind, lang)
    page.close()
    assert problems == []


FORMS = ("/sites/new", "/agreements/new", "/requests/new", "/people/new", "/teams/new",
         "/services/new", "/kits/new")  # fmt: skip


def tab_to(page: Page, selector: str) -> None:
    """Go there with the Tab key alone."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("found => document.activeElement.matches(found)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


@pytest.mark.browser
def test_a_site_gets_its_place_by_keyboard_by_hand_and_by_look_up(
    browser: Browser, demo: Server
) -> None:
    base = f"http://127.0.0.1:{demo.port}"
    page = browser.new_page()
    crawl.sign_in(page, base, "koordinator", "da")
    page.goto(f"{base}/sites/new")
    pin = page.locator("[data-pin]")
    tab_to(page, "#address")
    page.keyboard.type("Egå")
    tab_to(page, "[data-look-up]")
    page.keyboard.press("Enter")
    expect(page.locator("#latitude")).not_to_have_value("")
    assert page.input_value("#precision") != "manual"
    assert pin.is_visible()
    tab_to(page, "#latitude")
    page.keyboard.type("56.15")
    assert page.input_value("#precision") == "manual"
    looked_up = pin.get_attribute("transform")
    page.fill("#latitude", "56.10")
    assert pin.get_attribute("transform") != looked_up
    page.click("svg[data-pick]", position={"x": 40, "y": 40})
    assert float(page.input_value("#latitude")) > 56.2
    page.route("**/api/v1/places", lambda route: route.abort())
    page.click("[data-look-up]")
    expect(page.locator("[data-look-up-answer]")).to_contain_text("ikke slås op")
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_page_is_good_in_its_rare_states_too(browser: Browser, demo: Server, lang: str) -> None:
    """Nobody signed in, nothing found, forms with errors, a secret site."""
    base = f"http://127.0.0.1:{demo.port}"
    page = browser.new_page(color_scheme="light" if lang == "en" else "dark")
    page.goto(f"{base}/sign-in?lang={lang}")
    page.click("main button[type=submit]")
    problems = examined(page, "signing in with nothing", lang)
    crawl.sign_in(page, base, "koordinator", lang)
    for url in FORMS:
        page.goto(base + url)
        page.locator("main form").first.evaluate(
            "form => { for (const one of form.querySelectorAll('input:not([type=hidden])'))"
            " if (one.type === 'checkbox') one.checked = false; else one.value = ''; }"
        )
        page.click("main form .form-foot button[type=submit]")
        if not page.locator(".notice-problem:focus").count():
            problems.append(f"{url}: the summary of errors is not there or has no focus")
        problems += examined(page, f"{url} with errors", lang)
    page.goto(f"{base}/sites?q=K-01")
    page.click("tbody a")
    problems += examined(page, "a secret site", lang)
    for url in ("/nowhere", "/sites?q=nothing+is+called+so", "/users"):
        page.goto(base + url)
        problems += examined(page, url, lang)
    page.close()
    assert problems == []
