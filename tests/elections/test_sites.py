import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.core.errors import Invalid
from outreach.elections import actions, deciding
from outreach.elections.actions import Days
from outreach.elections.deciding import DecisionFields
from outreach.elections.models import Election, LocalDecision, SiteDecision
from outreach.elections.queries import SiteRow, election_by_id, site_facts, site_row, site_rows
from outreach.rulesets.facts import Outcome
from outreach.sites.models import Site, SiteStatus
from tests.elections.world import E2, kv21, make_site, make_sites

SESSION = DecisionFields(outcome="session")


@pytest.fixture
def election(org: object) -> Election:
    found = kv21()
    make_sites()
    return found


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient], election: Election) -> FlaskClient:
    return as_role(Role.ELECTION_OFFICER)


def rows_of(election: Election) -> tuple[SiteRow, ...]:
    """Read anew, as a page would."""
    return site_rows(election_by_id(election.id))


def row_of(election: Election, site_id: str) -> SiteRow:
    return site_row(election_by_id(election.id), site_id)


def outcomes(election: Election) -> dict[str, Outcome | None]:
    return {row.code: row.outcome for row in rows_of(election)}


def test_every_active_site_of_a_named_kind_stands_undecided_and_no_other(
    election: Election,
) -> None:
    make_site("H9", "care_home", 10, status="paused")
    assert outcomes(election) == dict.fromkeys(["D1", "H1", "H2", "H3", "K1", "P1", "S1"])
    make_site("H8", "care_home", 10)
    assert outcomes(election)["H8"] is None
    assert [one.outcome for one in site_facts(election)] == [None] * 8


def test_a_decision_counts_and_expected_votes_follow_from_the_residents(
    browser: FlaskClient, election: Election
) -> None:
    row = next(row for row in rows_of(election) if row.code == "H2")
    data = {"outcome": "session", "desks": "2", "split": "dates", "hours_from": "10:00",
            "hours_to": "14:00", "then": "list"}  # fmt: skip
    url = f"/elections/{election.id}/sites/{row.id}"
    assert browser.post(url, data=data).status_code == 303
    stored = row_of(election, row.id)
    assert (stored.outcome, stored.expected) == (Outcome.SESSION, 57)
    assert stored.decision is not None
    assert (stored.decision.desks, stored.decision.hours_to) == (2, 840)
    page = browser.get(f"/elections/{election.id}/sites").text
    assert "af 7" in page


