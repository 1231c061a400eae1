"""Who sees whole plates, what a legal hold protects, and erasure at a person's request (LGPD).

Every decision is audited; an erasure leaves its entry in the audit trail as the proof, with a
keyed digest in place of the plate that is gone: who knows the plate can have it compared.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import (
    Caller,
    InvalidInput,
    NotFound,
    NotPermitted,
    Permission,
    Role,
    may,
    require,
    require_governs,
)
from central_hub.lpr import box_erasures, domain
from central_hub.lpr.matching import PlatePattern, is_exact
from central_hub.lpr.models import AccessRequest, LegalHold, Plate, PlatePolicy, PlateRead, WatchlistHit
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


# --- who sees plates ------------------------------------------------------------


def sees_plates(caller: Caller) -> bool:
    """A visualizador does not where the city says so."""
    if caller.role != Role.VISUALIZADOR:
        return True
    policy = PlatePolicy.objects.visible_to(caller).first()
    return policy is None or policy.viewers_see_plates


def require_plates(caller: Caller) -> None:
    require(caller, Permission.SEARCH_PLATES)
    if not sees_plates(caller):
        raise NotPermitted("Sua prefeitura não permite que visualizadores vejam placas inteiras.")


def require_known_plate(pattern: PlatePattern | None) -> None:
    """For those who see masked plates: character by character, wildcards would tell what the mask hides."""
    if pattern is not None and (pattern.similar or not is_exact(pattern.text)):
        raise NotPermitted(
            "Sua prefeitura só permite que visualizadores procurem placas inteiras, sem ? e *."
        )


# --- policy ---------------------------------------------------------------------


def policy_of(caller: Caller, city_code: str) -> PlatePolicy:
    """The city's policy; the defaults, unsaved, if it has none."""
    city = cities.visible_city(caller, city_code)
    found = PlatePolicy.objects.visible_to(caller).filter(city_id=city.pk).first()
    return found or PlatePolicy(city=city, retention_days=settings.GTV_PLATE_RETENTION_DAYS)


@transaction.atomic
def change_policy(
    caller: Caller, city_code: str, retention_days: int, viewers_see_plates: bool
) -> PlatePolicy:
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    domain.check_retention(retention_days)
    changes = {"retention_days": retention_days, "viewers_see_plates": viewers_see_plates}
    policy, _ = PlatePolicy.objects.update_or_create(city=city, defaults=changes)
    audit.record(caller, "plate-policy-changed", city_code, city_code=city_code, details=changes)
    return policy


# --- legal holds ----------------------------------------------------------------


def holds(caller: Caller) -> list[LegalHold]:
    """Those in force; for who governs the city."""
    found = LegalHold.objects.visible_to(caller).filter(released_at__isnull=True).select_related("city")
    if caller.role == Role.VISUALIZADOR or not may(caller, Permission.SEARCH_PLATES):
        return []
    return list(found.order_by("-id"))


@transaction.atomic
def place_hold(
    caller: Caller, city_code: str, plate: str, since: datetime, until: datetime | None, reference: str
) -> LegalHold:
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    if until is not None and since >= until:
        raise InvalidInput.in_field("until", "O fim precisa ser depois do início.")
    written, *other = whole_plate(plate)
    hold = LegalHold.objects.create(
        city=city,
        plate=written,
        other_spelling=other[0] if other else "",
        since=since,
        until=until,
        reference=reference,
        placed_by=caller.username,
    )
    details = {"plate": hold.plate, "reference": reference}
    audit.record(caller, "legal-hold-placed", str(hold.pk), city_code=city.code, details=details)
    return hold


@transaction.atomic
def release_hold(caller: Caller, hold_id: int) -> None:
    hold = (
        LegalHold.objects.visible_to(caller)
        .select_related("city")
        .filter(pk=hold_id, released_at__isnull=True)
        .first()
    )
    if hold is None:
        raise NotFound("Guarda judicial não encontrada.")
    require_governs(caller, hold.city_id)
    hold.released_at, hold.released_by = timezone.now(), caller.username
    hold.save(update_fields=["released_at", "released_by"])
    details = {"plate": hold.plate, "reference": hold.reference}
    audit.record(caller, "legal-hold-released", str(hold.pk), city_code=hold.city.code, details=details)


# --- erasure --------------------------------------------------------------------


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
    boxes = box_erasures.order(city.pk, spellings, digest, timezone.now())
    AccessRequest.objects.filter(city_id=city.pk, plate_digest=digest).update(plate="")
    details = {"reference": reference, "removed": removed, "held": held, "boxes": boxes}
    audit.record(caller, "plate-erased", digest, city_code=city.code, details=details)
    box_erasures.tell_boxes()
    return Erasure(removed, held, digest, boxes)


def plate_digest(spellings: Sequence[str]) -> str:
    """The same for both spellings of a plate; worth nothing without the installation's key."""
    return hmac.new(settings.SECRET_KEY.encode(), min(spellings).encode(), "sha256").hexdigest()


def whole_plate(text: str) -> list[str]:
    """Its spellings, as written first. Raises InvalidInput."""
    pattern = PlatePattern.parse(text)
    if pattern is None or not is_exact(pattern.text) or len(pattern.text) > 16:
        raise InvalidInput.in_field("plate", "Informe uma placa inteira, sem ? e *.")
    return pattern.variants
