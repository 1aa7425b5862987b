"""Sessions follow what is decided for the sites."""

from datetime import datetime, timedelta

from sqlalchemy import select

from outreach.accounts.models import Organisation
from outreach.catalogue.models import ChecklistItem, Service
from outreach.core import clock
from outreach.core.db import db
from outreach.elections.models import Election, SiteDecision
from outreach.elections.queries import law_of
from outreach.rounds.models import PlanState
from outreach.rulesets.whole import check_election
from outreach.visits.models import Visit, VisitTask
from outreach.voting import queries, sessions
from outreach.voting.models import SessionMark, VotingSession
from tests.counting import statements
from tests.rounds.world import make_catalogue, store
from tests.voting.world import (
    make_election,
    make_home,
    make_receivers,
    make_sprint,
    place,
    the_visits,
)


def stored(election: Election) -> list[tuple[str, int, int, int, int]]:
    """Site code, part, parts, votes and minutes at the site, of each session."""
    return sorted(
        (one.visit.site.code, one.part, one.parts, one.expected,
         one.visit.setup_minutes + one.visit.service_minutes)
        for one in queries.sessions(election.id)
    )  # fmt: skip


def test_a_decided_site_gets_a_session_of_its_length(org: Organisation) -> None:
    """40 residents, 45 per cent: 18 votes of six minutes, set-up and packing."""
    make_catalogue()
    election = make_election()
    make_home(election, "H1", 40)
    make_home(election, "H2", 40, outcome="none", decision={"reason": "Lukket"})
    make_home(election, "H3", 40, outcome="")
    assert sessions.in_step(election).new == 1
    assert stored(election) == [("H1", 1, 1, 18, 25 + 108 + 15)]
    (visit,) = the_visits(election)
    assert (visit.book, visit.services, visit.crews) == (election.id, ["VOTE"], 1)
    assert sessions.in_step(election) == sessions.Step(0, 0, 0, ())


def test_a_session_has_the_check_list_of_voting(org: Organisation) -> None:
    """Copied once, as at every visit."""
    election = make_sprint(homes=1)
    items = [ChecklistItem(seq=0, text_da="Tæl", text_en="Count", is_mandatory=True)]
    store(Service(code="VOTE", name_da="Valg", name_en="Vote", minutes=9, checklist=items))
    sessions.in_step(election)
    sessions.in_step(election)
    tasks = db.session.scalars(select(VisitTask)).all()
    assert [(task.visit_id, task.text_da) for task in tasks] == [
        (the_visits(election)[0].id, "Tæl")
    ]


def test_a_large_home_is_split(org: Organisation) -> None:
    """By the longest session, or by the hours that the host agreed to."""
    make_catalogue()
    election = make_election()
    make_home(election, "H1", 200)
    make_home(election, "H2", 40, decision={"hours_from": 600, "hours_to": 720})
    sessions.in_step(election)
    assert stored(election) == [
        ("H1", 1, 3, 30, 220), ("H1", 2, 3, 30, 220), ("H1", 3, 3, 30, 220),
        ("H2", 1, 2, 9, 94), ("H2", 2, 2, 9, 94),
    ]  # fmt: skip


def test_another_decision_takes_the_session_away(org: Organisation) -> None:
    """Nobody was told of it: it goes, out of the draft too; decided again, it comes back."""
    election = make_sprint(homes=2)
    sessions.in_step(election)
    visits = the_visits(election)
    place(election, visits, [])
    (decision, _other) = db.session.scalars(
        select(SiteDecision).order_by(SiteDecision.site_id)
    ).all()
    decision.outcome, decision.reason = "none", "Beboerne stemmer selv"
    db.session.commit()
    step = sessions.in_step(election)
    assert (step.gone, step.stuck) == (1, ())
    gone = next(visit for visit in visits if visit.site_id == decision.site_id)
    assert db.session.get(Visit, gone.id).status == "cancelled"  # type: ignore[union-attr]
    (plan,) = queries.newest_plans(election.id)
    assert gone.id not in queries.planned([plan])
    decision.outcome = "session"
    db.session.commit()
    assert sessions.in_step(election).new == 1


