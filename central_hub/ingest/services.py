"""Storing what the boxes publish: one transaction for each message.

Invariant: a sequence number is in `StreamCursor.received` if and only if its event is
stored, or in the dead letters. Both are written in one transaction, under a lock on
the cursor's row; the Ack is made from what was committed, and published after that.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DataError, transaction
from django.db.models import F
from django.utils import timezone
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from central_hub.cities import services as cities
from central_hub.cities.services import NodeRef
from central_hub.fleet import certificates
from central_hub.fleet import services as fleet
from central_hub.ingest import domain
from central_hub.ingest.domain import Event, Refusal
from central_hub.ingest.handlers import HANDLERS, SETTLERS, Handler
from central_hub.ingest.models import DeadLetter, StreamCursor
from central_hub.kernel import InvalidInput
from central_hub.streaming import services as streaming
from protocol.delivery import SeqRange, merge, settled_through, to_ranges
from protocol.messages import (
    Ack,
    Batch,
    CertificateRequest,
    Health,
    InvalidMessage,
    NodeStatus,
    OutboxEvent,
    Reply,
    decode,
)
from protocol.topics import Stream

#: Enough of a payload to see what is wrong with it.
KEPT_PAYLOAD_BYTES = 64 * 1024


class Refused(Exception):
    """A whole payload that cannot be taken; the text says why."""


@dataclass(frozen=True)
class Stored:
    """What became of a batch."""

    ack: Ack
    new: int = 0
    refused: int = 0
    repeated: int = 0
    #: Numbers of new plate reads whose image lies on the box.
    with_images: list[int] = field(default_factory=list)


def store_batch(node: NodeRef, stream: Stream, topic: str, payload: bytes) -> Stored:
    """Store a batch of an outbox stream. Raises Refused; a database error means that nothing was stored."""
    try:
        batch = decode(payload, Batch)
        domain.check_seqs(batch.events)
    except (InvalidMessage, domain.Unstorable) as error:
        raise Refused(str(error)) from None
    with transaction.atomic():
        cursor = _locked_cursor(node, stream)
        held = _to_seq_ranges(cursor.received)
        new = domain.unseen(batch.events, held)
        refusals, with_images = _store_events(node, stream, new)
        _keep_dead_letters(node, topic, new, refusals)
        held = merge(held, to_ranges(event.seq for event in new))
        if new:
            cursor.received = _to_multirange(held)
            cursor.save(update_fields=["received"])
        if settle := SETTLERS.get(stream):
            settle(node, settled_through(held, batch.oldest))
    repeated = len(batch.events) - len(new)
    return Stored(Ack(stream, held), len(new), len(refusals), repeated, with_images)


def take_health(node: NodeRef, payload: bytes) -> None:
    """Raises Refused."""
    try:
        health = decode(payload, Health)
        domain.check_storable(health)
    except (InvalidMessage, domain.Unstorable) as error:
        raise Refused(str(error)) from None
    with transaction.atomic():
        fleet.node_health(node.id, health)
        streaming.store_camera_health(node.city_id, health.cameras, health.at)


def take_status(node: NodeRef, payload: bytes) -> tuple[NodeStatus, bool]:
    """The presence message, and whether the node came online by it. Raises Refused."""
    try:
        status = decode(payload, NodeStatus)
    except InvalidMessage as error:
        raise Refused(str(error)) from None
    return status, fleet.node_status(node.id, status)


def take_reply(node: NodeRef, payload: bytes) -> bool:
    """Whether the box has delivered images that it was asked for. Raises Refused."""
    try:
        reply = decode(payload, Reply)
        domain.check_storable(reply)
    except (InvalidMessage, domain.Unstorable) as error:
        raise Refused(str(error)) from None
    return fleet.take_reply(node.id, reply) and bool(reply.uploaded)


def renew_certificate(node: NodeRef, payload: bytes) -> str:
    """The box's next certificate, in PEM. Raises Refused."""
    try:
        return certificates.renew(node.id, decode(payload, CertificateRequest).csr_pem)
    except (InvalidMessage, InvalidInput) as error:
        raise Refused(str(error)) from None


