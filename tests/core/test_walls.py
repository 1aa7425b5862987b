"""Whoever works for one municipality neither sees nor changes anything of another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation
from outreach.agreements.models import VisitRequest
from outreach.core import clock, tenancy
from outreach.core.auth import Role
from outreach.core.db import Base, OrgRow, db
from outreach.field import actions as field
from outreach.field.models import Device
from outreach.jobs import actions as jobs
from outreach.people.models import Absence
from outreach.rulesets import actions as rulesets
from outreach.sites.models import Site, SiteAccess, SiteClosure
from tests.conftest import PASSWORD
from tests.field.conftest import Tablet
from tests.rounds.world import (
    MONDAY,
    make_agreement,
    make_catalogue,
    make_site,
    make_skill,
    make_staff,
    make_team,
    make_visit,
    store,
)
from tests.voting.world import appoint, make_election

TABLES = {
    "site_id": "site", "visit_id": "visit", "agreement_id": "agreement", "staff_id": "staff",
    "team_id": "team", "service_id": "service", "kit_id": "kit", "job_id": "job",
    "user_id": "app_user", "device_id": "device", "closure_id": "site_closure",
    "absence_id": "absence", "grant_id": "site_access",
    "depot_id": "depot", "skill_id": "skill", "request_id": "visit_request",
    "election_id": "election", "appointment_id": "appointment", "copy_id": "ruleset_copy",
}  # fmt: skip
PLAIN = {"monday": f"{MONDAY:%G-W%V}", "day": f"{MONDAY:%F}", "number": "1", "rest": "x",
         "build": "x", "filename": "x", "key": "x", "field": "x",
         "option": "one_employee"}  # fmt: skip
WORD = "Fremmed"
EMAIL = "fremmed@example.dk"


def settle() -> None:
    """Everything that an address can name, for the organisation of the moment."""
    make_catalogue(kits={"K-ID": 1})
    staff = make_staff(WORD)
    make_skill("fremmed-skill", staff)
    make_team("F", staff)
    site = make_site("F001", name=WORD, area=WORD, address=WORD)
    hidden = Site(code="F002", kind="shelter", is_secret=True, alias=WORD, sort_key="f")
    make_visit(site, agreement_id=make_agreement(site).id)
    user = accounts.create_user(EMAIL, WORD, [Role.FIELD], PASSWORD)
    day = date(2026, 12, 24)
    store(
        hidden, SiteClosure(site_id=site.id, from_day=day, to_day=day),
        Absence(staff_id=staff.id, from_day=day, to_day=day),
        Device(user_id=user.id, name=WORD, token_sha256="x", token_since=clock.now(),
               seen_at=clock.now()),
    )  # fmt: skip
    store(SiteAccess(site_id=hidden.id, user_id=user.id, granted_by=user.id, confirmed_by=None))
    jobs.enqueue("plan", WORD, "/", {})
    store(VisitRequest(site_id=site.id, services=["MITID"], earliest=day, latest=day))
    election = make_election(title=WORD)
    appoint(election, staff)
    rulesets.copy(election.ruleset)


def rows_of(org_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of an organisation, by table."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(
                select(table).where(table.c.org_id == org_id)))
            for table in Base.metadata.sorted_tables if "org_id" in table.c
        }  # fmt: skip


@pytest.fixture
def strangers(org: Organisation) -> Iterator[dict[str, str]]:
    """An id of another organisation for each part of an address."""
    other = accounts.create_organisation(WORD)
    with tenancy.acting_for(other.id):
        settle()
    rows = rows_of(other.id)
    with db.engine.connect() as connection:
        found = {
            name: connection.execute(
                select(Base.metadata.tables[table].c.id)
                .where(Base.metadata.tables[table].c.org_id == other.id)
            ).scalars().first()
            for name, table in TABLES.items()
        }  # fmt: skip
    assert None not in found.values()
    more = {"email": EMAIL, "secret_id": str(found["site_id"])}
    yield {**{name: str(one) for name, one in found.items()}, **more}
    db.session.rollback()
    assert rows_of(other.id) == rows


@pytest.mark.parametrize("role", list(Role))
def test_an_id_of_another_organisation_leads_nowhere(
    app: Flask, as_role: Callable[[Role], FlaskClient], strangers: dict[str, str], role: Role
) -> None:
    browser, wrong = as_role(role), []
    parts = re.compile(r"<(?:\w+:)?(\w+)>")
    for rule in app.url_map.iter_rules():
        named = set(parts.findall(str(rule))) & TABLES.keys()
        url = parts.sub(lambda part: {**strangers, **PLAIN}[part[1]], str(rule))
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if rule.endpoint == "accounts.sign_out":
                continue
            answer = browser.open(url, method=method)
            if named and answer.status_code not in (403, 404):
                wrong.append(f"{method} {rule}: {answer.status_code}")
            if WORD in answer.text:
                wrong.append(f"{method} {rule} shows it")
    assert wrong == []


TEAM = {
    "letter": "X", "profile": "car", "grams_per_km": "150", "is_active": "y",
    **{f"day_{n}-{name}": value for n in range(5)
       for name, value in (("starts", "08:00"), ("ends", "16:00"), ("break_minutes", "30"),
                           ("overtime", "0"), ("first", ""), ("second", ""), ("third", ""))},
    "day_0-goes_out": "y",
}  # fmt: skip
AGREEMENT = {
    "services": ["MITID"], "interval_days": "14", "tolerance_days": "3", "min_gap_days": "0",
    "people": "1", "crews": "1", "priority": "2", "starts_on": "2026-11-24",
}  # fmt: skip
REQUEST = {
    "services": ["MITID"], "priority": "3", "earliest": "2026-12-01", "latest": "2026-12-11",
}  # fmt: skip
FORMS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("/agreements/new", AGREEMENT, {"site_id": "site_id"}),
    ("/requests/new", REQUEST, {"site_id": "site_id"}),
    ("/teams/new", TEAM, {"depot_id": "depot_id", "day_0-first": "staff_id"}),
    ("/sites/{site_id}/staff", {"what": "clear"}, {"staff_id": "staff_id"}),
    ("/sites/{site_id}/staff", {"what": "exclude"}, {"staff_id": "staff_id"}),
    ("/devices", {}, {"user": "email"}),
    ("/site-access", {}, {"site_id": "secret_id", "user_id": "user_id"}),
]


def of_our_own() -> dict[str, str]:
    """The same kinds of thing in the organisation of the moment."""
    make_catalogue()
    anna = make_staff("Anna")
    team = make_team("A", anna)
    hidden = Site(code="S002", kind="shelter", is_secret=True, alias="K-01", sort_key="k")
    store(hidden)
    user = accounts.create_user("anna@example.dk", "Anna", [Role.FIELD], PASSWORD)
    return {
        "site_id": make_site("S001").id, "staff_id": make_staff("Bo").id, "depot_id": team.depot_id,
        "email": user.email, "user_id": user.id, "secret_id": hidden.id,
    }  # fmt: skip


@pytest.mark.parametrize(("url", "plain", "ids"), FORMS)
def test_a_form_takes_ids_of_its_own_organisation_alone(
    as_role: Callable[[Role], FlaskClient], org: Organisation, strangers: dict[str, str],
    url: str, plain: dict[str, Any], ids: dict[str, str],
) -> None:  # fmt: skip
    ours = of_our_own()
    browser = as_role(Role.ADMIN if url == "/site-access" else Role.COORDINATOR)
    url = url.format(**ours)
    good = {**plain, **{name: ours[kind] for name, kind in ids.items()}}
    for name, kind in ids.items():
        answer = browser.post(url, data={**good, name: strangers[kind]})
        assert answer.status_code == 422, name
    said = str(rows_of(org.id))
    assert [name for name, one in strangers.items() if one in said] == []
    assert browser.post(url, data=good).status_code in (200, 303)


def test_a_tablet_reports_nothing_about_another_organisation(
    app: Flask, org: Organisation, strangers: dict[str, str]
) -> None:
    accounts.create_user("felt@example.dk", "Felt", [Role.FIELD], PASSWORD)
    client = app.test_client()
    code = field.make_code("felt@example.dk")
    made = client.post("/api/v1/enrol", json={"code": code, "device_name": "T"}).get_json()
    tablet = Tablet(client, made["token"], made["device"], made["epoch"])
    body = tablet.send(tablet.op("visit.status", strangers["visit_id"], {"to": "done"}))
    assert [one["code"] for one in body["results"]] == ["not_authorised"]
    assert WORD not in str(body)


def test_the_database_links_no_two_organisations() -> None:
    """Every link between two organisations' rows carries the organisation."""
    walled = {
        mapper.local_table.name  # type: ignore[attr-defined] # every class here has a table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, OrgRow)
    }
    loose = [
        f"{table.name}.{', '.join(link.column_keys)}"
        for table in Base.metadata.sorted_tables
        for link in table.foreign_key_constraints
        if table.name in walled
        and link.referred_table.name in walled
        and "org_id" not in link.column_keys
    ]
    assert loose == []
