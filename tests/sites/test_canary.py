"""Canaries in every sealed column: planned, published and exported, they are seen by nobody."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation, User
from outreach.accounts.queries import user_by_email
from outreach.agreements.models import Agreement
from outreach.catalogue.models import Kit, Service
from outreach.core import clock
from outreach.core.auth import Role
from outreach.core.crypto import Keyring, keyring, place
from outreach.core.db import Base, db, writing
from outreach.field import actions as field_actions
from outreach.jobs import child, transport, worker
from outreach.jobs.models import Job, JobState
from outreach.people.models import Team
from outreach.reports.measures import Split
from outreach.rounds.models import Round, Stop, Unplanned
from outreach.sites.models import Site, SiteAccess, SiteSecret
from outreach.sites.sealed import COLUMNS, Secrets, unseal
from outreach.visits.models import Visit
from tests.conftest import PASSWORD
from tests.field.conftest import Tablet
from tests.rounds.world import MONDAY, make_agreement, make_town, make_visit, store
from tests.sites import polling
from tests.sites.canaries import (
    LATITUDE,
    LONGITUDE,
    RESIDENTS,
    Heap,
    canary,
    given_away,
    planted,
    sealed_columns,
    words,
)

WEEK = f"{MONDAY:%G-W%V}"
MORNING = datetime(2026, 11, 30, 6, 0, tzinfo=clock.DK)


@pytest.mark.parametrize(
    "write",
    [
        str.encode,
        lambda text: text.lower().encode(),
        lambda text: text.upper().encode(),
        lambda text: quote(text).encode(),
        lambda text: json.dumps({"a": text}).encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.b64encode(b"xy" + text.encode() + b"z"),
        lambda text: base64.urlsafe_b64encode(b"x" + text.lower().encode()),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode().hex().encode(),
        lambda text: "".join(f"&#{ord(letter)};" for letter in text).encode(),
    ],
)
def test_a_canary_is_found_in_every_form(write: Callable[[str], bytes]) -> None:
    for name in words():
        assert name in given_away(b"before " + write(canary(name)) + b" after"), name
    assert given_away(b"before after") == []


def test_a_position_and_a_number_are_found_too() -> None:
    assert given_away(f'"{LATITUDE:.5f}"'.encode()) == ["position"]
    assert given_away(str(RESIDENTS).encode()) == ["residents"]


@dataclass
class Town:
    """A week with two secret sites: one can be visited, nobody is cleared for the other."""

    app: Flask
    planner: FlaskClient
    sites: list[str]
    heap: Heap

    def sign_in(self, role: Role) -> FlaskClient:
        """A person of this role other than the planner, in another browser."""
        email = f"ny-{role.value}@example.dk"
        if user_by_email(email) is None:
            accounts.create_user(email, "Ny", [role], PASSWORD)
        browser = self.app.test_client()
        browser.post("/sign-in", data={"email": email, "password": PASSWORD})
        return browser


FORM = {
    "kind": "crisis_centre", "status": "active", "is_secret": "y", "precision": "manual",
    "access_minutes": "2", "people": "1", "postcode": "8999", "latitude": str(LATITUDE),
    "longitude": str(LONGITUDE), "contact_phone": "99 88 77 66",
    "contact_name": canary("contact_name"), "contact_role": canary("contact_role"),
    **{f"open_{day}": "8-16" for day in range(5)},
    **{name: canary(name) for name in ("name", "address", "area", "access_notes")},
}  # fmt: skip


def make_secret(planner: FlaskClient, alias: str, **more: str) -> str:
    """A secret site as a person enters it, with every sealed column filled by hand after that."""
    answer = planner.post("/sites/new", data={**FORM, "alias": alias, **more})
    assert answer.status_code == 303, answer.text
    site_id = str(answer.location.rsplit("/", 1)[1])
    with writing():
        row = db.session.scalars(select(SiteSecret).where(SiteSecret.site_id == site_id)).one()
        for column in sealed_columns():
            where = place(row.org_id, "site_secret", column, site_id)
            setattr(row, column, keyring().seal(planted(column), where))
    return site_id


@pytest.fixture
def town(
    app: Flask, org: Organisation, as_role: Callable[[Role], FlaskClient], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> Iterator[Town]:  # fmt: skip
    caplog.set_level("DEBUG")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    planner = as_role(Role.COORDINATOR)
    sites = [make_secret(planner, "K-01"), make_secret(planner, "K-02", needs_clearance="y")]
    people, _visits = make_town(4)
    store(Kit(code="K-ID", name_da="K-ID", name_en="K-ID", amount=1))
    user = accounts.create_user("felt@example.dk", "Felt", [Role.FIELD], PASSWORD)
    with writing():
        people[0].user_id = user.id
    town = Town(app, planner, sites, Heap())
    for site_id in town.sites:
        site = db.session.get_one(Site, site_id)
        make_visit(site, agreement_id=make_agreement(site).id)
    polling.prepare(people[0], sites[0])
    overhear(town.heap, monkeypatch)
    yield town
    queue = transport.queue_of(app)
    while queue.receive():
        pass


def overhear(heap: Heap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the solver is told and what it answers."""

    class Overheard(child.Child):
        def __init__(self, module: Sequence[str]) -> None:
            heap.add("solver's command line", " ".join(module))
            super().__init__(module)

        def feed(self, text: bytes) -> None:
            heap.add("solver's input", text)
            super().feed(text)

        def answer(self) -> dict[str, Any]:
            found = super().answer()
            heap.add("solver's output", json.dumps(found))
            return found

    monkeypatch.setattr(worker, "Child", Overheard)


