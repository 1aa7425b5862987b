"""One planted case for each rule: it reaches the solver, and its checker sees the breach."""

from datetime import date, datetime, timedelta

import pytest

from outreach.accounts.models import Organisation
from outreach.core import clock
from outreach.core.db import writing
from outreach.people.models import Absence
from outreach.rounds import actions, hand, week_facts
from outreach.rounds.answer import Answer
from outreach.rounds.planner import Week
from outreach.sites.models import SiteClosure, SiteExclusion, SiteQuiet
from outreach.visits.models import Visit
from tests.rounds.world import (
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    clear,
    make_agreement,
    make_catalogue,
    make_site,
    make_skill,
    make_staff,
    make_team,
    make_town,
    make_visit,
    store,
)

pytestmark = pytest.mark.usefixtures("org")


def rules_of(answer: Answer) -> dict[str, float]:
    return {breach.rule: breach.amount for breach in answer.breaches}


def by_hand(**shifts: list[Visit]) -> dict[str, float]:
    """What breaks when these visits are made in this order: ``A_0`` is team A on Monday."""
    week = Week(week_facts.read(MONDAY))
    order = {shift.replace("_", "-"): [v.id for v in visits] for shift, visits in shifts.items()}
    return rules_of(week.timed(order))


def left_out() -> dict[str, list[str]]:
    """Visits that the solver leaves out, with the codes of the reasons."""
    week = Week(week_facts.read(MONDAY))
    answer = week.solved(0.2)
    return {one.visit_id: [r["code"] for r in one.reasons] for one in answer.left}


@pytest.fixture
def team(org: Organisation) -> None:
    make_catalogue()
    make_team("A", make_staff("Anna", gender="woman"), make_staff("Bo", gender="man"))


def test_without_a_rule_in_the_way_a_visit_is_planned() -> None:
    _people, (one,) = make_town(1)
    assert by_hand(A_0=[one]) == {}
    assert left_out() == {}


@pytest.mark.usefixtures("team")
def test_hours_are_kept() -> None:
    visit = make_visit(
        make_site("S1", opens=600, closes=660, weekdays=range(1)), service_minutes=60
    )
    assert by_hand(A_0=[visit])["window"] == 10
    assert by_hand(A_1=[visit])["window"] == 70
    assert left_out() == {visit.id: ["window_too_short"]}


@pytest.mark.usefixtures("team")
def test_quiet_time_is_kept() -> None:
    site = make_site("S1", opens=480, closes=560)
    store(SiteQuiet(site_id=site.id, weekday=None, starts=500, ends=530))
    visit = make_visit(site)
    assert "window" in by_hand(A_0=[visit])


@pytest.mark.usefixtures("team")
def test_closures_are_kept() -> None:
    site = make_site("S1")
    store(SiteClosure(site_id=site.id, from_day=MONDAY, to_day=MONDAY, reason="outbreak"))
    visit = make_visit(site)
    assert "window" in by_hand(A_0=[visit])
    assert by_hand(A_1=[visit]) == {}


@pytest.mark.usefixtures("team")
def test_nobody_is_visited_on_a_public_holiday() -> None:
    christmas = date(2026, 12, 21)  # the 25th is the Friday
    visit = make_visit(make_site("S1"), monday=christmas)
    week = Week(week_facts.read(christmas))
    assert "window" in rules_of(week.timed({"A-4": [visit.id]}))
    assert rules_of(week.timed({"A-2": [visit.id]})) == {}


@pytest.mark.usefixtures("team")
def test_the_promise_says_from_when_until_when() -> None:
    visit = make_visit(make_site("S1"), earliest=TUESDAY, latest=WEDNESDAY)
    assert "window" in by_hand(A_0=[visit])
    assert by_hand(A_1=[visit]) == by_hand(A_2=[visit]) == {}
    assert "window" in by_hand(A_3=[visit])


@pytest.mark.usefixtures("team")
def test_a_promise_that_opens_on_the_weekend_is_met_on_the_last_open_day() -> None:
    visit = make_visit(make_site("S1"), earliest=date(2026, 12, 5))
    assert by_hand(A_4=[visit]) == {}
    assert "window" in by_hand(A_3=[visit])


