"""The index agrees with the disk, and what was recorded a second ago can be played."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from edge_agent.clock import ClockState, to_datetime
from edge_agent.recording import growing
from edge_agent.recording.domain import Segment, Span
from edge_agent.recording.events import FragmentWritten, SegmentClosed, SegmentOpened
from edge_agent.recording.growing import LIVE_TAIL
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox
from protocol.messages import CoverageSpan, decode_event
from protocol.topics import Stream
from tests.unit.edge.builders import (
    MINUTE,
    NOON_US,
    SECOND,
    fragments,
    known_paths,
    open_segment,
    segment,
    write_file,
)


def coverage(outbox: Outbox) -> list[CoverageSpan]:
    _, seqs = outbox.ends(Stream.COVERAGE, 0, 1000)
    return [decode_event(event.data, CoverageSpan) for event in outbox.load(Stream.COVERAGE, seqs)]


async def close_segment(index: RecordingIndex, camera: str = "cam1", start_us: int = NOON_US) -> None:
    await index.handle(SegmentClosed(camera, start_us, drift_us=0))


# --- while a file is being written ---------------------------------------------------


async def test_what_was_recorded_a_second_ago_can_be_played(index: RecordingIndex) -> None:
    opened = segment(NOON_US, 5)
    await open_segment(index, opened)
    assert index.footage("cam1", NOON_US, NOON_US + MINUTE) == [opened]
    assert index.segment("cam1", NOON_US) == opened
    assert index.spans("cam1", NOON_US, NOON_US + MINUTE) == [Span(NOON_US, NOON_US + 5 * SECOND)]


async def test_an_open_file_without_a_whole_fragment_is_no_footage_yet(index: RecordingIndex) -> None:
    await open_segment(index, replace(segment(NOON_US, 1), fragments=()))
    assert index.footage("cam1", NOON_US - MINUTE, NOON_US + MINUTE) == []
    assert index.spans("cam1", NOON_US - MINUTE, NOON_US + MINUTE) == []


async def test_a_closed_file_is_footage_and_the_hub_hears_of_it(
    index: RecordingIndex, outbox: Outbox
) -> None:
    whole = segment(NOON_US, 60)
    write_file(index, whole)
    await open_segment(index, whole)
    assert coverage(outbox) == []
    await close_segment(index)
    assert index.footage("cam1", 0, 2**60) == [whole]
    assert await index.ends_us(["cam1", "cam2"]) == {"cam1": NOON_US + MINUTE}
    assert coverage(outbox) == [
        CoverageSpan(
            camera="cam1",
            start=to_datetime(NOON_US),
            end=to_datetime(NOON_US + MINUTE),
            size_bytes=whole.size_bytes,
        )
    ]


async def test_a_segment_is_never_listed_twice_nor_missing_while_it_is_being_closed(
    index: RecordingIndex, store: Store
) -> None:
    """Between the commit of the row and the end of the report, the file is in both places."""
    whole = segment(NOON_US, 60)
    await open_segment(index, whole)
    index.store_segment(whole)
    assert index.footage("cam1", 0, 2**60) == [whole]


def test_the_row_and_its_coverage_event_are_one_transaction(index: RecordingIndex, outbox: Outbox) -> None:
    index.store_segment(segment(NOON_US, 60))
    with pytest.raises(sqlite3.IntegrityError):
        index.store_segment(segment(NOON_US, 30))
    assert len(coverage(outbox)) == 1


async def test_a_file_that_got_no_fragment_leaves_no_trace(index: RecordingIndex, outbox: Outbox) -> None:
    empty = replace(segment(NOON_US, 1), fragments=())
    file = write_file(index, empty)
    await open_segment(index, empty)
    await close_segment(index)
    assert not file.exists()
    assert known_paths(index) == set()
    assert coverage(outbox) == []


# --- when the database refuses -----------------------------------------------------------


@contextmanager
def refusing(store: Store) -> Iterator[None]:
    """SQLite's own refusal, as of a disk that became read-only."""
    with store.read() as connection:
        connection.execute("PRAGMA query_only=ON")
    yield
    with store.read() as connection:
        connection.execute("PRAGMA query_only=OFF")


async def recorded(index: RecordingIndex, *files: Segment) -> int:
    """Report whole files; how many reports were not stored."""
    failures = 0
    for file in files:
        write_file(index, file)
        try:
            await open_segment(index, file)
            await close_segment(index, file.camera, file.start_us)
        except sqlite3.Error:
            failures += 1
    return failures


