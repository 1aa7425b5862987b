"""One voting session on two tablets that are offline all day: nobody alone, every vote counted."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import FLAGS, chromium
from tests.browser.server import Server
from tests.browser.test_tablet import enrol, looks_right

TUESDAY = "2026-11-24T07:30:00+01:00"
SIZES = [(744, 1133), (1280, 800), (320, 800)]
HUGE = """() => [...document.querySelectorAll("main button, main a")]
  .filter((e) => e.getBoundingClientRect().height < 56 && e.getBoundingClientRect().width)
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo on a Tuesday of a published week."""
    made = Server(tmp_path_factory.mktemp("voting"), TUESDAY)
    made.start()
    yield made
    made.stop()


def polls(server: Server, *emails: str) -> str:
    """Store an election whose session these two receive; give the id of its visit."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.polls", *emails], env=server.environment(),
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def tablets(playwright: Playwright) -> Iterator[list[BrowserContext]]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield [browser.new_context(viewport={"width": 744, "height": 1133}) for _ in range(2)]
    browser.close()


def ready(context: BrowserContext, server: Server, email: str, visit: str) -> Page:
    """A tablet that is enrolled and shows the session's stop; then it loses its network."""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/t/")
    enrol(page, server, email)
    expect(page.get_by_text("Klar uden net")).to_be_visible()
    page.goto(f"http://127.0.0.1:{server.port}/t/#/stop/{visit}")
    expect(page.locator(".session-state")).to_contain_text("Ikke åbnet endnu")
    looks_right(page)
    context.set_offline(True)
    return page


def names(page: Page, how_many: int) -> None:
    """Let so many different people confirm."""
    for place in range(how_many):
        page.locator(".person[aria-pressed=false]").first.click()
        page.locator(".confirm .primary").click()
        expect(page.locator(".person[aria-pressed=true]")).to_have_count(place + 1)


COVERED = """() => { const over = document.querySelector(".toast").getBoundingClientRect();
  return [...document.querySelectorAll(".tile")].map((e) => e.getBoundingClientRect())
    .filter((e) => e.bottom > over.top && e.top < over.bottom).length }"""


def press(page: Page, kind: str, *, force: bool = False) -> None:
    page.locator(f'[data-act="session"][data-kind="{kind}"]').click(force=force)


def count(page: Page, measure: str, times: int, button: str = "plus") -> None:
    tile = page.locator(f'.tile[data-measure="{measure}"]')
    before = int(tile.locator("output").inner_text())
    step = 1 if button == "plus" else -1
    for n in range(1, times + 1):
        tile.locator(f".tile-{button}").click()
        expect(tile.locator("output")).to_have_text(str(before + step * n))


