"""What a stream's first packets and parameter sets say, without a camera."""

import pytest

from edge_agent.recording.domain import Anchor, at_cut, keyframe_timeout_s, missing_times
from edge_agent.recording.meter import missed_packets
from edge_agent.recording.nal import parameter_sets

START = b"\0\0\0\1"
SPS, PPS, SEI, IDR = (START + bytes([kind]) + b"body" for kind in (0x67, 0x68, 0x06, 0x65))
VPS5, SPS5, IDR5 = (START + bytes([kind << 1, 1]) + b"body" for kind in (32, 33, 19))


@pytest.mark.parametrize(
    ("times", "filled"),
    [
        ([None, 9000, 18000], [0, 9000, 18000]),
        ([None, None, 9000, None, 18000], [0, 4500, 9000, None, 18000]),
        ([None, 9000], [None, 9000]),
        ([1, 2], [1, 2]),
        ([], []),
    ],
)
def test_packets_before_the_first_time_get_the_measured_distance(
    times: list[int | None], filled: list[int | None]
) -> None:
    assert missing_times(times) == filled


def test_parameter_sets_are_those_before_the_picture() -> None:
    found = parameter_sets("h264", SPS + PPS + SEI + IDR + SPS)
    assert found is not None
    assert (found.sps, found.annex_b) == (b"\x67body", SPS + PPS)
    assert parameter_sets("h264", IDR) is None
    found = parameter_sets("hevc", VPS5 + SPS5 + IDR5)
    assert found is not None
    assert found.annex_b == VPS5 + SPS5


def test_other_pictures_are_a_new_run_at_the_same_time() -> None:
    same, _ = at_cut(Anchor(5, 10), 100, 110, new_run=True)
    assert same == Anchor(run_us=110, wall_at_zero_us=10)


def test_keyframes_are_waited_for_by_the_cameras_own_habit() -> None:
    assert keyframe_timeout_s(None) == 30
    assert keyframe_timeout_s(1.0) == 8
    assert keyframe_timeout_s(20.0) == 30


def test_lost_packets_are_counted_from_libavs_words() -> None:
    assert missed_packets(["RTP: missed 2 packets", "max delay reached", "RTP: missed 1 packets"]) == 3
