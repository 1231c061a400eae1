"""Looking for entries in the audit trail, and exporting what was found."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from central_hub.audit import services
from central_hub.audit.models import AuditEntry
from central_hub.kernel import Caller, Permission, require
from central_hub.spreadsheets import BYTE_ORDER_MARK, lines

CSV_HEADER = (
    "registro", "data_hora_utc", "quem", "acao", "alvo", "prefeitura", "detalhes", "hash_anterior", "hash",
)  # fmt: skip

#: Entries fetched at a time for an export.
CSV_CHUNK = 2000


@dataclass(frozen=True)
class AuditSearch:
    """What is looked for in the trail; None and empty texts stand for anything.

    `since` is the first instant, `until` the first one after the end.
    """

    actor: str = ""
    action: str = ""
    target: str = ""
    city: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def filters(self) -> dict[str, str]:
        """For the trail itself, which keeps what was looked for in it."""
        return {name: str(value) for name, value in vars(self).items() if value}


def page(caller: Caller, search: AuditSearch, before_id: int | None, limit: int) -> list[AuditEntry]:
    """Newest first; for who may read the trail."""
    require(caller, Permission.READ_AUDIT)
    entries = _found(search)
    if before_id is not None:
        entries = entries.filter(id__lt=before_id)
    return list(entries[:limit])


def actions(caller: Caller) -> list[str]:
    """Every kind of action that the trail holds, for a list to choose from; for who may read the trail."""
    require(caller, Permission.READ_AUDIT)
    # A loose index scan: one step of the index for each kind, however many entries there are.
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE kind AS (SELECT min(action) AS action FROM audit_auditentry UNION ALL SELECT "
            "(SELECT min(action) FROM audit_auditentry WHERE action > kind.action) FROM kind "
            "WHERE kind.action IS NOT NULL) SELECT action FROM kind WHERE action IS NOT NULL"
        )
        return [action for (action,) in cursor.fetchall()]


def stream_csv(caller: Caller, search: AuditSearch) -> Iterator[bytes]:
    """The entries of a search, oldest first, as CSV with their hashes. Audited before the first byte."""
    require(caller, Permission.READ_AUDIT)
    services.record(caller, "audit-exported", details={"filters": search.filters})
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return _csv(_found(search).filter(id__lte=last).order_by("id"))


def _csv(entries: QuerySet[AuditEntry]) -> Iterator[bytes]:
    yield (BYTE_ORDER_MARK + lines([CSV_HEADER])).encode()
    after = 0
    while chunk := list(entries.filter(id__gt=after)[:CSV_CHUNK]):
        yield lines(_cells(entry) for entry in chunk).encode()
        after = chunk[-1].id


def _cells(entry: AuditEntry) -> tuple[object, ...]:
    details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True)
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return (
        entry.id, at, entry.actor, entry.action, entry.target, entry.city_code, details,
        entry.previous_hash, entry.hash,
    )  # fmt: skip


def _found(search: AuditSearch) -> QuerySet[AuditEntry]:
    filters: dict[str, Any] = {
        "actor": search.actor,
        "action": search.action,
        "target": search.target,
        "city_code": search.city,
        "at__gte": search.since,
        "at__lt": search.until,
    }
    wanted = {name: value for name, value in filters.items() if value}
    return AuditEntry.objects.filter(**wanted).order_by("-id")
