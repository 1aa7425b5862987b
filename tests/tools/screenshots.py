"""Render every page of the demo into build/screenshots: da and en, light and dark, three sizes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import crawl
from tests.browser.conftest import FLAGS, NOW, chromium
from tests.browser.server import Server

SIZES = {"desktop": (1440, 900), "tablet": (810, 1080), "tablet-wide": (1080, 810)}
LOOKS = (("da", "light"), ("en", "dark"))


def shoot(browser: Browser, base: str, role: str, target: Path) -> None:
    """Every page that a role reaches, in each size and look."""
    for lang, scheme in LOOKS:
        page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        crawl.sign_in(page, base, role, lang)
        for kind, url in crawl.addresses(page, base).items():
            name = kind.strip("/").replace("/", "-").replace("<", "").replace(">", "") or "home"
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(url)
                folder = target / role / f"{lang}-{scheme}-{size}"
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{name}.png", full_page=True)
        page.close()


def main(target: Path, roles: list[str]) -> None:
    """Start the demo, visit, write the pictures."""
    server = Server(Path(tempfile.mkdtemp()), NOW)
    server.start()
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
            for role in roles or list(crawl.ROLES):
                shoot(browser, f"http://127.0.0.1:{server.port}", role, target)
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main(Path("build/screenshots"), sys.argv[1:])