def plan(town: Town) -> None:
    """Plan the week as a real job does it."""
    answer = town.planner.post(f"/weeks/{WEEK}/plan", data={"seconds": "1"})
    assert answer.status_code == 303
    job_id = db.session.scalars(select(Job.id)).one()
    town.heap.add("waiting page", town.planner.get(f"/weeks/{WEEK}").text)
    worker.do(town.app, job_id)
    db.session.expire_all()
    assert db.session.get_one(Job, job_id).state == JobState.DONE
    town.heap.add("job", town.planner.get(f"/api/v1/jobs/{job_id}").text)
    visits = {v.id: v.site_id for v in db.session.scalars(select(Visit))}
    placed = {visits[s] for s in db.session.scalars(select(Stop.visit_id))}
    left = {visits[s] for s in db.session.scalars(select(Unplanned.visit_id))}
    assert (town.sites[0] in placed, left) == (True, {town.sites[1]})


NO_PAGE = {"rounds.this_week", "sites.edit", "static"}
"""Addresses of these lead elsewhere, or of a secret site do; and no file is called x."""
QUERIES = {
    "sites.index": ["", "?q=K-0", "?status=active"],
    "reports.index": [f"?period={WEEK}&split={split}" for split in Split],
    "reports.figures_csv": [f"?period={WEEK}"],
    "reports.visits": [f"?period={WEEK}&measure=due", f"?period={WEEK}&measure=not_reached"],
    "reports.visits_csv": [f"?period={WEEK}&measure=due"],
}


def known_values(town: Town) -> dict[str, list[str]]:
    """Values of the variable parts of addresses; an address with a new part fails until named."""
    db.session.rollback()
    secret = Visit.site_id.in_(town.sites)
    wanted = {
        "visit_id": select(Visit.id).where(secret),
        "agreement_id": select(Agreement.id).where(Agreement.site_id.in_(town.sites)),
        "staff_id": select(Round.member_ids), "day": select(Round.day).distinct(),
        "team_id": select(Team.id), "service_id": select(Service.id), "kit_id": select(Kit.id),
        "job_id": select(Job.id),
    }  # fmt: skip
    found = {name: [*db.session.scalars(query)] for name, query in wanted.items()}
    found["team_id"] += polling.teams()
    found["staff_id"] = sorted({one for ids in found["staff_id"] for one in ids})
    fixed = {"site_id": town.sites, "monday": [WEEK], "number": ["1"], "rest": ["visits"],
             "build": ["x"], "filename": ["x"], **polling.parts_of_addresses()}  # fmt: skip
    return {name: [str(one) for one in some] for name, some in found.items()} | fixed


