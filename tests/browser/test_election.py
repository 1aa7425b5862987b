"""An election called today: decisions, receivers, sessions, two tablets, and the proof."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser import crawl
from tests.browser.conftest import FLAGS, chromium
from tests.browser.server import Server

CALLED = "2026-11-24T09:00:00+01:00"
DAY, WRIT = "2026-12-15", "2026-11-24"
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


@pytest.mark.browser
def test_an_election_from_writ_to_certificate(desk: Page, server: Server) -> None:
    election = call(desk, server)
    decide(desk, election)
    appoint(desk, election, server)
    desk.goto(f"{election}/certificate")
    assert "site-session" in desk.content()
