"""Changing the days or a decision says first which planned sessions would break."""

from datetime import date, timedelta

from outreach.accounts.models import Organisation
from outreach.elections import consequences
from outreach.elections.actions import decide
from outreach.elections.queries import election_by_id
from outreach.receivers.queries import appointments
from outreach.rulesets.facts import LocalDecision
from outreach.voting import sessions
from tests.rounds.world import make_catalogue
from tests.voting.world import (
    ELECTION_DAY,
    MONDAY,
    make_election,
    make_home,
    make_receiver,
    make_sprint,
    place,
    the_visits,
)


def broken(effect: consequences.Effect) -> list[str]:
    return [one.text for one in effect.breaks if one.kind == "session"]


def test_other_days_name_every_session_that_would_lie_outside_its_window(
    org: Organisation,
) -> None:
    election = make_sprint(homes=2, receivers=2)
    sessions.in_step(election)
    visits = the_visits(election)
    people = [row.staff for row in appointments(election.id)]
    place(election, visits, people, day=MONDAY)
    same = consequences.of_days(election_by_id(election.id), ELECTION_DAY, None)
    assert same.is_nothing
    later = ELECTION_DAY + timedelta(days=28)
    effect = consequences.of_days(election_by_id(election.id), later, None)
    said = broken(effect)
    assert len(said) == len(visits) == 2
    assert all(any(visit.site.label in text for text in said) for visit in visits)
    assert all("KRV § 62" in text for text in said)
    assert len(effect.windows) == len({one.name for one in effect.windows}) > 3


def test_a_decision_that_is_taken_back_names_the_teams_that_would_break(
    org: Organisation,
) -> None:
    make_catalogue()
    election = make_election()
    make_home(election, "H1")
    one = make_receiver(election, "Anna")
    other = make_receiver(election, "Bo", role="municipal_employee")
    sessions.in_step(election)
    place(election, the_visits(election), [one, other], day=MONDAY)
    decision = LocalDecision("one_employee", date(2026, 11, 1), "26/1")
    made = consequences.of_decision(election_by_id(election.id), "one_employee", decision)
    assert broken(made) == []
    assert made.teams
    decide(election_by_id(election.id), decision)
    undone = consequences.of_decision(election_by_id(election.id), "one_employee", None)
    assert len(broken(undone)) == 1
    assert "KRV § 61" in broken(undone)[0]
