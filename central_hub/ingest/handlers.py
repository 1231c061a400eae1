"""Which context stores the events of which stream."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from central_hub.audit import services as audit
from central_hub.audit.domain import Fact
from central_hub.cities import services as cities
from central_hub.cities.services import NodeRef
from central_hub.fleet import services as fleet
from central_hub.ingest import figures
from central_hub.ingest.domain import Event, Refusal
from central_hub.lpr import services as lpr
from central_hub.streaming import services as streaming
from central_hub.streaming.domain import CoverageChange, Span
from protocol.messages import CoverageSpan, PlateRead, Purged
from protocol.topics import Stream

log = structlog.get_logger()

#: A line of a log is cut by those who carry it, at 16 kB by Docker.
IDS_A_LINE = 200

#: Stores the events; returns those it refuses, and the numbers of plate reads with an image on the box.
Handler = Callable[[NodeRef, Sequence[Event]], tuple[list[Refusal], list[int]]]


def plate_reads(node: NodeRef, events: Sequence[Event]) -> tuple[list[Refusal], list[int]]:
    reads = [lpr.NewRead(event.seq, camera, event.data) for event, camera in _with_camera(events)]
    unusable, with_images = lpr.store_reads(node.city_id, node.id, reads)
    taken = [read.read for read in reads if read.seq not in unusable]
    transaction.on_commit(lambda: _note_reads(node, taken))
    return [Refusal(seq, reason) for seq, reason in unusable.items()], with_images


def _note_reads(node: NodeRef, taken: Sequence[PlateRead]) -> None:
    """What was committed is counted and told by its ids, which the box has told too (`lpr_reads_kept`)."""
    figures.note_reads(node.address.city, (read.received_at for read in taken))
    for first in range(0, len(taken), IDS_A_LINE):
        ids = [read.id for read in taken[first : first + IDS_A_LINE]]
        log.info("plate_reads_stored", node=str(node.address), reads=ids)


def coverage(node: NodeRef, events: Sequence[Event]) -> tuple[list[Refusal], list[int]]:
    told = [(event, camera, _reason(event.data)) for event, camera in _with_camera(events)]
    streaming.take_coverage(
        node.id,
        (
            (camera, CoverageChange(event.seq, Span(event.data.start, event.data.end), bool(reason)))
            for event, camera, reason in told
        ),
    )
    forced_out = [event.data.end for event, _, reason in told if reason == "disk-floor"]
    if forced_out:
        fleet.footage_forced_out(node.id, max(forced_out))
    return [], []


def _reason(data: CoverageSpan | Purged) -> str:
    """Why the footage is gone; empty if it is there."""
    return data.reason if isinstance(data, Purged) else ""


def camera_status(node: NodeRef, events: Sequence[Event]) -> tuple[list[Refusal], list[int]]:
    streaming.store_camera_status([(camera, event.data) for event, camera in _with_camera(events)])
    return [], []


def audit_events(node: NodeRef, events: Sequence[Event]) -> tuple[list[Refusal], list[int]]:
    """What was done at the box's console enters the hub's chain in the order the box wrote it."""
    audit.append(
        [
            Fact(
                at=event.data.at,
                actor=event.data.actor,
                action=event.data.action,
                target=event.data.target,
                city_code=node.address.city,
                details=_told_by(node, event),
            )
            for event in sorted(events, key=lambda event: event.seq)
        ]
    )
    return [], []


def _told_by(node: NodeRef, event: Event) -> dict[str, Any]:
    details = {"box": str(node.address), "seq": event.seq}
    return details | {"purpose": event.data.purpose} if event.data.purpose else details


def added_cameras(node: NodeRef, events: Sequence[Event]) -> tuple[list[Refusal], list[int]]:
    """What the prefeitura cannot take is refused to the box; what has no usable id is a dead letter."""
    dead = []
    for event in sorted(events, key=lambda event: event.seq):
        try:
            camera_id = UUID(event.data.id)
        except ValueError:
            dead.append(Refusal(event.seq, f"{event.data.id!r} is not the id of a camera"))
            continue
        cities.adopt_camera(node, camera_id, event.data)
    return dead, []


HANDLERS: dict[Stream, Handler] = {
    Stream.CAMERA_ADDED: added_cameras,
    Stream.LPR: plate_reads,
    Stream.COVERAGE: coverage,
    Stream.CAMERA_STATUS: camera_status,
    Stream.AUDIT: audit_events,
}

#: What becomes of a stream's events when none that was made before them can come any more:
#: called after each batch, with the number up to which that is so.
SETTLERS: dict[Stream, Callable[[NodeRef, int], None]] = {
    Stream.COVERAGE: lambda node, through: streaming.settle_coverage(node.city_id, node.id, through),
}


def _with_camera(events: Sequence[Event]) -> list[tuple[Event, UUID]]:
    return [(event, event.camera_id) for event in events if event.camera_id is not None]
