"""Evidence images: asked for from the boxes, and shown by addresses that are good for minutes."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from central_hub import objects
from central_hub.fleet import services as fleet
from central_hub.kernel import Unavailable
from central_hub.lpr.domain import image_key
from central_hub.lpr.models import PlateRead
from protocol.messages import ImageUpload, Reply, UploadImages

log = structlog.get_logger()

#: As many as one UploadImages command holds.
IMAGES_PER_COMMAND = 200

#: A box that has not delivered an image by then is asked again.
ASK_AGAIN_AFTER = timedelta(seconds=20)

#: A command that has no answer by then is taken for lost.
ANSWERED_WITHIN = timedelta(minutes=1)

#: Presigned addresses work this long: an image can wait for a slow link.
UPLOAD_WITHIN = timedelta(minutes=15)

#: Images older than this are given up: the box's retention has taken them.
GIVE_UP_AFTER = timedelta(days=30)


def image_url(read: PlateRead) -> str | None:
    """An address of the evidence image, good for minutes; None while the image is not here."""
    if read.image_stored_at is None:
        return None
    return objects.presigned_get(key_of(read))


def key_of(read: PlateRead) -> str:
    """Its place in the object store."""
    return image_key(read.city.code, read.id, read.captured_at)


def request_images(node_id: uuid.UUID, seqs: Sequence[int]) -> int:
    """Ask an online box for the images of the reads with these numbers; how many were asked for."""
    reads = list(_owed().filter(node_id=node_id, seq__in=seqs).select_related("city"))
    for first in range(0, len(reads), IMAGES_PER_COMMAND):
        _ask_for(node_id, reads[first : first + IMAGES_PER_COMMAND])
    return len(reads)


def _owed() -> "QuerySet[PlateRead]":
    return PlateRead.objects.filter(image_stored_at__isnull=True).exclude(image_sha256="")


def _ask_for(node_id: uuid.UUID, reads: Sequence[PlateRead]) -> None:
    # Noted before it is sent: a crash in between delays the image, it doesn't ask in a storm.
    asked = _owed().filter(node_id=node_id, edge_id__in=[read.edge_id for read in reads])
    asked.update(image_requested_at=timezone.now())
    uploads = [
        ImageUpload(read.edge_id, objects.presigned_put(key_of(read), UPLOAD_WITHIN)) for read in reads
    ]
    try:
        fleet.send_command(node_id, UploadImages(uploads), requester="hub", within=UPLOAD_WITHIN)
    except Unavailable:
        log.warning("image_request_not_sent", node=str(node_id), images=len(uploads))


def request_missing_images(per_node: int = IMAGES_PER_COMMAND) -> int:
    """Ask the boxes that are in contact again for what they still owe; how many images."""
    due = _due(timezone.now()).filter(node_id__in=fleet.online_nodes()).values_list("node_id", "seq")
    owed: dict[uuid.UUID, list[int]] = defaultdict(list)
    for node_id, seq in due[: per_node * 50]:
        if len(owed[node_id]) < per_node:
            owed[node_id].append(seq)
    return sum(request_images(node_id, seqs) for node_id, seqs in owed.items())


def request_next_images(node_id: uuid.UUID) -> int:
    """Ask a box that has just delivered for what it owes from before; how many images.

    One command at a time: a line is asked for what it carries, and an outage's pictures do not wait for
    the periodic job after each command.
    """
    now = timezone.now()
    if fleet.awaits_reply(node_id, UploadImages, now - ANSWERED_WITHIN):
        return 0
    due = _due(now).filter(node_id=node_id).values_list("seq", flat=True)
    return request_images(node_id, list(due[:IMAGES_PER_COMMAND]))


def _due(now: datetime) -> "QuerySet[PlateRead]":
    """Owed, and not asked for a moment ago; the newest first."""
    owed = _owed().filter(stored_at__range=(now - GIVE_UP_AFTER, now - ASK_AGAIN_AFTER))
    return owed.exclude(image_requested_at__gt=now - ASK_AGAIN_AFTER).order_by("-captured_at", "-id")


@transaction.atomic
def images_uploaded(node_id: uuid.UUID, reply: Reply) -> None:
    """The box says which images it has put into the store. It can speak of its own reads only."""
    _owed().filter(node_id=node_id, edge_id__in=reply.uploaded).update(image_stored_at=timezone.now())
