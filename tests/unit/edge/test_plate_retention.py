"""A plate read goes with its picture when its city's plan says so; what is held stays."""

from pathlib import Path

import pytest

from edge_agent.lpr.retention import PlateRetention
from edge_agent.lpr.search import PlateQuery, PlateSearch
from edge_agent.lpr.services import Arrival, PlateReads
from edge_agent.recording.protection import protect, release
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from tests.unit.edge.builders import HOUR, JPEG, MINUTE, NOON_US, vendor_read

DAY = 24 * HOUR


class Reads:
    """A box that reads a plate each day for ten days, and keeps seven."""

    def __init__(self, store: Store, images: Path) -> None:
        self.now_us = NOON_US
        self.images = images
        reads = PlateReads(store, images, clock_us=lambda: self.now_us)
        self.plates = PlateSearch(store, images)
        self.retention = PlateRetention(store, images, lambda: 7, clock_us=lambda: self.now_us)
        for day in range(10):
            self.now_us = NOON_US + day * DAY
            reads.accept("cam1", vendor_read(f"e{day}", f"AAA000{day}", self.now_us, image=JPEG))
        self.now_us += MINUTE

    def kept(self) -> list[str]:
        return [stored.read.plate for stored in reversed(self.plates.find(PlateQuery()))]

    def pictures(self) -> int:
        return len(list(self.images.rglob("*.jpg")))


@pytest.fixture
def week(store: Store, tmp_path: Path) -> Reads:
    return Reads(store, tmp_path / "images")


@pytest.mark.req("S10.1")
def test_reads_past_the_plan_go_with_their_pictures(week: Reads) -> None:
    assert week.retention.sweep() == 3
    assert week.kept() == [f"AAA000{day}" for day in range(3, 10)]
    assert week.pictures() == 7
    assert week.retention.sweep() == 0


@pytest.mark.req("S10.1")
def test_a_refused_payload_may_hold_a_plate_and_goes_too(week: Reads, store: Store) -> None:
    reads = PlateReads(store, week.images, clock_us=lambda: week.now_us)
    reads.quarantine("cam1", "hikvision", "no plate", b"<x/>")
    for days_later, left in ((6, 1), (8, 0)):
        week.now_us += days_later * DAY
        week.retention.sweep()
        with store.read() as connection:
            assert connection.execute("SELECT COUNT(*) FROM quarantine").fetchone()[0] == left


def test_no_empty_folders_are_left(week: Reads) -> None:
    week.now_us += 30 * DAY
    assert week.retention.sweep() == 10
    assert list(week.images.iterdir()) == []


def test_what_is_held_as_evidence_stays_until_it_is_released(week: Reads, store: Store) -> None:
    with store.transaction() as transaction:
        hold = protect(transaction, "cam1", NOON_US - MINUTE, NOON_US + MINUTE, "inquérito 12")
    week.retention.sweep()
    assert week.kept()[0] == "AAA0000"
    assert week.pictures() == 8
    with store.transaction() as transaction:
        release(transaction, hold)
    assert week.retention.sweep() == 1
    assert week.pictures() == 7


def test_pictures_that_share_a_file_go_with_the_last_read_that_needs_it(store: Store, tmp_path: Path) -> None:
    now = {"us": NOON_US}
    root = tmp_path / "images"
    reads = PlateReads(store, root, clock_us=lambda: now["us"])
    retention = PlateRetention(store, root, lambda: 7, clock_us=lambda: now["us"])
    reads.accept_all(
        [Arrival(camera, vendor_read(camera, image=JPEG)) for camera in ("cam1", "cam2", "cam3")]
    )
    with store.transaction() as transaction:
        hold = protect(transaction, "cam2", NOON_US - MINUTE, NOON_US + MINUTE, "inquérito 12")
    now["us"] += 10 * DAY
    assert retention.sweep() == 2
    (left,) = PlateSearch(store, root).find(PlateQuery())
    assert PlateSearch(store, root).image(left.read.id) == JPEG
    with store.transaction() as transaction:
        release(transaction, hold)
    assert retention.sweep() == 1
    assert list(root.iterdir()) == []


def test_what_the_hub_has_not_confirmed_still_goes_to_it(week: Reads, outbox: Outbox) -> None:
    week.retention.sweep()
    assert outbox.depth() == 10


def test_a_picture_that_a_crash_left_without_its_read_goes_with_its_day(week: Reads) -> None:
    orphan = week.images / "2025/11/24/left-by-a-crash.jpg"
    orphan.write_bytes(JPEG)
    week.retention.sweep()
    assert not orphan.exists()
    young = week.images / "2025/12/03/left-by-a-crash.jpg"
    young.write_bytes(JPEG)
    week.retention.sweep()
    assert young.exists(), "a push may be on its way to its commit"
