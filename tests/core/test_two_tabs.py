"""A page that is open in two tabs: the last one does not win silently."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from outreach.catalogue.models import Kit
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.people.models import Depot, Skill, Staff
from tests.voting.world import make_election, make_home

REFUSED = "Somebody else changed this in the meantime."
STAFF = {"initials": "BO", "employment": "employee", "gender": "", "is_active": "y", "user_id": ""}
PLACE = {"latitude": "56.127", "longitude": "10.162"}


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.COORDINATOR)


def stored(*rows: Any) -> Any:
    with writing():
        db.session.add_all(rows)
    return rows[0]


def seen(browser: FlaskClient, url: str) -> str:
    """The version that the page says it shows."""
    found = re.search(r'name="seen"[^>]* value="(\d+)"', browser.get(url).text)
    assert found is not None, url
    return found[1]


@pytest.mark.parametrize(
    ("make", "url", "one", "other"),
    [
        (lambda: Depot(name="Viby", latitude=56.1, longitude=10.1), "/depots/{}",
         PLACE | {"name": "A"}, PLACE | {"name": "B"}),
        (lambda: Kit(code="K-1", name_da="K", name_en="K", amount=1), "/kits/{}",
         {"amount": "2"}, {"amount": "3"}),
        (lambda: Staff(name="Bo", initials="BO", sort_key="bo"), "/people/{}",
         STAFF | {"name": "Bo A"}, STAFF | {"name": "Bo B"}),
    ],
    ids=["depot", "kit", "staff"],
)  # fmt: skip
def test_the_second_tab_is_told(
    browser: FlaskClient, make: Callable[[], Any], url: str, one: dict[str, str],
    other: dict[str, str],
) -> None:  # fmt: skip
    there = url.format(stored(make()).id)
    before = seen(browser, there)
    assert browser.post(there, data=one | {"seen": before}).status_code == 303
    late = browser.post(f"{there}?lang=en", data=other | {"seen": before})
    assert (late.status_code, REFUSED in late.text) == (422, True)
    assert seen(browser, there) != before
    fresh = other | {"seen": seen(browser, there)}
    assert browser.post(there, data=fresh).status_code == 303


def test_what_only_belongs_to_a_row_counts_too(browser: FlaskClient) -> None:
    stored(Skill(code="mitid_ra", name_da="MitID", name_en="MitID"))
    there = f"/people/{stored(Staff(name='Bo', initials='BO', sort_key='bo')).id}"
    before = seen(browser, there)
    data = STAFF | {"name": "Bo"}
    with_skill = data | {"skills": "mitid_ra", "seen": before}
    assert browser.post(there, data=with_skill).status_code == 303
    assert browser.post(there, data=data | {"seen": before}).status_code == 422


def test_a_first_decision_in_another_tab_counts(as_role: Callable[[Role], FlaskClient]) -> None:
    election = make_election()
    home = make_home(election, "H1", outcome="")
    officer, there = as_role(Role.ELECTION_OFFICER), f"/elections/{election.id}/sites/{home.id}"
    assert seen(officer, there) == "0"
    data = {"outcome": "session", "desks": "1", "split": "crews", "expected": "5", "seen": "0"}
    assert officer.post(there, data=data).status_code == 303
    assert officer.post(there, data=data | {"expected": "9"}).status_code == 422


def test_a_local_decision_in_another_tab_counts(as_role: Callable[[Role], FlaskClient]) -> None:
    officer = as_role(Role.ELECTION_OFFICER)
    there = f"/elections/{make_election().id}/decisions/one_employee"
    assert seen(officer, there) == "0"
    data = {"decided_on": "2026-11-01", "document": "26/1", "seen": "0"}
    preview = officer.post(there, data=data)
    mark = re.search(r'name="previewed"[^>]*value="([0-9a-f]{64})"', preview.text)
    assert mark is not None
    assert officer.post(there, data=data | {"previewed": mark[1]}).status_code == 303
    late = officer.post(f"{there}?lang=en", data=data | {"document": "26/2"})
    assert (late.status_code, REFUSED in late.text) == (422, True)
    assert 'value="26/2"' in late.text
    fresh = data | {"document": "26/2", "seen": seen(officer, there)}
    assert officer.post(there, data=fresh).status_code == 200
