"""A box whose disk has no byte left when it starts, or fills while people look at it.

Somebody else's file has taken all room, also what retention keeps free. Mounting needs root, or a user
namespace of one's own (tests.integration.edge.test_full_disk says how); else these tests are skipped.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.cameras import SimulatedCameras
from edge_agent.clock import now_us
from edge_agent.config import DataFolder
from edge_agent.recording import protection
from edge_agent.recording.alarms import Alarms
from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.fsck import check
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.retention import FORCED_OUT
from edge_agent.recording.session import segment_path
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from protocol.messages import AuditEvent, CoverageSpan, Purged, decode_event
from protocol.topics import Stream
from tests.integration.edge.rig import BoxProcess, Pki, camera, desired, eventually
from tests.integration.edge.small_disk import SmallDisk, small_disk
from tests.unit.edge.builders import SECOND

pytestmark = pytest.mark.req("S4.2")
DISK_BYTES = 48 << 20
FLOOR_GB = "0.012"
FILE_BYTES = 1 << 20
#: Old footage: so many files, the oldest of which is held as evidence.
FILES = 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", DISK_BYTES) as mounted:
        yield mounted


@pytest.fixture
def box(pki: Pki, cameras: SimulatedCameras, disk: SmallDisk, tmp_path: Path) -> BoxProcess:
    """On the small disk, but for its log: a real box's journal is not among its data."""
    state = desired(1, camera("cam1", cameras.rtsp_port, "street"))
    options = ("--mediamtx", "off", "--disk-floor", FLOOR_GB)
    prepared = BoxProcess(disk.root / "box", pki, state, options=options)
    prepared.process.log = tmp_path / "edge.log"
    return prepared


@contextmanager
def opened(box: BoxProcess) -> Iterator[tuple[Store, RecordingIndex]]:
    store = Store(DataFolder(box.root).database)
    try:
        yield store, RecordingIndex(store, DataFolder(box.root).recordings, HealthBoard(store))
    finally:
        store.close()


def old_footage(box: BoxProcess) -> list[Path]:
    """A file a minute, a day ago; the oldest is held. Their bytes are no video, and nobody plays them."""
    began_us = now_us() - 86_400 * SECOND
    files = []
    with opened(box) as (store, index):
        for number in range(FILES):
            start_us = began_us + number * 60 * SECOND
            whole = Fragment(100, FILE_BYTES - 100, start_us, 59 * SECOND)
            made = Segment("cam1", start_us, start_us, segment_path("cam1", start_us), 100, (whole,))
            files.append(index.folder / made.path)
            files[-1].parent.mkdir(parents=True, exist_ok=True)
            files[-1].write_bytes(bytes(FILE_BYTES))
            index.store_segment(made)
        index.note("settled-us", now_us())
        index.note("repaired-us", now_us())
        with store.transaction() as transaction:
            protection.protect(transaction, "cam1", began_us, began_us + SECOND, "BO 77/2025")
    return files


def actions(store: Store) -> list[str]:
    outbox = Outbox(store)
    _, seqs = outbox.ends(Stream.AUDIT, 0, 1000)
    return [decode_event(e.data, AuditEvent).action for e in outbox.load(Stream.AUDIT, seqs)]


def seen(guard: httpx.Client) -> dict[str, Any]:
    """The camera as the console shows it."""
    (shown,) = guard.get("/api/cameras").json()
    return dict(shown)


def told(store: Store) -> list[CoverageSpan | Purged]:
    outbox = Outbox(store)
    _, seqs = outbox.ends(Stream.COVERAGE, 0, 1000)
    return [decode_event(e.data, CoverageSpan, Purged) for e in outbox.load(Stream.COVERAGE, seqs)]


def test_a_box_without_a_byte_left_starts_frees_the_oldest_footage_and_records(
    box: BoxProcess, disk: SmallDisk
) -> None:
    held, *old = old_footage(box)
    disk.fill(leave_bytes=0)
    with box.process:
        with box.log_in() as guard:
            eventually(lambda: seen(guard)["state"] == "online", within_s=60, what="the camera recorded")
            eventually(lambda: guard.get("/api/cameras/cam1/live.m3u8").text.count("#EXTINF") >= 2)
        assert held.exists(), "what is held goes last"
        assert not old[0].exists() and old[-1].exists(), "the oldest goes, and no more than is needed"
    assert '"event": "started_without_room"' in box.log_text()
    with opened(box) as (store, index):
        assert {problem.kind for problem in check(index)} <= {"structure"}, "the old files are no video"
        assert [alarm.text for alarm in Alarms(store).current()] == [FORCED_OUT]
        gone = [event for event in told(store) if isinstance(event, Purged)]
        assert gone and {event.reason for event in gone} == {"disk-floor"}


def test_a_box_whose_disk_somebody_else_filled_says_so_in_one_line(box: BoxProcess, disk: SmallDisk) -> None:
    disk.fill(leave_bytes=0)
    with pytest.raises(Exception, match="edge"), box.process:
        pass
    assert "the disk is full" in box.log_text()
    assert "Traceback" not in box.log_text()


def test_people_look_at_a_box_whose_disk_is_full(box: BoxProcess, disk: SmallDisk) -> None:
    """Nothing is deleted here: there is nothing that is older than what is being recorded."""
    with box.process, box.log_in() as guard:
        eventually(lambda: guard.get("/api/cameras/cam1/live.m3u8").text.count("#EXTINF") >= 2)
        disk.fill(leave_bytes=0)
        eventually(lambda: "o disco está cheio" in seen(guard)["reason"], within_s=60, what="said why")
        with box.log_in() as colleague:
            assert colleague.get("/api/cameras/cam1/live.m3u8").status_code == 200
        assert guard.get("/healthz").json()["checks"]["database"] is False
        disk.make_room()
        eventually(lambda: seen(guard)["state"] == "online", within_s=90, what="recorded again")
    assert '"event": "audit_waits"' in box.log_text()
    with opened(box) as (store, _):
        assert actions(store)[:2] == ["console.login"] * 2, "each was written when there was room"
