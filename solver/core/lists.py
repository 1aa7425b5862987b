"""What visits have to do with each other, and the kits they need, as lists of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from solver.core.layout import FIRST, GAP, LAG, THEN, TOGETHER, Ints
from solver.problem import Visit

Lists = tuple[Ints, Ints]
"""Where each visit's rows begin, and the rows."""


def company(visits: Iterable[Visit]) -> dict[str, list[str]]:
    """Which visits have to be on the same shift, both ways."""
    found: dict[str, list[str]] = defaultdict(list)
    for visit in visits:
        if visit.together_with is not None:
            found[visit.id].append(visit.together_with)
            found[visit.together_with].append(visit.id)
    return found


def _packed(rows: list[list[tuple[int, ...]]], width: int) -> Lists:
    """Rows of different numbers in one array, and where each begins."""
    begins = np.zeros(len(rows) + 1, np.int32)
    begins[1:] = np.cumsum([len(row) for row in rows]) if rows else []
    flat = [one for row in rows for one in row]
    return begins, np.array(flat, np.int32).reshape(len(flat), width)


def links(visits: Sequence[Visit], partners: Mapping[str, Sequence[str]]) -> Lists:
    """The columns OTHER, HOW, DAYS, LEAST and MOST of ``World.link``."""
    number = {visit.id: v for v, visit in enumerate(visits)}
    rows: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for v, visit in enumerate(visits):
        for other in visit.after:
            rows[v].append((number[other], FIRST, 0, 0, 0))
            rows[number[other]].append((v, THEN, 0, 0, 0))
        if visit.lag is not None:
            first, least, most = number[visit.lag.visit], visit.lag.least, visit.lag.most
            rows[v].append((first, LAG, 0, least, most))
            rows[first].append((v, LAG, 0, -most, -least))
    for a, b, gap in _gaps(visits):
        rows[a].append((b, GAP, gap, 0, 0))
    for name, others in partners.items():
        rows[number[name]] += [(number[other], TOGETHER, 0, 0, 0) for other in others]
    return _packed([rows[v] for v in range(len(visits))], 5)


def _gaps(visits: Sequence[Visit]) -> Iterable[tuple[int, int, int]]:
    """Two visits of one series, and the days that have to lie between them."""
    series: dict[str, list[int]] = defaultdict(list)
    for v, visit in enumerate(visits):
        if visit.series is not None:
            series[visit.series].append(v)
    for group in series.values():
        for a in group:
            for b in group:
                gap = max(visits[a].min_gap_days, visits[b].min_gap_days)
                if a != b and gap:
                    yield a, b, gap


def needs(visits: Sequence[Visit], kits: Sequence[str]) -> Lists:
    """The pool kits that visits need, as numbers."""
    kit_of = {kit: k for k, kit in enumerate(kits)}
    begins, rows = _packed([[(kit_of[k],) for k in v.kits if k in kit_of] for v in visits], 1)
    return begins, np.ascontiguousarray(rows[:, 0])
