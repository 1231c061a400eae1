"""A plate read that was answered is kept once, with its image, and queued for the hub once."""

import threading
from pathlib import Path

import pytest

from edge_agent.clock import to_datetime
from edge_agent.lpr.search import PlateQuery, PlateSearch, StoredRead
from edge_agent.lpr.services import QUARANTINE_BODY_BYTES, QUARANTINE_ROWS, Arrival, PlateReads
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from protocol.messages import WatchlistEntry, WatchlistHit
from protocol.plates import matches
from tests.unit.edge.builders import HOUR, JPEG, MINUTE, NOON_US, SECOND, make_jpeg, queued_reads, vendor_read

DAY = 24 * HOUR


@pytest.fixture
def reads(store: Store, tmp_path: Path) -> PlateReads:
    return PlateReads(store, tmp_path / "images", clock_us=lambda: NOON_US + MINUTE)


@pytest.fixture
def plates(store: Store, tmp_path: Path) -> PlateSearch:
    return PlateSearch(store, tmp_path / "images")


def newest(plates: PlateSearch, limit: int = 10, before: int | None = None) -> list[StoredRead]:
    return plates.find(PlateQuery(limit=limit, before=before))


def test_an_accepted_read_is_kept_and_queued_for_the_hub(
    reads: PlateReads, plates: PlateSearch, outbox: Outbox
) -> None:
    assert reads.accept("cam1", vendor_read())
    (stored,) = newest(plates, 10)
    assert (stored.read.camera, stored.read.plate, stored.read.vendor) == ("cam1", "ABC1D23", "hikvision")
    assert queued_reads(outbox) == [stored.read]


def test_a_camera_that_repeats_its_push_is_heard_once(
    reads: PlateReads, plates: PlateSearch, outbox: Outbox
) -> None:
    kept = [reads.accept("cam1", vendor_read(image=JPEG)) for _ in range(3)]
    assert [read is not None for read in kept] == [True, False, False]
    assert len(newest(plates, 10)) == len(queued_reads(outbox)) == 1


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
    assert len(queued_reads(outbox)) == 1


def test_the_image_is_on_disk_and_the_event_says_which(
    reads: PlateReads, plates: PlateSearch, outbox: Outbox
) -> None:
    reads.accept("cam1", vendor_read(image=JPEG))
    (event,) = queued_reads(outbox)
    assert plates.image(event.id) == JPEG
    assert event.image is not None
    assert event.image.size_bytes == len(JPEG)
    assert len(event.image.sha256) == 64


def test_reads_kept_together_share_a_file_and_keep_their_own_picture(
    reads: PlateReads, plates: PlateSearch, outbox: Outbox, tmp_path: Path
) -> None:
    pictures = [make_jpeg(8 * n, 8, 40 * n) for n in range(1, 5)]
    arrivals = [
        Arrival("cam1", vendor_read(f"e{n}", f"AAA000{n}", image=None if n == 2 else pictures[n]))
        for n in range(4)
    ]
    reads.accept_all(arrivals)
    kept = queued_reads(outbox)
    assert [plates.image(read.id) for read in kept] == [pictures[0], pictures[1], None, pictures[3]]
    (file,) = [path for path in (tmp_path / "images").rglob("*") if path.is_file()]
    assert file.suffix == ".jpgs"


def test_a_read_without_image_has_none(reads: PlateReads, plates: PlateSearch, outbox: Outbox) -> None:
    reads.accept("cam1", vendor_read())
    assert plates.image(queued_reads(outbox)[0].id) is None
    assert plates.image("no such read") is None


def test_no_read_is_kept_whose_image_could_not_be(
    reads: PlateReads, plates: PlateSearch, outbox: Outbox, tmp_path: Path
) -> None:
    """The image comes first: a row never names a file that is not there, and the camera sends again."""
    (tmp_path / "images").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="images"):
        reads.accept("cam1", vendor_read(image=JPEG))
    assert newest(plates, 10) == []
    assert queued_reads(outbox) == []
    (tmp_path / "images").unlink()
    assert reads.accept("cam1", vendor_read(image=JPEG)), "the camera's second try is accepted"


def test_pages_go_from_newest_to_oldest_without_repeats(reads: PlateReads, plates: PlateSearch) -> None:
    for number in range(7):
        reads.accept("cam1", vendor_read(event=f"e{number}", plate=f"AAA000{number}"))
    seen, before = [], None
    while page := newest(plates, 3, before):
        seen += [stored.read.plate for stored in page]
        before = page[-1].order
        reads.accept("cam1", vendor_read(event=f"new{before}", plate="NEW0000"))  # does not shift the pages
    assert seen == [f"AAA000{number}" for number in reversed(range(7))]


