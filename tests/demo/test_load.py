from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from outreach.accounts.models import Organisation, User
from outreach.accounts.queries import user_by_email
from outreach.agreements.actions import bring_due
from outreach.agreements.models import Agreement
from outreach.catalogue.models import Kit, Service
from outreach.core import clock, tenancy
from outreach.core.crypto import Sealed, keyring, place
from outreach.core.db import db
from outreach.core.errors import Conflict
from outreach.demo.loader import first_week, load
from outreach.demo.sizes import PLANTED
from outreach.demo.store import SEED
from outreach.elections.queries import election_by_id, elections, law_of
from outreach.people.models import Staff
from outreach.people.queries import people
from outreach.receivers.queries import candidates
from outreach.rounds import actions as rounds
from outreach.rounds.models import Plan
from outreach.sites.models import Site, SiteSecret, SiteStatus
from outreach.visits.models import Tally, Visit

MONDAY = date(2026, 11, 23)


@pytest.fixture
def municipality(database: None) -> Iterator[str]:
    load("municipality", plan=False)
    org_id = db.session.scalars(select(Organisation.id)).one()
    with tenancy.acting_for(org_id):
        yield org_id


def test_eight_weeks_in_a_row_owe_between_110_and_130_visits(municipality: str) -> None:
    counts = []
    for week in range(8):
        monday = MONDAY + timedelta(weeks=week)
        bring_due(monday)
        counts.append(
            db.session.scalar(select(func.count(Visit.id)).where(Visit.monday == monday)) or 0
        )
    assert min(counts) >= 110
    assert max(counts) <= 130


def test_every_planted_site_has_one_agreement_that_falls_due_each_week(municipality: str) -> None:
    planted = db.session.scalars(select(Site.id).where(Site.code.in_(PLANTED))).all()
    rows = db.session.scalars(select(Agreement).where(Agreement.starts_on == MONDAY)).all()
    assert Counter(row.site_id for row in rows) == Counter(planted)
    assert all(row.interval_days == 7 or row.rrule for row in rows)
    assert sorted(PLANTED.values()) == sorted(set(PLANTED.values()))


def test_some_team_can_do_every_service_but_the_planted_pair(municipality: str) -> None:
    staff = people()
    everybody = frozenset().union(*(one.skills_on(MONDAY) for one in staff.values()))
    services = {s.code: s for s in db.session.scalars(select(Service))}
    assert frozenset().union(*(s.skills for s in services.values())) <= everybody
    amounts = {k.code: k.amount for k in db.session.scalars(select(Kit))}
    assert {code for code, amount in amounts.items() if not amount} == {"K-PHOTO"}
    assert [code for code, s in services.items() if "K-PHOTO" in s.kits] == ["IDCARD"]


def test_the_demo_users_can_sign_in_and_fourteen_go_out(municipality: str) -> None:
    out = select(Staff.user_id).where(Staff.email.startswith("felt"))
    linked = db.session.scalars(out).all()
    assert len(linked) == 14
    assert None not in linked
    assert all(db.session.scalars(select(User.is_demo)))
    assert user_by_email("felt14@example.dk") is not None
    browser_roles = {u.email.split("@")[0]: u.roles for u in db.session.scalars(select(User))}
    assert browser_roles["koordinator"] == ["coordinator"]
    assert browser_roles["laeser"] == ["viewer"]


def test_an_election_stands_ahead_with_every_window_open_or_to_come(municipality: str) -> None:
    row = elections()[0]
    assert (row.day, row.day.weekday()) == (date(2026, 12, 29), 1)
    election = election_by_id(row.id)
    assert all(one.last > clock.now() for one in law_of(election).windows.values())
    assert (row.decided, row.sites) == (8, 92)
    day = law_of(election).windows["institution"].last.date()
    found = candidates(election, day)
    assert Counter(one.fact.role for one in found) == {
        "appointed_voter": 54, "municipal_employee": 6,
    }  # fmt: skip
    assert sum(one.is_reserve for one in found) == 10
    assert {one.may for one in found} == {True, False}
    logins = select(Staff.name).where(
        Staff.email.startswith("modtager"), Staff.user_id.is_not(None)
    )
    with_tablets = set(db.session.scalars(logins))
    assert len(with_tablets) == 4
    assert with_tablets <= {one.name for one in found if one.may and not one.is_reserve}


