"""From a bundle to what the one checker judges: once as planned, once as held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.proof import bundle
from outreach.rulesets import facts


@dataclass(frozen=True, slots=True)
class Judged:
    """A bundle as facts; moments stand on the ruleset's wall clock."""

    file: bundle.Bundle
    zone: ZoneInfo
    people: Mapping[str, bundle.Receiver] = field(init=False)
    sites: Mapping[str, bundle.Site] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", {one.id: one for one in self.file.receivers})
        object.__setattr__(self, "sites", {one.id: one for one in self.file.sites})

    def planned(self) -> facts.ElectionFacts:
        """The election as it is planned; what other elections ask of its people counts too."""
        of = self.file
        return facts.ElectionFacts(
            election_day=of.election.day,
            writ_day=of.election.writ_day,
            decisions=decisions(of),
            sites=tuple(_site(one) for one in of.sites),
            sessions=tuple(
                self._session(one, (one.planned.starts, one.planned.ends), _seats(one))
                for one in of.sessions
                if one.planned
            ),
            others=tuple(self._elsewhere(n, one) for n, one in enumerate(of.elsewhere, start=1)),
        )

    def held(self) -> tuple[facts.Session, ...]:
        """The sessions as they were held, by who opened them."""
        return tuple(
            self._session(one, _times(one, one.held), _named(one, one.held.opened_by))
            for one in self.file.sessions
            if one.held
        )

    def others(self) -> tuple[facts.Session, ...]:
        """The sessions once more for every other team that took over, or closed, than opened."""
        return tuple(
            self._session(one, _times(one, one.held), _named(one, names))
            for one in self.file.sessions
            if one.held
            for names in (*one.held.relieved_by, one.held.closed_by)
            if names and set(names) != set(one.held.opened_by)
        )

    def _session(
        self,
        of: bundle.Session,
        times: tuple[datetime, datetime],
        seats: Sequence[tuple[str, str]],
    ) -> facts.Session:
        site = self.sites.get(of.site)
        return facts.Session(
            id=of.id, site=of.site, site_kind=site.kind if site else "", channel=of.channel,
            starts=times[0].astimezone(self.zone), ends=times[1].astimezone(self.zone),
            receivers=tuple(self._receiver(code, vehicle) for code, vehicle in seats),
            part=of.part, parts=of.parts, expected=of.expected,
            team=of.planned.team if of.planned else "", label=site.label if site else of.site,
        )  # fmt: skip

    def _receiver(self, code: str, vehicle: str) -> facts.Receiver:
        one = self.people.get(code) or bundle.Receiver(id=code, role="")
        return facts.Receiver(
            id=one.id, role=one.role, vehicle=vehicle, attributes=dict(one.attributes),
            flags=frozenset(one.flags), appointed_on=one.appointed_on, expires_on=one.expires_on,
            instructed_on=one.instructed_on,
        )  # fmt: skip

    def _elsewhere(self, number: int, one: bundle.Elsewhere) -> facts.Session:
        return facts.Session(
            id=f"X{number}", site="", site_kind="", channel="",
            starts=one.starts.astimezone(self.zone), ends=one.ends.astimezone(self.zone),
            receivers=tuple(facts.Receiver(code, "") for code in one.receivers),
        )  # fmt: skip


def decisions(of: bundle.Bundle) -> tuple[facts.LocalDecision, ...]:
    """The local decisions."""
    return tuple(
        facts.LocalDecision(one.option, one.decided_on, one.document, one.value)
        for one in of.election.decisions
    )


def _times(of: bundle.Session, held: bundle.Held) -> tuple[datetime, datetime]:
    """From opening to closing; one that is still open is judged by its planned end."""
    planned = of.planned.ends if of.planned else held.opened_at
    return held.opened_at, held.closed_at or max(planned, held.opened_at)


def _seats(of: bundle.Session) -> list[tuple[str, str]]:
    return [(one.receiver, one.vehicle) for one in of.planned.seats] if of.planned else []


def _named(of: bundle.Session, names: Sequence[str]) -> list[tuple[str, str]]:
    """People in the vehicles that the plan gave them; whoever stepped in came with the others."""
    rides = dict(_seats(of))
    usual = next(iter(rides.values()), "")
    return [(name, rides.get(name, usual)) for name in names]


def _site(one: bundle.Site) -> facts.SiteFacts:
    outcome = facts.Outcome(one.outcome) if one.outcome else None
    return facts.SiteFacts(one.id, one.label, one.kind, outcome, one.reason, one.expected)
