"""Plate reads enter: each is stored once, in the transaction of ingest.

Exactly once stands on two legs. Ingest keeps the sequence numbers that it has of each box and
stream in one row, locked while it stores (ingest.models.StreamCursor): that alone is enough.
Should it ever fail, the table refuses the second row: its unique key is (node, seq,
captured_at), and because a box never rewrites an event, a number comes always with the same
instant, hence into the same partition.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Json

from central_hub.lpr.alerts import raise_alerts
from central_hub.lpr.domain import UnusableRead, check_read, normalise_plate
from central_hub.lpr.watchlist import WatchedRead, record_hits
from protocol import messages
from protocol.plates import fold

_COLUMNS = (
    "city_id, node_id, seq, camera_id, edge_id, plate, confidence, captured_at, received_at, stored_at,"
    " vendor, direction, lane, speed_kmh, vehicle_type, vehicle_color, vehicle_make, vehicle_model, country,"
    " region, camera_at, camera_clock, repeat_of, candidates, image_sha256, image_size_bytes"
)

# COPY takes a batch in a third of the time that the ORM needs for it, and knows no ON CONFLICT:
# so it goes into a table of this connection first, empty again after the commit.
_INCOMING = f"""
    CREATE TEMPORARY TABLE IF NOT EXISTS lpr_incoming ON COMMIT DELETE ROWS
    AS SELECT {_COLUMNS}, plate AS folded FROM lpr_plateread WITH NO DATA;
    DELETE FROM lpr_incoming
"""  # noqa: S608

# In order: two workers that store the same plates wait for one another, never in a circle.
_STORE_PLATES = """
    INSERT INTO lpr_plate (city_id, plate, folded, first_captured_at)
    SELECT city_id, plate, folded, min(captured_at) FROM lpr_incoming GROUP BY 1, 2, 3 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
"""

# Apart, because ON CONFLICT DO UPDATE writes to each row that it finds, also where it changes nothing.
_STORE_FIRST = """
    WITH earlier AS (
        SELECT known.city_id, known.plate, came.at
        FROM lpr_plate AS known
        JOIN (SELECT city_id, plate, min(captured_at) AS at FROM lpr_incoming GROUP BY 1, 2) AS came
            USING (city_id, plate)
        WHERE came.at < known.first_captured_at
        ORDER BY known.city_id, known.plate FOR UPDATE OF known
    )
    UPDATE lpr_plate SET first_captured_at = earlier.at FROM earlier
    WHERE lpr_plate.city_id = earlier.city_id AND lpr_plate.plate = earlier.plate
"""

_STORE_READS = f"""
    INSERT INTO lpr_plateread ({_COLUMNS}) SELECT {_COLUMNS} FROM lpr_incoming
    ON CONFLICT DO NOTHING
"""  # noqa: S608


@dataclass(frozen=True)
class NewRead:
    """A plate read as it came from a box, with the camera it names."""

    seq: int
    camera_id: uuid.UUID
    read: messages.PlateRead


@transaction.atomic
def store_reads(city_id: int, node_id: uuid.UUID, new: Sequence[NewRead]) -> tuple[dict[int, str], list[int]]:
    """Store each read once. Returns why some cannot be, by number, and the numbers of those with an image."""
    rows, unusable, imaged = [], {}, []
    now = timezone.now()
    for item in new:
        try:
            rows.append((city_id, node_id, item.seq, item.camera_id, *_columns(item.read, now)))
        except UnusableRead as error:
            unusable[item.seq] = str(error)
            continue
        if item.read.image is not None:
            imaged.append(item.seq)
    _store(rows)
    stored = [item for item in new if item.seq not in unusable]
    watched = [WatchedRead(item.read, item.camera_id, normalise_plate(item.read.plate)) for item in stored]
    if hits := record_hits(city_id, node_id, watched):
        raise_alerts(hits)
    return unusable, imaged


def _store(rows: Iterable[Sequence[Any]]) -> None:
    """Raises django.db.DataError if PostgreSQL refuses a value."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(_INCOMING)
        with cursor.copy(f"COPY lpr_incoming ({_COLUMNS}, folded) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_STORE_PLATES)
        cursor.execute(_STORE_FIRST)
        cursor.execute(_STORE_READS)


def _columns(read: messages.PlateRead, now: datetime) -> tuple[Any, ...]:
    check_read(read)
    plate = normalise_plate(read.plate)
    candidates = [[other.plate, other.confidence] for other in read.candidates]
    return (
        read.id,
        plate,
        read.confidence,
        read.captured_at,
        read.received_at,
        now,
        read.vendor,
        read.direction,
        read.lane,
        read.speed_kmh,
        read.vehicle_type,
        read.vehicle_color,
        read.vehicle_make,
        read.vehicle_model,
        read.country,
        read.region,
        read.camera_at if read.clock_off else None,
        read.camera_clock,
        read.group if read.group != read.id else None,
        Json(candidates) if candidates else None,
        read.image.sha256 if read.image else "",
        read.image.size_bytes if read.image else None,
        fold(plate),
    )
