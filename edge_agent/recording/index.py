"""The recording index: which footage exists, on disk and in the files being written.

Invariants, in the order of the durable steps:
- a file is closed and synced before its row is committed; the row and its
  coverage (merged spans, and the event for the hub) are one transaction. A crash between the two leaves
  a file without a row, which `repair` indexes at the next start;
- what the database (or a read-only disk) refuses to take stays in memory, is played from there, and is
  tried again whenever a file closes; a crash meanwhile leaves what the sentence before says;
- a purged file is deleted before its row; the row's end, that of its coverage and the event
  for the hub are one transaction (recording.purged). A crash between the two leaves a row
  without a file, which `repair` drops.

Open files are in memory only (recording.growing), fragment by fragment, so that what was
recorded a second ago can be played.
"""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import msgspec
import structlog

from edge_agent.clock import ClockState, clock_state, now_us, to_datetime
from edge_agent.recording import coverage, purged
from edge_agent.recording.domain import GAP_US, Fragment, LiveFragment, Segment, Span, StoredSegment, spans
from edge_agent.recording.events import (
    FragmentWritten,
    Measured,
    SegmentClosed,
    SegmentOpened,
    StateChanged,
    WorkerEvent,
)
from edge_agent.recording.growing import GrowingFootage
from edge_agent.recording.health import HealthBoard
from edge_agent.store import MAX_INTEGER, Store
from edge_agent.sync import outbox
from protocol.messages import CoverageSpan
from protocol.topics import Stream

log = structlog.get_logger()

#: (offset, size, start relative to the segment's, duration), times in microseconds.
_PackedFragments = list[tuple[int, int, int, int]]
_STORED = "camera, start_us, end_us, size_bytes, path"
_COLUMNS = (
    "camera, start_us, run_us, drift_us, path, init_bytes, fragments, clock_synchronised, clock_error_ms"
)


#: What is known of files that began before an instant. `settled-us`: they were closed in order and have
#: rows, unless a recorder died just then. `repaired-us`: they were compared with their rows.
Mark = Literal["settled-us", "repaired-us"]
SETTLED_EVERY_S = 60.0


