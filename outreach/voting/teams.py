"""Forms the teams of a sprint: who may receive votes on which day, and who rides with whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.core import audit
from outreach.core.db import db, touch
from outreach.core.errors import Invalid
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.people import queries as people_queries
from outreach.people.models import Depot
from outreach.receivers import queries as receivers
from outreach.receivers.queries import Candidate
from outreach.rounds import elsewhere
from outreach.rounds.facts import ShiftFacts
from outreach.rounds.models import PlanState
from outreach.rulesets.resolve import Law
from outreach.voting import planner, queries
from outreach.voting.models import VotingTeam, VotingTeamMember
from outreach.voting.riders import Lack, Rider
from outreach.voting.sprint import shift, team_depots

LETTERS = tuple(f"V{sign}" for sign in "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Formed:
    """Teams for the chosen days, and where there are fewer than asked for."""

    shifts: tuple[ShiftFacts, ...]
    lacks: tuple[Lack, ...]


def candidates(
    election: Election, law: Law, days: Sequence[date]
) -> dict[date, tuple[Candidate, ...]]:
    """Everybody appointed, judged on each day; who rides in another book is not there.

    Cost: three statements.
    """
    channel = receivers.going_out(law)
    rows = receivers.appointments(election.id)
    busy = elsewhere.away_days(days, election.id) if days else {}
    return {
        day: tuple(
            _with_elsewhere(receivers.judged(row, day, law, channel), day, busy) for row in rows
        )
        for day in days
    }


def _with_elsewhere(one: Candidate, day: date, busy: Mapping[str, frozenset[date]]) -> Candidate:
    if day not in busy.get(one.fact.id, ()):
        return one
    return replace(one, is_there=False)


def form(
    election: Election, days: Sequence[date], count: int, depot: Depot, *, keep: bool,
    begun: Iterable[tuple[str, date]] = (),
) -> Formed:  # fmt: skip
    """So many teams on each day. Teams that are there and legal are kept if ``keep``.

    What has begun keeps its team whoever asks.
    """
    law = elections.law_of(election)
    people = people_queries.people()
    judged = candidates(election, law, days)
    held = set(begun)
    kept = [
        team for team in queries.teams(election.id)
        if team.day in days and ((keep and _is_legal(team, law, judged)) or
                                 (team.letter, team.day) in held)
    ]  # fmt: skip
    taken = {(team.day, member.staff_id) for team in kept for member in team.members}
    riders = _riders(days, judged, taken)
    asked = {n: max(0, count - sum(team.day == day for team in kept))
             for n, day in enumerate(days)}  # fmt: skip
    crews, lacks = planner.crews(law.team(receivers.going_out(law)), riders, asked, days)
    shifts = [
        shift(election, team.letter, team.day, depot, team.vehicle,
              [people[m.staff_id] for m in team.members if m.staff_id in people])
        for team in kept
    ]  # fmt: skip
    used = {(team.day, team.letter) for team in kept}
    for slot_days, by_day in _slots(crews, days):
        letter = next(a for a in LETTERS if not any((day, a) in used for day in slot_days))
        used |= {(day, letter) for day in slot_days}
        shifts += [
            shift(election, letter, day, depot, vehicle_of(letter), [people[i] for i in ids])
            for day, ids in by_day.items()
        ]
    shifts.sort(key=lambda one: (LETTERS.index(one.letter), one.day))
    return Formed(tuple(shifts), tuple(lacks))


def vehicle_of(letter: str) -> str:
    """What a team's vehicle is called before somebody calls it otherwise."""
    return str(_("Car %(letter)s", letter=letter))


def _riders(
    days: Sequence[date], judged: Mapping[date, tuple[Candidate, ...]], taken: set[tuple[date, str]]
) -> list[Rider]:
    """Everybody with the numbers of the days on which they may ride and are free."""
    able: dict[str, set[int]] = {}
    facts_of = {}
    for number, day in enumerate(days):
        for one in judged[day]:
            facts_of[one.fact.id] = one
            if one.may and (day, one.fact.id) not in taken:
                able.setdefault(one.fact.id, set()).add(number)
    return [
        Rider(id_, facts_of[id_].fact.role, facts_of[id_].fact.attributes, frozenset(on),
              facts_of[id_].is_reserve)
        for id_, on in able.items()
    ]  # fmt: skip


