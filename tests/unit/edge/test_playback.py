"""A viewer gets the bytes of the period that is theirs, and a clear answer for everything else."""

import pytest

from edge_agent.clock import now_us
from edge_agent.playback.services import (
    BadRange,
    NoFootage,
    Period,
    live_playlist,
    playlist,
    read_media,
    read_media_within,
)
from edge_agent.recording.index import RecordingIndex
from tests.unit.edge.builders import MINUTE, NOON_US, SECOND, open_segment, segment, write_file

PERIOD = Period("cam1", NOON_US + 10 * SECOND, NOON_US + 20 * SECOND)


@pytest.fixture
def recorded(index: RecordingIndex) -> RecordingIndex:
    for start_us in (NOON_US, NOON_US + MINUTE):
        minute = segment(start_us, 60, run_us=NOON_US)
        write_file(index, minute)
        index.store_segment(minute)
    return index


def test_a_period_that_is_over_ends(recorded: RecordingIndex) -> None:
    assert "#EXT-X-ENDLIST" in playlist(recorded, PERIOD)


async def test_a_period_that_reaches_into_the_future_goes_on(index: RecordingIndex) -> None:
    now = now_us()
    await open_segment(index, segment(now - 5 * SECOND, 5))
    growing = Period("cam1", now - MINUTE, now + MINUTE)
    assert "#EXT-X-ENDLIST" not in playlist(index, growing)
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist(index, growing)


def test_a_period_without_footage_says_so(recorded: RecordingIndex) -> None:
    with pytest.raises(NoFootage):
        playlist(recorded, Period("cam1", 0, NOON_US))


async def test_live_needs_a_camera_that_sends_now(index: RecordingIndex) -> None:
    with pytest.raises(NoFootage):
        live_playlist(index, "cam1")
    await open_segment(index, segment(NOON_US, 5))
    with pytest.raises(NoFootage):
        live_playlist(index, "cam1")
    await open_segment(index, segment(now_us() - 5 * SECOND, 5, camera="cam2"))
    assert live_playlist(index, "cam2").startswith("#EXTM3U")


def test_bytes_are_those_of_the_file(recorded: RecordingIndex) -> None:
    assert read_media(recorded, "cam1", NOON_US, 100, 10) == bytes(range(100, 110))


def test_bytes_beyond_the_end_of_the_footage_are_refused(recorded: RecordingIndex) -> None:
    with pytest.raises(BadRange):
        read_media(recorded, "cam1", NOON_US, 695, 6)


@pytest.mark.parametrize("segment_id", [0, -1, NOON_US + 1, 2**63, 10**30])
def test_a_recording_that_does_not_exist_says_so(recorded: RecordingIndex, segment_id: int) -> None:
    with pytest.raises(NoFootage):
        read_media(recorded, "cam1", segment_id, 0, 1)
    with pytest.raises(NoFootage):
        read_media_within(recorded, PERIOD, segment_id, 0, 1)


def test_a_file_that_was_deleted_by_hand_says_so(recorded: RecordingIndex) -> None:
    (recorded.folder / segment(NOON_US, 60).path).unlink()
    with pytest.raises(NoFootage, match="disco"):
        read_media(recorded, "cam1", NOON_US, 0, 1)


@pytest.mark.parametrize(("offset", "length"), [(0, 100), (50, 1), (200, 100), (200, 10), (290, 10)])
def test_a_viewer_may_read_the_initialisation_and_the_periods_fragments(
    recorded: RecordingIndex, offset: int, length: int
) -> None:
    assert len(read_media_within(recorded, PERIOD, NOON_US, offset, length)) == length


@pytest.mark.parametrize(("offset", "length"), [(0, 101), (100, 10), (199, 10), (299, 2), (699, 1)])
def test_a_viewer_may_not_read_outside_the_period(recorded: RecordingIndex, offset: int, length: int) -> None:
    with pytest.raises(BadRange):
        read_media_within(recorded, PERIOD, NOON_US, offset, length)


def test_a_viewer_may_not_read_another_file_of_the_camera(recorded: RecordingIndex) -> None:
    with pytest.raises(NoFootage):
        read_media_within(recorded, PERIOD, NOON_US + MINUTE, 0, 100)