class RecordingIndex:
    """What is recorded. Methods that touch the database run off the event loop where they are async."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        health: HealthBoard,
        clock: Callable[[], ClockState] = clock_state,
    ) -> None:
        self._store = store
        self.folder = folder
        self._health = health
        self._growing = GrowingFootage(clock)
        self._storing = asyncio.Lock()
        self._purging = threading.Lock()

    # --- what the workers report -----------------------------------------

    async def handle(self, event: WorkerEvent) -> None:
        """Take one report of a worker."""
        match event:
            case SegmentOpened():
                self._growing.begin(event)
                await self._store_closed()
            case FragmentWritten() if self._growing.is_open(event.camera, event.start_us):
                self._growing.add(event)
            case SegmentClosed() if self._growing.is_open(event.camera, event.start_us):
                self._growing.close(event.camera, event.drift_us)
                await self._store_closed()
            case FragmentWritten() | SegmentClosed():
                # A recorder that hung, was replaced, and reports after its successor began.
                log.warning("late_recorder_report", camera=event.camera, start_us=event.start_us)
            case Measured():
                self._health.handle(event)
            case StateChanged():
                await asyncio.to_thread(self._health.handle, event)

    async def close_abandoned(self, cameras: list[str]) -> None:
        """A recorder is gone: close what it left open at the last fragment that it reported."""
        for camera in cameras:
            self._growing.close(camera)
        await self._store_closed()

    async def ends_us(self, cameras: list[str]) -> dict[str, int]:
        """Where each camera's footage ends, microseconds UTC; cameras without footage are left out."""
        return await asyncio.to_thread(self._ends_us, cameras)

    async def _store_closed(self) -> None:
        """Raises OSError, sqlite3.Error; what was not stored is tried again when the next file closes."""
        failure: OSError | None = None
        async with self._storing:
            for segment in self._growing.closed():
                try:
                    await asyncio.to_thread(self._store_closed_file, segment)
                except (FileNotFoundError, sqlite3.IntegrityError) as error:  # it would fail for ever
                    log.error("recording_not_indexable", path=segment.path, error=str(error))
                except OSError as error:  # of this one file: the others need not wait for it
                    failure = error
                    continue
                self._growing.stored(segment)
        if failure is not None:
            raise failure

    def _store_closed_file(self, segment: Segment) -> None:
        """What a failed write left behind the last whole fragment is cut off first."""
        _cut_file(self.folder / segment.path, segment.size_bytes)
        self.store_segment(segment)

    @property
    def recorded_bytes(self) -> dict[str, int]:
        """What was recorded since the box started, by camera."""
        return dict(self._growing.recorded_bytes)

    # --- on disk ------------------------------------------------------------

    def store_segment(self, segment: Segment) -> None:
        """Commit the row of a closed, synced file, with its coverage event. An empty file goes."""
        if not segment.fragments:
            (self.folder / segment.path).unlink(missing_ok=True)
            return
        span = CoverageSpan(
            camera=segment.camera,
            start=to_datetime(segment.start_us),
            end=to_datetime(segment.end_us),
            size_bytes=segment.size_bytes,
        )
        with self._store.transaction() as transaction:
            transaction.execute(
                f"INSERT INTO segment({_COLUMNS}, end_us, size_bytes) VALUES (?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                (
                    segment.camera,
                    segment.start_us,
                    segment.run_us,
                    segment.drift_us,
                    segment.path,
                    segment.init_bytes,
                    _pack(segment),
                    segment.clock_synchronised,
                    segment.clock_error_ms,
                    segment.end_us,
                    segment.size_bytes,
                ),
            )
            coverage.add(transaction, segment.camera, Span(segment.start_us, segment.end_us))
            outbox.append(transaction, Stream.COVERAGE, span)

    def stored(self, camera: str, start_us: int, end_us: int) -> list[StoredSegment]:
        """The rows of a camera that begin in a period, in time order."""
        with self._store.read() as connection:
            rows = connection.execute(
                f"SELECT {_STORED} FROM segment "  # noqa: S608
                "WHERE camera=? AND start_us>=? AND start_us<? ORDER BY start_us",
                (camera, start_us, end_us),
            ).fetchall()
        return [StoredSegment(*row) for row in rows]

    def cameras(self) -> list[str]:
        """Every camera that has a row, also those that were removed."""
        with self._store.read() as connection:
            return [camera for (camera,) in connection.execute("SELECT DISTINCT camera FROM coverage")]

    def oldest(
        self, limit: int, protected: bool = False, ended_before_us: int = MAX_INTEGER
    ) -> list[StoredSegment]:
        """The oldest segments of the box that no hold keeps; with `protected`, those that one keeps."""
        held = "" if protected else "NOT"
        with self._store.read() as connection:
            rows = connection.execute(
                f"SELECT {_STORED} FROM segment WHERE end_us<? AND {held} EXISTS ("  # noqa: S608
                "SELECT 1 FROM protected_span AS held WHERE held.camera=segment.camera "
                "AND held.start_us<segment.end_us AND held.end_us>segment.start_us) "
                "ORDER BY end_us LIMIT ?",
                (ended_before_us, limit),
            ).fetchall()
        return [StoredSegment(*row) for row in rows]

    def purge(self, victims: Sequence[StoredSegment], reason: purged.Reason) -> None:
        """Delete files, then their rows; the hub hears of it."""
        with self.no_purge():
            for victim in victims:
                (self.folder / victim.path).unlink(missing_ok=True)
            self._drop(victims, reason)

    @contextmanager
    def no_purge(self) -> Iterator[None]:
        """While somebody compares files with rows: between the two steps of a purge they differ."""
        with self._purging:
            yield

    def forget(self, gone: Sequence[StoredSegment]) -> None:
        """Drop the rows of files that are not there; the hub hears of it."""
        self._drop(gone, "missing")

    def _drop(self, gone: Sequence[StoredSegment], reason: purged.Reason) -> None:
        with self._store.transaction() as transaction:
            purged.drop(transaction, gone, reason)

    def noted_us(self, mark: Mark) -> int:
        """A mark of `repair`, microseconds UTC; 0 in a new database."""
        with self._store.read() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name=?", (mark,)).fetchone()
        return int(row[0]) if row else 0

    def note(self, mark: Mark, at_us: int) -> None:
        with self._store.transaction() as transaction:
            transaction.execute(
                "INSERT INTO setting(name, value) VALUES (?, ?) "
                "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                (mark, str(at_us).encode()),
            )

    async def keep_noting_settled(self) -> None:
        """While the box records, so that its next start need not look far back; until cancelled."""
        while True:
            await asyncio.sleep(SETTLED_EVERY_S)
            try:
                await asyncio.to_thread(self.note, "settled-us", self._growing.oldest_us(now_us()))
            except sqlite3.Error as error:
                log.warning("settled_not_noted", error=str(error))

    def is_growing(self, path: str) -> bool:
        """Whether a file has no row yet because it is being written, or waits for the database."""
        return self._growing.has(path)

    def oldest_us(self) -> int | None:
        """When the oldest footage that has a row begins."""
        with self._store.read() as connection:
            (oldest_us,) = connection.execute("SELECT min(start_us) FROM coverage").fetchone()
        return None if oldest_us is None else int(oldest_us)

    def ensure_coverage(self, anew: bool = False) -> None:
        """Merge the spans of a database that has none yet (its first version kept none), or all anew."""
        with self._store.transaction() as transaction:
            (empty,) = transaction.execute("SELECT NOT EXISTS (SELECT 1 FROM coverage)").fetchone()
            if empty or anew:
                coverage.rebuild(transaction)

    def coverage_differs(self) -> bool:
        """Whether the merged spans are not those of the rows (recording.coverage)."""
        with self._store.read() as connection:
            return coverage.differs(connection)

    def _ends_us(self, cameras: list[str]) -> dict[str, int]:
        ends = {camera: growing[-1].end_us for camera in cameras if (growing := self._growing.of(camera))}
        marks = ",".join("?" * len(cameras))
        with self._store.read() as connection:
            rows = connection.execute(
                f"SELECT camera, max(end_us) FROM coverage WHERE camera IN ({marks}) GROUP BY camera",  # noqa: S608
                cameras,
            ).fetchall()
        return ends | {camera: max(end_us, ends.get(camera, 0)) for camera, end_us in rows}

    # --- questions ------------------------------------------------------------

    def footage(self, camera: str, start_us: int, end_us: int) -> list[Segment]:
        """Segments of a camera in a period, in time order, each with only the fragments that overlap it."""
        growing = self._growing.of(
            camera
        )  # before the rows: a file stored meanwhile is in both, never in none
        with self._store.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM segment "  # noqa: S608
                "WHERE camera=:camera AND start_us<:end AND end_us>:start AND start_us>=ifnull(("
                # A camera's files do not overlap: only one that began earlier reaches into the period.
                "SELECT max(start_us) FROM segment WHERE camera=:camera AND start_us<=:start), 0) "
                "ORDER BY start_us",
                {"camera": camera, "start": start_us, "end": end_us},
            ).fetchall()
        segments = [_unpack(row) for row in rows]
        stored = {segment.start_us for segment in segments}
        segments += (segment for segment in growing if segment.start_us not in stored)
        cut = [_overlapping(segment, start_us, end_us) for segment in segments]
        return [segment for segment in cut if segment.fragments]

    def next_start_us(self, camera: str, at_us: int) -> int | None:
        """When the first file of a camera that begins at or after an instant begins; None: there is none."""
        growing = self._growing.of(camera)  # before the rows, as in `footage`
        with self._store.read() as connection:
            (stored_us,) = connection.execute(
                "SELECT min(start_us) FROM segment WHERE camera=? AND start_us>=?", (camera, at_us)
            ).fetchone()
        later_us = [s.start_us for s in growing if s.fragments and s.start_us >= at_us]
        if stored_us is not None:
            later_us.append(int(stored_us))
        return min(later_us, default=None)

    def spans(self, camera: str, start_us: int, end_us: int, resolution_us: int = 0) -> list[Span]:
        """Recorded spans of a camera in a period, clipped to it; from the index alone.

        Gaps up to `resolution_us` are not shown: they are narrower than a pixel of who asks.
        """
        growing = self._growing.of(camera)  # before the rows, as in `footage`
        with self._store.read() as connection:
            found = coverage.between(connection, camera, start_us, end_us)
        found += (Span(s.start_us, s.end_us) for s in growing if s.fragments)
        clipped = [Span(max(s.start_us, start_us), min(s.end_us, end_us)) for s in found]
        shown = (span for span in clipped if span.start_us < span.end_us)
        return spans(shown, gap_us=max(GAP_US, resolution_us))

    def extent(self) -> dict[str, Span]:
        """From the first to the last instant on disk of each camera, also of one that was removed."""
        with self._store.read() as connection:
            return coverage.extent(connection)

    def holds_footage(self, camera: str) -> bool:
        """Whether anything is recorded of a camera, on disk or in a file being written."""
        if any(segment.fragments for segment in self._growing.of(camera)):
            return True
        with self._store.read() as connection:
            return coverage.any_of(connection, camera)

    def live_tail(self, camera: str) -> list[LiveFragment]:
        """The newest fragments of a camera that is being recorded."""
        return self._growing.tail(camera)

    def segment(self, camera: str, start_us: int) -> Segment | None:
        """One segment by its id."""
        for growing in self._growing.of(camera):
            if growing.start_us == start_us:
                return growing
        if start_us > MAX_INTEGER:
            return None
        with self._store.read() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM segment WHERE camera=? AND start_us=?",  # noqa: S608
                (camera, start_us),
            ).fetchone()
        return _unpack(row) if row else None


