"""One connection to a camera becomes files that can be played, at times that can be true."""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_agent.recording import nal, session
from edge_agent.recording.disk import Disk
from edge_agent.recording.domain import Anchor, Segment, slewed, sound_shift_us
from edge_agent.recording.events import FragmentWritten, SegmentClosed, SegmentOpened, WorkerEvent
from edge_agent.recording.session import SessionWriter, StreamError
from edge_agent.recording.tap import live_packet
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format
from tests.unit.edge.builders import FPS, HOUR, MINUTE, NOON_US, SECOND, count_frames, make_video
from tests.unit.edge.camera_samples import CLOCK_RATE, sent


class Reports:
    """What a session reported, put together as the index does."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.closed: list[SegmentClosed] = []

    def __call__(self, event: WorkerEvent) -> None:
        if isinstance(event, SegmentOpened):
            self.segments.append(
                Segment(event.camera, event.start_us, event.run_us, event.path, event.init_bytes)
            )
        elif isinstance(event, FragmentWritten):
            last = self.segments[-1]
            assert event.start_us == last.start_us
            self.segments[-1] = Segment(
                last.camera,
                last.start_us,
                last.run_us,
                last.path,
                last.init_bytes,
                (*last.fragments, event.fragment),
            )
        elif isinstance(event, SegmentClosed):
            self.closed.append(event)


def let_go(writer: SessionWriter) -> None:
    """Minutes and hours go by faster here than a disk syncs, for which a camera does not wait so long."""
    asyncio.run(writer._lane.drain(timeout_s=60))
    asyncio.run(writer.let_go())


class Rig:
    """A session over a video file, with the box's clock and the camera's timestamps in the test's hand."""

    def __init__(self, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.reports = Reports()
        self.now_us = NOON_US
        self.mono_us = 5 * SECOND
        self._source = source
        monkeypatch.setattr(session, "now_us", lambda: self.now_us)
        monkeypatch.setattr(session, "mono_us", lambda: self.mono_us)

    def writer(self, video: Format, audio: Format | None, not_before_us: int = 0) -> SessionWriter:
        lane = Disk(threads=1).lane()
        return SessionWriter("cam1", self.folder, video, audio, not_before_us, self.reports, lane)

    def run(
        self,
        not_before_us: int = 0,
        media_shift_us: Callable[[int], int] = lambda _: 0,
        clock_shift_us: Callable[[int], int] = lambda _: 0,
        arrives_us: Callable[[int], int] = lambda number: number * SECOND // FPS,
    ) -> int:
        """Feed the whole file, with shifts by the packet's number; returns the end of the footage."""
        began_us, began_mono_us = self.now_us, self.mono_us
        camera = sent(self._source)
        writer = self.writer(camera.video, camera.audio, not_before_us)
        number = 0
        try:
            for track, sample in camera.samples:
                if track is not camera.video:
                    writer.add_sound(sample)
                    continue
                self.mono_us = began_mono_us + arrives_us(number)
                self.now_us = began_us + arrives_us(number) + clock_shift_us(number)
                sample.time += media_shift_us(number) * CLOCK_RATE // SECOND
                number += 1
                writer.add(sample)
        finally:
            writer.finish()
            let_go(writer)
            self.end_us = writer.end_us
        return self.end_us

    def footage(self) -> Iterator[tuple[int, int]]:
        for segment in self.reports.segments:
            for fragment in segment.fragments:
                yield fragment.start_us, fragment.end_us


@pytest.fixture
def rig(tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return Rig(tmp_path / "recordings", video, monkeypatch)


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("long") / "long.mp4", seconds=130)


def test_a_session_is_written_a_fragment_per_keyframe(rig: Rig) -> None:
    assert rig.run() == pytest.approx(NOON_US + 10 * SECOND, abs=SECOND // FPS)
    (whole,) = rig.reports.segments
    assert whole.path == f"cam1/2025-11-24/{NOON_US}.mp4"
    assert [f.start_us for f in whole.fragments] == [NOON_US + n * SECOND for n in range(10)]
    file = rig.folder / whole.path
    assert file.stat().st_size == whole.size_bytes
    assert count_frames(file) == 10 * FPS
    assert [event.start_us for event in rig.reports.closed] == [NOON_US]


def test_files_are_cut_every_minute_and_continue_each_other(
    tmp_path: Path, long_video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(tmp_path, long_video, monkeypatch)
    rig.run()
    assert [s.start_us for s in rig.reports.segments] == [NOON_US + n * MINUTE for n in range(3)]
    assert {s.run_us for s in rig.reports.segments} == {NOON_US}
    first, second, third = rig.reports.segments
    assert (first.end_us, second.end_us) == (second.start_us, third.start_us)
    assert sum(count_frames(rig.folder / s.path) for s in rig.reports.segments) == 130 * FPS


def test_a_clock_that_was_set_forward_begins_a_new_run_at_the_next_file(
    tmp_path: Path, long_video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(tmp_path, long_video, monkeypatch)
    rig.run(clock_shift_us=lambda number: HOUR if number > 30 * FPS else 0)
    first, second, _ = rig.reports.segments
    assert first.end_us == NOON_US + MINUTE
    assert second.start_us == second.run_us == NOON_US + MINUTE + HOUR
    assert rig.reports.closed[0].drift_us == HOUR


def test_after_a_clock_was_set_back_the_footage_goes_on_where_it_ended(rig: Rig) -> None:
    """And a whole session may run ahead of the clock: that alone is no fault of the camera."""
    rig.run(not_before_us=NOON_US + HOUR)
    (whole,) = rig.reports.segments
    assert whole.start_us == NOON_US + HOUR
    assert len(whole.fragments) == 10


def test_a_session_without_a_keyframe_leaves_no_file(rig: Rig, video: Path) -> None:
    camera = sent(video)
    lane = Disk(threads=1).lane()
    writer = SessionWriter("cam1", rig.folder, camera.video, None, NOON_US, rig.reports, lane)
    assert not any(writer.add(sample) for sample in camera.pictures if not sample.is_keyframe)
    writer.finish()
    assert writer.end_us == NOON_US
    assert rig.reports.segments == []
    assert list(rig.folder.rglob("*.mp4")) == []


@pytest.mark.parametrize("at", [4 * FPS, 4 * FPS + 1, 4 * FPS + 3], ids=["keyframe", "next", "between"])
def test_timestamps_that_jump_ahead_never_make_footage_of_the_future(rig: Rig, at: int) -> None:
    """An hour ahead would hide the next hour: the camera's next run may not overlap it."""
    with pytest.raises(StreamError, match="ahead"):
        rig.run(media_shift_us=lambda number: HOUR if number >= at else 0)
    assert rig.end_us <= NOON_US + 5 * SECOND
    assert max(end for _, end in rig.footage()) <= NOON_US + 5 * SECOND


def test_timestamps_that_go_backwards_end_the_session_without_overlap(rig: Rig) -> None:
    with pytest.raises(StreamError):
        rig.run(media_shift_us=lambda number: -3 * SECOND if number >= 5 * FPS else 0)
    times = list(rig.footage())
    assert all(end <= start for (_, end), (start, _) in zip(times, times[1:], strict=False))  # noqa: RUF007


def test_what_follows_a_torn_session_neither_overlaps_nor_precedes_it(rig: Rig) -> None:
    with pytest.raises(StreamError):
        rig.run(media_shift_us=lambda number: HOUR if number >= 30 else 0)
    end_us = rig.end_us
    rig.run(not_before_us=end_us)
    starts = [segment.start_us for segment in rig.reports.segments]
    assert starts[1] >= end_us
    assert rig.reports.segments[1].run_us != rig.reports.segments[0].run_us


def overlap(times: list[tuple[int, int]]) -> bool:
    return any(end > start for (_, end), (start, _) in pairwise(times))


@pytest.mark.parametrize("step", [-HOUR, -10 * SECOND, 10 * SECOND, HOUR])
def test_a_step_of_the_boxs_clock_amid_a_session_is_no_fault_of_the_camera(rig: Rig, step: int) -> None:
    rig.run(clock_shift_us=lambda number: step if number >= 4 * FPS + 3 else 0)
    (whole,) = rig.reports.segments
    assert [f.start_us for f in whole.fragments] == [NOON_US + n * SECOND for n in range(10)]
    assert count_frames(rig.folder / whole.path) == 10 * FPS, "nothing is lost"


def test_after_a_clock_was_set_back_amid_a_session_the_next_one_goes_on_where_it_ended(rig: Rig) -> None:
    end_us = rig.run(clock_shift_us=lambda number: -HOUR if number > 40 else 0)
    rig.now_us -= HOUR
    rig.run(not_before_us=end_us)
    first, second = rig.reports.segments
    assert first.end_us == second.start_us
    assert not overlap(list(rig.footage()))


def test_a_clock_that_was_set_back_amid_a_minute_changes_nothing_at_the_next_file(
    tmp_path: Path, long_video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(tmp_path, long_video, monkeypatch)
    rig.run(clock_shift_us=lambda number: -HOUR if number > 30 * FPS else 0)
    assert [s.start_us for s in rig.reports.segments] == [NOON_US + n * MINUTE for n in range(3)]
    assert {s.run_us for s in rig.reports.segments} == {NOON_US}
    assert rig.reports.closed[0].drift_us == -HOUR


def test_after_a_clock_was_set_forward_a_camera_that_jumps_ahead_is_found_out(
    tmp_path: Path, long_video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The footage was ahead of the clock, and was anchored anew: no lead is left to hide a jump in."""
    rig = Rig(tmp_path, long_video, monkeypatch)
    with pytest.raises(StreamError, match="ahead"):
        rig.run(
            not_before_us=NOON_US + HOUR,
            clock_shift_us=lambda number: 2 * HOUR if number > 30 * FPS else 0,
            media_shift_us=lambda number: HOUR // 2 if number > 90 * FPS else 0,
        )
    assert max(end for _, end in rig.footage()) <= NOON_US + 2 * HOUR + 92 * SECOND


@pytest.mark.parametrize("back", [3, 5, 9])
def test_timestamps_that_go_back_amid_a_long_group_of_pictures_are_found_out(rig: Rig, back: int) -> None:
    """The next keyframe would come too late: pictures of two times would lie over each other until then."""
    with pytest.raises(StreamError, match="backwards"):
        rig.run(media_shift_us=lambda number: -back * SECOND if number >= 5 * FPS + 4 else 0)
    assert not overlap(list(rig.footage()))


def test_equal_timestamps_lose_no_picture(rig: Rig) -> None:
    rig.run(media_shift_us=lambda number: -SECOND // FPS if number % FPS == 3 else 0)
    (whole,) = rig.reports.segments
    assert len(whole.fragments) == 10
    assert count_frames(rig.folder / whole.path) == 10 * FPS


def test_another_frame_rate_amid_a_session_is_shown_at_its_times(rig: Rig) -> None:
    rig.run(
        media_shift_us=lambda number: max(0, number - 40) * SECOND // FPS,
        arrives_us=lambda number: (number + max(0, number - 40)) * SECOND // FPS,
    )
    (whole,) = rig.reports.segments
    assert [f.duration_us for f in whole.fragments] == [SECOND] * 5 + [2 * SECOND] * 5
    with av.open(str(rig.folder / whole.path)) as opened:
        base = opened.streams.video[0].time_base or 0
        shown = [float((packet.pts or 0) * base) for packet in opened.demux(video=0) if packet.size]
    steps = [round(after - before, 3) for before, after in pairwise(shown)]
    assert steps == [0.125] * 40 + [0.25] * 39


def test_a_keyframe_in_two_parts_of_one_time_is_one_keyframe(rig: Rig, video: Path) -> None:
    camera = sent(video)
    writer = rig.writer(camera.video, None)
    for number, sample in enumerate(camera.pictures):
        rig.mono_us += SECOND // FPS
        writer.add(sample)
        if number == 2 * FPS:  # the rest of it, as from a camera that marks each slice
            writer.add(Sample(sample.data, sample.time, is_keyframe=True))
    writer.finish()
    asyncio.run(writer.let_go())
    (whole,) = rig.reports.segments
    assert len(whole.fragments) == 10


# --- bounds ---------------------------------------------------------------------------------------------


def test_a_backlog_of_a_fast_camera_is_not_held_for_a_whole_second(rig: Rig, video: Path) -> None:
    camera = sent(video)
    writer = rig.writer(camera.video, None)
    keyframe = camera.pictures[0]
    large = Sample(keyframe.data + nal.joined([b"\x06" + bytes(1 << 20)]), 0, is_keyframe=True)
    assert not writer.add(large)
    held = 1
    for number in range(1, 100):
        held += 1
        if writer.add(Sample(large.data, number * CLOCK_RATE // 100)):
            break
    assert held << 20 <= session.MAX_EARLY_BYTES + (2 << 20)


def test_a_camera_without_keyframes_does_not_eat_the_memory(rig: Rig, video: Path) -> None:
    camera = sent(video)
    writer = rig.writer(camera.video, None)
    writer.add(camera.pictures[0])
    rig.mono_us += SECOND
    with pytest.raises(StreamError, match="between two keyframes") as error:
        for number in range(1, 1000):
            writer.add(Sample(bytes(1 << 20), number * CLOCK_RATE // 1000))
    assert "GOP" in error.value.reason
    assert number << 20 <= session.MAX_GROUP_BYTES + (2 << 20)


def test_a_group_of_pictures_larger_than_the_disks_queue_is_written(rig: Rig, video: Path) -> None:
    """Ten seconds of 16 Mbit/s are 20 MB."""
    camera = sent(video)
    lane = Disk(threads=1).lane()
    writer = SessionWriter("cam1", rig.folder, camera.video, None, 0, rig.reports, lane)
    for number, sample in enumerate(camera.pictures[: 4 * FPS]):
        rig.mono_us += SECOND // FPS
        more = b"" if number % FPS else nal.joined([b"\x06" + bytes(12 << 20)])
        writer.add(Sample(sample.data + more, sample.time, sample.is_keyframe))
        if number % FPS == 1:
            assert asyncio.run(lane.drain())
    writer.finish()
    asyncio.run(writer.let_go())
    (whole,) = rig.reports.segments
    assert len(whole.fragments) == 4
    assert whole.size_bytes > 40 << 20


# --- sound ----------------------------------------------------------------------------------------------


PCMA = Format("pcm_alaw", 8, 8_000, "")
PIECE_US = 40_000


class Heard(Rig):
    """Pictures and sound of which each piece says when it was captured; both arrive at once."""

    def play(
        self,
        seconds: int,
        sound_ppm: int = 0,
        sound_begins_us: int = 0,
        sound_shift_us: Callable[[int], int] = lambda _: 0,
        clock_shift_us: Callable[[int], int] = lambda _: 0,
        late_us: Callable[[int], int] = lambda _: 0,
        is_mute: Callable[[int], bool] = lambda _: False,
    ) -> list[tuple[float, float]]:
        """(where a piece lies beside the pictures, when it was captured), in seconds since the first picture.

        `sound_ppm`: how much faster than the pictures' the sound's clock runs.
        """
        camera = sent(self._source)
        writer = self.writer(camera.video, PCMA)
        began = self.now_us, self.mono_us
        frames = self._endless(camera.pictures)
        events = [(n * SECOND // FPS, "picture") for n in range(seconds * FPS)]
        events += [(t, "sound") for t in range(sound_begins_us, seconds * SECOND, PIECE_US)]
        for at_us, what in sorted(events):
            late = late_us(at_us)
            self.mono_us = began[1] + at_us + late
            self.now_us = began[0] + at_us + late + clock_shift_us(at_us)
            if what == "picture":
                writer.add(next(frames))
            elif not is_mute(at_us):
                heard_us = at_us - sound_begins_us
                time = (
                    (heard_us + heard_us * sound_ppm // 1_000_000 + sound_shift_us(at_us)) * 8_000 // SECOND
                )
                writer.add_sound(Sample(b"%012d" % at_us, time))
        writer.finish()
        let_go(writer)
        return list(self._pieces())

    def _endless(self, pictures: list[Sample]) -> Iterator[Sample]:
        for number in itertools.count():
            sample = pictures[number % len(pictures)]
            yield Sample(sample.data, number * CLOCK_RATE // FPS, sample.is_keyframe)

    def _pieces(self) -> Iterator[tuple[float, float]]:
        for segment in self.reports.segments:
            with av.open(str(self.folder / segment.path)) as opened:
                stream = opened.streams.audio[0]
                for packet in opened.demux(stream):
                    if packet.size and bytes(packet)[:12].isdigit():  # otherwise silence
                        placed = float((packet.pts or 0) * (stream.time_base or 0)) - session.ZERO_S
                        yield placed, int(bytes(packet)[:12]) / SECOND


@pytest.fixture
def heard(tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch) -> Heard:
    return Heard(tmp_path / "recordings", video, monkeypatch)


def off(pieces: list[tuple[float, float]]) -> float:
    """How far sound lies from its picture at worst, in seconds."""
    return max(abs(placed - captured) for placed, captured in pieces)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ppm=st.integers(-300, 300), begins=st.integers(0, 6 * SECOND))
def test_sound_stays_beside_its_picture_while_the_clocks_drift_apart(
    heard: Heard, ppm: int, begins: int
) -> None:
    """300 ppm are 18 ms a minute; what is more than 80 ms off is corrected with the next file."""
    heard.reports.segments.clear()
    shutil.rmtree(heard.folder, ignore_errors=True)
    pieces = heard.play(360, sound_ppm=ppm, sound_begins_us=begins)
    assert len(pieces) > 0.98 * (360 - begins / SECOND) / (PIECE_US / SECOND) - 30
    assert off(pieces) < 0.08 + 2 * 0.018 + 0.05


@given(
    last=st.none() | st.integers(-HOUR, HOUR),
    pictures=st.none() | st.integers(-HOUR, HOUR),
    distance=st.integers(-HOUR, HOUR),
)
def test_sound_is_moved_only_when_it_is_heard_to_be_off(
    last: int | None, pictures: int | None, distance: int
) -> None:
    sound = None if pictures is None else pictures + distance
    shift = sound_shift_us(last, pictures, sound)
    if sound is None:
        assert shift == last
    else:
        assert shift is not None
        assert abs(shift - distance) <= 80_000
        assert shift in (last, distance)


def test_sound_that_begins_after_the_file_lies_beside_its_picture(heard: Heard) -> None:
    pieces = heard.play(20, sound_begins_us=7 * SECOND)
    assert off(pieces) < 0.05
    assert min(captured for _, captured in pieces) == pytest.approx(7, abs=0.05)


@pytest.mark.parametrize("step", [-HOUR, HOUR])
@pytest.mark.parametrize("at", [30, 59.99, 60.01])
def test_a_step_of_the_boxs_clock_moves_no_sound(heard: Heard, step: int, at: float) -> None:
    pieces = heard.play(130, clock_shift_us=lambda at_us: step if at_us > at * SECOND else 0)
    assert off(pieces) < 0.05


@pytest.mark.parametrize("jump", [-HOUR, -5 * SECOND, 5 * SECOND, HOUR, 24 * HOUR])
def test_a_camera_that_sets_its_sounds_clock_anew_loses_neither_pictures_nor_sound(
    heard: Heard, jump: int
) -> None:
    pieces = heard.play(130, sound_shift_us=lambda at_us: jump if at_us > 20 * SECOND else 0)
    assert off(pieces) < 0.1
    assert len(pieces) > 125 * SECOND // PIECE_US
    assert sum(count_frames(heard.folder / s.path) for s in heard.reports.segments) == 130 * FPS


def test_a_stall_of_the_network_moves_no_sound(heard: Heard) -> None:
    """Everything of six seconds comes at once."""
    pieces = heard.play(90, late_us=lambda at_us: max(0, 26 * SECOND - at_us) if at_us > 20 * SECOND else 0)
    assert off(pieces) < 0.05


def sound_spans(rig: Rig) -> Iterator[tuple[float, float]]:
    """(begin, end) of each piece of sound, silence among them, in seconds since the first picture."""
    for segment in rig.reports.segments:
        with av.open(str(rig.folder / segment.path)) as opened:
            stream = opened.streams.audio[0]
            base = stream.time_base or 0
            for packet in opened.demux(stream):
                if packet.size:
                    begin = float((packet.pts or 0) * base) - session.ZERO_S
                    yield begin, begin + float((packet.duration or 0) * base)


@pytest.mark.parametrize(
    "mute",
    [
        lambda _: True,
        lambda at: at > 20,
        lambda at: 7.3 < at < 18.9,
        lambda at: at % 3 < 1,
        lambda at: at < 9.1,
    ],
    ids=["always", "from then on", "for a while", "again and again", "at first"],
)
def test_where_a_camera_announces_sound_and_sends_none_there_is_silence(
    heard: Heard, mute: Callable[[float], bool]
) -> None:
    """Browsers show no picture of which they lack the sound."""
    pieces = heard.play(65, is_mute=lambda at_us: mute(at_us / SECOND))
    spans = list(sound_spans(heard))
    assert [(end, begin) for (_, end), (begin, _) in pairwise(spans) if abs(begin - end) > 0.05] == []
    assert spans[0][0] < 0.05
    assert spans[-1][1] > 64.4
    if pieces:
        assert off(pieces) < 0.05


class FastCamera:
    """Hours of a camera whose clock is off by a part: the same group of pictures again and again."""

    def __init__(self, rig: Rig, off: float) -> None:
        self.rig, self._off = rig, off
        camera = sent(rig._source)
        self._group = [sample for track, sample in camera.samples if track is camera.video][:FPS]
        self.writer = rig.writer(camera.video, None)
        self._number = 0
        self._began_us = rig.now_us
        self._began_mono_us = rig.mono_us

    def run_for(self, hours: float) -> None:
        for _ in range(int(hours * 3600)):
            for picture in self._group:
                elapsed_us = self._number * SECOND // FPS
                self.rig.now_us = self._began_us + elapsed_us
                self.rig.mono_us = self._began_mono_us + elapsed_us
                time = int(self._number * CLOCK_RATE / FPS * (1 + self._off))
                self._number += 1
                self.writer.add(Sample(picture.data, time, picture.is_keyframe))

    def end(self) -> None:
        self.writer.finish()
        let_go(self.writer)


@pytest.mark.parametrize("off", [0.01, 0.0002])
def test_a_camera_whose_clock_is_fast_is_neither_reconnected_nor_ahead_of_the_box(
    tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch, off: float
) -> None:
    """A hundredth is two seconds in three minutes; a camera's own quartz takes hours for that."""
    rig = Rig(tmp_path, video, monkeypatch)
    camera = FastCamera(rig, off)
    camera.run_for(hours=0.5)
    assert abs(camera.writer.end_us - rig.now_us) < 300_000, "the footage is where the box's clock is"
    assert camera.writer.drift_us == pytest.approx(-1800 * SECOND * off, abs=400_000), "health says it"
    camera.end()
    told = list(rig.footage())
    assert len(told) == 1800, "every group of pictures is there"
    assert all(before[1] == after[0] for before, after in pairwise(told)), "without gaps or overlaps"
    assert len({segment.run_us for segment in rig.reports.segments}) == 1, "one run, without discontinuity"


def test_a_camera_that_is_faster_than_footage_can_be_put_right_is_asked_anew(
    tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = FastCamera(Rig(tmp_path, video, monkeypatch), 0.5)
    with pytest.raises(StreamError, match="jumped ahead"):
        camera.run_for(hours=0.1)
    camera.end()


@given(ahead_us=st.integers(-(10**7), 10**7), since_us=st.integers(0, 10**8))
def test_footage_is_put_right_by_less_than_a_group_of_pictures_lasts(ahead_us: int, since_us: int) -> None:
    anchor = Anchor(NOON_US, NOON_US)
    step_us = anchor.wall_at_zero_us - slewed(anchor, ahead_us, since_us).wall_at_zero_us
    assert 0 <= step_us <= max(0, min(ahead_us, since_us // 20))


@pytest.mark.parametrize("kind", [7, 8], ids=["SPS", "PPS"])
def test_parameter_sets_that_are_only_announced_are_put_together_with_those_in_the_stream(
    tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch, kind: int
) -> None:
    """ITU-T H.264, table 7-1. Such a camera was reconnected for ever."""
    rig = Rig(tmp_path / "recordings", video, monkeypatch)
    camera = sent(video)
    sets = nal.parameter_sets("h264", camera.pictures[0].data)
    announced = [unit for unit in sets if nal.kind_of("h264", unit) == kind]
    assert announced
    for sample in camera.pictures:
        kept = [unit for unit in nal.units(sample.data) if nal.kind_of("h264", unit) != kind]
        sample.data = nal.joined(kept)
    format_ = Format("h264", 96, CLOCK_RATE, "", tuple(announced))
    live = live_packet("cam1", format_, camera.pictures[0])
    assert all(unit in live.data for unit in sets), "a viewer can begin here too"
    writer = rig.writer(format_, None)
    for number, sample in enumerate(camera.pictures):
        rig.mono_us = 5 * SECOND + number * SECOND // FPS
        rig.now_us = NOON_US + number * SECOND // FPS
        writer.add(sample)
    writer.finish()
    let_go(writer)
    (whole,) = rig.reports.segments
    assert count_frames(rig.folder / whole.path) == 10 * FPS


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_of_the_announced_sets_only_those_are_used_that_the_stream_does_not_bring(codec: str) -> None:
    kinds = {"h264": [7, 8], "h265": [32, 33, 34]}[codec]
    slice_kind = {"h264": 5, "h265": 19}[codec]

    def unit(kind: int, mark: bytes) -> bytes:
        return (bytes([kind]) if codec == "h264" else bytes([kind << 1, 1])) + mark

    announced = [unit(kind, b"old") for kind in kinds]
    for brought in ([], kinds[:1], kinds[1:], kinds):
        data = nal.joined([*(unit(kind, b"new") for kind in brought), unit(slice_kind, b"picture")])
        made = nal.parameter_sets(codec, nal.completed(codec, announced, data))
        used = [unit(kind, b"new" if kind in brought else b"old") for kind in kinds]
        assert made[: len(kinds)] == used, "each kind once, in the order in which they refer to one another"
        assert nal.completed(codec, announced, data).endswith(data)
