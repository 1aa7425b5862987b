"""From a page dataclass to a page: the template sees one name, ``page``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from flask import Flask, current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _
from jinja2 import StrictUndefined

from outreach.core.auth import May, may
from outreach.core.i18n import language


class Page(Protocol):
    """What a page needs: a title and the template that shows it."""

    template: ClassVar[str]

    @property
    def title(self) -> str:
        """The h1, repeated in the browser's title."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the menu."""

    label: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A part of the product that stands in the menu.

    Attributes:
        order: place in the menu, small first.
        need: the permission without which it is not shown.
    """

    order: int
    label: Any
    endpoint: str
    icon: str
    need: May


_MENU: list[MenuEntry] = [
    MenuEntry(10, _("Overview"), "overview.home", "home", May.SIGNED_IN),
    MenuEntry(20, _("Weeks"), "rounds.this_week", "calendar", May.PLAN),
    MenuEntry(25, _("Elections"), "elections.index", "vote", May.ELECT),
    MenuEntry(30, _("Sites"), "sites.index", "map-pin", May.PLAN),
    MenuEntry(40, _("Agreements"), "agreements.index", "repeat", May.PLAN),
    MenuEntry(50, _("Staff and teams"), "people.index", "users", May.PLAN),
    MenuEntry(60, _("Services"), "catalogue.index", "package", May.PLAN),
    MenuEntry(65, _("Rulesets"), "rulesets.index", "scale", May.ELECT),
    MenuEntry(70, _("Reports"), "reports.index", "chart", May.REPORT),
    MenuEntry(80, _("Tablets"), "field.devices", "tablet", May.DEVICES),
    MenuEntry(90, _("Users"), "accounts.users", "user-cog", May.ADMINISTER),
    MenuEntry(92, _("Access to secret sites"), "sites.grants", "key", May.ADMINISTER),
    MenuEntry(95, _("Audit log"), "accounts.audit_log", "history", May.AUDIT),
]


_OF_ELECTIONS = {"deletion", "proof", "receivers", "voting"}
"""Features whose pages belong to elections in the menu."""


def navigation() -> list[NavigationItem]:
    """The menu of the person behind the request."""
    here, known = _here(request.endpoint or ""), current_app.view_functions
    return [
        NavigationItem(
            str(entry.label), url_for(entry.endpoint), entry.icon, entry.endpoint == here
        )
        for entry in _MENU
        if entry.endpoint in known and may(entry.need)
    ]  # fmt: skip


def _here(endpoint: str) -> str:
    """The entry that a page belongs to: its own, else the first of its feature."""
    entries = [entry.endpoint for entry in _MENU]
    feature = endpoint.split(".", maxsplit=1)[0]
    feature = "elections" if feature in _OF_ELECTIONS else feature
    near = [one for one in entries if one.split(".")[0] == feature]
    return endpoint if endpoint in entries else next(iter(near), "")


def render(page: Page, **more: Any) -> str:
    """The page as HTML."""
    return render_template(page.template, page=page, **more)


def init_app(app: Flask) -> None:
    """Make templates strict and give them what every page shows."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def everywhere() -> dict[str, Any]:
        late: Callable[[], list[NavigationItem]] = navigation
        return {
            "lang": language(),
            "navigation": late(),
            "is_demo": app.config["OUTREACH"].env == "demo",
        }

    app.context_processor(everywhere)
