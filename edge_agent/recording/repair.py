"""Makes index and disk agree after a crash or a power cut, before recording starts.

- a file without a row is cut to its last whole fragment, which does not end in zeros, and indexed;
- a file shorter than its row, or whose newest fragments are not there (zeros, after
  a power cut, from a disk that lied about its sync), likewise, and its row replaced;
- a file longer than its row is cut to it;
- a row without a file is dropped;
- a file that cannot be understood is kept aside (retention.UNREADABLE), until it
  is as old as its camera's retention.

`repair` does so at once (`gtv edge fsck --repair`, with `everything` also for what was
looked at before); a box that starts does it in two steps (recording.startup).

Files are compared by name and size, and the contents of what is not indexed or newest.
A new database has seen no repair, so all footage is indexed.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import structlog

from edge_agent.clock import now_us, to_datetime
from edge_agent.recording.boxes import Box, holds, whole_boxes
from edge_agent.recording.domain import Fragment, Segment, StoredSegment
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.retention import DAY_US, UNREADABLE, remove_empty
from edge_agent.store import MAX_INTEGER

log = structlog.get_logger()

#: A file without a row that was written to this recently is being recorded.
WRITING_S = 120.0
#: Fewer zeros than this hurt no more than a piece of sound.
_TAIL_BYTES = 64


@dataclass
class Repaired:
    """How many files were indexed (anew), rows dropped, files kept aside."""

    indexed: int = 0
    dropped: int = 0
    unreadable: int = 0


def repair(index: RecordingIndex, everything: bool = False) -> Repaired:
    """No recorder may run meanwhile. Raises OSError, sqlite3.Error."""
    began_us = now_us()
    since_us = 0 if everything else unrepaired_since_us(index)
    index.ensure_coverage()
    done = Repaired()
    for camera in cameras(index):
        repair_camera(index, camera, since_us, MAX_INTEGER, done)
    index.note("repaired-us", began_us)
    return done


def unrepaired_since_us(index: RecordingIndex) -> int:
    """The start of a day; one more than needed, for files that were being written at the last repair.

    Of a clock that was set back the last repair lies in the future, and says nothing of what came since.
    """
    since_us = max(0, min(index.noted_us("repaired-us"), now_us()) - DAY_US)
    return since_us - since_us % DAY_US


def cameras(index: RecordingIndex) -> list[str]:
    """Every camera with footage: in the index, or on disk."""
    on_disk = {entry.name for entry in os.scandir(index.folder) if entry.is_dir()}
    return sorted((on_disk - {UNREADABLE}) | set(index.cameras()))


def folders(place: Path) -> list[Path]:
    """In the order of their names; none where there is no such place."""
    return sorted(entry for entry in place.iterdir() if entry.is_dir()) if place.is_dir() else []


def files_of(
    index: RecordingIndex, camera: str, since_us: int, until_us: int = MAX_INTEGER
) -> dict[str, int]:
    """Recording files of a camera that began in a period: path below the recordings folder, and size.

    What is not called after an instant is of every period that its folder has a part in.
    """
    first_day = to_datetime(since_us).strftime("%Y-%m-%d")
    last_day = to_datetime(until_us - 1).strftime("%Y-%m-%d") if until_us < MAX_INTEGER else "~"
    days = [day for day in folders(index.folder / camera) if first_day <= day.name <= last_day]
    return {
        f"{camera}/{day.name}/{entry.name}": entry.stat().st_size
        for day in days
        for entry in os.scandir(day)
        if entry.name.endswith(".mp4") and _begins_within(entry.name, since_us, until_us)
    }


def start_of(name: str) -> int | None:
    """When the file of this name begins, microseconds UTC; None for what the recorder did not name."""
    stem = name.removesuffix(".mp4")
    return int(stem) if stem.isdigit() else None


def _begins_within(name: str, since_us: int, until_us: int) -> bool:
    start_us = start_of(name)
    return start_us is None or since_us <= start_us < until_us


def repair_camera(
    index: RecordingIndex,
    camera: str,
    since_us: int,
    until_us: int,
    done: Repaired,
    found_before: frozenset[str] | None = None,
) -> bool:
    """The files of a period; False when one had to be put off that may be being written.

    `found_before`: recorders run, and these files were there before they did. What a recorder may be
    writing is left alone, and the last file is not taken for the camera's newest, whose contents are
    looked at too. Raises OSError, sqlite3.Error.
    """
    with index.no_purge():
        rows = {row.path: row for row in index.stored(camera, since_us, until_us)}
        files = files_of(index, camera, since_us, until_us)
    for path in sorted(rows.keys() - files.keys()):
        log.error("recording_file_missing", path=path)
        index.forget([rows[path]])
        done.dropped += 1
    newest = None if found_before is not None else max(rows, default=None)
    for path in rows.keys() & files.keys():
        _compare(index, rows[path], files[path], path == newest, done)
    strays = files.keys() - rows.keys()
    growing, fresh = (set(), set()) if found_before is None else _written_now(index, strays - found_before)
    for path in sorted(strays - growing - fresh):
        _adopt(index, path, done)
    for day in {(index.folder / path).parent for path in files}:
        remove_empty(day, index.folder)
    return not fresh


def _compare(
    index: RecordingIndex, row: StoredSegment, size_bytes: int, newest: bool, done: Repaired
) -> None:
    if _agrees(index, row, size_bytes, newest):
        return
    log.error("recording_file_damaged", path=row.path, size_bytes=size_bytes, indexed=row.size_bytes)
    index.forget([row])
    _adopt(index, row.path, done)


def _written_now(index: RecordingIndex, paths: set[str]) -> tuple[set[str], set[str]]:
    """What recorders report that they write, which gets its row when it is closed; and what they may."""
    growing = {path for path in paths if index.is_growing(path)}
    return growing, {path for path in paths - growing if _is_fresh(index.folder / path)}


def _is_fresh(file: Path) -> bool:
    """Whether a recorder may be writing to a file of which it has not reported yet."""
    return time.time() - file.stat().st_mtime < WRITING_S


def _agrees(index: RecordingIndex, row: StoredSegment, size_bytes: int, newest: bool) -> bool:
    """Whether a file is what its row says: by its size, the newest also by its boxes."""
    file = index.folder / row.path
    if size_bytes > row.size_bytes:
        _cut(file, row.size_bytes)
    if size_bytes < row.size_bytes or not newest:
        return size_bytes >= row.size_bytes
    segment = index.segment(row.camera, row.start_us)
    return segment is not None and holds(file, segment)


def _adopt(index: RecordingIndex, path: str, done: Repaired) -> None:
    file = index.folder / path
    try:
        segment = recover(file, path)
    except (av.FFmpegError, ValueError) as error:
        # One strange file must not keep the box from recording.
        log.error("recording_file_unreadable", path=path, error=str(error))
        _keep_aside(index, path)
        done.unreadable += 1
        return
    if segment is None:
        log.warning("recording_file_empty", path=path, size_bytes=file.stat().st_size)
        file.unlink()
        return
    index.store_segment(segment)
    log.warning("recording_file_repaired", path=path, fragments=len(segment.fragments))
    done.indexed += 1


def _keep_aside(index: RecordingIndex, path: str) -> None:
    aside = index.folder / UNREADABLE
    aside.mkdir(exist_ok=True)
    (index.folder / path).replace(aside / path.replace("/", "--"))


def recover(file: Path, path: str) -> Segment | None:
    """Cut a recording file to its last whole fragment; None when it has none.

    Raises ValueError, av.FFmpegError for a file that the recorder did not write.
    """
    boxes = list(whole_boxes(file))
    moofs = [box for box, following in pairwise(boxes) if box.kind == b"moof" and following.kind == b"mdat"]
    whole_end = max((box.end for box in boxes if box.kind == b"mdat"), default=0)
    while moofs and _ends_in_zeros(file, whole_end):
        whole_end = moofs.pop().offset
    if not moofs:
        return None
    start_us = int(file.stem)
    _cut(file, whole_end)  # first: the demuxer fails on a torn box at the end
    return Segment(
        camera=file.parent.parent.name,
        start_us=start_us,
        run_us=start_us,  # which run it continued is not known: a discontinuity is always right
        path=path,
        init_bytes=moofs[0].offset,
        fragments=tuple(_fragments(file, moofs, whole_end, start_us)),
    )


def _ends_in_zeros(file: Path, end: int) -> bool:
    """Whether the length of what was written last was on disk before its bytes. No picture ends so
    (ITU-T H.264, 7.4.1), nor AAC or G.711."""
    if end < _TAIL_BYTES:
        return False
    with file.open("rb") as handle:
        handle.seek(end - _TAIL_BYTES)
        return not any(handle.read(_TAIL_BYTES))


def _cut(file: Path, size_bytes: int) -> None:
    with file.open("r+b") as handle:
        handle.truncate(size_bytes)
        os.fsync(handle.fileno())


def _fragments(file: Path, moofs: list[Box], whole_end: int, start_us: int) -> Iterator[Fragment]:
    """A fragment is a moof that begins with video, and what follows until the next (sound, perhaps)."""
    starts, end_us = _video_starts(file, [moof.offset for moof in moofs])
    if moofs[0].offset not in starts:
        raise ValueError("the first fragment holds no video")
    zero_us = starts[moofs[0].offset]
    edges = [*starts.items(), (whole_end, end_us)]
    for (offset, begin), (next_offset, until) in pairwise(edges):
        yield Fragment(offset, next_offset - offset, start_us + begin - zero_us, until - begin)


def _video_starts(file: Path, moof_offsets: list[int]) -> tuple[dict[int, int], int]:
    """By moof offset, where its video starts in media time, and where the last ends; microseconds."""
    first_of: dict[int, int] = {}
    end_us = 0
    with av.open(str(file)) as container:
        video = container.streams.video[0]
        for packet in container.demux(video):
            if packet.pts is None or packet.pos is None or not video.time_base:
                continue
            at_us = int(packet.pts * video.time_base * 1_000_000)
            moof = max(offset for offset in moof_offsets if offset <= packet.pos)
            first_of[moof] = min(at_us, first_of.get(moof, at_us))
            end_us = max(end_us, at_us + int((packet.duration or 0) * video.time_base * 1_000_000))
    return first_of, end_us
