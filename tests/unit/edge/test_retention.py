"""Footage goes by its plan's days, and by the disk's floor before the disk is full."""

import asyncio
import os
import shutil
from contextlib import suppress

import pytest

from edge_agent.clock import now_us
from edge_agent.recording import retention
from edge_agent.recording.domain import SWEEP_MAX_S, SWEEP_MIN_S, next_sweep_s
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.protection import overlapping, protect, release
from edge_agent.recording.retention import (
    DAY_US,
    FORCED_OUT,
    FORCED_OUT_PROTECTED,
    UNREADABLE,
    Retention,
    default_floor_bytes,
)
from edge_agent.store import Store
from tests.unit.edge.builders import MINUTE, known_paths, segment, write_file


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


def keeping(index: RecordingIndex, days: int, floor_bytes: int = 0) -> Retention:
    return Retention(index, lambda: days, floor_bytes)


def hold_day(store: Store, days_ago: int) -> int:
    at_us = now_us() - days_ago * DAY_US
    with store.transaction() as transaction:
        return protect(transaction, "cam1", at_us - 2 * MINUTE, at_us, "BO 123/2025")


def test_footage_older_than_the_plan_does_not_exist(fortnight: RecordingIndex) -> None:
    kept = keeping(fortnight, days=7)
    assert kept.sweep() == 7
    assert days_on_disk(fortnight) == 7
    assert kept.sweep() == 0
    assert kept.differences() == []


def test_many_more_files_than_a_batch_go_in_one_sweep(
    fortnight: RecordingIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    assert keeping(fortnight, days=7).sweep() == 7


def test_held_footage_outlives_its_plan_until_the_hold_ends(fortnight: RecordingIndex, store: Store) -> None:
    hold = hold_day(store, days_ago=10)
    assert keeping(fortnight, days=7).sweep() == 6
    assert days_on_disk(fortnight) == 8
    with store.transaction() as transaction:
        assert [span.id for span in overlapping(transaction, "cam1", 0, 2**62)] == [hold]
        release(transaction, hold)
    assert keeping(fortnight, days=7).sweep() == 1


def test_below_the_floor_the_oldest_goes_even_inside_its_plan_and_the_box_says_so(
    fortnight: RecordingIndex,
) -> None:
    free = shutil.disk_usage(fortnight.folder).free
    told: list[str] = []
    kept = Retention(fortnight, lambda: 30, free * 2, told.append)
    assert kept.sweep() == 14, "the disk floor comes before the plan"
    assert known_paths(fortnight) == set()
    assert told == kept.differences() == [FORCED_OUT]


def test_the_floor_takes_only_what_it_needs_and_held_footage_last(
    fortnight: RecordingIndex, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_day(store, days_ago=13)
    size = segment(0, 60).size_bytes
    disk = {"free": 1000}
    monkeypatch.setattr(
        Retention, "_free_bytes", lambda _self: disk["free"] + size * (14 - len(known_paths(fortnight)))
    )
    kept = keeping(fortnight, days=30, floor_bytes=1000 + 3 * size)
    assert kept.sweep() == 3
    assert len(list((fortnight.folder / "cam1" / "day-13").iterdir())) == 1
    assert kept.differences() == [FORCED_OUT]
    disk["free"] = 1000 - 11 * size
    assert kept.sweep() == 11
    assert kept.differences() == [FORCED_OUT, FORCED_OUT_PROTECTED]


def test_what_nothing_could_read_is_kept_as_long_as_footage(index: RecordingIndex) -> None:
    aside = index.folder / UNREADABLE
    aside.mkdir()
    for name, days_ago in (("old.mp4", 8), ("new.mp4", 6)):
        (aside / name).write_bytes(b"?")
        at_s = now_us() / 1e6 - days_ago * 86_400
        os.utime(aside / name, (at_s, at_s))
    keeping(index, days=7).sweep()
    assert [file.name for file in aside.iterdir()] == ["new.mp4"]


def test_empty_folders_go_with_their_last_file(index: RecordingIndex) -> None:
    gone = segment(now_us() - 10 * DAY_US, 60, camera="removed", path="removed/2025-01-01/1.mp4")
    write_file(index, gone)
    index.store_segment(gone)
    keeping(index, days=7).sweep()
    assert list(index.folder.iterdir()) == []


def test_a_disk_that_fills_is_looked_at_more_often() -> None:
    assert next_sweep_s(10**9, 10**8, freed_per_s=0) == SWEEP_MAX_S
    assert next_sweep_s(2 * 10**9, 10**9, freed_per_s=-(10**8)) == pytest.approx(5)
    assert next_sweep_s(10**9, 2 * 10**9, freed_per_s=-(10**8)) == SWEEP_MIN_S


def test_the_floor_grows_with_the_disk() -> None:
    assert default_floor_bytes(10 * 10**9) == 2 * 1024**3
    assert default_floor_bytes(10 * 10**12) == 200 * 10**9


async def test_sweeping_goes_on_after_a_failure(
    fortnight: RecordingIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SWEEP_MIN_S", 0.01)
    monkeypatch.setattr(retention, "next_sweep_s", lambda *_: 0.01)
    answers = iter([OSError("the disk is away")])

    def plan() -> int:
        if error := next(answers, None):
            raise error
        return 7

    sweeping = asyncio.create_task(Retention(fortnight, plan, 0).run())
    async with asyncio.timeout(10):
        while len(known_paths(fortnight)) > 7:  # noqa: ASYNC110 - the index has no event
            await asyncio.sleep(0.01)
    sweeping.cancel()
    with suppress(asyncio.CancelledError):
        await sweeping
    assert days_on_disk(fortnight) == 7
