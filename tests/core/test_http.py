"""Headers, forged requests, errors, languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outreach.accounts.views import local_target
from outreach.core.auth import Role
from tests.conftest import PASSWORD

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types outreach"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
AN_ID = "01234567-89ab-7def-8123-456789abcdef"


def addresses(app: Flask) -> Iterator[str]:
    samples = {
        "uuid": AN_ID, "week": "2026-W48", "iso": "2026-11-24", "int": "1", "path": "x",
        "default": "x",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        url = str(rule)
        for kind, sample in samples.items():
            for name in rule.arguments:
                url = url.replace(f"<{kind}:{name}>", sample).replace(f"<{name}>", "x")
        yield url


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_every_answer_carries_every_header(app: Flask, client: FlaskClient, method: str) -> None:
    wrong = []
    for url in [*addresses(app), "/nowhere", "/api/v1/nowhere"]:
        answer = client.open(url, method=method)
        wrong += [
            (url, name) for name, value in HEADERS.items() if answer.headers.get(name) != value
        ]
        if "Cache-Control" not in answer.headers or "Set-Cookie" in answer.headers:
            wrong.append((url, answer.headers.get("Set-Cookie", "no Cache-Control")))
        if answer.status_code >= 500:
            wrong.append((url, str(answer.status_code)))
    assert wrong == []


def test_a_page_is_never_kept_by_a_cache(as_role: Callable[[Role], FlaskClient]) -> None:
    assert as_role(Role.ADMIN).get("/users").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.localhost"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_forged_request_is_refused(
    as_role: Callable[[Role], FlaskClient], headers: dict[str, str]
) -> None:
    assert as_role(Role.ADMIN).post("/sign-out", headers=headers).status_code == 403


def test_a_browsers_own_form_is_accepted(as_role: Callable[[Role], FlaskClient]) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert as_role(Role.ADMIN).post("/sign-out", headers=own).status_code == 303


def test_a_form_without_its_token_is_refused(
    app: Flask, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser = as_role(Role.ADMIN)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert browser.post("/sign-out").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(
    "target",
    ["//evil", "/\\evil", "\\\\evil", "https:evil", "https://evil", "%2f%2fevil", "/\tevil",
     "/\nevil", "evil", "", "javascript:alert(1)", "/x:y"],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert local_target(target) == "/"


def test_signing_in_leads_back_to_a_page_of_ours(app: Flask) -> None:
    with app.test_request_context():
        assert local_target("/sites?kind=library") == "/sites?kind=library"


def test_a_program_gets_problem_details(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere")
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "not-found"


def test_the_language_is_chosen_and_remembered(client: FlaskClient) -> None:
    assert 'lang="da"' in client.get("/sign-in").text
    assert 'lang="en"' in client.get("/sign-in?lang=en").text
    assert 'lang="en"' in client.get("/sign-in").text


def test_the_browsers_language_is_taken_when_nobody_chose(client: FlaskClient) -> None:
    english = client.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert 'lang="en"' in english.text


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(
    as_role: Callable[[Role], FlaskClient], app: Flask
) -> None:
    as_role(Role.VIEWER)
    stranger = app.test_client()
    known = {"email": "viewer@example.dk", "password": "wrong" + PASSWORD}
    unknown = {"email": "nobody@example.dk", "password": "wrong" + PASSWORD}
    one, two = stranger.post("/sign-in", data=known), stranger.post("/sign-in", data=unknown)
    assert one.status_code == two.status_code == 422
    assert one.text.replace("viewer", "nobody") == two.text
