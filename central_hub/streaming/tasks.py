"""Background jobs of streaming."""

from celery import shared_task

from central_hub.streaming import services


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def expire_sessions() -> int:
    return services.expire_sessions()
