"""Footage goes by its plan's days, and by the disk's floor before the disk is full."""

import asyncio
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from edge_agent.clock import now_us, to_datetime
from edge_agent.recording import alarms as alarms_module
from edge_agent.recording import retention
from edge_agent.recording.alarms import ALARM_US, Alarms
from edge_agent.recording.domain import SWEEP_MAX_S, SWEEP_MIN_S, next_sweep_s
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.protection import overlapping, protect, release
from edge_agent.recording.purged import EDGE_US
from edge_agent.recording.repair import repair
from edge_agent.recording.retention import (
    DAY_US,
    FORCED_OUT,
    FORCED_OUT_PROTECTED,
    UNREADABLE,
    Retention,
    default_floor_bytes,
)
from edge_agent.store import Store
from edge_agent.sync import outbox as outbox_module
from edge_agent.sync.outbox import Outbox
from protocol.messages import EVENTS, Purged, decode_event
from protocol.topics import Stream
from tests.unit.edge.builders import HOUR, MINUTE, NOON_US, known_paths, segment, write_file


@pytest.fixture
def fortnight(index: RecordingIndex) -> RecordingIndex:
    """A minute of footage for each of the last fourteen days."""
    now = now_us()
    for days_ago in range(14):
        start_us = now - days_ago * DAY_US - 2 * MINUTE
        day = segment(start_us, 60, path=f"cam1/day-{days_ago}/{start_us}.mp4")
        write_file(index, day)
        index.store_segment(day)
    return index


def days_on_disk(index: RecordingIndex) -> int:
    files = list(index.folder.rglob("*.mp4"))
    assert len(files) == len(known_paths(index)), "index and disk disagree"
    assert not index.coverage_differs()
    return len(files)


@pytest.fixture
def alarms(store: Store) -> Alarms:
    return Alarms(store)


def keeping(index: RecordingIndex, alarms: Alarms, days: int, floor_bytes: int = 0) -> Retention:
    return Retention(index, alarms, lambda: days, floor_bytes)


def texts(alarms: Alarms) -> list[str]:
    return [alarm.text for alarm in alarms.current()]


def hold_day(store: Store, days_ago: int) -> int:
    at_us = now_us() - days_ago * DAY_US
    with store.transaction() as transaction:
        return protect(transaction, "cam1", at_us - 2 * MINUTE, at_us, "BO 123/2025")


def test_footage_older_than_the_plan_does_not_exist(fortnight: RecordingIndex, alarms: Alarms) -> None:
    kept = keeping(fortnight, alarms, days=7)
    assert kept.sweep() == 7
    assert days_on_disk(fortnight) == 7
    assert kept.sweep() == 0
    assert texts(alarms) == []


def test_many_more_files_than_a_batch_go_in_one_sweep(
    fortnight: RecordingIndex, alarms: Alarms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "WINDOW", 4)
    assert keeping(fortnight, alarms, days=7).sweep() == 7


def test_held_footage_outlives_its_plan_until_the_hold_ends(
    fortnight: RecordingIndex, alarms: Alarms, store: Store
) -> None:
    hold = hold_day(store, days_ago=10)
    assert keeping(fortnight, alarms, days=7).sweep() == 6
    assert days_on_disk(fortnight) == 8
    with store.transaction() as transaction:
        assert [span.id for span in overlapping(transaction, "cam1", 0, 2**62)] == [hold]
        release(transaction, hold)
    assert keeping(fortnight, alarms, days=7).sweep() == 1


def test_below_the_floor_the_oldest_goes_even_inside_its_plan_and_the_box_says_so(
    fortnight: RecordingIndex, alarms: Alarms
) -> None:
    free = shutil.disk_usage(fortnight.folder).free
    told: list[str] = []
    kept = Retention(fortnight, alarms, lambda: 30, free * 2, told.append)
    assert kept.sweep() == 14, "the disk floor comes before the plan"
    assert known_paths(fortnight) == set()
    assert told == texts(alarms) == [FORCED_OUT]


