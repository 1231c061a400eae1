"""Background jobs about logins."""

from celery import shared_task

from central_hub.accounts import idempotency, lockout, sessions


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def forget_old_logins() -> int:
    return sessions.forget_old() + lockout.forget_old() + idempotency.forget_old()
