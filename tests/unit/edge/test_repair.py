"""After a power cut, at whatever byte, the box starts, plays what is whole, and loses at most one GOP."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.media_files import Media, make_media
from edge_agent.clock import now_us
from edge_agent.recording.fsck import check as check_index
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import Repaired, recover, repair, unrepaired_since_us
from edge_agent.recording.retention import DAY_US, UNREADABLE
from edge_agent.sync.outbox import Outbox
from tests.unit.edge.builders import (
    FPS,
    NOON_US,
    SECOND,
    count_frames,
    known_paths,
    record,
    segment,
)

NAME = f"{NOON_US}.mp4"
MOOF = b"\x00\x00\x00\x10moof" + b"\x00" * 8
MDAT = b"\x00\x00\x00\x10mdat" + b"\x00" * 8


@dataclass
class Recording:
    """A whole file as the recorder leaves it, to be torn."""

    data: bytes
    init_bytes: int
    ends: list[int]  # where each fragment ends

    def __repr__(self) -> str:
        return f"Recording({len(self.data)} bytes, ends={self.ends})"

    def whole_fragments(self, length: int) -> int:
        return sum(end <= length for end in self.ends)


@pytest.fixture(scope="module")
def recording(video: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    file = tmp_path_factory.mktemp("recording") / NAME
    init_bytes, written = record(video, file)
    assert len(written) == 10
    return Recording(file.read_bytes(), init_bytes, [offset + size for offset, size in written])


@pytest.fixture
def torn(index: RecordingIndex) -> Callable[[bytes], Path]:
    """Leaves a file as a crash would."""

    def leave(data: bytes) -> Path:
        file = index.folder / "cam1" / "2025-11-24" / NAME
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    return leave


def check(file: Path, recording: Recording, length: int) -> None:
    """A torn file gives every whole fragment, at its time, and plays."""
    expected = recording.whole_fragments(length)
    segment = recover(file, f"cam1/2025-11-24/{NAME}")
    if expected == 0:
        assert segment is None
        return
    assert segment is not None
    assert (segment.camera, segment.start_us, segment.init_bytes) == ("cam1", NOON_US, recording.init_bytes)
    assert len(segment.fragments) == expected
    assert segment.size_bytes == recording.ends[expected - 1]
    starts = [(f.start_us - NOON_US) / SECOND for f in segment.fragments]
    assert starts == pytest.approx(range(expected), abs=0.001)
    assert segment.end_us - NOON_US == pytest.approx(expected * SECOND, abs=0.2 * SECOND)
    file.write_bytes(file.read_bytes()[: segment.size_bytes])
    assert count_frames(file) == expected * FPS


def test_a_file_torn_at_any_fragment_boundary_keeps_every_whole_fragment(
    recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    for end in [recording.init_bytes, *recording.ends]:
        for length in (end - 1, end, end + 1, end + 8, end + 9):
            length = min(length, len(recording.data))
            check(torn(recording.data[:length]), recording, length)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_torn_at_any_byte_keeps_every_whole_fragment(
    data: st.DataObject, recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    length = data.draw(st.integers(0, len(recording.data)))
    check(torn(recording.data[:length]), recording, length)


def test_zeros_that_a_file_system_left_behind_the_last_fragment_are_cut_off(
    recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    length = recording.ends[4]
    check(torn(recording.data[:length] + bytes(4096)), recording, length)


def test_repair_cuts_indexes_and_tells_the_hub(
    index: RecordingIndex, outbox: Outbox, recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    file = torn(recording.data[: recording.ends[6] + 100])
    assert repair(index) == Repaired(indexed=1)
    assert file.stat().st_size == recording.ends[6]
    (found,) = index.footage("cam1", NOON_US, NOON_US + 60 * SECOND)
    assert len(found.fragments) == 7
    assert outbox.depth() == 1
    assert repair(index) == Repaired(), "a second start has nothing to do"
    assert outbox.depth() == 1


def test_a_row_whose_file_is_gone_is_dropped(
    index: RecordingIndex, recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    torn(recording.data)
    assert repair(index) == Repaired(indexed=1)
    index.store_segment(segment(NOON_US, 3, camera="cam2"))
    assert repair(index, everything=True) == Repaired(dropped=1)
    assert index.footage("cam2", 0, 2**60) == []
    assert index.spans("cam2", 0, 2**60) == []
    assert len(index.footage("cam1", 0, 2**60)) == 1


@pytest.mark.parametrize("zeros", [False, True], ids=["shorter", "zero-filled"])
def test_a_file_that_lost_its_end_after_it_was_indexed_is_cut_and_indexed_anew(
    index: RecordingIndex, recording: Recording, torn: Callable[[bytes], Path], zeros: bool
) -> None:
    file = torn(recording.data)
    repair(index)
    kept = recording.data[: recording.ends[3] + 50]
    file.write_bytes(kept.ljust(len(recording.data), b"\0") if zeros else kept)
    assert repair(index, everything=True) == Repaired(indexed=1)
    (found,) = index.footage("cam1", 0, 2**60)
    assert len(found.fragments) == 4
    assert file.stat().st_size == recording.ends[3]
    assert [(s.start_us, s.end_us) for s in index.spans("cam1", 0, 2**60)] == [(NOON_US, found.end_us)]


def test_a_file_longer_than_its_row_is_cut_to_it(
    index: RecordingIndex, recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    file = torn(recording.data)
    repair(index)
    file.write_bytes(recording.data + b"torn fragment")
    assert repair(index, everything=True) == Repaired()
    assert file.read_bytes() == recording.data


def test_a_later_start_looks_only_at_what_was_written_since_the_last(
    index: RecordingIndex, recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    repair(index)  # today
    torn(recording.data)  # long ago
    assert repair(index) == Repaired()
    assert repair(index, everything=True) == Repaired(indexed=1)


@pytest.mark.parametrize("data", [b"", b"\x00" * 5000, b"not a video", b"\xff" * 5000], ids=len)
def test_a_file_with_nothing_to_play_is_removed(
    index: RecordingIndex, torn: Callable[[bytes], Path], data: bytes
) -> None:
    file = torn(data)
    repair(index)
    assert not file.exists()
    assert known_paths(index) == set()


def test_a_file_that_cannot_be_understood_is_kept_aside_and_stops_nothing(
    index: RecordingIndex, recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    """One strange file must not keep a whole city from recording."""
    folder = torn(recording.data).parent
    headless, foreign = folder / f"{NOON_US + SECOND}.mp4", folder / "copy of a file.mp4"
    headless.write_bytes(MOOF + MDAT)
    foreign.write_bytes(recording.data)
    repair(index)
    assert not headless.exists()
    assert not foreign.exists()
    assert len(list((index.folder / UNREADABLE).iterdir())) == 2
    assert known_paths(index) == {f"cam1/2025-11-24/{NAME}"}


def test_a_broken_moof_between_whole_ones_stops_nothing(
    index: RecordingIndex, recording: Recording, torn: Callable[[bytes], Path]
) -> None:
    first, second = recording.ends[2], recording.ends[3]
    data = bytearray(recording.data)
    data[first + 8 : first + 60] = b"\xff" * 52
    assert second > first + 60
    torn(bytes(data))
    repair(index)  # what of it can be played is up to the demuxer; that it returns is the promise


# --- picture and sound -----------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["aac", "pcma", "opus"])
def with_sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Four seconds with two tracks, ten pictures a second."""
    folder = tmp_path_factory.mktemp("sound")
    source = make_media(folder / "source", Media(audio=request.param, width=64, height=48))
    init_bytes, written = record(source, folder / NAME)
    return Recording((folder / NAME).read_bytes(), init_bytes, [offset + size for offset, size in written])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_after_a_power_cut_at_any_byte_every_whole_group_is_there_with_its_sound(
    data: st.DataObject, index: RecordingIndex, with_sound: Recording, torn: Callable[[bytes], Path]
) -> None:
    edges = [with_sound.init_bytes, *with_sound.ends]
    near = st.sampled_from(edges).flatmap(lambda edge: st.integers(edge - 9, edge + 9))
    length = min(data.draw(near | st.integers(0, len(with_sound.data))), len(with_sound.data))
    zeros = data.draw(st.sampled_from([0, 1, 7, 4096]))
    index.forget(index.stored("cam1", 0, 2**62))  # of the example before
    file = torn(with_sound.data[:length] + bytes(zeros))
    repair(index, everything=True)
    assert list(check_index(index, deep=True)) == []
    whole = with_sound.whole_fragments(length)
    kept = sum(len(segment.fragments) for segment in index.footage("cam1", 0, 2**60))
    # A group of which only the last bytes of the sound are zeros has all its pictures, and is kept.
    lacking = (with_sound.ends[whole] if whole < len(with_sound.ends) else 0) - length
    assert kept == whole + (0 < lacking < 64 and zeros >= lacking)
    if not kept:
        assert not file.exists()
        return
    end = with_sound.ends[kept - 1]
    assert file.read_bytes() == with_sound.data[: min(length, end)].ljust(end, b"\0")
    assert count_frames(file) == 10 * kept
    if kept == whole:
        with av.open(str(file)) as opened:
            heard = sum(frame.samples / frame.sample_rate for frame in opened.decode(audio=0))
        assert heard == pytest.approx(kept, abs=0.3)


def test_a_last_repair_in_the_future_hides_nothing(index: RecordingIndex) -> None:
    """The clock was years ahead at the last start, and is right now."""
    index.note("repaired-us", now_us() + 5000 * DAY_US)
    assert unrepaired_since_us(index) < now_us()
