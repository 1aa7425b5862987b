import ast
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import text

import outreach
from outreach.accounts import words
from outreach.core import audit
from outreach.core.auth import Role
from outreach.core.db import db, writing


def test_the_auditor_reads_the_log_and_sees_that_it_holds(
    as_role: Callable[[Role], FlaskClient],
) -> None:
    page = as_role(Role.AUDITOR).get("/audit-log?lang=en").text
    assert "The chain holds" in page
    assert "<td>signed in</td>" in page


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


def recorded(place: int) -> set[str]:
    """What the code hands to ``audit.record`` as its verb (0) or kind (1)."""
    found = set[str]()
    for path in Path(outreach.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                values = ast.walk(node.args[place])
                found |= {str(one.value) for one in values if isinstance(one, ast.Constant)}
    return found


def test_every_verb_and_kind_of_the_log_has_words() -> None:
    assert set(words.VERBS) == recorded(0) | {"move"}
    assert set(words.KINDS) == recorded(1)


def test_an_administrator_is_led_to_who_may_see_secret_sites(
    as_role: Callable[[Role], FlaskClient],
) -> None:
    browser = as_role(Role.ADMIN)
    assert 'href="/site-access"' in browser.get("/").text
    assert browser.get("/site-access").text.count('aria-current="page"') == 1
