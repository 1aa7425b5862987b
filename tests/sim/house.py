"""The real server functions on a database in memory, with a coordinator, backups and crashes.

Two teams of two people, twelve visits in one week. Every call has a session of its own, as a
request has; a crash raises in the middle of the transaction and rolls it back.
"""

from __future__ import annotations

import copy
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.pool import StaticPool

from outreach.accounts.models import Organisation, User
from outreach.app import create_app
from outreach.catalogue.models import Service
from outreach.core import clock, tenancy
from outreach.core.config import Settings
from outreach.core.db import Base, db, writing
from outreach.core.errors import Conflict, NotSignedIn
from outreach.core.ids import new_id
from outreach.elections.models import Election
from outreach.field import actions, bundle, pull, push, queries, sync
from outreach.field.letter import Letter
from outreach.field.models import Op
from outreach.people.models import Depot, Staff, Team
from outreach.receivers.models import Appointment
from outreach.rounds.models import Plan, PlanState, Round, Stop
from outreach.rulesets.library import choose, shipped
from outreach.sites.models import Site
from outreach.visits import actions as visits
from outreach.visits.models import OUTREACH, Visit, VisitTask
from outreach.voting.models import VotingSession
from tests.sim.tablet import Tablet, empty_disk

MONDAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 7, 0, tzinfo=clock.DK)
VISITS = 12
USERS = 4


class Crash(Exception):
    """The server process died."""


def fixed(kind: int, number: int) -> str:
    """An id that is the same in every run, so that a seed repeats its schedule."""
    return str(UUID(int=(kind << 64) + number + 1, version=4))


ORG = fixed(1, 0)
USER = [fixed(2, n) for n in range(USERS)]
STAFF = [fixed(3, n) for n in range(USERS)]
TEAM = [fixed(4, n) for n in range(2)]
VISIT = [fixed(5, n) for n in range(VISITS)]
TASK = [fixed(6, n) for n in range(VISITS * 2)]
SITE = [fixed(7, n) for n in range(VISITS)]
ELECTION = fixed(9, 0)
SESSIONS = VISIT[-2:]
"""Where the house has polls, the last two visits are voting sessions, in a book of their own."""


class House:
    """A server; ``fresh`` sets it back to the morning of the first day."""

    def __init__(self, settings: Settings, *, has_polls: bool = False) -> None:
        self.sessions = SESSIONS if has_polls else []
        self.app: Flask = create_app(settings)
        with self.app.app_context():
            assert isinstance(db.engine.pool, StaticPool)
            Base.metadata.create_all(db.engine)
            self.raw: sqlite3.Connection = db.engine.raw_connection().driver_connection  # type: ignore[assignment]
        self.crash_at: int | None = None
        self.raises_epoch = True
        with self._request():
            _fill(self.sessions)
        self.plan_number, self.moment = 0, START
        self.publish(random.Random(1), chance=1.0)
        self.disks = [self._first_contact(user) for user in range(USERS)]
        self.template = self._copy()
        self.fresh()

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _first_contact(self, user: int) -> dict[str, Any]:
        tablet = Tablet(
            user, random.Random(user), empty_disk(*self.enrol_again(user), fixed(8, user))
        )
        tablet.hear(self.sync(*tablet.ask(), None))
        return tablet.disk

    def fresh(self) -> None:
        """Begin anew, with a first plan on every tablet."""
        self.template.backup(self.raw)
        self.saved = (self.template, 1)
        self.epoch, self.plan_number, self.restores = 1, 1, 0
        self.moment = START

    def _copy(self) -> sqlite3.Connection:
        copied = sqlite3.connect(":memory:", check_same_thread=False)
        self.raw.backup(copied)
        return copied

    @contextmanager
    def _request(self) -> Iterator[None]:
        with self.app.app_context(), tenancy.acting_for(ORG):
            yield

    def tick(self, *, days: int = 0) -> None:
        """A second passes, or a night."""
        self.moment += timedelta(days=days, seconds=1)
        clock.move_to(self.moment)

    def sync(self, token: str, message: dict[str, Any], crash_at: int | None) -> Any:
        """One round trip; None where the token is unknown.

        Raises:
            Crash: the server died before it could answer.
        """
        self.crash_at = crash_at
        try:
            with self.app.app_context():
                caller = queries.caller(token)
            with self._request():
                return sync.answer(caller, Letter(**copy.deepcopy(message)))
        except NotSignedIn:
            return None
        finally:
            self.crash_at = None

    def step(self) -> None:
        """A place where the server may die; the hooks call it."""
        if self.crash_at is not None:
            self.crash_at -= 1
            if self.crash_at < 0:
                raise Crash

    def enrol_again(self, user: int) -> tuple[str, str]:
        """A new token for a tablet whose own is not known any more."""
        with self._request():
            made = actions.enrol(actions.make_code(f"u{user}@example.dk"), "again")
            return made.device_id, made.token

    def publish(self, r: random.Random, chance: float = 0.9) -> None:
        """A new plan: each visit to one of the teams on one of the days, or to nobody."""
        self.plan_number += 1
        self._publish(r, chance, OUTREACH, [id_ for id_ in VISIT if id_ not in self.sessions])
        if self.sessions:
            self._publish(r, chance, ELECTION, self.sessions)

    def _publish(self, r: random.Random, chance: float, book: str, visit_ids: list[str]) -> None:
        plan = new_id()
        rounds = {(t, d): new_id() for t in range(2) for d in range(5)}
        stops = [
            {"round_id": rounds[r.randrange(2), r.randrange(5)], "visit_id": id_, "seq": n}
            for n, id_ in enumerate(visit_ids)
            if r.random() < chance
        ]
        with self._request(), writing():
            day = timedelta(days=1)
            db.session.execute(insert(Plan), [{
                "id": plan, "org_id": ORG, "monday": MONDAY, "number": self.plan_number,
                "book": book, "state": PlanState.PUBLISHED, "published_at": clock.now(),
            }])  # fmt: skip
            db.session.execute(insert(Round), [
                {
                    "id": id_, "org_id": ORG, "plan_id": plan,
                    "team_id": None if book else TEAM[t],
                    "team_letter": "AB"[t], "day": MONDAY + d * day, "leaves": 480, "returns": 900,
                    "member_ids": [STAFF[n] for n in range(USERS) if n % 2 == t],
                    "members": [f"Person {n}" for n in range(USERS) if n % 2 == t],
                }
                for (t, d), id_ in rounds.items()
            ])  # fmt: skip
            if stops:
                same = {"org_id": ORG, "arrives": 500, "starts": 500, "ends": 530}
                db.session.execute(insert(Stop), [stop | same for stop in stops])

    def cancel(self, r: random.Random) -> None:
        """Call a visit off, where that is still possible."""
        with self._request():
            visit = db.session.scalars(select(Visit).where(Visit.id == r.choice(VISIT))).one()
            try:
                visits.cancel(visit, "", USER[0], "Coordinator")
            except Conflict:
                db.session.rollback()

    def edit(self, r: random.Random) -> None:
        """Rename a site."""
        with self._request(), writing():
            named = {"name": f"Site {r.random()}"}
            db.session.execute(update(Site).where(Site.id == r.choice(SITE)).values(named))

    def back_up(self) -> None:
        """Keep a copy of the database."""
        self.saved = (self._copy(), self.plan_number)

    def restore(self) -> None:
        """Go back to the copy; the epoch says so."""
        saved, self.plan_number = self.saved
        saved.backup(self.raw)
        self.restores += 1
        self.epoch += self.raises_epoch
        with self._request(), writing():
            db.session.execute(update(Organisation).values(epoch=self.epoch))

    def stored(self) -> dict[str, Op]:
        """Every operation that the server has."""
        with self._request():
            return {op.op_id: op for op in db.session.scalars(select(Op))}

    def visible(self, user: int) -> dict[tuple[str, str], Any]:
        """What a user's tablet ought to hold."""
        with self._request():
            return bundle.rows_for(USER[user])

    def scope(self, user: int) -> set[str]:
        """Visits that the user has or had in a published plan."""
        with self._request():
            return set(queries.scope(VISIT, frozenset({STAFF[user]})))


