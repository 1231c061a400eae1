"""The box that takes a camera: the nearest, and of those as near the one with fewest cameras."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from central_hub.cities.domain import Box, distance_m, nearest

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
boxes = st.lists(
    st.builds(Box, st.builds(uuid.uuid4), st.none() | places, st.integers(0, 1000)), min_size=1, max_size=6
)


def test_distances_are_those_of_the_map() -> None:
    sao_paulo, rio = (-23.5505, -46.6333), (-22.9068, -43.1729)
    assert 355_000 < distance_m(sao_paulo, rio) < 365_000
    assert distance_m(rio, rio) == 0


@given(places, boxes)
def test_no_box_is_nearer_than_the_one_that_is_chosen(
    camera: tuple[float, float], present: list[Box]
) -> None:
    chosen = nearest(camera, present)
    placed = [box for box in present if box.place]
    if placed:
        assert chosen.place is not None
        assert all(
            distance_m(camera, chosen.place) <= distance_m(camera, box.place or camera) for box in placed
        )


@given(boxes)
def test_when_nobody_knows_where_the_camera_is_the_emptiest_box_takes_it(present: list[Box]) -> None:
    assert nearest(None, present).load == min(box.load for box in present)


@given(places, places)
def test_distance_is_the_same_both_ways_and_never_past_the_antipodes(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert distance_m(one, other) == distance_m(other, one) <= 20_020_000
