"""Reads the demo's own files."""

from __future__ import annotations

import csv
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"
Line = dict[str, str]


def lines(name: str) -> list[Line]:
    """The lines of ``data/<name>.csv``."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(cell: str) -> list[str]:
    """A cell with several words between bars."""
    return [word for word in cell.split("|") if word]
