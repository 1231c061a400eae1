"""Background jobs of plate reading."""

from celery import shared_task
from django.utils import timezone

from central_hub.lpr import alerts, retention, services


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def request_missing_images() -> int:
    return services.request_missing_images()


@shared_task  # type: ignore[untyped-decorator]
def make_months() -> int:
    return len(retention.make_months(timezone.now()))


@shared_task  # type: ignore[untyped-decorator]
def enforce_retention() -> int:
    return retention.enforce(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def deliver_alerts() -> int:
    return alerts.deliver_due()