def test_a_secret_site_stands_sealed_and_a_home_without_residents_is_closed(
    municipality: str,
) -> None:
    secret = db.session.scalars(select(Site).where(Site.is_secret).order_by(Site.code)).all()
    assert [site.label for site in secret] == ["K-01", "K-02", "K-03"]
    assert not any(site.area or site.postcode or site.residents for site in secret)
    sealed = db.session.scalars(select(SiteSecret).where(SiteSecret.site_id == secret[0].id)).one()
    where = place(municipality, "site_secret", "name", secret[0].id)
    assert keyring().unseal(Sealed(sealed.name), where) == "Krisecenter K-01 (opdigtet)"
    closed = db.session.scalars(select(Site).where(Site.status == SiteStatus.CLOSED)).all()
    assert [(site.kind, site.residents) for site in closed] == [("care_home", 0)]


def test_the_past_has_counts_and_about_three_percent_closed_doors(municipality: str) -> None:
    past = select(Visit.status, func.count()).where(Visit.monday < MONDAY).group_by(Visit.status)
    found = {row[0]: row[1] for row in db.session.execute(past)}
    assert 26 * 100 < sum(found.values()) < 26 * 130
    assert 0.015 < found["no_access"] / sum(found.values()) < 0.05
    measures = set(db.session.scalars(select(Tally.measure).distinct()))
    assert {"contacts", "votes", "assisted", "mitid.served", "mitid.not_served"} <= measures


def test_the_same_day_gives_the_same_demo(database: None) -> None:
    seen = []
    for _ in range(2):
        clock.move_to(datetime(2026, 11, 24, 9, tzinfo=clock.DK))
        load("small", plan=False)
        with tenancy.everywhere():
            rows = db.session.execute(
                select(Visit.monday, Visit.status, Visit.services, Site.code).join(
                    Site, Site.id == Visit.site_id
                )
            )
            seen.append(
                sorted((str(row.monday), row.status, row.services, row.code) for row in rows)
            )
        db.session.rollback()
        with db.engine.begin() as connection:
            for table in reversed(Organisation.metadata.sorted_tables):
                connection.execute(table.delete())
    assert seen[0] == seen[1]


def test_the_demo_is_never_loaded_over_something(municipality: str) -> None:
    with pytest.raises(Conflict):
        load("small")


def test_on_a_weekend_the_coming_week_is_the_running_one(database: None) -> None:
    assert first_week() == MONDAY
    clock.move_to(datetime(2026, 11, 28, 9, tzinfo=clock.DK))
    assert first_week() == date(2026, 11, 30)


def test_every_visit_is_planned_but_the_planted_ones_each_for_its_own_reason(
    municipality: str,
) -> None:
    codes = {row.label: row.code for row in db.session.scalars(select(Site))}
    for week in range(2):
        monday = MONDAY + timedelta(weeks=week)
        as_of = datetime.combine(monday - timedelta(days=4), datetime.min.time(), clock.DK)
        found = rounds.plan_now(monday, 3.0, SEED, as_of=as_of)
        why = {codes[u["site"]]: [r["code"] for r in u["reasons"]] for u in found["unplanned"]}
        assert why == {code: [reason] for code, reason in PLANTED.items()}
        rounds.publish(monday, force_now=as_of)


def test_the_running_week_is_published_and_lived_until_yesterday(database: None) -> None:
    clock.move_to(datetime(2026, 11, 27, 9, tzinfo=clock.DK))  # a few visits may leave days free
    load("small", seconds=1.0)
    with tenancy.acting_for(db.session.scalars(select(Organisation.id)).one()):
        states = db.session.execute(select(Plan.monday, Plan.state)).all()
        assert [tuple(row) for row in states] == [(MONDAY, "published")]
        done = db.session.scalars(
            select(Visit.done_on).where(Visit.monday == MONDAY, Visit.done_on.is_not(None))
        ).all()
        assert done
        assert max(filter(None, done)) < clock.today()
        counted = select(func.count(Tally.id)).where(Tally.day >= MONDAY)
        assert db.session.scalar(counted)
        after = select(func.count(Visit.id)).where(Visit.monday == MONDAY + timedelta(days=7))
        assert db.session.scalar(after)
