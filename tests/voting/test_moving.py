import pytest

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
