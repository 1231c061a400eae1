"""A plate read that was answered is kept once, with its image, and queued for the hub once."""

import threading
from pathlib import Path

import pytest

from edge_agent.clock import to_datetime
from edge_agent.lpr.services import QUARANTINE_BODY_BYTES, QUARANTINE_ROWS, PlateReads
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from protocol.messages import PlateRead, decode_event
from protocol.topics import Stream
from tests.unit.edge.builders import HOUR, JPEG, MINUTE, NOON_US, SECOND, vendor_read

DAY = 24 * HOUR


@pytest.fixture
def reads(store: Store, tmp_path: Path) -> PlateReads:
    return PlateReads(store, tmp_path / "images", clock_us=lambda: NOON_US + MINUTE)


def queued(outbox: Outbox) -> list[PlateRead]:
    _, seqs = outbox.ends(Stream.LPR, 0, 1000)
    return [decode_event(event.data, PlateRead) for event in outbox.load(Stream.LPR, seqs)]


def test_an_accepted_read_is_kept_and_queued_for_the_hub(reads: PlateReads, outbox: Outbox) -> None:
    assert reads.accept("cam1", vendor_read())
    (stored,) = reads.newest(10)
    assert (stored.read.camera, stored.read.plate, stored.read.vendor) == ("cam1", "ABC1D23", "hikvision")
    assert queued(outbox) == [stored.read]


def test_a_camera_that_repeats_its_push_is_heard_once(reads: PlateReads, outbox: Outbox) -> None:
    kept = [reads.accept("cam1", vendor_read(image=JPEG)) for _ in range(3)]
    assert [read is not None for read in kept] == [True, False, False]
    assert len(reads.newest(10)) == len(queued(outbox)) == 1


def test_the_same_event_id_of_two_cameras_is_two_reads(reads: PlateReads) -> None:
    assert reads.accept("cam1", vendor_read())
    assert reads.accept("cam2", vendor_read())


def test_a_push_that_comes_twice_at_once_is_kept_once(reads: PlateReads, outbox: Outbox) -> None:
    answers: list[bool] = []
    together = threading.Barrier(8)

    def push() -> None:
        together.wait()
        answers.append(reads.accept("cam1", vendor_read(image=JPEG)) is not None)

    threads = [threading.Thread(target=push) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True]
    assert len(queued(outbox)) == 1


def test_the_image_is_on_disk_and_the_event_says_which(reads: PlateReads, outbox: Outbox) -> None:
    reads.accept("cam1", vendor_read(image=JPEG))
    (event,) = queued(outbox)
    file = reads.image(event.id)
    assert file is not None
    assert file.read_bytes() == JPEG
    assert event.image is not None
    assert event.image.size_bytes == len(JPEG)
    assert len(event.image.sha256) == 64


def test_a_read_without_image_has_none(reads: PlateReads, outbox: Outbox) -> None:
    reads.accept("cam1", vendor_read())
    assert reads.image(queued(outbox)[0].id) is None
    assert reads.image("no such read") is None


def test_no_read_is_kept_whose_image_could_not_be(reads: PlateReads, outbox: Outbox, tmp_path: Path) -> None:
    """The image comes first: a row never names a file that is not there, and the camera sends again."""
    (tmp_path / "images").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="images"):
        reads.accept("cam1", vendor_read(image=JPEG))
    assert reads.newest(10) == []
    assert queued(outbox) == []
    (tmp_path / "images").unlink()
    assert reads.accept("cam1", vendor_read(image=JPEG)), "the camera's second try is accepted"


def test_pages_go_from_newest_to_oldest_without_repeats(reads: PlateReads) -> None:
    for number in range(7):
        reads.accept("cam1", vendor_read(event=f"e{number}", plate=f"AAA000{number}"))
    seen, before = [], None
    while page := reads.newest(3, before):
        seen += [stored.read.plate for stored in page]
        before = page[-1].order
        reads.accept("cam1", vendor_read(event=f"new{before}", plate="NEW0000"))  # does not shift the pages
    assert seen == [f"AAA000{number}" for number in reversed(range(7))]


def test_a_part_of_a_plate_finds_it(reads: PlateReads) -> None:
    for plate in ("ABC1D23", "XYZ9A88", "ABC4567"):
        reads.accept("cam1", vendor_read(event=plate, plate=plate))
    assert [s.read.plate for s in reads.newest(10, plate="ABC")] == ["ABC4567", "ABC1D23"]
    assert reads.newest(10, plate="%") == []


def test_the_timelines_marks_are_one_cameras_in_time_order(reads: PlateReads) -> None:
    for camera, second in (("cam1", 30), ("cam1", 10), ("cam2", 20), ("cam1", 90)):
        read = vendor_read(event=f"{camera}{second}", captured_us=NOON_US + second * SECOND)
        reads.accept(camera, read)
    marks = reads.between("cam1", NOON_US + 10 * SECOND, NOON_US + 60 * SECOND)
    assert [mark.captured_at.second for mark in marks] == [10, 30]


def test_quarantine_keeps_the_reason_and_the_newest_within_its_bounds(
    reads: PlateReads, store: Store
) -> None:
    for number in range(QUARANTINE_ROWS + 5):
        reads.quarantine("cam1", "hikvision", f"reason {number}", b"x")
    reads.quarantine("cam1", "hikvision", "too large to keep whole", b"x" * (QUARANTINE_BODY_BYTES + 1))
    with store.read() as connection:
        rows = connection.execute("SELECT reason, length(body) FROM quarantine ORDER BY id").fetchall()
    assert len(rows) == QUARANTINE_ROWS
    assert rows[0]["reason"] == "reason 6"
    assert tuple(rows[-1]) == ("too large to keep whole", QUARANTINE_BODY_BYTES)


@pytest.mark.parametrize("captured_us", [0, NOON_US - 8 * DAY, NOON_US + HOUR])
def test_a_read_of_a_camera_with_a_wrong_clock_is_found_at_the_boxs_time(
    reads: PlateReads, captured_us: int
) -> None:
    reads.accept("cam1", vendor_read(captured_us=captured_us))
    (stored,) = reads.newest(1)
    assert stored.read.captured_at == stored.read.received_at == to_datetime(NOON_US + MINUTE)
    assert stored.read.camera_clock == to_datetime(captured_us).isoformat()


def test_a_read_that_waited_in_the_camera_keeps_its_own_time(reads: PlateReads) -> None:
    reads.accept("cam1", vendor_read(captured_us=NOON_US - 6 * DAY))
    (stored,) = reads.newest(1)
    assert stored.read.captured_at == to_datetime(NOON_US - 6 * DAY)
    assert stored.read.camera_clock is None
