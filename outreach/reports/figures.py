"""From facts to figures, and from figures to what a reader may see. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.reports.facts import (
    CLOSED_DOOR,
    FEWEST_SECRET,
    MERGED,
    AmountFact,
    CountFact,
    VisitFact,
)
from outreach.reports.measures import MEASURES, Family, Measure, Split, measure_of_tally
from outreach.reports.small import Protected, is_small, protect

HIDDEN, FEW = "\N{EN DASH}", "<5"
_SITES = "sites"  # sites at which a visit was due: what coverage is a share of
Cells = dict[str, int]
Fact = VisitFact | CountFact | AmountFact


@dataclass(frozen=True, slots=True)
class Sight:
    """How sharply a reader sees small counts."""

    people: bool = False
    votes: bool = False

    def is_exact(self, measure: Measure) -> bool:
        """Whether the reader sees the small counts of a measure."""
        return self.votes if measure.family == Family.VOTES else self.people


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that is shown, or what stands in its place."""

    value: int | None
    mark: str = ""


@dataclass(slots=True)
class Figures:
    """True numbers of a period.

    Attributes:
        totals: by measure.
        grids: by split and measure, then by group.
        without_secret: measures from which secret sites are left out, being fewer than three.
    """

    totals: Cells
    grids: dict[tuple[Split, str], Cells]
    without_secret: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader sees of the figures."""

    totals: Mapping[str, Cell]
    grids: Mapping[tuple[Split, str], Mapping[str, Cell]]

    def groups(self, split: Split) -> tuple[str, ...]:
        """The groups of a split."""
        found = {g for (s, _), cells in self.grids.items() if s == split for g in cells}
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Part:
    """What one fact adds to one measure."""

    measure: str
    fact: Fact
    services: tuple[str, ...]
    amount: int


def group_of(split: Split, one: Fact) -> str:
    """Where a fact about a site belongs; all secret sites are one group."""
    if one.is_secret:
        return MERGED
    return one.kind if split == Split.KIND else one.area


def collect(visits: Iterable[VisitFact], counts: Iterable[CountFact], today: date) -> Figures:
    """Add everything up; secret sites count only where there are at least three."""
    known = tuple(visits)
    parts = [*_visit_parts(known), *_count_parts(counts), *_site_parts(known, today)]
    few = few_secret((part.measure, part.fact) for part in parts)
    totals: Counter[str] = Counter()
    grids: dict[tuple[Split, str], Counter[str]] = defaultdict(Counter)
    for part in parts:
        if part.fact.is_secret and part.measure in few:
            continue
        totals[part.measure] += part.amount
        for split in (Split.KIND, Split.AREA):
            grids[split, part.measure][group_of(split, part.fact)] += part.amount
        for service in part.services:
            grids[Split.SERVICE, part.measure][service] += part.amount
    return _with_coverage(totals, grids, few)


def few_secret(found: Iterable[tuple[str, Fact]]) -> frozenset[str]:
    """The measures behind which one or two secret sites stand."""
    sites: dict[str, set[str]] = defaultdict(set)
    for measure, fact in found:
        if fact.is_secret:
            sites[measure].add(fact.site_id)
    return frozenset(measure for measure, ids in sites.items() if len(ids) < FEWEST_SECRET)


def measures_of(visit: VisitFact) -> dict[str, int]:
    """What a visit adds to the measures of visits and minutes."""
    amounts = {"due": 1}
    if visit.status in ("done", "partial"):
        amounts[visit.status] = 1
        amounts["minutes"] = visit.minutes
    if visit.status in CLOSED_DOOR:
        amounts["no_access"] = 1
    return amounts


def _visit_parts(visits: Iterable[VisitFact]) -> Iterator[_Part]:
    for visit in visits:
        for measure, amount in measures_of(visit).items():
            yield _Part(measure, visit, () if measure == "minutes" else visit.services, amount)


def _count_parts(counts: Iterable[CountFact]) -> Iterator[_Part]:
    for one in counts:
        if found := measure_of_tally(one.tally):
            measure, service = found
            yield _Part(measure, one, (service,) if service else (), one.amount)


def _site_parts(visits: tuple[VisitFact, ...], today: date) -> Iterator[_Part]:
    reached = reached_sites(visits, today)
    for site in {v.site_id: v for v in visits if v.site_id in reached}.values():
        yield _Part(_SITES, site, (), 1)
        yield _Part("unreached", site, (), int(not reached[site.site_id]))


def _with_coverage(
    totals: Counter[str], grids: dict[tuple[Split, str], Counter[str]], few: frozenset[str]
) -> Figures:
    """Fill in every measure, and the share of sites that was reached."""
    cells = {
        (split, m.id): dict(grids[split, m.id]) for m in MEASURES for split in m.splits
    }  # fmt: skip
    for split in (Split.KIND, Split.AREA):
        sites, missed = grids[split, _SITES], grids[split, "unreached"]
        cells[split, "coverage"] = {g: _share(n - missed[g], n) for g, n in sites.items()}
    sums = {m.id: totals[m.id] for m in MEASURES}
    sums["coverage"] = _share(totals[_SITES] - totals["unreached"], totals[_SITES])
    return Figures(sums, cells, few)


def reached_sites(visits: Iterable[VisitFact], today: date) -> dict[str, bool]:
    """Every site at which a visit was due and is not still to come: was it reached?"""
    found: dict[str, bool] = {}
    for visit in visits:
        if visit.is_done or visit.why_not(today):
            found[visit.site_id] = found.get(visit.site_id, False) or visit.is_done
    return found


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def show(figures: Figures, sight: Sight) -> Shown:
    """What a reader sees: small counts are hidden, as ``small`` says."""
    totals: dict[str, Cell] = {}
    grids: dict[tuple[Split, str], Mapping[str, Cell]] = {}
    for measure in MEASURES:
        hides_small = measure.counts_people and not sight.is_exact(measure)
        plans = {
            split: protect(figures.grids[split, measure.id], hides_small=hides_small)
            for split in sorted(measure.splits)
        }
        for split, plan in plans.items():
            grids[split, measure.id] = cells(figures.grids[split, measure.id], plan)
        is_hidden = any(plan.total_is_hidden for plan in plans.values())
        totals[measure.id] = total(
            figures.totals[measure.id], hides_small=hides_small, is_hidden=is_hidden
        )
    return Shown(totals, grids)


def cells(amounts: Mapping[str, int], plan: Protected) -> dict[str, Cell]:
    """What is shown of the cells of a table."""
    marks = dict.fromkeys(plan.small, FEW) | dict.fromkeys(plan.hidden, HIDDEN)
    return {
        group: Cell(None, marks[group]) if group in marks else Cell(amount)
        for group, amount in amounts.items()
    }


def total(amount: int, *, hides_small: bool, is_hidden: bool) -> Cell:
    """What is shown of a sum."""
    if is_hidden:
        return Cell(None, HIDDEN)
    return Cell(None, FEW) if hides_small and is_small(amount) else Cell(amount)
