"""Accesses to personal data, out of the audit trail: who saw, searched, exported or played what, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Replace, Upper

from central_hub.audit.domain import Fact
from central_hub.audit.models import AuditEntry

#: At the hub, and at the consoles of boxes.
ACCESSES = (
    "plate-search", "plate-path", "plate-convoy", "plate-statistics", "plate-export",
    "plate-export-downloaded", "plate-read-viewed", "live", "playback", "clip-ordered", "clip-downloaded",
    "privacy-request-viewed", "privacy-request-report", "audit-exported", "access-log-exported",
    "console.playback", "console.plates.watch", "console.plates.search", "console.plates.look",
    "console.clip.order", "console.clip.download",
)  # fmt: skip

#: Entries fetched at a time for an export.
AT_ONCE = 2000


@dataclass(frozen=True)
class Accesses:
    """Which accesses; None and empty stand for any. `plates`: spellings of one plate that was named.

    `since` is the first instant, `until` the first one after the end.
    """

    cities: Sequence[str] | None = None
    actor: str = ""
    plates: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Access:
    id: int
    fact: Fact

    @property
    def plate(self) -> str:
        """That was named, as it was written; a pattern, perhaps."""
        filters = self.fact.details.get("filters") or {}
        return str(self.fact.details.get("plate") or filters.get("plate") or "")

    @property
    def purpose(self) -> str:
        return str(self.fact.details.get("purpose") or self.fact.details.get("reason") or "")


def page(wanted: Accesses, before_id: int | None, limit: int) -> list[Access]:
    """Newest first."""
    found = _found(wanted).order_by("-id")
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return [_access(entry) for entry in found[:limit]]


def newest_id() -> int:
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def until_id(wanted: Accesses, last_id: int) -> Iterator[Access]:
    """All of them up to this entry, oldest first, as a stream."""
    found, after = _found(wanted).filter(id__lte=last_id).order_by("id"), 0
    while chunk := list(found.filter(id__gt=after)[:AT_ONCE]):
        yield from map(_access, chunk)
        after = chunk[-1].id


def _access(entry: AuditEntry) -> Access:
    fact = Fact(entry.at, entry.actor, entry.action, entry.target, entry.city_code, entry.details)
    return Access(entry.id, fact)


def _found(wanted: Accesses) -> QuerySet[AuditEntry]:
    filters: dict[str, Any] = {
        "city_code__in": wanted.cities,
        "actor": wanted.actor or None,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    given = {name: value for name, value in filters.items() if value is not None}
    found = AuditEntry.objects.filter(action__in=ACCESSES, **given)
    if not wanted.plates:
        return found
    in_filters = KeyTextTransform("plate", KeyTextTransform("filters", "details"))
    named: Any = Upper(Coalesce(KeyTextTransform("plate", "details"), in_filters))
    for sign in "- .·":  # as people write plates
        named = Replace(named, Value(sign), Value(""), output_field=TextField())
    return found.annotate(named=named).filter(named__in=list(wanted.plates))
