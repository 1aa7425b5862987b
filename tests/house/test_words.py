"""Both languages are complete: nothing untranslated, nothing copied, nothing left over."""

from __future__ import annotations

from babel.messages.catalog import Message

from tests.tools.words import catalogue, everything

SAME = {
    "%(minutes)s min", "Filter", "Menu", "Status", "Tablet", "Tablets", "Team", "Type",
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