def looks_huge(page: Page) -> None:
    """In every size and orientation: nothing for axe, targets of 56 px, nothing off the screen."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        looks_right(page)
        assert page.evaluate(HUGE) == []
    page.set_viewport_size({"width": 744, "height": 1133})


def figures(server: Server, visit: str) -> dict[str, int]:
    with sqlite3.connect(server.instance / "outreach.sqlite") as database:
        return dict(database.execute(
            "SELECT measure, sum(amount) FROM tally WHERE visit_id = ? AND NOT is_void "
            "GROUP BY measure", (visit,),
        ))  # fmt: skip


def marks(server: Server, visit: str) -> list[tuple[str, int]]:
    with sqlite3.connect(server.instance / "outreach.sqlite") as database:
        return list(database.execute(
            "SELECT kind, is_void FROM session_mark WHERE visit_id = ? ORDER BY at", (visit,)
        ))  # fmt: skip


def open_with_two(page: Page) -> None:
    """One is not enough, however hard one presses; and who confirmed before a reload did not."""
    page.get_by_role("link", name="Åbn stemmeafgivningen").click()
    names(page, 1)
    press(page, "open", force=True)
    expect(page.get_by_text("Mindst 2 forskellige personer")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(0)
    looks_huge(page)
    page.reload()
    expect(page.get_by_text("Ingen har bekræftet endnu")).to_be_visible()
    names(page, 2)
    press(page, "open")
    expect(page.locator(".session-state")).to_contain_text("Åben siden")
    looks_huge(page)


def hold(page: Page) -> None:
    """Three votes, one spoiled; all of it survives a reload without a network."""
    count(page, "votes", 4)
    count(page, "votes", 1, "minus")
    count(page, "spoiled", 1)
    expect(page.locator(".toast")).to_be_visible()
    assert page.evaluate(COVERED) == 0
    page.reload()
    expect(page.locator('.tile[data-measure="votes"] output')).to_have_text("3")


def hold_beside(page: Page) -> None:
    """The second tablet: two votes, an undone tap, two who were turned away, another receiver."""
    page.get_by_role("link", name="Åbn stemmeafgivningen").click()
    names(page, 2)
    press(page, "open")
    count(page, "votes", 2)
    count(page, "assisted", 1)
    page.get_by_role("button", name="Fortryd").click()
    expect(page.locator('.tile[data-measure="assisted"] output')).to_have_text("0")
    count(page, "refused", 2)
    page.get_by_role("link", name="Skift en modtager").click()
    page.get_by_role("button", name="Afløsere ved dette valg").click()
    for person in (page.get_by_role("button", name="Cia"), page.locator(".person").first):
        person.click()
        page.locator(".confirm .primary").click()
    press(page, "swap")
    expect(page.locator(".session-head")).to_contain_text("Cia")


def close(page: Page) -> None:
    page.get_by_role("link", name="Luk stemmeafgivningen").click()
    names(page, 2)
    press(page, "close", force=True)  # minutes after the opening: asked first
    expect(page.get_by_text("Sig først, at I begge er enige")).to_be_visible()
    looks_huge(page)
    page.get_by_role("button", name="alle, der ønsker det, har stemt").click()
    looks_huge(page)
    press(page, "close")
    expect(page.locator(".session-state")).to_contain_text("Lukket")
    looks_huge(page)


@pytest.mark.browser
def test_a_session_on_two_offline_tablets_adds_up(
    tablets: list[BrowserContext], server: Server
) -> None:
    pair = server.busiest(), server.busiest(4)
    visit = polls(server, *pair)
    first, second = (
        ready(context, server, email, visit) for context, email in zip(tablets, pair, strict=True)
    )
    open_with_two(first)
    hold(first)
    hold_beside(second)
    close(first)
    assert figures(server, visit) == {}
    for context, page in zip(tablets, (first, second), strict=True):
        context.set_offline(False)
        expect(page.locator(".chip")).to_contain_text("Alt er sendt", timeout=20_000)
    assert figures(server, visit) == {"votes": 5, "spoiled": 1, "refused": 2}
    assert sorted(kind for kind, _void in marks(server, visit)) == ["close", "open", "open", "swap"]
    expect(second.locator(".session-state")).to_contain_text("Lukket", timeout=20_000)
    first.locator(".chip").click()
    expect(first.get_by_text("Modtaget, men ikke brugt")).to_have_count(0)


@pytest.mark.browser
def test_a_session_that_the_server_refuses_says_so_and_keeps_the_votes(
    tablets: list[BrowserContext], server: Server
) -> None:
    pair = server.busiest(), server.busiest(4)
    visit = polls(server, *pair)
    page = ready(tablets[0], server, pair[0], visit)
    page.get_by_role("link", name="Åbn stemmeafgivningen").click()
    names(page, 2)
    press(page, "open")
    count(page, "votes", 2)
    with sqlite3.connect(server.instance / "outreach.sqlite") as database:
        database.execute("UPDATE appointment SET is_candidate = 1")
    tablets[0].set_offline(False)
    expect(page.locator(".notice.alert")).to_contain_text(
        re.compile("Åbning af stemmeafgivningen kl. .* blev afvist: .* må ikke modtage stemmer"),
        timeout=20_000,
    )
    looks_right(page)
    assert figures(server, visit) == {"votes": 2}
    assert marks(server, visit) == []