@pytest.mark.req("S4.2")
async def test_what_the_database_refuses_is_played_meanwhile_and_stored_once_it_can_be(
    index: RecordingIndex, outbox: Outbox, store: Store
) -> None:
    files = [segment(NOON_US + n * MINUTE, 60, run_us=NOON_US) for n in range(4)]
    with refusing(store):
        assert await recorded(index, files[0]) == 1
        with suppress(sqlite3.Error):
            await open_segment(index, files[1])  # its predecessor is refused again
        write_file(index, files[1])
        for fragment in files[1].fragments:
            await index.handle(FragmentWritten("cam1", files[1].start_us, fragment))
        with suppress(sqlite3.Error):
            await close_segment(index, start_us=files[1].start_us)
        assert index.footage("cam1", 0, 2**60) == files[:2]
        assert index.spans("cam1", 0, 2**60) == [Span(NOON_US, NOON_US + 2 * MINUTE)]
        assert index.segment("cam1", files[0].start_us) == files[0]
        assert index.next_start_us("cam1", NOON_US + 1) == files[1].start_us
        assert await index.ends_us(["cam1"]) == {"cam1": NOON_US + 2 * MINUTE}
        assert known_paths(index) == set()
    assert await recorded(index, *files[2:]) == 0
    assert known_paths(index) == {file.path for file in files}
    assert index.footage("cam1", 0, 2**60) == files
    assert [event.start for event in coverage(outbox)] == [to_datetime(file.start_us) for file in files]
    assert not index.coverage_differs()


async def test_a_file_that_cannot_be_indexed_keeps_no_other_from_it(index: RecordingIndex) -> None:
    gone, fine = segment(NOON_US, 60), segment(NOON_US + MINUTE, 60)
    await open_segment(index, gone)  # somebody deleted it
    await close_segment(index)
    assert await recorded(index, fine) == 0
    assert known_paths(index) == {fine.path}


async def test_what_waits_for_the_database_is_bounded(
    index: RecordingIndex, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "MAX_CLOSED", 2)
    files = [segment(NOON_US + n * MINUTE, 60) for n in range(4)]
    with refusing(store):
        for file in files:
            write_file(index, file)
            with suppress(sqlite3.Error):
                await index.handle(
                    SegmentOpened(file.camera, file.start_us, file.run_us, file.path, file.init_bytes)
                )
            await index.handle(FragmentWritten(file.camera, file.start_us, file.fragments[0]))
            with suppress(sqlite3.Error):
                await close_segment(index, start_us=file.start_us)
        assert [kept.start_us for kept in index.footage("cam1", 0, 2**60)] == [f.start_us for f in files[2:]]


# --- when a worker dies ----------------------------------------------------------------


async def test_a_dead_workers_file_is_cut_to_the_last_fragment_it_reported(
    index: RecordingIndex, outbox: Outbox
) -> None:
    opened = segment(NOON_US, 5)
    file = write_file(index, opened, extra_bytes=777)
    await open_segment(index, opened)
    await index.close_abandoned(["cam1", "a camera with nothing open"])
    assert file.stat().st_size == opened.size_bytes
    assert index.footage("cam1", 0, 2**60) == [opened]
    assert len(coverage(outbox)) == 1


async def test_a_late_report_of_a_replaced_recorder_does_not_spoil_the_new_file(
    index: RecordingIndex,
) -> None:
    """A recorder that hung while its camera's address was changed wakes up when its successor records."""
    old, new = segment(NOON_US, 3), segment(NOON_US + MINUTE, 4)
    write_file(index, old, extra_bytes=50)
    await open_segment(index, old)
    await open_segment(index, new)
    await index.handle(FragmentWritten("cam1", old.start_us, fragments(NOON_US, 4)[3]))
    await index.handle(SegmentClosed("cam1", old.start_us, drift_us=0))
    assert index.segment("cam1", new.start_us) == new
    assert index.footage("cam1", 0, 2**60) == [old, new]


# --- live ----------------------------------------------------------------------------------


async def test_the_live_tail_keeps_the_newest_fragments_with_numbers_that_only_grow(
    index: RecordingIndex,
) -> None:
    await open_segment(index, segment(NOON_US, 20))
    tail = index.live_tail("cam1")
    assert [live.number for live in tail] == list(range(20 - LIVE_TAIL, 20))
    assert {live.discontinuities for live in tail} == {0}
    await close_segment(index)
    await open_segment(index, segment(NOON_US + 20 * SECOND, 2, run_us=NOON_US))
    await close_segment(index, start_us=NOON_US + 20 * SECOND)
    await open_segment(index, segment(NOON_US + MINUTE, 1))
    tail = index.live_tail("cam1")
    assert [live.number for live in tail] == list(range(23 - LIVE_TAIL, 23))
    assert [live.discontinuities for live in tail][-3:] == [0, 0, 1]


def test_a_camera_that_never_recorded_has_no_live_tail(index: RecordingIndex) -> None:
    assert index.live_tail("cam1") == []


# --- questions ------------------------------------------------------------------------------


