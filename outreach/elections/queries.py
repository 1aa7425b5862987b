"""Reads of elections: the law that holds for one, its decisions, and its sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from outreach.core import clock, tenancy
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.core.i18n import language
from outreach.elections.models import Election, SiteDecision
from outreach.elections.rules import Phase, expected_votes, phase
from outreach.rulesets import facts
from outreach.rulesets import queries as law_books
from outreach.rulesets.facts import Outcome
from outreach.rulesets.resolve import Law, resolve
from outreach.rulesets.schema import Ruleset, read
from outreach.sites.models import Site, SiteStatus


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site that the law names, and what is decided for it.

    Attributes:
        residents: None of a secret site, where they are sealed, and where nobody knows.
        outcomes: what may be decided, given the local decisions.
        outcome: what is decided; None while nothing is, or what was decided is no longer allowed.
        decision: the stored decision, if there is one.
        expected: votes; None where neither the residents nor a figure are known.
    """

    id: str
    code: str
    label: str
    kind: str
    area: str
    is_secret: bool
    residents: int | None
    channel: str
    outcomes: tuple[Outcome, ...]
    outcome: Outcome | None
    decision: SiteDecision | None
    expected: int | None

    @property
    def is_void(self) -> bool:
        """Whether what was decided is no longer allowed."""
        return self.decision is not None and self.outcome is None


@dataclass(frozen=True, slots=True)
class ElectionRow:
    """A line of the list of elections.

    Attributes:
        decided, sites: sites with a decision, and all that need one.
    """

    id: str
    title: str
    type_name: str
    day: date
    writ_day: date | None
    phase: Phase
    decided: int
    sites: int