@pytest.mark.parametrize(
    ("code", "more", "field"),
    [
        ("H1", {"outcome": "home"}, "outcome"), ("H1", {"outcome": "none"}, "reason"),
        ("K1", {}, "expected"), ("H3", {}, "expected"), ("H1", {"hours_from": "9:00"}, "hours_to"),
        ("H1", {"hours_from": "12:00", "hours_to": "11:00"}, "hours_to"),
        ("H1", {"outcome": "none", "reason": "ring til 010203-1234"}, "reason"),
    ],
    ids=["not open", "no reason", "secret", "unknown", "one time", "backwards", "cpr"],
)  # fmt: skip
def test_a_decision_that_cannot_be_is_refused_beside_its_field(
    browser: FlaskClient, election: Election, code: str, more: dict[str, str], field: str
) -> None:
    row = next(row for row in rows_of(election) if row.code == code)
    data = {"outcome": "session", "desks": "1", "split": "crews", **more}
    answer = browser.post(f"/elections/{election.id}/sites/{row.id}", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert db.session.scalars(select(SiteDecision)).all() == []


def test_a_secret_site_is_known_by_its_alias_and_its_number_is_typed(
    browser: FlaskClient, election: Election
) -> None:
    row = next(row for row in rows_of(election) if row.is_secret)
    url = f"/elections/{election.id}/sites/{row.id}"
    page = browser.get(url).text
    assert "K-K1" in page
    assert "forseglet" in page
    data = {"outcome": "session", "expected": "9", "desks": "1", "split": "crews"}
    assert browser.post(url, data=data).status_code == 303
    assert row_of(election, row.id).expected == 9


def test_all_of_a_kind_are_decided_at_once_but_those_that_need_a_number(
    browser: FlaskClient, election: Election
) -> None:
    url = f"/elections/{election.id}/sites/kinds"
    answer = browser.post(url, data={"kind": "care_home", "outcome": "session", "reason": ""})
    assert answer.status_code == 303
    found = outcomes(election)
    assert (found["H1"], found["H2"], found["H3"]) == (Outcome.SESSION, Outcome.SESSION, None)
    page = browser.get(answer.location).text
    assert "2 steder er besluttet. 1 skal have sit eget tal" in page
    undo = re.findall(r'action="(/elections/[^"]*kinds/undo[^"]*)"', page)[0]
    browser.post(undo.replace("&amp;", "&"))
    assert set(outcomes(election).values()) == {None}


def test_a_kind_of_which_no_number_is_known_is_not_said_to_be_decided(
    browser: FlaskClient, election: Election
) -> None:
    url = f"/elections/{election.id}/sites/kinds"
    answer = browser.post(url, data={"kind": "crisis_centre", "outcome": "session", "reason": ""})
    assert answer.status_code == 422
    assert "Antallet af beboere er ikke kendt" in answer.text
    assert "kinds/undo" not in answer.text
    assert set(outcomes(election).values()) == {None}


def test_undo_puts_back_what_was_decided_before(browser: FlaskClient, election: Election) -> None:
    row = next(row for row in rows_of(election) if row.code == "H1")
    url = f"/elections/{election.id}/sites/{row.id}"
    first = {"outcome": "none", "reason": "Lukket i november", "desks": "1", "split": "crews"}
    browser.post(url, data=first)
    browser.get(url)  # the message of the first is shown and gone
    answer = browser.post(url, data={**first, "outcome": "session", "reason": ""})
    page = browser.get(answer.location).text
    undo = re.findall(r'action="(/elections/[^"]*/undo[^"]*)"', page)[-1]
    browser.post(undo.replace("&amp;", "&"))
    again = row_of(election, row.id)
    assert (again.outcome, again.decision and again.decision.reason) == (
        Outcome.NONE, "Lukket i november",
    )  # fmt: skip


def test_saving_leads_to_the_next_undecided_site(browser: FlaskClient, election: Election) -> None:
    rows = rows_of(election)
    data = {"outcome": "session", "expected": "5", "desks": "1", "split": "crews", "then": "next"}
    answer = browser.post(f"/elections/{election.id}/sites/{rows[-1].id}", data=data)
    assert answer.location.endswith(rows[0].id)


def test_a_site_that_is_opened_again_is_undecided_in_elections_to_come(
    election: Election,
) -> None:
    row = next(row for row in rows_of(election) if row.code == "H1")
    deciding.decide_site(election, row, SESSION)
    site = db.session.scalars(select(Site).where(Site.code == "H1")).one()
    with writing():
        site.name = "Nyt navn"
    assert outcomes(election)["H1"] is Outcome.SESSION
    with writing():
        site.status = SiteStatus.CLOSED
    assert "H1" not in outcomes(election)
    with writing():
        site.status = SiteStatus.ACTIVE
    assert outcomes(election)["H1"] is None


def test_what_a_local_decision_opened_is_undecided_without_it(election: Election) -> None:
    with writing():
        row = LocalDecision(option="home_procedure", value="shelter", document="1",
                            decided_on=E2, election_id=election.id)  # fmt: skip
        election.decisions.append(row)
    shelter = next(row for row in rows_of(election) if row.code == "S1")
    deciding.decide_site(election, shelter, DecisionFields(outcome="home"))
    actions.take_back(election, "home_procedure")
    found = site_row(election_by_id(election.id), shelter.id)
    assert found.outcome is None
    assert found.is_void


def test_a_copy_takes_over_decisions_and_settings_and_never_a_date(election: Election) -> None:
    with writing():
        election.percent_voting = 52
        row = LocalDecision(option="one_employee", value="", document="21/1", decided_on=E2,
                            election_id=election.id)  # fmt: skip
        election.decisions.append(row)
    home = next(row for row in rows_of(election) if row.code == "H1")
    deciding.decide_site(election, home, SESSION)
    later = E2.replace(year=2022)
    made = election_by_id(actions.duplicate(election, "Nyt", Days(later, None)).id)
    assert (made.percent_voting, made.copied_from) == (52, election.id)
    assert [(d.option, d.document, d.decided_on) for d in made.decisions] == [
        ("one_employee", "21/1", None)
    ]
    assert outcomes(made)["H1"] is Outcome.SESSION


def test_the_list_asks_the_database_as_often_for_many_sites_as_for_few(
    browser: FlaskClient, election: Election
) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def count() -> int:
        asked.clear()
        assert browser.get(f"/elections/{election.id}/sites").status_code == 200
        return len(asked)

    few = count()
    for number in range(60):
        make_site(f"N{number:02d}", "care_home", 30)
    assert count() == few


@pytest.mark.parametrize(
    "odd",
    [{"reason": "Ring til 010170-1234"}, {"reason": "x" * 281}, {"split": "halves"}, {"desks": 0},
     {"expected": -1}, {"hours_from": -5, "hours_to": 99}],
    ids=["cpr", "long", "split", "desks", "votes", "hours"],
)  # fmt: skip
def test_no_way_lets_in_what_no_form_does(election: Election, odd: dict[str, Any]) -> None:
    row = next(row for row in rows_of(election) if row.code == "H1")
    given = DecisionFields(**{"outcome": "none", "reason": "Lukket", **odd})
    with pytest.raises(Invalid):
        deciding.decide_site(election, row, given)


def test_no_reason_stands_in_an_address(browser: FlaskClient, election: Election) -> None:
    """Of a secret site it may tell where it is."""
    row = next(row for row in rows_of(election) if row.is_secret)
    url = f"/elections/{election.id}/sites/{row.id}"
    data = {"outcome": "none", "reason": "Stengade", "desks": "1", "split": "crews"}
    browser.get(browser.post(url, data=data).location)
    page = browser.get(browser.post(url, data={**data, "reason": "Torvet"}).location).text
    undo = re.findall(r'action="(/elections/[^"]*/undo[^"]*)"', page)
    assert undo
    assert "Stengade" not in "".join(undo)
    assert browser.post(undo[-1]).status_code == 303
    again = row_of(election, row.id).decision
    assert again is not None
    assert again.reason == "Stengade"
    assert browser.post(undo[-1]).status_code == 409
