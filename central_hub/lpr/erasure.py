"""Erasure of a plate at a person's request (LGPD, art. 18, VI), here and at the boxes.

The entry in the audit trail is the proof, with a keyed digest in place of the plate that is gone.
"""

from dataclasses import dataclass

from django.utils import timezone

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, require_governs
from central_hub.lpr import box_erasures, exports
from central_hub.lpr.models import AccessRequest, Plate, PlateRead, WatchlistHit
from central_hub.lpr.privacy import plate_digest, whole_plate
from central_hub.lpr.retention import forget_plates, remove_reads


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
    if not held:
        WatchlistHit.objects.filter(city_id=city.pk, plate__in=spellings).delete()
    forget_plates(Plate.objects.filter(city_id=city.pk, plate__in=spellings))
    digest = plate_digest(spellings)
    exported = exports.forget_of_city(city.pk, city.code)
    boxes = box_erasures.order(city.pk, spellings, digest, timezone.now())
    AccessRequest.objects.filter(city_id=city.pk, plate_digest=digest).update(plate="")
    details = {"reference": reference, "removed": removed, "held": held, "boxes": boxes, "exports": exported}
    audit.record(caller, "plate-erased", digest, city_code=city.code, details=details)
    box_erasures.tell_boxes(city.pk)
    return Erasure(removed, held, digest, boxes)
