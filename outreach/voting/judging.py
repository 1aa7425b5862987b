"""What the law says of a sprint's rounds: they become sessions for the one checker. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from outreach.core.errors import OutreachError
from outreach.rounds.facts import PlacedRound, PlacedStop, ShiftFacts
from outreach.rulesets import facts
from outreach.rulesets.check import check
from outreach.rulesets.facts import Finding, Level
from outreach.rulesets.whole import check_election
from outreach.voting.openings import moment
from outreach.voting.sprint import SessionFacts, SprintFacts, is_open

_NOT_OF_THE_PLAN = frozenset({
    "writ-known", "site-decided", "site-allowed", "site-reason", "site-session", "site-parts",
    "visits-least",
})  # fmt: skip
"""What speaks against an election before all its sites are planned; publishing asks for it."""


_NOON = 720


class PlanBreaksLaw(OutreachError):
    """The solver's plan breaks the law; it is not stored."""

    code = "plan-breaks-law"


class PlanBreaksRules(OutreachError):
    """The solver's plan breaks a hard rule; it is not stored."""

    code = "plan-breaks-rules"


def shift_id(shift: ShiftFacts) -> str:
    """The shift's name in the problem: letter and date, as a sprint may last over weeks."""
    return f"{shift.letter}-{shift.day.isoformat()}"


def placed_shift(placed: PlacedRound) -> str:
    """The same of a stored round."""
    return f"{placed.letter}-{placed.day.isoformat()}"


def begun(given: SprintFacts) -> dict[str, tuple[PlacedRound, PlacedStop]]:
    """The published stops that must stay: started before now, or reported as more than planned."""
    here = (given.now.date(), given.now.hour * 60 + given.now.minute)
    planned = {one.visit_id for one in given.sessions if is_open(one)}
    return {
        stop.visit_id: (round_, stop)
        for round_ in given.published or ()
        for stop in round_.stops
        if (round_.day, stop.starts) < here or stop.visit_id not in planned
    }


def findings(given: SprintFacts, rounds: Iterable[PlacedRound]) -> tuple[Finding, ...]:
    """Everything that the checker says of the election with these rounds."""
    known = {one.visit_id: one for one in given.sessions}
    shifts = {shift_id(shift): shift for shift in given.shifts}
    sessions = tuple(
        _session(given, known[stop.visit_id], (one, stop), shifts.get(placed_shift(one)))
        for one in rounds
        for stop in one.stops
        if stop.visit_id in known
    )
    return check_election(replace(given.judged, sessions=sessions), given.law)


def blocks(given: SprintFacts, rounds: Iterable[PlacedRound]) -> tuple[Finding, ...]:
    """What the law forbids of these rounds; that not all is planned yet is left out."""
    return tuple(
        one
        for one in findings(given, rounds)
        if one.level is Level.BLOCK and one.code not in _NOT_OF_THE_PLAN
    )


def outside_window(given: SprintFacts, visit_id: str, letter: str, day: date) -> Finding | None:
    """What the law says against a session on a day of which it is not known who would ride."""
    one = next(one for one in given.sessions if one.visit_id == visit_id)
    stop = PlacedStop(visit_id, _NOON, _NOON, _NOON + one.setup + given.pack)
    round_ = PlacedRound(letter, day, (stop,), _NOON, _NOON, (), None)
    found = check(_session(given, one, (round_, stop), None), given.law)
    return next((finding for finding in found if finding.code.startswith("window-")), None)


def _session(
    given: SprintFacts, one: SessionFacts, at: tuple[PlacedRound, PlacedStop],
    shift: ShiftFacts | None,
) -> facts.Session:  # fmt: skip
    round_, stop = at
    site = given.sites[one.site_id]
    opens = moment(given.law, round_.day, stop.starts + one.setup)
    closes = moment(given.law, round_.day, stop.ends - given.pack)
    return facts.Session(
        id=one.visit_id, site=one.site_id, site_kind=site.kind, channel=one.channel,
        starts=opens, ends=max(opens, closes),
        receivers=tuple(_receivers(given, shift)) if shift is not None else (),
        part=one.part, parts=one.parts, expected=one.votes,
        team=f"{round_.letter} {round_.day:%Y-%m-%d}", label=site.label,
    )  # fmt: skip


def _receivers(given: SprintFacts, shift: ShiftFacts) -> Iterator[facts.Receiver]:
    for person in shift.people:
        ride = given.own_vehicles.get((shift.day, person.id)) or shift.vehicle
        known = given.receivers.get(person.id)
        if known is None:
            yield facts.Receiver(person.id, "", ride, name=person.name)
        else:
            yield replace(known, vehicle=ride)
