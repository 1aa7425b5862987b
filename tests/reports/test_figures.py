"""Figures against a recomputation in SQL that shares nothing with the product."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, text, update

from outreach.accounts.models import Organisation
from outreach.core import clock, tenancy
from outreach.core.db import db, writing
from outreach.demo.loader import load
from outreach.reports import queries
from outreach.reports.facts import MERGED
from outreach.reports.figures import HIDDEN, Figures, Sight, collect, show
from outreach.reports.listing import Wanted, counts_behind, not_reached, visits_behind
from outreach.reports.measures import BY_ID, MEASURES, Split
from outreach.reports.periods import Period, days, parse
from outreach.sites.models import Site
from outreach.visits.models import Tally, Visit

H2 = parse("2026-H2")
PERIODS = [H2, parse("2026-H1"), parse("2026-W46"), days(date(2026, 9, 30), date(2026, 10, 14))]


@pytest.fixture
def demo(database: None) -> Iterator[None]:
    load("municipality", plan=False)
    org_id = db.session.query(Organisation).one().id
    with tenancy.acting_for(org_id):
        yield


@pytest.fixture
def little(database: None) -> Iterator[None]:
    load("small", plan=False)
    with tenancy.acting_for(db.session.query(Organisation).one().id):
        yield


def figures(period: Period) -> Figures:
    return collect(queries.visits(period), queries.counts(period), clock.today())


def sql(query: str, period: Period) -> int:
    values = {"first": period.first, "last": period.last}
    return int(db.session.execute(text(query), values).scalar() or 0)


TALLY = """select sum(tally.amount) from tally join visit on visit.id = tally.visit_id
           join site on site.id = visit.site_id where not tally.is_void
           and tally.day >= :first and tally.day <= :last and """
DONE = """select count(*) from visit join site on site.id = visit.site_id
          where done_on >= :first and done_on <= :last and """
RECOMPUTED = {
    "contacts": TALLY + "measure = 'contacts'",
    "served": TALLY + "measure like '%.served'",
    "not_served": TALLY + "measure like '%.not%'",
    "votes": TALLY + "measure = 'votes'",
    "assisted": TALLY + "measure = 'assisted'",
    "done": DONE + "visit.status = 'done'",
    "partial": DONE + "visit.status = 'partial'",
}


def plain_and_secret(measure: str, period: Period) -> tuple[int, int, int]:
    """In SQL: what was done at ordinary sites, at secret sites, and at how many of these."""
    query = RECOMPUTED[measure]
    sites = query.replace(query.split(" from ")[0], "select count(distinct visit.site_id)")
    return (
        sql(query + " and not site.is_secret", period),
        sql(query + " and site.is_secret", period),
        sql(sites + " and site.is_secret", period),
    )


def test_the_figures_equal_an_independent_recomputation(demo: None) -> None:
    for period in PERIODS:
        found = figures(period)
        for measure in RECOMPUTED:
            plain, secret, sites = plain_and_secret(measure, period)
            counted = secret if sites >= 3 else 0
            assert found.totals[measure] == plain + counted, (period.key, measure)
            assert found.grids[Split.KIND, measure].get(MERGED, 0) == counted


def test_minutes_run_from_the_mark_on_site_to_the_mark_done(little: None) -> None:
    rows = db.session.execute(
        text("""select visit.id, a.at as start, b.at as done from visit
                join status_mark a on a.visit_id = visit.id and a."to" = 'in_progress'
                join status_mark b on b.visit_id = visit.id and b."to" in ('done', 'partial')
                where done_on >= '2026-11-09' and done_on <= '2026-11-15'""")
        .columns(start=Tally.at.type, done=Tally.at.type)
    ).all()  # fmt: skip
    minutes = sum(round((row.done - row.start).total_seconds() / 60) for row in rows)
    week = parse("2026-W46")
    few = figures(week).without_secret
    secret = sum(v.minutes for v in queries.visits(week) if v.is_secret and "minutes" in few)
    assert figures(week).totals["minutes"] == minutes - secret


def test_what_was_taken_back_is_not_counted(little: None) -> None:
    before = figures(H2).totals["contacts"]
    found = (
        select(Tally).join(Visit, Visit.id == Tally.visit_id).join(Site, Site.id == Visit.site_id)
    )
    one = db.session.scalars(
        found.where(Tally.measure == "contacts", Tally.day > date(2026, 11, 2), ~Site.is_secret)
    ).first()
    assert one is not None
    with writing():
        db.session.execute(update(Tally).where(Tally.id == one.id).values(is_void=True))
    assert figures(H2).totals["contacts"] == before - one.amount


def test_the_groups_of_every_split_add_up_to_the_total(demo: None) -> None:
    true = figures(H2)
    for measure in MEASURES:
        for split in measure.splits:
            adds_up = measure.counts_people or split != Split.SERVICE
            if adds_up and not measure.is_share:
                cells = true.grids[split, measure.id]
                assert sum(cells.values()) == true.totals[measure.id], (measure.id, split)


def test_every_list_adds_up_to_its_figure(little: None) -> None:
    true, visits, today = figures(H2), queries.visits(H2), clock.today()
    for measure in (m for m in MEASURES if not m.is_share):
        for split in measure.splits:
            for group, amount in true.grids[split, measure.id].items():
                wanted = Wanted(measure, split, group)
                if measure.counts_people:
                    found = counts_behind(queries.amounts(H2, measure.id), wanted)
                else:
                    found = visits_behind(visits, wanted, today)
                if found.total.value is not None:
                    assert found.total.value == amount, (measure.id, split, group)


def test_secret_sites_are_one_group_and_only_where_there_are_three(demo: None) -> None:
    half = figures(H2)
    assert half.grids[Split.KIND, "contacts"][MERGED] > 0
    assert "crisis_centre" not in half.grids[Split.KIND, "contacts"]
    week = figures(parse("2026-W46"))
    assert "contacts" in week.without_secret
    assert MERGED not in week.grids[Split.KIND, "contacts"]
    assert plain_and_secret("contacts", parse("2026-W46"))[1] > 0


def test_a_visit_that_is_past_and_undone_is_named_with_its_reason(little: None) -> None:
    visits = queries.visits(H2)
    found = not_reached(visits, clock.today())
    assert sum(one.visits for one in found) == sum(v.status == "no_access" for v in visits)
    later = not_reached(visits, date(2027, 1, 1))
    assert {one.why for one in found} <= {one.why for one in later}


def test_votes_are_small_for_all_but_election_officers(demo: None) -> None:
    true = figures(H2)
    small = {g for g, n in true.grids[Split.AREA, "votes"].items() if 1 <= n <= 4}
    assert small
    for sight, exact in ((Sight(people=True), False), (Sight(votes=True), True)):
        cells = show(true, sight).grids[Split.AREA, "votes"]
        assert all((cells[group].value is not None) == exact for group in small)


def test_no_cell_that_a_viewer_sees_is_small(demo: None) -> None:
    for period in PERIODS:
        shown = show(figures(period), Sight())
        for (_split, measure), cells in shown.grids.items():
            if BY_ID[measure].counts_people:
                numbers = [cell.value for cell in cells.values() if cell.value is not None]
                assert all(n == 0 or n >= 5 for n in numbers)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.key)
def test_a_list_hides_what_the_tables_hide(demo: None, period: Period) -> None:
    shown = show(figures(period), Sight())
    hidden = 0
    for measure in (m for m in MEASURES if m.counts_people):
        known = queries.amounts(period, measure.id)
        every = counts_behind(known, Wanted(measure, Split.KIND, None))
        assert every.total.value in (None, shown.totals[measure.id].value)
        for split in measure.splits:
            for group, cell in shown.grids[split, measure.id].items():
                listed = counts_behind(known, Wanted(measure, split, group))
                assert listed.total.value in (None, cell.value), (measure.id, split, group)
                if cell.mark == HIDDEN:
                    hidden += 1
                    assert all(row.amount.value is None for row in listed.rows)
    assert hidden or period != H2


@pytest.fixture
def reader(app: object, little: None) -> Callable[[str], FlaskClient]:
    def sign_in(name: str) -> FlaskClient:
        client: FlaskClient = app.test_client()  # type: ignore[attr-defined]
        data = {"email": f"{name}@example.dk", "password": "try-outreach-today"}
        assert client.post("/sign-in", data=data).status_code == 303
        return client

    return sign_in


def test_each_figure_leads_to_its_visits(reader: Callable[[str], FlaskClient]) -> None:
    browser = reader("koordinator")
    page = browser.get("/reports?lang=en&period=2026-H2")
    assert page.status_code == 200
    assert "What we did not reach and why" in page.text
    assert "Crisis centres in all" not in page.text
    assert "Secret sites are left out of some figures" in page.text
    for measure in MEASURES:
        answer = browser.get(f"/reports/visits?period=2026-H2&measure={measure.id}&lang=da")
        assert answer.status_code == 200, measure.id
        assert escape(str(measure.definition)) in answer.text
        assert "K-22" not in answer.text


def test_files_hide_small_counts_even_from_coordinators(
    reader: Callable[[str], FlaskClient],
) -> None:
    browser = reader("koordinator")
    file = browser.get("/reports/figures.csv?lang=en&period=2026-H2")
    assert file.content_type == "text/csv; charset=utf-8"
    assert "attachment" in file.headers["Content-Disposition"]
    lines = [line.split(";") for line in file.text.splitlines()]
    people = [line[-1] for line in lines if line[-2] in ("citizens", "times", "votes", "voters")]
    assert "<5" in people
    assert not {"1", "2", "3", "4"} & set(people)
    visits = browser.get("/reports/visits.csv?lang=en&period=2026-H2&measure=not_served").text
    assert "<5" in visits
    assert not [line for line in visits.splitlines() if line.endswith((";1", ";2", ";3", ";4"))]


def test_a_period_that_cannot_be_keeps_what_was_typed(
    reader: Callable[[str], FlaskClient],
) -> None:
    browser = reader("laeser")
    answer = browser.get("/reports?lang=en&period=days&first=2026-11-10&last=2026-11-02")
    assert answer.status_code == 422
    assert "The last day must follow the first" in answer.text
    assert 'value="2026-11-10"' in answer.text
    assert browser.get("/reports?period=nonsense").status_code == 422
    assert browser.get("/reports?split=nonsense").status_code == 404
    assert browser.get("/reports/visits?measure=nonsense").status_code == 404


def test_an_empty_period_says_what_to_do(reader: Callable[[str], FlaskClient]) -> None:
    answer = reader("laeser").get("/reports?lang=en&period=2024-H1")
    assert answer.status_code == 200
    assert "Choose another period" in answer.text


def test_field_staff_have_no_reports(reader: Callable[[str], FlaskClient]) -> None:
    assert reader("felt1").get("/reports").status_code == 403


def test_a_week_after_the_last_is_still_to_come(little: None) -> None:
    coming = queries.visits(parse("2026-W50"))
    assert not_reached(coming, clock.today() + timedelta(days=1)) == ()