@pytest.fixture
def morning(index: RecordingIndex) -> RecordingIndex:
    """Three minutes, then a gap of one, then another minute; and a neighbour camera."""
    for start_minute in (0, 1, 2, 4):
        index.store_segment(segment(NOON_US + start_minute * MINUTE, 60, run_us=NOON_US))
    index.store_segment(segment(NOON_US, 60, camera="cam2"))
    return index


def test_footage_of_a_period_holds_only_the_fragments_that_overlap_it(morning: RecordingIndex) -> None:
    found = morning.footage("cam1", NOON_US + 58 * SECOND + 1, NOON_US + MINUTE + 2 * SECOND)
    assert [s.start_us for s in found] == [NOON_US, NOON_US + MINUTE]
    times = [f.start_us for s in found for f in s.fragments]
    assert times == [NOON_US + n * SECOND for n in (58, 59, 60, 61)]
    assert found[0].fragments[0].offset == 100 + 58 * 10, "offsets are those of the whole file"


def test_no_footage_in_a_gap_before_the_first_or_after_the_last(morning: RecordingIndex) -> None:
    assert morning.footage("cam1", NOON_US + 3 * MINUTE, NOON_US + 4 * MINUTE) == []
    assert morning.footage("cam1", 0, NOON_US) == []
    assert morning.footage("cam1", NOON_US + 5 * MINUTE, 2**60) == []
    assert morning.footage("cam3", 0, 2**60) == []


def test_the_timeline_is_clipped_to_the_period_and_shows_the_gap(morning: RecordingIndex) -> None:
    shown = morning.spans("cam1", NOON_US + 30 * SECOND, NOON_US + 4 * MINUTE + 30 * SECOND)
    assert shown == [
        Span(NOON_US + 30 * SECOND, NOON_US + 3 * MINUTE),
        Span(NOON_US + 4 * MINUTE, NOON_US + 4 * MINUTE + 30 * SECOND),
    ]


def test_a_segment_is_found_by_its_id_and_not_at_another_camera(morning: RecordingIndex) -> None:
    found = morning.segment("cam1", NOON_US)
    assert found is not None
    assert found == segment(NOON_US, 60)
    assert morning.segment("cam2", NOON_US + MINUTE) is None


def test_the_index_is_the_same_after_a_restart(morning: RecordingIndex, tmp_path: Path) -> None:
    before = morning.footage("cam1", 0, 2**60)
    reopened = Store(tmp_path / "edge.db")
    after = RecordingIndex(reopened, morning.folder, HealthBoard(reopened)).footage("cam1", 0, 2**60)
    reopened.close()
    assert after == before


# --- purging ------------------------------------------------------------------------------------


def test_the_oldest_footage_of_the_whole_box_comes_first(morning: RecordingIndex) -> None:
    order = [(victim.camera, victim.start_us) for victim in morning.oldest(100)]
    assert {camera for camera, _ in order[:2]} == {"cam1", "cam2"}
    assert order[2:] == [("cam1", NOON_US + n * MINUTE) for n in (1, 2, 4)]


def test_purged_footage_is_gone_from_disk_and_index(morning: RecordingIndex) -> None:
    victim = morning.oldest(100)[-1]
    file = write_file(morning, segment(victim.start_us, 60))
    morning.purge([victim], "retention")
    assert not file.exists()
    assert morning.segment("cam1", victim.start_us) is None
    morning.purge([victim], "retention")  # a file that is gone already is no error


async def test_how_the_clock_was_while_a_file_was_recorded_is_kept(store: Store, tmp_path: Path) -> None:
    states = [ClockState(True, 0.1, 12), ClockState(False)]
    index = RecordingIndex(store, tmp_path, HealthBoard(store), lambda: states.pop(0))
    for start_us in (NOON_US, NOON_US + MINUTE):
        opened = segment(start_us, 5)
        write_file(index, opened)
        await open_segment(index, opened)
        await close_segment(index, start_us=start_us)
    kept = index.footage("cam1", NOON_US, NOON_US + 2 * MINUTE)
    assert [(s.clock_synchronised, s.clock_error_ms) for s in kept] == [(True, 12), (False, None)]


def test_a_purge_is_never_seen_half_done(morning: RecordingIndex) -> None:
    """Between the deletion of a file and of its row, a repair would take the row for a loss."""
    victim = morning.oldest(1)[0]
    file = write_file(morning, segment(victim.start_us, 60))
    with morning.no_purge():
        purge = threading.Thread(target=morning.purge, args=([victim], "retention"))
        purge.start()
        purge.join(0.2)
        assert purge.is_alive()
        assert file.exists()
        assert morning.segment("cam1", victim.start_us) is not None
    purge.join(5)
    assert not file.exists()
    assert morning.segment("cam1", victim.start_us) is None
