"""Keeping plate reads: accept what cameras push, remember what was refused, let old reads go.

Order of the durable steps of accepted reads: the file of their images is synced, then
their rows and outbox events are committed in one transaction, then the cameras
are answered. A crash before the commit leaves at most a file that no row names;
the cameras were not answered and send again, and retention removes the orphan
with its day.

Reads that arrive together are committed together: one sync of the database's log
carries them all (docs/adr/0022).
"""

import hashlib
import sqlite3
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from edge_agent.clock import now_us, to_datetime, to_us
from edge_agent.lpr import images, watch, watch_hits
from edge_agent.lpr.clocks import CameraClock
from edge_agent.lpr.domain import MAX_EVENT, VendorRead
from edge_agent.lpr.grouping import Group, Groups
from edge_agent.lpr.watch import Watchlist
from edge_agent.store import Store
from edge_agent.sync import outbox
from protocol.messages import ImageRef, PlateRead, WatchlistEntry
from protocol.plates import fold
from protocol.topics import Stream

#: A refused payload is kept up to this size, so that a technician can see what the camera sends.
QUARANTINE_BODY_BYTES = 64 * 1024
#: With the size above, 64 MB at most.
QUARANTINE_ROWS = 1000
#: Reads by which a camera's clock is known again after a start; those of a few seconds count once.
CLOCK_READS = 40


@dataclass(frozen=True, slots=True)
class Arrival:
    """A read and the camera that pushed it."""

    camera: str
    vendor_read: VendorRead


@dataclass(frozen=True, slots=True)
class Kept:
    """A committed read; `entries` of the watchlist are news about this vehicle."""

    read: PlateRead
    entries: tuple[WatchlistEntry, ...] = ()


@dataclass(slots=True)
class _Row:
    """A read on its way into the database."""

    read: PlateRead
    event: str
    image_jpeg: bytes | None
    entries: tuple[WatchlistEntry, ...]
    image_path: str | None = None


class PlateReads:
    """Takes the plate reads of one box in."""

    def __init__(self, store: Store, images_root: Path, clock_us: Callable[[], int] = now_us) -> None:
        self._store = store
        self._images = images_root
        self._clock_us = clock_us
        self._lock = threading.Lock()
        self._groups: defaultdict[str, Groups] = defaultdict(Groups)
        self._clocks: dict[str, CameraClock] = {}
        self._watchlist = Watchlist()

    def watch(self, entries: Sequence[WatchlistEntry]) -> None:
        """Look out for these plates from now on."""
        self._watchlist = Watchlist(entries)

    def invalid_patterns(self) -> list[str]:
        """Patterns of the watchlist that nobody understands."""
        return [entry.pattern for entry in self._watchlist.invalid]

    def accept(self, camera: str, vendor_read: VendorRead) -> PlateRead | None:
        """Keep one read and queue it for the hub; None when it is a repeat that is already kept."""
        (kept,) = self.accept_all([Arrival(camera, vendor_read)])
        return kept.read if kept else None

    def accept_all(self, arrivals: Sequence[Arrival]) -> list[Kept | None]:
        """Keep reads in one transaction; None for those that tell nothing new.

        All are durable when this returns, or none is and it raises (OSError, sqlite3.Error).
        """
        with self._lock:
            try:
                rows = self._prepare(arrivals)
                self._write([row for row in rows if row is not None])
            except BaseException:
                self._groups.clear()  # what was not kept must not make its own repeat look kept
                raise
        return [Kept(row.read, row.entries) if row else None for row in rows]

    def clocks_off(self) -> dict[str, int]:
        """Cameras whose clock is known to be off, with the box's minus theirs in microseconds."""
        with self._lock:
            return {
                camera: clock.offset_us
                for camera, clock in self._clocks.items()
                if clock.off and clock.offset_us is not None
            }

    def quarantine(self, camera: str, vendor: str, reason: str, body: bytes) -> None:
        """Keep a refused payload with the reason; the newest QUARANTINE_ROWS stay."""
        with self._store.transaction() as transaction:
            row = transaction.execute(
                "INSERT INTO quarantine(received_us, camera, vendor, reason, body) VALUES (?,?,?,?,?)",
                (self._clock_us(), camera, vendor, reason, body[:QUARANTINE_BODY_BYTES]),
            )
            transaction.execute(
                "DELETE FROM quarantine WHERE id <= ?", ((row.lastrowid or 0) - QUARANTINE_ROWS,)
            )

    def _prepare(self, arrivals: Sequence[Arrival]) -> list[_Row | None]:
        known: set[tuple[str, str]] = set()
        rows: list[_Row | None] = []
        with self._store.read() as connection:
            for arrival in arrivals:
                if arrival.camera not in self._clocks:
                    self._clocks[arrival.camera] = _known_clock(connection, arrival.camera)
                event = _event_key(arrival.vendor_read.event)
                seen = (arrival.camera, event) in known or connection.execute(
                    "SELECT 1 FROM plate_read WHERE camera=? AND vendor_event=?", (arrival.camera, event)
                ).fetchone()
                known.add((arrival.camera, event))
                rows.append(None if seen else self._row(arrival, event))
        return rows

    def _row(self, arrival: Arrival, event: str) -> _Row | None:
        found, received_us, clock = arrival.vendor_read, self._clock_us(), self._clocks[arrival.camera]
        captured_us, off = received_us, found.clock_text is not None
        if found.captured_us is not None:
            clock.observe(found.captured_us, received_us)
            captured_us, off = clock.judge(found.captured_us, received_us)
        read_id = str(uuid.uuid4())
        group = self._groups[arrival.camera].place(read_id, found, captured_us)
        if group is None:
            return None
        entries = self._watchlist.entries_of(found.plate, to_datetime(captured_us))
        read = _to_message(read_id, arrival, group, captured_us, received_us, off, entries)
        news = tuple(entry for entry in entries if entry.id not in group.alarmed)
        group.alarmed |= {entry.id for entry in entries}
        return _Row(read, event, found.image_jpeg, news)

    def _write(self, rows: Sequence[_Row]) -> None:
        if not rows:
            return
        self._write_images([row for row in rows if row.image_jpeg is not None])
        with self._store.transaction() as transaction:
            transaction.executemany(
                "INSERT INTO plate_read"
                "(id, camera, plate, fold, captured_us, received_us, image_path, data, vendor_event) "
                "VALUES (?,?,?,?,?,?,?,?,?)",
                [_columns(row) for row in rows],
            )
            watch_hits.note(transaction, [(row.read, row.entries) for row in rows])
            outbox.append_all(transaction, Stream.LPR, [row.read for row in rows])

    def _write_images(self, imaged: Sequence[_Row]) -> None:
        if not imaged:
            return
        first = imaged[0].read
        pictures = [row.image_jpeg or b"" for row in imaged]
        places = images.write(self._images, first.id, first.received_at, pictures)
        for row, place in zip(imaged, places, strict=True):
            row.image_path = place


