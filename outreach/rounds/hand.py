"""Plans made by hand: where a visit is, where it goes, what that breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from outreach.core.errors import Conflict, Invalid
from outreach.rounds.answer import Answer
from outreach.rounds.facts import PlacedRound
from outreach.rounds.models import Plan
from outreach.rounds.planner import Week
from outreach.rounds.remedies import Part, is_own, key_of
from outreach.rounds.week_facts import placed
from outreach.rounds.wire import MoveBody

_CHANGED = lazy_gettext("The plan has changed since; this would not help any more. Look again.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit should go.

    Attributes:
        position: before which stop, 0 is first; None means by ``around``, else the best.
        around: the start wished for, in minutes from midnight.
    """

    letter: str
    day: date
    position: int | None = None
    around: int | None = None

    @property
    def shift(self) -> str:
        """The shift's name in the problem."""
        return f"{self.letter}-{self.day.weekday()}"


@dataclass(frozen=True, slots=True)
class At:
    """Where a visit is, and when."""

    letter: str
    day: date
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did.

    Attributes:
        before: where to put it to undo the move; empty if it was not planned.
        now: where it is; empty if it was taken out.
        breaches: how many hard rules the plan breaks now.
    """

    before: tuple[Place, ...]
    now: tuple[At, ...]
    breaches: int


def sequences(week: Week) -> dict[str, list[str]]:
    """Visit ids in order by shift, of the draft or else of the published plan."""
    known = {visit.id for visit in week.problem.visits}
    return {
        one.shift: [s.visit_id for s in one.stops if s.visit_id in known] for one in _rounds(week)
    }


def moved(week: Week, visit_id: str, places: Sequence[Place]) -> tuple[Moved, Answer]:
    """The plan with the visit elsewhere; a team that is named twice goes once.

    Raises:
        Invalid: the team does not go out on that day, or the visit cannot be planned at all.
    """
    order = sequences(week)
    days = {shift.id: shift for shift in week.facts.shifts}
    before = tuple(
        Place(days[shift].letter, days[shift].day, ids.index(visit_id))
        for shift, ids in order.items()
        if visit_id in ids
    )
    starts = _starts(week)
    for ids in order.values():
        if visit_id in ids:
            ids.remove(visit_id)
    if visit_id not in {visit.id for visit in week.problem.visits}:
        raise Invalid({"team": _("This visit cannot be planned.")})
    for place in {place.shift: place for place in places}.values():
        if place.shift not in days or days[place.shift].day != place.day:
            raise Invalid({"team": _("The team does not go out on this day.")})
        ids = order.setdefault(place.shift, [])
        ids.insert(_position(week, place, ids, visit_id, starts), visit_id)
    answer = week.timed(order)
    return Moved(before, appointments(answer, visit_id), len(answer.breaches)), answer


def appointments(answer: Answer, visit_id: str) -> tuple[At, ...]:
    """Where and when an answer has a visit."""
    return tuple(
        At(t.shift.letter, t.shift.day, s.starts, s.ends)
        for t in answer.rounds for s in t.placed.stops if s.visit_id == visit_id
    )  # fmt: skip


def cure_parts(week: Week, visit_id: str, key: str) -> tuple[Part, ...]:
    """What a cure changes, if it still helps and may be carried out from the board.

    Raises:
        Conflict: it does not, or may not.
    """
    rounds = _rounds(week)
    known = {visit.id for visit in week.problem.visits}
    planned = {stop.visit_id for one in rounds for stop in one.stops}
    if visit_id in known - planned and not week.judged(rounds).breaches:
        for found in week.cures(rounds, visit_id):
            if key_of(found["parts"]) == key and is_own(found["parts"]):
                return tuple(found["parts"])
    raise Conflict(_CHANGED)


def cured(week: Week, visit_id: str, displaced: Sequence[str]) -> Answer:
    """The plan with the visit, and without those that yield.

    Raises:
        Conflict: there is no place.
    """
    answer = week.inserted(_rounds(week), visit_id, displaced)
    if answer is None or answer.breaches:
        raise Conflict(_CHANGED)
    return answer


def _rounds(week: Week) -> tuple[PlacedRound, ...]:
    """Of the draft or else of the published plan, as far as the teams still go out."""
    facts = week.facts
    rounds = facts.published if facts.draft is None else facts.draft
    return tuple(one for one in rounds or () if one.shift in week.shifts)


def wished(week: Week, body: MoveBody) -> list[Place]:
    """Where the board wants a visit: before another one, or a step earlier or later."""
    order, visit_id = sequences(week), str(body.visit)
    if body.target is not None:
        place = Place(body.target.team, body.target.day)
        others = [v for v in order.get(place.shift, ()) if v != visit_id]
        before = str(body.target.before) if body.target.before else ""
        return [replace(place, position=others.index(before) if before in others else None)]
    if not body.steps:
        return []
    found = []
    for shift, ids in order.items():
        if visit_id in ids:
            to = min(len(ids) - 1, max(0, ids.index(visit_id) + body.steps))
            found.append(Place(week.shifts[shift].letter, week.shifts[shift].day, to))
    return found


def _starts(week: Week) -> dict[str, int]:
    rounds = week.facts.published if week.facts.draft is None else week.facts.draft
    return {s.visit_id: s.starts for one in rounds or () for s in one.stops}


def _position(
    week: Week, place: Place, ids: list[str], visit_id: str, starts: dict[str, int]
) -> int:
    if place.position is not None:
        return min(place.position, len(ids))
    if place.around is not None:
        return sum(starts.get(other, 0) < place.around for other in ids)
    return week.best_position(place.shift, ids, visit_id)


def judged(week: Week, plan: Plan) -> Answer:
    """What a stored plan breaks as things stand now."""
    return week.judged(placed(round_) for round_ in plan.rounds)


def places_of(plan: Plan, visit_id: str) -> tuple[At, ...]:
    """Where a stored plan has a visit; one that needs two teams is in two places."""
    return tuple(
        At(round_.team_letter, round_.day, stop.starts, stop.ends)
        for round_ in plan.rounds
        for stop in round_.stops
        if stop.visit_id == visit_id
    )


def place_of(plan: Plan, visit_id: str) -> At | None:
    """The first of these places; None if the plan leaves the visit out."""
    return next(iter(places_of(plan, visit_id)), None)
