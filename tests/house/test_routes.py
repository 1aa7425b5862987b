"""Nobody adds an address without saying who may use it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outreach.core.auth import ROLES, May, Role, permission_of

HERE = Path(__file__).parent
MATRIX = HERE.parent / "authz_matrix.csv"
PUBLIC = {
    "accounts.sign_in", "elections.feed", "field.shell", "overview.healthz", "service_worker",
    "static",
}  # fmt: skip
DEVICE = {"tablet.enrol", "tablet.round_trip"}


def endpoints(app: Flask) -> list[str]:
    return sorted(app.view_functions)


def test_every_endpoint_names_its_permission(app: Flask) -> None:
    assert [e for e in endpoints(app) if permission_of(app.view_functions[e]) is None] == []


def test_only_these_are_open_to_everybody(app: Flask) -> None:
    found = {e for e in endpoints(app) if permission_of(app.view_functions[e]) is May.PUBLIC}
    assert found == PUBLIC


def test_only_these_are_for_tablets(app: Flask) -> None:
    found = {e for e in endpoints(app) if permission_of(app.view_functions[e]) is May.DEVICE}
    assert found == DEVICE


def test_addresses_are_kebab_case_and_typed(app: Flask) -> None:
    plain = re.compile(r"(/([a-z0-9.-]+|<(uuid|int|iso|week|path):[a-z_]+>|<build>))*/?")
    assert [str(r) for r in app.url_map.iter_rules() if not plain.fullmatch(str(r))] == []


def test_no_address_comes_or_goes_unnoticed(app: Flask) -> None:
    found = sorted(
        f"{','.join(sorted((r.methods or set()) - {'HEAD', 'OPTIONS'}))} {r} {r.endpoint}"
        for r in app.url_map.iter_rules()
    )
    assert found == (HERE / "routes.txt").read_text().splitlines()


def matrix() -> dict[tuple[str, str], bool]:
    with MATRIX.open() as file:
        rows = list(csv.DictReader(file))
    return {(row["endpoint"], role): row[role] == "yes" for row in rows for role in Role}


def test_the_matrix_names_every_endpoint_that_needs_a_person(app: Flask) -> None:
    wanted = set(endpoints(app)) - PUBLIC - DEVICE
    assert {endpoint for endpoint, _role in matrix()} == wanted


@pytest.mark.parametrize("role", Role)
def test_a_role_may_exactly_what_the_matrix_says(app: Flask, role: Role) -> None:
    wrong = []
    for (endpoint, who), expected in matrix().items():
        permission = permission_of(app.view_functions[endpoint])
        allowed = permission is May.SIGNED_IN or permission in ROLES[role]
        if who == role and allowed != expected:
            wrong.append(endpoint)
    assert wrong == []


SAMPLES = {
    "uuid": "01234567-89ab-7def-8123-456789abcdef", "week": "2026-W48", "iso": "2026-11-24",
    "int": "1", "path": "dk-kv@2025-01",
}  # fmt: skip


def sample(rule: str) -> str:
    """An address of this form that leads to nothing."""
    return re.sub(r"<(\w+):\w+>", lambda match: SAMPLES[match[1]], rule)


@pytest.mark.parametrize("role", Role)
def test_a_request_of_a_role_is_answered_as_the_matrix_says(
    app: Flask, as_role: Callable[[Role], FlaskClient], role: Role
) -> None:
    browser, table, wrong = as_role(role), matrix(), []
    for rule in app.url_map.iter_rules():
        expected = table.get((rule.endpoint, role))
        if expected is None or rule.endpoint == "accounts.sign_out":
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            status = browser.open(sample(str(rule)), method=method).status_code
            refused = status in (401, 403)
            if refused == expected or status >= 500:
                wrong.append(f"{method} {rule}: {status}")
    assert wrong == []


def test_nobody_gets_anything_without_signing_in(app: Flask, client: FlaskClient) -> None:
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | DEVICE:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(sample(str(rule)), method=method)
            led_to_sign_in = answer.status_code == 303 and "/sign-in" in answer.location
            if not led_to_sign_in and answer.status_code != 401:
                wrong.append(f"{method} {rule}: {answer.status_code}")
    assert wrong == []