@pytest.mark.req("S11.1")
@pytest.mark.parametrize(
    ("pattern", "tolerant", "found"),
    [
        ("ABC1D23", False, ["ABC1D23"]),
        ("ABC1323", False, ["ABC1D23"]),  # the old spelling
        ("ABC*", False, ["ABC1023", "ABC1D23"]),
        ("?BC1?23", False, ["ABC1023", "ABC1D23"]),
        ("*A88", False, ["XYZ9A88"]),
        ("ABC1D23", True, ["ABC1023", "A8C1D23", "ABC1D23"]),
        ("AB*D23", True, ["ABC1023", "A8C1D23", "ABC1D23"]),
        ("ZZZ*", True, []),
    ],
)
def test_a_pattern_finds_its_plates(
    reads: PlateReads, plates: PlateSearch, pattern: str, tolerant: bool, found: list[str]
) -> None:
    for plate in ("ABC1D23", "XYZ9A88", "A8C1D23", "ABC1023"):
        reads.accept("cam1", vendor_read(event=plate, plate=plate))
    seen = [stored.read.plate for stored in plates.find(PlateQuery(pattern, tolerant))]
    assert seen == found
    everything = [stored.read.plate for stored in newest(plates)]
    assert seen == [plate for plate in everything if matches(pattern, plate, tolerant=tolerant)]


def test_a_search_is_narrowed_by_camera_and_time(reads: PlateReads, plates: PlateSearch) -> None:
    for number, camera in enumerate(("cam1", "cam1", "cam2")):
        when_us = NOON_US - number * MINUTE
        reads.accept(camera, vendor_read(event=f"e{number}", plate=f"AAA000{number}", captured_us=when_us))
    query = PlateQuery(camera="cam1", start_us=NOON_US - 2 * MINUTE, end_us=NOON_US - SECOND)
    assert [stored.read.plate for stored in plates.find(query)] == ["AAA0001"]


def test_the_timelines_marks_are_one_cameras_in_time_order(reads: PlateReads, plates: PlateSearch) -> None:
    for camera, second in (("cam1", 30), ("cam1", 10), ("cam2", 20), ("cam1", 90)):
        read = vendor_read(event=f"{camera}{second}", captured_us=NOON_US + second * SECOND)
        reads.accept(camera, read)
    marks = plates.between("cam1", NOON_US + 10 * SECOND, NOON_US + 60 * SECOND)
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
    reads: PlateReads, plates: PlateSearch, captured_us: int
) -> None:
    reads.accept("cam1", vendor_read(captured_us=captured_us))
    (stored,) = newest(plates, 1)
    assert stored.read.captured_at == stored.read.received_at == to_datetime(NOON_US + MINUTE)
    assert stored.read.camera_clock == to_datetime(captured_us).isoformat()


def test_a_read_that_waited_in_the_camera_keeps_its_own_time(reads: PlateReads, plates: PlateSearch) -> None:
    reads.accept("cam1", vendor_read(captured_us=NOON_US - 6 * DAY))
    (stored,) = newest(plates, 1)
    assert stored.read.captured_at == to_datetime(NOON_US - 6 * DAY)
    assert stored.read.camera_clock is None


def test_a_read_of_a_camera_that_tells_no_time_has_the_boxs(reads: PlateReads) -> None:
    read = reads.accept("cam1", vendor_read(captured_us=None, clock_text="24-11?"))
    assert read is not None
    assert read.captured_at == read.received_at
    assert (read.camera_at, read.camera_clock, read.clock_off) == (None, "24-11?", True)


def test_both_clocks_are_kept(reads: PlateReads) -> None:
    read = reads.accept("cam1", vendor_read(captured_us=NOON_US))
    assert read is not None
    assert (read.camera_at, read.received_at) == (to_datetime(NOON_US), to_datetime(NOON_US + MINUTE))
    assert not read.clock_off


