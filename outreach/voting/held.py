"""What tablets reported of an election's sessions: opened, closed, counted, and in doubt.

What the tablets have yet to send, and what of theirs was refused, ``field.gate`` knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from outreach.core.db import db
from outreach.visits.models import Tally
from outreach.visits.rules import VOTING
from outreach.voting.models import SessionMark, VotingSession
from outreach.voting.rules import Mark, Standing, fold, outside


@dataclass(frozen=True, slots=True)
class Held:
    """One session as it was reported.

    Attributes:
        standing: how far it is, since when and by whom; doubtful where a clock was not sure.
        marks: openings, swaps and closings that stand, in order.
        counts: votes, assisted, spoiled and refused, everything that was counted.
        outside: the part of them that was counted before the opening or after the end.
        taken_back: how many marks were undone.
    """

    session_id: str
    visit_id: str
    site_id: str
    part: int
    standing: Standing
    marks: tuple[Mark, ...]
    counts: Mapping[str, int]
    outside: Mapping[str, int]
    taken_back: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing is in doubt and nothing was counted outside the session."""
        return not (self.standing.is_doubtful or any(self.outside.values()))


def held(election_id: str) -> tuple[Held, ...]:
    """Every session of the election, also those of which nothing is reported.

    Cost: three statements.
    """
    sessions = db.session.scalars(
        select(VotingSession).where(VotingSession.election_id == election_id)
        .order_by(VotingSession.site_id, VotingSession.part)
    ).all()  # fmt: skip
    visits = select(VotingSession.visit_id).where(VotingSession.election_id == election_id)
    marks: dict[str, list[Any]] = defaultdict(list)
    for mark in db.session.scalars(
        select(SessionMark).where(SessionMark.visit_id.in_(visits))
        .order_by(SessionMark.at, SessionMark.op_id)
    ):  # fmt: skip
        marks[mark.visit_id].append(mark)
    tallies: dict[str, list[Any]] = defaultdict(list)
    for tally in db.session.execute(
        select(Tally.visit_id, Tally.measure, Tally.amount, Tally.at)
        .where(Tally.visit_id.in_(visits), ~Tally.is_void, Tally.measure.in_(VOTING))
    ):  # fmt: skip
        tallies[tally.visit_id].append(tally)
    return tuple(_held(one, marks[one.visit_id], tallies[one.visit_id]) for one in sessions)


def _held(session: VotingSession, rows: list[Any], tallies: list[Any]) -> Held:
    marks = tuple(
        Mark(m.op_id, m.kind, m.at, tuple(m.receivers), m.is_doubtful)
        for m in rows
        if not m.is_void
    )
    standing = fold(marks)
    counts, beside = Counter(dict.fromkeys(VOTING, 0)), Counter(dict.fromkeys(VOTING, 0))
    for tally in tallies:
        counts[tally.measure] += tally.amount
        if outside(tally.at, standing):
            beside[tally.measure] += tally.amount
    return Held(
        session.id, session.visit_id, session.site_id, session.part, standing, marks,
        dict(counts), dict(beside), len(rows) - len(marks),
    )  # fmt: skip
