"""What tablets would have reported about a visit: marks, checks, counts and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from outreach.core.clock import DK
from outreach.demo.people import SeedPerson
from outreach.demo.store import Store
from outreach.visits.models import Note, StatusMark, Tally, TaskCheck

_REACHED = {
    "care_home": (3, 9), "senior_housing": (4, 12), "library": (4, 14), "shelter": (2, 9),
    "crisis_centre": (1, 5), "residential_support": (1, 6), "day_centre": (5, 14),
    "drop_in": (3, 10), "community_house": (6, 18), "hospital": (2, 7), "prison": (3, 8),
}  # fmt: skip
_SUMMER = (7, 8)
_NOTES = (
    "Parkér i gården, ring på ved hovedindgangen.",
    "Værelset ved siden af dagligstuen fungerede godt.",
    "Nettet var langsomt, brug hotspot næste gang.",
    "Kom gerne ti minutter før, der var kø fra starten.",
    "Personalet vil gerne have opslaget en uge før.",
)


@dataclass(frozen=True, slots=True)
class Carried:
    """A visit and how it went; ``start`` is minutes from midnight.

    Attributes:
        tasks: ids of the check list, with whether they must be done.
    """

    visit_id: str
    kind: str
    services: tuple[str, ...]
    tasks: tuple[tuple[str, bool], ...]
    day: date
    start: int
    minutes: int
    person: SeedPerson

    def with_tasks(self, tasks: Iterable[tuple[str, bool]]) -> Carried:
        """The same visit with its check list."""
        return replace(self, tasks=tuple(tasks))


class Reporter:
    """Writes facts about visits."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dice = store.dice

    def done(self, one: Carried, status: str = "done") -> None:
        """The team was there and did its work."""
        minutes = max(10, one.minutes + self._dice.randint(-8, 12))
        self._mark(one, 0, "in_progress")
        for number, (task_id, is_mandatory) in enumerate(one.tasks):
            if is_mandatory or self._dice.random() < 0.6:  # noqa: PLR2004 - most, not all
                self._fact(TaskCheck, one, min(2 + number, minutes), task_id=task_id)
        self._counts(one, minutes)
        if self._dice.random() < 0.05:  # noqa: PLR2004 - one visit in twenty has a note
            self._fact(Note, one, minutes, text=self._dice.choice(_NOTES))
        self._mark(one, minutes, status)

    def no_access(self, one: Carried, reason: str) -> None:
        """The team stood at a closed door."""
        self._mark(one, 5, "no_access", reason)

    def _counts(self, one: Carried, minutes: int) -> None:
        low, high = _REACHED[one.kind]
        reached = self._dice.randint(low, high)
        if one.day.month in _SUMMER:
            reached = max(1, reached * 2 // 3)
        self._count(one, minutes, "contacts", reached)
        if "VOTE" in one.services:
            self._votes(one, minutes, reached)
            return
        for number, code in enumerate(one.services):
            share = reached if number == 0 else self._dice.randint(0, reached)
            missed = sum(self._dice.random() < 0.08 for _ in range(share))  # noqa: PLR2004
            self._count(one, minutes, f"{code.lower()}.served", share - missed)
            self._count(one, minutes, f"{code.lower()}.not_served", missed)

    def _votes(self, one: Carried, minutes: int, reached: int) -> None:
        votes = max(1, reached - self._dice.randint(0, 2))
        self._count(one, minutes, "votes", votes)
        self._count(one, minutes, "assisted", self._dice.randint(0, votes // 2))
        self._count(one, minutes, "spoiled", int(self._dice.random() < 0.1))  # noqa: PLR2004
        self._count(one, minutes, "refused", reached - votes)

    def _count(self, one: Carried, minutes: int, measure: str, amount: int) -> None:
        if amount:
            self._fact(Tally, one, minutes, measure=measure, amount=amount, reason="", day=one.day)

    def _mark(self, one: Carried, after: int, to: str, reason: str = "") -> None:
        self._fact(StatusMark, one, after, to=to, reason=reason)

    def _fact(
        self,
        model: type[StatusMark | TaskCheck | Tally | Note],
        one: Carried,
        after: int,
        **values: object,
    ) -> None:
        at = datetime.combine(one.day, time(), DK) + timedelta(minutes=one.start + after)
        self._store.add(
            model, visit_id=one.visit_id, op_id=self._store.new_id(), by_id=one.person.user_id,
            by_name=one.person.name, at=at, received_at=at + timedelta(minutes=3), **values,
        )  # fmt: skip