def _known_clock(connection: sqlite3.Connection, camera: str) -> CameraClock:
    """As the camera's last reads tell of it: a wrong clock is not forgotten when the box starts again."""
    clock = CameraClock()
    rows = connection.execute(
        "SELECT received_us, data FROM plate_read WHERE camera=? ORDER BY captured_us DESC LIMIT ?",
        (camera, CLOCK_READS),
    )
    for received_us, data in sorted(map(tuple, rows)):
        read = msgspec.json.decode(data, type=PlateRead)
        if read.camera_at is not None:
            clock.observe(to_us(read.camera_at), received_us)
    return clock


def _event_key(event: str) -> str:
    """A vendor's id of an event at a bounded length."""
    return event if len(event) <= MAX_EVENT else hashlib.sha256(event.encode()).hexdigest()


def _to_message(
    read_id: str,
    arrival: Arrival,
    group: Group,
    captured_us: int,
    received_us: int,
    off: bool,
    entries: Sequence[WatchlistEntry],
) -> PlateRead:
    found = arrival.vendor_read
    jpeg = found.image_jpeg
    camera_at = to_datetime(found.captured_us) if found.captured_us is not None else None
    said = camera_at.isoformat() if camera_at else found.clock_text
    return PlateRead(
        id=read_id,
        camera=arrival.camera,
        plate=found.plate,
        captured_at=to_datetime(captured_us),
        received_at=to_datetime(received_us),
        vendor=found.vendor,
        confidence=found.confidence,
        direction=found.direction,
        lane=found.lane,
        speed_kmh=found.speed_kmh,
        vehicle_type=found.vehicle_type,
        vehicle_color=found.vehicle_color,
        image=ImageRef(sha256=hashlib.sha256(jpeg).hexdigest(), size_bytes=len(jpeg)) if jpeg else None,
        camera_clock=said if off else None,
        camera_at=camera_at,
        clock_off=off,
        vehicle_make=found.vehicle_make,
        vehicle_model=found.vehicle_model,
        country=found.country,
        region=found.region,
        candidates=list(found.candidates),
        group=group.id,
        group_size=group.size,
        hits=watch.hits(entries),
    )


def _columns(row: _Row) -> tuple[object, ...]:
    read = row.read
    return (
        read.id,
        read.camera,
        read.plate,
        fold(read.plate),
        to_us(read.captured_at),
        to_us(read.received_at),
        row.image_path,
        msgspec.json.encode(read),
        row.event,
    )
