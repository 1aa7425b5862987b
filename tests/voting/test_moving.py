import pytest
from sqlalchemy import select

from outreach.core.db import db
from outreach.elections.models import SiteDecision
from tests.rounds.world import make_site
from tests.voting.conftest import Office

pytestmark = pytest.mark.usefixtures("org")


def test_a_day_outside_the_window_on_which_no_team_goes_out_is_refused_with_its_paragraph(
    office: Office,
) -> None:
    """Once: the sentence names it."""
    office.plan(teams=1)
    visit_id, before = next(iter(office.at().items()))
    address = f"/api/v1/elections/{office.election_id}/moves"
    target = {"team": "V1", "day": "2027-01-11"}
    answer = office.browser.post(address, json={"visit": visit_id, "target": target})
    assert answer.status_code == 422
    assert office.get().count("(KRV § 62, stk. 1)") == 1
    inside = {"team": "V9", "day": before.day.isoformat()}
    office.browser.post(address, json={"visit": visit_id, "target": inside})
    assert "Holdet kører ikke ud denne dag" in office.get()
    assert office.at()[visit_id].day == before.day


def test_what_the_plan_breaks_is_told_by_team_and_day_before_publishing(office: Office) -> None:
    """No names of the solver: a session so late that the team is home too late."""
    office.plan(teams=1)
    visit_id, at = next(iter(office.at().items()))
    for one in db.session.scalars(select(SiteDecision)):
        one.hours_from, one.hours_to = 1080, 1140
    db.session.commit()
    office.post(f"/{visit_id}/move", team="V1", day=at.day.isoformat(), around="18:00")
    page = office.get("/publish")
    assert "hold V1, " in page
    assert f"V1-{at.day.isoformat()}" not in page


def test_what_breaks_the_law_after_publishing_is_not_said_to_stop_it(office: Office) -> None:
    """Published once, the board leads to the certificate instead."""
    office.plan(teams=1)
    assert office.post("/publish")[0] == 200
    make_site("H99", kind="care_home", residents=10)
    page = office.get()
    assert "Loven står i vejen" in page
    assert "Attesten nævner hver af dem" in page
    assert "Intet kan offentliggøres" not in page
