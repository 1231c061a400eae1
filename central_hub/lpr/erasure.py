"""Erasure of a plate at a person's request (LGPD, art. 18, VI), here and at the boxes.

The entry in the audit trail is the proof, with a keyed digest in place of the plate that is gone.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from central_hub import events
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, NotPermitted, Permission, may, require_governs
from central_hub.lpr import box_erasures, exports
from central_hub.lpr.models import Plate, PlateRead, WatchlistHit
from central_hub.lpr.privacy import plate_digest, whole_plate
from central_hub.lpr.retention import forget_plates, remove_reads
from central_hub.lpr.retention import held as protected
from central_hub.lpr.saved import forget_searches


@dataclass(frozen=True)
class Erasure:
    """What became of a request."""

    removed: int
    #: Reads that a legal hold protects, and that stayed.
    held: int
    #: By this the request is found in the audit trail.
    digest: str
    #: Boxes of the city that are told to forget it too; each leaves its own entry in the trail.
    boxes: int


def erase(caller: Caller, city_code: str, plate: str, reference: str) -> Erasure:
    """Remove what a city has of a plate, in both spellings, but for what a hold protects.

    Not one transaction: reads go some thousands at a time, with their images. Asked for again
    after a crash, it goes on, and the proof is written when nothing is left to remove.
    """
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    spellings = whole_plate(plate)
    reads = PlateRead.objects.visible_to(caller).filter(city_id=city.pk, plate__in=spellings)
    removed = remove_reads(reads)
    held = reads.count()
    WatchlistHit.objects.filter(city_id=city.pk, plate__in=spellings).exclude(protected()).delete()
    forget_searches(city.pk, spellings)
    forget_plates(Plate.objects.filter(city_id=city.pk, plate__in=spellings))
    digest = plate_digest(spellings)
    exported = exports.forget_of_city(city.pk, city.code)
    boxes = box_erasures.order(city.pk, spellings, digest, timezone.now())
    details = {"reference": reference, "removed": removed, "held": held, "boxes": boxes, "exports": exported}
    with transaction.atomic():
        audit.record(caller, "plate-erased", digest, city_code=city.code, details=details)
        events.plate_erased.send(
            sender=PlateRead, city_id=city.pk, caller=caller, digest=digest, details=details
        )
    box_erasures.tell_boxes(city.pk)
    return Erasure(removed, held, digest, boxes)


#: As many as a page shows; older ones are in the audit trail.
SHOWN = 200

_DONE, _AT_BOX = "plate-erased", "plate-erased-at-box"


@dataclass(frozen=True)
class Proof:
    """An erasure as the audit trail has it; `boxes_done` of its boxes have said that nothing is left."""

    at: datetime
    by: str
    city_code: str
    digest: str
    reference: str
    removed: int
    held: int
    boxes: int
    boxes_done: int


def proofs(caller: Caller, city_code: str) -> list[Proof]:
    """The newest ones of a city, or of all that the caller sees where `city_code` is empty."""
    codes = _readable(caller, city_code)
    done = audit.newest_of([_DONE], codes, SHOWN)
    at_boxes = Counter(
        (fact.city_code, fact.target, fact.details["node"])
        for fact in audit.newest_of([_AT_BOX], codes, SHOWN * 10)
    )
    boxes = Counter((city, digest) for city, digest, _ in at_boxes)
    return [
        Proof(
            at=fact.at,
            by=fact.actor,
            city_code=fact.city_code,
            digest=fact.target,
            reference=fact.details["reference"],
            removed=fact.details["removed"],
            held=fact.details["held"],
            boxes=fact.details.get("boxes", 0),
            boxes_done=boxes[fact.city_code, fact.target],
        )
        for fact in done
    ]


def _readable(caller: Caller, city_code: str) -> list[str] | None:
    if may(caller, Permission.READ_AUDIT):
        return [city_code] if city_code else None
    if not may(caller, Permission.GOVERN):
        raise NotPermitted("Seu papel não permite ver as eliminações.")
    own = cities.own_code(caller)
    return [own] if city_code in ("", own) else []
