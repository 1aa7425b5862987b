"""Sessions moved by hand: where one is, where it goes, what that breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from outreach.core.errors import Invalid
from outreach.rounds.answer import Answer
from outreach.rounds.facts import PlacedRound
from outreach.rounds.hand import At, Moved, Place, appointments
from outreach.rounds.wire import MoveBody
from outreach.voting.judging import placed_shift
from outreach.voting.planner import Sprint

__all__ = ["At", "Moved", "Place", "moved", "rounds_of", "sequences", "shift_of", "wished"]


def shift_of(place: Place) -> str:
    """The name of the place's shift in the sprint's problem."""
    return f"{place.letter}-{place.day.isoformat()}"


def rounds_of(made: Sprint) -> tuple[PlacedRound, ...]:
    """The rounds of the newest plan, as far as their teams still go out."""
    return tuple(one for one in made.facts.draft or () if placed_shift(one) in made.shifts)


def sequences(made: Sprint) -> dict[str, list[str]]:
    """Visit ids in order, by shift."""
    known = {visit.id for visit in made.problem.visits}
    return {
        placed_shift(one): [s.visit_id for s in one.stops if s.visit_id in known]
        for one in rounds_of(made)
    }


def moved(made: Sprint, visit_id: str, places: Sequence[Place]) -> tuple[Moved, Answer]:
    """The plan with the session elsewhere.

    Raises:
        Invalid: the team does not go out on that day, or the session cannot be planned at all.
    """
    order = sequences(made)
    shifts = made.shifts
    before = tuple(
        Place(shifts[shift].letter, shifts[shift].day, ids.index(visit_id))
        for shift, ids in order.items()
        if visit_id in ids
    )
    starts = {s.visit_id: s.starts for one in made.facts.draft or () for s in one.stops}
    for ids in order.values():
        if visit_id in ids:
            ids.remove(visit_id)
    if visit_id not in {visit.id for visit in made.problem.visits}:
        raise Invalid({"team": _("This visit cannot be planned.")})
    for place in places:
        if shift_of(place) not in shifts:
            raise Invalid({"team": _("The team does not go out on this day.")})
        ids = order.setdefault(shift_of(place), [])
        ids.insert(_position(made, place, ids, (visit_id, starts)), visit_id)
    answer = made.timed(order)
    return Moved(before, appointments(answer, visit_id), len(answer.breaches)), answer


def _position(made: Sprint, place: Place, ids: list[str], what: tuple[str, dict[str, int]]) -> int:
    visit_id, starts = what
    if place.position is not None:
        return min(place.position, len(ids))
    if place.around is not None:
        return sum(starts.get(other, 0) < place.around for other in ids)
    return made.best_position(shift_of(place), ids, visit_id)


def wished(made: Sprint, body: MoveBody) -> list[Place]:
    """Where the board wants a session: before another one, or a step earlier or later."""
    order, visit_id = sequences(made), str(body.visit)
    if body.target is not None:
        place = Place(body.target.team, body.target.day)
        others = [v for v in order.get(shift_of(place), ()) if v != visit_id]
        before = str(body.target.before) if body.target.before else ""
        return [replace(place, position=others.index(before) if before in others else None)]
    return _stepped(made, order, visit_id, body.steps) if body.steps else []


def _stepped(made: Sprint, order: dict[str, list[str]], visit_id: str, steps: int) -> list[Place]:
    found = []
    for shift, ids in order.items():
        if visit_id in ids:
            to = min(len(ids) - 1, max(0, ids.index(visit_id) + steps))
            one = made.shifts[shift]
            found.append(Place(one.letter, one.day, to))
    return found
