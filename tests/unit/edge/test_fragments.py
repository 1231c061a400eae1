"""Fragments hold what the camera sent, at its times, in files that every player reads."""

import itertools
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from hypothesis import given
from hypothesis import strategies as st

from demo.media_files import Media, make_media
from edge_agent.recording import fmp4, nal
from edge_agent.recording.fmp4 import FragmentMaker, beginning, picture
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format
from tests.unit.edge.camera_samples import CLOCK_RATE, Sent, sent

BASE = 10 * CLOCK_RATE
SOUNDS: list[Literal["aac", "pcmu", "pcma", "opus"]] = ["aac", "pcmu", "pcma", "opus"]


def with_b_frames(file: Path, codec: str = "libx264", seconds: int = 4, open_groups: bool = False) -> Path:
    """Three B-frames between others, a keyframe a second; each picture has a colour of its own."""
    with av.open(str(file), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=10)
        context = stream.codec_context
        assert isinstance(context, VideoCodecContext)
        context.width, context.height, context.pix_fmt = 128, 96, "yuv420p"
        context.time_base = Fraction(1, 10)
        name = "x264-params" if codec == "libx264" else "x265-params"
        common = f"keyint=10:min-keyint=10:scenecut=0:bframes=3:b-adapt=0:open-gop={int(open_groups)}"
        context.options = {
            "preset": "medium",
            name: common + (":log-level=none" if codec == "libx265" else ""),
        }
        context.thread_count = 1
        for number in range(seconds * 10):
            colour = (number * 5 % 250, number * 11 % 250, number * 17 % 250)
            image = np.full((96, 128, 3), colour, np.uint8)
            image[:, number * 3 : number * 3 + 8] = 255
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file


def written(camera: Sent, cut_file_at: int | None = None) -> list[bytes]:
    """What the recorder makes of a camera's samples: a file, or two with one timeline."""
    init = picture(camera.video, camera.pictures[0].data, camera.audio).init_section
    audio_base = 10 * camera.audio.clock_rate if camera.audio else 0
    maker, files, keyframes = FragmentMaker(), [[init]], 0
    for track, sample in camera.samples:
        if track is not camera.video:
            maker.add_sound(sample)
            continue
        if sample.is_keyframe:
            files[-1].append(maker.take(sample.time, BASE, audio_base))
            keyframes += 1
            if keyframes == cut_file_at:
                files.append([init])
        maker.add(sample)
    files[-1].append(maker.take(None, BASE, audio_base))
    return [b"".join(parts) for parts in files]


class Track:
    """What libav reads of one track of a file."""

    def __init__(self, file: Path, kind: Literal["video", "audio"]) -> None:
        with av.open(str(file)) as container:
            stream = container.streams.video[0] if kind == "video" else container.streams.audio[0]
            self.base = stream.time_base or Fraction(1)
            packets = [packet for packet in container.demux(stream) if packet.size]
            self.shown = [packet.pts or 0 for packet in packets]
            self.decoded = [packet.dts or 0 for packet in packets]
            self.durations = [packet.duration or 0 for packet in packets]
            self.data = [bytes(packet) for packet in packets]