def addresses(town: Town) -> list[str]:
    """Every page and file that there is, for everything that there is."""
    values, found = known_values(town), []
    for rule in town.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        made = [str(rule)]
        for name in sorted(rule.arguments):
            kind = next(part for part in str(rule).split("<") if f"{name}>" in part).split(">")[0]
            made = [one.replace(f"<{kind}>", value) for one in made for value in values[name]]
        found += [one + query for one in made for query in QUERIES.get(rule.endpoint, [""])]
    return found


def look_everywhere(town: Town, browser: FlaskClient, who: str) -> set[str]:
    """Load every page and file; the endpoints that answered with something."""
    good = set()
    for address in addresses(town):
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200:
            path = address.partition("?")[0]
            good.add(str(town.app.url_map.bind("localhost").match(path, method="GET")[0]))
        town.heap.add(f"{who} {address}", answer.data + str(answer.headers).encode())
    return good


def try_everything(town: Town, browser: FlaskClient, who: str) -> None:
    """What answers a change: moved by hand, locked, opened without a right, and refused."""
    db.session.rollback()
    site_id = town.sites[0]
    found = db.session.scalars(select(Visit.id).where(Visit.site_id.in_(town.sites))).all()
    first, week = f"/sites/{site_id}", f"/weeks/{WEEK}"
    asked: list[tuple[str, dict[str, Any]]] = [
        (f"{first}/reveal", {"data": {"reason": "Nysgerrig", "then": "change"}}),
        (f"{first}/edit", {"data": {**FORM, "name": "x", "address": "x", "area": "x",
                                    "access_notes": "x", "contact_name": "x"}}),
        (f"{first}/closures", {"data": {"from_day": "x"}}),
        ("/api/v1/places", {"json": {"address": "Viby", "secret": False, "site": site_id}}),
        *((f"{week}/visits/{one}/{what}", {"data": {"level": "time"}})
          for one in found for what in ("lock", "move", "back")),
        *(("/api/v1" + week + "/moves",
           {"json": {"visit": one, "target": {"team": "A", "day": f"{day:%F}"}}})
          for one in found for day in (MONDAY, MONDAY + timedelta(days=1))),
    ]  # fmt: skip
    for address, what in asked:
        answer = browser.post(address, **what)
        assert answer.status_code < 500, address
        town.heap.add(f"{who} POST {address}", answer.data + str(answer.headers).encode())
    town.heap.add(f"{who} then", browser.get(week).data)


def look_at_a_tablet(town: Town) -> None:
    """Enrol the tablet of somebody in the team and take the whole bundle along."""
    client = town.app.test_client()
    code = field_actions.make_code("felt@example.dk")
    made = client.post("/api/v1/enrol", json={"code": code, "device_name": "Tablet"}).get_json()
    tablet = Tablet(client, made["token"], made["device"], made["epoch"])
    body = tablet.send()
    text = json.dumps(body, ensure_ascii=False)
    assert "K-01" in text
    visits = [row["id"] for row in body["put"] if row["k"] == "visit"]
    tablet.send(*(tablet.op("visit.status", one, {"to": "done"}) for one in visits))
    town.heap.add("tablet", text + json.dumps(tablet.last.get_json()))


def look_at_what_is_stored(town: Town, tmp_path: Path) -> None:
    """Rows of every table; and files: the database with its log, the queue, whatever was left."""
    db.session.rollback()
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                cells = [v if isinstance(v, bytes) else repr(v).encode() for v in row]
                town.heap.add(f"rows of {table.name}", b"\n".join(cells))
    instance = town.app.config["OUTREACH"].instance
    for path in (*instance.rglob("*"), *tmp_path.rglob("*")):
        if path.is_file():
            town.heap.add(f"file {path.name}", path.read_bytes())


