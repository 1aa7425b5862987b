import re
from collections.abc import Callable

import pytest
from flask import Flask
from wtforms import BooleanField, Form, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired

from outreach.core import assets
from outreach.core.forms import options

Write = Callable[..., str]


class SiteForm(Form):
    name = StringField("Name", [InputRequired("Must be filled in.")])
    residents = IntegerField("Residents")
    is_secret = BooleanField("Secret")
    rhythm = RadioField("Rhythm", choices=options((("w", "Weekly"), ("m", "Monthly"))))


@pytest.fixture
def write(app: Flask) -> Write:
    """Write a template that may call one macro of a file."""

    def write(file: str, macro: str, call: str, **names: object) -> str:
        source = f'{{% from "_macros/{file}.html" import {macro} %}}{call}'
        with app.test_request_context("/"):
            return app.jinja_env.from_string(source).render(**names)

    return write


def test_an_error_is_tied_to_its_field_for_screen_readers(write: Write) -> None:
    form = SiteForm()
    form.validate()
    html = write("form", "field", "{{ field(f, 'As on the door.') }}", f=form.name)
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="name-error"' in html
    assert "Must be filled in." in html


def test_a_field_without_hint_or_error_describes_nothing(write: Write) -> None:
    html = write("form", "field", "{{ field(f) }}", f=SiteForm().residents)
    assert "aria-describedby" not in html
    assert 'for="residents"' in html


def test_choices_stand_in_a_fieldset_with_their_question(write: Write) -> None:
    html = write("form", "field", "{{ field(f) }}", f=SiteForm().rhythm)
    assert "<fieldset" in html
    assert "<legend>Rhythm" in html
    assert html.count('type="radio"') == 2


def test_the_summary_of_errors_links_to_the_fields(write: Write) -> None:
    form = SiteForm()
    form.validate()
    assert '<a href="#name">Name</a>' in write(
        "form", "form_errors", "{{ form_errors(f) }}", f=form
    )
    assert write("form", "form_errors", "{{ form_errors(f) }}", f=SiteForm()).strip() == ""


def test_a_button_that_changes_something_carries_the_token(write: Write) -> None:
    html = write("form", "post_button", "{{ post_button('/x', 'Lock', 'lock', 'small danger') }}")
    assert 'method="post"' in html
    assert re.search(r'name="csrf_token" value="[^"]{20,}"', html)
    assert "button-small button-danger" in html


def test_text_in_a_part_cannot_become_markup(write: Write) -> None:
    call = "{{ visit('1', '/v/1', '09.05', '10.20', name, 'care_home', why=name) }}"
    html = write("board", "visit", call, name="<script>x</script>")
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2


def test_bars_are_as_long_as_their_share_of_the_longest(write: Write) -> None:
    rows = (("MitID", 40, "40", "/list", 20), ("Passport", 10, "10", "", None))
    call = "{{ bar_chart(rows, 'Helped', 'Service', 'Helped', 'Before') }}"
    html = write("parts", "bar_chart", call, rows=rows)
    assert 'class="bar-now" width="200.0"' in html
    assert 'class="bar-now" width="50.0"' in html
    assert html.count("bar-before") == 1


def test_a_chart_of_nothing_is_an_empty_chart(write: Write) -> None:
    assert "<table" in write("parts", "bar_chart", "{{ bar_chart((), 'a', 'b', 'c') }}")
    assert "<svg" in write("parts", "column_chart", "{{ column_chart((), 'a', 'b', 'c') }}")


def test_opening_hours_stand_in_words_beside_the_drawing(write: Write) -> None:
    days = (("Monday", ((570, 960),), ((720, 780),)), ("Sunday", (), ()))
    html = write("parts", "week_strip", "{{ week_strip(days) }}", days=days)
    assert "09.30\u201316.00" in html
    assert "12.00\u201313.00" in html
    assert 'class="week-open" x="210" width="390"' in html


def test_undo_is_a_button_beside_the_message_and_a_problem_stays(write: Write) -> None:
    messages = [("undo", ("Moved.", "/undo/1")), ("problem", "It broke."), ("done", "Saved.")]
    html = write("parts", "toasts", "{{ toasts(m) }}", m=messages)
    assert 'action="/undo/1"' in html
    assert html.count("data-toast=") == 2
    assert 'role="alert"' in html


def test_what_folds_leaves_in_head_and_cell_and_is_said_elsewhere(write: Write) -> None:
    assert '<th scope="col" class="number folds" data-sort-as="number">Desks</th>' in write(
        "table", "th", "{{ th('Desks', 'number', 'number folds') }}"
    )
    html = write("table", "folded", "{{ folded(['2 desks', '', none, '<b>']) }}")
    assert html.strip() == '<span class="folded">2 desks \u00b7 &lt;b&gt;</span>'


def test_no_list_folds_a_column_without_saying_it_elsewhere() -> None:
    folding = []
    for path in assets.TEMPLATES.rglob("*.html"):
        text = path.read_text()
        heads = len(re.findall(r"""\bth\([^}]*["' ]folds["']""", text))
        cells = len(re.findall(r'<td class="(?:\w+ )?folds"', text))
        if heads or cells:
            folding.append(path.name)
            assert heads == cells, path
            assert "{{ folded([" in text, path
    assert len(folding) > 5


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (assets.STATIC / "icons/sprite.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name
        for path in assets.TEMPLATES.rglob("*.html")
        for name in re.findall(r'\bicon\("([^"]+)"', path.read_text())
    }
    assert named <= known
