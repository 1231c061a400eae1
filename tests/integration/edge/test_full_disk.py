"""A disk that is really full, or really read-only, under a recorder with real cameras.

The box says what is wrong, goes on with all else, loses nothing that was recorded, and
records again by itself. As another user than root these tests run once more in a user
namespace of their own (the last test).
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import structlog

from demo.media_files import Media, make_media
from demo.rtsp_server import LoopedFile, RtspCameras
from edge_agent.recording.alarms import Alarms
from edge_agent.recording.events import CameraSource
from edge_agent.recording.fsck import check
from edge_agent.recording.repair import Repaired, repair
from tests.integration.edge.recorder_rig import Recorder
from tests.integration.edge.small_disk import SmallDisk, failing_disk, small_disk

pytestmark = pytest.mark.req("S4.2")
CAMERAS = ("cam1", "cam2")
DISK_BYTES = 12 << 20


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> LoopedFile:
    made = Media()
    return LoopedFile(make_media(tmp_path_factory.mktemp("media") / "street", made), made.declared_fps)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", DISK_BYTES) as mounted:
        yield mounted


@asynccontextmanager
async def recording(folder: Path) -> AsyncIterator[Recorder]:
    recorder = Recorder(folder)
    running = asyncio.create_task(recorder.supervisor.run())
    yield recorder
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def assign(recorder: Recorder, cameras: RtspCameras) -> None:
    recorder.supervisor.assign([CameraSource(name, cameras.url(name)) for name in CAMERAS])


def least(recorder: Recorder) -> int:
    return min(recorder.fragments(camera) for camera in CAMERAS)


def footage(recorder: Recorder) -> set[tuple[str, int, int]]:
    """Every picture group, by camera, start and length."""
    return {
        (camera, fragment.start_us, fragment.duration_us)
        for camera in CAMERAS
        for segment in recorder.index.footage(camera, 0, 2**60)
        for fragment in segment.fragments
    }


def all_are(recorder: Recorder, state: str, words: str = "") -> bool:
    healths = [recorder.health.of(camera) for camera in CAMERAS]
    return all(health.state == state and words in health.reason for health in healths)


async def test_a_full_disk_is_said_and_recording_goes_on_when_there_is_room(
    disk: SmallDisk, media: LoopedFile
) -> None:
    """The database lies on the same disk, as it does on a box, and is refused too."""
    with RtspCameras(dict.fromkeys(CAMERAS, media)) as cameras, structlog.testing.capture_logs() as logged:
        async with recording(disk.root) as recorder:
            assign(recorder, cameras)
            await recorder.until(lambda: least(recorder) >= 2)
            disk.fill(leave_bytes=0)
            await recorder.until(lambda: all_are(recorder, "offline", "o disco está cheio"))
            kept = footage(recorder)
            assert kept, "what was recorded can still be played"
            assert recorder.supervisor.all_alive
            disk.make_room()
            before = least(recorder)
            await recorder.until(lambda: all_are(recorder, "online") and least(recorder) >= before + 2, 60)
            assert recorder.supervisor.restarts == 0
        assert kept <= footage(recorder)
        assert any(entry["event"] == "recorder_report_not_stored" for entry in logged)
        assert list(check(recorder.index, deep=True)) == []
        assert repair(recorder.index, everything=True) == Repaired()
        recorder.store.close()


async def test_a_read_only_disk_is_said_and_recording_goes_on_when_it_takes_files_again(
    tmp_path: Path, media: LoopedFile
) -> None:
    """The recordings have a disk of their own here: the rest of the box works on."""
    with small_disk(tmp_path / "recordings", DISK_BYTES) as disk:
        async with recording(tmp_path) as recorder:
            with RtspCameras(dict.fromkeys(CAMERAS, media)) as cameras:
                assign(recorder, cameras)
                await recorder.until(lambda: least(recorder) >= 2)
            await recorder.until(lambda: all_are(recorder, "offline"))
            disk.become("ro")  # while no file is open: the system refuses it otherwise
            kept = footage(recorder)
            with RtspCameras(dict.fromkeys(CAMERAS, media)) as cameras:
                assign(recorder, cameras)
                await recorder.until(lambda: all_are(recorder, "offline", "somente para leitura"), 60)
                Alarms(recorder.store).sound("the database takes what comes")
                assert footage(recorder) == kept
                disk.become("rw")
                await recorder.until(lambda: all_are(recorder, "online") and footage(recorder) > kept, 60)
        assert kept < footage(recorder)
        assert list(check(recorder.index, deep=True)) == []
        assert repair(recorder.index, everything=True) == Repaired()
        recorder.store.close()


async def test_a_disk_that_turns_read_only_under_open_files_is_said_and_a_restart_records_again(
    tmp_path: Path, media: LoopedFile
) -> None:
    """The kernel does so at an error of the file system; the database lies there too."""
    with (
        failing_disk(tmp_path / "disk", DISK_BYTES) as disk,
        RtspCameras(dict.fromkeys(CAMERAS, media)) as cameras,
    ):
        async with recording(disk.root) as recorder:
            assign(recorder, cameras)
            await recorder.until(lambda: least(recorder) >= 2)
            disk.fail()
            await recorder.until(lambda: all_are(recorder, "offline", "somente para leitura"), 60)
            kept = footage(recorder)
            assert kept, "what was recorded can still be played"
            assert recorder.supervisor.restarts == 0, "no recorder died of it"
        recorder.store.close()
        disk.mend()
        async with recording(disk.root) as again:
            repair(again.index)
            assert kept <= footage(again), "not a picture group is lost"
            assign(again, cameras)
            await again.until(lambda: all_are(again, "online") and footage(again) > kept, 60)
        assert list(check(again.index, deep=True)) == []
        assert repair(again.index, everything=True) == Repaired()
        again.store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root has run the tests above already")
def test_the_same_as_root_of_a_user_namespace() -> None:
    namespace = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: this machine permits no user namespaces")
    argv = [*namespace, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
