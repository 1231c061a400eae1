"""Background jobs of privacy."""

from celery import shared_task

from central_hub.privacy import warnings


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def watch_requests() -> int:
    return warnings.watch()
