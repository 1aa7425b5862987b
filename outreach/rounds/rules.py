"""Pure rules of a week: when a visit may be, which shifts must not make it, what has begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from outreach.people.rules import Person
from outreach.rounds.facts import PlacedRound, ShiftFacts, SiteFacts, VisitFacts, WeekFacts
from outreach.sites.rules import OpenWindow

MOST_VISITS = 5000
"""In a week; the solver takes no more (a test compares)."""
DAYS = 7
_DAY = 24 * 60


class Bar(StrEnum):
    """Why a shift must not make a visit."""

    WOMEN = "women"
    UNMARKED = "unmarked"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Begun:
    """A stop that has begun or is over: where and when it was."""

    shift: str
    letter: str
    day: date
    starts: int
    ends: int


def days_of(monday: date) -> tuple[date, ...]:
    """The seven days of a week."""
    return tuple(monday + timedelta(days=n) for n in range(DAYS))


def windows_of(visit: VisitFacts, site: SiteFacts, monday: date) -> tuple[OpenWindow, ...]:
    """When the visit may be: the site's hours, narrowed by the promise and the agreement.

    A promise may open on a day on which the site takes no more visits in this week, such as a
    Saturday. As the visit is due in the week, it may then be on the last day before.
    """
    days, first = days_of(monday), visit.earliest or monday
    found = tuple(w for w in _narrowed(visit, site) if _day_suits(visit, days[w.day]))
    in_time = tuple(w for w in found if days[w.day] >= first)
    if in_time or not found:
        return in_time
    last = max(w.day for w in found)
    return tuple(w for w in found if w.day == last)


def _narrowed(visit: VisitFacts, site: SiteFacts) -> list[OpenWindow]:
    terms = visit.terms
    until = _DAY if terms.latest is None else terms.latest
    cut = (
        OpenWindow(w.day, max(w.starts, terms.earliest or 0), min(w.ends, until))
        for w in site.windows
    )
    return [w for w in cut if w.starts < w.ends]


def _day_suits(visit: VisitFacts, day: date) -> bool:
    weekdays = visit.terms.weekdays
    return (not weekdays or day.weekday() in weekdays) and day <= (visit.latest or day)


def apart(visit: VisitFacts, windows: Iterable[OpenWindow], monday: date) -> tuple[OpenWindow, ...]:
    """The windows that lie far enough from the agreement's visits in other weeks."""
    days, gap = days_of(monday), visit.terms.min_gap_days
    return tuple(
        w for w in windows if all(abs((days[w.day] - day).days) >= gap for day in visit.other_days)
    )


def bars(site: SiteFacts, shift: ShiftFacts) -> frozenset[Bar]:
    """Why the shift must not go to the site, skills and clearances left out."""
    found = set()
    if site.needs_women and not any(person.gender == "woman" for person in shift.people):
        found.add(Bar.WOMEN)
    if site.needs_unmarked and not shift.is_unmarked:
        found.add(Bar.UNMARKED)
    if any(person.id in site.excluded for person in shift.people):
        found.add(Bar.EXCLUDED)
    return frozenset(found)


def is_cleared(site: SiteFacts, people: Iterable[Person], day: date) -> bool:
    """Whether everybody there is cleared for the site on ``day``."""
    valid = {staff for staff, until in site.cleared if until is None or day <= until}
    people = tuple(people)
    return bool(people) and all(person.id in valid for person in people)


def begun(
    published: Iterable[PlacedRound], statuses: dict[str, str], now: datetime
) -> dict[str, list[Begun]]:
    """The stops of the published plan that must stay as they are, by visit.

    A stop stays if it started before ``now`` (on a Danish clock) or if its visit is reported as
    more than planned.
    """
    here = (now.date(), now.hour * 60 + now.minute)
    found: dict[str, list[Begun]] = {}
    for round_ in published:
        for stop in round_.stops:
            is_past = (round_.day, stop.starts) < here
            if is_past or statuses.get(stop.visit_id, "planned") != "planned":
                found.setdefault(stop.visit_id, []).append(
                    Begun(round_.shift, round_.letter, round_.day, stop.starts, stop.ends)
                )
    return found


def held_kits(facts: WeekFacts, places: Mapping[str, list[Begun]]) -> dict[str, tuple[str, ...]]:
    """The kits that each begun visit keeps from other teams.

    A day that is over keeps none. Nor does today where more of a kit went out than there are now:
    one broke on the way, which must not stand in the way of planning the rest of the week.
    """
    today = facts.now.date()
    needs = {
        visit.id: {kit for code in visit.services if code in facts.services
                   for kit in facts.services[code].kits}
        for visit in facts.visits if visit.id in places and places[visit.id][0].day >= today
    }  # fmt: skip
    out: dict[tuple[date, str], set[str]] = defaultdict(set)
    for visit_id, kits in needs.items():
        for kit in kits:
            out[places[visit_id][0].day, kit] |= {place.shift for place in places[visit_id]}
    short = {key for key, shifts in out.items() if len(shifts) > facts.kits.get(key[1], 0)}
    return {
        visit_id: tuple(
            sorted(k for k in needs.get(visit_id, ()) if (found[0].day, k) not in short)
        )
        for visit_id, found in places.items()
    }
