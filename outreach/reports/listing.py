"""The visits behind a figure. Small counts are hidden from everybody here. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from outreach.reports.facts import FEWEST_SECRET, MERGED, AmountFact, VisitFact
from outreach.reports.figures import (
    Cell,
    cells,
    few_secret,
    group_of,
    measures_of,
    reached_sites,
    total,
)
from outreach.reports.measures import NOT_REACHED, Family, Measure, Split, measure_of_tally
from outreach.reports.small import protect


@dataclass(frozen=True, slots=True)
class ListRow:
    """One visit, or the line in which all secret sites are merged (``day`` is None).

    Attributes:
        status: empty in a list of counts.
        why: code of the reason for which it was not reached.
    """

    day: date | None
    site_id: str
    label: str
    kind: str
    area: str
    status: str
    why: str
    amount: Cell


@dataclass(frozen=True, slots=True)
class Listing:
    """The lines and their sum."""

    rows: tuple[ListRow, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a period a list shows; ``group`` None is all.

    Attributes:
        why: only visits that were not reached for this reason.
    """

    measure: Measure
    split: Split
    group: str | None
    why: str = ""


def visits_behind(visits: Iterable[VisitFact], wanted: Wanted, today: date) -> Listing:
    """The visits behind a figure about visits, minutes or sites."""
    known = tuple(visits)
    reached = reached_sites(known, today)
    part_of = [(visit, _amount(visit, wanted, reached, today)) for visit in known]
    few = few_secret(("", visit) for visit, amount in part_of if amount is not None)
    found = [
        (visit, amount)
        for visit, amount in part_of
        if amount and _is_in(visit, wanted) and not (few and visit.is_secret)
    ]
    found.sort(key=lambda pair: (-pair[0].day.toordinal(), pair[0].label))
    rows = [
        ListRow(v.day, v.site_id, v.label, v.kind, v.area, v.status, v.why_not(today), Cell(n))
        for v, n in found
        if not v.is_secret
    ]
    secret = [n for v, n in found if v.is_secret]
    if secret:
        rows.append(_merged(Cell(sum(secret))))
    return Listing(tuple(rows), Cell(sum(n for _, n in found)))


def _amount(visit: VisitFact, wanted: Wanted, reached: dict[str, bool], today: date) -> int | None:
    """What a visit adds; None if its site does not even stand behind the figure."""
    if wanted.measure.family != Family.SITES:
        return measures_of(visit).get(wanted.measure.id)
    if visit.site_id not in reached:
        return None
    why = visit.why_not(today)
    if wanted.measure is NOT_REACHED:
        return int(why == wanted.why if wanted.why else bool(why))
    return int(bool(why) and not reached[visit.site_id])


def _is_in(one: VisitFact | AmountFact, wanted: Wanted) -> bool:
    if wanted.group is None:
        return True
    if wanted.split == Split.SERVICE:
        return wanted.group in (
            one.services if isinstance(one, VisitFact) else measure_of_tally(one.tally) or ()
        )
    return group_of(wanted.split, one) == wanted.group


def counts_behind(amounts: Iterable[AmountFact], wanted: Wanted) -> Listing:
    """The visits behind a figure about citizens or votes.

    Small counts are hidden, and whatever the tables of the same measure hide.

    ``amounts`` are those of the whole measure, whatever part of it is wanted.
    """
    known = [one for one in amounts if one.amount]
    few = few_secret(("", one) for one in known)
    counted = [one for one in known if not (few and one.is_secret)]
    veiled, total_is_veiled = _veiled(counted, wanted.measure)
    found = [one for one in counted if _is_in(one, wanted)]
    plain = [one for one in found if not one.is_secret]
    secret = [one for one in found if one.is_secret]
    merged = sum(one.amount for one in secret)
    is_few = len({one.site_id for one in secret}) < FEWEST_SECRET
    true = {str(number): one.amount for number, one in enumerate(plain)}
    taboo = {str(number) for number, one in enumerate(plain) if _groups(one) & veiled}
    if merged:
        true[MERGED] = merged
    if is_few or any(_groups(one) & veiled for one in secret):
        taboo.add(MERGED)
    plan = protect(true, hides_small=True, never_shown=taboo)
    shown = cells(true, plan)
    rows = [
        ListRow(one.day, one.site_id, one.label, one.kind, one.area, "", "", shown[str(number)])
        for number, one in enumerate(plain)
    ]
    if merged:
        rows.append(_merged(shown[MERGED]))
    hidden = (wanted.split, wanted.group) in veiled if wanted.group is not None else total_is_veiled
    is_hidden = plan.total_is_hidden or hidden
    return Listing(tuple(rows), total(sum(true.values()), hides_small=True, is_hidden=is_hidden))


def _veiled(
    counted: Iterable[AmountFact], measure: Measure
) -> tuple[frozenset[tuple[Split, str]], bool]:
    """The groups that the tables hide because they would give a small one away.

    The lists must not add up to them. Also: whether the sum of all is hidden.
    """
    sums: Counter[tuple[Split, str]] = Counter()
    for one in counted:
        for group in _groups(one):
            sums[group] += one.amount
    plans = {
        split: protect({g: n for (s, g), n in sums.items() if s == split}, hides_small=True)
        for split in measure.splits
    }
    veiled = {(split, group) for split, plan in plans.items() for group in plan.hidden}
    return frozenset(veiled), any(plan.total_is_hidden for plan in plans.values())


def _groups(one: AmountFact) -> set[tuple[Split, str]]:
    """Where a fact stands in the tables, by split."""
    tally = measure_of_tally(one.tally)
    places = {(split, group_of(split, one)) for split in (Split.KIND, Split.AREA)}
    return places | ({(Split.SERVICE, tally[1])} if tally and tally[1] else set())


def _merged(amount: Cell) -> ListRow:
    return ListRow(None, "", "", MERGED, "", "", "", amount)


@dataclass(frozen=True, slots=True)
class NotReached:
    """How many visits and sites were not reached for one reason."""

    why: str
    visits: int
    sites: int


def not_reached(visits: Iterable[VisitFact], today: date) -> tuple[NotReached, ...]:
    """What was not reached and why, the most frequent reason first."""
    known = tuple(visits)
    reached = reached_sites(known, today)
    few = few_secret(("", visit) for visit in known if visit.site_id in reached)
    sites: dict[str, list[str]] = {}
    for visit in known:
        why = visit.why_not(today)
        if why and not (few and visit.is_secret):
            sites.setdefault(why, []).append(visit.site_id)
    found = [NotReached(why, len(ids), len(set(ids))) for why, ids in sites.items()]
    return tuple(sorted(found, key=lambda one: (-one.visits, one.why)))
