"""Odd addresses, broken bodies, a database that is away: a clear answer, and nothing in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from outreach.core import audit
from outreach.core.auth import Role
from outreach.core.db import db
from tests.core.test_http import HEADERS

BIG = "9" * 25
CPR = "010190-1234"
SAID = {"da": "Det ligner et CPR-nummer", "en": "This looks like a civil registration number"}


@pytest.fixture
def planner(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.COORDINATOR)


@pytest.mark.parametrize(
    "url",
    [
        f"/sites?page={BIG}", "/sites?page=9223372036854775808", "/sites?page=-1", "/sites?page=x",
        f"/reports/visits?period=2026-W48&measure=due&page={BIG}",
        f"/weeks/2026-W48/versions/{BIG}", "/weeks/2026-W48/versions/2147483648",
        "/reports?period=0001-W01", "/reports?period=9999-W52", "/reports?period=9999-H2",
        "/reports?period=days&first=0001-01-01&last=0001-01-02",
        "/reports?period=days&first=9999-12-30&last=9999-12-31",
        "/reports/figures.csv?period=0001-W01", "/sites?q=%00", "/agreements/new?site=%00",
        "/sites?q=%ff%fe", "/sites?q=%ed%a0%80", "/reports?period=%D9%A2%D9%A0%D9%A2%D9%A6-W48",
    ],
)  # fmt: skip
def test_an_odd_address_gets_a_clear_answer(planner: FlaskClient, url: str) -> None:
    assert planner.get(url).status_code in (200, 400, 404, 422)


def test_the_auditor_may_ask_for_any_page(as_role: Callable[[Role], FlaskClient]) -> None:
    assert as_role(Role.AUDITOR).get(f"/audit-log?page={BIG}").status_code == 200


def test_no_field_keeps_a_nul(planner: FlaskClient) -> None:
    form = {"name": "A\0B", "kind": "library", "status": "active", "people": "1"}
    assert planner.post("/sites/new", data=form).status_code == 400


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"[]", b"{", b'{"address": "\xff"}', b'{"address": "\\ud800"}', b""]
)
def test_a_broken_body_is_refused(planner: FlaskClient, body: bytes) -> None:
    answer = planner.post("/api/v1/places", data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_body_that_is_no_json_is_refused(planner: FlaskClient) -> None:
    answer = planner.post("/api/v1/places", data=b"{}", content_type="text/plain")
    assert answer.status_code == 422


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_address_and_no_body_carries_a_cpr_number(planner: FlaskClient, language: str) -> None:
    planner.get(f"/sites?lang={language}")
    for url in (f"/sites?q={CPR}", f"/sites?q=a&q={CPR}", f"/sign-in?next=/sites?q={CPR}"):
        answer = planner.get(url)
        assert answer.status_code == 422
        assert SAID[language] in answer.text
        assert CPR not in answer.text
    stranger = FlaskClient(planner.application).get(f"/sites?q={CPR.replace('-', '+')}")
    assert (stranger.status_code, stranger.location) == (303, "/sign-in")
    answer = planner.post("/api/v1/places", json={"address": CPR, "secret": False})
    assert SAID[language] in answer.get_json()["fields"]["address"]
    an_id = "019b0190-1234-7abc-8def-0101901234ab"  # an id is no number of a person
    assert planner.get(f"/agreements/new?site={an_id}").status_code == 200


def test_the_way_to_the_tablet_needs_no_stroke_at_its_end(client: FlaskClient) -> None:
    answer = client.get("/t")
    assert (answer.status_code, answer.location) == (308, "http://localhost/t/")
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.fixture
def away(app: Flask) -> Iterator[Callable[[], None]]:
    """A call after which nobody's session can be looked up any more."""
    taken: list[str] = []

    def take() -> None:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE login_session RENAME TO taken_away"))
        taken.append("")

    yield take
    db.session.rollback()
    if taken:
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE taken_away RENAME TO login_session"))


@pytest.mark.parametrize("language", ["da", "en"])
def test_without_a_database_there_still_is_a_page_with_every_header(
    planner: FlaskClient, away: Callable[[], None], caplog: pytest.LogCaptureFixture, language: str
) -> None:
    planner.get(f"/sites?lang={language}")
    away()
    page = planner.get("/sites?q=Fuglevej")
    program = planner.get("/api/v1/jobs/01234567-89ab-7def-8123-456789abcdef")
    for url in ("/nowhere", "/api/v1/nowhere"):
        assert planner.get(url).status_code == 404
    for answer in (page, program):
        assert answer.status_code in (500, 503)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["Cache-Control"] == "no-store"
    assert f'lang="{language}"' in page.text
    assert program.mimetype == "application/problem+json"
    for url in ("/healthz", "/sw.js"):
        assert planner.get(url).status_code == 200
    assert "login_session" in caplog.text
    assert "parameters: (" not in caplog.text


def test_a_thread_forgets_whom_it_served_before(app: Flask, planner: FlaskClient) -> None:
    """A server's threads keep their context between requests; the client here does as well."""
    cookie = planner.get_cookie("outreach")
    assert cookie is not None
    browser = FlaskClient(app)
    browser.set_cookie("outreach", cookie.value)
    assert browser.get("/sites").status_code == 200
    assert audit.actor.get() != audit.NOBODY
    FlaskClient(app).get("/healthz")
    assert audit.actor.get() == audit.NOBODY
    db.session.rollback()
    assert db.session.scalar(select(1)) == 1
