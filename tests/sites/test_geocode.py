"""What is asked outside, and what a hostile or broken server can do: nothing."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from geopy.exc import GeocoderServiceError

from outreach.core.auth import Role
from outreach.core.errors import Unavailable
from outreach.sites import geocode
from outreach.sites.models import Precision
from outreach.sites.outside import PolicyAdapter
from tests.sites.test_pages import SECRET, made

HOUSE = [{"lat": "56.15", "lon": "10.21", "display_name": "Skovvejen 1", "addresstype": "house"}]


class Server:
    """A geocoder on the loopback that behaves as told and remembers what it was asked."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        asked = self.asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                answer(self)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


def says(body: bytes, status: int = 200, **headers: str) -> Callable[..., None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def drips(request: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for ever: no single wait is long."""
    request.send_response(200)
    request.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(100):
            request.wfile.write(b" ")
            time.sleep(0.05)


@pytest.fixture
def server(app: Flask) -> Iterator[Callable[..., Server]]:
    settings, started = app.config["OUTREACH"], list[Server]()

    def start(answer: Callable[..., None], kind: str = "nominatim") -> Server:
        made = Server(answer)
        started.append(made)
        app.config["OUTREACH"] = settings.model_copy(
            update={"geocoder_url": made.url, "geocoder_kind": kind}
        )
        return made

    with app.app_context():
        yield start
    app.config["OUTREACH"] = settings
    for one in started:
        one.http.shutdown()
        one.http.server_close()


def test_with_default_settings_no_socket_connects(
    app: Flask, as_role: Callable[[Role], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_role(Role.COORDINATOR)
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        browser.get("/sites")

    def refuse(*_args: object) -> None:
        raise AssertionError("something left the machine")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    body = {"address": "Skovvejen 1, Trøjborg", "secret": False}
    assert browser.post("/api/v1/places", json=body).get_json()["found"]
    browser.post("/api/v1/places", json={"address": "Ukendt 1", "secret": False})
    site = made(browser, SECRET)
    assert browser.get(f"/sites/{site.id}").status_code == 200


def test_the_operators_server_is_asked_and_its_precision_kept(
    server: Callable[..., Server],
) -> None:
    asked = server(says(json.dumps(HOUSE).encode()))
    found = geocode.look_up("Skovvejen 1, 8000", is_secret=False)
    assert found == geocode.Found(56.15, 10.21, Precision.HOUSE, "Skovvejen 1")
    assert len(asked.asked) == 1


def test_a_photon_server_works_too(server: Callable[..., Server]) -> None:
    feature = {
        "geometry": {"coordinates": [10.21, 56.15]},
        "properties": {"name": "Skovvejen", "type": "street", "osm_key": "highway"},
    }
    server(says(json.dumps({"features": [feature]}).encode()), "photon")
    found = geocode.look_up("Skovvejen", is_secret=False)
    assert found is not None
    assert found.precision == Precision.STREET


def test_a_secret_site_is_never_asked_about(server: Callable[..., Server]) -> None:
    asked = server(says(json.dumps(HOUSE).encode()))
    found = geocode.look_up("Skovvejen 1, Trøjborg", is_secret=True)
    assert found is not None
    assert found.precision == Precision.PLACE
    assert asked.asked == []


@pytest.mark.parametrize("said", [{"secret": True}, {}, {"secret": None}, {"secret": 0}])
def test_an_address_goes_outside_only_if_the_form_says_that_it_is_not_secret(
    as_role: Callable[[Role], FlaskClient], server: Callable[..., Server], said: dict[str, Any]
) -> None:
    asked, browser = server(says(b"[]")), as_role(Role.COORDINATOR)
    browser.post("/api/v1/places", json={"address": "Skovvejen 1", **said})
    assert asked.asked == []


def test_a_stored_secret_site_is_not_asked_about_whatever_the_form_says(
    as_role: Callable[[Role], FlaskClient], server: Callable[..., Server]
) -> None:
    asked, browser = server(says(b"[]")), as_role(Role.COORDINATOR)
    site = made(browser, SECRET)
    for stored in (site.id, "no-such-site"):
        body = {"address": "Fuglevej 77", "secret": False, "site": stored}
        browser.post("/api/v1/places", json=body)
    assert asked.asked == []


def test_a_redirect_is_not_followed(server: Callable[..., Server]) -> None:
    other = Server(says(b"[]"))
    server(says(b"", 302, Location=f"{other.url}/x"))
    with pytest.raises(Unavailable):
        geocode.look_up("Skovvejen 1", is_secret=False)
    assert other.asked == []
    other.http.shutdown()
    other.http.server_close()


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"7", b'"x"', b"[" * 100_000, b"[{}]", b'[{"lat": "x", "lon": "y"}]',
     b'[{"lat": null, "lon": 1}]', b"\xff\xfe", b" " * 3_000_000],
)  # fmt: skip
def test_a_broken_answer_is_no_traceback(server: Callable[..., Server], body: bytes) -> None:
    server(says(body))
    with pytest.raises(Unavailable):
        geocode.look_up("Skovvejen 1", is_secret=False)


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
def test_a_refusal_is_said_plainly(server: Callable[..., Server], status: int) -> None:
    server(says(b"no", status))
    with pytest.raises(Unavailable):
        geocode.look_up("Skovvejen 1", is_secret=False)


@pytest.mark.parametrize("at", [("NaN", "NaN"), ("0", "0"), ("-56", "10")])
def test_a_position_outside_denmark_is_not_taken(
    server: Callable[..., Server], at: tuple[str, str]
) -> None:
    server(says(json.dumps([{**HOUSE[0], "lat": at[0], "lon": at[1]}]).encode()))
    try:
        found = geocode.look_up("Skovvejen 1, Trøjborg", is_secret=False)
    except Unavailable:
        return
    assert found is not None
    assert found.precision == Precision.PLACE


def test_a_slow_answer_is_given_up(
    server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocode, "_TIMEOUT_S", 0.3)
    server(drips)
    start = time.monotonic()
    with pytest.raises(Unavailable):
        geocode.look_up("Skovvejen 1", is_secret=False)
    assert time.monotonic() - start < 2


def test_an_address_of_another_host_is_refused() -> None:
    adapter = PolicyAdapter(origin=("https", "geo.example.dk"), proxies=None, ssl_context=None)
    for url in ("https://evil.example/", "http://geo.example.dk/", "https://geo.example.dk@evil/"):
        with pytest.raises(GeocoderServiceError):
            adapter.get_text(url, timeout=1, headers={})


@pytest.mark.parametrize(
    ("address", "words", "precision"),
    [
        ("Skovvejen 1, 8000, Trøjborg", "Trøjborg", Precision.PLACE),
        ("Egevej 4, Egå, Aarhus", "Egå", Precision.PLACE),
        ("Nygade 3, 8000 Aarhus C", "8000", Precision.POSTCODE),
        ("Århus", "Aarhus", Precision.PLACE),
        ("københavn", "København", Precision.PLACE),
    ],
)
def test_the_local_index_takes_the_closest_place(
    address: str, words: str, precision: Precision
) -> None:
    found = geocode.LocalIndex().geocode(address)
    assert (found.address, found.raw["precision"]) == (words, precision)
    assert geocode.LocalIndex().geocode("Ukendt 1") is None