@pytest.mark.usefixtures("team")
def test_the_agreement_narrows_weekdays_and_times() -> None:
    site = make_site("S1")
    terms = make_agreement(site, weekdays=[1, 3], earliest=600, latest=640)
    visit = make_visit(site, agreement_id=terms.id)
    assert "window" in by_hand(A_0=[visit])
    assert by_hand(A_1=[visit]) == {}
    week = Week(week_facts.read(MONDAY))
    (stop,) = week.timed({"A-1": [visit.id]}).rounds[0].placed.stops
    assert (stop.starts, stop.ends) == (600, 640)


def test_the_team_needs_every_skill_of_every_service() -> None:
    make_catalogue(skills=["mitid_ra"])
    anna, bo = make_staff("Anna"), make_staff("Bo")
    make_team("A", anna)
    make_team("B", anna, bo)
    make_skill("mitid_ra", bo)
    visit = make_visit(make_site("S1"))
    assert by_hand(A_0=[visit]) == {"skill": 1}
    assert by_hand(B_0=[visit]) == {}


def test_a_skill_counts_until_its_last_day() -> None:
    make_catalogue(skills=["mitid_ra"])
    anna = make_staff("Anna")
    make_team("A", anna)
    make_skill("mitid_ra", anna, until=TUESDAY)
    visit = make_visit(make_site("S1"))
    assert by_hand(A_1=[visit]) == {}
    assert by_hand(A_2=[visit]) == {"skill": 1}


def test_who_is_away_brings_no_skill_and_no_hands() -> None:
    make_catalogue(skills=["mitid_ra"])
    anna, bo = make_staff("Anna"), make_staff("Bo")
    make_team("A", anna, bo)
    make_skill("mitid_ra", bo)
    store(Absence(staff_id=bo.id, from_day=TUESDAY, to_day=TUESDAY))
    visit = make_visit(make_site("S1"), people=2)
    assert by_hand(A_0=[visit]) == {}
    assert by_hand(A_1=[visit]) == {"skill": 1, "people": 1}


def test_a_team_does_not_go_out_when_everybody_is_away() -> None:
    people, _visits = make_town(1)
    store(*(Absence(staff_id=p.id, from_day=TUESDAY, to_day=TUESDAY) for p in people))
    assert "A-1" not in Week(week_facts.read(MONDAY)).shifts


def test_no_more_teams_a_day_use_a_kit_than_there_are() -> None:
    make_catalogue(kits={"K-BIO": 1})
    make_team("A", make_staff("Anna"))
    make_team("B", make_staff("Bo"))
    one, two = (make_visit(make_site(code)) for code in ("S1", "S2"))
    assert by_hand(A_0=[one], B_0=[two]) == {"kit-pool": 1}
    assert by_hand(A_0=[one], B_1=[two]) == {}


def test_a_team_takes_no_more_kits_than_it_has_room_for() -> None:
    make_catalogue(kits={"K-BIO": 2, "K-ID": 2})
    make_team("A", make_staff("Anna"), kit_slots=1)
    assert by_hand(A_0=[make_visit(make_site("S1"))]) == {"kit-slots": 1}


def test_everybody_in_the_team_must_be_cleared_on_the_day() -> None:
    make_catalogue()
    anna, bo = make_staff("Anna"), make_staff("Bo")
    make_team("A", anna)
    make_team("B", anna, bo)
    site = make_site("S1", needs_clearance=True)
    clear(site, anna, until=TUESDAY)
    visit = make_visit(site)
    assert by_hand(A_0=[visit]) == {}
    assert by_hand(B_0=[visit]) == {"clearance": 1}
    assert by_hand(A_2=[visit]) == {"clearance": 1}


def test_who_must_not_be_sent_to_a_site_bars_the_team() -> None:
    (_anna, bo), (visit,) = make_town(1)
    store(SiteExclusion(site_id=visit.site_id, staff_id=bo.id))
    assert by_hand(A_0=[visit]) == {"shift-allowed": 1}


def test_where_women_are_asked_for_every_team_has_one() -> None:
    make_catalogue()
    make_team("A", make_staff("Anna", gender="woman"), make_staff("Bo", gender="man"))
    make_team("B", make_staff("Carl", gender="man"))
    visit = make_visit(make_site("S1", needs_women=True))
    assert by_hand(A_0=[visit]) == {}
    assert by_hand(B_0=[visit]) == {"shift-allowed": 1}


