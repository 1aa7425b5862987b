"""Bring outreach/translations up to date with every string in code and templates."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "outreach/translations"
METHODS = [("outreach/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
FIRST = datetime(2026, 11, 24, tzinfo=UTC)


def everything() -> Catalog:
    """Every string that a person can see, without translations."""
    found = Catalog()
    for _file, _line, text, _comments, context in extract_from_dir(
        str(ROOT), METHODS, keywords=KEYWORDS, directory_filter=lambda path: ".venv" not in path
    ):
        found.add(text, context=context)
    return found


def catalogue(language: str) -> Catalog:
    """The stored catalogue of a language; an empty one if there is none."""
    path = FOLDER / language / "LC_MESSAGES/messages.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The stored catalogue with today's strings; English says what the code says."""
    old, new = catalogue(language), Catalog(locale=language, project="Outreach", version="0")
    new.creation_date = new.revision_date = FIRST
    for message in sorted(everything(), key=lambda m: str(m.id)):
        if not message.id:
            continue
        known = old.get(message.id)
        text = message.id if language == "en" else (known.string if known else None)
        new.add(message.id, text or ("" if isinstance(message.id, str) else ("", "")),
                flags=message.flags)  # fmt: skip
    return new


def main() -> None:
    """Write both catalogues."""
    for language in ("da", "en"):
        path = FOLDER / language / "LC_MESSAGES/messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        new = updated(language)  # read before the file is opened for writing, which empties it
        with path.open("wb") as file:
            write_po(file, new, width=99, sort_output=True)
    sys.exit(subprocess.call(["git", "diff", "--stat", str(FOLDER)]))


if __name__ == "__main__":
    main()
