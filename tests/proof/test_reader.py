"""What is no bundle is refused in one sentence that names the field."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.proof import bundle, reader

ROOT = Path(__file__).resolve().parents[2]
MOMENT = "2026-11-24T10:00:00+01:00"

SMALL: dict[str, Any] = bundle.sealed({
    "format": bundle.FORMAT, "version": 1, "product": "0.1.0", "made_at": MOMENT,
    "law": {"name": "custom@1", "document": {}, "ticked": []},
    "election": {
        "id": "e", "title": "Valg", "municipality": "Aarhus Kommune", "day": "2026-12-01",
        "writ_day": None, "decisions": [],
    },
    "sites": [{"id": "S1", "label": "Hjemmet", "kind": "care_home", "outcome": "session"}],
    "receivers": [{"id": "R1", "role": "appointed_voter"}],
    "sessions": [{
        "id": "S1/1", "site": "S1", "channel": "institution",
        "planned": {
            "starts": MOMENT, "ends": "2026-11-24T11:00:00+01:00",
            "seats": [{"receiver": "R1", "vehicle": "Bil 1"}],
        },
    }],
    "totals": {"sites": 1, "receivers": 1, "sessions": 1, "held": 0, "votes": 0},
})  # fmt: skip


def planted(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    document = copy.deepcopy(SMALL)
    change(document)
    return document


def test_a_bundle_is_read() -> None:
    found = reader.read(SMALL)
    assert found.sessions[0].planned is not None
    assert found.sessions[0].planned.seats[0].vehicle == "Bil 1"
    assert bundle.digest(SMALL) == found.digest


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "other-format": (lambda d: d.update(format="x"), "format"),
    "later-version": (lambda d: d.update(version=2), "version"),
    "unknown-field": (lambda d: d["sites"][0].update(address="Havnegade 1"), "sites[0].address"),
    "missing-day": (lambda d: d["election"].pop("day"), "election.day"),
    "no-such-day": (lambda d: d["election"].update(day="2026-02-30"), "election.day"),
    "no-time-zone": (
        lambda d: d["sessions"][0]["planned"].update(starts="2026-11-24T10:00:00"),
        "sessions[0].planned.starts",
    ),
    "text-as-number": (lambda d: d["totals"].update(votes="many"), "totals.votes"),
    "below-nothing": (lambda d: d["totals"].update(votes=-1), "totals.votes"),
    "outcome-unknown": (lambda d: d["sites"][0].update(outcome="maybe"), "sites[0].outcome"),
    "digest-too-short": (lambda d: d.update(digest="abc"), "digest"),
    "law-is-a-text": (lambda d: d["law"].update(document="KRV"), "law.document"),
    "sessions-are-an-object": (lambda d: d.update(sessions={}), "sessions"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_field_is_named(name: str) -> None:
    change, field = CHANGES[name]
    with pytest.raises(reader.Unreadable) as caught:
        reader.read(planted(change))
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"[1]", "no JSON object", id="list"),
        pytest.param(b"\xff\xfe\x00", "not UTF-8", id="bytes"),
        pytest.param(b'{"a": 1, "a": 2}', "stands twice", id="twice"),
        pytest.param(b'{"a": NaN}', "is no number", id="nan"),
        pytest.param(b"[" * 200_000, "nested too deeply", id="deep"),
        pytest.param(b'{"a": 1' + b"0" * 5000 + b"}", "not JSON", id="long-number"),
    ],
)
def test_a_file_of_another_kind_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(reader.Unreadable, match=why):
        reader.parsed(content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(reader.Unreadable, match="cannot be read"):
        reader.load(tmp_path / "none.json")


def test_the_digest_does_not_hang_on_order_or_space() -> None:
    turned = json.loads(json.dumps(dict(reversed(SMALL.items())), indent=7))
    assert bundle.digest(turned) == SMALL["digest"]
    assert bundle.digest(planted(lambda d: d["election"].update(title="valg"))) != SMALL["digest"]


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = json.loads((ROOT / "docs/election-bundle.schema.json").read_text(encoding="utf-8"))
    assert published == bundle.schema()
