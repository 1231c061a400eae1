"""Background jobs of the fleet."""

from celery import shared_task

from central_hub.fleet import certificates


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def prune_tokens() -> int:
    return certificates.prune_tokens()
