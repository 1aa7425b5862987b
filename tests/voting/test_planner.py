"""The sprint as a problem: lawful windows, legal teams, parts of large homes; all judged apart."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from outreach.accounts.models import Organisation
from outreach.catalogue.models import Kit, Service
from outreach.core import clock
from outreach.core.db import db
from outreach.elections import queries as elections
from outreach.elections.models import Election, LocalDecision
from outreach.receivers.models import Appointment
from outreach.rounds.answer import Answer
from outreach.rulesets.facts import Level
from outreach.sites.models import SiteQuiet
from outreach.voting import judging, queries, sessions, sprint, teams
from outreach.voting.planner import Sprint
from tests.rounds.world import make_catalogue, store
from tests.voting.world import (
    FIRST_DAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    make_election,
    make_home,
    make_receiver,
    make_receivers,
    make_sprint,
    place,
    the_visits,
)

DAYS = (MONDAY, TUESDAY, WEDNESDAY)


def prepared(election: Election, days: Iterable[date] = DAYS, count: int = 3) -> Sprint:
    sessions.in_step(election)
    depot = sprint.team_depots()[0]
    formed = teams.form(election, tuple(days), count, depot, keep=False)
    return Sprint(sprint.read(election, formed.shifts))


def spans(made: Sprint, answer: Answer) -> dict[str, list[tuple[date, str, int, int, int]]]:
    """Day, team, start and end of each part, by site code."""
    found: dict[str, list[tuple[date, str, int, int, int]]] = {}
    known = {one.visit_id: one for one in made.facts.sessions}
    for timed in answer.rounds:
        for stop in timed.placed.stops:
            one = known[stop.visit_id]
            at = (timed.shift.day, timed.shift.letter, stop.starts, stop.ends, one.part)
            found.setdefault(made.facts.sites[one.site_id].code, []).append(at)
    return {code: sorted(ats) for code, ats in found.items()}


def test_a_small_sprint_is_planned_and_keeps_the_law(org: Organisation) -> None:
    """Four homes, one team: nothing left, nothing said against it but that it is a draft."""
    election = make_sprint(homes=4, receivers=6)
    made = prepared(election)
    answer, about = made.searched("fewest", 1.5)
    assert answer.left == ()
    assert about["teams"] == about["bound"] == 1
    assert judging.findings(made.facts, [t.placed for t in answer.rounds]) == ()


def test_the_law_bounds_the_days(org: Organisation) -> None:
    """Neither before the window nor in the days kept for second attempts, whatever is asked."""
    election = make_sprint(homes=2, reserve_days=2)
    law = elections.law_of(election)
    days = sprint.sprint_days(election, law)
    assert days[0] == FIRST_DAY
    assert days[-1] == WEDNESDAY
    assert date(2026, 12, 25) not in days
    made = prepared(election, [date(2027, 1, 7), date(2027, 1, 8)])
    answer, _about = made.searched("fewest", 0.5)
    assert len(answer.left) == 2


def test_the_hosts_agreed_hours_hold(org: Organisation) -> None:
    """Instead of the hours of the site; the session lies whole inside them."""
    make_catalogue()
    election = make_election()
    make_home(election, "H1", decision={"hours_from": 780, "hours_to": 940})
    make_receivers(election, 2)
    made = prepared(election)
    answer, _about = made.searched("earliest", 1)
    ((_day, _team, starts, ends, _part),) = spans(made, answer)["H1"]
    assert starts >= 780
    assert ends <= 940


def test_quiet_times_bind_only_where_they_are_kept(org: Organisation) -> None:
    """A host works around its own quiet hour unless the election keeps it."""
    election = make_sprint(homes=1)
    sessions.in_step(election)
    (one,) = queries.sessions(election.id)
    store(SiteQuiet(site_id=one.site_id, weekday=None, starts=500, ends=950))
    assert prepared(election).searched("fewest", 0.4)[0].left == ()
    election.keeps_quiet = True
    db.session.commit()
    election = elections.election_by_id(election.id)
    assert len(prepared(election).searched("fewest", 0.4)[0].left) == 1


def test_two_teams_serve_a_large_home_at_the_same_time(org: Organisation) -> None:
    """Two parts, one day, one start, two teams."""
    make_catalogue()
    election = make_election()
    make_home(election, "H1", 130)
    make_receivers(election, 8)
    made = prepared(election)
    answer, about = made.searched("fewest", 1)
    one, other = spans(made, answer)["H1"]
    assert one[0] == other[0]
    assert one[2] == other[2]
    assert one[1] != other[1]
    assert {one[4], other[4]} == {1, 2}
    assert about["teams"] == 2


def test_three_parts_lie_on_one_day(org: Organisation) -> None:
    """Even where three teams cannot be told to begin together."""
    make_catalogue()
    election = make_election()
    make_home(election, "H1", 200)
    make_receivers(election, 8)
    made = prepared(election)
    answer, _about = made.searched("fewest", 1)
    at = spans(made, answer)["H1"]
    assert len(at) == 3
    assert len({day for day, *_more in at}) == 1


def test_a_home_may_be_served_over_dates(org: Organisation) -> None:
    """Each part on a day of its own."""
    make_catalogue()
    election = make_election()
    make_home(election, "H1", 200, decision={"split": "dates"})
    make_receivers(election, 4)
    made = prepared(election)
    answer, about = made.searched("fewest", 1)
    assert len({day for day, *_more in spans(made, answer)["H1"]}) == 3
    assert about["teams"] == 1


def test_people_who_may_not_do_not_ride(org: Organisation) -> None:
    """A candidate, an uninstructed one, one whose appointment ended, one who cannot come."""
    election = make_sprint(homes=1, receivers=2)
    make_receiver(election, "Kandidat", is_candidate=True)
    make_receiver(election, "Ny", instructed_on=None)
    make_receiver(election, "Udløbet", expires_on=date(2026, 12, 31))
    make_receiver(election, "Optaget", days=["2026-12-22"])
    depot = sprint.team_depots()[0]
    formed = teams.form(election, DAYS, 5, depot, keep=False)
    riding = {person.name for shift in formed.shifts for person in shift.people}
    assert riding == {"Person 00", "Person 01"}
    assert {(lack.day, lack.made, lack.code, lack.has, lack.needs) for lack in formed.lacks} == {
        (day, 1, "people", 2, 10) for day in DAYS
    }


def test_a_local_decision_lets_an_employee_ride(org: Organisation) -> None:
    """One in a team, and only when the council decided it."""
    election = make_sprint(homes=1, receivers=1)
    make_receiver(election, "Ansat", role="municipal_employee")
    depot = sprint.team_depots()[0]
    assert teams.form(election, DAYS, 1, depot, keep=False).shifts == ()
    store(LocalDecision(election_id=election.id, option="one_employee",
                        decided_on=date(2026, 10, 1), document="26/1"))  # fmt: skip
    db.session.expire_all()
    election = elections.election_by_id(election.id)
    assert len(teams.form(election, DAYS, 1, depot, keep=False).shifts) == 3


def test_stored_teams_are_kept_while_they_are_legal(org: Organisation) -> None:
    """Forming again changes nothing; a candidate among them breaks up that team alone."""
    election = make_sprint(homes=1, receivers=6)
    depot = sprint.team_depots()[0]

    def formed(*, keep: bool) -> dict[tuple[str, date], set[str]]:
        made = teams.form(election, DAYS, 2, depot, keep=keep)
        return {(s.letter, s.day): {p.name for p in s.people} for s in made.shifts}

    first = teams.form(election, DAYS, 2, depot, keep=False)
    teams.store(election, DAYS, first.shifts)
    db.session.commit()
    before = formed(keep=True)
    assert before == {(s.letter, s.day): {p.name for p in s.people} for s in first.shifts}
    gone = next(p for s in first.shifts if s.letter == "V1" for p in s.people)
    row = db.session.scalars(select(Appointment).where(Appointment.staff_id == gone.id)).one()
    row.is_candidate = True
    db.session.commit()
    after = formed(keep=True)
    assert all(after["V2", day] == before["V2", day] for day in DAYS)
    assert all(gone.name not in people for people in after.values())
    assert len(after) == 6


def test_the_kit_is_taken_along_and_never_lent_twice(org: Organisation) -> None:
    """One voting kit: one team a day."""
    election = make_sprint(homes=3)
    store(Service(code="VOTE", name_da="V", name_en="V", minutes=30, kits=["K-VOTE"]))
    store(Kit(code="K-VOTE", name_da="V", name_en="V", amount=1))
    made = prepared(election, [MONDAY])
    answer, _about = made.searched("fewest", 1)
    assert len({t.shift.letter for t in answer.rounds}) == 1
    assert all("K-VOTE" in t.placed.kits for t in answer.rounds)


def test_a_lock_is_kept(org: Organisation) -> None:
    """Day, team and time."""
    election = make_sprint(homes=3)
    sessions.in_step(election)
    one = queries.sessions(election.id)[0]
    one.visit.pin_day, one.visit.pin_team, one.visit.pin_start = TUESDAY, "V2", 600
    db.session.commit()
    made = prepared(election)
    answer, _about = made.searched("fewest", 1)
    at = [(t.shift.day, t.shift.letter, s.starts) for t in answer.rounds
          for s in t.placed.stops if s.visit_id == one.visit_id]  # fmt: skip
    assert at == [(TUESDAY, "V2", 600)]


def test_an_election_with_two_parties_gets_mixed_teams(org: Organisation) -> None:
    """The ruleset us-mn needs no line of code of its own."""
    make_catalogue()
    election = make_election("us-mn@2025-01")
    make_home(election, "H1", 20)
    for n, party in enumerate(["a", "a", "a", "b"]):
        make_receiver(election, f"Judge {n}", role="election_judge", attributes={"party": party})
    law = elections.law_of(election)
    days = sprint.sprint_days(election, law)[:2]
    made = prepared(election, days, count=2)
    assert [len(shift.people) for shift in made.facts.shifts] == [2] * len(made.facts.shifts)
    answer, _about = made.searched("fewest", 0.6)
    found = judging.findings(made.facts, [t.placed for t in answer.rounds])
    assert [one for one in found if one.level is Level.BLOCK] == []


@settings(max_examples=10, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    residents=st.lists(st.integers(5, 260), min_size=1, max_size=6),
    receivers=st.integers(2, 9), desks=st.integers(1, 3),
    split=st.sampled_from(["crews", "dates"]),
    ask=st.tuples(st.integers(1, 3), st.sampled_from(["fewest", "earliest"])),
)  # fmt: skip
def test_no_random_election_is_planned_against_the_law(
    org: Organisation, residents: list[int], receivers: int, desks: int, split: str,
    ask: tuple[int, str],
) -> None:  # fmt: skip
    """Whatever is placed is lawful, and every part of a home is placed or named as left out."""
    days, aim = ask
    election = make_election()
    tag = election.id[-6:]
    for n, count in enumerate(residents):
        make_home(election, f"{tag}{n}", count, north=n, decision={"desks": desks, "split": split})
    for n in range(receivers):
        make_receiver(election, f"{tag} {n}")
    made = prepared(election, DAYS[:days], count=3)
    answer, _about = made.searched(aim, 0.4)
    placed = [t.placed for t in answer.rounds]
    assert judging.blocks(made.facts, placed) == ()
    assert made.judged(placed).breaches == ()
    served = [s.visit_id for one in placed for s in one.stops]
    left = [one.visit_id for one in answer.left]
    assert sorted(served + left) == sorted(one.visit_id for one in made.facts.sessions)
    window = elections.law_of(election).windows["institution"]
    assert all(window.first.date() <= one.day <= window.last.date() for one in placed)
    assert all(one.day - clock.today() > timedelta(0) for one in placed)


@pytest.mark.parametrize("aim", ["fewest", "earliest"])
def test_what_was_published_moves_as_little_as_possible(org: Organisation, aim: str) -> None:
    """One home more: the others keep their day and their team."""
    election = make_sprint(homes=2, receivers=0)
    people = make_receivers(election, 2)
    sessions.in_step(election)
    place(election, the_visits(election), people, state="published", day=TUESDAY)
    depot = sprint.team_depots()[0]
    first = teams.form(election, [TUESDAY], 1, depot, keep=False)
    teams.store(election, [TUESDAY], first.shifts)
    db.session.commit()
    before = queries.planned(queries.newest_plans(election.id))
    make_home(election, "H99")
    sessions.in_step(election)
    formed = teams.form(election, [TUESDAY, WEDNESDAY], 1, depot, keep=True)
    made = Sprint(sprint.read(election, formed.shifts))
    answer, _about = made.searched(aim, 1)
    assert answer.left == ()
    now = {s.visit_id: (t.shift.day, t.shift.letter) for t in answer.rounds for s in t.placed.stops}
    assert {v: now[v] for v in before} == dict.fromkeys(before, (TUESDAY, "V1"))