def pictures_of(file: Path) -> list[np.ndarray]:
    with av.open(str(file)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def strictly_rising(numbers: Sequence[int]) -> bool:
    return all(after > before for before, after in itertools.pairwise(numbers))


@pytest.mark.parametrize("open_groups", [False, True], ids=["closed groups", "open groups"])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_b_frames_are_decoded_in_order_and_shown_at_their_exact_times(
    tmp_path: Path, codec: str, open_groups: bool
) -> None:
    source = with_b_frames(tmp_path / "source.mp4", codec, open_groups=open_groups)
    camera = sent(source)
    assert not strictly_rising([s.time for s in camera.pictures]), "there are B-frames"
    file = tmp_path / "made.mp4"
    (data,) = written(camera)
    file.write_bytes(data)
    track = Track(file, "video")
    assert track.base == Fraction(1, CLOCK_RATE)
    assert track.data == [s.data for s in camera.pictures]
    assert [pts - BASE for pts in track.shown] == [s.time for s in camera.pictures]
    assert strictly_rising(track.decoded)
    delays = [pts - dts for pts, dts in zip(track.shown, track.decoded, strict=True)]
    # Nothing was known of B-frames when the first group was decoded, so there it may be a little less.
    assert min(delays) >= 0
    assert max(delays) < CLOCK_RATE
    ours, theirs = pictures_of(file), pictures_of(source)
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_the_timeline_goes_on_from_file_to_file(tmp_path: Path, codec: Literal["h264", "h265"]) -> None:
    camera = sent(make_media(tmp_path / "source", Media(codec, "pcma", seconds=6)))
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    first, second = written(camera, cut_file_at=4)
    one.write_bytes(first)
    two.write_bytes(second)
    for kind in ("video", "audio"):
        before, after = Track(one, kind), Track(two, kind)  # type: ignore[arg-type]
        assert before.decoded[-1] + before.durations[-1] == after.decoded[0], kind
        assert strictly_rising(before.decoded + after.decoded)
    assert len(pictures_of(one)) + len(pictures_of(two)) == 60


@pytest.mark.parametrize("audio", SOUNDS)
@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_sound_lies_in_a_track_that_libav_decodes(
    tmp_path: Path, codec: Literal["h264", "h265"], audio: Literal["aac", "pcmu", "pcma", "opus"]
) -> None:
    camera = sent(make_media(tmp_path / "source", Media(codec, audio, seconds=4)))
    assert camera.audio is not None
    file = tmp_path / "made.mp4"
    (data,) = written(camera)
    file.write_bytes(data)
    sound, video = Track(file, "audio"), Track(file, "video")
    begun = itertools.dropwhile(lambda one: one[0] is not camera.video, camera.samples)
    pieces = [sample for track, sample in begun if track is camera.audio]
    assert b"".join(sound.data) == b"".join(piece.data for piece in pieces)
    rate = camera.audio.clock_rate
    assert sound.base == Fraction(1, rate)
    assert sound.decoded[0] == 10 * rate + pieces[0].time
    assert sum(sound.durations) / rate == pytest.approx(4, abs=0.1)
    assert sum(video.durations) / CLOCK_RATE == pytest.approx(4, abs=0.001)
    with av.open(str(file)) as container:
        frames = list(container.decode(audio=0))
        levels = np.concatenate([frame.to_ndarray().astype(float).ravel() for frame in frames])
    assert sum(frame.samples for frame in frames) / frames[0].sample_rate == pytest.approx(4, abs=0.15)
    assert np.abs(levels).max() > 0, "it is heard"
    assert len(pictures_of(file)) == 40


def test_another_picture_size_is_another_init_section(tmp_path: Path) -> None:
    small, large = (
        sent(make_media(tmp_path / str(width), Media(width=width, height=width // 2, seconds=1)))
        for width in (320, 640)
    )
    one, other = (picture(camera.video, camera.pictures[0].data, None) for camera in (small, large))
    assert (one.width, one.height, other.width, other.height) == (320, 160, 640, 320)
    assert one.init_section != other.init_section
    assert picture(small.video, small.pictures[0].data, None) == one, "the same picture is the same section"


@pytest.mark.parametrize("data", [b"", b"\0\0\0\5\x65abcd", b"\0\0\0\4\x67bad", b"\xff" * 100])
def test_what_is_no_picture_is_an_error(tmp_path: Path, data: bytes) -> None:
    video = sent(make_media(tmp_path / "source", Media(seconds=1))).video
    with pytest.raises((av.FFmpegError, ValueError, IndexError)):
        picture(video, data, None)


# --- times of all kinds --------------------------------------------------------------------------


def boxes(data: bytes) -> dict[bytes, bytes]:
    found, at = {}, 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        found.setdefault(kind, data[at + 8 : at + size])
        at += size
    return found


def video_run(fragment: bytes) -> list[tuple[int, int, int]]:
    """(decoded, shown, duration) of each picture, as ISO/IEC 14496-12 says."""
    traf = boxes(boxes(boxes(fragment)[b"moof"])[b"traf"])
    (decoded,) = struct.unpack_from(">Q", traf[b"tfdt"], 4)
    (count,) = struct.unpack_from(">I", traf[b"trun"], 4)
    run = []
    for number in range(count):
        duration, _, offset = struct.unpack_from(">IIi", traf[b"trun"], 16 + 12 * number)
        run.append((decoded, decoded + offset, duration))
        decoded += duration
    return run


@given(
    groups=st.lists(st.lists(st.integers(-18_000, 18_000), min_size=1, max_size=12), min_size=1, max_size=6)
)
def test_whatever_times_a_camera_gives_they_are_kept_and_decoding_only_goes_on(
    groups: list[list[int]],
) -> None:
    """Also equal ones, and pictures that come long out of order."""
    maker, time, made, expected = FragmentMaker(), 0, [], []
    for group in groups:
        for number, jitter in enumerate(group):
            shown = time if number == 0 else max(0, time + jitter)
            maker.add(Sample(b"x", shown, is_keyframe=number == 0))
            expected.append(shown)
            time += 3600
        made.append(maker.take(time, BASE, 0))
    runs = [picture for fragment in made for picture in video_run(fragment)]
    assert [shown - BASE for _, shown, _ in runs] == expected
    assert strictly_rising([decoded for decoded, _, _ in runs])


@given(shifts=st.lists(st.integers(-5000, 5000), min_size=2, max_size=6))
def test_sound_that_is_placed_anew_never_lies_on_what_was_written(shifts: list[int]) -> None:
    maker, time, ends = FragmentMaker(), 0, 0
    for shift in shifts:
        maker.add(Sample(b"x", 0, is_keyframe=True))
        for _ in range(25):
            maker.add_sound(Sample(b"y", time))
            time += 320
        fragment = maker.take(None, BASE, 80_000 + shift)
        trafs = boxes(fragment)[b"moof"]
        if trafs.count(b"traf") == 2:
            sound = trafs[trafs.rindex(b"tfdt") + 4 :]
            (start,) = struct.unpack_from(">Q", sound, 4)
            assert start >= ends
            ends = start


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_stream_is_described_by_the_first_bytes_of_a_keyframe(codec: str, tmp_path: Path) -> None:
    """The pictures are not decoded for it: that keeps every other camera of the process waiting."""
    camera = sent(with_b_frames(tmp_path / "b.mp4", codec, seconds=1))
    *sets, slice_ = nal.units(camera.pictures[0].data)
    keyframe = nal.joined([*sets, slice_ + b"\xab" * 10_000])
    head = beginning(camera.video.codec, keyframe)
    assert len(head) < 10_000
    whole = fmp4._described(camera.video, keyframe)
    assert fmp4._described(camera.video, head) == whole, "and nothing is missing"
    assert picture(camera.video, keyframe, None).init_section == whole[0]


def test_what_is_no_keyframe_is_refused_whatever_its_length() -> None:
    video = Format("h264", 96, CLOCK_RATE, "")
    for unreadable in (b"", b"\0\0\0\1", b"\0\0\0\5\x65\xff\xff\xff\xff", b"\xff" * 100):
        with pytest.raises((av.FFmpegError, ValueError, IndexError)):
            picture(video, unreadable, None)
