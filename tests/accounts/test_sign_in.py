from collections.abc import Callable

from flask.testing import FlaskClient

from outreach.accounts.models import Organisation
from outreach.core import audit
from outreach.core.auth import Role


def test_a_copied_cookie_is_worth_nothing_after_signing_out(
    as_role: Callable[[Role], FlaskClient],
) -> None:
    browser = as_role(Role.ADMIN)
    assert browser.get("/users").status_code == 200
    cookie = browser.get_cookie("outreach")
    assert cookie is not None
    browser.post("/sign-out")
    browser.set_cookie("outreach", cookie.value)
    assert browser.get("/users").status_code == 303


def test_a_role_without_the_permission_is_refused(as_role: Callable[[Role], FlaskClient]) -> None:
    assert as_role(Role.VIEWER).get("/users").status_code == 403


def test_signing_in_is_audited_and_the_chain_holds(
    as_role: Callable[[Role], FlaskClient], org: Organisation
) -> None:
    as_role(Role.ADMIN)
    assert audit.verify() == []
