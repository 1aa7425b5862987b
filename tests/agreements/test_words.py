"""How often a visit is promised, as a person would say it."""

from __future__ import annotations

import pytest
from flask import Flask

from outreach.agreements.words import rhythm

SAID = [
    (7, "", "hver uge", "every week"),
    (28, "", "hver 4. uge", "every 4 weeks"),
    (10, "", "hver 10. dag", "every 10 days"),
    (None, "FREQ=WEEKLY;BYDAY=TU,TH", "hver uge: tirsdag og torsdag",
     "every week: Tuesday and Thursday"),
    (None, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "hver 2. uge: tirsdag", "every 2 weeks: Tuesday"),
    (None, "FREQ=MONTHLY;BYDAY=1TH", "hver måned: første torsdag", "every month: first Thursday"),
    (None, "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "hver 3. måned: sidste fredag",
     "every 3 months: last Friday"),
    (None, "FREQ=MONTHLY;BYMONTHDAY=15", "hver måned: den 15.", "every month: day 15"),
]  # fmt: skip
TOO_SPECIAL = [
    "FREQ=WEEKLY;BYDAY=TU;UNTIL=20271231", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "FREQ=DAILY",
    "FREQ=MONTHLY;BYDAY=5TU", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=WEEKLY;COUNT=3;BYDAY=MO",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "FREQ=YEARLY;BYDAY=MO",
]  # fmt: skip


@pytest.mark.parametrize(("days", "rule", "danish", "english"), SAID)
def test_a_rhythm_is_said_in_both_languages(
    app: Flask, days: int | None, rule: str, danish: str, english: str
) -> None:
    for lang, words in (("da", danish), ("en", english)):
        with app.test_request_context(f"/?lang={lang}"):
            assert rhythm(days, rule) == words


@pytest.mark.parametrize("rule", TOO_SPECIAL)
def test_a_rule_that_has_no_words_stands_as_it_is(app: Flask, rule: str) -> None:
    with app.test_request_context("/?lang=da"):
        assert rhythm(None, rule) == rule
