"""A person's plate is erased at the box as well; what a hold protects, and what the hub lacks, stays."""

from datetime import timedelta
from pathlib import Path

import pytest

from edge_agent.clock import to_datetime
from edge_agent.lpr.erasure import PlateErasure
from edge_agent.lpr.search import PlateQuery, PlateSearch
from edge_agent.lpr.services import Arrival, PlateReads
from edge_agent.recording.protection import protect
from edge_agent.store import MAX_INTEGER, Store
from edge_agent.sync.outbox import Outbox
from protocol.messages import ErasePlate, HeldPeriod, WatchlistEntry
from protocol.topics import Stream
from tests.unit.edge.builders import HOUR, JPEG, MINUTE, NOON_US, vendor_read

PLATES = ["ABC1D23", "ABC1323", "XYZ9876"]
EVERYTHING = [(1, MAX_INTEGER)]


class Reads:
    """A box that read three plates an hour apart, each with a picture of its own; the hub has them."""

    def __init__(self, store: Store, images: Path) -> None:
        self.store, self.images = store, images
        self.now_us = NOON_US
        self.reads = PlateReads(store, images, clock_us=lambda: self.now_us)
        self.search = PlateSearch(store, images)
        self.erasure = PlateErasure(store, images)
        for number, plate in enumerate(PLATES):
            self.now_us = NOON_US + number * HOUR
            self.reads.accept("cam1", vendor_read(f"e{number}", plate, self.now_us, image=JPEG))
        self.now_us += MINUTE
        self.synced()

    def synced(self) -> None:
        Outbox(self.store).acknowledge(Stream.LPR, EVERYTHING)

    def kept(self) -> list[str]:
        return [stored.read.plate for stored in reversed(self.search.find(PlateQuery()))]

    def order(self, **changes: object) -> ErasePlate:
        order = {"spellings": ["ABC1D23", "ABC1323"], "before": to_datetime(self.now_us)}
        return ErasePlate(**(order | changes))  # type: ignore[arg-type]

    def erase(self, **changes: object) -> int:
        return self.erasure.erase(self.order(**changes), "bia")


@pytest.fixture
def reads(store: Store, tmp_path: Path) -> Reads:
    return Reads(store, tmp_path / "images")


@pytest.mark.req("S14.1")
def test_both_spellings_go_with_their_pictures_and_the_trail_says_how_many(reads: Reads) -> None:
    assert reads.erase() == 0
    assert reads.kept() == ["XYZ9876"]
    assert len(list(reads.images.rglob("*.jpg"))) == 1
    outbox = Outbox(reads.store)
    newest, _ = outbox.ends(Stream.AUDIT, 1, 1)
    [event] = outbox.load(Stream.AUDIT, newest)
    noted = bytes(event.data).decode()
    assert "box.plate.erased" in noted and "ABC1" not in noted
    assert reads.erase() == 0
    assert outbox.ends(Stream.AUDIT, 5, 1)[0] == newest, "nothing was left to note"


def test_a_read_of_later_stays(reads: Reads) -> None:
    reads.erase(before=to_datetime(NOON_US + MINUTE))
    assert reads.kept() == ["ABC1323", "XYZ9876"]


@pytest.mark.req("S14.1")
def test_what_the_hub_lacks_goes_once_the_hub_has_it(reads: Reads) -> None:
    reads.reads.accept("cam1", vendor_read("e9", "ABC1D23", reads.now_us, image=JPEG))
    assert reads.erase() == 1
    assert reads.kept() == ["XYZ9876", "ABC1D23"]
    reads.synced()
    assert reads.erase() == 0
    assert reads.kept() == ["XYZ9876"]


@pytest.mark.req("S14.1")
def test_what_a_hold_protects_stays(reads: Reads) -> None:
    noon = to_datetime(NOON_US)
    reads.erase(kept=[HeldPeriod(noon - timedelta(days=1), noon + timedelta(minutes=1))])
    assert reads.kept() == ["ABC1D23", "XYZ9876"]
    with reads.store.transaction() as transaction:
        protect(transaction, "cam1", NOON_US - MINUTE, NOON_US + MINUTE, "inquérito 12")
    assert reads.erase() == 0
    assert reads.kept() == ["ABC1D23", "XYZ9876"]


def test_a_hold_without_end_protects_what_comes(reads: Reads) -> None:
    reads.erase(kept=[HeldPeriod(to_datetime(NOON_US + MINUTE))])
    assert reads.kept() == ["ABC1323", "XYZ9876"]


@pytest.mark.req("S14.1")
def test_a_picture_that_shares_a_file_is_gone_from_it_and_the_others_are_whole(
    store: Store, tmp_path: Path
) -> None:
    box = Reads(store, tmp_path / "images")
    box.reads.accept_all(
        [
            Arrival(f"cam{n}", vendor_read(f"p{n}", plate, box.now_us, image=JPEG + plate.encode()))
            for n, plate in enumerate(PLATES)
        ]
    )
    box.synced()
    [pack] = box.images.rglob("*.jpgs")
    box.erase()
    content = pack.read_bytes()
    assert b"ABC1" not in content and content.count(b"XYZ9876") == 1
    newest = box.search.find(PlateQuery())[0].read
    assert newest.plate == "XYZ9876" and box.search.image(newest.id) == JPEG + b"XYZ9876"


def test_a_hit_that_nobody_has_seen_goes_with_its_read(reads: Reads) -> None:
    entry = WatchlistEntry(id="w1", pattern="ABC1D23", kind="wanted", reason="mandado")
    reads.reads.watch([entry])
    reads.now_us += HOUR
    reads.reads.accept("cam1", vendor_read("e9", "ABC1D23", reads.now_us))
    reads.synced()
    assert reads.erase() == 0
    with reads.store.read() as connection:
        assert connection.execute("SELECT COUNT(*) FROM watchlist_hit").fetchone()[0] == 0


def test_an_order_that_was_cut_off_is_finished_by_the_next(reads: Reads) -> None:
    for file in reads.images.rglob("*.jpg"):
        file.unlink()  # the pictures had gone, the rows had not
    assert reads.erase() == 0
    assert reads.kept() == ["XYZ9876"]
