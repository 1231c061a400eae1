"""Writing to the audit trail, reading it, and checking that nobody changed it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from central_hub.audit.domain import GENESIS, Fact, Link, entry_hash, first_broken
from central_hub.audit.models import AuditEntry
from central_hub.kernel import Caller

log = structlog.get_logger()

#: Key of the advisory lock that puts the writers of the chain in a row; any constant will do.
CHAIN_LOCK = 0x6774_7601

#: Rows fetched at a time when the whole chain is read.
VERIFY_CHUNK = 2000


def record(
    actor: Caller | str,
    action: str,
    target: str = "",
    *,
    city_code: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry. Inside a transaction, it is kept exactly if the transaction is."""
    name = actor if isinstance(actor, str) else actor.username
    append([Fact(timezone.now(), name[:500], action, target[:500], city_code, details or {})])


@transaction.atomic
def append(facts: Sequence[Fact]) -> None:
    """Append entries in this order. The lock is held until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEntry.objects.order_by("-id").values_list("hash", flat=True).first()
    previous = last or GENESIS
    entries = []
    for fact in facts:
        digest = entry_hash(previous, fact)
        entries.append(AuditEntry(**_columns(fact), previous_hash=previous, hash=digest))
        previous = digest
    AuditEntry.objects.bulk_create(entries)
    transaction.on_commit(lambda: _log(entries))


def _log(entries: Sequence[AuditEntry]) -> None:
    """Tells which request an entry is of (the line has its id), not what it says: that is personal data."""
    for entry in entries:
        log.info("audited", action=entry.action, city=entry.city_code, entry=entry.hash)


def facts_of(actions: Sequence[str], city_codes: Sequence[str]) -> Iterator[Fact]:
    """What was done of these kinds in these cities, oldest first, as a stream."""
    found = AuditEntry.objects.filter(action__in=actions, city_code__in=city_codes).order_by("id")
    for entry in found.iterator(chunk_size=VERIFY_CHUNK):
        yield Fact(entry.at, entry.actor, entry.action, entry.target, entry.city_code, entry.details)


def newest_of(actions: Sequence[str], city_codes: Sequence[str] | None, limit: int) -> list[Fact]:
    """What was done of these kinds, in these cities or, None, anywhere; newest first."""
    found = AuditEntry.objects.filter(action__in=actions).order_by("-id")
    if city_codes is not None:
        found = found.filter(city_code__in=city_codes)
    return [
        Fact(entry.at, entry.actor, entry.action, entry.target, entry.city_code, entry.details)
        for entry in found[:limit]
    ]


def counted(city_codes: Sequence[str] | None, since: datetime, until: datetime) -> dict[str, int]:
    """How often each action was done in a period, in these cities; None: anywhere."""
    found = AuditEntry.objects.filter(at__gte=since, at__lt=until).order_by()
    if city_codes is not None:
        found = found.filter(city_code__in=city_codes)
    return dict(found.values_list("action").annotate(Count("pk")))


def verify(after: int = 0, digest: str = GENESIS) -> int | None:
    """The id of the first entry that was tampered with, or None.

    Of the entries after one that was looked at before, and had this hash.
    """
    return first_broken(_links(after), digest)


def head() -> tuple[int, str]:
    """Number and hash of the newest entry; 0 and the chain's beginning when there is none."""
    newest = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    return newest or (0, GENESIS)


def holds(digest: str) -> bool:
    """Is there an entry with this hash? One noted earlier must be: cutting off the end shows no other way."""
    return digest == GENESIS or bool(AuditEntry.objects.filter(hash=digest).exists())


def _links(after: int) -> Iterator[Link]:
    for entry in AuditEntry.objects.filter(id__gt=after).order_by("id").iterator(chunk_size=VERIFY_CHUNK):
        fact = Fact(entry.at, entry.actor, entry.action, entry.target, entry.city_code, entry.details)
        yield Link(entry.id, fact, entry.previous_hash, entry.hash)


def _columns(fact: Fact) -> dict[str, str | datetime | dict[str, Any]]:
    return {
        "at": fact.at,
        "actor": fact.actor,
        "action": fact.action,
        "target": fact.target,
        "city_code": fact.city_code,
        "details": dict(fact.details),
    }
