"""Keeping plate reads: accept a push, answer questions, remember what was refused.

Order of the durable steps of an accepted read: the image file is synced, then
the read's row and its outbox event are committed in one transaction, then the
camera is answered. A crash before the commit leaves at most an image that no
row names; the camera was not answered and sends again.
"""

import hashlib
import os
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from edge_agent.clock import now_us, to_datetime, to_us
from edge_agent.lpr.domain import VendorRead, clock_is_off
from edge_agent.store import MAX_INTEGER, Store
from edge_agent.sync import outbox
from protocol.messages import ImageRef, PlateRead
from protocol.topics import Stream

#: A refused payload is kept up to this size, so that a technician can see what the camera sends.
QUARANTINE_BODY_BYTES = 64 * 1024
QUARANTINE_ROWS = 1000


@dataclass(frozen=True, slots=True)
class StoredRead:
    """A read with its place in the box's own order (`order`), for paging."""

    order: int
    read: PlateRead
    image_path: str | None


class PlateReads:
    """The plate reads of one box."""

    def __init__(self, store: Store, images: Path, clock_us: Callable[[], int] = now_us) -> None:
        self._store = store
        self._images = images
        self._clock_us = clock_us

    def accept(self, camera: str, vendor_read: VendorRead) -> PlateRead | None:
        """Keep a read and queue it for the hub; False when it is a repeat that is already kept."""
        if self._seen(camera, vendor_read.event):
            return None
        read = _to_message(camera, vendor_read, self._clock_us())
        image_path = self._write_image(read, vendor_read.image_jpeg)
        try:
            with self._store.transaction() as transaction:
                _insert(transaction, read, vendor_read.event, image_path)
                outbox.append(transaction, Stream.LPR, read)
        except sqlite3.IntegrityError:
            return None  # the same push came twice at once, and the other one won
        return read

    def quarantine(self, camera: str, vendor: str, reason: str, body: bytes) -> None:
        """Keep a refused payload with the reason; the newest QUARANTINE_ROWS stay."""
        with self._store.transaction() as transaction:
            row = transaction.execute(
                "INSERT INTO quarantine(received_us, camera, vendor, reason, body) VALUES (?,?,?,?,?)",
                (now_us(), camera, vendor, reason, body[:QUARANTINE_BODY_BYTES]),
            )
            transaction.execute(
                "DELETE FROM quarantine WHERE id <= ?", ((row.lastrowid or 0) - QUARANTINE_ROWS,)
            )

    def newest(self, limit: int, before: int | None = None, plate: str | None = None) -> list[StoredRead]:
        """Reads, newest first; `before` is the `order` to go on from, `plate` a part of the plate."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT rowid_order, data, image_path FROM plate_read "
                "WHERE rowid_order < ? AND instr(plate, ?) ORDER BY rowid_order DESC LIMIT ?",
                (MAX_INTEGER if before is None else min(before, MAX_INTEGER), plate or "", limit),
            ).fetchall()
        return [_stored(row) for row in rows]

    def between(self, camera: str, start_us: int, end_us: int, limit: int = 5000) -> list[PlateRead]:
        """A camera's reads of a period, in time order: the marks on its timeline."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT rowid_order, data, image_path FROM plate_read "
                "WHERE camera=? AND captured_us BETWEEN ? AND ? ORDER BY captured_us LIMIT ?",
                (camera, start_us, end_us, limit),
            ).fetchall()
        return [_stored(row).read for row in rows]

    def image(self, read_id: str) -> Path | None:
        """The file of a read's image, when there is one."""
        with self._store.read() as connection:
            row = connection.execute("SELECT image_path FROM plate_read WHERE id=?", (read_id,)).fetchone()
        return self._images / row[0] if row and row[0] else None

    def _seen(self, camera: str, event: str) -> bool:
        with self._store.read() as connection:
            row = connection.execute(
                "SELECT 1 FROM plate_read WHERE camera=? AND vendor_event=?", (camera, event)
            ).fetchone()
        return row is not None

    def _write_image(self, read: PlateRead, jpeg: bytes | None) -> str | None:
        if jpeg is None:
            return None
        path = f"{read.received_at:%Y/%m/%d}/{read.id}.jpg"
        file = self._images / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as handle:
            handle.write(jpeg)
            handle.flush()
            os.fsync(handle.fileno())
        return path


def _to_message(camera: str, vendor_read: VendorRead, received_us: int) -> PlateRead:
    jpeg = vendor_read.image_jpeg
    image = ImageRef(sha256=hashlib.sha256(jpeg).hexdigest(), size_bytes=len(jpeg)) if jpeg else None
    off = clock_is_off(vendor_read.captured_us, received_us)
    return PlateRead(
        id=str(uuid.uuid4()),
        camera=camera,
        plate=vendor_read.plate,
        captured_at=to_datetime(received_us if off else vendor_read.captured_us),
        received_at=to_datetime(received_us),
        vendor=vendor_read.vendor,
        confidence=vendor_read.confidence,
        direction=vendor_read.direction,
        lane=vendor_read.lane,
        speed_kmh=vendor_read.speed_kmh,
        vehicle_type=vendor_read.vehicle_type,
        vehicle_color=vendor_read.vehicle_color,
        image=image,
        camera_clock=to_datetime(vendor_read.captured_us).isoformat() if off else None,
    )


def _insert(
    transaction: sqlite3.Connection, read: PlateRead, vendor_event: str, image_path: str | None
) -> None:
    transaction.execute(
        "INSERT INTO plate_read(id, camera, plate, captured_us, received_us, image_path, data, vendor_event) "
        "VALUES (?,?,?,?,?,?,?,?)",
        (
            read.id,
            read.camera,
            read.plate,
            to_us(read.captured_at),
            to_us(read.received_at),
            image_path,
            msgspec.json.encode(read),
            vendor_event,
        ),
    )


def _stored(row: sqlite3.Row) -> StoredRead:
    return StoredRead(row[0], msgspec.json.decode(row[1], type=PlateRead), row[2])