def _overlapping(segment: Segment, start_us: int, end_us: int) -> Segment:
    inside = tuple(f for f in segment.fragments if f.start_us < end_us and f.end_us > start_us)
    return replace(segment, fragments=inside)


def _pack(segment: Segment) -> bytes:
    packed: _PackedFragments = [
        (f.offset, f.size_bytes, f.start_us - segment.start_us, f.duration_us) for f in segment.fragments
    ]
    return msgspec.msgpack.encode(packed)


def _unpack(row: Sequence[Any]) -> Segment:
    camera, start_us, run_us, drift_us, path, init_bytes, packed, synchronised, error_ms = row
    fragments = msgspec.msgpack.decode(packed, type=_PackedFragments)
    return Segment(
        camera=camera,
        start_us=start_us,
        run_us=run_us,
        path=path,
        init_bytes=init_bytes,
        fragments=tuple(
            Fragment(o, size, start_us + start, duration) for o, size, start, duration in fragments
        ),
        drift_us=drift_us,
        clock_synchronised=None if synchronised is None else bool(synchronised),
        clock_error_ms=error_ms,
    )


def _cut_file(path: Path, size_bytes: int) -> None:
    """Truncate what a recorder that failed left behind the last whole fragment, durably. Raises OSError."""
    if path.stat().st_size <= size_bytes:
        return
    with path.open("r+b") as file:
        file.truncate(size_bytes)
        os.fsync(file.fileno())
