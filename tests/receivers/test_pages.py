import logging
import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from outreach.core.auth import Role
from outreach.core.db import Base, db, writing
from outreach.core.errors import Invalid
from outreach.elections import actions as elections
from outreach.elections import consequences
from outreach.elections.actions import Days
from outreach.elections.models import Election
from outreach.elections.queries import election_by_id, law_of
from outreach.people.models import Absence, Staff
from outreach.receivers.actions import AppointmentFields, appoint
from outreach.receivers.models import Appointment
from outreach.receivers.queries import appointments, candidates, eligible
from tests.elections.world import kv21, make_election, make_receiver, minnesota
from tests.receivers.files import as_csv, as_xlsx, people, sheet


@pytest.fixture
def election(org: object) -> Election:
    return kv21()


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient], election: Election) -> FlaskClient:
    return as_role(Role.ELECTION_OFFICER)


def names(election: Election, day: date) -> list[str]:
    return [one.name for one in eligible(election_by_id(election.id), day)]


DAY = date(2021, 11, 9)
NOT: dict[str, dict[str, Any]] = {
    "candidate": {"is_candidate": True}, "uninstructed": {"instructed_on": None},
    "not appointed": {"appointed_on": None},
    "appointed later": {"appointed_on": date(2021, 11, 10)},
    "expired": {"expires_on": date(2021, 11, 8)}, "other days": {"days": ["2021-11-10"]},
    "role unknown here": {"role": "institution_employee"},
}  # fmt: skip


@pytest.mark.parametrize("why", sorted(NOT))
def test_who_may_not_receive_votes_cannot_be_planned_and_the_page_says_why(
    browser: FlaskClient, election: Election, why: str
) -> None:
    make_receiver(election, "Anna Berg")
    make_receiver(election, "Bo Dam", **NOT[why])
    assert names(election, DAY) == ["Anna Berg"]
    said = {c.name: c.why for c in candidates(election_by_id(election.id), DAY)}
    assert said["Anna Berg"] == ()
    assert said["Bo Dam"]
    assert browser.get(f"/elections/{election.id}/receivers").status_code == 200
    if why not in ("appointed later", "expired", "other days"):  # they can on another day
        assert "Bo Dam" in browser.get(f"/elections/{election.id}/receivers?state=not").text


def test_who_is_away_or_goes_out_no_more_cannot_be_planned(election: Election) -> None:
    for name in ("Anna", "Bo", "Carl"):
        make_receiver(election, name)
    away, gone = (
        db.session.scalars(select(Staff).where(Staff.name == name)).one() for name in ("Anna", "Bo")
    )
    with writing():
        db.session.add(Absence(staff_id=away.id, from_day=DAY, to_day=DAY))
        gone.is_active = False
    assert names(election, DAY) == ["Carl"]
    assert names(election, DAY + timedelta(days=1)) == ["Anna", "Carl"]


def test_reserves_come_last(election: Election) -> None:
    make_receiver(election, "Anna", is_reserve=True)
    make_receiver(election, "Bo")
    assert names(election, DAY) == ["Bo", "Anna"]


def test_an_officer_appoints_instructs_changes_and_calls_off(
    browser: FlaskClient, election: Election
) -> None:
    url = f"/elections/{election.id}/receivers"
    data = {"name": "Anna Berg", "role": "appointed_voter", "appointed_on": "2021-10-15",
            "email": "anna@example.dk"}  # fmt: skip
    assert browser.post(f"{url}/new", data=data).status_code == 303
    assert browser.post(f"{url}/new", data={**data, "name": ""}).status_code == 422
    row = db.session.scalars(select(Appointment)).one()
    assert names(election, DAY) == []
    done = browser.post(
        f"{url}/instructed", data={"who": "ticked", "ids": row.id, "day": "2021-10-15"}
    )
    assert done.status_code == 303
    assert names(election, DAY) == ["Anna Berg"]
    undo = re.findall(r'action="([^"]*not-instructed[^"]*)"', browser.get(url).text)[0]
    browser.post(undo.replace("&amp;", "&"))
    assert names(election, DAY) == []
    browser.post(f"{url}/instructed", data={"who": "all", "day": "2021-10-14"})
    change = {"role": "appointed_voter", "appointed_on": "2021-10-15", "source_ref": "D7",
              "instructed_on": "2021-10-14", "days": ["2021-11-09", "2021-11-10"]}  # fmt: skip
    assert browser.post(f"{url}/{row.id}", data=change).status_code == 303
    assert names(election, DAY) == ["Anna Berg"]
    assert names(election, DAY + timedelta(days=2)) == []
    browser.post(f"{url}/{row.id}/remove")
    assert appointments(election.id) == ()
    undo = re.findall(r'action="([^"]*put-back[^"]*)"', browser.get(url).text)[-1]
    browser.post(undo.replace("&amp;", "&"))
    again = appointments(election.id)[0]
    assert (again.days, again.source_ref) == (["2021-11-09", "2021-11-10"], "D7")


