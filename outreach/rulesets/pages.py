"""What the pages of rulesets show, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from outreach.core import i18n
from outreach.rulesets import rules, telling, words
from outreach.rulesets.base import Cited
from outreach.rulesets.field_forms import FieldForm
from outreach.rulesets.forms import DocumentForm, VectorsForm
from outreach.rulesets.queries import FoundRuleset, Tick
from outreach.rulesets.shape import Ruleset, fields
from outreach.rulesets.vectors import Compared

Crumbs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the law, in words."""

    path: str
    label: str
    value: str
    cite: str
    status: str
    level: str
    note: str
    tick: Tick | None
    is_unverified: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together."""

    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """Every ruleset."""

    template: ClassVar[str] = "rulesets/index.html"
    title: str
    rulesets: tuple[FoundRuleset, ...]
    states: dict[str, tuple[str, str]]

    def name(self, found: FoundRuleset) -> str:
        """What a ruleset is called; a draft that cannot be read by its key."""
        return name_of(found)


@dataclass(frozen=True, slots=True)
class RulesetPage:
    """One ruleset, readable as law."""

    template: ClassVar[str] = "rulesets/ruleset.html"
    title: str
    crumbs: Crumbs
    found: FoundRuleset
    sections: tuple[Section, ...]
    statuses: dict[str, str]
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class EditPage:
    """A draft in its JSON form."""

    template: ClassVar[str] = "rulesets/edit.html"
    title: str
    crumbs: Crumbs
    found: FoundRuleset
    form: DocumentForm


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One field of a draft."""

    template: ClassVar[str] = "rulesets/field.html"
    title: str
    crumbs: Crumbs
    found: FoundRuleset
    path: str
    form: FieldForm


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One date that was expected beside the one that was found, in words."""

    election_day: date
    window: str
    end: str
    expected: str
    found: str
    agrees: bool
    source: str


@dataclass(frozen=True, slots=True)
class VectorsPage:
    """A ruleset beside dates that authorities published."""

    template: ClassVar[str] = "rulesets/vectors.html"
    title: str
    crumbs: Crumbs
    found: FoundRuleset
    lines: tuple[ComparedLine, ...]
    own: tuple[ComparedLine, ...]
    form: VectorsForm


def states() -> dict[str, tuple[str, str]]:
    """The word of each state and the colour of its badge."""
    return {
        "shipped": (_("Supplied"), ""),
        "draft": (_("Draft"), "warn"),
        "active": (_("Active"), "done"),
        "retired": (_("Put away"), ""),
    }


def name_of(found: FoundRuleset) -> str:
    """What a ruleset is called."""
    return words.said(found.ruleset.title) if found.ruleset else found.key


def crumbs(found: FoundRuleset | None = None) -> Crumbs:
    """The way to a page of a ruleset."""
    way = ((_("Rulesets"), url_for("rulesets.index")),)
    if found is None:
        return way
    return (*way, (found.key, url_for("rulesets.ruleset", key=found.key)))


def field_title(found: FoundRuleset, path: str) -> str:
    """What the page of a field is called: the part that it stands in, and its name."""
    if found.ruleset is None:
        return path
    steps = path.split(".")
    name = words.label(path, found.ruleset)
    if steps[0] != "channels":
        return name
    return f"{words.said(found.ruleset.channels[steps[1]].title)}: {name}"


def sections(found: FoundRuleset) -> tuple[Section, ...]:
    """The fields of a ruleset under headings."""
    if found.ruleset is None:
        return ()
    return tuple(_sections(found, found.ruleset))


def _sections(found: FoundRuleset, ruleset: Ruleset) -> Iterator[Section]:
    lines = [_line(path, field, found, ruleset) for path, field in fields(ruleset)]
    heads = {f"channels.{key}": words.said(c.title) for key, c in ruleset.channels.items()}
    heads |= {
        "local_options": _("What the council may decide"),
        "milestones": _("Other dates"),
        "general": _("The election as a whole"),
    }
    for head, title in heads.items():
        inside = tuple(line for line in lines if line.path.startswith(f"{head}."))
        if inside:
            yield Section(head.replace(".", "-"), title, inside)


def _line(path: str, field: Cited, found: FoundRuleset, ruleset: Ruleset) -> Line:
    tick = found.ticks.get(path)
    return Line(
        path, words.label(path, ruleset), telling.tell(field, ruleset), field.cite,
        field.status.value, str(words.LEVELS.get(field.level, "")),
        words.said(field.note) if field.note else "", tick,
        rules.is_unverified(field, is_ticked=tick is not None),
    )  # fmt: skip


def compared(lines: tuple[Compared, ...], ruleset: Ruleset) -> tuple[ComparedLine, ...]:
    """Dates beside each other, in words."""
    ends = {"from": _("first day"), "to": _("last day")}
    return tuple(
        ComparedLine(
            line.election_day, words.window(line.window, ruleset), ends.get(line.side, line.side),
            _written(line.expected), _written(line.found), line.agrees,
            line.source or _("computed"),
        )
        for line in lines
    )  # fmt: skip


def _written(text: str) -> str:
    """A day or a moment as people write it; anything else as it is."""
    try:
        there = datetime.fromisoformat(text)
    except ValueError:
        return text
    told = i18n.full_date(there.date())
    return f"{told} {i18n.clock_time(60 * there.hour + there.minute)}" if "T" in text else told


def statuses() -> dict[str, str]:
    """The word of each status."""
    return {code: str(text) for code, text in words.STATUSES.items()}
