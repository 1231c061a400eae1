"""Plate reads enter: each is stored once, in the transaction of ingest.

Exactly once stands on two legs. Ingest keeps the sequence numbers that it has of each box and
stream in one row, locked while it stores (ingest.models.StreamCursor): that alone is enough.
Should it ever fail, the table refuses the second row: its unique key is (node, seq,
captured_at), and because a box never rewrites an event, a number comes always with the same
instant, hence into the same partition.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from central_hub.lpr.domain import UnusableRead, check_read, normalise_plate
from central_hub.lpr.models import Plate, PlateRead
from protocol import messages
from protocol.plates import fold


@dataclass(frozen=True)
class NewRead:
    """A plate read as it came from a box, with the camera it names."""

    seq: int
    camera_id: uuid.UUID
    read: messages.PlateRead


@transaction.atomic
def store_reads(city_id: int, node_id: uuid.UUID, new: Sequence[NewRead]) -> tuple[dict[int, str], list[int]]:
    """Store each read once. Returns why some cannot be, by number, and the numbers of those with an image."""
    rows, unusable = [], {}
    for item in new:
        try:
            rows.append(_row(city_id, node_id, item))
        except UnusableRead as error:
            unusable[item.seq] = str(error)
    _store_plates(city_id, {row.plate for row in rows})
    PlateRead.objects.bulk_create(rows, ignore_conflicts=True)
    return unusable, [row.seq for row in rows if row.image_sha256]


def _store_plates(city_id: int, plates: set[str]) -> None:
    # In order: two workers that store the same plates wait for one another, never in a circle.
    Plate.objects.bulk_create(
        [Plate(city_id=city_id, plate=plate, folded=fold(plate)) for plate in sorted(plates)],
        ignore_conflicts=True,
    )


def _row(city_id: int, node_id: uuid.UUID, new: NewRead) -> PlateRead:
    read = new.read
    check_read(read)
    return PlateRead(
        city_id=city_id,
        node_id=node_id,
        seq=new.seq,
        camera_id=new.camera_id,
        edge_id=read.id,
        plate=normalise_plate(read.plate),
        confidence=read.confidence,
        captured_at=read.captured_at,
        received_at=read.received_at,
        vendor=read.vendor,
        direction=read.direction,
        lane=read.lane,
        speed_kmh=read.speed_kmh,
        vehicle_type=read.vehicle_type,
        vehicle_color=read.vehicle_color,
        vehicle_make=read.vehicle_make,
        vehicle_model=read.vehicle_model,
        country=read.country,
        region=read.region,
        camera_at=read.camera_at if read.clock_off else None,
        repeat_of=read.group if read.group != read.id else None,
        candidates=[[other.plate, other.confidence] for other in read.candidates] or None,
        image_sha256=read.image.sha256 if read.image else "",
        image_size_bytes=read.image.size_bytes if read.image else None,
    )