def test_the_floor_takes_only_what_it_needs_and_held_footage_last(
    fortnight: RecordingIndex, alarms: Alarms, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_day(store, days_ago=13)
    size = segment(0, 60).size_bytes
    disk = {"free": 1000}
    monkeypatch.setattr(
        Retention, "_free_bytes", lambda _self: disk["free"] + size * (14 - len(known_paths(fortnight)))
    )
    kept = keeping(fortnight, alarms, days=30, floor_bytes=1000 + 3 * size)
    assert kept.sweep() == 3
    assert len(list((fortnight.folder / "cam1" / "day-13").iterdir())) == 1
    assert texts(alarms) == [FORCED_OUT]
    disk["free"] = 1000 - 11 * size
    assert kept.sweep() == 11
    assert texts(alarms) == [FORCED_OUT, FORCED_OUT_PROTECTED]


def test_what_nothing_could_read_is_kept_as_long_as_footage(index: RecordingIndex, alarms: Alarms) -> None:
    aside = index.folder / UNREADABLE
    aside.mkdir()
    for name, days_ago in (("old.mp4", 8), ("new.mp4", 6)):
        (aside / name).write_bytes(b"?")
        at_s = now_us() / 1e6 - days_ago * 86_400
        os.utime(aside / name, (at_s, at_s))
    keeping(index, alarms, days=7).sweep()
    assert [file.name for file in aside.iterdir()] == ["new.mp4"]


def test_empty_folders_go_with_their_last_file(index: RecordingIndex, alarms: Alarms) -> None:
    gone = segment(now_us() - 10 * DAY_US, 60, camera="removed", path="removed/2025-01-01/1.mp4")
    write_file(index, gone)
    index.store_segment(gone)
    keeping(index, alarms, days=7).sweep()
    assert list(index.folder.iterdir()) == []


def test_a_disk_that_fills_is_looked_at_more_often() -> None:
    assert next_sweep_s(10**9, 10**8, freed_per_s=0) == SWEEP_MAX_S
    assert next_sweep_s(2 * 10**9, 10**9, freed_per_s=-(10**8)) == pytest.approx(5)
    assert next_sweep_s(10**9, 2 * 10**9, freed_per_s=-(10**8)) == SWEEP_MIN_S


def test_the_floor_grows_with_the_disk() -> None:
    assert default_floor_bytes(10 * 10**9) == 2 * 1024**3
    assert default_floor_bytes(10 * 10**12) == 200 * 10**9


async def test_sweeping_goes_on_after_a_failure(
    fortnight: RecordingIndex, alarms: Alarms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SWEEP_MIN_S", 0.01)
    monkeypatch.setattr(retention, "next_sweep_s", lambda *_: 0.01)
    answers = iter([OSError("the disk is away")])

    def plan() -> int:
        if error := next(answers, None):
            raise error
        return 7

    sweeping = asyncio.create_task(Retention(fortnight, alarms, plan, 0).run())
    async with asyncio.timeout(10):
        while len(known_paths(fortnight)) > 7:  # noqa: ASYNC110 - the index has no event
            await asyncio.sleep(0.01)
    sweeping.cancel()
    with suppress(asyncio.CancelledError):
        await sweeping
    assert days_on_disk(fortnight) == 7


def test_an_alarm_is_still_there_after_a_restart_and_a_day_later_gone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Alarms(store).sound(FORCED_OUT)
    restarted = Store(tmp_path / "edge.db")
    assert texts(Alarms(restarted)) == [FORCED_OUT]
    tomorrow_us = now_us() + ALARM_US
    monkeypatch.setattr(alarms_module, "now_us", lambda: tomorrow_us)
    assert texts(Alarms(restarted)) == []
    restarted.close()


# --- what the hub hears ------------------------------------------------------------------------


def purged(outbox: Outbox) -> list[Purged]:
    _, seqs = outbox.ends(Stream.COVERAGE, 0, 10_000)
    told = [
        decode_event(event.data, *EVENTS[Stream.COVERAGE]) for event in outbox.load(Stream.COVERAGE, seqs)
    ]
    return [event for event in told if isinstance(event, Purged)]


@pytest.fixture
def busy(index: RecordingIndex) -> RecordingIndex:
    """Four cameras with an hour each, eight days ago, a file a minute; and what they recorded today."""
    for camera in ("cam1", "cam2", "cam3", "cam4"):
        for first_us in (now_us() - 8 * DAY_US, now_us() - 2 * HOUR):
            for minute in range(60):
                index.store_segment(segment(first_us + minute * MINUTE, 60, camera=camera))
    return index


def test_a_sweep_of_many_files_is_few_events(busy: RecordingIndex, alarms: Alarms, outbox: Outbox) -> None:
    assert keeping(busy, alarms, days=7).sweep() == 240
    told = purged(outbox)
    assert {event.reason for event in told} == {"retention"}
    assert len(told) <= 6, "one for a camera and batch"
    assert {event.camera for event in told} == {"cam1", "cam2", "cam3", "cam4"}


def test_the_hub_hears_of_a_hole_as_wide_as_what_went_and_nothing_that_is_held(
    index: RecordingIndex, outbox: Outbox
) -> None:
    """Where the neighbour is near the hole ends at the neighbour, elsewhere a little into the empty time."""
    for minute in (0, 1, 2, 3, 10):
        index.store_segment(segment(NOON_US + minute * MINUTE + minute * 300_000, 60))
    rows = index.oldest(10)
    index.purge([rows[1], rows[2]], "disk-floor")
    index.purge([rows[4]], "retention")
    first, second = purged(outbox)
    assert (first.reason, first.start, first.end) == (
        "disk-floor",
        to_datetime(rows[0].end_us),
        to_datetime(rows[3].start_us),
    )
    assert (second.reason, second.start, second.end) == (
        "retention",
        to_datetime(rows[4].start_us - EDGE_US),
        to_datetime(rows[4].end_us + EDGE_US),
    )


def test_rows_and_event_go_together_or_not_at_all(
    index: RecordingIndex, outbox: Outbox, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.store_segment(segment(NOON_US, 60))

    def full(*_: object) -> int:
        raise sqlite3.OperationalError("disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(outbox_module, "append", full)
        with pytest.raises(sqlite3.OperationalError):
            index.purge(index.oldest(1), "disk-floor")
    assert len(index.oldest(1)) == 1 and purged(outbox) == []
    index.purge(index.oldest(1), "disk-floor")
    assert index.oldest(1) == [] and len(purged(outbox)) == 1


def test_a_file_that_somebody_took_away_is_told_as_missing(index: RecordingIndex, outbox: Outbox) -> None:
    stored = segment(NOON_US, 60)
    index.store_segment(stored)
    assert repair(index).dropped == 1
    (event,) = purged(outbox)
    assert (event.reason, event.camera) == ("missing", "cam1")
