"""A template shows only what its page has, and each belongs to a page."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import typing
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

import outreach
from outreach.core.assets import TEMPLATES

NO_PAGE = {"base.html", "tablet/shell.html"}


def pages() -> dict[str, type]:
    """Page classes by template."""
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(outreach.__path__, "outreach."):
        if "migrations" in module.name or module.name.endswith("wsgi"):
            continue
        for thing in vars(importlib.import_module(module.name)).values():
            is_class = type(thing) is type and dataclasses.is_dataclass(thing)
            template = vars(thing).get("template") if is_class else None
            if isinstance(template, str):
                found[template] = thing
    return found


PAGES = pages()
FILES = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.html"))


def unknown(app: Flask, source: str, page: type) -> list[str]:
    """Attributes of ``page`` that a template asks for in vain."""
    tree = app.jinja_env.parse(source)
    asked = {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }
    known = {field.name for field in dataclasses.fields(page)} | set(dir(page))
    known |= set(typing.get_type_hints(page))
    return sorted(asked - known - {"crumbs"})


@pytest.mark.parametrize("template", sorted(PAGES))
def test_a_template_asks_only_for_what_its_page_has(app: Flask, template: str) -> None:
    assert unknown(app, (TEMPLATES / template).read_text(), PAGES[template]) == []


def test_a_misspelt_name_would_be_found(app: Flask) -> None:
    assert unknown(app, "{{ page.titel }}", PAGES["error.html"]) == ["titel"]


def test_every_template_belongs_to_a_page_or_is_a_part_of_one() -> None:
    everything = "".join((TEMPLATES / name).read_text() for name in FILES)
    lost = [
        name
        for name in FILES
        if name not in PAGES and name not in NO_PAGE and f'"{name}"' not in everything
    ]
    assert lost == []


def test_every_page_has_its_template() -> None:
    assert [name for name in PAGES if not Path(TEMPLATES / name).exists()] == []
