"""Footage goes by its plan's days, and by the disk's floor before the disk is full."""

import asyncio
import shutil
from contextlib import suppress

import pytest

from edge_agent.clock import now_us
from edge_agent.recording import retention
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.retention import DAY_US, keep_sweeping, sweep
from tests.unit.edge.builders import MINUTE, segment, write_file


@pytest.fixture
def fortnight(index: RecordingIndex) -> RecordingIndex:
    """A minute of footage for each of the last fourteen days."""
    now = now_us()
    for days_ago in range(14):
        day = segment(now - days_ago * DAY_US - 2 * MINUTE, 60)
        write_file(index, day)
        index.store_segment(day)
    return index


def days_on_disk(index: RecordingIndex) -> int:
    files = list(index.folder.rglob("*.mp4"))
    assert len(files) == len(index.known_paths()), "index and disk disagree"
    return len(files)


def test_footage_older_than_the_plan_does_not_exist(fortnight: RecordingIndex) -> None:
    assert sweep(fortnight, retention_days=7, floor_bytes=0) == 7
    assert days_on_disk(fortnight) == 7
    assert sweep(fortnight, retention_days=7, floor_bytes=0) == 0


def test_below_the_floor_the_oldest_goes_even_inside_its_plan(fortnight: RecordingIndex) -> None:
    oldest_first = fortnight.oldest_first()
    free = shutil.disk_usage(fortnight.folder).free
    assert sweep(fortnight, retention_days=30, floor_bytes=free * 2) == 14, (
        "the disk floor comes before the plan"
    )
    assert not any((fortnight.folder / victim.path).exists() for victim in oldest_first)


async def test_sweeping_goes_on_after_a_failure(
    fortnight: RecordingIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SWEEP_EVERY_S", 0.01)
    answers = iter([OSError("the disk is away")])

    def plan() -> int:
        if error := next(answers, None):
            raise error
        return 7

    sweeping = asyncio.create_task(keep_sweeping(fortnight, plan, 0))
    async with asyncio.timeout(10):
        while len(fortnight.known_paths()) > 7:  # noqa: ASYNC110 - the index has no event
            await asyncio.sleep(0.01)
    sweeping.cancel()
    with suppress(asyncio.CancelledError):
        await sweeping
    assert days_on_disk(fortnight) == 7
