"""Requests that are late: noted once in the trail, and told to the central as its alarms are.

Order of steps: the note first, in one transaction with the mark; then the messages, while the row is locked,
and the mark that they went. What fails goes at the next turn; a crash in between sends once more, with the
same id. One channel that fails makes the other repeat: better twice than never.
"""

import msgspec
import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from central_hub import webhooks
from central_hub.privacy import services
from central_hub.privacy.domain import Step
from central_hub.privacy.models import SubjectRequest

log = structlog.get_logger()

#: Told in one turn: a mail server that hangs must not hold the job for hours.
AT_ONCE = 50


def watch() -> int:
    """Note what has become late, and tell of it; how many were told of."""
    for key in services.late(SubjectRequest.objects.filter(overdue_at=None)).values_list("pk", flat=True):
        _note(key)
    waiting = SubjectRequest.objects.filter(overdue_at__isnull=False, told_at=None, closed_at=None)
    return sum(_tell(key) for key in waiting.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _note(key: int) -> None:
    found = SubjectRequest.objects.select_for_update(of=("self",)).select_related("city")
    request = found.filter(pk=key, overdue_at=None, closed_at=None).first()
    if request is None:  # the same job elsewhere, or somebody has just answered
        return
    request.overdue_at = timezone.now()
    request.save(update_fields=["overdue_at"])
    services.note("sistema", request, Step.OVERDUE, {"due_on": str(request.due_on)})


@transaction.atomic
def _tell(key: int) -> bool:
    found = SubjectRequest.objects.select_for_update(skip_locked=True, of=("self",)).select_related("city")
    request = found.filter(pk=key, told_at=None, closed_at=None).first()
    if request is None:
        return False
    try:
        _send(request)
    except (webhooks.NotDelivered, OSError) as error:  # smtplib's errors are OSErrors
        log.error("overdue_request_not_told", request=key, error=type(error).__name__)
        return False
    request.told_at = timezone.now()
    request.save(update_fields=["told_at"])
    return True


def _send(request: SubjectRequest) -> None:
    """Without the name and the plate: neither mail nor webhook is a place for them."""
    address = f"{settings.GTV_PUBLIC_URL}/privacidade/pedidos/{request.pk}"
    text = (
        f"O prazo do pedido {request.reference} ({request.get_kind_display()}) terminou em"
        f" {request.due_on:%d/%m/%Y} e ele não foi respondido."
    )
    if settings.GTV_ALARM_WEBHOOK_URL:
        body = {"id": f"privacy-request-{request.pk}", "city": request.city.name, "text": text}
        webhooks.post(
            settings.GTV_ALARM_WEBHOOK_URL,
            settings.GTV_ALARM_WEBHOOK_SECRET,
            msgspec.json.encode(body),
            timezone.now(),
            private=settings.GTV_WEBHOOK_PRIVATE,
        )
    if settings.GTV_ALARM_EMAILS:
        subject = f"[GT-Vision] {request.city.name}: pedido de titular em atraso"
        send_mail(subject, f"{text}\n{address}", None, settings.GTV_ALARM_EMAILS)