def _slots(
    crews: Iterable[tuple[int, int, tuple[str, ...]]], days: Sequence[date]
) -> list[tuple[list[date], dict[date, tuple[str, ...]]]]:
    """Members by day of each team that stays together, those with most days first."""
    found: dict[int, dict[date, tuple[str, ...]]] = {}
    for number, slot, ids in crews:
        found.setdefault(slot, {})[days[number]] = ids
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(list(by_day), by_day) for _slot, by_day in ordered]


def _is_legal(team: VotingTeam, law: Law, judged: Mapping[date, tuple[Candidate, ...]]) -> bool:
    able = {one.fact.id: one for one in judged[team.day] if one.may}
    ids = [member.staff_id for member in team.members]
    if any(id_ not in able for id_ in ids):
        return False
    riders = [Rider(id_, able[id_].fact.role, able[id_].fact.attributes) for id_ in ids]
    return planner.is_legal(law.team(receivers.going_out(law)), riders)


def store(election: Election, days: Iterable[date], shifts: Iterable[ShiftFacts]) -> None:
    """Put these teams in place of the stored ones on the days; inside a transaction."""
    depots = {(d.latitude, d.longitude): d.id for d in db.session.scalars(select(Depot))}
    chosen = set(days)
    own: dict[tuple[date, str], str] = {}
    for team in queries.teams(election.id):
        if team.day in chosen:
            own |= {(team.day, member.staff_id): member.vehicle for member in team.members}
            db.session.delete(team)
    db.session.flush()
    for one in shifts:
        team = VotingTeam(
            election_id=election.id, day=one.day, letter=one.letter, vehicle=one.vehicle,
            depot_id=depots[one.depot], first_minute=one.starts, last_minute=one.ends,
        )  # fmt: skip
        db.session.add(team)
        db.session.flush()
        db.session.add_all(
            VotingTeamMember(
                team_id=team.id, staff_id=person.id, vehicle=own.get((one.day, person.id), "")
            )
            for person in one.people
        )
    db.session.flush()
    audit.record("form-teams", "election", election.id)


def change(election: Election, team: VotingTeam, ids: Sequence[str]) -> None:
    """Let these people ride in a team; inside a transaction.

    Raises:
        Invalid: somebody rides in another team on the day.
    """
    for other in queries.teams(election.id):
        if other.day == team.day and other.id != team.id:
            both = {member.staff_id for member in other.members} & set(ids)
            if both:
                why = _("Somebody already rides with team %(letter)s.", letter=other.letter)
                raise Invalid({"members": why})
    vehicles = {member.staff_id: member.vehicle for member in team.members}
    touch(team)
    for member in list(team.members):
        db.session.delete(member)
    db.session.flush()
    db.session.add_all(
        VotingTeamMember(team_id=team.id, staff_id=id_, vehicle=vehicles.get(id_, ""))
        for id_ in dict.fromkeys(ids)
    )
    db.session.flush()


def refuse_illegal(election: Election, law: Law, team: VotingTeam, ids: Sequence[str]) -> None:
    """Say no to a team that may not receive votes, or of which somebody cannot come.

    Raises:
        Invalid: why.
    """
    able = {one.fact.id: one for one in candidates(election, law, [team.day])[team.day]}
    for id_ in ids:
        if id_ not in able or not able[id_].may:
            why = "; ".join(able[id_].why) if id_ in able else _("Not appointed.")
            raise Invalid({"members": why})
    riders = [Rider(id_, able[id_].fact.role, able[id_].fact.attributes) for id_ in ids]
    if not planner.is_legal(law.team(receivers.going_out(law)), riders):
        raise Invalid({"members": _("The law does not allow a team of these people.")})


def as_published(election: Election) -> None:
    """The teams that stand in the published plans again, when a draft is thrown away."""
    plans = queries.newest_plans(election.id, PlanState.PUBLISHED)
    stored = queries.teams(election.id)
    depots = {team.depot_id for team in stored} or {depot.id for depot in team_depots()[:1]}
    depot = db.session.get_one(Depot, min(depots)) if depots else None
    if depot is None:
        return
    people = people_queries.people()
    shifts = [
        shift(election, one.team_letter, one.day, depot, one.vehicle,
              [people[id_] for id_ in one.member_ids if id_ in people])
        for plan in plans for one in plan.rounds
    ]  # fmt: skip
    store(election, {team.day for team in stored} | {one.day for one in shifts}, shifts)
