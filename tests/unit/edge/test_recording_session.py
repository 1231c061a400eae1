"""One connection to a camera becomes files that can be played, at times that can be true."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_agent.recording import session
from edge_agent.recording.disk import Disk
from edge_agent.recording.domain import Segment
from edge_agent.recording.events import FragmentWritten, SegmentClosed, SegmentOpened, WorkerEvent
from edge_agent.recording.session import SessionWriter, StreamError
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

    def run(
        self,
        not_before_us: int = 0,
        media_shift_us: Callable[[int], int] = lambda _: 0,
        clock_shift_us: Callable[[int], int] = lambda _: 0,
    ) -> int:
        """Feed the whole file, with shifts by the packet's number; returns the end of the footage."""
        began_us, began_mono_us = self.now_us, self.mono_us
        camera = sent(self._source)
        lane = Disk(threads=1).lane()
        writer = SessionWriter(
            "cam1", self.folder, camera.video, camera.audio, not_before_us, self.reports, lane
        )
        number = 0
        try:
            for track, sample in camera.samples:
                if track is not camera.video:
                    writer.add_sound(sample)
                    continue
                self.mono_us = began_mono_us + number * SECOND // FPS
                self.now_us = began_us + number * SECOND // FPS + clock_shift_us(number)
                sample.time += media_shift_us(number) * CLOCK_RATE // SECOND
                number += 1
                writer.add(sample)
        finally:
            writer.finish()
            asyncio.run(writer.let_go())
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
