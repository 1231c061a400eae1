"""A box that starts looks at little before it records, and at all else while it records."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from edge_agent.clock import to_datetime
from edge_agent.recording import repair as repairing
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import WRITING_S, Repaired, repair
from edge_agent.recording.startup import MARGIN_US, repair_newest, repair_rest
from edge_agent.store import Store
from tests.unit.edge.builders import HOUR, MINUTE, NOON_US, SECOND, known_paths, open_segment, record, segment

DAY = 24 * HOUR
pytestmark = pytest.mark.req("S4.2")


@pytest.fixture(scope="module")
def whole(video: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("whole") / "whole.mp4"
    record(video, file)
    return file.read_bytes()


@pytest.fixture
def on_disk(index: RecordingIndex, whole: bytes) -> Callable[..., str]:
    """Leaves ten seconds of footage on disk, written long ago; its path."""

    def leave(start_us: int, camera: str = "cam1", lost_bytes: int = 0) -> str:
        path = f"{camera}/{to_datetime(start_us):%Y-%m-%d}/{start_us}.mp4"
        file = index.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(whole[: len(whole) - lost_bytes])
        os.utime(file, (0, 0))
        return path

    return leave


async def test_a_new_database_knows_at_once_where_the_footage_ends_and_soon_all_of_it(
    index: RecordingIndex, on_disk: Callable[..., str]
) -> None:
    paths = [on_disk(NOON_US - days * DAY, camera) for days in range(3) for camera in ("cam1", "cam2")]
    done, rest = repair_newest(index)
    assert done == Repaired(indexed=2)
    assert set(await index.ends_us(["cam1", "cam2"])) == {"cam1", "cam2"}
    assert await repair_rest(index, rest) == Repaired(indexed=4)
    assert known_paths(index) == set(paths)
    done, rest = repair_newest(index)
    assert (done, await repair_rest(index, rest)) == (Repaired(), Repaired())


async def test_the_newest_days_are_indexed_first(
    index: RecordingIndex, on_disk: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(3):
        for camera in ("cam1", "cam2"):
            on_disk(NOON_US - days * DAY - MINUTE, camera)
    asked: list[tuple[str, int]] = []
    stored = index.stored
    monkeypatch.setattr(index, "stored", lambda *a: asked.append((a[0], a[1])) or stored(*a))
    _, rest = repair_newest(index)
    del asked[:]
    await repair_rest(index, rest)
    days = [since_us for _, since_us in asked]
    assert days == sorted(days, reverse=True)
    assert [camera for camera, _ in asked[:2]] == ["cam1", "cam2"]


async def test_after_an_ordinary_night_only_the_last_minutes_are_looked_at_before_recording(
    index: RecordingIndex, on_disk: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk(NOON_US - HOUR)
    repair(index)
    index.note("repaired-us", NOON_US - 30 * DAY)
    index.note("settled-us", NOON_US)
    stray = on_disk(NOON_US - DAY)  # a worker died before it could tell
    torn = on_disk(NOON_US - SECOND, lost_bytes=50)
    looked_at: list[str] = []
    adopt = repairing._adopt
    monkeypatch.setattr(repairing, "_adopt", lambda i, p, d: looked_at.append(p) or adopt(i, p, d))
    done, rest = repair_newest(index)
    assert (done, looked_at) == (Repaired(indexed=1), [torn])
    assert min(rest.until_us.values()) == NOON_US - MARGIN_US
    assert await repair_rest(index, rest) == Repaired(indexed=1)
    assert looked_at == [torn, stray]


async def test_a_row_whose_old_file_is_gone_is_dropped_while_the_box_records(
    index: RecordingIndex, on_disk: Callable[..., str]
) -> None:
    kept = on_disk(NOON_US)
    gone = on_disk(NOON_US - DAY)
    repair(index)
    (index.folder / gone).unlink()
    index.note("repaired-us", NOON_US - 2 * DAY)
    done, rest = repair_newest(index)
    assert done == Repaired()
    assert await repair_rest(index, rest) == Repaired(dropped=1)
    assert known_paths(index) == {kept}


async def test_what_a_recorder_writes_is_left_alone(
    index: RecordingIndex, on_disk: Callable[..., str]
) -> None:
    """A clock that starts in the past makes new files that lie among the old ones."""
    on_disk(NOON_US)
    _, rest = repair_newest(index)
    reported, unreported = segment(NOON_US - 2 * HOUR, 3), NOON_US - HOUR
    on_disk(reported.start_us)
    fresh = index.folder / on_disk(unreported)
    fresh.write_bytes(b"")
    await open_segment(index, reported)
    pauses: list[float] = []

    async def reports(pause_s: float) -> None:
        pauses.append(pause_s)
        assert fresh.exists(), "begun a moment ago, and not reported yet"
        assert index.noted_us("repaired-us") == 0, "not complete yet"
        await open_segment(index, segment(unreported, 1))

    assert await repair_rest(index, rest, reports) == Repaired()
    assert (pauses, fresh.exists()) == ([WRITING_S], True)
    assert index.segment("cam1", reported.start_us) == reported
    assert index.noted_us("repaired-us") == rest.began_us
    assert WRITING_S > 60, "longer than a file is written without a report"


async def no_pause(_pause_s: float) -> None:
    raise AssertionError("what was there before recorders began is not waited for")


async def test_after_a_quick_restart_without_a_database_the_last_minutes_are_indexed_at_once(
    index: RecordingIndex, on_disk: Callable[..., str]
) -> None:
    paths = [on_disk(NOON_US - minutes * MINUTE, camera) for minutes in range(4) for camera in ("a", "b")]
    for path in paths:
        os.utime(index.folder / path)  # written a moment ago: as old as what a recorder writes
    done, rest = repair_newest(index)
    assert done == Repaired(indexed=2)
    assert await repair_rest(index, rest, no_pause) == Repaired(indexed=6)
    assert known_paths(index) == set(paths)


async def test_a_repair_is_not_complete_before_every_fresh_file_was_looked_at_again(
    index: RecordingIndex, on_disk: Callable[..., str]
) -> None:
    on_disk(NOON_US)
    fresh = on_disk(NOON_US - HOUR)  # its name and its age say different things: the clock was set
    os.utime(index.folder / fresh)
    _, rest = repair_newest(index)

    async def time_passes(_pause_s: float) -> None:
        assert index.noted_us("repaired-us") == 0
        os.utime(index.folder / fresh, (0, 0))

    assert await repair_rest(index, rest, time_passes) == Repaired(indexed=1)
    assert fresh in known_paths(index)
    assert index.noted_us("repaired-us") == rest.began_us


async def test_a_repair_that_failed_is_done_again_at_the_next_start(
    index: RecordingIndex, on_disk: Callable[..., str], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(3):
        on_disk(NOON_US - days * DAY)
    _, rest = repair_newest(index)
    files_of = repairing.files_of

    def failing(index: RecordingIndex, camera: str, since_us: int, until_us: int) -> dict[str, int]:
        if until_us < NOON_US - DAY:
            raise OSError("Input/output error")
        return files_of(index, camera, since_us, until_us)

    with monkeypatch.context() as patched:
        patched.setattr(repairing, "files_of", failing)
        assert await repair_rest(index, rest) == Repaired(indexed=1)
    assert index.noted_us("repaired-us") == 0
    again = RecordingIndex(store, index.folder, HealthBoard(store))
    _, rest = repair_newest(again)
    assert await repair_rest(again, rest) == Repaired(indexed=1)
    assert again.noted_us("repaired-us") == rest.began_us


async def test_nothing_counts_as_settled_that_is_still_being_written(index: RecordingIndex) -> None:
    growing = index._growing
    assert growing.oldest_us(NOON_US + HOUR) == NOON_US + HOUR
    await open_segment(index, segment(NOON_US, 3))
    await open_segment(index, segment(NOON_US + MINUTE, 3, camera="cam2"))
    assert growing.oldest_us(NOON_US + HOUR) == NOON_US
