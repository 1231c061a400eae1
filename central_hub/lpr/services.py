"""Use cases about plate reads: searching them, and getting their images from the boxes."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from redis.exceptions import RedisError

from central_hub import objects
from central_hub.audit import services as audit
from central_hub.fleet import services as fleet
from central_hub.kernel import Caller, Unavailable
from central_hub.lpr.domain import PlatePattern, UnusableRead, check_read, image_key, normalise_plate
from central_hub.lpr.models import PlateRead
from protocol import messages
from protocol.messages import ImageUpload, Reply, UploadImages

log = structlog.get_logger()

#: Seconds within which a repeated search is the same look at the same list.
SAME_SEARCH_S = 600

#: As many as one UploadImages command holds.
IMAGES_PER_COMMAND = 200

#: A box that has not delivered an image by then is asked again.
ASK_AGAIN_AFTER = timedelta(seconds=20)

#: Presigned addresses work this long: an image can wait for a slow link.
UPLOAD_WITHIN = timedelta(minutes=15)

#: Images older than this are given up: the box's retention has taken them.
GIVE_UP_AFTER = timedelta(days=30)


class Position(NamedTuple):
    """Where a page ended."""

    captured_at: datetime
    id: int


@dataclass(frozen=True)
class ReadSearch:
    """What to look for; None means any."""

    plate: str = ""
    since: datetime | None = None
    until: datetime | None = None
    camera: uuid.UUID | None = None
    city: str | None = None


@dataclass(frozen=True)
class NewRead:
    """A plate read as it came from a box, with the camera it names."""

    seq: int
    camera_id: uuid.UUID
    read: messages.PlateRead


# --- storing ------------------------------------------------------------------


@transaction.atomic
def store_reads(city_id: int, node_id: uuid.UUID, new: Sequence[NewRead]) -> tuple[dict[int, str], list[int]]:
    """Store each read once. Returns why some cannot be (by seq), and the ids of those with an image."""
    rows, unusable = [], {}
    for item in new:
        try:
            rows.append(_row(city_id, node_id, item))
        except UnusableRead as error:
            unusable[item.seq] = str(error)
    PlateRead.objects.bulk_create(rows, ignore_conflicts=True)
    imaged = [row.seq for row in rows if row.image_sha256]
    ids = PlateRead.objects.filter(city_id=city_id, node_id=node_id, seq__in=imaged, image_stored_at=None)
    return unusable, list(ids.values_list("id", flat=True)) if imaged else []


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
        image_sha256=read.image.sha256 if read.image else "",
        image_size_bytes=read.image.size_bytes if read.image else None,
    )


# --- search -------------------------------------------------------------------


def search_reads(
    caller: Caller, search: ReadSearch, after: Position | None, limit: int
) -> tuple[list[PlateRead], Position | None]:
    """One page, newest first, and where the next one starts. Searches are audited."""
    pattern = PlatePattern.parse(search.plate)
    reads = PlateRead.objects.visible_to(caller).filter(_conditions(search, pattern))
    if after is not None:
        # A row comparison would be shorter; this form lets the index start at `captured_at`.
        reads = reads.filter(captured_at__lte=after.captured_at).exclude(
            captured_at=after.captured_at, id__gte=after.id
        )
    rows = list(reads.select_related("camera", "city").order_by("-captured_at", "-id")[: limit + 1])
    found, more = rows[:limit], len(rows) > limit
    _audit_search(caller, search, after, len(found))
    return found, Position(found[-1].captured_at, found[-1].id) if more else None


def _audit_search(caller: Caller, search: ReadSearch, after: Position | None, results: int) -> None:
    """One entry per search of a person, not one per second of a list that refreshes itself.

    The same search by the same person is recorded again after SAME_SEARCH_S; without the
    cache, every time.
    """
    filters = {key: str(value) for key, value in asdict(search).items() if value}
    what = f"{caller.username} {sorted(filters.items())} {after}"
    key = f"plate-search-audited:{hashlib.sha256(what.encode()).hexdigest()}"
    try:
        first = cache.add(key, True, SAME_SEARCH_S)
    except RedisError:
        first = True
    if first:
        details = {"filters": filters, "results": results, "continued": after is not None}
        audit.record(caller, "plate-search", search.plate, city_code=search.city or "", details=details)


def _conditions(search: ReadSearch, pattern: PlatePattern | None) -> Q:
    where = Q()
    if pattern is not None:
        where &= Q(plate=pattern.text) if pattern.exact else Q(plate__matches=pattern.like)
    if search.since is not None:
        where &= Q(captured_at__gte=search.since)
    if search.until is not None:
        where &= Q(captured_at__lt=search.until)
    if search.camera is not None:
        where &= Q(camera_id=search.camera)
    if search.city is not None:
        where &= Q(city__code=search.city)
    return where


def image_url(read: PlateRead) -> str | None:
    """An address of the evidence image, good for minutes; None while the image is not here."""
    if read.image_stored_at is None:
        return None
    return objects.presigned_get(image_key(read.city.code, read.id, read.captured_at))


# --- images ---------------------------------------------------------------------


def request_images(node_id: uuid.UUID, read_ids: Sequence[int]) -> int:
    """Ask an online box for the images of these reads; how many were asked for."""
    reads = list(
        PlateRead.objects.filter(node_id=node_id, id__in=read_ids, image_stored_at__isnull=True)
        .exclude(image_sha256="")
        .select_related("city")
    )
    for first in range(0, len(reads), IMAGES_PER_COMMAND):
        _ask_for(node_id, reads[first : first + IMAGES_PER_COMMAND])
    return len(reads)


def _ask_for(node_id: uuid.UUID, reads: Sequence[PlateRead]) -> None:
    # Noted before it is sent: a crash in between delays the image, it doesn't ask in a storm.
    ids = [read.id for read in reads]
    PlateRead.objects.filter(id__in=ids).update(image_requested_at=timezone.now())
    uploads = [
        ImageUpload(
            read.edge_id,
            objects.presigned_put(image_key(read.city.code, read.id, read.captured_at), UPLOAD_WITHIN),
        )
        for read in reads
    ]
    try:
        fleet.send_command(node_id, UploadImages(uploads), requester="hub", within=UPLOAD_WITHIN)
    except Unavailable:
        log.warning("image_request_not_sent", node=str(node_id), images=len(uploads))


def request_missing_images(per_node: int = IMAGES_PER_COMMAND) -> int:
    """Ask the boxes that are in contact again for what they still owe; how many images."""
    now = timezone.now()
    due = (
        PlateRead.objects.filter(
            image_stored_at__isnull=True,
            node_id__in=fleet.online_nodes(),
            stored_at__range=(now - GIVE_UP_AFTER, now - ASK_AGAIN_AFTER),
        )
        .exclude(image_sha256="")
        .exclude(image_requested_at__gt=now - ASK_AGAIN_AFTER)
        .order_by("-id")
        .values_list("node_id", "id")
    )
    owed: dict[uuid.UUID, list[int]] = defaultdict(list)
    for node_id, read_id in due[: per_node * 50]:
        if len(owed[node_id]) < per_node:
            owed[node_id].append(read_id)
    return sum(request_images(node_id, ids) for node_id, ids in owed.items())


@transaction.atomic
def images_uploaded(node_id: uuid.UUID, reply: Reply) -> None:
    """The box says which images it has put into the store. It can speak of its own reads only."""
    PlateRead.objects.filter(
        node_id=node_id, edge_id__in=reply.uploaded, image_stored_at__isnull=True
    ).exclude(image_sha256="").update(image_stored_at=timezone.now())
