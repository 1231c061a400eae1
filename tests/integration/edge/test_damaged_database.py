"""A damaged database, met while the box runs and when it starts: recording goes on, footage stays."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from demo.cameras import SimulatedCameras
from demo.engines import free_port
from demo.media_files import Media, make_media
from demo.rtsp_server import LoopedFile, RtspCameras
from edge_agent.recording.events import CameraSource
from edge_agent.recording.fsck import check
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import repair
from edge_agent.store import Store
from protocol.topics import Stream
from tests.integration.edge.recorder_rig import Recorder
from tests.integration.edge.rig import (
    BoxProcess,
    HubClient,
    Pki,
    camera,
    desired,
    eventually,
    make_broker,
)
from tests.integration.edge.test_box_life import files, run_to_end, wait_for_video
from tests.unit.edge.builders import anpr_xml

pytestmark = pytest.mark.req("S4.2")


def damage(database: Path) -> None:
    """As a disk that lost what it had: every page, also of the log that has not been played in yet, and of
    the log's index, so that nothing that SQLite remembers hides the damage."""
    for file in (database.with_name(f"{database.name}{suffix}") for suffix in ("", "-wal", "-shm")):
        if file.exists() and file.stat().st_size:
            with file.open("r+b") as opened:
                opened.write(b"\xff" * file.stat().st_size)


async def test_recorders_go_on_over_a_database_that_breaks_and_the_next_start_indexes_all(
    tmp_path: Path,
) -> None:
    media = LoopedFile(make_media(tmp_path / "street", Media()), Media().declared_fps)
    recorder = Recorder(tmp_path)
    running = asyncio.create_task(recorder.supervisor.run())
    with RtspCameras({"cam1": media, "cam2": media}) as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1"))])
        await recorder.until(lambda: len(recorder.index.live_tail("cam1")) >= 2)
        damage(tmp_path / "edge.db")
        recorder.supervisor.assign([CameraSource(name, cameras.url(name)) for name in ("cam1", "cam2")])
        await recorder.until(lambda: len(recorder.index.live_tail("cam2")) >= 2)
        before = recorder.index.live_tail("cam1")[-1].number
        await recorder.until(lambda: recorder.index.live_tail("cam1")[-1].number >= before + 2)
        assert recorder.supervisor.restarts == 0
        assert recorder.store.is_suspect, "the next start looks at every page, and people are told"
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    recorder.store.close()
    store = Store(tmp_path / "edge.db", replace_damaged=True)
    assert len(store.damaged) == 1
    index = RecordingIndex(store, tmp_path / "recordings", HealthBoard(store))
    assert repair(index).indexed == 2
    assert list(check(index, deep=True)) == []
    assert len(index.footage("cam1", 0, 2**60)[0].fragments) >= before
    store.close()


@pytest.fixture
def stopped(pki: Pki, cameras: SimulatedCameras, tmp_path: Path) -> Iterator[BoxProcess]:
    """A box that recorded two files a moment ago, and whose database was damaged while it was off."""
    prepared = BoxProcess(tmp_path / "box", pki, desired(1, camera("cam1", cameras.rtsp_port, "street")))
    for number in (1, 2):
        with prepared.process:
            wait_for_video(prepared)
            eventually(lambda number=number: len(files(prepared)) == number, what="a file of this run")
    damage(prepared.root / "edge.db")
    yield prepared


def test_who_only_looks_leaves_a_damaged_database_where_it_is(stopped: BoxProcess) -> None:
    before = (stopped.root / "edge.db").read_bytes()
    for command in ("doctor", "status", "fsck"):
        told = run_to_end([stopped.argv()[0], "edge", command, "--data-dir", stopped.root])
        assert told.returncode == 1 and "anificado" in told.stdout + told.stderr, command
    assert (stopped.root / "edge.db").read_bytes() == before
    assert not list(stopped.root.glob("edge.db.damaged-*"))


def test_a_box_that_starts_over_a_damaged_database_without_internet_records_on(stopped: BoxProcess) -> None:
    before = files(stopped)
    with stopped.process:
        wait_for_video(stopped)
        with stopped.log_in() as guard:
            assert guard.get("/api/me").is_success, "people are known too"
        eventually(lambda: len(files(stopped)) == len(before) + 1, what="another file")
        eventually(lambda: "repair_complete" in stopped.log_text(), what="the second step of the repair")
        told = run_to_end([stopped.argv()[0], "edge", "doctor", "--json", "--data-dir", stopped.root])
    alarms = [found for found in json.loads(told.stdout) if found["subject"] == "alarme"]
    (alarm,) = [alarm for alarm in alarms if "posto de lado (edge.db.damaged-" in alarm["text"]]
    assert alarm["fix"]
    store = Store(stopped.root / "edge.db")
    index = RecordingIndex(store, stopped.root / "recordings", HealthBoard(store))
    indexed = {row.path for row in index.stored("cam1", 0, 2**62)}
    assert {str(file.relative_to(index.folder)) for file in before} <= indexed, "however fresh they are"
    assert list(check(index, deep=True)) == []
    store.close()


@pytest.fixture
def in_contact(pki: Pki, cameras: SimulatedCameras, tmp_path: Path) -> Iterator[tuple[BoxProcess, HubClient]]:
    """A box that records and talks to a broker."""
    port = free_port()
    state = desired(1, camera("cam1", cameras.rtsp_port, "street"))
    box = BoxProcess(tmp_path / "box", pki, state, port)
    with make_broker(pki, tmp_path / "broker", port):
        hub = HubClient(pki, port)
        try:
            with box.process:
                wait_for_video(box)
                eventually(lambda: hub.latest.get(Stream.HEALTH), what="contact with the hub")
                yield box, hub
        finally:
            hub.close()


def test_a_box_in_contact_with_the_hub_records_on_over_a_database_that_breaks(
    in_contact: tuple[BoxProcess, HubClient],
) -> None:
    """Every part of the box that asks the database is refused, again and again; none ends the box."""
    box, hub = in_contact
    with box.log_in() as guard:
        playlist = guard.get("/api/cameras/cam1/live.m3u8").text
        damage(box.root / "edge.db")
        hub.send(Stream.DESIRED, desired(2, camera("cam1", 1, "elsewhere")), retain=True)
        box.push(anpr_xml())
        eventually(lambda: not guard.get("/healthz").json()["checks"]["database"], what="a failing check")
        eventually(lambda: "hub_message_not_stored" in box.log_text(), what="a refused state")
        (file,) = files(box)
        before = file.stat().st_size
        eventually(lambda: file.stat().st_size > before, what="more footage")
        assert guard.get("/api/cameras/cam1/live.m3u8").text != playlist
    assert box.process.running
