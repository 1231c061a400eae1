"""Background jobs about logins."""

from celery import shared_task

from central_hub.accounts import idempotency, lockout, password_links, sessions


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def forget_old_logins() -> int:
    forgetful = (sessions, lockout, idempotency, password_links)
    return sum(module.forget_old() for module in forgetful)