@pytest.mark.parametrize("day", ["2021-10-16", ""], ids=["future", "none"])
def test_an_instruction_that_has_not_been_is_refused(
    browser: FlaskClient, election: Election, day: str
) -> None:
    make_receiver(election, "Anna", instructed_on=None)
    url = f"/elections/{election.id}/receivers/instructed"
    assert browser.post(url, data={"who": "all", "day": day}).status_code == 422


def test_ticks_and_the_shown_list_stay_when_an_instruction_is_refused(
    browser: FlaskClient, election: Election
) -> None:
    make_receiver(election, "Anna Berg", instructed_on=None)
    make_receiver(election, "Bo Dam")
    url = f"/elections/{election.id}/receivers"
    page = browser.get(f"{url}?state=uninstructed").text
    action = re.findall(r'action="([^"]*/instructed[^"]*)"', page)[0].replace("&amp;", "&")
    row = next(row for row in appointments(election.id) if row.staff.name == "Anna Berg")
    page = browser.post(action, data={"who": "ticked", "ids": row.id, "day": ""}).text
    assert re.search(rf'value="{row.id}" checked', page)
    assert "Bo Dam" not in page


def test_noting_the_instruction_of_nobody_is_no_success(
    browser: FlaskClient, election: Election
) -> None:
    make_receiver(election, "Anna Berg", instructed_on=None)
    url = f"/elections/{election.id}/receivers/instructed"
    done = browser.post(url, data={"who": "ticked", "day": "2021-10-15"})
    assert done.status_code == 422
    assert "Ingen af dem mangler at blive instrueret" in done.text


def upload(browser: FlaskClient, election: Election, content: bytes) -> str:
    """Choose a list and bring it in; gives the page of the dry run."""
    url = f"/elections/{election.id}/receivers/import"
    data = {"list_file": (BytesIO(content), "liste.csv"), "default_role": "appointed_voter"}
    shown = browser.post(url, data=data, content_type="multipart/form-data")
    assert shown.status_code == 200, shown.text
    parcel = re.findall(r'name="parcel"[^>]*value="([^"]+)"', shown.text)[0]
    assert browser.post(f"{url}/save", data={"parcel": parcel}).status_code == 303
    return shown.text


def test_a_list_is_shown_first_then_brought_in_and_again_changes_nothing(
    browser: FlaskClient, election: Election
) -> None:
    table = people(7)
    page = upload(browser, election, as_xlsx(sheet(table)))
    assert "1 kolonne med CPR-numre er kasseret" in page
    counts = re.findall(r'stat-value">(\d+)<', page)
    assert counts == ["7", "0", "0", "0", "0"]
    assert "7002" not in page.replace("parcel", "")  # no end of a CPR number
    rows = appointments(election.id)
    assert [row.staff.name for row in rows] == [f"Vælger {n} Østergård" for n in range(1, 8)]
    assert [row.is_reserve for row in rows].count(True) == 1
    assert "Uændret" in upload(browser, election, as_csv(table, "cp1252", "\t"))
    assert db.session.scalar(select(func.count(Staff.id))) == 7


def test_a_list_that_lacks_a_column_or_is_no_list_brings_nothing_in(
    browser: FlaskClient, election: Election
) -> None:
    url = f"/elections/{election.id}/receivers/import"
    for content in (b"E-mail;CPR\r\na@example.dk;010203-1234\r\n", b"", b"PK\x03\x04x"):
        data = {"list_file": (BytesIO(content), "x.csv"), "default_role": "appointed_voter"}
        answer = browser.post(url, data=data, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "010203" not in answer.text
    without = browser.post(url, data={"default_role": "appointed_voter"})
    assert without.status_code == 422


def test_a_parcel_that_was_changed_or_belongs_elsewhere_is_refused(
    browser: FlaskClient, election: Election
) -> None:
    url = f"/elections/{election.id}/receivers/import/save"
    assert browser.post(url, data={"parcel": "W10.x.y"}).status_code == 409
    assert browser.post(url).status_code == 409


def everything_stored() -> str:
    """Every row of every table, whatever database holds it."""
    with db.engine.connect() as connection:
        return "\n".join(
            str(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table))
        )


