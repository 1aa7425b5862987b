"""Moving visits on the week board: the page stays, and shows what has changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.browser.conftest import FLAGS, NOW, chromium
from tests.browser.server import Server

WEEK = "2026-W48"
FIRST_OF_A_ROUND = ".visits:has([data-visit] ~ [data-visit] ~ [data-visit]) > [data-visit]"


@pytest.fixture
def desk(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A coordinator before a planned week."""
    server = Server(tmp_path_factory.mktemp("board"), NOW)
    server.start()
    server.command("plan", "--week", WEEK, "--seconds", "1")
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"http://127.0.0.1:{server.port}/sign-in?lang=en")
    page.fill("[name=email]", "koordinator@example.dk")
    page.fill("[name=password]", "try-outreach-today")
    page.locator("[name=password]").press("Enter")
    page.locator(".who").wait_for()
    page.goto(f"http://127.0.0.1:{server.port}/weeks/{WEEK}")
    yield page
    browser.close()
    server.stop()


def is_the_same_page(page: Page) -> bool:
    """Whether what was left on the page is still there: it was not loaded anew."""
    return bool(page.evaluate("() => window.left === 1"))


def moved_down(page: Page) -> Locator:
    """The first of a round that may change places with the next; which one, the plan decides."""
    ids = [one.get_attribute("id") for one in page.locator(FIRST_OF_A_ROUND).all()]
    for name in ids:
        card = page.locator(f'[id="{name}"]')
        card.locator("a").focus()
        page.keyboard.press("Alt+ArrowDown")
        said = page.locator(".toast").or_(page.get_by_role("alert"))
        expect(said.first).to_be_visible()
        if page.locator(".toast").filter(has_text="Moved: Team").count():
            expect(page.locator(f'[data-visit] ~ [id="{name}"]')).to_be_visible()
            return card
    raise AssertionError("no round lets its first two visits change places")


def place_of(card: Locator) -> tuple[int, int]:
    """Row and column of the board in which a visit stands."""
    found = card.evaluate(
        """one => { const cell = one.closest("td"), row = one.closest("tr");
        return [[...document.querySelectorAll("tr[data-team]")].indexOf(row),
                [...row.querySelectorAll("td")].indexOf(cell)]; }"""
    )
    return int(found[0]), int(found[1])


@pytest.mark.browser
def test_a_visit_moves_by_keys_and_by_dragging_without_loading_the_page_anew(desk: Page) -> None:
    desk.evaluate("() => { window.left = 1 }")
    card = moved_down(desk)
    expect(card.locator("a")).to_be_focused()
    row, column = place_of(card)
    cell = desk.locator("tr[data-team]").nth(row).locator("td").nth(column)
    expect(cell.locator(card)).to_be_visible()
    desk.keyboard.press("Alt+ArrowUp")  # both are done, one after the other
    desk.keyboard.press("Alt+Delete")
    expect(desk.locator(".tray").locator(card)).to_be_visible()
    expect(card.locator("a")).to_be_focused()
    card.drag_to(cell)
    expect(cell.locator(card)).to_be_visible()
    expect(desk.locator(".toast")).to_contain_text("Moved: Team")
    assert is_the_same_page(desk)
    desk.locator(".toast").get_by_role("button", name="Undo").click()
    expect(desk.locator(".tray").locator(card)).to_be_visible()
    assert not is_the_same_page(desk)


@pytest.mark.browser
def test_what_the_server_refuses_is_said_where_one_stands(desk: Page) -> None:
    desk.evaluate("() => { window.left = 1 }")
    card = desk.locator(FIRST_OF_A_ROUND).first
    desk.evaluate("() => { document.querySelector('[data-week]').dataset.first = '2026-11-16' }")
    card.locator("a").focus()
    desk.keyboard.press("Alt+ArrowRight")
    expect(desk.get_by_role("alert")).to_contain_text("The team does not go out on this day.")
    assert is_the_same_page(desk)
