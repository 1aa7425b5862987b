"""Danish and English: which one, and how dates, times and numbers are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from babel.dates import format_date, format_datetime, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_login import current_user

from outreach.core.clock import DK

LANGUAGES = ("da", "en")
CATALOGUES = Path(__file__).resolve().parents[1] / "translations"

babel = Babel()


def choose_language() -> str:
    """The one asked for by ?lang, else the user's, else the browser's, else Danish."""
    if not has_request_context():
        return "da"
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def _chosen() -> str:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["lang"] = asked
        return asked
    if session.get("lang") in LANGUAGES:
        return str(session["lang"])
    if current_user.is_authenticated and current_user.language in LANGUAGES:
        return str(current_user.language)
    return request.accept_languages.best_match(LANGUAGES) or "da"


def language() -> str:
    """``da`` or ``en``."""
    locale = get_locale()
    return locale.language if locale else "da"


def _formats() -> str:
    return "da_DK" if language() == "da" else "en_GB"


def day(value: date) -> str:
    """A day in full: tirsdag den 24. november 2026."""
    return (
        format_date(value, "EEEE 'den' d. MMMM y", "da_DK")
        if language() == "da"
        else (format_date(value, "EEEE d MMMM y", "en_GB"))
    )


def short_day(value: date) -> str:
    """A day for a table: ti. 24.11. or Tue 24 Nov."""
    pattern = "EEE d.M." if language() == "da" else "EEE d MMM"
    return format_date(value, pattern, _formats())


def full_date(value: date) -> str:
    """A day for a table where the year matters: 24.11.2026 or 24 Nov 2026."""
    return format_date(value, "d.M.y" if language() == "da" else "d MMM y", _formats())


def weekday(number: int) -> str:
    """A day of the week by its name; Monday is 0."""
    return str(get_day_names("wide", "format", _formats())[number])


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    return format_list(names, locale=_formats())


def clock_time(minutes: int) -> str:
    """Minutes after midnight as 09.05 (Danish) or 09:05."""
    mark = "." if language() == "da" else ":"
    return f"{minutes // 60:02d}{mark}{minutes % 60:02d}"


def moment(value: datetime) -> str:
    """A moment on the Danish wall clock."""
    pattern = "d.M.y 'kl.' HH.mm" if language() == "da" else "d MMM y, HH:mm"
    return format_datetime(value.astimezone(DK), pattern, locale=_formats())


def number(value: float, digits: int = 0) -> str:
    """A number with the language's separators."""
    return format_decimal(round(value, digits), locale=_formats())


def duration(minutes: int) -> str:
    """Minutes as 45 min or 2 h 05 min."""
    hours, rest = divmod(minutes, 60)
    unit = "t" if language() == "da" else "h"
    return f"{hours} {unit} {rest:02d} min" if hours else f"{rest} min"


def compile_catalogues() -> None:
    """Make the .mo files that are missing or older than their .po."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as file:
                catalogue = read_po(file)
            with target.open("wb") as file:
                write_mo(file, catalogue)


_ALPHABET = {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "é": "e", "ü": "u"}


def sort_key(text: str) -> str:
    """A key that sorts æ, ø and å after z, as Danish does; aa counts as å."""
    folded = text.casefold().replace("aa", "å")
    return "".join(_ALPHABET.get(letter, letter) for letter in folded)[:200]


def init_app(app: Flask) -> None:
    """Connect gettext and the formatters."""
    compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    for name in (day, short_day, full_date, clock_time, moment, number, duration):
        app.jinja_env.filters[name.__name__] = name
