"""What a stream's first packets and parameter sets say, without a camera."""

from edge_agent.recording.domain import Anchor, at_cut, keyframe_timeout_s
from edge_agent.recording.nal import annex_b, joined, parameter_sets, sequence_sets

SPS, PPS, SEI, IDR = (bytes([kind]) + b"body" for kind in (0x67, 0x68, 0x06, 0x65))
VPS5, SPS5, IDR5 = (bytes([kind << 1, 1]) + b"body" for kind in (32, 33, 19))


def test_parameter_sets_are_those_before_the_picture() -> None:
    assert parameter_sets("h264", joined([SPS, PPS, SEI, IDR, SPS])) == [SPS, PPS]
    assert parameter_sets("h264", joined([IDR])) == []
    assert parameter_sets("h265", joined([VPS5, SPS5, IDR5])) == [VPS5, SPS5]
    assert sequence_sets("h265", [VPS5, SPS5]) == [SPS5]


def test_viewers_get_start_codes_in_place_of_lengths() -> None:
    assert annex_b(joined([SPS, IDR])) == b"\0\0\0\1" + SPS + b"\0\0\0\1" + IDR
    assert annex_b(joined([SPS])[:-1]) == b"\0\0\0\1" + SPS[:-1], "what was cut off is not invented"


def test_other_pictures_are_a_new_run_at_the_same_time() -> None:
    same, _ = at_cut(Anchor(5, 10), 100, 110, new_run=True)
    assert same == Anchor(run_us=110, wall_at_zero_us=10)


def test_keyframes_are_waited_for_by_the_cameras_own_habit() -> None:
    assert keyframe_timeout_s(None) == 30
    assert keyframe_timeout_s(1.0) == 8
    assert keyframe_timeout_s(20.0) == 30
