"""What election officers see of the proof, and what leaves the house as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from outreach.core import audit, clock
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.elections.models import Election, SiteDecision
from outreach.people.models import Staff
from outreach.proof import actions, bundle, gathering, reader
from outreach.proof.verify import verify
from outreach.receivers.models import Appointment
from outreach.rounds.models import PlanState
from outreach.sites.models import Site
from tests.counting import statements
from tests.proof import world
from tests.rounds.world import make_site, store
from tests.voting.world import make_election, make_home

Polls = tuple[Election, list[Site], list[Staff]]
SignIn = Callable[[Role], FlaskClient]


@pytest.fixture
def polls(org: object) -> Polls:
    return world.make_polls()


@pytest.fixture
def officer(as_role: SignIn) -> FlaskClient:
    return as_role(Role.ELECTION_OFFICER)


def exported(election: Election) -> bundle.Bundle:
    return reader.read(reader.parsed(actions.export(election.id).encode()))


def test_a_published_election_verifies_without_a_breach(polls: Polls) -> None:
    election, sites, people = polls
    first, *_rest = world.publish(election, sites, people)
    world.hold(first, people[:2])
    clock.move_to(datetime(2026, 11, 24, 10, 58, tzinfo=clock.DK))
    report = verify(reader.parsed(actions.export(election.id).encode()))
    assert [one.rule for one in report.broken] == []
    assert report.bundle.totals == bundle.Totals(sites=3, receivers=6, sessions=3, held=1, votes=21)
    assert {one.code for one in report.notes} >= {"to-come", "not-verified"}


def test_what_is_unlawful_in_the_database_is_named_by_the_file(polls: Polls) -> None:
    election, sites, people = polls
    world.publish(election, sites, people)
    row = db.session.query(Appointment).filter_by(staff_id=people[0].id).one()
    with writing():
        row.is_candidate = True
    report = verify(json.loads(actions.export(election.id)))
    assert [one.rule for one in report.broken] == ["receiver-flags"]


def test_a_bundle_names_nobody_and_no_secret_place(polls: Polls) -> None:
    election, sites, people = polls
    secret = make_site("K001", kind="crisis_centre", is_secret=True, alias="K-01", name="",
                       latitude=None, longitude=None, sort_key="k-01")  # fmt: skip
    reason = f"Ligger på {world.SECRET}"
    store(SiteDecision(election_id=election.id, site_id=secret.id, outcome="none", reason=reason))
    world.publish(election, sites, people)
    text = actions.export(election.id)
    assert [one.name for one in people if one.name in text] == []
    assert [one.id for one in people if one.id in text] == []
    assert "Kirseb" not in text
    assert '"K-01"' in text
    assert exported(election).sites[0].reason in ("", "withheld")


def test_an_export_leaves_a_line_with_its_digest(polls: Polls) -> None:
    made = exported(polls[0])
    entry = db.session.query(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc()).first()
    assert entry is not None
    assert (entry.verb, entry.details) == ("export", {"sha256": made.digest})


def test_the_download_is_a_bundle(officer: FlaskClient, polls: Polls) -> None:
    answer = officer.post(f"/elections/{polls[0].id}/bundle")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    document = reader.parsed(answer.data)
    assert bundle.digest(document) == reader.read(document).digest


def test_what_is_not_safe_stands_on_top_with_a_way_to_put_it_right(
    officer: FlaskClient, polls: Polls
) -> None:
    election, sites, people = polls
    make_home(election, "H900", outcome="")
    world.publish(election, sites[:2], people, state=PlanState.DRAFT)
    page = officer.get(f"/elections/{election.id}?lang=en").text
    assert "It is not decided what happens at 1 site." in page
    assert "Site H900" in page
    assert f"/elections/{election.id}/sites?state=open" in page
    assert "1 site is to have a session, but has none in a plan." in page
    assert "The newest plan of 1 week is not published." in page
    assert page.index("What is not yet safe") < page.index("From decision to count")


def test_a_breach_is_named_with_its_person_and_paragraph(
    officer: FlaskClient, polls: Polls
) -> None:
    election, sites, people = polls
    world.publish(election, sites, people)
    row = db.session.query(Appointment).filter_by(staff_id=people[0].id).one()
    with writing():
        row.instructed_on = None
    page = officer.get(f"/elections/{election.id}?lang=da").text
    assert f"{people[0].name} er ikke instrueret" in page


def test_a_session_that_nobody_opened_is_said_and_one_that_runs_is_shown(
    as_role: SignIn, polls: Polls
) -> None:
    election, sites, people = polls
    world.publish(election, sites, people)
    clock.move_to(datetime(2026, 11, 24, 10, 45, tzinfo=clock.DK))
    page = as_role(Role.ELECTION_OFFICER).get(f"/elections/{election.id}?lang=en").text
    assert "The session should be open, and no tablet has said so:" in page
    assert 'id="live-table"' in page


@pytest.mark.parametrize(("minutes", "times"), [(29, 1), (30, 0)], ids=["29", "30"])
def test_a_session_that_was_closed_before_its_time_is_said(
    officer: FlaskClient, polls: Polls, minutes: int, times: int
) -> None:
    election, sites, people = polls
    first, *_rest = world.publish(election, sites, people)
    world.hold(first, people[:2], minutes=minutes)
    page = officer.get(f"/elections/{election.id}?lang=en").text
    assert page.count("Site H000: 29 min of 30") == times


@pytest.mark.parametrize("stage", ["decided", "planned", "published", "held", "complete"])
def test_every_figure_of_the_funnel_opens_its_list(
    stage: str, officer: FlaskClient, polls: Polls
) -> None:
    election, sites, people = polls
    first, *_rest = world.publish(election, sites, people)
    world.hold(first, people[:2])
    expected = 1 if stage in ("held", "complete") else 3
    front = officer.get(f"/elections/{election.id}?lang=en").text
    assert f"stage={stage}" in front
    page = officer.get(f"/elections/{election.id}/progress?stage={stage}&lang=en").text
    assert sum(f"Site H00{n}" in page for n in range(3)) == expected
    missing = officer.get(f"/elections/{election.id}/progress?stage={stage}&missing=1").text
    assert sum(f"Site H00{n}" in missing for n in range(3)) == 3 - expected


def test_a_stage_that_does_not_exist_is_not_found(officer: FlaskClient, polls: Polls) -> None:
    assert officer.get(f"/elections/{polls[0].id}/progress?stage=x").status_code == 404


def test_the_certificate_names_every_rule_and_what_it_does_not_prove(
    officer: FlaskClient, polls: Polls
) -> None:
    election, sites, people = polls
    world.publish(election, sites, people)
    stored = gathering.stored(election)
    report = verify(gathering.bundle_of(stored))
    for lang, words in (("da", "Hvad denne attest ikke beviser"), ("en", "does not prove")):
        page = officer.get(f"/elections/{election.id}/certificate?lang={lang}").text
        assert words in page
        assert [one.rule for one in report.verdicts if one.rule not in page] == []
        assert "KRV" in page


def test_a_small_number_of_votes_does_not_stand_on_the_certificate(
    officer: FlaskClient, polls: Polls
) -> None:
    election, sites, people = polls
    first, *_rest = world.publish(election, sites, people)
    world.hold(first, people[:2], votes=3)
    page = officer.get(f"/elections/{election.id}/certificate?lang=en").text
    assert "<dd>&lt;5</dd>" in page


def test_the_evaluation_proposes_what_was_counted(officer: FlaskClient, polls: Polls) -> None:
    election, sites, people = polls
    assert (
        "No session has been closed yet"
        in officer.get(f"/elections/{election.id}/evaluation?lang=en").text
    )
    first, *_rest = world.publish(election, sites, people)
    world.hold(first, people[:2], votes=22, minutes=55)
    page = officer.get(f"/elections/{election.id}/evaluation?lang=en").text
    assert "2.5" in page
    assert page.count('<td class="number">22</td>') == 2


def test_the_pages_cost_the_same_at_any_size(officer: FlaskClient, polls: Polls) -> None:
    costs = []
    election, sites, people = polls
    world.publish(election, sites[:1], people)
    for _size in (1, 3):
        with statements() as counted:
            officer.get(f"/elections/{election.id}")
        costs.append(len(counted))
        if len(costs) == 1:
            world.publish(election, sites[1:], people[2:], number=2)
    assert costs[0] == costs[1]


def test_the_start_page_tells_officers_of_deadlines_within_14_days(
    officer: FlaskClient, polls: Polls
) -> None:
    page = officer.get("/?lang=en").text
    assert "Election days and deadlines within 14 days" in page
    assert "Election day" in page
    assert f'href="/elections/{polls[0].id}"' in page


def test_the_start_page_tells_nobody_else(as_role: SignIn, polls: Polls) -> None:
    assert "election-days" not in as_role(Role.COORDINATOR).get("/?lang=en").text


def test_everybody_who_received_votes_stands_in_the_file(polls: Polls) -> None:
    election, sites, people = polls
    first, *_rest = world.publish(election, sites, people)
    world.hold(first, people[:2])
    world.relieve(first, people[2:4])
    held = exported(election).sessions[0].held
    assert held is not None
    assert held.opened_by == held.closed_by
    assert [set(team) & set(held.opened_by) for team in held.relieved_by] == [set()]


def test_an_election_that_is_over_still_shows_who_was_at_two_places(polls: Polls) -> None:
    election, sites, people = polls
    world.publish(election, sites, people)
    other = make_election(election_day=date(2026, 12, 4))
    world.publish(other, sites[:1], people)
    clock.move_to(datetime(2026, 12, 7, 9, tzinfo=clock.DK))
    report = verify(json.loads(actions.export(election.id)))
    assert [one.rule for one in report.broken] == ["receiver-one-place"]
