"""Each rule of the checker finds its breach, and a lawful election has none."""

from __future__ import annotations

from outreach.rulesets.check import check
from outreach.rulesets.whole import check_election
from tests.rulesets.law import election, law, session


def test_a_lawful_session_and_election_have_no_finding() -> None:
    assert check(session(), law()) == ()
    assert check_election(election(), law()) == ()
