"""docs/rulesets.md lists every shipped ruleset and every rule of the checker, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.rulesets import whole
from outreach.rulesets.library import shipped

TEXT = (Path(__file__).parents[2] / "docs/rulesets.md").read_text()


def test_every_shipped_ruleset_is_documented_and_no_other() -> None:
    assert set(re.findall(r"^\| `([a-z-]+@[a-z0-9-]+)` \|", TEXT, re.MULTILINE)) == set(shipped())


def test_every_rule_is_documented_and_no_other() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", TEXT, re.MULTILINE)
    assert listed == [(rule.id, rule.en) for rule in whole.RULES]
