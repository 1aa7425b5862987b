"""Every kind of page that a person can reach by links, one address of each kind."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page

PASSWORD = "try-outreach-today"
ROLES = ("koordinator", "laeser", "valg", "admin", "revisor", "felt1")
PUBLISHED = "/weeks/2026-W47"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WEEK = re.compile(r"\d{4}-W\d\d")
_RULESET = re.compile(r"[a-z]+[a-z-]*@[a-z0-9-]+")
_NUMBER = re.compile(r"/\d+(?=/|$)")
_NOT_PAGES = (".csv", "/static/", "/t/", "/api/", "/sw.js", "/healthz")


def kind_of(url: str) -> str:
    """The address with ids, days and weeks left out."""
    path = _RULESET.sub("<ruleset>", urlsplit(url).path)
    path = _WEEK.sub("<week>", _DAY.sub("<day>", _ID.sub("<id>", path)))
    return _NUMBER.sub("/<n>", path)


def sign_in(page: Page, base: str, name: str, lang: str) -> None:
    """Sign in as a demo user, in a language."""
    page.goto(f"{base}/sign-in?lang={lang}")
    page.fill("input[name=email]", f"{name}@example.dk")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def addresses(page: Page, base: str) -> dict[str, str]:
    """One address for each kind of page that can be reached from the start page.

    The published week of the demo stands beside the unplanned one that is found first.
    """
    found = {"/": f"{base}/"}
    if page.locator("nav a[href='/weeks']").count():
        found[PUBLISHED] = f"{base}{PUBLISHED}"
    waiting = list(found.values())
    while waiting:
        page.goto(waiting.pop(0))
        links = page.eval_on_selector_all(
            "a[href]",
            "all => all.filter(a => !a.hasAttribute('download'))"
            ".map(a => new URL(a.getAttribute('href'), document.baseURI).href)",
        )
        for link in links:
            kind = kind_of(link)
            is_page = link.startswith(base) and not any(part in link for part in _NOT_PAGES)
            if is_page and kind not in found:
                found[kind] = link.split("#")[0]
                waiting.append(found[kind])
    return found
