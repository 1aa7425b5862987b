"""The dates that authorities published come out of the data alone."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.rulesets.resolve import Window
from tests.rulesets.law import law

VECTORS = json.loads((Path(__file__).parent / "data/window_vectors.json").read_text())["vectors"]
WRITS = {"2022-11-01": date(2022, 10, 5)}
SIDE = re.compile(r"(.+)_(from|to)")


def written(window: Window) -> list[str]:
    ends = ((window.first, window.has_time_from), (window.last, window.has_time_to))
    return [f"{at:%Y-%m-%dT%H:%M}" if timed else at.date().isoformat() for at, timed in ends]


def wanted(vector: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Window, 0 for its beginning or 1 for its end, and the day."""
    found = []
    for name, value in (vector.get("expect", {}) | vector.get("derived", {})).items():
        ends = value if isinstance(value, list) else [value]
        match = SIDE.fullmatch(name)
        first = 1 if match and match[2] == "to" else 0
        window = match[1] if match else name
        found += [(window, first + n, text.split(" ")[0]) for n, text in enumerate(ends)]
    return found


@pytest.mark.parametrize(
    "vector", VECTORS, ids=[f"{v['ruleset'].split()[0]} {v['election_day']}" for v in VECTORS]
)
def test_a_vector(vector: dict[str, Any]) -> None:
    day = date.fromisoformat(vector["election_day"])
    found = law(vector["ruleset"].split(" ")[0], day, writ=WRITS.get(vector["election_day"]))
    for window, end, text in wanted(vector):
        assert written(found.windows[window])[end] == text, window


def test_every_date_of_the_vectors_is_looked_at() -> None:
    dates = sum(len(wanted(vector)) for vector in VECTORS)
    assert len(VECTORS) == 8
    assert dates == json.dumps(VECTORS).count('"20') - len(VECTORS)


def test_a_deadline_on_a_saturday_moves_to_monday_noon() -> None:
    window = law("dk-fa@2015", date(2015, 12, 3)).windows["home_application"]
    assert datetime(2015, 11, 21).weekday() == 5  # noqa: DTZ001 - only the weekday
    assert written(window)[1] == "2015-11-23T12:00"
