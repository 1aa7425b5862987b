"""Figures as a page shows them: with words, addresses and the order in which a reader expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from outreach.core.i18n import number, sort_key
from outreach.reports import labels
from outreach.reports.facts import MERGED
from outreach.reports.figures import Cell, Shown
from outreach.reports.listing import NotReached
from outreach.reports.measures import MEASURES, Family, Measure, Split
from outreach.reports.periods import Period

ChartRow = tuple[str, int, str, str, int | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure with its address."""

    measure: Measure
    now: str
    before: str
    url: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One group with its numbers; each is a text and an address, empty where there is no list."""

    name: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why visits were not reached."""

    name: str
    visits: int
    sites: int
    url: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What a page is about.

    Attributes:
        services: names by code.
    """

    period: Period
    split: Split
    services: Mapping[str, str]


def text(cell: Cell) -> str:
    """A number as it is written, or its mark."""
    return cell.mark if cell.value is None else number(cell.value)


def list_url(scope: Scope, measure: str, **more: Any) -> str:
    """Where the visits behind a figure are listed."""
    return url_for(
        "reports.visits", period=scope.period.key, split=scope.split, measure=measure, **more
    )


def key_figures(
    scope: Scope, now: Shown, before: Shown
) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
    """Every measure with the period before, in three parts."""
    parts = (
        (_("Visits and sites"), (Family.VISITS, Family.SITES, Family.MINUTES)),
        (_("Citizens"), (Family.PEOPLE,)),
        (_("Advance voting"), (Family.VOTES,)),
    )
    return tuple(
        (
            str(name),
            tuple(
                Figure(m, text(now.totals[m.id]), text(before.totals[m.id]), list_url(scope, m.id))
                for m in MEASURES
                if m.family in families
            ),
        )
        for name, families in parts
    )


def groups(scope: Scope, shown: Shown) -> list[tuple[str, str]]:
    """Keys and names of the lines, in alphabetical order, the merged one last."""
    named = [
        (key, labels.group(scope.split, key, scope.services)) for key in shown.groups(scope.split)
    ]
    return sorted(named, key=lambda pair: (pair[0] == MERGED, sort_key(pair[1])))


def columns(scope: Scope) -> tuple[Measure, ...]:
    """The measures that can be divided so."""
    return tuple(measure for measure in MEASURES if scope.split in measure.splits)


def table(scope: Scope, shown: Shown) -> tuple[TableRow, ...]:
    """A line for each group, a column for each measure."""
    return tuple(
        TableRow(name, tuple(_cell(scope, shown, measure, key) for measure in columns(scope)))
        for key, name in groups(scope, shown)
    )


def _cell(scope: Scope, shown: Shown, measure: Measure, key: str) -> tuple[str, str]:
    cell = shown.grids[scope.split, measure.id].get(key, Cell(0))
    return text(cell), list_url(scope, measure.id, group=key) if cell != Cell(0) else ""


def chart(scope: Scope, measure: Measure, now: Shown, before: Shown) -> tuple[ChartRow, ...]:
    """The bars of one measure; what is hidden has no length."""
    cells, past = now.grids[scope.split, measure.id], before.grids[scope.split, measure.id]
    return tuple(
        (name, cell.value or 0, text(cell), list_url(scope, measure.id, group=key),
         past.get(key, Cell(0)).value)
        for key, name in groups(scope, now)
        if (cell := cells.get(key, Cell(0))) != Cell(0) or past.get(key, Cell(0)) != Cell(0)
    )  # fmt: skip


def reasons(scope: Scope, found: tuple[NotReached, ...]) -> tuple[Reason, ...]:
    """Why visits were not reached, in words."""
    return tuple(
        Reason(
            labels.reason(one.why), one.visits, one.sites,
            list_url(scope, "not_reached", why=one.why),
        )
        for one in found
    )  # fmt: skip
