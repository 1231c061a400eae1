"""What a person may ask about a plate, and who looked at one read (LGPD, art. 18 and 19).

Looking at a read needs a purpose, and is audited with it. A request of the person concerned is a
row with its deadline; its report says what the city holds of the plate, who searched for it, how
long it is kept and why. Every report is audited with its digest: that entry is the proof of what
was answered. Watchlists and legal holds are not in it: they may be secret (docs/adr/0038).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from central_hub.audit import services as audit
from central_hub.audit.domain import Fact
from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, InvalidInput, NotFound, governs, require_governs
from central_hub.lpr import access_report
from central_hub.lpr.domain import LEGAL_BASIS, access_due
from central_hub.lpr.matching import PlatePattern
from central_hub.lpr.models import AccessRequest, PlateRead
from central_hub.lpr.policy import policy_of
from central_hub.lpr.privacy import plate_digest, require_plates, whole_plate

#: What is told of the audit trail; in words for people in access_report.
LOOKS = (
    "plate-search",
    "plate-path",
    "plate-convoy",
    "plate-statistics",
    "plate-export",
    "plate-read-viewed",
)


@dataclass(frozen=True)
class Report:
    """A file that answers a request."""

    path: Path
    name: str
    sha256: str


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


# --- requests of the person concerned -------------------------------------------


def requests(caller: Caller) -> list[AccessRequest]:
    """Those that are open first, by their deadline; for who governs the city."""
    found = AccessRequest.objects.visible_to(caller).select_related("city")
    listed = [request for request in found if governs(caller, request.city_id)]
    return sorted(listed, key=lambda request: (request.answered_at is not None, request.due_on, request.pk))


@transaction.atomic
def open_request(
    caller: Caller, city_code: str, *, plate: str, requester: str, reference: str, received_on: date | None
) -> AccessRequest:
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    spellings = whole_plate(plate)
    today = timezone.now().astimezone(cities.zone_of(city)).date()
    since = received_on or today
    request = AccessRequest.objects.create(
        city=city,
        plate=spellings[0],
        plate_digest=plate_digest(spellings),
        requester=requester,
        reference=reference,
        received_on=since,
        due_on=access_due(since, today),
        created_by=caller.username,
    )
    details = {"reference": reference, "plate_digest": request.plate_digest, "due_on": str(request.due_on)}
    audit.record(caller, "plate-access-requested", str(request.pk), city_code=city.code, details=details)
    return request


def make_report(caller: Caller, request_id: int, format_: str, folder: Path) -> Report:
    """Write the report of a request into this folder. Raises Conflict where the plate has been erased."""
    request = own_request(caller, request_id)
    if not request.plate:
        raise Conflict("A placa deste pedido foi eliminada; não há mais o que relatar.", code="plate-erased")
    spellings = whole_plate(request.plate)
    now = timezone.now().astimezone(cities.zone_of(request.city))
    head = access_report.Head(
        city=request.city.name,
        spellings=spellings,
        requester=request.requester,
        reference=request.reference,
        received_on=request.received_on,
        due_on=request.due_on,
        made_by=caller.username,
        made_at=now,
        retention_days=policy_of(caller, request.city.code).retention_days,
        legal_basis=LEGAL_BASIS,
    )
    reads = PlateRead.objects.visible_to(caller).filter(city_id=request.city_id, plate__in=spellings)
    content = access_report.Content(
        reads.select_related("camera", "city").order_by("captured_at", "id"),
        list(_looks(request.city.code, spellings)),
    )
    path = folder / f"relatorio.{format_}"
    counted = access_report.WRITERS[format_](path, head, content)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        AccessRequest.objects.filter(pk=request.pk).update(report_sha256=sha256)
        details = {"format": format_, "sha256": sha256, "reads": counted, "looks": len(content.looks)}
        audit.record(
            caller, "plate-access-report", str(request.pk), city_code=request.city.code, details=details
        )
    return Report(path, f"acesso-{request.pk}.{format_}", sha256)


@transaction.atomic
def answer_request(caller: Caller, request_id: int) -> AccessRequest:
    """The report has been handed over."""
    request = own_request(caller, request_id)
    if request.answered_at is not None:
        raise Conflict("Este pedido já foi respondido.", code="already-answered")
    if not request.report_sha256:
        raise Conflict("Gere o relatório antes de responder.", code="no-report")
    request.answered_at, request.answered_by = timezone.now(), caller.username
    request.save(update_fields=["answered_at", "answered_by"])
    details = {"sha256": request.report_sha256, "reference": request.reference}
    audit.record(
        caller, "plate-access-answered", str(request.pk), city_code=request.city.code, details=details
    )
    return request


def own_request(caller: Caller, request_id: int) -> AccessRequest:
    request = AccessRequest.objects.visible_to(caller).select_related("city").filter(pk=request_id).first()
    if request is None:
        raise NotFound("Pedido de acesso não encontrado.")
    require_governs(caller, request.city_id)
    return request


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