@transaction.atomic
def keep_refused_payload(node: NodeRef | None, topic: str, payload: bytes, reason: str) -> None:
    """The same payload again only counts up: a box repeats what is not acknowledged."""
    digest = hashlib.sha256(payload).hexdigest()
    row, created = DeadLetter.objects.get_or_create(
        topic=topic,
        seq=None,
        payload_sha256=digest,
        defaults={
            "node_id": node.id if node else None,
            "reason": reason,
            "payload": payload[:KEPT_PAYLOAD_BYTES],
        },
    )
    if not created:
        DeadLetter.objects.filter(pk=row.pk).update(times=F("times") + 1, at=timezone.now())


def _locked_cursor(node: NodeRef, stream: Stream) -> StreamCursor:
    StreamCursor.objects.bulk_create(
        [StreamCursor(node_id=node.id, stream=stream.value)], ignore_conflicts=True
    )
    return StreamCursor.objects.select_for_update().get(node_id=node.id, stream=stream.value)


def _store_events(
    node: NodeRef, stream: Stream, new: Sequence[OutboxEvent]
) -> tuple[list[Refusal], list[int]]:
    events, refused = domain.decode_events(stream, new)
    events, strangers = _of_this_city(node, events)
    more, with_images = _store_or_bisect(HANDLERS[stream], node, events)
    return [*refused, *strangers, *more], with_images


def _of_this_city(node: NodeRef, events: Sequence[Event]) -> tuple[list[Event], list[Refusal]]:
    """Leave out events of cameras that are not this city's."""
    named = {event.camera_id for event in events if event.camera_id is not None}
    known = cities.camera_ids_of_city(node.city_id, named) if named else set()
    kept, refused = [], []
    for event in events:
        if event.camera_id is None or event.camera_id in known:
            kept.append(event)
        else:
            refused.append(Refusal(event.seq, f"the city has no camera {event.camera_id}"))
    return kept, refused


def _store_or_bisect(
    handler: Handler, node: NodeRef, events: Sequence[Event]
) -> tuple[list[Refusal], list[int]]:
    """Store all at once; if PostgreSQL refuses a value nobody thought of, find the one event that has it."""
    if not events:
        return [], []
    try:
        with transaction.atomic():
            return handler(node, events)
    except (DataError, ValueError) as error:
        if len(events) == 1:
            return [Refusal(events[0].seq, f"{type(error).__name__}: {error}")], []
    half = len(events) // 2
    first, first_ids = _store_or_bisect(handler, node, events[:half])
    second, second_ids = _store_or_bisect(handler, node, events[half:])
    return first + second, first_ids + second_ids


def _keep_dead_letters(
    node: NodeRef, topic: str, events: Sequence[OutboxEvent], refusals: Sequence[Refusal]
) -> None:
    data = {event.seq: bytes(event.data) for event in events}
    DeadLetter.objects.bulk_create(
        DeadLetter(
            node_id=node.id,
            topic=topic,
            seq=refusal.seq,
            reason=refusal.reason.replace("\0", ""),
            payload=data[refusal.seq][:KEPT_PAYLOAD_BYTES],
            payload_sha256=hashlib.sha256(data[refusal.seq]).hexdigest(),
        )
        for refusal in refusals
    )


def _to_seq_ranges(received: "Multirange[int]") -> list[SeqRange]:
    """PostgreSQL gives integer ranges half-open: [low, high + 1)."""
    return [(part.lower, part.upper - 1) for part in received if part.lower and part.upper]


def _to_multirange(ranges: Sequence[SeqRange]) -> "Multirange[int]":
    return Multirange([Range(low, high + 1) for low, high in ranges])


def dead_letters() -> int:
    """How many messages and events could not be taken."""
    return DeadLetter.objects.count()
