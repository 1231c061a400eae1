"""Vehicles drive past a simulated camera as on a quiet street, with plates a person can read."""

import itertools
import re

import pytest

from demo.scene import HEIGHT, WIDTH, plate_box
from demo.traffic import FAR, NEAR, STAY_S, TRIGGER, Passage, Traffic, make_fleet

START_UTC = 1_795_479_600.0


def passages(count: int, seed: int = 1) -> list[Passage]:
    traffic, now = Traffic(seed, START_UTC), START_UTC
    seen: list[Passage] = []
    while len(seen) < count:
        seen.append(traffic.at(now))
        now = seen[-1].ends_utc
    return seen


def test_a_plate_is_read_soon_after_the_start_and_then_every_six_to_ten_seconds() -> None:
    starts = [passage.started_utc for passage in passages(200)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert 0 < passages(1)[0].trigger_utc - START_UTC < 4
    assert min(gaps) >= 5.5
    assert max(gaps) <= 10


def test_a_vehicle_stays_the_same_during_its_passage() -> None:
    traffic = Traffic(7, START_UTC)
    first = traffic.at(START_UTC)
    assert traffic.at(first.ends_utc - 0.01) is first
    assert traffic.at(first.ends_utc) is not first


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_vehicle_is_on_the_trigger_line_at_the_trigger_time(direction: str) -> None:
    passage = next(passage for passage in passages(50) if passage.direction == direction)
    assert passage.distance(passage.trigger_utc) == pytest.approx(TRIGGER)
    ends = sorted([passage.distance(passage.started_utc), passage.distance(passage.ends_utc)])
    assert ends == pytest.approx([NEAR, FAR])


def test_all_plates_of_the_fleet_are_different_mercosul_plates() -> None:
    plates = [vehicle.plate for vehicle in make_fleet()]
    assert len(set(plates)) == len(plates)
    assert all(re.fullmatch(r"[A-Z]{3}\d[A-Z]\d{2}", plate) for plate in plates)


def test_on_the_trigger_line_the_whole_plate_is_in_the_picture_and_large_enough_to_read() -> None:
    for passage in passages(60):
        left, top, right, bottom = plate_box(passage, passage.trigger_utc)
        assert 0 < left < right < WIDTH
        assert 0 < top < bottom < HEIGHT
        assert right - left >= 90  # 13 pixels a character


def test_a_vehicle_comes_to_the_next_camera_no_sooner_than_it_can_be_driven() -> None:
    seen: dict[str, tuple[int, float]] = {}
    met_again = 0
    rows = [Traffic(seed, START_UTC, place) for place, seed in enumerate((11, 12, 13, 14))]
    passages = sorted(
        {
            (passage.trigger_utc, place, passage.vehicle.plate)
            for place, row in enumerate(rows)
            for passage in (row.at(START_UTC + second) for second in range(0, 3600, 2))
        }
    )
    for at, place, plate in passages:
        before = seen.get(plate)
        if before is not None and before[0] != place:
            assert at - before[1] > STAY_S - 10, "nobody drives from camera to camera in seconds"
            met_again += 1
        seen[plate] = (place, at)
    assert met_again > 100, "the same vehicles are met at other cameras"