def _fill(sessions: list[str]) -> None:
    same = {"org_id": ORG}
    with writing():
        db.session.add(Organisation(id=ORG, name="Aarhus"))
        db.session.add_all(
            User(
                id=id_, email=f"u{n}@example.dk", name=f"User {n}", roles=["field"],
                password_hash="-", **same,
            )
            for n, id_ in enumerate(USER)
        )  # fmt: skip
        depot = Depot(id=new_id(), name="D", latitude=56, longitude=10)
        db.session.add(depot)
        db.session.flush()
        db.session.add_all(
            Staff(id=id_, name=f"User {n}", initials="U", sort_key="u", user_id=USER[n], **same)
            for n, id_ in enumerate(STAFF)
        )
        db.session.add_all(
            Team(id=id_, letter="AB"[n], depot_id=depot.id) for n, id_ in enumerate(TEAM)
        )
        for code in ("MITID", "VOTE"):
            db.session.add(Service(code=code, name_da=code, name_en=code, minutes=20))
        db.session.add_all(
            Site(id=id_, code=f"S{n}", kind="shelter", name=f"Site {n}", sort_key="s")
            for n, id_ in enumerate(SITE)
        )
        db.session.flush()
        db.session.add_all(
            Visit(
                id=id_, site_id=SITE[n], monday=MONDAY, service_minutes=30,
                services=["VOTE" if id_ in sessions else "MITID"],
                book=ELECTION if id_ in sessions else OUTREACH,
            )
            for n, id_ in enumerate(VISIT)
        )  # fmt: skip
        db.session.flush()
        if sessions:
            _fill_polls(sessions)
        db.session.add_all(
            VisitTask(
                id=id_, visit_id=VISIT[n // 2], seq=n % 2, service="MITID", text_da="t",
                text_en="t",
            )
            for n, id_ in enumerate(TASK)
        )  # fmt: skip


def _fill_polls(sessions: list[str]) -> None:
    """An election whose window is open all week; everybody may receive votes."""
    day = date(2026, 12, 8)
    law = choose("dk-kv", day, shipped().values())
    db.session.add(Election(
        id=ELECTION, title="E", ruleset=law.key, law=law.document(), election_day=day
    ))  # fmt: skip
    db.session.flush()
    db.session.add_all(
        Appointment(
            id=fixed(10, n), election_id=ELECTION, staff_id=id_, role="appointed_voter",
            appointed_on=date(2026, 10, 1), instructed_on=date(2026, 11, 1),
        )
        for n, id_ in enumerate(STAFF)
    )  # fmt: skip
    db.session.add_all(
        VotingSession(
            id=fixed(11, n), election_id=ELECTION, site_id=SITE[VISIT.index(id_)], visit_id=id_,
            channel="institution", expected=20,
        )
        for n, id_ in enumerate(sessions)
    )  # fmt: skip


def install(house: House, patch: Any) -> None:
    """Put the places where the server may die around the real functions."""
    for module, name in ((push, "_keep"), (push, "_raise_head"), (pull, "_keep_view")):
        real = getattr(module, name)

        def hooked(*args: Any, real: Any = real, **more: Any) -> Any:
            house.step()
            return real(*args, **more)

        patch.setattr(module, name, hooked)
