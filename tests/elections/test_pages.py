import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.core import clock, cpr
from outreach.core.auth import Role
from outreach.core.db import db
from outreach.elections.models import Election, LocalDecision
from outreach.elections.queries import election_by_id, law_of
from outreach.elections.rules import fingerprint
from tests.elections.world import kv21, make_election, make_sites

E = date(2026, 12, 29)


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.ELECTION_OFFICER)


def test_the_officer_makes_an_election_and_sees_every_window_with_its_paragraph(
    browser: FlaskClient,
) -> None:
    assert "Ingen valg endnu" in browser.get("/elections").text
    form = browser.get("/elections/new?ruleset=dk-kv@2025-01").text
    assert "writ_day" not in form
    data = {"title": "Valg 2026", "election_day": E.isoformat()}
    answer = browser.post("/elections/new?ruleset=dk-kv@2025-01", data=data)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "KRV § 62" in page
    assert page.count("<rect") == len(law_of(_one()).windows)
    assert "Valg 2026" in browser.get("/elections").text


def _one() -> Election:
    return election_by_id(db.session.scalars(select(Election.id)).one())


def test_a_general_election_called_today_opens_no_window_before_today(
    browser: FlaskClient,
) -> None:
    today = clock.today()
    url = "/elections/new?ruleset=dk-fv@2025-01"
    assert "writ_day" in browser.get(url).text
    day = today + timedelta(days=21)
    without = browser.post(url, data={"title": "FV", "election_day": day.isoformat()})
    assert without.status_code == 422
    data = {"title": "FV", "election_day": day.isoformat(), "writ_day": today.isoformat()}
    assert browser.post(url, data=data).status_code == 303
    windows = law_of(_one()).windows
    assert {"any_voter", "institution", "home", "home_application"} <= windows.keys()
    assert min(one.first.date() for one in windows.values()) >= today


@pytest.mark.parametrize(
    ("days", "writ"), [(-1, None), (21, 1), (5, 10)], ids=["past", "future writ", "after the day"]
)
def test_days_that_cannot_be_are_refused(browser: FlaskClient, days: int, writ: int | None) -> None:
    today = clock.today()
    data = {"title": "FV", "election_day": (today + timedelta(days=days)).isoformat(),
            "writ_day": (today + timedelta(days=writ or 0)).isoformat()}  # fmt: skip
    assert browser.post("/elections/new?ruleset=dk-fv@2025-01", data=data).status_code == 422
    assert db.session.scalars(select(Election)).all() == []


def test_a_local_decision_is_shown_with_its_effect_before_it_is_saved(
    browser: FlaskClient,
) -> None:
    make_sites()
    election = make_election(day=E)
    url = f"/elections/{election.id}/decisions/home_procedure"
    data = {"kinds": ["shelter"], "decided_on": "2026-11-01", "document": "26/1234"}
    preview = browser.post(url, data=data)
    assert preview.status_code == 200
    assert "Herberg" in preview.text
    assert _one().decisions == []
    data["previewed"] = _mark(preview.text)
    changed = browser.post(url, data={**data, "kinds": ["residential_support"]})
    assert changed.status_code == 200  # something else was previewed than would be saved
    assert _one().decisions == []
    assert browser.post(url, data=data).status_code == 303
    assert [(d.option, d.value, d.document) for d in _one().decisions] == [
        ("home_procedure", "shelter", "26/1234")
    ]
    assert "home" in law_of(_one()).outcomes("shelter")
    assert "home" not in law_of(_one()).outcomes("residential_support")


def _mark(text: str) -> str:
    found = re.search(r'name="previewed"[^>]*value="([0-9a-f]{64})"', text)
    assert found
    return found[1]


def test_saving_and_removing_a_decision_can_be_undone(browser: FlaskClient) -> None:
    election = make_election(day=E)
    url = f"/elections/{election.id}/decisions/one_employee"
    data = {"decided_on": "2026-11-01", "document": "26/1"}
    data["previewed"] = _mark(browser.post(url, data=data).text)
    page = browser.get(browser.post(url, data=data).location).text
    undo = re.findall(r'action="(/elections/[^"]*put-back[^"]*)"', page)
    browser.post(f"/elections/{election.id}/take-back/one_employee")
    page = browser.get(f"/elections/{election.id}/decisions").text
    again = re.findall(r'action="(/elections/[^"]*put-back[^"]*)"', page)
    assert _one().decisions == []
    browser.post(again[-1].replace("&amp;", "&"))
    assert [(d.option, d.decided_on) for d in _one().decisions] == [
        ("one_employee", date(2026, 11, 1))
    ]
    browser.post(undo[0].replace("&amp;", "&"))
    assert _one().decisions == []


