from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import text

from outreach.core import audit
from outreach.core.auth import Role
from outreach.core.db import db, writing


def test_the_auditor_reads_the_log_and_sees_that_it_holds(
    as_role: Callable[[Role], FlaskClient],
) -> None:
    page = as_role(Role.AUDITOR).get("/audit-log?lang=en").text
    assert "The chain holds" in page
    assert "sign-in" in page


def test_the_auditor_sees_that_somebody_changed_the_log(
    as_role: Callable[[Role], FlaskClient],
) -> None:
    browser = as_role(Role.AUDITOR)
    with writing():
        db.session.execute(text("UPDATE audit_entry SET verb='nothing' WHERE seq=1"))
    assert "The chain is broken in" in browser.get("/audit-log?lang=en").text


def test_the_log_is_paged_and_narrowed(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.AUDITOR)
    with writing():
        for number in range(60):
            audit.record("test", "thing", str(number))
    assert "<td>test</td>" in browser.get("/audit-log?page=2").text
    assert "<td>test</td>" not in browser.get("/audit-log?verb=sign-in").text
