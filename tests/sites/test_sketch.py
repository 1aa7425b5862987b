import math

from hypothesis import given
from hypothesis import strategies as st

from outreach.sites.sketch import MapPoint, MapRoute, sketch

POINTS = st.lists(
    st.builds(
        MapPoint, st.floats(54.6, 57.7), st.floats(8.1, 12.6), st.just("library"), st.just("B"),
        radius_km=st.sampled_from([0, 0, 3]),
    ),
    max_size=20,
)  # fmt: skip


@given(POINTS)
def test_everything_lies_in_the_drawing(points: list[MapPoint]) -> None:
    drawn = sketch(points)
    assert all(0 <= p.x <= drawn.width and 0 <= p.y <= drawn.height for p in drawn.points)
    assert all(0 < n.x < drawn.width and 0 < n.y < drawn.height for n in drawn.names)
    assert 0 < drawn.scale_px < drawn.width


@given(POINTS)
def test_a_click_on_a_point_gives_its_position_back(points: list[MapPoint]) -> None:
    drawn = sketch(points)
    for given_at, at in zip(sorted(points, key=lambda p: -p.radius_km), drawn.points, strict=True):
        # 0.1 px is the grain of the drawing
        assert abs(drawn.north - at.y / drawn.degree_y - given_at.latitude) < 0.11 / drawn.degree_y
        longitude = drawn.west + at.x / drawn.degree_x
        assert abs(longitude - given_at.longitude) < 0.11 / drawn.degree_x


def test_a_kilometre_is_as_long_east_as_north_and_as_the_scale_says() -> None:
    here = MapPoint(56.15, 10.2, "library", "A")
    drawn = sketch([here, MapPoint(56.25, 10.4, "library", "B")])
    per_km = drawn.scale_px / drawn.scale_km
    assert math.isclose(drawn.degree_y / 111.195, per_km, rel_tol=0.01)
    east = drawn.degree_x / (111.195 * math.cos(math.radians(56.2)))
    assert math.isclose(east, per_km, rel_tol=0.01)


def test_an_area_has_a_radius_and_lies_below_the_points() -> None:
    drawn = sketch([MapPoint(56.15, 10.2, "depot", "D"),
                    MapPoint(56.15, 10.2, "crisis_centre", "K-01", radius_km=10)])  # fmt: skip
    assert [p.label for p in drawn.points] == ["K-01", "D"]
    assert math.isclose(drawn.points[0].radius, 10 * drawn.scale_px / drawn.scale_km, rel_tol=0.01)


def test_a_route_goes_through_its_places_in_order() -> None:
    drawn = sketch([], [MapRoute("A", ((56.1, 10.1), (56.2, 10.2), (56.1, 10.1)))])
    start, middle, end = drawn.routes[0].points.split(" ")
    assert start == end != middle


def test_names_of_areas_do_not_lie_over_each_other() -> None:
    drawn = sketch([MapPoint(56.05, 10.0, "library", "A"), MapPoint(56.3, 10.35, "library", "B")])
    assert {"Trøjborg", "Egå"} & {name.text for name in drawn.names}
    for i, one in enumerate(drawn.names):
        for other in drawn.names[:i]:
            wide = (len(one.text) + len(other.text)) * 3.5
            assert abs(one.x - other.x) > wide or abs(one.y - other.y) > 20


@given(POINTS)
def test_no_name_lies_over_the_arrow_to_the_north(points: list[MapPoint]) -> None:
    drawn = sketch(points, (), 320, 260)
    for name in drawn.names:
        right, baseline = name.x + len(name.text) * 3.5, name.y - 12
        assert right < drawn.width - 40 or baseline - 12 > 16 + 31
