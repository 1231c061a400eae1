"""Locking a name that is being guessed at: counted before the proof is looked at, forgiven if it is right."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from central_hub.accounts.domain import FAILURES_FORGOTTEN_S, LIMIT_FROM_ADDRESS, LIMIT_IN_ALL, FailureLimit
from central_hub.accounts.models import LoginFailures


def attempt(username: str, address: str) -> float:
    """Count an attempt as failed until `forgive` says otherwise; seconds that the name is locked, or 0.

    Counting first means that guesses which come all at once are all counted.
    """
    # A locked address adds nothing to the other count: alone it cannot lock the name for everybody.
    name = _key(username)
    return _count(_key(username, address), LIMIT_FROM_ADDRESS, name) or _count(name, LIMIT_IN_ALL, name)


def forgive(username: str, address: str) -> None:
    """The password was right: the failures before it were the person's own."""
    LoginFailures.objects.filter(key__in=[_key(username, address), _key(username)]).delete()


def unlock(username: str) -> bool:
    """Forgive the name from every address; was it locked from any?"""
    failures = LoginFailures.objects.filter(name_sha256=_key(username))
    locked = bool(failures.filter(locked_until__gt=timezone.now()).exists())
    failures.delete()
    return locked


def locked_until(usernames: Iterable[str]) -> dict[str, datetime]:
    """Those of these names that are locked somewhere, and until when at the latest."""
    by_key = {_key(username): username for username in usernames}
    found: dict[str, datetime] = {}
    locks = LoginFailures.objects.filter(name_sha256__in=by_key, locked_until__gt=timezone.now())
    for key, until in locks.order_by("locked_until").values_list("name_sha256", "locked_until"):
        if until is not None:
            found[by_key[key]] = until
    return found


def forget_old() -> int:
    """Delete what no longer counts; how many."""
    long_ago = timezone.now() - timedelta(seconds=FAILURES_FORGOTTEN_S)
    gone, _ = LoginFailures.objects.filter(last_at__lt=long_ago).delete()
    return gone


@transaction.atomic
def _count(key: str, limit: FailureLimit, name: str) -> float:
    now = timezone.now()
    LoginFailures.objects.bulk_create(
        [LoginFailures(key=key, name_sha256=name, last_at=now)], ignore_conflicts=True
    )
    row = LoginFailures.objects.select_for_update().get(key=key)
    if row.locked_until is not None and row.locked_until > now:
        return (row.locked_until - now).total_seconds()
    if (now - row.last_at).total_seconds() > FAILURES_FORGOTTEN_S:
        row.count = 0
    row.count, row.last_at = row.count + 1, now
    lock_s = limit.lock_s(row.count)
    row.locked_until = now + timedelta(seconds=lock_s) if lock_s else None
    row.save()
    return 0.0


def _key(*parts: str) -> str:
    # Names may be anything that somebody typed, passwords included: their digest is enough here.
    return hashlib.sha256("|".join(part.lower() for part in parts).encode()).hexdigest()