def the_town_lives(town: Town) -> None:
    """Plan, look, publish, look again as everybody; a tablet works the day."""
    plan(town)
    officer = town.sign_in(Role.ELECTION_OFFICER)
    town.heap.add("sprint", "".join(polling.hold_an_election(town.app, officer, town.sites)))
    seen = look_everywhere(town, town.planner, "planner with a draft")
    answer = town.planner.post(f"/weeks/{WEEK}/publish", follow_redirects=True)
    assert answer.status_code == 200
    town.heap.add("published", answer.text)
    clock.move_to(MORNING)
    look_at_a_tablet(town)
    for role in Role:
        browser = town.sign_in(role)
        seen |= look_everywhere(town, browser, role)
        try_everything(town, browser, role)
    moved = town.heap.parts[f"{Role.COORDINATOR} POST /api/v1/weeks/{WEEK}/moves"]
    assert b'"starts"' in moved
    with_a_page = {r.endpoint for r in town.app.url_map.iter_rules() if "GET" in (r.methods or ())}
    assert with_a_page - seen == NO_PAGE
    town.heap.add("nobody", town.app.test_client().get("/sites").data)


def a_save_breaks(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a secret site while the keys cannot be used: a page and a line in the log."""
    browser = town.sign_in(Role.COORDINATOR)

    def broken(*_args: object) -> None:
        raise OSError("the keys are away")

    with monkeypatch.context() as patch:
        patch.setattr(Keyring, "seal", broken)
        answer = browser.post("/sites/new", data={**FORM, "alias": "K-03"})
    assert answer.status_code == 500
    town.heap.add("error", answer.data)


def test_nothing_of_a_secret_site_comes_out_anywhere(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    a_save_breaks(town, monkeypatch)
    the_town_lives(town)
    look_at_what_is_stored(town, tmp_path)
    town.heap.add("log", caplog.text + "".join(str(record.__dict__) for record in caplog.records))
    town.heap.add("stdout and stderr", "".join(capfd.readouterr()))
    looked_at = {where for where, seen in town.heap.parts.items() if len(seen) > 100}
    url = str(town.app.config["SQLALCHEMY_DATABASE_URI"])
    files = {"", "-wal"} if url.startswith("sqlite") else set()
    assert {f"file {Path(url).name}{end}" for end in files} <= looked_at
    assert b"the keys are away" in town.heap.parts["log"]
    assert {"solver's input", "solver's output", "log", "tablet", "rows of job",
            "rows of site_secret", "rows of plan", "rows of audit_entry"} <= looked_at  # fmt: skip
    told = {part for part, stuff in town.heap.parts.items() if b"K-01" in stuff}  # its alias
    assert {"tablet", "published", "waiting page", "rows of plan", "sprint"} <= told
    assert town.heap.given_away() == {}


def test_without_the_seal_every_canary_would_be_found(
    app: Flask, as_role: Callable[[Role], FlaskClient], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(Keyring, "seal", lambda _ring, text, _place: text.encode())
    planner = as_role(Role.COORDINATOR)
    town = Town(app, planner, [make_secret(planner, "K-01")], Heap())
    look_at_what_is_stored(town, tmp_path)
    found = town.heap.given_away()
    everything = {*words(), "position", "residents"}
    assert set(found.pop("rows of site_secret")) == everything
    files = [set(names) for where, names in found.items() if where.startswith("file test.sqlite")]
    if str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite"):
        assert set().union(*files) == everything


def test_who_has_the_right_sees_every_canary(town: Town) -> None:
    seen: set[str] = set()
    for role, then in ((Role.ADMIN, ""), (Role.COORDINATOR, "change")):
        browser, site_id = town.sign_in(role), town.sites[0]
        email = f"ny-{role.value}@example.dk"
        user = db.session.scalars(select(User).where(User.email == email)).one()
        store(SiteAccess(site_id=site_id, user_id=user.id, granted_by="a", confirmed_by="b"))
        asked = {"reason": "Prøve", "then": then}
        seen |= set(given_away(browser.post(f"/sites/{site_id}/reveal", data=asked).data))
        assert {*words(), "residents"} - seen == {"contact_email"}  # no page has it for any site
    assert "position" in seen


def test_every_sealed_column_is_planted_and_every_secret_is_sealed(town: Town) -> None:
    assert sealed_columns() == sorted(COLUMNS)
    row = db.session.scalars(select(SiteSecret).where(SiteSecret.site_id == town.sites[0])).one()
    known = unseal(row)
    assert all(getattr(known, one.name) for one in fields(Secrets))
    assert (known.latitude, known.longitude, known.residents) == (LATITUDE, LONGITUDE, RESIDENTS)
    assert len(known.contacts) == 2
