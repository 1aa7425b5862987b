"""Several people do the same thing in the same moment, on either database."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from outreach.accounts import actions as accounts
from outreach.accounts.models import LoginThrottle, Organisation
from outreach.accounts.rules import FAILURES
from outreach.core import audit, tenancy
from outreach.core.auth import Role
from outreach.core.db import atomic, db
from outreach.jobs import actions as jobs
from outreach.jobs.models import Job
from outreach.rounds import actions as rounds
from outreach.rounds.models import Plan
from tests.conftest import PASSWORD
from tests.rounds.world import MONDAY, make_town

PEOPLE = 6


def at_once(app: Flask, org_id: str, work: Callable[[], object]) -> Counter[str]:
    """What became of it, by the name of the error; "" is well."""
    ends: list[str] = []
    start = threading.Barrier(PEOPLE)

    def run() -> None:
        with app.app_context(), tenancy.acting_for(org_id):
            start.wait()
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the test judges every kind
                ends.append(type(error).__name__)
            else:
                ends.append("")
            db.session.remove()

    threads = [threading.Thread(target=run) for _person in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return Counter(ends)


def test_every_line_of_the_audit_log_is_written(app: Flask, org: Organisation) -> None:
    @atomic
    def two_lines() -> None:
        audit.record("test", "thing", "1")
        audit.record("test", "thing", "2")

    def often() -> None:
        for _time in range(5):
            two_lines()

    assert at_once(app, org.id, often) == {"": PEOPLE}
    assert db.session.scalar(select(func.count(audit.AuditEntry.id))) == PEOPLE * 10
    assert audit.verify() == []


def test_a_week_is_planned_by_one_job_at_a_time(app: Flask, org: Organisation) -> None:
    found = at_once(app, org.id, lambda: jobs.enqueue("test", "2026-W48", "/", {}))
    assert found == {"": 1, "Conflict": PEOPLE - 1}
    assert db.session.scalar(select(func.count(Job.id))) == 1


def test_an_email_is_taken_once(app: Flask, org: Organisation) -> None:
    def make() -> None:
        accounts.create_user("a@example.dk", "A", [Role.FIELD], PASSWORD)

    assert at_once(app, org.id, make) == {"": 1, "Conflict": PEOPLE - 1}


def test_every_wrong_guess_is_counted(app: Flask, org: Organisation) -> None:
    def guess() -> None:
        accounts.sign_in("a@example.dk", "wrong", "127.0.0.1")

    assert set(at_once(app, org.id, guess)) <= {"Invalid", "TooMany"}
    failures = db.session.scalars(select(LoginThrottle.failures)).one()
    assert FAILURES <= failures <= PEOPLE
    assert at_once(app, org.id, guess) == {"TooMany": PEOPLE}


def test_a_week_is_published_once(app: Flask, org: Organisation) -> None:
    make_town(2)
    rounds.plan_now(MONDAY, 0.2)
    found = at_once(app, org.id, lambda: rounds.publish(MONDAY))
    assert found == {"": 1, "NoDraft": PEOPLE - 1}
    assert db.session.scalar(select(func.count(Plan.id))) == 1
