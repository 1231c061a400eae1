"""Background jobs of streaming."""

from celery import shared_task

from central_hub.streaming import clips, live, services


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def expire_sessions() -> int:
    return services.expire_sessions() + live.expire_sessions()


@shared_task  # type: ignore[untyped-decorator]
def pursue_clips() -> int:
    return clips.pursue()