def test_a_deadline_may_be_set_later_and_never_earlier(browser: FlaskClient) -> None:
    election = make_election(day=E)
    last = law_of(election).windows["home_application"].last
    url = f"/elections/{election.id}/decisions/later_deadline"
    early = {"decided_on": "2026-11-01", "document": "1", "later_minute": "12:00",
             "later_day": (last.date() - timedelta(days=1)).isoformat()}  # fmt: skip
    assert browser.post(url, data=early).status_code == 422
    late = {**early, "later_day": (last.date() + timedelta(days=3)).isoformat()}
    late["previewed"] = _mark(browser.post(url, data=late).text)
    assert browser.post(url, data=late).status_code == 303
    assert law_of(_one()).windows["home_application"].last.date() == last.date() + timedelta(days=3)


def test_another_day_is_previewed_and_ends_a_decision_that_does_not_suit_it(
    browser: FlaskClient,
) -> None:
    election = make_election(day=E)
    last = law_of(election).windows["home_application"].last
    later = f"{last.date() + timedelta(days=3)}T12:00"
    row = LocalDecision(election_id=election.id, option="later_deadline", value=later,
                        decided_on=date(2026, 11, 1), document="1")  # fmt: skip
    db.session.add(row)
    db.session.commit()
    url = f"/elections/{election.id}/days"
    data = {"title": "Valg", "election_day": (E + timedelta(days=35)).isoformat()}
    preview = browser.post(url, data=data)
    assert "Senere ansøgningsfrist" in preview.text
    assert _one().election_day == E
    data["previewed"] = _mark(preview.text)
    assert browser.post(url, data=data).status_code == 303
    changed = _one()
    assert changed.election_day == E + timedelta(days=35)
    assert [one.decided_on for one in changed.decisions] == [None]
    assert "Skal bekræftes" in browser.get(f"/elections/{election.id}/decisions").text


def test_settings_are_kept_and_contradictions_refused(browser: FlaskClient) -> None:
    election = make_election(day=E)
    data = {"setup_minutes": "20", "pack_minutes": "10", "seconds_per_vote": "300",
            "percent_voting": "50", "longest_minutes": "240", "reserve_days": "2",
            "first_minute": "08:30", "last_minute": "15:30", "break_minutes": "30"}  # fmt: skip
    url = f"/elections/{election.id}/settings"
    assert browser.post(url, data=data).status_code == 303
    assert (_one().percent_voting, _one().first_minute) == (50, 510)
    assert browser.post(url, data={**data, "last_minute": "08:00"}).status_code == 422
    assert browser.post(url, data={**data, "longest_minutes": "30"}).status_code == 422


def test_what_nobody_has_verified_says_so_until_an_officer_ticks_it_off(
    browser: FlaskClient,
) -> None:
    election = make_election(day=E)
    url, key = f"/elections/{election.id}/decisions", election.ruleset
    assert browser.get(url).text.count("Ikke verificeret") == 1
    field = "local_options.home_procedure_senior"
    assert browser.post(f"/rulesets/tick/{key}", data={"field": field}).status_code == 303
    page = browser.get(url).text
    assert "Ikke verificeret" not in page
    assert "Verificeret" in page


def test_two_elections_that_overlap_stand_beside_each_other(browser: FlaskClient) -> None:
    make_election(day=E, title="Valg A")
    make_election("dk-fa", day=E + timedelta(days=14), writ=date(2026, 11, 20), title="Valg B")
    page = browser.get("/elections").text
    assert "Valg A: " in page
    assert "Valg B: " in page
    assert "Valg, der overlapper" in page


def test_elections_that_do_not_overlap_are_not_drawn_together(browser: FlaskClient) -> None:
    make_election(day=E, title="Valg A")
    make_election(day=E + timedelta(days=400), title="Valg B")
    assert '<svg class="time-line"' not in browser.get("/elections").text


def test_a_text_with_a_cpr_number_is_refused(browser: FlaskClient) -> None:
    election = make_election(day=E)
    data = {"title": "Valg 010203-1234", "election_day": E.isoformat()}
    assert browser.post("/elections/new?ruleset=dk-kv@2025-01", data=data).status_code == 422
    decision = {"decided_on": "2026-11-01", "document": "0102031234"}
    url = f"/elections/{election.id}/decisions/one_employee"
    assert browser.post(url, data=decision).status_code == 422


def test_the_list_writes_a_day_with_its_year_in_both_languages(browser: FlaskClient) -> None:
    kv21()
    assert "tirs. 16.11.2021" in browser.get("/elections").text
    assert "Tue 16 Nov 2021" in browser.get("/elections?lang=en").text


@pytest.mark.parametrize(
    "said",
    ["document=010170-1234", "document=26/1&value=010170-1234", f"document={'x' * 61}",
     f"document=26/1&value={'x' * 161}", "document="],
    ids=["cpr", "cpr beside", "long", "long beside", "empty"],
)  # fmt: skip
def test_an_address_that_puts_a_decision_back_lets_nothing_in_that_no_form_does(
    browser: FlaskClient, said: str
) -> None:
    election = make_election(day=E)
    url = f"/elections/{election.id}/put-back/one_employee?day=2026-11-01&{said}"
    assert browser.post(url).status_code == 422
    assert _one().decisions == []


def test_no_fingerprint_of_a_preview_looks_like_a_cpr_number() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(20_000)]
    assert not any(cpr.find(fingerprint(day, None)) for day in days)
