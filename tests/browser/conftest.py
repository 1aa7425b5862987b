"""A real Chromium and a real server for the browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from tests.browser.server import Server

NOW = "2026-11-19T14:00:00+01:00"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Where Chromium is; a machine without one skips, in strict mode it fails."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None and os.environ.get("OUTREACH_STRICT"):
        pytest.fail("no Chromium on this machine")
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    with sync_playwright() as driver:
        yield driver


def open_profile(playwright: Playwright, profile: Path, **options: object) -> BrowserContext:
    """A browser whose storage outlives it, as on a tablet."""
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium(), args=FLAGS, headless=True, **options  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo municipality on Thursday 19 November 2026, served; read it, do not change it."""
    server = Server(tmp_path_factory.mktemp("demo"), NOW)
    server.start()
    yield server
    server.stop()
