import re
from datetime import UTC, date, datetime

from flask import Flask
from flask.testing import FlaskClient

from outreach.core import clock
from outreach.core.db import db
from outreach.elections import actions
from outreach.elections.ics import Event, Stamp, calendar
from outreach.elections.queries import election_by_id
from tests.elections.world import kv21, make_receiver, make_sites

STAMP = Stamp(datetime(2021, 10, 15, 7, 0, tzinfo=UTC), 3)
NOON = datetime(2021, 11, 4, 18, 0, tzinfo=clock.DK)


def unfolded(content: bytes) -> list[str]:
    """The content lines, as a reader of calendars joins them (RFC 5545 §3.1)."""
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def test_every_line_ends_with_crlf_and_has_at_most_75_octets() -> None:
    event = Event("a@b", "Æøå " * 60, "x" * 300, date(2021, 10, 26), date(2021, 11, 12))
    content = calendar("Valg", [event], STAMP)
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert all(line.decode() is not None for line in lines)  # no letter is cut
    assert f"SUMMARY:{'Æøå ' * 60}" in unfolded(content)


def test_days_end_on_the_morning_after_and_moments_stand_in_utc() -> None:
    days = Event("a@b", "Vindue", "", date(2021, 10, 26), date(2021, 11, 12))
    moment = Event("c@d", "Frist", "", NOON)
    lines = unfolded(calendar("Valg", [days, moment], STAMP))
    assert "DTSTART;VALUE=DATE:20211026" in lines
    assert "DTEND;VALUE=DATE:20211113" in lines
    assert "DTSTART:20211104T170000Z" in lines
    assert lines.count("DTSTAMP:20211015T070000Z") == lines.count("SEQUENCE:3") == 2


def test_signs_with_a_meaning_are_escaped() -> None:
    lines = unfolded(calendar("a;b", [Event("a@b", "a,b\\c", "x\ny", NOON)], STAMP))
    assert "SUMMARY:a\\,b\\\\c" in lines
    assert "DESCRIPTION:x\\ny" in lines
    assert "NAME:a\\;b" in lines


def test_the_feed_holds_windows_and_deadlines_without_sign_in_and_no_site_or_person(
    app: Flask, client: FlaskClient, org: object
) -> None:
    election = kv21()
    make_sites()
    make_receiver(election, "Rosa Rasmussen")
    answer = client.get(f"/calendars/{election.feed_key}/election.ics?lang=da")
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = unfolded(answer.data)
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
    assert f"UID:{election.id}.institution@outreach" in uids
    assert "DTEND:20211104T170000Z" in lines
    text = "\n".join(lines)
    assert not re.search("care_home|Rosa|K-K1|H1", text)
    assert "KRV § 62" in text
    again = client.get(
        f"/calendars/{election.feed_key}/election.ics?lang=da",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304


def test_an_address_that_was_replaced_or_guessed_gives_nothing(
    app: Flask, client: FlaskClient, org: object
) -> None:
    election = kv21()
    old = election.feed_key
    actions.renew_feed(election)
    assert client.get(f"/calendars/{old}/election.ics").status_code == 404
    assert client.get(f"/calendars/{election.id}/election.ics").status_code == 404
    db.session.rollback()
    new = election_by_id(election.id).feed_key
    assert client.get(f"/calendars/{new}/election.ics").status_code == 200
