"""Background jobs of plate reading."""

import structlog
from celery import shared_task
from django.utils import timezone

from central_hub.lpr import alerts, box_erasures, exports, retention, services

log = structlog.get_logger()


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def request_missing_images() -> int:
    return services.request_missing_images()


@shared_task  # type: ignore[untyped-decorator]
def tell_boxes_to_erase() -> int:
    return box_erasures.tell_boxes()


@shared_task  # type: ignore[untyped-decorator]
def make_months() -> int:
    return len(retention.make_months(timezone.now()))


@shared_task  # type: ignore[untyped-decorator]
def enforce_retention() -> int:
    return retention.enforce(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def deliver_alerts() -> int:
    return alerts.deliver_due()


@shared_task  # type: ignore[untyped-decorator]
def run_exports() -> int:
    from central_hub.lpr.export_api import search_from

    return exports.run_exports(search_from)


def start_exports() -> None:
    """Now, if the queue is there; else at the job's next turn."""
    try:
        run_exports.apply_async(retry=False)
    except Exception as error:  # kombu's and redis' errors have no common ancestor
        log.warning("export_job_not_started", error=type(error).__name__)


@shared_task  # type: ignore[untyped-decorator]
def expire_exports() -> int:
    return exports.expire_exports(timezone.now())
