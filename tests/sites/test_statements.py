from collections.abc import Callable

from flask.testing import FlaskClient

from outreach.core.auth import Role
from outreach.core.db import db, writing
from outreach.sites.models import Site, SiteHours
from tests.counting import statements


def _fill(upto: int, start: int) -> None:
    with writing():
        for number in range(start, upto):
            hours = [SiteHours(weekday=day, opens=540, closes=960) for day in range(5)]
            db.session.add(
                Site(code=f"S{number:04d}", kind="library", name=f"Bibliotek {number}",
                     sort_key=f"bibliotek {number:04d}", area="Midtbyen", latitude=56.1,
                     longitude=10.2, hours=hours)
            )  # fmt: skip


def test_the_list_takes_as_many_statements_for_25_as_for_500_sites(
    as_role: Callable[[Role], FlaskClient],
) -> None:
    browser, counts, start = as_role(Role.COORDINATOR), [], 0
    for size in (25, 120, 500):
        _fill(size, start)
        start = size
        with statements() as sent:
            assert browser.get("/sites").status_code == 200
        counts.append(len(sent))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 6
