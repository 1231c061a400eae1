"""The way between two reads of a plate, and when it cannot have been one vehicle's."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.lpr.journeys import IMPOSSIBLE_KMH, Sighting, distance, leg, legs

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CAMPINAS, SAO_PAULO = (-22.9056, -47.0608), (-23.5505, -46.6333)
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def at(minutes: float, place: tuple[float | None, float | None] = SAO_PAULO) -> Sighting:
    return Sighting(NOON + timedelta(minutes=minutes), *place)


def test_the_distance_is_the_one_over_the_globe() -> None:
    assert distance(at(0, CAMPINAS), at(0)) == pytest.approx(84, abs=1)


def test_an_hour_between_two_cities_is_a_journey_and_five_minutes_is_a_cloned_plate() -> None:
    assert not leg(at(0, CAMPINAS), at(60)).impossible
    assert leg(at(0, CAMPINAS), at(5)).impossible


def test_two_cameras_of_one_crossing_prove_nothing() -> None:
    assert not leg(at(0, (-23.5505, -46.6333)), at(0, (-23.5510, -46.6340))).impossible


def test_without_a_position_nothing_is_said_of_the_way() -> None:
    unknown = leg(at(0, (None, None)), at(5))
    assert (unknown.distance_km, unknown.impossible, unknown.minutes) == (None, False, 5)


def test_the_first_read_has_no_leg() -> None:
    assert legs([]) == [] and legs([at(0)]) == [None]
    assert [part and part.minutes for part in legs([at(0), at(3), at(10)])] == [None, 3, 7]


@given(places, places, st.floats(0, 10_000))
def test_distance_has_no_direction_and_only_speed_makes_a_leg_impossible(
    one: tuple[float, float], other: tuple[float, float], minutes: float
) -> None:
    there, back = distance(at(0, one), at(0, other)), distance(at(0, other), at(0, one))
    assert there is not None and there == pytest.approx(back) and 0 <= there < 20_100
    found = leg(at(0, one), at(minutes, other))
    if found.impossible:
        assert there > IMPOSSIBLE_KMH * minutes / 60 - 1e-3
