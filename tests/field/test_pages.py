"""The page of the tablets."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from outreach.core.auth import Role
from tests.field.conftest import Tablet, World


def test_a_coordinator_gives_a_tablet_away_and_takes_it_back(
    as_role: Callable[[Role], FlaskClient], world: World
) -> None:
    browser = as_role(Role.COORDINATOR)
    page = browser.post("/devices", data={"user": world.users[0].email})
    found = re.search(r"<code>([2-9A-Z]{5}-[2-9A-Z]{5})</code>", page.text)
    assert found
    answer = browser.post("/api/v1/enrol", json={"code": found[1], "device_name": "Tablet 7"})
    body = answer.get_json()
    page = browser.get("/devices")
    assert "Tablet 7" in page.text
    assert found[1] not in page.text
    assert browser.post(f"/devices/{body['device']}/withdraw").status_code == 303
    tablet = Tablet(browser, body["token"], body["device"], body["epoch"])
    assert tablet.post(tablet.ask()).status_code == 410


def test_nobody_chosen_is_no_user(as_role: Callable[[Role], FlaskClient], world: World) -> None:
    browser = as_role(Role.ADMIN)
    assert browser.post("/devices", data={"user": "x@example.dk"}).status_code == 422


def test_a_field_worker_does_not_see_the_tablets(
    as_role: Callable[[Role], FlaskClient], world: World
) -> None:
    assert as_role(Role.FIELD).get("/devices").status_code == 403


def test_the_shell_is_the_same_for_every_address_and_names_nobody(
    as_role: Callable[[Role], FlaskClient], client: FlaskClient
) -> None:
    nobody = client.get("/t/").text
    assert client.get("/t/visit/anything").text == nobody
    assert as_role(Role.FIELD).get("/t/").text == nobody
