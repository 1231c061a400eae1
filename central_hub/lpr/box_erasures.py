"""An erasure reaches the boxes too: each of the city's is told to forget the plate, until it says it has.

A box that is away is told when it is back. Its backlog may still bring reads of before; the box says
that nothing waits any more, and then they go here as well, before the order itself is forgotten.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.fleet import services as fleet
from central_hub.kernel import Unavailable
from central_hub.lpr.models import BoxErasure, LegalHold, Plate, PlateRead
from central_hub.lpr.retention import forget_plates, remove_reads
from protocol.messages import ErasePlate, HeldPeriod, Reply

log = structlog.get_logger()

#: A box that has not said that nothing is left is told again.
TELL_AGAIN_AFTER = timedelta(minutes=5)
#: A command that lies in the broker longer than this is not carried out; another goes out instead.
ANSWERED_WITHIN = timedelta(minutes=5)


@transaction.atomic
def order(city_id: int, spellings: Sequence[str], digest: str, before: datetime) -> int:
    """Every box of the city is to forget what it has of a plate; how many boxes that are."""
    node_ids = cities.node_ids(city_id)
    plate, *other = spellings
    for node_id in node_ids:
        BoxErasure.objects.update_or_create(
            node_id=node_id,
            plate_digest=digest,
            defaults={
                "city_id": city_id,
                "plate": plate,
                "other_spelling": other[0] if other else "",
                "before": before,
                "command_id": None,
                "sent_at": None,
            },
        )
    return len(node_ids)


def tell_boxes(city_id: int | None = None) -> int:
    """Tell the boxes in contact, of a city or all, what they are still to forget; how many orders."""
    since = timezone.now() - TELL_AGAIN_AFTER
    due = BoxErasure.objects.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=since))
    if city_id is not None:
        due = due.filter(city_id=city_id)
    return sum(_tell(one) for one in due.filter(node_id__in=fleet.online_nodes()).order_by("pk")[:500])


def _tell(erasure: BoxErasure) -> bool:
    spellings = _spellings(erasure)
    action = ErasePlate(spellings=spellings, before=erasure.before, kept=_held(erasure.city_id, spellings))
    # Noted before it is sent: the answer finds its order, however fast it comes.
    erasure.command_id, erasure.sent_at = uuid.uuid4(), timezone.now()
    erasure.save(update_fields=["command_id", "sent_at"])
    try:
        fleet.send_command(
            erasure.node_id, action, requester="hub", within=ANSWERED_WITHIN, command_id=erasure.command_id
        )
    except Unavailable:
        log.warning("box_erasure_not_sent", node=str(erasure.node_id))
        return False
    return True


def answered(node_id: uuid.UUID, command_id: uuid.UUID, reply: Reply) -> None:
    """The box has nothing left: what its backlog brought of it goes, and with it the order."""
    erasure = BoxErasure.objects.filter(node_id=node_id, command_id=command_id).select_related("node").first()
    if erasure is None or not reply.ok:
        return
    spellings = _spellings(erasure)
    late = PlateRead.objects.filter(
        city_id=erasure.city_id, plate__in=spellings, captured_at__lte=erasure.before
    )
    removed = remove_reads(late)
    forget_plates(Plate.objects.filter(city_id=erasure.city_id, plate__in=spellings))
    with transaction.atomic():
        code = cities.node_by_id(node_id).city.code
        details = {"node": erasure.node.code, "removed_late": removed}
        audit.record("hub", "plate-erased-at-box", erasure.plate_digest, city_code=code, details=details)
        erasure.delete()


def _spellings(erasure: BoxErasure) -> list[str]:
    return [text for text in (erasure.plate, erasure.other_spelling) if text]


def _held(city_id: int, spellings: Sequence[str]) -> list[HeldPeriod]:
    holds = LegalHold.objects.filter(city_id=city_id, released_at__isnull=True)
    of_plate = holds.filter(Q(plate__in=spellings) | Q(other_spelling__in=spellings))
    return [HeldPeriod(hold.since, hold.until) for hold in of_plate.order_by("since")[:1000]]
