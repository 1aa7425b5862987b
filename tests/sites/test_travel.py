import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from outreach.sites.travel import PROFILES, Point, crow_metres, matrix

LATITUDES = st.floats(55.9, 56.4)
LONGITUDES = st.floats(9.8, 10.6)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_the_crow_agrees_with_the_geodesic_within_a_hundredth_of_a_percent(
    a: float, b: float, c: float, d: float
) -> None:
    true = geodesic((a, b), (c, d)).m
    ours = crow_metres([a, c], [b, d])[0, 1]
    assert ours == pytest.approx(true, rel=1e-4, abs=0.01)


@pytest.mark.parametrize(("profile", "minutes"), [("car", 4), ("bicycle", 7), ("foot", 16)])
def test_a_kilometre_costs_what_the_model_says(profile: str, minutes: int) -> None:
    # 1,000 m north: car 120 s + 1.3 km at 45 km/h = 224 s, rounded up once
    points = [Point(56.15, 10.2), Point(56.15 + 1000 / 111_346, 10.2)]
    found = matrix(points, profile)
    assert found.minutes.tolist() == [[0, minutes], [minutes, 0]]


def test_the_way_from_parking_to_the_room_is_paid_on_arrival() -> None:
    found = matrix([Point(56.15, 10.2), Point(56.2, 10.2, access_minutes=7)], "car")
    assert found.minutes[0, 1] - found.minutes[1, 0] == 7


def test_legs_of_a_secret_site_are_coarse() -> None:
    points = [Point(56.15, 10.2), Point(56.17, 10.22), Point(56.16, 10.21, is_secret=True)]
    found = matrix(points, "car")
    assert {int(m) % 15 for m in found.minutes[2]} == {0}
    assert {int(m) % 5000 for m in found.metres[:, 2]} == {0}
    assert found.minutes[0, 1] % 15 != 0


@given(
    st.floats(54.5, 57.8), st.floats(8, 15.2), st.floats(0, 1), st.floats(0, 1),
    st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=5),
    st.sampled_from(sorted(PROFILES)),
)  # fmt: skip
def test_legs_tell_of_a_secret_site_only_in_which_cell_it_lies(
    a: float, b: float, north: float, east: float, others: list[tuple[float, float]], profile: str
) -> None:
    """Not even to somebody who asks for the legs to many places, or to the very place itself."""
    south, west = a // 0.036 * 0.036, b // 0.064 * 0.064
    elsewhere = (south + 0.0359 * north + 0.00005, west + 0.0639 * east + 0.00005)
    known = [Point(*place) for place in (*others, (a, b), elsewhere)]
    here = matrix([*known, Point(a, b, 3, is_secret=True)], profile)
    there = matrix([*known, Point(*elsewhere, 3, is_secret=True)], profile)
    assert (here.minutes == there.minutes).all()
    assert (here.metres == there.metres).all()
    true = matrix([*known, Point(a, b, 3)], profile)
    assert (here.minutes >= true.minutes).all()
    assert (here.metres >= true.metres).all()
    assert here.minutes[-1, -2] > 0


@given(st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=2, max_size=8))
def test_travel_is_symmetric_never_negative_and_free_on_the_spot(
    places: list[tuple[float, float]],
) -> None:
    found = matrix([Point(a, b) for a, b in places], "bicycle").minutes
    assert (found == found.T).all()
    assert (found >= 0).all()
    assert found.diagonal().tolist() == [0] * len(places)
