"""Transactions, versions, the wall between organisations, the audit chain."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import CompoundSelect, Select, case, exists, func, select, text, union_all, update
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import aliased
from sqlalchemy.orm.exc import StaleDataError

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation
from outreach.core import audit, tenancy
from outreach.core import db as core_db
from outreach.core.auth import Role
from outreach.core.db import atomic, db, writing
from outreach.core.errors import BadSetting, Invalid
from outreach.people.models import Depot, Skill, Staff, StaffSkill

THREADS, EDITS = 8, 50


def depot(name: str = "Dokk1") -> Depot:
    made = Depot(name=name, latitude=56.15, longitude=10.21)
    with writing():
        db.session.add(made)
    return made


def is_sqlite(app: Flask) -> bool:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")


def test_sqlite_keeps_its_settings(app: Flask, org: Organisation) -> None:
    if not is_sqlite(app):
        pytest.skip("PostgreSQL")
    read = {
        name: db.session.execute(text(f"PRAGMA {name}")).scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete",
                     "busy_timeout", "trusted_schema")
    }  # fmt: skip
    assert read == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1,
        "busy_timeout": 10_000, "trusted_schema": 0,
    }  # fmt: skip


def test_a_database_that_refuses_a_setting_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core_db, "_PRAGMAS", {"page_size": 12345})
    with pytest.raises(BadSetting):
        core_db._on_connect(sqlite3.connect(":memory:"), None)  # noqa: SLF001 - the hook itself


def test_an_action_inside_an_action_commits_once_and_an_error_undoes_both(
    org: Organisation,
) -> None:
    @atomic
    def outer() -> None:
        inner()
        raise LookupError

    @atomic
    def inner() -> None:
        db.session.add(Depot(name="lost", latitude=0, longitude=0))

    with pytest.raises(LookupError):
        outer()
    assert db.session.scalar(select(func.count(Depot.id))) == 0


def test_a_change_outside_an_action_is_found(org: Organisation) -> None:
    db.session.add(Depot(name="loose", latitude=0, longitude=0))
    with pytest.raises(RuntimeError), writing():
        pass
    db.session.expunge_all()


def test_a_stale_change_is_refused(org: Organisation) -> None:
    made = depot()
    with writing():
        db.session.execute(
            update(Depot).values(version=made.version + 1).execution_options(
                synchronize_session=False)
        )  # fmt: skip
    with pytest.raises(StaleDataError), writing():
        made.name = "mine"
    db.session.rollback()


def in_threads(app: Flask, org_id: str, work: Callable[[], None]) -> list[BaseException]:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context(), tenancy.acting_for(org_id):
                for _edit in range(EDITS):
                    work()
                db.session.remove()
        except BaseException as error:  # noqa: BLE001 - the test reports every failure
            failures.append(error)

    threads = [threading.Thread(target=run) for _thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_no_acknowledged_change_is_lost_under_concurrency(app: Flask, org: Organisation) -> None:
    made = depot()

    @atomic
    def add_one() -> None:
        row = db.session.scalars(
            select(Depot)
            .where(Depot.id == made.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
        row.latitude += 1

    before = made.latitude
    assert in_threads(app, org.id, add_one) == []
    db.session.rollback()
    db.session.refresh(made)
    assert made.latitude == before + THREADS * EDITS


def test_an_organisation_sees_only_its_own(org: Organisation) -> None:
    depot("ours")
    other = accounts.create_organisation("Randers")
    with tenancy.acting_for(other.id):
        theirs = depot("theirs")
    assert [d.name for d in db.session.scalars(select(Depot))] == ["ours"]
    assert db.session.scalar(select(func.count(Depot.id))) == 1
    assert db.session.scalars(select(Depot).where(Depot.id == theirs.id)).first() is None
    with writing():
        db.session.execute(update(Depot).values(name="taken"))
    with tenancy.acting_for(other.id):
        assert db.session.scalar(select(Depot.name)) == "theirs"


def hidden_in() -> dict[str, Select[Any] | CompoundSelect[Any]]:
    """Statements whose own columns belong to no table; each counts the depots."""
    ours, count = select(Depot.id), func.count()
    both = union_all(ours, ours.where(Depot.name == ""))
    return {
        "subquery": select(count).select_from(ours.subquery()),
        "cte": select(count).select_from(ours.cte()),
        "aliased": select(count).select_from(aliased(Depot)),
        "scalar subquery": select(select(func.count(Depot.id)).scalar_subquery()),
        "where": select(count).where(Depot.name != ""),
        "exists": select(case((exists().where(Depot.name == "theirs"), 2), else_=1)),
        "union": select(count).select_from(both.subquery()),
    }  # fmt: skip


@pytest.mark.parametrize("where", list(hidden_in()))
def test_no_statement_hides_rows_of_another_organisation(org: Organisation, where: str) -> None:
    depot("ours")
    with tenancy.acting_for(accounts.create_organisation("Randers").id):
        depot("theirs")
    assert db.session.scalar(hidden_in()[where]) == 1
    assert db.paginate(select(Depot).order_by(Depot.name)).total == 1
    tenancy.enter(None)
    with pytest.raises(tenancy.NoOrganisation):
        db.session.scalar(hidden_in()[where])


def test_a_row_that_is_known_already_is_walled_too(org: Organisation) -> None:
    with tenancy.acting_for(accounts.create_organisation("Randers").id):
        theirs = depot("theirs")
    with tenancy.everywhere():
        assert db.session.get(Depot, theirs.id) is theirs
    assert db.session.get(Depot, theirs.id) is None
    with pytest.raises(NoResultFound):
        db.session.get_one(Depot, theirs.id)
    ours = depot()
    assert db.session.get(Depot, ours.id) is ours
    assert db.session.get(Organisation, org.id) is org


def test_a_query_without_an_organisation_is_refused(database: None) -> None:
    with pytest.raises(tenancy.NoOrganisation):
        db.session.scalars(select(Depot)).all()
    assert db.session.scalars(select(Organisation)).all() == []


def test_a_row_of_another_organisation_cannot_be_written(org: Organisation) -> None:
    other = accounts.create_organisation("Randers")
    with pytest.raises(tenancy.NoOrganisation), writing():
        db.session.add(Depot(org_id=other.id, name="smuggled", latitude=0, longitude=0))
    db.session.rollback()


def test_the_database_itself_refuses_a_link_across_organisations(org: Organisation) -> None:
    other = accounts.create_organisation("Randers")
    with tenancy.acting_for(other.id), writing():
        theirs = Skill(code="x", name_da="x", name_en="x")
        db.session.add(theirs)
    with writing():
        ours = Staff(name="Ida", initials="I", sort_key="ida")
        db.session.add(ours)
    with pytest.raises(IntegrityError), writing():
        db.session.add(StaffSkill(staff_id=ours.id, skill_id=theirs.id))
    db.session.rollback()


def test_no_way_in_keeps_a_cpr_number(org: Organisation) -> None:
    with pytest.raises(Invalid, match="invalid"):
        accounts.create_user("a@example.dk", "Ida 010190-1234", [Role.VIEWER], "x" * 20)
    made = depot()
    with pytest.raises(Invalid), writing():
        made.name = "0101901234"
    with pytest.raises(Invalid), writing():
        audit.record("test", "thing", "1", reason="hun er 010190 1234")
    assert db.session.scalars(select(Depot.name)).all() == ["Dokk1"]


@atomic
def three_lines() -> None:
    for number in range(3):
        audit.record("test", "thing", str(number), amount=number)


def test_the_audit_chain_holds(org: Organisation) -> None:
    three_lines()
    assert audit.verify() == []


@pytest.mark.parametrize(
    "harm",
    ["UPDATE audit_entry SET verb='other' WHERE seq=2", "DELETE FROM audit_entry WHERE seq=2",
     "UPDATE audit_entry SET seq=9 WHERE seq=3",
     "UPDATE audit_entry SET actor_id='somebody' WHERE seq=1"],
)  # fmt: skip
def test_a_changed_missing_or_moved_entry_breaks_the_chain(org: Organisation, harm: str) -> None:
    three_lines()
    with writing():
        db.session.execute(text(harm))
    db.session.expire_all()
    assert audit.verify() != []


def test_an_entry_cannot_be_changed_through_the_application(org: Organisation) -> None:
    three_lines()
    entry = db.session.scalars(select(audit.AuditEntry)).first()
    assert entry is not None
    with pytest.raises(RuntimeError), writing():
        entry.verb = "other"
    db.session.rollback()
