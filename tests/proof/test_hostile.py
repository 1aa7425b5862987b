"""A bundle that somebody broke is judged or refused, never a crash."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from outreach.proof import say
from outreach.proof.reader import Unreadable
from outreach.proof.verify import verify
from tests.proof import made

ODD: list[Any] = [
    None, "", "x" * 500, -1, 0, 10**30, 1.5, True, [], {}, [[]], "2026-02-30", "9999-12-31",
    "0001-01-01T00:00:00Z", "2026-11-24T10:00:00", "\ud800", "\0", {"a": {"b": []}},
]  # fmt: skip


def places(part: Any) -> list[tuple[Any, Any]]:
    """Every object or list of a document with each of its names or numbers."""
    if isinstance(part, dict):
        inside = list(part.items())
    elif isinstance(part, list):
        inside = list(enumerate(part))
    else:
        return []
    return [(part, key) for key, _one in inside] + [
        place for _key, one in inside for place in places(one)
    ]


@pytest.mark.parametrize("part", range(4))
def test_whatever_is_broken_is_judged_or_refused(part: int) -> None:
    for seed in range(part * 150, (part + 1) * 150):
        rng, document = Random(seed), made.election(seed % 40)
        for _change in range(rng.randint(1, 3)):
            holder, key = rng.choice(places(document))
            if rng.random() < 0.3:
                del holder[key]
            else:
                holder[key] = rng.choice(ODD)
        assert outcome(document) in ("judged", "refused"), seed


def outcome(document: made.Document) -> str:
    """What becomes of it; a refusal is one line."""
    try:
        report = verify(document)
    except Unreadable as error:
        return "refused" if len(str(error).splitlines()) == 1 else str(error)
    return "judged" if list(say.lines(report, "da")) else "silent"


def test_a_session_on_the_last_day_of_time_is_refused() -> None:
    document = made.election(0)
    for one in document["sessions"]:
        one["planned"]["starts"] = "9999-12-31T23:00:00+00:00"
        one["planned"]["ends"] = "9999-12-31T23:59:00+00:00"
    with pytest.raises(Unreadable, match=r"sessions\[0\]\.planned\.starts"):
        verify(document)
