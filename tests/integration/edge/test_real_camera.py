"""A worker process records a real camera: at the right time, through its own death and the camera's."""

import asyncio
import multiprocessing
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from demo.cameras import CameraSpec, SimulatedCameras
from demo.ports import LOOPBACK
from edge_agent.recording.events import CameraSource
from tests.integration.edge.recorder_rig import Recorder
from tests.integration.edge.rig import RTSP_PASSWORD, SECOND, clocks
from tests.unit.edge.builders import known_paths


async def test_footage_can_be_played_within_seconds_at_the_time_in_its_picture(
    recorder: Recorder, cameras: SimulatedCameras
) -> None:
    recorder.supervisor.assign([CameraSource("cam1", cameras.url("street"))])
    await recorder.until(lambda: recorder.fragments() >= 3)
    assert recorder.state() == "online"
    (segment,) = recorder.index.footage("cam1", 0, 2**60)
    data = (recorder.index.folder / segment.path).read_bytes()
    for fragment in segment.fragments:
        part = data[fragment.offset : fragment.offset + fragment.size_bytes]
        shown = clocks(data[: segment.init_bytes] + part)
        assert shown == sorted(shown)
        assert shown[0] == pytest.approx(fragment.start_us / SECOND, abs=1.0)
        assert shown[-1] == pytest.approx(fragment.end_us / SECOND, abs=1.0)


async def test_recording_goes_on_after_its_worker_was_killed(
    recorder: Recorder, cameras: SimulatedCameras
) -> None:
    recorder.supervisor.assign([CameraSource("cam1", cameras.url("street"))])
    await recorder.until(lambda: recorder.fragments() >= 2)
    (abandoned,) = recorder.files()
    (worker,) = [child for child in multiprocessing.active_children() if child.name == "recorder-0"]
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    await recorder.until(lambda: len(recorder.files()) == 2 and recorder.fragments() >= 5)
    first, second = recorder.index.footage("cam1", 0, 2**60)
    assert first.start_us == abandoned
    assert first.end_us <= second.start_us
    assert first.run_us != second.run_us
    file = recorder.index.folder / first.path
    assert file.stat().st_size == first.size_bytes, "the abandoned file was cut to its whole fragments"
    assert len(clocks(file.read_bytes())) >= 2
    assert first.path in known_paths(recorder.index)


async def test_stopping_closes_the_files(tmp_path: Path, cameras: SimulatedCameras) -> None:
    recorder = Recorder(tmp_path)
    running = asyncio.create_task(recorder.supervisor.run())
    recorder.supervisor.assign([CameraSource("cam1", cameras.url("street"))])
    await recorder.until(lambda: recorder.fragments() >= 2)
    running.cancel()
    async with asyncio.timeout(10):
        with suppress(asyncio.CancelledError):
            await running
    (path,) = known_paths(recorder.index)
    (segment,) = recorder.index.footage("cam1", 0, 2**60)
    assert (recorder.index.folder / path).stat().st_size == segment.size_bytes
    assert [child for child in multiprocessing.active_children() if child.name == "recorder-0"] == []
    recorder.store.close()


async def test_a_camera_that_goes_away_and_comes_back_is_recorded_again(recorder: Recorder) -> None:
    own = SimulatedCameras([CameraSpec("street", "Rua", "cam1", "x")])
    own.start()
    try:
        recorder.supervisor.assign([CameraSource("cam1", own.url("street"))])
        await recorder.until(lambda: recorder.fragments() >= 2)
        await asyncio.to_thread(own.stop)
        await recorder.until(lambda: recorder.state() == "offline")
        before = recorder.fragments()
        await asyncio.to_thread(own.start)
        await recorder.until(lambda: recorder.fragments() >= before + 2 and recorder.state() == "online")
    finally:
        await asyncio.to_thread(own.stop)
    first, *_, last = recorder.index.footage("cam1", 0, 2**60)
    assert first.end_us <= last.start_us
    assert first.run_us != last.run_us
    assert len({live.discontinuities for live in recorder.index.live_tail("cam1")}) >= 2


async def test_a_wrong_address_is_offline_with_a_reason_that_hides_the_password(
    recorder: Recorder, cameras: SimulatedCameras
) -> None:
    address = f"rtsp://admin:{RTSP_PASSWORD}@{LOOPBACK}"
    recorder.supervisor.assign(
        [
            CameraSource("lost", f"{address}:{cameras.rtsp_port}/nowhere"),
            CameraSource("dead", f"{address}:1/street"),
        ]
    )
    await recorder.until(lambda: recorder.state("lost") == recorder.state("dead") == "offline")
    for camera in ("lost", "dead"):
        reason = recorder.health.of(camera).reason
        assert reason
        assert RTSP_PASSWORD not in reason
        assert recorder.fragments(camera) == 0


async def test_a_camera_that_is_removed_is_closed_while_its_neighbour_goes_on(
    recorder: Recorder, cameras: SimulatedCameras
) -> None:
    both = [CameraSource(name, cameras.url("street")) for name in ("cam1", "cam2")]
    recorder.supervisor.assign(both)
    await recorder.until(lambda: recorder.fragments("cam1") >= 1 and recorder.fragments("cam2") >= 1)
    recorder.supervisor.assign(both[:1])
    await recorder.until(lambda: any(path.startswith("cam2/") for path in known_paths(recorder.index)))
    before = recorder.fragments("cam1")
    await recorder.until(lambda: recorder.fragments("cam1") >= before + 2)
    assert len(recorder.files()) == 1, "the neighbour's file was not interrupted"
