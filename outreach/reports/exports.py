"""Figures and lists as files. Small counts are hidden in every one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from outreach.reports import labels, sheet
from outreach.reports.figures import Cell, Shown
from outreach.reports.listing import Listing, NotReached
from outreach.reports.measures import MEASURES, Split, name_of
from outreach.reports.periods import Period

Row = tuple[sheet.Cell, ...]


def figures(
    period: Period, shown: Shown, services: Mapping[str, str], missed: Iterable[NotReached]
) -> bytes:
    """One line for each measure and group, in all and by every split; then what was missed."""
    head = (_("From"), _("To"), _("Divided by"), _("Group"), _("Measure"), _("Unit"), _("Number"))
    rows: list[Row] = [
        ("", "", str(m.name), str(m.unit), _value(shown.totals[m.id])) for m in MEASURES
    ]
    for (split, measure_id), cells in sorted(shown.grids.items()):
        measure = next(m for m in MEASURES if m.id == measure_id)
        rows += [
            (
                name_of(split), labels.group(split, key, services), str(measure.name),
                str(measure.unit), _value(cell),
            )
            for key, cell in sorted(cells.items())
        ]  # fmt: skip
    why, visits = _("Why not reached"), _("visits")
    rows += [(why, labels.reason(one.why), _("Not reached"), visits, one.visits) for one in missed]
    days = (period.first.isoformat(), period.last.isoformat())
    return sheet.write(head, ((*days, *row) for row in rows))


def visits(listing: Listing) -> bytes:
    """The visits behind one figure."""
    head = (
        _("Day"),
        _("Site"),
        _("Kind of site"),
        _("Area"),
        _("State"),
        _("Why not"),
        _("Number"),
    )
    return sheet.write(
        head,
        (
            (
                row.day.isoformat() if row.day else "",
                row.label,
                labels.group(Split.KIND, row.kind, {}),
                row.area,
                str(labels.STATUSES.get(row.status, row.status)),
                labels.reason(row.why) if row.why else "",
                _value(row.amount),
            )
            for row in listing.rows
        ),
    )


def _value(cell: Cell) -> sheet.Cell:
    return cell.mark if cell.value is None else cell.value