def test_after_a_list_with_cpr_numbers_no_file_of_the_instance_holds_one(
    app: Flask, browser: FlaskClient, election: Election, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    table = people(60)
    table[0][0], table[3][0] = "Navn", f"{table[3][0]} {table[3][1]}"  # one stands in a name
    numbers = [row[1] for row in table[1:]]
    upload(browser, election, as_csv(table))
    upload(browser, election, as_xlsx(sheet(table)))
    assert len(appointments(election.id)) == 59
    spellings = {n for one in numbers for n in (one, one.replace("-", ""))}
    found = [browser.get(f"/elections/{election.id}/receivers?page={n}").text for n in (1, 2)]
    found += [caplog.text, browser.get(f"/elections/{election.id}/calendar.ics").text]
    db.session.rollback()
    folder = Path(app.config["OUTREACH"].instance)
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    contents += [text.encode() for text in (*found, everything_stored())]
    assert any(b"person7@example.dk" in content for content in contents)
    lost = [one for one in spellings for content in contents if one.encode() in content]
    assert lost == []


def test_five_thousand_lines_are_brought_in_without_a_wait(
    browser: FlaskClient, election: Election
) -> None:
    start = time.monotonic()
    upload(browser, election, as_xlsx(sheet(people(5000))))
    assert db.session.scalar(select(func.count(Appointment.id))) == 5000
    assert time.monotonic() - start < 60


def test_where_parties_must_differ_they_are_read_shown_and_kept_with_the_appointment(
    as_role: Callable[[Role], FlaskClient], org: object
) -> None:
    election = minnesota()
    browser = as_role(Role.ELECTION_OFFICER)
    table = [["Name", "Party", "Instructed"], ["Ann", "DFL", "2026-09-30"], ["Bob", "R", "yes"]]
    url = f"/elections/{election.id}/receivers/import"
    data = {"list_file": (BytesIO(as_csv(table, separator=",")), "x.csv"),
            "default_role": "election_judge"}  # fmt: skip
    shown = browser.post(url, data=data, content_type="multipart/form-data").text
    parcel = re.findall(r'name="parcel"[^>]*value="([^"]+)"', shown)[0]
    browser.post(f"{url}/save", data={"parcel": parcel})
    rows = appointments(election.id)
    assert [row.attributes for row in rows] == [{"party": "DFL"}, {"party": "R"}]
    day = law_of(election_by_id(election.id)).windows["institution"].first.date()
    facts = [one.fact.attributes for one in eligible(election_by_id(election.id), day)]
    assert facts == [{"party": "DFL"}, {"party": "R"}]
    assert (
        'name="attribute"' in browser.get(f"/elections/{election.id}/receivers/{rows[0].id}").text
    )


def test_nothing_is_kept_of_people_that_the_law_does_not_ask_for(election: Election) -> None:
    with pytest.raises(Invalid) as refused:
        make_receiver(election, "Anna", attributes={"party": "A"})
    assert list(refused.value.fields) == ["attribute"]


def test_a_copy_proposes_the_same_people_neither_appointed_nor_instructed(
    election: Election,
) -> None:
    make_receiver(election, "Anna", is_candidate=True, days=["2021-11-09"], source_ref="D1")
    made = elections.duplicate(election, "Nyt", Days(date(2022, 5, 3), None))
    row = appointments(made.id)[0]
    assert (row.appointed_on, row.instructed_on, row.days, row.is_candidate) == (
        None, None, None, False,
    )  # fmt: skip
    assert row.source_ref == "D1"
    assert eligible(election_by_id(made.id), date(2022, 4, 25)) == ()


def test_who_is_appointed_for_two_elections_to_come_is_shown_in_both(
    browser: FlaskClient, election: Election
) -> None:
    one = make_receiver(election, "Anna")
    make_receiver(election, "Bo")
    other = make_election("dk-fa", date(2021, 11, 30), writ=date(2021, 10, 10), title="Afstemning")
    given = AppointmentFields(role="appointed_voter", appointed_on=date(2021, 10, 15))
    appoint(other, one.staff_id, given)
    page = browser.get(f"/elections/{election.id}/receivers").text
    assert page.count("også Afstemning") == 1
    assert "også Kommunal" in browser.get(f"/elections/{other.id}/receivers").text


def test_other_days_tell_whose_appointment_would_end_too_early(election: Election) -> None:
    make_receiver(election, "Anna", expires_on=date(2021, 11, 16))
    make_receiver(election, "Bo")
    make_receiver(election, "Carl", days=["2021-11-09"])
    effect = consequences.of_days(election_by_id(election.id), date(2021, 12, 14), None)
    said = [one.text for one in effect.breaks if one.kind == "appointment"]
    assert len(said) == 2
    assert "Anna" in said[0]
    assert "Carl" in said[1]
