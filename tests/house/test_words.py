"""Both languages are complete: nothing untranslated, nothing copied, nothing left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.catalog import Message
from flask import Flask
from werkzeug.datastructures import MultiDict

from outreach.core.forms import Form, options
from tests.house.test_docs import load_everything
from tests.tools.words import ROOT, catalogue, everything

LIBRARY = re.compile(r"[Nn]ot (a )?valid|Invalid|must be (between|at)|field is required|could not")
"""How WTForms speaks by itself."""

SAME = {
    "%(minutes)s min", "Filter", "Menu", "Status", "Tablet", "Tablets", "Team", "Type",
    "demonstration", "plan", "session", "tablet",
}  # fmt: skip
"""Words that are the same in Danish."""


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_every_string_has_its_danish() -> None:
    danish = catalogue("da")
    missing = []
    for message in everything():
        found = danish.get(message.id) if message.id else None
        if message.id and (found is None or found.fuzzy or not all(texts(found))):
            missing.append(message.id)
    assert missing == []


def test_no_danish_is_a_copy_of_the_english() -> None:
    copied = [m.id for m in catalogue("da") if m.id and m.string == m.id and m.id not in SAME]
    assert copied == []


def test_danish_keeps_every_placeholder() -> None:
    assert [
        (m.id, [str(e) for e in errors]) for m, errors in catalogue("da").check() if errors
    ] == []


def test_english_is_complete_and_nothing_is_left_over() -> None:
    code = {str(m.id) for m in everything() if m.id}
    for language in ("da", "en"):
        assert {str(m.id) for m in catalogue(language) if m.id} == code


def said(source: str) -> set[str]:
    """Every text that a module hands to gettext, whatever it calls it and wherever it stands."""
    nodes, names = list(ast.walk(ast.parse(source))), set[str]()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
            names |= {one.asname or one.name for one in node.names if "gettext" in one.name}
        match node:
            case ast.Assign(targets=[ast.Name(id=new)], value=ast.Name(id=old)) if old in names:
                names.add(new)
    return {
        str(node.args[0].value)
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        if node.args and isinstance(node.args[0], ast.Constant)
    }


def test_every_text_that_code_says_reaches_the_catalogues() -> None:
    found = {str(m.id[0] if isinstance(m.id, tuple) else m.id) for m in everything() if m.id}
    modules = [path.read_text() for path in (ROOT / "outreach").rglob("*.py")]
    assert set().union(*map(said, modules)) - found == set()


@pytest.mark.parametrize(
    "planted",
    [
        "from flask_babel import lazy_gettext as later\nx = later('Lost')",
        "from flask_babel import gettext\nt = gettext\nx = t('Lost')",
        'from flask_babel import ngettext\nx = f\'{ngettext("Lost", "many", 2)}\'',
    ],
)
def test_a_text_that_is_said_in_an_odd_way_would_be_found(planted: str) -> None:
    assert said(planted) == {"Lost"}


def forms() -> list[type[Form]]:
    load_everything()
    return sorted(set(below(Form)) - {Form}, key=lambda form: form.__qualname__)


def below(kind: type[Form]) -> Iterator[type[Form]]:
    yield kind
    for one in kind.__subclasses__():
        yield from below(one)


def complaints(form: type[Form]) -> set[str]:
    """What a form says of nonsense in every field, one complaint a field."""
    said = set[str]()
    for nonsense in ("\N{SNOWMAN}", "-99999", "99999", ""):
        filled = form(MultiDict(dict.fromkeys(flat(form()), nonsense)))
        for field in (part for one in filled for part in getattr(one, "form", [one])):
            if getattr(field, "choices", ()) is None:
                field.choices = options([("a", "a")])
        filled.validate()
        said |= {str(text) for text in every_text(filled.errors)}
    return said


def flat(form: Form) -> Iterator[str]:
    for field in form:
        yield from (part.name for part in getattr(field, "form", [field]))


def every_text(errors: Any) -> Iterator[Any]:
    for value in errors.values() if isinstance(errors, dict) else errors:
        if isinstance(value, (dict, list, tuple)):
            yield from every_text(value)
        else:
            yield value


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.__name__)
def test_a_form_never_speaks_the_words_of_its_library(app: Flask, form: type[Form]) -> None:
    with app.test_request_context("/?lang=da"):
        danish = complaints(form)
    with app.test_request_context("/?lang=en"):
        english = complaints(form)
    assert not {text for text in danish | english if LIBRARY.search(text)}
    assert not danish & english


def test_the_words_of_the_library_would_be_found() -> None:
    for text in ("Not a valid choice.", "Number must be between 1 and 6.", "Invalid input."):
        assert LIBRARY.search(text)
