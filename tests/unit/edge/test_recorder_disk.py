"""A disk that is slow, full or read-only: nothing is lost silently, and it is said."""

import asyncio
import errno
import os
import threading
from pathlib import Path

import pytest

from edge_agent.recording import session
from edge_agent.recording.camera import DISK_SLOW, explain
from edge_agent.recording.disk import Disk, DiskFailure, DiskTooSlow, RecordingFile
from edge_agent.recording.events import FragmentWritten, SegmentClosed, WorkerEvent
from edge_agent.recording.session import SessionWriter
from tests.unit.edge.builders import FPS, NOON_US, SECOND, count_frames
from tests.unit.edge.camera_samples import sent

pytestmark = pytest.mark.req("S4.3")


def test_jobs_of_a_lane_run_in_order_and_none_after_a_failure() -> None:
    lane = Disk(threads=2).lane()
    done: list[int] = []

    def fail() -> None:
        raise OSError(errno.ENOSPC, "full")

    for number in range(3):
        lane.put(lambda n=number: done.append(n))  # type: ignore[misc]
    lane.put(fail)
    lane._jobs.put((lane, lambda: done.append(9), 0))
    assert asyncio.run(lane.drain())
    assert done == [0, 1, 2]
    with pytest.raises(DiskFailure) as failed:
        lane.put(lambda: None)
    assert failed.value.errno == errno.ENOSPC


def test_a_slow_disk_holds_up_nobody_until_the_queue_is_full_and_then_says_so() -> None:
    lane = Disk(threads=1).lane(max_waiting_bytes=10)
    go_on = threading.Event()
    written: list[int] = []
    lane.put(lambda: go_on.wait() and written.append(1), 3)
    lane.put(lambda: None, 3)
    assert lane.is_slow
    with pytest.raises(DiskTooSlow) as slow:
        lane.put(lambda: None, 5)
    assert explain(slow.value) == DISK_SLOW
    lane.put(lambda: written.append(2), 4)
    go_on.set()
    assert asyncio.run(lane.drain())
    assert written == [1, 2]
    assert lane.waiting_bytes == 0


def test_a_fragment_that_does_not_fit_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = RecordingFile(tmp_path / "cam1" / "a.mp4")
    file.create(b"init")
    file.append(b"fragment")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", full)
        with pytest.raises(OSError, match="full"):
            file.append(b"too much")
    assert (tmp_path / "cam1" / "a.mp4").read_bytes() == b"initfragment"
    file.append(b"again")
    file.close()
    assert (tmp_path / "cam1" / "a.mp4").read_bytes() == b"initfragmentagain"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "cheio"),
        (errno.EDQUOT, "cheio"),
        (errno.EROFS, "somente para leitura"),
        (errno.EIO, "recusou"),
    ],
)
def test_what_a_guard_is_told_of_the_disk(number: int, words: str) -> None:
    assert words in explain(DiskFailure(number, "x"))


def test_a_disk_that_fills_amid_a_session_keeps_what_fits_and_the_next_session_goes_on(
    tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real system call fails in the middle of a file, and works again later."""
    events: list[WorkerEvent] = []
    disk, sync, room = Disk(threads=1), os.fdatasync, [3]

    def filling(descriptor: int) -> None:
        if room[0] == 0:
            raise OSError(errno.ENOSPC, "full")
        room[0] -= 1
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", filling)
    clock = Clock()
    monkeypatch.setattr(session, "now_us", clock)
    monkeypatch.setattr(session, "mono_us", clock)
    end_us = _session(tmp_path, video, disk, events, clock)
    (closed,) = [e for e in events if isinstance(e, SegmentClosed)]
    kept = [e.fragment for e in events if isinstance(e, FragmentWritten)]
    assert len(kept) == 3
    file = tmp_path / "cam1" / "2025-11-24" / f"{closed.start_us}.mp4"
    assert file.stat().st_size == kept[-1].offset + kept[-1].size_bytes
    assert count_frames(file) == 3 * FPS
    room[0] = 100
    events.clear()
    assert _session(tmp_path, video, disk, events, clock, end_us) >= end_us + 9 * SECOND
    assert len([e for e in events if isinstance(e, FragmentWritten)]) == 10


class Clock:
    """The box's, in the test's hand."""

    now_us = NOON_US

    def __call__(self) -> int:
        return self.now_us


def _session(
    folder: Path, video: Path, disk: Disk, events: list[WorkerEvent], clock: Clock, not_before_us: int = 0
) -> int:
    lane = disk.lane()
    camera = sent(video)
    writer = SessionWriter("cam1", folder, camera.video, None, not_before_us, events.append, lane)
    try:
        for sample in camera.pictures:
            clock.now_us += SECOND // FPS
            writer.add(sample)
            asyncio.run(lane.drain())
    except DiskFailure as error:
        assert error.errno == errno.ENOSPC
    writer.finish()
    asyncio.run(writer.let_go())
    return writer.end_us