def test_a_published_session_is_never_taken_away_silently(org: Organisation) -> None:
    """It stays and is named, until a version is published without it."""
    election = make_sprint(homes=1)
    sessions.in_step(election)
    (visit,) = the_visits(election)
    place(election, [visit], make_receivers(election, 2, first=50), state="published")
    decision = db.session.scalars(select(SiteDecision)).one()
    decision.outcome, decision.reason = "none", "Lukket"
    db.session.commit()
    step = sessions.in_step(election)
    assert (step.gone, step.stuck) == (0, (visit.id,))
    place(election, [], [], state="published", number=2)
    assert sessions.in_step(election).gone == 1


def test_an_opened_session_is_left_as_it_is(org: Organisation) -> None:
    """Neither its votes nor its length change under the receivers' hands."""
    election = make_sprint(homes=1)
    sessions.in_step(election)
    (visit,) = the_visits(election)
    visit.status = "in_progress"
    decision = db.session.scalars(select(SiteDecision)).one()
    decision.expected = 5
    db.session.commit()
    assert sessions.in_step(election).changed == 0
    visit.status = "planned"
    db.session.commit()
    assert sessions.in_step(election).changed == 1
    assert stored(election) == [("H00", 1, 1, 5, 70)]


def test_the_checker_sees_sessions_as_planned(org: Organisation) -> None:
    """Doors open after set-up and close before packing; nothing speaks against it."""
    election = make_sprint(homes=1, receivers=0)
    people = make_receivers(election, 2)
    sessions.in_step(election)
    (visit,) = the_visits(election)
    place(election, [visit], people)
    facts = queries.facts_of(election)
    (session,) = facts.sessions
    assert session.starts == datetime(2027, 1, 4, 9, 25, tzinfo=clock.DK)
    assert session.ends == session.starts + timedelta(minutes=108)
    assert (session.team, session.label) == ("V1 2027-01-04", "Site H00")
    assert [one.name for one in session.receivers] == ["Person 00", "Person 01"]
    assert check_election(facts, law_of(election)) == ()


def test_only_a_published_plan_counts_where_that_is_asked(org: Organisation) -> None:
    """A draft is nobody's business yet."""
    election = make_sprint(homes=1)
    sessions.in_step(election)
    place(election, the_visits(election), [])
    assert len(queries.sessions_of(election)) == 1
    assert queries.sessions_of(election, state=PlanState.PUBLISHED) == ()


def test_a_held_session_counts_as_it_was_held(org: Organisation) -> None:
    """By the first opening and the last closing, with those who were named."""
    election = make_sprint(homes=1, receivers=0)
    people = make_receivers(election, 3)
    sessions.in_step(election)
    (visit,) = the_visits(election)
    place(election, [visit], people[:2], state="published")
    opened = datetime(2027, 1, 4, 9, 31, tzinfo=clock.DK)
    for number, (kind, at) in enumerate([("open", opened), ("close", opened + timedelta(hours=1))]):
        store(
            SessionMark(
                visit_id=visit.id, op_id=f"op{number}", by_id="u", by_name="U", at=at,
                received_at=at, kind=kind, receivers=[people[0].id, people[2].id],
            )
        )  # fmt: skip
    (session,) = queries.sessions_of(election)
    assert (session.starts, session.ends) == (opened, opened + timedelta(hours=1))
    assert [one.name for one in session.receivers] == ["Person 00", "Person 02"]


def test_somebody_who_is_no_longer_appointed_has_no_role(org: Organisation) -> None:
    """The checker says no to the session."""
    election = make_sprint(homes=1, receivers=0)
    people = make_receivers(election, 1)
    sessions.in_step(election)
    place(election, the_visits(election), [*people, *make_receivers(make_election(), 1, first=9)])
    found = check_election(queries.facts_of(election), law_of(election))
    assert "receiver-role" in {one.code for one in found}


def test_reading_costs_the_same_for_many_sessions(org: Organisation) -> None:
    """As many statements for twenty homes as for two."""
    election = make_sprint(homes=2, receivers=0)
    people = make_receivers(election, 2)
    sessions.in_step(election)
    place(election, the_visits(election), people)
    with statements() as few:
        queries.facts_of(election)
    for n in range(20):
        make_home(election, f"M{n:02d}")
    sessions.in_step(election)
    place(election, the_visits(election), people, number=2)
    with statements() as many:
        assert len(queries.facts_of(election).sessions) == 22
    assert len(many) == len(few)
    assert db.session.scalars(select(VotingSession)).first() is not None
