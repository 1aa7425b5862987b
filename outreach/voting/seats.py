"""Voting sessions as a tablet's work meets them: the law, the people, what was reported.

A session is judged at the moment at which something happened, with what the server knows now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from outreach.core.db import db
from outreach.elections.models import Election
from outreach.people.models import Staff
from outreach.receivers.models import Appointment
from outreach.receivers.queries import fact_of
from outreach.rulesets import facts
from outreach.rulesets.check import check
from outreach.rulesets.facts import Finding, Level
from outreach.sites.models import Site
from outreach.voting.known_law import KnownLaw, known_law
from outreach.voting.models import SessionMark, VotingSession
from outreach.voting.rules import FEWEST, Mark

CODES = {
    "channel": "no_window", "channel-fits": "no_window", "window-before": "before_window",
    "window-after": "after_window", "window-across": "after_window",
    "session-hours": "outside_hours", "custody-return-by": "outside_hours",
    "team-least": "too_few", "team-twice": "too_few",
    "team-most": "too_many", "team-roles-least": "wrong_team", "team-roles-most": "wrong_team",
    "team-distinct": "wrong_team", "receiver-role": "not_eligible",
    "receiver-flags": "not_eligible", "receiver-instructed": "not_eligible",
    "receiver-appointed": "not_eligible", "receiver-expired": "not_eligible",
}  # fmt: skip
OF_THE_WHOLE = frozenset({"session-minutes", "custody-same-day", "team-vehicle"})
"""What no single moment can break."""
_TIMES = frozenset({"no_window", "before_window", "after_window", "outside_hours"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody appointed in the election, active or not."""

    name: str
    initials: str
    is_active: bool
    is_reserve: bool
    fact: facts.Receiver


@dataclass(frozen=True, slots=True)
class Seat:
    """A session with its law and everybody appointed.

    Attributes:
        known: None where the election's days do not suit its ruleset; then nothing is lawful.
        people: by staff id, in Danish order.
    """

    session: VotingSession
    election: Election
    site: Site
    known: KnownLaw | None
    people: Mapping[str, Person]

    def against(self, at: datetime, ids: Sequence[str]) -> tuple[str, ...]:
        """Why these people may not receive votes here at this moment: codes, the worst first."""
        found = [] if len(set(ids)) >= FEWEST else ["too_few"]
        if self.known is None:
            return (*found, "no_window")
        if any(id_ not in self.people for id_ in ids):
            return (*found, "not_appointed")
        if not all(self.people[id_].is_active for id_ in ids):
            found.append("not_eligible")
        found += [code_of(one) for one in check(self._moment(at, ids), self.known.law)
                  if one.level is Level.BLOCK and one.code not in OF_THE_WHOLE]  # fmt: skip
        return tuple(dict.fromkeys(found))

    def _moment(self, at: datetime, ids: Sequence[str]) -> facts.Session:
        one = self.session
        people = tuple(replace(self.people[id_].fact, vehicle="-") for id_ in ids)
        return facts.Session(
            one.id, one.site_id, self.site.kind, one.channel, at, at, people, one.part, one.parts,
            one.expected, label=self.site.label,
        )  # fmt: skip


def code_of(finding: Finding) -> str:
    """The code that tablets know for a finding; whatever is new to this list still refuses."""
    return CODES.get(finding.code, "not_lawful")


def is_of_time(code: str) -> bool:
    """Whether it is the moment that is wrong, not the people."""
    return code in _TIMES


def seats(visit_ids: Iterable[str]) -> dict[str, Seat]:
    """The sessions of these visits, by visit. Cost: four statements; one where there is none."""
    found = db.session.execute(
        select(VotingSession, Site).join(Site, Site.id == VotingSession.site_id)
        .where(VotingSession.visit_id.in_(list(visit_ids)))
    ).all()  # fmt: skip
    if not found:
        return {}
    wanted = {row.VotingSession.election_id for row in found}
    elections = {
        one.id: (one, known_law(one))
        for one in db.session.scalars(
            select(Election).where(Election.id.in_(wanted))
            .options(selectinload(Election.decisions))
        )
    }  # fmt: skip
    people = _people(wanted)
    return {
        row.VotingSession.visit_id: Seat(
            row.VotingSession, elections[row.VotingSession.election_id][0], row.Site,
            elections[row.VotingSession.election_id][1], people[row.VotingSession.election_id],
        )
        for row in found
    }  # fmt: skip


def _people(election_ids: Iterable[str]) -> dict[str, dict[str, Person]]:
    found: dict[str, dict[str, Person]] = defaultdict(dict)
    rows = db.session.scalars(
        select(Appointment).join(Staff, Staff.id == Appointment.staff_id)
        .where(Appointment.election_id.in_(list(election_ids)))
        .options(joinedload(Appointment.staff)).order_by(Staff.sort_key, Staff.id)
    )  # fmt: skip
    for row in rows:
        found[row.election_id][row.staff_id] = Person(
            row.staff.name, row.staff.initials, row.staff.is_active, row.is_reserve, fact_of(row)
        )
    return found


def marks(visit_ids: Iterable[str]) -> dict[str, list[Mark]]:
    """What was reported of the sessions of these visits and stands. Cost: one statement."""
    found: dict[str, list[Mark]] = defaultdict(list)
    rows = db.session.execute(
        select(
            SessionMark.visit_id, SessionMark.op_id, SessionMark.kind, SessionMark.at,
            SessionMark.receivers, SessionMark.is_doubtful,
        )
        .where(SessionMark.visit_id.in_(list(visit_ids)), ~SessionMark.is_void)
        .order_by(SessionMark.at, SessionMark.op_id)
    )  # fmt: skip
    for row in rows:
        found[row.visit_id].append(
            Mark(row.op_id, row.kind, row.at, tuple(row.receivers), row.is_doubtful)
        )
    return found
