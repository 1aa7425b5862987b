"""The law of an election as tablets ask for it: resolved once, not at every contact.

Tablets sync every minute, and dates do not change by themselves. What is kept is known by
everything that it was made of, so that nothing has to say when it is out of date.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date

from outreach.core.errors import Invalid
from outreach.elections.models import Election
from outreach.elections.queries import decisions_of, law_of
from outreach.rulesets.check import check_receiver
from outreach.rulesets.facts import Finding, Level, Receiver
from outreach.rulesets.resolve import Law

_MOST_LAWS = 32
_MOST_PEOPLE = 5000
_laws: OrderedDict[tuple[object, ...], KnownLaw] = OrderedDict()


class KnownLaw:
    """A law, and what it says of people on days, as far as it was asked."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._said: dict[tuple[object, ...], Finding | None] = {}

    def against(self, receiver: Receiver, day: date, channel: str) -> Finding | None:
        """What blocks somebody from receiving votes on a day; None where nothing does."""
        key = (
            receiver.id, receiver.name, receiver.role, receiver.flags, receiver.appointed_on,
            receiver.expires_on, receiver.instructed_on, day, channel,
        )  # fmt: skip
        if key not in self._said:
            if len(self._said) >= _MOST_PEOPLE:
                self._said.clear()
            findings = check_receiver(receiver, day, self.law, channel)
            blocks = (one for one in findings if one.level is Level.BLOCK)
            self._said[key] = next(blocks, None)
        return self._said[key]


def known_law(election: Election) -> KnownLaw | None:
    """The law of an election that was read with its decisions; None where its days do not suit."""
    key = (
        election.id, election.version, election.ruleset, election.election_day,
        election.writ_day, decisions_of(election),
    )  # fmt: skip
    if key not in _laws:
        try:
            _laws[key] = KnownLaw(law_of(election))
        except Invalid:
            return None
        if len(_laws) > _MOST_LAWS:
            _laws.popitem(last=False)
    return _laws[key]
