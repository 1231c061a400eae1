"""Requests of the people concerned: opened, analysed, fulfilled or refused, each step audited.

Who governs the city works on them; who may read the audit trail reads them too. A request about a plate is
linked to what lpr does for it: its report, and the erasure that leaves what a legal hold protects. One that
is late is shown to the city's people on their pages, and told to the central once, by e-mail and webhook
(`warnings`). Audit entries name the plate by its digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import (
    Caller,
    Conflict,
    NotFound,
    NotPermitted,
    Permission,
    may,
    require_governs,
)
from central_hub.lpr import services as lpr
from central_hub.privacy import domain
from central_hub.privacy.domain import Kind, State, Step
from central_hub.privacy.models import RequestStep, SubjectRequest

Requests = QuerySet[SubjectRequest]


@dataclass(frozen=True)
class RequestSearch:
    """Which requests; None and empty texts stand for any. `open`: those that wait for an answer."""

    city: str = ""
    kind: str = ""
    open: bool | None = None
    overdue: bool = False


@dataclass(frozen=True)
class Summary:
    """How many requests wait, how many of them not for long any more, and how many are late."""

    open: int
    soon: int
    overdue: int


@dataclass(frozen=True)
class Report:
    """A file that answers a request."""

    path: Path
    name: str
    sha256: str


# --- who reads, and what ------------------------------------------------------------


def readable(caller: Caller) -> Requests:
    """The requests that the caller may read. Raises NotPermitted."""
    if not (may(caller, Permission.READ_AUDIT) or may(caller, Permission.GOVERN)):
        raise NotPermitted("Seu papel não permite ver pedidos de titulares.")
    return SubjectRequest.objects.visible_to(caller).select_related("city")


def page(
    caller: Caller, search: RequestSearch, after: tuple[date, int] | None, limit: int
) -> list[SubjectRequest]:
    """By deadline: those that wait with the next one first, those of the past with the last one first."""
    found = _found(readable(caller), search)
    newest_first = search.open is False
    if after is not None:
        due, key = after
        side = "lt" if newest_first else "gt"
        found = found.filter(Q(**{f"due_on__{side}": due}) | Q(due_on=due, **{f"pk__{side}": key}))
    order = ("-due_on", "-pk") if newest_first else ("due_on", "pk")
    return list(found.order_by(*order)[:limit])


def summary(caller: Caller) -> Summary:
    waiting = readable(caller).filter(state__in=domain.OPEN)
    now = timezone.now()
    left = [
        domain.days_left(due, domain.today_in(ZoneInfo(zone), now))
        for due, zone in waiting.values_list("due_on", "city__timezone")
    ]
    late = sum(days < 0 for days in left)
    return Summary(len(left), sum(days <= domain.SOON.days for days in left) - late, late)


@transaction.atomic
def view(caller: Caller, request_id: int) -> SubjectRequest:
    """One request with its steps. Audited: it names a person."""
    request = _one(caller, request_id)
    _audit(caller, request, "privacy-request-viewed", {})
    return request


def today_of(request: SubjectRequest) -> date:
    return domain.today_in(cities.zone_of(request.city), timezone.now())


def _one(caller: Caller, request_id: int) -> SubjectRequest:
    request = readable(caller).filter(pk=request_id).first()
    if request is None:
        raise NotFound("Pedido não encontrado.")
    return request


def governed(caller: Caller, request_id: int, *, lock: bool = False) -> SubjectRequest:
    """A request that the caller may work on. Raises NotFound, NotPermitted."""
    found = SubjectRequest.objects.visible_to(caller).select_related("city").filter(pk=request_id)
    request = (found.select_for_update(of=("self",)) if lock else found).first()
    if request is None:
        raise NotFound("Pedido não encontrado.")
    require_governs(caller, request.city_id)
    return request


def _found(requests: Requests, search: RequestSearch) -> Requests:
    if search.city:
        requests = requests.filter(city__code=search.city)
    if search.kind:
        requests = requests.filter(kind=search.kind)
    if search.open is not None:
        waiting = Q(state__in=domain.OPEN)
        requests = requests.filter(waiting if search.open else ~waiting)
    return late(requests) if search.overdue else requests


def late(requests: Requests) -> Requests:
    """Those whose last day is over in their city."""
    now, over = timezone.now(), Q(pk__in=[])
    for zone in requests.order_by().values_list("city__timezone", flat=True).distinct():
        over |= Q(city__timezone=zone, due_on__lt=domain.today_in(ZoneInfo(zone), now))
    return requests.filter(over, state__in=domain.OPEN)


# --- steps ----------------------------------------------------------------------------


@transaction.atomic
def open_request(
    caller: Caller,
    city_code: str,
    *,
    kind: Kind,
    requester: str,
    reference: str,
    plate: str = "",
    description: str = "",
    received_on: date | None = None,
) -> SubjectRequest:
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    spellings = lpr.whole_plate(plate) if plate else []
    domain.check_content(kind, plate, description)
    today = domain.today_in(cities.zone_of(city), timezone.now())
    since = received_on or today
    request = SubjectRequest.objects.create(
        city=city,
        kind=kind,
        plate=spellings[0] if spellings else "",
        plate_digest=lpr.plate_digest(spellings) if spellings else "",
        description=description.strip(),
        requester=requester,
        reference=reference,
        received_on=since,
        due_on=domain.due_on(since, today),
        created_by=caller.username,
    )
    details = {"kind": str(kind), "reference": reference, "due_on": str(request.due_on)}
    note(caller, request, Step.OPENED, details)
    return request


@transaction.atomic
def start_analysis(caller: Caller, request_id: int) -> SubjectRequest:
    request = governed(caller, request_id, lock=True)
    _move(request, State.ANALYSIS)
    request.save(update_fields=["state"])
    note(caller, request, Step.ANALYSIS, {})
    return request


def make_report(caller: Caller, request_id: int, format_: str, folder: Path) -> Report:
    """Write the report of a plate into this folder. Raises Conflict where the plate has been erased."""
    request = governed(caller, request_id)
    _require_plate(request)
    asked = lpr.Asked(
        city_code=request.city.code,
        plate=request.plate,
        requester=request.requester,
        reference=request.reference,
        received_on=request.received_on,
        due_on=request.due_on,
    )
    path = folder / f"relatorio.{format_}"
    written = lpr.write_report(caller, asked, format_, path)
    with transaction.atomic():
        SubjectRequest.objects.filter(pk=request.pk).update(report_sha256=written.sha256)
        details = {
            "format": format_,
            "sha256": written.sha256,
            "reads": written.reads,
            "looks": written.looks,
        }
        note(caller, request, Step.REPORT, details)
    return Report(path, f"acesso-{request.pk}.{format_}", written.sha256)


def erase(caller: Caller, request_id: int) -> SubjectRequest:
    """Erase the plate that an erasure request names: the erasure itself notes it (`plate_erased`)."""
    request = governed(caller, request_id)
    if request.kind != Kind.ERASURE:
        raise Conflict("Este pedido não é de eliminação.", code="other-kind")
    domain.check_move(State(request.state), State.FULFILLED)
    _require_plate(request)
    lpr.erase(caller, request.city.code, request.plate, request.reference)
    return governed(caller, request_id)


@transaction.atomic
def plate_erased(city_id: int, caller: Caller, digest: str, details: Mapping[str, Any]) -> None:
    """A plate of the city is gone: from its requests too; those that asked for it have that step."""
    about = SubjectRequest.objects.select_for_update(of=("self",)).filter(
        city_id=city_id, plate_digest=digest
    )
    for request in about.filter(kind=Kind.ERASURE, state__in=domain.OPEN).select_related("city"):
        request.erased_at = timezone.now()
        request.save(update_fields=["erased_at"])
        counted = {name: details[name] for name in ("removed", "held", "boxes")}
        note(caller, request, Step.ERASED, counted)
    SubjectRequest.objects.filter(city_id=city_id, plate_digest=digest).update(plate="")


@transaction.atomic
def fulfil(caller: Caller, request_id: int, answer: str) -> SubjectRequest:
    """What was asked for has been done, and the person told."""
    request = governed(caller, request_id, lock=True)
    _move(request, State.FULFILLED)
    domain.check_fulfilled(
        Kind(request.kind),
        about_plate=bool(request.plate_digest),
        reported=bool(request.report_sha256),
        erased=request.erased_at is not None,
        answer=answer,
    )
    return _close(caller, request, Step.FULFILLED, answer, {"sha256": request.report_sha256})


@transaction.atomic
def refuse(caller: Caller, request_id: int, basis: str, answer: str) -> SubjectRequest:
    """It is not done, and the person told why, by which article."""
    request = governed(caller, request_id, lock=True)
    _move(request, State.REFUSED)
    domain.check_answer(answer)
    request.refusal_basis = basis
    return _close(caller, request, Step.REFUSED, answer, {"basis": basis})


def _close(
    caller: Caller, request: SubjectRequest, step: Step, answer: str, details: dict[str, Any]
) -> SubjectRequest:
    request.answer = answer.strip()
    request.closed_at, request.closed_by = timezone.now(), caller.username
    request.save(update_fields=["state", "refusal_basis", "answer", "closed_at", "closed_by"])
    note(caller, request, step, {name: value for name, value in details.items() if value})
    return request


def _move(request: SubjectRequest, to: State) -> None:
    domain.check_move(State(request.state), to)
    request.state = to


def _require_plate(request: SubjectRequest) -> None:
    if not request.plate_digest:
        raise Conflict("Este pedido não trata de uma placa.", code="no-plate")
    if not request.plate:
        raise Conflict("A placa deste pedido foi eliminada.", code="plate-erased")


def note(caller: Caller | str, request: SubjectRequest, step: Step, details: dict[str, Any]) -> None:
    """A step, and its entry in the trail. Inside the caller's transaction."""
    by = caller if isinstance(caller, str) else caller.username
    RequestStep.objects.create(request=request, at=timezone.now(), by=by, step=step, details=details)
    _audit(caller, request, f"privacy-request-{step}", details)


def _audit(caller: Caller | str, request: SubjectRequest, action: str, details: dict[str, Any]) -> None:
    named = {"plate_digest": request.plate_digest} if request.plate_digest else {}
    audit.record(caller, action, str(request.pk), city_code=request.city.code, details={**details, **named})
