"""A small town for tests of the week: everything is near, open and able unless a test says no."""

from datetime import date
from typing import Any

from outreach.agreements.models import Agreement
from outreach.catalogue.models import Kit, Service
from outreach.core.db import db, writing
from outreach.people.models import Depot, Skill, Staff, StaffSkill, Team, TeamDay, TeamMember
from outreach.sites.models import Site, SiteClearance, SiteHours
from outreach.visits.models import Visit

MONDAY = date(2026, 11, 30)
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3)
SERVICE = "MITID"


def store(*rows: Any) -> None:
    with writing():
        db.session.add_all(rows)


def make_catalogue(*, skills: list[str] | None = None, kits: dict[str, int] | None = None) -> None:
    amounts = kits or {}
    store(
        Service(code=SERVICE, name_da="MitID", name_en="MitID", minutes=30,
                skills=skills or [], kits=list(amounts)),
        *(Kit(code=code, name_da=code, name_en=code, amount=n) for code, n in amounts.items()),
    )  # fmt: skip


def make_skill(code: str, *owners: Staff, until: date | None = None) -> None:
    row = Skill(code=code, name_da=f"{code} da", name_en=f"{code} en")
    store(row)
    store(*(StaffSkill(staff_id=s.id, skill_id=row.id, valid_to=until) for s in owners))


def make_staff(name: str, **more: Any) -> Staff:
    made = Staff(name=name, initials=name[:2].upper(), sort_key=name.lower(), **more)
    store(made)
    return made


def make_team(letter: str, *people: Staff, weekdays: range = range(5), **more: Any) -> Team:
    day = {
        key: more.pop(key)
        for key in ("starts", "ends", "break_minutes", "break_from", "break_to", "overtime")
        if key in more
    }
    depot = Depot(name=f"Depot {letter}", latitude=56.15, longitude=10.2)
    store(depot)
    team = Team(letter=letter, depot_id=depot.id, **more)
    store(team)
    store(*(TeamDay(team_id=team.id, weekday=n, **day) for n in weekdays))
    store(
        *(TeamMember(team_id=team.id, staff_id=p.id, weekday=n) for p in people for n in weekdays)
    )
    return team


def make_site(code: str, *, north: int = 1, opens: int = 480, closes: int = 960,
              weekdays: range = range(5), **more: Any) -> Site:  # fmt: skip
    fields: dict[str, Any] = {
        "kind": "library", "name": f"Site {code}", "sort_key": code.lower(),
        "latitude": 56.15 + north / 100, "longitude": 10.2, **more,
    }  # fmt: skip
    hours = [SiteHours(weekday=n, opens=opens, closes=closes) for n in weekdays]
    made = Site(code=code, hours=hours, **fields)
    store(made)
    return made


def make_visit(site: Site, **more: Any) -> Visit:
    fields: dict[str, Any] = {
        "monday": MONDAY, "services": [SERVICE], "service_minutes": 30, "setup_minutes": 10, **more,
    }  # fmt: skip
    made = Visit(site_id=site.id, **fields)
    store(made)
    return made


def make_agreement(site: Site, **more: Any) -> Agreement:
    fields: dict[str, Any] = {
        "services": [SERVICE],
        "interval_days": 28,
        "starts_on": date(2026, 1, 1),
        **more,
    }
    made = Agreement(site_id=site.id, **fields)
    store(made)
    return made


def clear(site: Site, *people: Staff, until: date | None = None) -> None:
    store(*(SiteClearance(site_id=site.id, staff_id=p.id, valid_to=until) for p in people))


def make_town(sites: int = 3) -> tuple[list[Staff], list[Visit]]:
    """Team A with Anna and Bo, and so many sites with a visit each."""
    people = [make_staff("Anna", gender="woman"), make_staff("Bo", gender="man")]
    make_catalogue()
    make_team("A", *people)
    return people, [
        make_visit(make_site(f"S{n:03d}", north=n % 10, longitude=10.2 + n / 500))
        for n in range(sites)
    ]
