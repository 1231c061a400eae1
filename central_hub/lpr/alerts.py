"""Who hears of a watchlist hit, and how: the hub's pages at once (Redis pub/sub), webhooks by a job.

Order of steps: hit and deliveries are committed with the read; then the pages are told, and the
job is started. A crash in between loses no webhook: what is due is looked for every few
seconds. A page that was not connected finds the hit in its list.
"""

import secrets
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import redis
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from central_hub import webhooks
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, NotFound, governs, require_governs
from central_hub.lpr.models import WatchlistHit, Webhook, WebhookDelivery

log = structlog.get_logger()

#: Redis channel of all hits; each page's connection picks out its city.
CHANNEL = "gtv:plate-alerts"

MAX_WEBHOOKS = 10

#: Deliveries that one run of the job tries.
AT_ONCE = 100


def raise_alerts(hit_ids: Sequence[int]) -> None:
    """Inside ingest's transaction: note what is to be delivered, and tell after the commit."""
    now = timezone.now()
    hits = WatchlistHit.objects.filter(id__in=hit_ids).select_related("entry", "camera", "city")
    found = list(hits.order_by("id"))
    hooks = Webhook.objects.filter(city_id__in={hit.city_id for hit in found})
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=hook, hit=hit, next_at=now)
        for hook in hooks
        for hit in found
        if hit.city_id == hook.city_id
    )
    transaction.on_commit(lambda: _tell(found, bool(hooks)))


def _tell(found: Sequence[WatchlistHit], hooked: bool) -> None:
    """Nobody's read may fail because Redis is away: the list and the job at its turn make up for it."""
    from central_hub.lpr.tasks import deliver_alerts

    try:
        for hit in found:
            _redis(settings.GTV_REDIS_URL).publish(CHANNEL, msgspec.json.encode(described(hit)))
        if hooked:
            deliver_alerts.apply_async(retry=False)  # storing goes on; the job has its turn anyway
    except Exception as error:  # redis' and kombu's errors have no common ancestor
        log.warning("alert_not_told", hits=len(found), error=type(error).__name__)


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


def described(hit: WatchlistHit) -> dict[str, Any]:
    """A hit as pages and webhooks get it."""
    return {
        "id": hit.pk,
        "city": hit.city.code,
        "kind": hit.entry.kind,
        "reason": hit.entry.reason,
        "pattern": hit.entry.pattern,
        "plate": hit.plate,
        "camera": {"id": str(hit.camera_id), "name": hit.camera.name},
        "captured_at": hit.captured_at,
        "stored_at": hit.stored_at,
    }


# --- webhooks -------------------------------------------------------------------


def visible_webhooks(caller: Caller) -> list[Webhook]:
    """For those who govern the city; others need not know where alerts go."""
    found = Webhook.objects.visible_to(caller).select_related("city")
    return [hook for hook in found if governs(caller, hook.city_id)]


@transaction.atomic
def add_webhook(caller: Caller, city_code: str, url: str) -> Webhook:
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    cities.lock_city(city_code)
    webhooks.check_url(url, private=settings.GTV_WEBHOOK_PRIVATE)
    if Webhook.objects.filter(city=city).count() >= MAX_WEBHOOKS:
        raise Conflict(f"A prefeitura já tem {MAX_WEBHOOKS} webhooks, o máximo permitido.")
    hook = Webhook.objects.create(
        city=city, url=url, secret=secrets.token_urlsafe(32), created_by=caller.username
    )
    audit.record(caller, "webhook-added", str(hook.pk), city_code=city.code, details={"url": url})
    return hook


@transaction.atomic
def remove_webhook(caller: Caller, webhook_id: int) -> None:
    hook = Webhook.objects.visible_to(caller).select_related("city").filter(pk=webhook_id).first()
    if hook is None:
        raise NotFound("Webhook não encontrado.")
    require_governs(caller, hook.city_id)
    audit.record(caller, "webhook-removed", str(hook.pk), city_code=hook.city.code, details={"url": hook.url})
    hook.delete()


def deliver_due() -> int:
    """Try what is due; how many were taken. Two workers never try one delivery at once."""
    taken = 0
    for _ in range(AT_ONCE):
        outcome = _deliver_one()
        if outcome is None:
            break
        taken += outcome
    return taken


@transaction.atomic
def _deliver_one() -> bool | None:
    """None: nothing is due. The row is locked while it is tried."""
    now = timezone.now()
    delivery = (
        WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(next_at__lte=now)
        .exclude(webhook__rests_until__gt=now)
        .select_related("webhook", "hit__entry", "hit__camera", "hit__city")
        .order_by("next_at")
        .first()
    )
    if delivery is None:
        return None
    hook, body = delivery.webhook, msgspec.json.encode(described(delivery.hit))
    try:
        webhooks.post(hook.url, hook.secret, body, now, private=settings.GTV_WEBHOOK_PRIVATE)
    except webhooks.NotDelivered as error:
        webhooks.failed(delivery, error, now)
        log.warning("webhook_failed", webhook=hook.pk, attempts=delivery.attempts, error=str(error))
        hook.failures += 1
        hook.rests_until = timezone.now() + webhooks.rest(hook.failures)
    else:
        webhooks.delivered(delivery)
        hook.failures, hook.rests_until = 0, None
    delivery.save()
    hook.save(update_fields=["failures", "rests_until"])
    return delivery.delivered_at is not None
