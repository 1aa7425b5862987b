"""A surprise on Wednesday morning of a published week: the past stays, few are disturbed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from outreach.accounts.models import Organisation
from outreach.catalogue.models import Kit
from outreach.core import clock
from outreach.core.db import db, writing
from outreach.people.models import Absence, Staff, Team, TeamDay
from outreach.rounds import actions, week_facts
from outreach.rounds.planner import Week
from outreach.sites.models import SiteClosure
from outreach.visits.models import Visit
from tests.rounds.world import (
    MONDAY,
    THURSDAY,
    WEDNESDAY,
    make_catalogue,
    make_site,
    make_staff,
    make_team,
    make_visit,
    store,
)

MORNING = datetime.combine(WEDNESDAY, datetime.min.time(), clock.DK) + timedelta(hours=10)
Places = dict[str, set[tuple[str, int]]]


def now() -> Places:
    """Team and weekday of each visit in the newest plan, as it is made at ten on Wednesday."""
    week = Week(week_facts.read(MONDAY, MORNING))
    answer = week.solved(0.4, 3)
    assert answer.breaches == ()
    found: Places = {}
    for one in answer.rounds:
        for stop in one.placed.stops:
            found.setdefault(stop.visit_id, set()).add((one.shift.letter, one.shift.day.weekday()))
    return found


@pytest.fixture
def was(org: Organisation) -> Places:
    """Three teams and a visit a day for each, published; each takes a kit along on Monday."""
    make_catalogue(kits={"K": 3})
    for letter in "ABC":
        make_team(letter, make_staff(f"{letter} one"), make_staff(f"{letter} two"), kit_slots=1)
    for n, letter in enumerate("ABC"):
        for weekday in range(4):
            site = make_site(f"S{n}{weekday}", north=n + 1, longitude=10.2 + weekday / 50)
            day = MONDAY + timedelta(days=weekday)
            make_visit(site, pin_day=day, pin_team=letter, people=1)
    actions.keep_plan(MONDAY, Week(week_facts.read(MONDAY)).solved(0.3))
    actions.publish(MONDAY)
    with writing():
        for visit in db.session.query(Visit):
            visit.pin_day = visit.pin_team = None
    return now()


def ill() -> None:
    people = db.session.query(Staff).filter(Staff.name.like("A %"))
    store(*(Absence(staff_id=p.id, from_day=THURSDAY, to_day=THURSDAY) for p in people))


def closed() -> None:
    site = db.session.query(Visit).filter(Visit.site.has(code="S03")).one().site_id
    store(SiteClosure(site_id=site, from_day=THURSDAY, to_day=THURSDAY, reason="outbreak"))


def longer() -> None:
    with writing():
        db.session.query(Visit).filter(Visit.site.has(code="S03")).one().service_minutes = 200


def urgent() -> None:
    make_visit(make_site("S90", longitude=10.25), priority=1, latest=THURSDAY)


def broken() -> None:
    with writing():
        day = db.session.query(TeamDay).filter_by(weekday=3).join(Team).filter_by(letter="B")
        db.session.delete(day.one())


def kit() -> None:
    with writing():
        db.session.query(Kit).one().amount = 2


@pytest.mark.parametrize("surprise", [ill, closed, longer, urgent, broken, kit])
def test_what_is_over_stays_and_few_are_disturbed(
    was: Places, surprise: Callable[[], None]
) -> None:
    surprise()
    after = now()
    past = {v: at for v, at in was.items() if any(weekday < 2 for _team, weekday in at)}
    assert {v: after.get(v) for v in past} == past
    assert was.keys() <= after.keys()
    moved = {v for v in was if was[v] != after[v]}
    assert len(moved) <= 2
    if surprise is urgent:
        assert len(after) == len(was) + 1
