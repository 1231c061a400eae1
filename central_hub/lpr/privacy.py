"""Who sees whole plates, what a legal hold protects, and what a plate is called in proofs (LGPD).

Every decision is audited. Where a plate is gone, a keyed digest stands in its place: who knows
the plate can have it compared.
"""

import hmac
from collections.abc import Sequence
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
    governs,
    require,
    require_governs,
)
from central_hub.lpr.matching import PlatePattern, is_exact
from central_hub.lpr.models import LegalHold, PlatePolicy

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


# --- legal holds ----------------------------------------------------------------


def holds(caller: Caller) -> list[LegalHold]:
    """Those in force; for who governs the city."""
    found = LegalHold.objects.visible_to(caller).filter(released_at__isnull=True).select_related("city")
    return [hold for hold in found.order_by("-id") if governs(caller, hold.city_id)]


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


# --- what a plate is called in proofs -------------------------------------------


def plate_digest(spellings: Sequence[str]) -> str:
    """The same for both spellings of a plate; worth nothing without the installation's key."""
    return hmac.new(settings.SECRET_KEY.encode(), min(spellings).encode(), "sha256").hexdigest()


def whole_plate(text: str) -> list[str]:
    """Its spellings, as written first. Raises InvalidInput."""
    pattern = PlatePattern.parse(text)
    if pattern is None or not is_exact(pattern.text) or len(pattern.text) > 16:
        raise InvalidInput.in_field("plate", "Informe uma placa inteira, sem ? e *.")
    return pattern.variants