def test_a_marked_vehicle_stays_away_where_it_must() -> None:
    make_catalogue()
    make_team("A", make_staff("Anna"), is_unmarked=True)
    make_team("B", make_staff("Bo"))
    visit = make_visit(make_site("S1", needs_unmarked=True))
    assert by_hand(A_0=[visit]) == {}
    assert by_hand(B_0=[visit]) == {"shift-allowed": 1}


def test_the_two_person_rule_of_site_and_visit_is_kept() -> None:
    make_catalogue()
    make_team("A", make_staff("Anna"))
    by_site = make_visit(make_site("S1", people=2))
    by_visit = make_visit(make_site("S2"), people=3)
    assert by_hand(A_0=[by_site]) == {"people": 1}
    assert by_hand(A_0=[by_visit]) == {"people": 2}


def test_two_crews_come_together() -> None:
    make_catalogue()
    make_team("A", make_staff("Anna"))
    make_team("B", make_staff("Bo"))
    visit = make_visit(make_site("S1"), crews=2)
    assert by_hand(A_0=[visit]) == {"crews": 1}
    assert by_hand(A_0=[visit], B_0=[visit]) == {}


def test_visits_of_one_agreement_keep_their_distance_in_the_week() -> None:
    make_town(0)
    site = make_site("S1")
    terms = make_agreement(site, min_gap_days=3)
    one, two = (make_visit(site, agreement_id=terms.id) for _n in range(2))
    assert by_hand(A_0=[one], A_1=[two]) == {"gap": 2}
    assert by_hand(A_0=[one], A_3=[two]) == {}


def test_two_visits_of_one_agreement_are_never_on_the_same_day() -> None:
    make_town(0)
    site = make_site("S1")
    terms = make_agreement(site)
    one, two = (make_visit(site, agreement_id=terms.id) for _n in range(2))
    assert by_hand(A_0=[one, two]) == {"gap": 1}


def test_visits_keep_their_distance_to_other_weeks() -> None:
    make_town(0)
    site = make_site("S1")
    terms = make_agreement(site, min_gap_days=5)
    make_visit(
        site, agreement_id=terms.id, monday=MONDAY - timedelta(days=7),
        done_on=date(2026, 11, 27), status="done",
    )  # fmt: skip
    visit = make_visit(site, agreement_id=terms.id)
    assert "window" in by_hand(A_1=[visit])
    assert by_hand(A_2=[visit]) == {}


def test_visits_keep_their_distance_to_what_is_published_for_the_week_after() -> None:
    make_town(0)
    site = make_site("S1")
    terms = make_agreement(site, min_gap_days=5, weekdays=[0])
    after = MONDAY + timedelta(days=7)
    make_visit(site, agreement_id=terms.id, monday=after)
    week = Week(week_facts.read(after))
    actions.keep_plan(after, week.solved(0.1))
    actions.publish(after)
    with writing():
        terms.weekdays = []
    visit = make_visit(site, agreement_id=terms.id)
    assert by_hand(A_2=[visit]) == {}
    assert "window" in by_hand(A_3=[visit])


@pytest.mark.parametrize(
    ("pin", "shift", "breach"),
    [
        ({"pin_day": TUESDAY}, "A_0", {"pin": 1}),
        ({"pin_day": TUESDAY}, "B_1", {}),
        ({"pin_day": TUESDAY, "pin_team": "A"}, "B_1", {"pin": 1}),
        ({"pin_day": TUESDAY, "pin_team": "A", "pin_start": 600}, "A_1", {}),
        ({"pin_day": TUESDAY, "pin_team": "A", "pin_start": 600}, "B_0", {"pin": 2}),
    ],
)
def test_locks_reach_the_problem(
    pin: dict[str, object], shift: str, breach: dict[str, float]
) -> None:
    make_catalogue()
    make_team("A", make_staff("Anna"))
    make_team("B", make_staff("Bo"))
    assert by_hand(**{shift: [make_visit(make_site("S1"), **pin)]}) == breach


def test_a_lock_to_a_team_that_is_gone_leaves_the_visit_out_and_says_so() -> None:
    make_town(0)
    visit = make_visit(make_site("S1"), pin_day=TUESDAY, pin_team="Q")
    assert left_out() == {visit.id: ["shift_not_allowed"]}


