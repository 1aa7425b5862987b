"""The week's pages take as many statements for 500 sites as for 25."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from outreach.accounts.models import Organisation
from outreach.agreements.models import Agreement
from outreach.core.auth import Role
from outreach.core.db import Base, db, writing
from outreach.core.ids import new_id
from outreach.people.models import Team
from outreach.rounds import actions, hand
from outreach.rounds.models import Plan, PlanState, Round, Stop, Unplanned
from outreach.sites.models import Site, SiteHours
from outreach.visits.models import Visit
from tests.counting import statements
from tests.rounds.world import (
    MONDAY,
    SERVICE,
    TUESDAY,
    make_catalogue,
    make_staff,
    make_team,
    store,
)

SIZES = (25, 120, 500)
LETTERS = "ABCDEFG"


def fill(upto: int, start: int) -> list[Visit]:
    """Sites with an agreement and a visit each."""
    sites = [
        Site(id=new_id(), code=f"S{n:04d}", name=f"Site S{n:04d}", sort_key=f"s{n:04d}",
             kind="library", latitude=56.15 + n % 10 / 100, longitude=10.2 + n / 5000,
             hours=[SiteHours(weekday=day, opens=480, closes=960) for day in range(5)])
        for n in range(start, upto)
    ]  # fmt: skip
    terms = [
        Agreement(id=new_id(), site_id=site.id, services=[SERVICE], interval_days=28,
                  starts_on=date(2026, 1, 1))
        for site in sites
    ]  # fmt: skip
    visits = [
        Visit(id=new_id(), site_id=one.site_id, agreement_id=one.id, monday=MONDAY,
              services=[SERVICE], service_minutes=30, setup_minutes=10)
        for one in terms
    ]  # fmt: skip
    for group in (sites, terms, visits):
        store(*group)
    return visits


def cures_of(other: Visit) -> list[dict[str, Any]]:
    """One that is told, and one that may be carried out."""
    parts = ({"code": "skill", "shift": "A-0", "skills": ["X"]},
             {"code": "displace", "visit": other.id})  # fmt: skip
    return [
        {"code": part["code"], "patch": [], "price": 5, "verified": True, "parts": [part]}
        for part in parts
    ]


def draft_of(visits: list[Visit], teams: list[Team]) -> Plan:
    """A draft that has the visits on every team's Monday to Friday, and leaves one in ten out."""
    plan = Plan(id=new_id(), monday=MONDAY, number=1)
    rounds = [
        Round(id=new_id(), plan_id=plan.id, team_id=team.id, team_letter=team.letter, leaves=480,
              day=date.fromordinal(MONDAY.toordinal() + weekday), member_ids=["a"],
              members=["Anna"], returns=900)
        for team in teams for weekday in range(5)
    ]  # fmt: skip
    reason = {"code": "window_too_short", "detail": {"site": "S", "longest": 10, "needed": 40}}
    with writing():
        for group in ([plan], rounds):
            db.session.add_all(group)
            db.session.flush()
        for seq, visit in enumerate(visits):
            if seq % 10 == 0:
                cures = cures_of(visits[-1])
                db.session.add(
                    Unplanned(plan_id=plan.id, visit_id=visit.id, reasons=[reason], cures=cures)
                )
                continue
            round_ = rounds[seq % len(rounds)]
            db.session.add(
                Stop(round_id=round_.id, visit_id=visit.id, seq=seq, arrives=500 + seq,
                     starts=500 + seq, ends=501 + seq)
            )  # fmt: skip
    return plan


def breaks(plan: Plan, visits: list[Visit]) -> None:
    with writing():
        plan.breaches = [
            {"rule": "window", "visit_id": v.id, "shift": "A-0", "amount": 5} for v in visits
        ]


def publish(plan: Plan) -> None:
    """As ``actions.publish`` does it, without asking whether the plan keeps the rules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hand, "judged", lambda week, _plan: week.judged(()))
        actions.publish(MONDAY)
    assert db.session.get_one(Plan, plan.id).state == PlanState.PUBLISHED


def drop() -> None:
    """Clear the way for the next size, past the guard of published plans."""
    with db.engine.begin() as connection:
        for part in (Unplanned, Stop, Round, Plan):
            connection.execute(Base.metadata.tables[part.__tablename__].delete())
    db.session.rollback()
    db.session.expire_all()


class Pages:
    """How many statements each page takes, by size."""

    def __init__(self, browser: FlaskClient) -> None:
        self._browser = browser
        self.counts: dict[str, list[int]] = {}

    def load(self, name: str, address: str) -> str:
        """Load a page and note what it cost."""
        with statements() as sent:
            answer = self._browser.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        self.counts.setdefault(name, []).append(len(sent))
        return answer.text


@pytest.fixture
def pages(org: Organisation, as_role: Callable[[Role], FlaskClient]) -> Pages:
    return Pages(as_role(Role.COORDINATOR))


def load_all(pages: Pages, visits: list[Visit], teams: list[Team], place: str) -> None:
    """A week before its plan, with a draft, and published; the day, and the pages beside."""
    week = f"/weeks/{MONDAY:%G-W%V}"
    assert "S0007" in pages.load("week that is due", week)
    plan = draft_of(visits, teams)
    breaks(plan, visits[1:4])
    assert "S0007" in pages.load("draft", week)
    pages.load("publish", f"{week}/publish")
    pages.load("visit of a draft", f"{week}/visits/{visits[1].id}")
    pages.load("overview with a draft", "/")
    publish(plan)
    assert "S0007" in pages.load("published", week)
    assert place in pages.load("day", f"/days/{TUESDAY}")
    assert "S0007" in pages.load("version", f"{week}/versions/1")
    pages.load("visit of a published plan", f"{week}/visits/{visits[1].id}")
    pages.load("overview", "/")
    drop()


def test_every_page_of_the_week_takes_as_many_statements_for_25_as_for_500_sites(
    pages: Pages,
) -> None:
    make_catalogue(kits={"K-ID": 3})
    teams = [make_team(letter, make_staff(f"Staff {letter}")) for letter in LETTERS]
    visits: list[Visit] = []
    for size in SIZES:
        visits += fill(size, len(visits))
        load_all(pages, visits, teams, "Site S0001")
    assert {name: found for name, found in pages.counts.items() if len(set(found)) > 1} == {}
    assert max(pages.counts["draft"][0], pages.counts["published"][0]) <= 22
    assert pages.counts["day"][0] <= 8