def election_by_id(election_id: str) -> Election:
    """One election with its local decisions. Cost: two statements.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Election).where(Election.id == election_id).options(selectinload(Election.decisions))
    ).first()
    if found is None:
        raise NotFound
    return found


def ruleset_of(election: Election) -> Ruleset:
    """The ruleset as it was when it was chosen."""
    return read(election.law)


def decisions_of(election: Election) -> tuple[facts.LocalDecision, ...]:
    """The local decisions that count; one that was taken over waits to be confirmed."""
    return tuple(
        facts.LocalDecision(one.option, one.decided_on, one.document, one.value)
        for one in election.decisions
        if one.decided_on is not None
    )


def law_of(election: Election) -> Law:
    """The windows and rules that hold for an election, local decisions included."""
    return resolve(
        ruleset_of(election), election.election_day, election.writ_day, decisions_of(election)
    )


def phase_of(election: Election, law: Law) -> Phase:
    """How far it is today."""
    spans = [(one.first.date(), one.last.date()) for one in law.windows.values()]
    return phase(clock.today(), spans, election.election_day)


def elections() -> tuple[ElectionRow, ...]:
    """Every election, the next day first, then those that are over. Cost: four statements."""
    found = db.session.scalars(select(Election).options(selectinload(Election.decisions))).all()
    sites = _active_sites()
    decided: dict[str, dict[str, SiteDecision]] = {}
    for one in db.session.scalars(select(SiteDecision)):
        decided.setdefault(one.election_id, {})[one.site_id] = one
    rows = [_row(election, sites, decided.get(election.id, {})) for election in found]
    today = clock.today()
    return tuple(
        sorted(rows, key=lambda row: (row.day < today, abs((row.day - today).days), row.title))
    )


def _row(
    election: Election, sites: Iterable[Site], decided: Mapping[str, SiteDecision]
) -> ElectionRow:
    law = law_of(election)
    rows = _site_rows(election, law, sites, decided)
    return ElectionRow(
        election.id, election.title, type_name(ruleset_of(election)), election.election_day,
        election.writ_day, phase_of(election, law), sum(row.outcome is not None for row in rows),
        len(rows),
    )  # fmt: skip


def type_name(ruleset: Ruleset) -> str:
    """The kind of election in the language of the moment."""
    return ruleset.title.da if language() == "da" else ruleset.title.en


def _active_sites() -> tuple[Site, ...]:
    return tuple(
        db.session.scalars(
            select(Site).where(Site.status == SiteStatus.ACTIVE).order_by(Site.sort_key, Site.code)
        )
    )


def _decisions(election_id: str) -> dict[str, SiteDecision]:
    found = db.session.scalars(select(SiteDecision).where(SiteDecision.election_id == election_id))
    return {one.site_id: one for one in found}


def site_rows(election: Election, law: Law | None = None) -> tuple[SiteRow, ...]:
    """Every active site of a kind that the law names, in Danish order. Cost: two statements.

    A new site, and one that is opened again, stands here undecided.
    """
    return _site_rows(
        election, law or law_of(election), _active_sites(), _decisions(election.id)
    )  # fmt: skip


def _site_rows(
    election: Election, law: Law, sites: Iterable[Site], decided: Mapping[str, SiteDecision]
) -> tuple[SiteRow, ...]:
    rows = []
    for site in sites:
        channel = law.channel_of(site.kind)
        if channel is not None:
            outcomes = law.outcomes(site.kind)
            rows.append(_site_row(election, site, (channel, outcomes), decided.get(site.id)))
    return tuple(rows)


def _site_row(
    election: Election,
    site: Site,
    may: tuple[str, tuple[Outcome, ...]],
    decision: SiteDecision | None,
) -> SiteRow:
    channel, outcomes = may
    outcome = Outcome(decision.outcome) if decision is not None else None
    given = decision.expected if decision is not None else None
    residents = None if site.is_secret else site.residents
    return SiteRow(
        site.id, site.code, site.label, site.kind, site.area, site.is_secret, residents, channel,
        outcomes, outcome if outcome in outcomes else None, decision,
        given if given is not None else expected_votes(residents, election.percent_voting),
    )  # fmt: skip


def site_row(election: Election, site_id: str) -> SiteRow:
    """One of these sites.

    Raises:
        NotFound: it is not active, or the law does not name its kind.
    """
    found = next((row for row in site_rows(election) if row.id == site_id), None)
    if found is None:
        raise NotFound
    return found


def site_facts(election: Election, law: Law | None = None) -> tuple[facts.SiteFacts, ...]:
    """The same sites as the checker sees them; a secret one by its alias."""
    return tuple(
        facts.SiteFacts(
            row.id, row.label, row.kind, row.outcome,
            row.decision.reason if row.decision is not None else "", row.expected or 0,
        )
        for row in site_rows(election, law)
    )  # fmt: skip


def rulesets() -> dict[str, Ruleset]:
    """Every ruleset that an election may be made under today, by its key. Cost: one statement."""
    today = clock.today()
    return {key: one for key, one in law_books.usable().items() if (one.valid_to or today) >= today}


def verified(election: Election) -> frozenset[str]:
    """Paths of the fields that an officer compared with the law in force. Cost: two statements."""
    try:
        return frozenset(law_books.find(election.ruleset).ticks)
    except NotFound:
        return frozenset()


def ruleset_choices(known: Mapping[str, Ruleset]) -> list[tuple[str, str]]:
    """Key and name of rulesets, for a form; the version is said where two have the same name."""
    names = [type_name(one) for one in known.values()]
    return [
        (key, name if names.count(name) == 1 else f"{name}, {known[key].version}")
        for key, name in sorted(zip(known, names, strict=True), key=lambda pair: pair[1])
    ]


def by_feed_key(key: str) -> Election:
    """The election whose calendar has this key, whoever asks.

    Raises:
        NotFound: there is none, or the key was changed since.
    """
    with tenancy.everywhere():
        found = db.session.scalars(
            select(Election)
            .where(Election.feed_key == key)
            .options(selectinload(Election.decisions))
        ).first()
    if found is None:
        raise NotFound
    return found
