"""Alarms of boxes: opened when something is wrong, acknowledged, escalated, closed when it is over.

A job looks at all boxes every few seconds. Whatever runs twice or at the same moment, one
cause has one open alarm (a unique index) and one escalation a channel (another one). An
escalation is sent while its row is locked, and is repeated only when it failed; were the
process killed between the answer and the commit, it would be sent again with the same id.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from central_hub import webhooks
from central_hub.audit import services as audit
from central_hub.fleet import domain
from central_hub.fleet.models import Escalation, NodeAlarm, NodeCertificate, NodeSample, NodeState
from central_hub.fleet.troubles import BUSY_SAMPLES, NodeFacts, Trouble, troubles
from central_hub.kernel import Caller, Conflict, NotFound, require_governs

log = structlog.get_logger()

#: Closed alarms are of interest for as long as a month's report.
KEPT_FOR = timedelta(days=90)

#: Alarms given out at once.
PAGE = 200


def visible_alarms(
    caller: Caller, *, open_only: bool, city: str | None = None, before: int | None = None
) -> list[NodeAlarm]:
    """Newest first, one page; `before` is the id that the last page ended with."""
    found = NodeAlarm.objects.visible_to(caller).select_related("node__city")
    if open_only:
        found = found.filter(closed_at__isnull=True)
    if city:
        found = found.filter(node__city__code=city)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[:PAGE])


@transaction.atomic
def acknowledge(caller: Caller, alarm_id: int, note: str) -> NodeAlarm:
    """Somebody takes care: it is escalated no more. Raises Conflict when somebody did before."""
    found = NodeAlarm.objects.visible_to(caller).select_related("node__city")
    alarm = found.select_for_update(of=("self",)).filter(pk=alarm_id).first()
    if alarm is None:
        raise NotFound("Alarme não encontrado.")
    require_governs(caller, alarm.node.city_id)
    if alarm.acknowledged_at is not None:
        raise Conflict(f"{alarm.acknowledged_by} já assumiu este alarme.", code="already-acknowledged")
    alarm.acknowledged_at, alarm.acknowledged_by, alarm.note = timezone.now(), caller.username, note
    alarm.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
    address = f"{alarm.node.city.code}/{alarm.node.code}"
    details = {"alarm": alarm.key, "note": note}
    audit.record(caller, "alarm-acknowledged", address, city_code=alarm.node.city.code, details=details)
    return alarm


# --- opening and closing -----------------------------------------------------------------


def watch() -> None:
    """Open what is new, close what is over, at all boxes."""
    now = timezone.now()
    pending = _pending_revocations()
    shares = _newest_cpu_shares()
    open_now: dict[uuid.UUID, list[NodeAlarm]] = defaultdict(list)
    for alarm in NodeAlarm.objects.filter(closed_at__isnull=True):
        open_now[alarm.node_id].append(alarm)
    for state in NodeState.objects.all():
        facts = _facts(state, pending.get(state.node_id), shares.get(state.node_id, ()))
        found, is_all = troubles(facts, now)
        _apply(state.node_id, found, is_all, open_now[state.node_id])


def _facts(state: NodeState, pending: Any, shares: Sequence[float | None]) -> NodeFacts:
    return NodeFacts(
        enrolled=bool(state.certificate_serial) or state.last_seen_at is not None,
        online=state.online,
        last_seen_at=state.last_seen_at,
        revoked=state.revoked_at is not None,
        revocation_pending_since=pending,
        behind_since=state.behind_since,
        cameras_online=state.cameras_online,
        cameras_total=state.cameras_total,
        disk_free_bytes=state.disk_free_bytes,
        disk_total_bytes=state.disk_total_bytes,
        cpu_shares=shares,
        told=state.alarms,
    )


def _apply(node_id: uuid.UUID, found: Iterable[Trouble], is_all: bool, present: Iterable[NodeAlarm]) -> None:
    now = timezone.now()
    known = {alarm.key: alarm for alarm in present}
    wrong = {trouble.key: trouble for trouble in found}
    for key in wrong.keys() - known.keys():
        _open(node_id, wrong[key])
    for key in wrong.keys() & known.keys():
        trouble, alarm = wrong[key], known[key]
        if (alarm.text, alarm.critical) != (trouble.text, trouble.critical):
            NodeAlarm.objects.filter(pk=alarm.pk).update(text=trouble.text, critical=trouble.critical)
    if is_all:
        over = [alarm.pk for key, alarm in known.items() if key not in wrong]
        NodeAlarm.objects.filter(pk__in=over, closed_at__isnull=True).update(closed_at=now)


def _open(node_id: uuid.UUID, trouble: Trouble) -> None:
    try:
        with transaction.atomic():
            NodeAlarm.objects.create(
                node_id=node_id,
                key=trouble.key,
                critical=trouble.critical,
                text=trouble.text,
                opened_at=timezone.now(),
            )
    except IntegrityError:  # the same job, at the same moment, elsewhere
        return
    log.warning("node_alarm_opened", node=str(node_id), key=trouble.key, critical=trouble.critical)


def _pending_revocations() -> dict[uuid.UUID, Any]:
    pending = NodeCertificate.objects.filter(
        revoked_at__isnull=False, refused_since__isnull=True, expires_at__gt=timezone.now()
    )
    return dict(pending.order_by().values_list("node_id").annotate(Min("revoked_at")))


def _newest_cpu_shares() -> dict[uuid.UUID, list[float | None]]:
    """Of each box, oldest first; a box that was silent in between has fewer."""
    since = timezone.now() - domain.SAMPLE_EVERY * (BUSY_SAMPLES + 1)
    shares: dict[uuid.UUID, list[float | None]] = defaultdict(list)
    for node_id, share in NodeSample.objects.filter(at__gte=since).values_list("node_id", "cpu_share"):
        shares[node_id].append(share)
    return shares


def prune() -> int:
    count, _ = NodeAlarm.objects.filter(closed_at__lt=timezone.now() - KEPT_FOR).delete()
    return count


# --- escalation --------------------------------------------------------------------------


def escalate() -> int:
    """Tell the central of critical alarms that nobody took in time; how many messages went."""
    channels = [
        name
        for name, configured in (
            ("webhook", settings.GTV_ALARM_WEBHOOK_URL),
            ("email", settings.GTV_ALARM_EMAILS),
        )
        if configured
    ]
    now = timezone.now()
    overdue = NodeAlarm.objects.filter(
        critical=True,
        closed_at__isnull=True,
        acknowledged_at__isnull=True,
        escalated_at__isnull=True,
        opened_at__lte=now - timedelta(minutes=settings.GTV_ALARM_ESCALATE_MINUTES),
    )
    for alarm_id in overdue.values_list("pk", flat=True):
        with transaction.atomic():
            if NodeAlarm.objects.filter(pk=alarm_id, escalated_at__isnull=True).update(escalated_at=now):
                Escalation.objects.bulk_create(
                    Escalation(alarm_id=alarm_id, channel=name, next_at=now) for name in channels
                )
    return _deliver_due()


def _deliver_due() -> int:
    sent = 0
    while (outcome := _deliver_one()) is not None:
        sent += outcome
    return sent


@transaction.atomic
def _deliver_one() -> bool | None:
    """None: nothing is due. The row is locked while it is sent."""
    now = timezone.now()
    due = Escalation.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_at__lte=now)
    escalation = due.select_related("alarm__node__city").order_by("next_at").first()
    if escalation is None:
        return None
    try:
        _send(escalation)
    except (webhooks.NotDelivered, OSError) as error:  # smtplib's errors are OSErrors
        webhooks.failed(escalation, error, now)
        log.error(
            "escalation_failed", alarm=escalation.alarm_id, channel=escalation.channel, error=str(error)
        )
    else:
        webhooks.delivered(escalation)
    escalation.save()
    return escalation.delivered_at is not None


def _send(escalation: Escalation) -> None:
    """Raises NotDelivered, OSError."""
    alarm = escalation.alarm
    address = f"{alarm.node.city.code}/{alarm.node.code}"
    if escalation.channel == "webhook":
        body = msgspec.json.encode(
            {
                "id": alarm.pk,
                "node": address,
                "city": alarm.node.city.name,
                "text": alarm.text,
                "opened_at": alarm.opened_at,
            }
        )
        webhooks.post(
            settings.GTV_ALARM_WEBHOOK_URL,
            settings.GTV_ALARM_WEBHOOK_SECRET,
            body,
            timezone.now(),
            private=settings.GTV_WEBHOOK_PRIVATE,
        )
        return
    lines = [
        alarm.text,
        f"Caixa {address}, {alarm.node.city.name}, desde {alarm.opened_at:%d/%m/%Y %H:%M} UTC.",
        f"Ninguém assumiu este alarme. {settings.GTV_PUBLIC_URL}/caixas/{address}",
    ]
    subject = f"[GT-Vision] {alarm.node.city.name}: caixa {alarm.node.code}"
    send_mail(subject, "\n".join(lines), None, settings.GTV_ALARM_EMAILS)
