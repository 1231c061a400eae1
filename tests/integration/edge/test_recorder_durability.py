"""Whatever is killed, index and files agree afterwards, and every picture but the last group's is there.

The cameras send sound too, so that each fragment has two tracks.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import av
import psutil
import pytest

from demo.media_files import Media, make_media
from demo.rtsp_server import LoopedFile, RtspCameras
from edge_agent.clock import now_us
from edge_agent.config import DataFolder
from edge_agent.recording.domain import Segment
from edge_agent.recording.events import CameraSource
from edge_agent.recording.fsck import check
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import repair
from edge_agent.store import Store
from tests.integration.edge.recorder_rig import Recorder
from tests.integration.edge.rig import SECOND, BoxProcess, Pki, camera, desired, eventually
from tests.unit.edge.builders import known_paths

pytestmark = pytest.mark.req("S4.3")

#: By camera. A keyframe a second, ten pictures between.
MEDIAS = {"cam1": Media("h264", "aac"), "cam2": Media("h265", "pcma"), "cam3": Media("h264")}
PICTURE_S = 0.1
GROUP_US = SECOND


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspCameras]:
    folder = tmp_path_factory.mktemp("media")
    files = {name: LoopedFile(make_media(folder / name, media)) for name, media in MEDIAS.items()}
    with RtspCameras(files) as running:
        yield running


def shown(index: RecordingIndex, segment: Segment) -> list[float]:
    """The times of a file's pictures, each of which decodes; its sound decodes too."""
    file = str(index.folder / segment.path)
    with av.open(file) as opened:
        times = [frame.time for frame in opened.decode(video=0) if not frame.is_corrupt]
    with av.open(file) as opened:
        if opened.streams.audio:
            assert sum(frame.samples for frame in opened.decode(audio=0)) > 0
    return [at for at in times if at is not None]


def assert_whole(index: RecordingIndex, name: str, until_us: int) -> None:
    """No picture is missing between the first and one group before `until_us`, in any run."""
    segments = index.footage(name, 0, 2**60)
    before = [segment for segment in segments if segment.start_us < until_us]
    assert before, name
    assert before[-1].end_us >= until_us - 2 * GROUP_US, f"{name}: the last group is lost at most"
    for segment in segments:
        times = shown(index, segment)
        seconds = sum(fragment.duration_us for fragment in segment.fragments) / SECOND
        assert len(times) == round(seconds / PICTURE_S), name
        assert max(after - one for one, after in pairwise(times)) < 1.5 * PICTURE_S, name


def assert_sound(index: RecordingIndex) -> None:
    assert list(check(index, deep=True)) == []
    on_disk = {str(file.relative_to(index.folder)) for file in index.folder.rglob("*.mp4")}
    assert on_disk == known_paths(index)


async def test_a_worker_that_is_killed_loses_the_last_group_of_pictures_at_most(
    tmp_path: Path, street: RtspCameras
) -> None:
    recorder = Recorder(tmp_path)
    running = asyncio.create_task(recorder.supervisor.run())
    recorder.supervisor.assign([CameraSource(name, street.url(name)) for name in MEDIAS])
    killed_us = []
    for _ in range(2):
        enough = {name: recorder.fragments(name) + 3 for name in MEDIAS}
        await recorder.until(lambda more=enough: all(recorder.fragments(n) >= more[n] for n in more), 30)  # type: ignore[misc]
        (worker,) = [child for child in multiprocessing.active_children() if child.name == "recorder-0"]
        assert worker.pid
        os.kill(worker.pid, signal.SIGKILL)
        killed_us.append(now_us())
    enough = {name: recorder.fragments(name) + 2 for name in MEDIAS}
    await recorder.until(lambda: all(recorder.fragments(n) >= enough[n] for n in enough), 30)
    running.cancel()
    ended_us = now_us()
    with suppress(asyncio.CancelledError):
        await running
    assert_sound(recorder.index)
    for name in MEDIAS:
        assert len(recorder.index.footage(name, 0, 2**60)) == 3
        for until_us in (*killed_us, ended_us):
            assert_whole(recorder.index, name, until_us)
    recorder.store.close()


@pytest.fixture
def box(pki: Pki, street: RtspCameras, tmp_path: Path) -> Iterator[BoxProcess]:
    state = desired(1, *(camera(name, street.port, name) for name in MEDIAS))
    prepared = BoxProcess(tmp_path / "box", pki, state)
    with prepared.process:
        wait_for_fragments(prepared)
        yield prepared


def wait_for_fragments(box: BoxProcess, count: int = 4) -> None:
    with box.log_in() as guard:
        for name in MEDIAS:
            url = f"/api/cameras/{name}/live.m3u8"
            eventually(lambda url=url: guard.get(url).text.count("#EXTINF") >= count, 40, "video")  # type: ignore[misc]


def workers_of(box: BoxProcess) -> list[psutil.Process]:
    assert box.process.pid is not None
    return psutil.Process(box.process.pid).children(recursive=True)


def kill_agent(box: BoxProcess) -> None:
    """Its workers see that nobody is there any more."""
    assert box.process.pid is not None
    left = workers_of(box)
    os.kill(box.process.pid, signal.SIGKILL)
    eventually(lambda: not any(worker.is_running() for worker in left), 15, "the workers' end")


def kill_all(box: BoxProcess) -> None:
    """As when the power fails, but for what the kernel holds."""
    assert box.process.pid is not None
    for worker in [*workers_of(box), psutil.Process(box.process.pid)]:
        worker.kill()


def kill_and_tear(box: BoxProcess) -> None:
    """And a fragment of each file was only begun."""
    kill_all(box)
    eventually(lambda: not box.process.running)
    for file in (box.root / "recordings").rglob("*.mp4"):
        with file.open("ab") as opened:
            opened.write(b"\0\0\1\0moof" + os.urandom(100))


@pytest.mark.parametrize("kill", [kill_agent, kill_all, kill_and_tear])
def test_a_box_that_is_killed_has_its_footage_at_the_next_start(
    box: BoxProcess, kill: Callable[[BoxProcess], None]
) -> None:
    killed_us = now_us()  # orphaned workers record on until they notice, and may take a while to end
    kill(box)
    eventually(lambda: not box.process.running)
    box.process.start()
    wait_for_fragments(box, 3)
    ended_us = now_us()
    box.process.stop()
    store = Store(DataFolder(box.root).database)
    index = RecordingIndex(store, box.root / "recordings", HealthBoard(store))
    try:
        assert_sound(index)
        for name in MEDIAS:
            assert_whole(index, name, killed_us)
            assert_whole(index, name, ended_us)
            assert len({segment.run_us for segment in index.footage(name, 0, 2**60)}) == 2
        assert repair(index, everything=True).indexed == 0, "there is nothing left to mend"
    finally:
        store.close()
    assert "Traceback" not in box.log_text()
