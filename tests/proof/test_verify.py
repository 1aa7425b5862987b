"""Valid elections verify without a breach; each planted one is named by its rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.proof import bundle
from outreach.proof.named import BASES, OF_THE_FILE
from outreach.proof.report import Result
from outreach.proof.verify import verify
from outreach.rulesets.whole import RULES
from tests.proof import made
from tests.proof.made import Document
from tests.proof.plants import PLANTS, Plant

ROOT = Path(__file__).resolve().parents[2]
VALID = 500
"""Elections that must verify without a breach."""
EACH = 4
"""Elections into which every breach is planted, of as many rulesets as know it."""


def broken(document: Document) -> set[str]:
    return {one.rule for one in verify(document).broken}


@pytest.mark.parametrize("part", range(5))
def test_a_valid_election_has_no_breach(part: int) -> None:
    seen = set[str]()
    for seed in range(part * VALID // 5, (part + 1) * VALID // 5):
        document = made.election(seed)
        report = verify(document)
        found = [(seed, one.rule, one.places[0].says.en) for one in report.broken]
        assert found == []
        seen.add(report.bundle.law.name)
    assert seen == {ruleset.key for ruleset in made.rulesets()}


def planted(plant: Plant) -> Iterator[tuple[str, Document]]:
    """Elections with one breach, and the rule that must be named; one at first of each ruleset."""
    count, seen = 0, set[str]()
    for seed in range(1000, 1400):
        document = made.election(seed)
        name = document["law"]["name"]
        if name in seen and count < EACH and seed < 1200:
            continue
        rule = plant(document)
        if rule:
            seen.add(name)
            count += 1
            yield rule, made.sealed(document)
        if count == EACH:
            return


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_breach_is_named_by_its_rule_and_by_no_other(name: str) -> None:
    found = list(planted(PLANTS[name]))
    assert found, "no election has a place for it"
    for rule, document in found:
        assert broken(document) == {rule}, (document["law"]["name"], document["election"]["id"])


def miscounted(document: Document) -> None:
    document["totals"]["votes"] += 1
    document.update(bundle.sealed(document))


FILE_PLANTS: dict[str, Callable[[Document], Any]] = {
    "bundle-digest": lambda d: d["election"].update(title="Et andet valg"),
    "bundle-totals": miscounted,
    "bundle-law": lambda d: (d["law"].update(name="dk-kv@1900"), d.update(made.sealed(d))),
    "bundle-ids": lambda d: (d["receivers"].append(d["receivers"][0]), d.update(made.sealed(d))),
}  # fmt: skip


@pytest.mark.parametrize("rule", FILE_PLANTS)
def test_a_file_that_does_not_add_up_is_named(rule: str) -> None:
    document = made.election(1)
    FILE_PLANTS[rule](document)
    assert broken(document) == {rule}


def test_a_law_that_was_made_milder_is_named() -> None:
    document = made.election(1)
    law = document["law"]["document"]
    next(iter(law["channels"].values()))["session"]["min_minutes"]["value"] = 0
    assert broken(made.sealed(document)) == {"bundle-law"}


def test_a_law_that_was_worded_better_since_is_the_same_law() -> None:
    document = made.election(1)
    document["law"]["document"]["title"] = {"da": "Et valg", "en": "An election"}
    assert broken(made.sealed(document)) == set()


def test_a_session_cannot_be_held_after_the_file_was_made() -> None:
    document = next(
        d for d in map(made.election, range(50)) if any(s.get("held") for s in d["sessions"])
    )
    held = next(one["held"] for one in document["sessions"] if one.get("held"))
    document["made_at"] = held["opened_at"]
    assert broken(made.sealed(document)) == {"bundle-times"}


def test_every_rule_of_the_ruleset_has_a_result() -> None:
    report = verify(made.election(2))
    assert [one.rule for one in report.verdicts] == [*OF_THE_FILE, *(rule.id for rule in RULES)]
    kept = [one for one in report.verdicts if one.result is Result.KEPT and one.fields]
    assert len(kept) > 10
    assert all(field.cite and field.status for one in kept for field in one.fields)


def test_every_rule_of_the_checker_is_described() -> None:
    assert set(BASES) == {rule.id for rule in RULES}


def test_what_nobody_compared_with_the_law_is_said() -> None:
    document = made.election(0)
    open_notes = [one for one in verify(document).notes if one.code == "not-verified"]
    assert open_notes
    path = open_notes[0].says.en.split()[0]
    document["law"]["ticked"] = [path]
    left = [one for one in verify(made.sealed(document)).notes if one.code == "not-verified"]
    assert len(left) == len(open_notes) - 1


def test_a_count_that_is_not_complete_is_said() -> None:
    document = next(
        d for d in map(made.election, range(50)) if any(s.get("held") for s in d["sessions"])
    )
    held = next(one["held"] for one in document["sessions"] if one.get("held"))
    held["tablets"].append({"id": "T2", "seen_at": None, "pending": 3, "is_complete": False})
    notes = [one for one in verify(made.sealed(document)).notes if one.code == "incomplete"]
    assert [("T2" in one.says.en, "3" in one.says.en) for one in notes] == [(True, True)]


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    document = made.election(3)
    for one in document["sessions"]:
        for name in ("starts", "ends"):
            moment = datetime.fromisoformat(one["planned"][name])
            one["planned"][name] = moment.astimezone().isoformat()
    assert broken(made.sealed(document)) == set()


def test_the_rules_of_the_file_are_documented_and_no_other() -> None:
    text = (ROOT / "docs/elections.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(bundle-[a-z]+)` \| (.+) \|$", text, re.MULTILINE))
    assert listed == {name: words.en for name, words in OF_THE_FILE.items()}
