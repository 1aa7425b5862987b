"""A week on the tablets: two teams, their published rounds, and a tablet for each team."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation, User
from outreach.catalogue.models import Kit, Service
from outreach.core import clock
from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.core.ids import new_id
from outreach.field import actions
from outreach.people.models import Depot, Staff, Team
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.sites.models import Contact, Site
from outreach.visits.models import Visit, VisitTask
from tests.conftest import PASSWORD

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)


@dataclass
class World:
    """What a test talks about; visits are v0, v1 (team A) and v2 (team B)."""

    users: list[User]
    staff: list[Staff]
    teams: list[Team]
    visits: list[Visit]
    sites: list[Site]
    tasks: list[VisitTask]


@dataclass
class Tablet:
    """A tablet that says exactly what a test wants it to."""

    client: FlaskClient
    token: str
    device: str
    epoch: int = 1
    line: str = field(default_factory=new_id)
    dseq: int = 0
    view: str | None = None
    last: Any = None

    def op(self, kind: str, target: str, args: Any, **more: Any) -> dict[str, Any]:
        self.dseq += 1
        made = {
            "op": new_id(), "dseq": self.dseq, "t": kind, "v": 1, "target": ["visit", target],
            "args": args, "at": clock.millis(), "off": 0,
        }  # fmt: skip
        return made | more

    def ask(self, *ops: Any, **more: Any) -> dict[str, Any]:
        body = {
            "proto": 1, "schema": 1, "app": "1.0", "device": self.device, "line": self.line,
            "epoch": self.epoch, "view": self.view, "rid": new_id(), "now": clock.millis(),
            "pending": len(ops), "ops": list(ops),
        }  # fmt: skip
        return body | more

    def post(self, body: Any, **more: Any) -> Any:
        headers = {"Authorization": f"Device {self.token}"} | more.pop("headers", {})
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.post(
            "/api/v1/sync", data=data, content_type="application/json", headers=headers
        )

    def send(self, *ops: Any, **more: Any) -> Any:
        """Sync, keep the view, and give the answer's JSON."""
        self.last = self.post(self.ask(*ops, **more))
        assert self.last.status_code == 200, self.last.text
        body = self.last.get_json()
        self.view = body["view"]
        return body

    def one(self, kind: str, target: str, args: Any, **more: Any) -> dict[str, Any]:
        """Send one operation and give its result."""
        found: dict[str, Any] = self.send(self.op(kind, target, args, **more))["results"][0]
        return found


def rows(answer: Any, kind: str) -> dict[str, Any]:
    return {row["id"]: row["body"] for row in answer["put"] if row["k"] == kind}


def publish(world: World, number: int, stops: list[tuple[int, int, date]]) -> Plan:
    """Publish a plan of (visit, team, day)."""
    plan = Plan(
        id=new_id(), monday=MONDAY, number=number, published_at=clock.now(),
    )  # fmt: skip
    made: dict[tuple[int, date], Round] = {}
    new: list[Any] = [plan]
    for seq, (visit, team, day) in enumerate(stops):
        if (team, day) not in made:
            made[team, day] = Round(
                id=new_id(), plan_id=plan.id, team_id=world.teams[team].id,
                team_letter=world.teams[team].letter, day=day,
                member_ids=[world.staff[team].id], members=[world.staff[team].name],
                vehicle="Van", leaves=480, returns=900,
            )  # fmt: skip
            new.append(made[team, day])
        new.append(Stop(
            round_id=made[team, day].id, visit_id=world.visits[visit].id, seq=seq,
            arrives=540 + seq, starts=540 + 30 * seq, ends=560 + 30 * seq,
        ))  # fmt: skip
    with writing():
        db.session.add(plan)
        db.session.flush()
        db.session.add_all(made.values())
        db.session.flush()
        db.session.add_all(new)
        db.session.flush()
        plan.state = PlanState.PUBLISHED  # from here on nothing may change
    return plan


@pytest.fixture
def world(org: Organisation) -> World:
    users = [
        accounts.create_user(f"felt{i}@example.dk", f"Felt {i}", [Role.FIELD], PASSWORD)
        for i in (1, 2)
    ]
    depot = Depot(id=new_id(), name="Rådhuset", latitude=56.15, longitude=10.2)
    staff = [
        Staff(id=new_id(), name=u.name, initials="F", sort_key=u.name, user_id=u.id) for u in users
    ]
    teams = [Team(id=new_id(), letter=letter, depot_id=depot.id) for letter in "AB"]
    sites = [
        Site(
            id=new_id(), code=f"S{i}", kind="shelter", name=f"Herberg {i}", sort_key=str(i),
            address=f"Gade {i}", access_notes="Ring på",
        )
        for i in range(3)
    ]  # fmt: skip
    visits = [
        Visit(id=new_id(), site_id=s.id, monday=MONDAY, services=["MITID"], service_minutes=30)
        for s in sites
    ]
    tasks = [
        VisitTask(id=new_id(), visit_id=v.id, seq=1, service="MITID", text_da="Vis", text_en="Show")
        for v in visits
    ]
    catalogue = [
        Service(code="MITID", name_da="MitID", name_en="MitID", minutes=25, kits=["K-ID"]),
        Kit(code="K-ID", name_da="Id-taske", name_en="Id kit", amount=2),
    ]
    contact = Contact(site_id=sites[0].id, name="Åse", role="Leder", phone="12345678")
    with writing():
        for group in ([depot], staff, teams, sites, visits, tasks, catalogue, [contact]):
            db.session.add_all(group)
            db.session.flush()
    made = World(users, staff, teams, visits, sites, tasks)
    publish(made, 1, [(0, 0, TUESDAY), (1, 0, TUESDAY), (2, 1, TUESDAY)])
    return made


@pytest.fixture
def enrol(world: World, client: FlaskClient) -> Callable[[int], Tablet]:
    """Enrol a tablet for the first or the second user."""

    def run(user: int) -> Tablet:
        code = actions.make_code(world.users[user].email)
        answer = client.post("/api/v1/enrol", json={"code": code, "device_name": "Tablet"})
        assert answer.status_code == 201, answer.text
        body = answer.get_json()
        return Tablet(client, body["token"], body["device"], body["epoch"])

    return run


@pytest.fixture
def tablet(enrol: Callable[[int], Tablet]) -> Tablet:
    """The tablet of team A."""
    return enrol(0)
