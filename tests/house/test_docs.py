"""What the docs list, the code has, and the other way round."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

import outreach
from outreach.cli import main
from outreach.core.auth import ROLES, May, Role
from outreach.core.config import Settings
from outreach.core.errors import OutreachError
from outreach.rounds.cure_words import SENTENCES
from outreach.sites.models import SiteKind
from solver.constraints import RULES
from solver.explain.cures import AGAINST
from solver.explain.fixes import FIXES
from solver.explain.times import KINDS

ROOT = Path(__file__).resolve().parents[2]


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def load_everything() -> None:
    for module in pkgutil.walk_packages(outreach.__path__, "outreach."):
        if "migrations" not in module.name and not module.name.endswith("wsgi"):
            importlib.import_module(module.name)


def errors(kind: type[OutreachError]) -> Iterator[type[OutreachError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from errors(below)


def test_every_setting_is_documented_and_no_other() -> None:
    code = {f"OUTREACH_{name.upper()}" for name in Settings.model_fields} - {"OUTREACH_PORT"}
    assert set(re.findall(r"`(OUTREACH_[A-Z_]+)`", document("settings.md"))) == code


def test_every_error_is_documented_and_no_other() -> None:
    load_everything()
    code = {f"{kind.code} {kind.status}" for kind in errors(OutreachError)}
    listed = re.findall(r"\| `([a-z-]+)` \| (\d+) \|", document("errors.md"))
    assert {f"{name} {status}" for name, status in listed} == code


def test_every_hard_rule_is_documented_and_no_other() -> None:
    listed = re.findall(r"\| `([a-z-]+)` \| (.+) \| (.+) \|", document("rules.md"))
    assert listed == [(rule.id, rule.says, rule.source) for rule in RULES]
    assert all(rule.source for rule in RULES)


def commands(group: click.Group, before: str) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        if isinstance(one, click.Group):
            yield from commands(one, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_every_command_is_documented_and_no_other() -> None:
    listed = re.findall(r"^\| `(outreach [a-z -]+)` \|", document("operations.md"), re.MULTILINE)
    assert sorted(listed) == sorted(commands(main, "outreach"))


def test_every_role_and_permission_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z_-]+)` \| (.+) \|$", document("permissions.md"), re.MULTILINE)
    told = dict(rows)
    assert [name for name, _text in rows] == [*Role, *May]
    for role in Role:
        assert set(re.findall(r"`([a-z-]+)`", told[role])) == set(ROLES[role])


def test_every_reason_and_every_cure_is_documented_and_no_other() -> None:
    text = document("explanations.md").split("## In the tray")[0]
    reasons, cures = (
        set(re.findall(r"\| `([a-z_]+)` \|", part)) for part in text.split("## Cures")
    )
    assert reasons == {*AGAINST, "notice_too_late", "gap_rule", "capacity"}
    assert cures == set(SENTENCES)
    assert {*KINDS, *FIXES, "overtime", "earlier"} - {"longer"} <= cures


def test_every_kind_of_site_stands_in_the_glossary() -> None:
    words = document("glossary.md")
    assert [kind.name for kind in SiteKind if f"SiteKind.{kind.name}`" not in words] == []


def test_every_document_names_the_same_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f'softwareVersion: "{version}"' in (ROOT / "publiccode.yml").read_text()
    assert f"outreach_togo-{version}-py3-none-any.whl" in document("operations.md")


LINK = re.compile(r"\]\(([\w/.-]+)\)")
PLACE = re.compile(r"`((?:outreach|solver|static|docs|templates|tests)/[\w/.]*)`")


def test_what_the_docs_point_at_exists() -> None:
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    named = [path.parent / place for path in paths for place in LINK.findall(path.read_text())]
    named += [ROOT / place for path in paths for place in PLACE.findall(path.read_text())]
    assert len(named) > 30
    assert [place for place in named if not place.exists()] == []


def test_the_two_commands_of_the_readme_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for command in re.findall(r"^make ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE)