def test_a_camera_whose_clock_is_steadily_off_is_flagged_and_its_reads_put_right(
    store: Store, tmp_path: Path
) -> None:
    """A camera that was never told its time zone."""
    now = {"us": NOON_US}
    reads = PlateReads(store, tmp_path / "images", clock_us=lambda: now["us"])
    for number in range(5):
        now["us"] = NOON_US + number * MINUTE
        late = vendor_read(f"e{number}", f"AAA000{number}", now["us"] - 3 * HOUR - SECOND // 5)
        read = reads.accept("cam1", late)
    assert read is not None
    assert read.clock_off
    assert abs(read.captured_at - read.received_at).total_seconds() < 1
    assert read.camera_at == to_datetime(NOON_US + 4 * MINUTE - 3 * HOUR - SECOND // 5)
    assert reads.clocks_off().keys() == {"cam1"}

    now["us"] += MINUTE
    again = PlateReads(store, tmp_path / "images", clock_us=lambda: now["us"])
    first = again.accept("cam1", vendor_read("e9", "BBB0001", now["us"] - 3 * HOUR))
    assert first is not None
    assert first.clock_off, "a box that starts again has not forgotten"
    assert abs(first.captured_at - first.received_at).total_seconds() < 1


def test_repeats_of_one_vehicle_are_kept_as_one_group(reads: PlateReads, outbox: Outbox) -> None:
    for number, plate in enumerate(("ABC1D23", "XYZ9A88", "A8C1D23", "ABC1D23")):
        reads.accept("cam1", vendor_read(f"e{number}", plate, NOON_US + number * SECOND))
    reads.accept("cam2", vendor_read("e9", "ABC1D23", NOON_US))
    first, other, second, third, elsewhere = queued_reads(outbox)
    assert first.group == second.group == third.group == first.id
    assert [read.group_size for read in (first, second, third)] == [1, 2, 3]
    assert (other.group, elsewhere.group) == (other.id, elsewhere.id)


def test_a_vehicle_that_comes_back_is_another_group(reads: PlateReads, outbox: Outbox) -> None:
    for number in range(2):
        reads.accept("cam1", vendor_read(f"e{number}", captured_us=NOON_US - number * MINUTE))
    assert [read.group_size for read in queued_reads(outbox)] == [1, 1]


def test_the_states_of_a_tracked_car_are_merged_unless_they_tell_something_new(
    reads: PlateReads, outbox: Outbox
) -> None:
    """Axis: new, update, update with another text, lost with the picture, lost again."""
    states = [("AAA0A00", None), ("AAA0A00", None), ("AAA0A08", None), ("AAA0A00", JPEG), ("AAA0A00", JPEG)]
    for number, (plate, image) in enumerate(states):
        read = vendor_read(f"e{number}", plate, NOON_US + number * SECOND, image=image, track="car-7")
        reads.accept("cam1", read)
    kept = queued_reads(outbox)
    assert [(read.plate, read.image is not None) for read in kept] == [
        ("AAA0A00", False),
        ("AAA0A08", False),
        ("AAA0A00", True),
    ]
    assert {read.group for read in kept} == {kept[0].id}


def test_what_could_not_be_kept_is_kept_when_the_camera_repeats_it(
    reads: PlateReads, outbox: Outbox, tmp_path: Path
) -> None:
    """A failed commit leaves no memory in which the repeat would be found merged already."""
    (tmp_path / "images").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="images"):
        reads.accept("cam1", vendor_read(image=JPEG, track="car-7"))
    (tmp_path / "images").unlink()
    assert reads.accept("cam1", vendor_read(image=JPEG, track="car-7"))
    assert [read.group_size for read in queued_reads(outbox)] == [1]


def test_reads_that_arrive_together_are_kept_in_order_and_once(reads: PlateReads, outbox: Outbox) -> None:
    events = ["e1", "e2", "e1", "e3"]
    kept = reads.accept_all(
        [Arrival("cam1", vendor_read(event, plate=f"AAA000{event[1]}")) for event in events]
    )
    assert [one is not None for one in kept] == [True, True, False, True]
    assert [read.plate for read in queued_reads(outbox)] == ["AAA0001", "AAA0002", "AAA0003"]


def test_an_event_id_of_any_length_is_known_again(reads: PlateReads) -> None:
    assert reads.accept("cam1", vendor_read("x" * 5000))
    assert reads.accept("cam1", vendor_read("x" * 5000)) is None
    assert reads.accept("cam1", vendor_read("x" * 5000 + "y"))


def test_a_hit_is_marked_on_the_read_and_told_once_per_vehicle(reads: PlateReads, outbox: Outbox) -> None:
    reads.watch([WatchlistEntry("w1", "ABC1D23", "stolen", "BO 12/2025")])
    arrivals = [Arrival("cam1", vendor_read(f"e{n}", captured_us=NOON_US + n * SECOND)) for n in range(3)]
    kept = reads.accept_all(arrivals)
    assert [[entry.id for entry in one.entries] for one in kept if one] == [["w1"], [], []]
    assert [read.hits for read in queued_reads(outbox)] == [[WatchlistHit("w1", "stolen")]] * 3
