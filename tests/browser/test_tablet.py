"""The tablet where its browser is in trouble: it says so, and nothing that was tapped is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.server import Server

SHUT = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }"


@pytest.mark.browser
def test_a_tablet_whose_store_is_shut_says_so(playwright: Playwright, demo: Server) -> None:
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    page = browser.new_page()
    page.add_init_script(SHUT)
    page.goto(f"http://127.0.0.1:{demo.port}/t/")
    page.get_by_text("kan ikke åbne sit lager").wait_for()
    assert page.get_by_role("button").all_inner_texts() == ["Prøv igen"]
    assert page.locator("h1").count() == 1
    browser.close()
