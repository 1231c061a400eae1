"""Background jobs of the fleet."""

from celery import shared_task

from central_hub.fleet import alarms, certificates, failover, rollouts, services


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def prune_tokens() -> int:
    return certificates.prune_tokens()


@shared_task  # type: ignore[untyped-decorator]
def watch_nodes() -> None:
    alarms.watch()
    alarms.escalate()
    failover.move_cameras()


@shared_task  # type: ignore[untyped-decorator]
def advance_rollouts() -> int:
    return rollouts.advance()


@shared_task  # type: ignore[untyped-decorator]
def prune_health() -> int:
    return services.prune_samples() + alarms.prune()