@pytest.mark.usefixtures("team")
def test_shifts_end_and_have_their_break() -> None:
    visits = [make_visit(make_site(f"S{n}"), service_minutes=110) for n in range(5)]
    broken = by_hand(A_0=visits)
    assert broken["shift"] > 60
    assert "break" not in by_hand(A_0=visits[:3])


def test_overtime_is_allowed_as_far_as_the_team_has_it() -> None:
    make_catalogue()
    make_team("A", make_staff("Anna"), ends=560, overtime=30, break_minutes=0)
    make_team("B", make_staff("Bo"), ends=560, overtime=0, break_minutes=0)
    visit = make_visit(make_site("S1"), service_minutes=75, setup_minutes=0)
    assert by_hand(A_0=[visit]) == {}
    assert set(by_hand(B_0=[visit])) == {"shift"}


def test_access_minutes_are_added_to_the_way() -> None:
    make_town(0)
    near, far = make_site("S1"), make_site("S2", access_minutes=9)
    one, two = make_visit(near), make_visit(far)
    week = Week(week_facts.read(MONDAY))
    first, second = (week.timed({"A-0": [v.id]}).rounds[0].legs[0].minutes for v in (one, two))
    assert second - first == 9


def test_a_site_without_a_position_is_left_out_with_its_reason() -> None:
    make_town(0)
    visit = make_visit(make_site("S1", latitude=None, longitude=None))
    assert left_out() == {visit.id: ["no_position"]}


def test_a_gap_to_another_week_is_given_as_the_reason() -> None:
    make_town(0)
    site = make_site("S1")
    terms = make_agreement(site, min_gap_days=20)
    make_visit(
        site, agreement_id=terms.id, monday=MONDAY - timedelta(days=7),
        done_on=date(2026, 11, 27), status="done",
    )  # fmt: skip
    visit = make_visit(site, agreement_id=terms.id)
    assert left_out() == {visit.id: ["gap_rule"]}


def _published_then(now: datetime) -> list[Visit]:
    """Publish a week, and go on in the middle of it."""
    _people, visits = make_town(6)
    actions.keep_plan(MONDAY, Week(week_facts.read(MONDAY)).solved(0.3))
    actions.publish(MONDAY)
    clock.move_to(now)
    return visits


def test_what_has_begun_stays_where_it_was_and_nothing_starts_in_the_past() -> None:
    _published_then(datetime(2026, 12, 2, 10, 0, tzinfo=clock.DK))
    week = Week(week_facts.read(MONDAY))
    fixed = {v: places[0] for v, places in week.begun.items()}
    late = make_visit(make_site("S9"))
    assert "frozen" in by_hand(A_0=[late])
    again = Week(week_facts.read(MONDAY)).solved(0.3)
    places = {s.visit_id: (t.shift.id, s.starts) for t in again.rounds for s in t.placed.stops}
    assert fixed
    for visit_id, was in fixed.items():
        assert places[visit_id] == (was.shift, was.starts)
    assert places[late.id][0] >= "A-2"


def test_what_has_begun_stays_even_if_the_rules_have_changed_since() -> None:
    visits = _published_then(datetime(2026, 12, 2, 10, 0, tzinfo=clock.DK))
    done = [v for v in visits if v.id in Week(week_facts.read(MONDAY)).begun]
    store(*(SiteClosure(site_id=v.site_id, from_day=MONDAY, to_day=THURSDAY, reason="other")
            for v in done))  # fmt: skip
    assert done
    assert Week(week_facts.read(MONDAY)).solved(0.2).breaches == ()


def test_a_visit_that_was_done_early_keeps_its_place() -> None:
    visits = _published_then(datetime(2026, 11, 30, 7, 0, tzinfo=clock.DK))
    with writing():
        visits[0].status, visits[0].done_on = "done", MONDAY
    week = Week(week_facts.read(MONDAY))
    (was,) = week.begun[visits[0].id]
    answer = week.solved(0.2)
    assert (was.shift, was.starts) in {
        (t.shift.id, s.starts) for t in answer.rounds for s in t.placed.stops
    }


def test_planning_again_moves_little_of_what_is_published() -> None:
    _published_then(datetime(2026, 11, 24, 9, 0, tzinfo=clock.DK))
    answer = Week(week_facts.read(MONDAY)).solved(0.3)
    assert answer.cost["moved_day"] == answer.cost["moved_team"] == 0
    assert hand.sequences(Week(week_facts.read(MONDAY)))
