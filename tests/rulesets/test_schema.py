"""Wrong rulesets are refused, and the field is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from outreach.rulesets.base import Kind
from outreach.rulesets.library import SHIPPED, shipped
from outreach.rulesets.schema import BadRuleset, read, schema
from outreach.rulesets.shape import fields
from outreach.sites.models import SiteKind

INSTITUTION = "channels.institution"
CITED: dict[str, Any] = {"cite": "X", "status": "assumption"}
REMOVE = object()
FAULTS: dict[str, tuple[str, Any, str]] = {
    "unknown holidays": ("calendar.holidays", "Mars", "calendar.holidays"),
    "unknown subdivision": ("calendar.subdivision", "ZZ", "calendar.subdivision"),
    "unknown time zone": ("tz", "Europe/Atlantis", "tz"),
    "no citation": (f"{INSTITUTION}.window.cite", REMOVE, f"{INSTITUTION}.window.cite"),
    "blank citation": (f"{INSTITUTION}.window.cite", "  ", f"{INSTITUTION}.window.cite"),
    "no status": (f"{INSTITUTION}.team.size.status", REMOVE, f"{INSTITUTION}.team.size.status"),
    "unknown status": (f"{INSTITUTION}.team.size.status", "rumour",
                       f"{INSTITUTION}.team.size.status"),
    "law that warns": (f"{INSTITUTION}.team.size.level", "warn", f"{INSTITUTION}.team.size"),
    "after the election": (f"{INSTITUTION}.window.to.days", 1, f"{INSTITUTION}.window.to"),
    "from after to": (f"{INSTITUTION}.window.from.days", -3, f"{INSTITUTION}.window"),
    "unknown kind": (f"{INSTITUTION}.site_kinds.moon_base", CITED,
                     f"{INSTITUTION}.site_kinds.moon_base"),
    "kind of two channels": ("channels.self_served.site_kinds.care_home", CITED,
                             "channels.self_served.site_kinds.care_home"),
    "unknown role": (f"{INSTITUTION}.team.roles.wizard", CITED,
                     f"{INSTITUTION}.team.roles.wizard"),
    "unknown flag": (f"{INSTITUTION}.team.exclude_flags.tired", CITED,
                     f"{INSTITUTION}.team.exclude_flags.tired"),
    "unknown attribute": (f"{INSTITUTION}.team.distinct.shoe", CITED,
                          f"{INSTITUTION}.team.distinct.shoe"),
    "unknown option": (f"{INSTITUTION}.team.roles.appointed_voter.requires_decision", "magic",
                       f"{INSTITUTION}.team.roles.appointed_voter.requires_decision"),
    "unknown outcome": (f"{INSTITUTION}.outcomes.value", ["party"],
                        f"{INSTITUTION}.outcomes.value.0"),
    "no outcomes": (f"{INSTITUTION}.outcomes", REMOVE, f"{INSTITUTION}.outcomes"),
    "option of unnamed kind": ("local_options.no_voting.site_kinds", ["library"],
                               "local_options.no_voting.site_kinds"),
    "option of unknown window": ("local_options.later_deadline.window", "moon",
                                 "local_options.later_deadline.window"),
    "unknown window": (f"{INSTITUTION}.window.from", {"window": "moon", "side": "from"},
                       f"{INSTITUTION}.window.from"),
    "a circle of one": (f"{INSTITUTION}.window.to", {"window": "institution", "side": "to"},
                        f"{INSTITUTION}.window.to"),
    "a circle of two": (f"{INSTITUTION}.window.from", {"window": "home", "side": "from"},
                        f"{INSTITUTION}.window.from"),
    "a hidden circle": (f"{INSTITUTION}.window.to",
                        {"max": [{"anchor": "E"}, {"window": "island", "side": "to", "days": -1}]},
                        f"{INSTITUTION}.window.to"),
    "not a number": (f"{INSTITUTION}.session.min_minutes.value", float("nan"),
                     f"{INSTITUTION}.session.min_minutes.value"),
    "infinite": (f"{INSTITUTION}.team.size.min", float("inf"), f"{INSTITUTION}.team.size.min"),
    "half a person": (f"{INSTITUTION}.team.size.min", 1.5, f"{INSTITUTION}.team.size.min"),
    "a whole float": (f"{INSTITUTION}.team.size.min", 2.0, f"{INSTITUTION}.team.size.min"),
    "a truth for a number": (f"{INSTITUTION}.team.size.min", True, f"{INSTITUTION}.team.size.min"),
    "a number for a truth": (f"{INSTITUTION}.team.instruction.value", 1,
                             f"{INSTITUTION}.team.instruction.value"),
    "a text for a number": (f"{INSTITUTION}.team.size.min", "2", f"{INSTITUTION}.team.size.min"),
    "nobody": (f"{INSTITUTION}.team.size.min", 0, f"{INSTITUTION}.team.size.min"),
    "less than nobody": (f"{INSTITUTION}.team.size.max", -2, f"{INSTITUTION}.team.size.max"),
    "most below least": (f"{INSTITUTION}.team.size.max", 1, f"{INSTITUTION}.team.size"),
    "roles over the size": (f"{INSTITUTION}.team.roles.appointed_voter.max", 0,
                            f"{INSTITUTION}.team.roles.appointed_voter"),
    "negative minutes": (f"{INSTITUTION}.session.min_minutes.value", -30,
                         f"{INSTITUTION}.session.min_minutes.value"),
    "visits upside down": (f"{INSTITUTION}.visits", {"min": 3, "max": 2, **CITED},
                           f"{INSTITUTION}.visits"),
    "hours upside down": (f"{INSTITUTION}.session.hours", {"from": "19:00", "to": "9:00", **CITED},
                          f"{INSTITUTION}.session.hours.to"),
    "hours that end first": (f"{INSTITUTION}.session.hours",
                             {"from": "19:00", "to": "09:00", **CITED},
                             f"{INSTITUTION}.session.hours"),
    "25 o'clock": ("channels.home.application.to.time", "25:00",
                   "channels.home.application.to.time"),
    "two starts": (f"{INSTITUTION}.window.from", {"anchor": "E", "max": [{"anchor": "E"}]},
                   f"{INSTITUTION}.window.from"),
    "no start": (f"{INSTITUTION}.window.from", {"days": -3}, f"{INSTITUTION}.window.from"),
    "unknown anchor": (f"{INSTITUTION}.window.from.anchor", "X",
                       f"{INSTITUTION}.window.from.anchor"),
    "window without side": (f"{INSTITUTION}.window.from", {"window": "home"},
                            f"{INSTITUTION}.window.from"),
    "too many days": (f"{INSTITUTION}.window.from.days", -10**9, f"{INSTITUTION}.window.from.days"),
    "unknown roll": ("channels.home.application.to.roll.to", "next_moon",
                     "channels.home.application.to.roll.to"),
    "unknown field": (f"{INSTITUTION}.windows", {}, f"{INSTITUTION}.windows"),
    "unknown field on top": ("windows", {}, "windows"),
    "no title": ("title.da", REMOVE, "title.da"),
    "another format": ("format", 2, "format"),
    "no channels": ("channels", {}, "channels"),
    "a name with spaces": ("id", "dk kv", "id"),
    "ends before it holds": ("valid_to", "2020-01-01", "valid_to"),
    "no day": ("valid_from", "2025-02-30", "valid_from"),
    "a list for a text": ("tz", ["Europe/Copenhagen"], "tz"),
}  # fmt: skip


def broken(path: str, value: Any) -> dict[str, Any]:
    document = json.loads((SHIPPED / "dk-kv.json").read_text())
    *above, last = path.split(".")
    place: Any = document
    for step in above:
        place = place.setdefault(step, {})
    if value is REMOVE:
        del place[last]
    else:
        place[last] = value
    return dict(document)


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_ruleset_is_refused_and_the_field_is_named(name: str) -> None:
    path, value, field = FAULTS[name]
    with pytest.raises(BadRuleset) as caught:
        read(broken(path, value))
    assert caught.value.field == field
    assert str(caught.value.why)
    assert field in caught.value.sentence()


def test_every_fault_is_told_at_once() -> None:
    document = broken("tz", "Nowhere")
    document["calendar"]["holidays"] = "Mars"
    with pytest.raises(BadRuleset) as caught:
        read(document)
    assert [field for field, _why in caught.value.faults] == ["calendar.holidays", "tz"]


@pytest.mark.parametrize(
    "document", [[], "x", None, {}, {"a": {1, 2}}], ids=["list", "text", "none", "empty", "set"]
)
def test_what_is_no_ruleset_at_all_is_refused(document: Any) -> None:
    with pytest.raises(BadRuleset):
        read(document)


def test_a_bottomless_document_is_refused() -> None:
    deep: dict[str, Any] = {"anchor": "E"}
    for _ in range(5000):
        deep = {"max": [deep]}
    with pytest.raises(BadRuleset):
        read(broken("channels.institution.window.from", deep))


def test_the_shipped_ones_are_there_and_survive_writing_and_reading() -> None:
    ids = {ruleset.id for ruleset in shipped().values()}
    assert ids == {"dk-kv", "dk-fv", "dk-ep", "dk-fa", "fi", "us-mn", "custom"}
    assert "dk-fa@2015" in shipped()
    for key, ruleset in shipped().items():
        assert read(ruleset.document()) == ruleset
        assert ruleset.key == key


def test_every_field_has_its_own_path_citation_and_status() -> None:
    for ruleset in shipped().values():
        found = fields(ruleset)
        paths = [path for path, _field in found]
        assert len(set(paths)) == len(paths) > 20
        assert all(field.cite.strip() and field.status for _path, field in found)
    assert "channels.institution.team.roles.municipal_employee" in dict(
        fields(shipped()["dk-kv@2025-01"])
    )


def test_site_kinds_are_those_of_the_sites() -> None:
    assert [kind.value for kind in Kind] == [kind.value for kind in SiteKind]


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(__file__).parents[2] / "docs/ruleset.schema.json"
    assert json.loads(published.read_text()) == schema()
