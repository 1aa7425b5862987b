"""What each site is promised, spread so that every week owes about the same number of visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from outreach.agreements.models import Agreement
from outreach.demo.sites import SeedSite
from outreach.demo.source import Line, lines, words
from outreach.demo.store import Store

_LATE = 24  # every so many of the agreements that are due now was not kept last time

IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "no_cleared_staff": {"services": ["MITID", "CPRMOVE"], "minutes": 60},
    "skill_gap": {"services": ["PASS", "READ"], "minutes": 90},
    "kit_conflict": {"services": ["IDCARD"], "minutes": 40},
    "window_too_short": {"services": ["MITIDHELP"], "minutes": 40, "earliest": 570, "latest": 600},
    "shift_too_short": {"services": ["HCARD", "REFER"], "minutes": 470},
    "gap_rule": {"services": ["VOTEINFO"], "minutes": 30, "min_gap_days": 3,
                 "interval_days": None, "rrule": "FREQ=WEEKLY;BYDAY=TU,TH"},
    "needs_two": {"services": ["MITID", "BENEFIT"], "minutes": 60, "people": 3},
}  # fmt: skip
"""By reason: an agreement that nobody can keep, due every week."""


@dataclass(frozen=True, slots=True)
class Promised:
    """An agreement that was stored.

    Attributes:
        first_due: weeks from the first week of the future, 0 at the least.
        is_late: the visits before were not let in.
    """

    id: str
    site: SeedSite
    services: tuple[str, ...]
    weeks: int
    tolerance: int
    minutes: int
    priority: int
    first_due: int
    is_late: bool
    ends_on: date | None

    @property
    def cycle(self) -> int:
        """Weeks from one due week to the next: a tolerance lets a visit fall due a week early."""
        return self.weeks - 1 if self.tolerance else self.weeks


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all agreements of an organisation.

    Attributes:
        is_dense: shorter intervals.
        ends_on: the last day, for the sites that have one (by code).
    """

    starts_on: date
    is_dense: bool
    ends_on: dict[str, date]


def store_promises(store: Store, sites: Iterable[SeedSite], terms: Terms) -> list[Promised]:
    """Keep what the kind of each site calls for."""
    offers: dict[str, list[Line]] = {}
    for line in lines("promises"):
        offers.setdefault(line["kind"], []).append(line)
    due: Counter[int] = Counter()
    made = []
    for site in sites:
        for line in offers.get(site.kind.value, ()):
            made.append(_promise(store, site, line, due, terms))
            _store(store, made[-1], terms.starts_on)
    return made


def _promise(store: Store, site: SeedSite, line: Line, due: Counter[int], terms: Terms) -> Promised:
    weeks, tolerance = int(line["weeks"]), int(line["tolerance"])
    if terms.is_dense and tolerance:
        weeks = max(3, weeks - 1)
    cycle = weeks - 1 if tolerance else weeks
    number = due[cycle]
    due[cycle] += 1
    first_due = number % cycle
    return Promised(
        id=store.new_id(), site=site, services=tuple(words(line["services"])), weeks=weeks,
        tolerance=tolerance, minutes=int(line["minutes"]), priority=int(line["priority"]),
        first_due=first_due, is_late=bool(tolerance) and first_due == 0 and number % _LATE == 0,
        ends_on=terms.ends_on.get(site.code),
    )  # fmt: skip


def _store(store: Store, one: Promised, starts_on: date) -> None:
    _agreement(
        store, id=one.id, site_id=one.site.id, services=list(one.services),
        interval_days=7 * one.weeks, tolerance_days=one.tolerance, minutes=one.minutes,
        priority=one.priority, starts_on=starts_on, ends_on=one.ends_on,
    )  # fmt: skip


def _agreement(store: Store, **values: Any) -> None:
    usual = {"tolerance_days": 0, "rrule": "", "min_gap_days": 0, "people": 1,
             "earliest": None, "latest": None, "priority": 4, "interval_days": 7,
             "ends_on": None}  # fmt: skip
    store.add(Agreement, **{**usual, **values})


def store_impossible(
    store: Store, sites: Iterable[SeedSite], planted: dict[str, str], monday: date
) -> None:
    """Keep one agreement at each planted site that no plan can hold, from ``monday`` on."""
    for site in sites:
        if site.code in planted:
            wish = IMPOSSIBLE[planted[site.code]]
            _agreement(store, **wish, site_id=site.id, starts_on=monday)


def past_visits(one: Promised, first_week: int, dice_day: list[int]) -> list[tuple[int, int, bool]]:
    """When the agreement was kept: week (negative), weekday, and whether the team got in.

    The last visit lies so that the agreement next falls due in its ``first_due`` week, early in
    it: a promise opens on the weekday of the visit before.
    """
    last = one.first_due - one.weeks + (1 if one.tolerance else 0)
    found = []
    if one.is_late:
        found = [(last + one.cycle - 1, 3, False)]
        last -= one.cycle - 1
    found.append((last, dice_day[0] % 2, True))
    week = last - one.cycle
    while week >= first_week:
        found.append((week, dice_day[-week % len(dice_day)], True))
        week -= one.cycle
    return [entry for entry in found if entry[0] < 0]


def day_of(monday: date, week: int, weekday: int) -> date:
    """The day, counted from the first week of the future."""
    return monday + timedelta(weeks=week, days=weekday)
