"""A running week is planned again after its teams were changed: what has begun stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from outreach.catalogue.models import Kit, Service
from outreach.core import clock
from outreach.core.db import db, writing
from outreach.people.models import Team, TeamDay, TeamMember
from outreach.rounds import actions
from outreach.rounds.hand import Place
from outreach.rounds.models import Plan
from tests.rounds.conftest import Desk, solve
from tests.rounds.world import MONDAY, THURSDAY, make_staff, store


def team_b() -> Team:
    return db.session.scalars(select(Team).where(Team.letter == "B")).one()


def rename() -> None:
    team_b().letter = "H"


def retire() -> None:
    team_b().is_active = False


def stay_at_home() -> None:
    db.session.execute(delete(TeamDay).where(TeamDay.team_id == team_b().id, TeamDay.weekday == 0))


CHANGES: dict[str, Callable[[], None]] = {
    "another letter": rename, "retired": retire, "no Mondays any more": stay_at_home,
}  # fmt: skip


def published(desk: Desk) -> list[tuple[str, int, str]]:
    """Three visits of team B on Monday, published: visit, start and letter of each."""
    for visit in desk.visits[:3]:
        desk.move(visit, team="B", day=MONDAY.isoformat())
    actions.publish(MONDAY)
    (round_,) = [r for r in desk.plan().rounds if (r.team_letter, r.day) == ("B", MONDAY)]
    return [(stop.visit_id, stop.starts, round_.team_letter) for stop in round_.stops]


def go_to(minutes: int) -> None:
    clock.move_to(
        datetime.combine(MONDAY, datetime.min.time(), clock.DK) + timedelta(minutes=minutes)
    )


def placed(plan: Plan) -> dict[str, tuple[str, int]]:
    """Where each visit of Monday stands."""
    return {
        stop.visit_id: (round_.team_letter, stop.starts)
        for round_ in plan.rounds
        if round_.day == MONDAY
        for stop in round_.stops
    }


@pytest.mark.parametrize("name", CHANGES)
def test_a_team_that_is_changed_keeps_the_day_that_is_over(desk: Desk, name: str) -> None:
    before = published(desk)
    go_to(24 * 60 + 600)
    with writing():
        CHANGES[name]()
    solve()
    now = placed(desk.plan())
    assert [now[visit_id] for visit_id, _starts, _letter in before] == [
        (letter, starts) for _visit, starts, letter in before
    ]
    (round_,) = [r for r in desk.plan().rounds if r.team_letter == "B" and r.day == MONDAY]
    assert round_.members == ["Carl", "Dorte"]
    actions.publish(MONDAY)


def test_what_a_retired_team_had_not_begun_goes_to_another(desk: Desk) -> None:
    (first, at, _letter), *rest = published(desk)
    go_to(at + 1)
    with writing():
        retire()
    solve()
    plan = desk.plan()
    assert placed(plan)[first] == ("B", at)
    letters = {s.visit_id: r.team_letter for r in plan.rounds for s in r.stops}
    assert [letters[visit_id] for visit_id, _starts, _was in rest] == ["A", "A"]
    actions.publish(MONDAY)


def test_who_rode_is_not_changed_by_who_is_in_the_team_now(desk: Desk) -> None:
    published(desk)
    team, new = team_b(), make_staff("Eva")
    with writing():
        db.session.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
    store(*(TeamMember(team_id=team.id, staff_id=new.id, weekday=n) for n in range(5)))
    go_to(24 * 60 + 600)
    solve()
    (round_,) = [r for r in desk.plan().rounds if r.team_letter == "B" and r.day == MONDAY]
    assert round_.members == ["Carl", "Dorte"]


@pytest.mark.parametrize("hours", [11, 34], ids=["the same day", "the day after"])
@pytest.mark.parametrize("left", [0, 1])
def test_a_kit_that_broke_on_the_way_does_not_stop_the_week_from_being_planned(
    desk: Desk, hours: int, left: int
) -> None:
    store(Kit(code="K-ID", name_da="ID-kuffert", name_en="ID kit", amount=2))
    with writing():
        for service in db.session.scalars(select(Service)):
            service.kits = ["K-ID"]
    for number, visit in enumerate(desk.visits[:4]):
        desk.move(visit, team="AB"[number % 2], day=MONDAY.isoformat())
    for visit in desk.visits[4:]:
        desk.move(visit, team="A", day=THURSDAY.isoformat())
    actions.publish(MONDAY)
    before = placed(desk.plan())
    go_to(hours * 60)
    with writing():
        db.session.scalars(select(Kit)).one().amount = left
    solve()
    assert placed(desk.plan()) == before
    later = {r.team_letter: r.kits for r in desk.plan().rounds if r.day > MONDAY}
    assert all(kits == ["K-ID"] for kits in later.values())
    assert bool(later) == bool(left)  # with none left, nothing more is planned
    actions.publish(MONDAY)


def test_a_kit_that_is_out_is_not_given_to_another_team_that_day(desk: Desk) -> None:
    store(Kit(code="K-ID", name_da="ID-kuffert", name_en="ID kit", amount=1))
    with writing():
        for service in db.session.scalars(select(Service)):
            service.kits = ["K-ID"]
    desk.move(desk.visits[0], team="B", day=MONDAY.isoformat())
    for visit in desk.visits[1:]:
        desk.move(visit, team="A", day=THURSDAY.isoformat())
    actions.publish(MONDAY)
    go_to(desk.at(desk.visits[0])[0][2] + 1)
    actions.move(MONDAY, desk.visits[1].id, [Place("A", MONDAY, around=14 * 60)])
    assert [b["rule"] for b in desk.plan().breaches] == ["kit-pool"]
