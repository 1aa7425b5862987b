"""How the parts of a large home go together when several teams serve it on one day. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from outreach.voting.sprint import SessionFacts, SprintFacts

_TOGETHER = 2
"""So many teams can be told to begin together."""


def parts_of_crews(sessions: Iterable[SessionFacts]) -> dict[str, list[SessionFacts]]:
    """The parts of each home that several teams serve on one day, by site."""
    found: dict[str, list[SessionFacts]] = defaultdict(list)
    for one in sessions:
        if one.way == "crews" and one.parts > 1:
            found[one.site_id].append(one)
    return dict(found)


def pairs(parts: Mapping[str, Sequence[SessionFacts]], fixed: Iterable[str]) -> dict[str, str]:
    """The second of each two parts that begin together, by the first; locked ones go alone."""
    held, found = set(fixed), {}
    for sessions in parts.values():
        free = [
            one for one in sessions
            if one.visit_id not in held and all(pin is None for pin in one.pin)
        ]  # fmt: skip
        for one, other in zip(free[::2], free[1::2], strict=False):
            found[one.visit_id] = other.visit_id
    return found


def one_day_each(
    given: SprintFacts, parts: Mapping[str, Sequence[SessionFacts]]
) -> dict[str, date]:
    """A day for each home that is too big for two teams at once, the emptiest first."""
    days = sorted({shift.day for shift in given.shifts} - given.reserved)
    load: dict[date, int] = defaultdict(int)
    found = {}
    for site_id, sessions in sorted(parts.items()):
        fits = [day for day in days if _fits(given, sessions, day)]
        if len(sessions) > _TOGETHER and fits:
            found[site_id] = min(fits, key=lambda day: (load[day], day))
            load[found[site_id]] += len(sessions)
    return found


def _fits(given: SprintFacts, parts: Sequence[SessionFacts], day: date) -> bool:
    longest, number = max(one.setup + one.service for one in parts), (day - given.days[0]).days
    return any(w.day == number and w.ends - w.starts >= longest for w in parts[0].windows)
