"""Background jobs of the audit trail."""

import structlog
from celery import shared_task

from central_hub.audit import trail

log = structlog.get_logger()


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def check_new() -> None:
    _report(trail.check(everything=False))


@shared_task  # type: ignore[untyped-decorator]
def check_all() -> None:
    _report(trail.check(everything=True))


def _report(verdict: trail.Verdict) -> None:
    if verdict.broken_at is not None:
        log.error("audit_trail_broken", entry=verdict.broken_at)
