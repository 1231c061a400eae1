"""Who looked at one read, and what a city holds of a plate, as a report (LGPD, art. 18, II, and 19).

Looking at a read needs a purpose, and is audited with it. The report says what the city holds of the plate,
who searched for it, how long it is kept and why. Watchlists and legal holds are not in it: they may be secret
(docs/adr/0038).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from central_hub.audit import services as audit
from central_hub.audit.domain import Fact
from central_hub.cities import services as cities
from central_hub.kernel import Caller, InvalidInput, NotFound, require_governs
from central_hub.lpr import access_report
from central_hub.lpr.domain import LEGAL_BASIS
from central_hub.lpr.matching import PlatePattern
from central_hub.lpr.models import PlateRead
from central_hub.lpr.policy import policy_of
from central_hub.lpr.privacy import require_plates, whole_plate

#: What is told of the audit trail; in words for people in access_report.
LOOKS = (
    "plate-search",
    "plate-path",
    "plate-convoy",
    "plate-statistics",
    "plate-export",
    "plate-read-viewed",
)


def view_read(caller: Caller, read_id: int, captured_at: datetime, purpose: str) -> PlateRead:
    """One read in full. Audited. `captured_at` leads to its month: an id alone is looked for in all."""
    require_plates(caller)
    read = (
        PlateRead.objects.visible_to(caller)
        .select_related("camera", "city")
        .filter(captured_at=captured_at, id=read_id)
        .first()
    )
    if read is None:
        raise NotFound("Leitura não encontrada.")
    details = {"plate": read.plate, "purpose": purpose}
    audit.record(caller, "plate-read-viewed", str(read.pk), city_code=read.city.code, details=details)
    return read


@dataclass(frozen=True)
class Asked:
    """The request that a report answers."""

    city_code: str
    plate: str
    requester: str
    reference: str
    received_on: date
    due_on: date


@dataclass(frozen=True)
class Written:
    """What is in a report: the digest of its file, and how many reads and looks."""

    sha256: str
    reads: int
    looks: int


def write_report(caller: Caller, asked: Asked, format_: str, path: Path) -> Written:
    """For who governs the city. Raises Conflict for a PDF that nobody would print."""
    city = cities.visible_city(caller, asked.city_code)
    require_governs(caller, city.pk)
    spellings = whole_plate(asked.plate)
    head = access_report.Head(
        city=city.name,
        spellings=spellings,
        requester=asked.requester,
        reference=asked.reference,
        received_on=asked.received_on,
        due_on=asked.due_on,
        made_by=caller.username,
        made_at=timezone.now().astimezone(cities.zone_of(city)),
        retention_days=policy_of(caller, city.code).retention_days,
        legal_basis=LEGAL_BASIS,
    )
    reads = PlateRead.objects.visible_to(caller).filter(city_id=city.pk, plate__in=spellings)
    content = access_report.Content(
        reads.select_related("camera", "city").order_by("captured_at", "id"),
        list(_looks(city.code, spellings)),
    )
    counted = access_report.WRITERS[format_](path, head, content)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(sha256, counted, len(content.looks))


def _looks(city_code: str, spellings: list[str]) -> Iterator[Fact]:
    """Who asked for this plate, here or, for all cities, at the central administration ("")."""
    for fact in audit.facts_of(LOOKS, [city_code, ""]):
        if concerns(fact, spellings):
            yield fact


def concerns(fact: Fact, spellings: list[str]) -> bool:
    """Did this look name the plate, or a pattern that it fits? What named no plate concerns nobody alone."""
    filters = fact.details.get("filters") or {}
    text = str(fact.details.get("plate") or filters.get("plate") or "")
    try:
        pattern = PlatePattern.parse(text, similar=filters.get("similar") == "True")
    except InvalidInput:
        return False
    return pattern is not None and any(pattern.matches(plate) for plate in spellings)
