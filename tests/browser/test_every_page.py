"""Every page of the demo in a real browser: accessible, quiet, in both languages, at any width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Playwright

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


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("role", crawl.ROLES)
def test_every_page_of_a_role_is_a_good_page(
    browser: Browser, demo: Server, role: str, lang: str
) -> None:
    base = f"http://127.0.0.1:{demo.port}"
    scheme = "dark" if lang == "en" else "light"
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("request", lambda r: problems.append(r.url) if not r.url.startswith(base) else None)
    crawl.sign_in(page, base, role, lang)
    for kind, url in crawl.addresses(page, base).items():
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(url)
        assert answer is not None
        if answer.status != 200:
            problems.append(f"{kind}: {answer.status}")
        if page.get_attribute("html", "lang") != lang:
            problems.append(f"{kind}: not in {lang}")
        if page.locator("h1").count() != 1 or page.locator("h1").inner_text() not in page.title():
            problems.append(f"{kind}: h1 and title differ")
        problems += [f"{kind}: {one}" for one in violations(page)]
        page.set_viewport_size({"width": 320, "height": 700})
        if sideways(page) > 0:
            problems.append(f"{kind}: scrolls sideways by {sideways(page)} px at 320 px")
    page.close()
    assert problems == []
