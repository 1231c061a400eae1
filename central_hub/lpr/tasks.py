"""Background jobs of plate reading."""

from celery import shared_task

from central_hub.lpr import services


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def request_missing_images() -> int:
    return services.request_missing_images()
