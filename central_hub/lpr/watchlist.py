"""Watchlists: the plates a city looks out for, and the hits among what is read.

Hits are found in the transaction that stores the reads, so a hit exists if and only if its read
was stored; people and webhooks hear of it after the commit (alerts.py). A box knows the list too
and alarms with no internet; what it matched is a hit here even if the entry has changed since.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from central_hub import events
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, InvalidInput, NotFound, require_governs
from central_hub.lpr.matching import PlatePattern, is_exact
from central_hub.lpr.models import PlateRead, WatchlistEntry, WatchlistHit
from protocol import messages, plates
from protocol.messages import MAX_WATCHLIST

#: Known characters that a pattern needs: "A*" would alarm at every tenth car.
MIN_KNOWN = 3

#: Entries with wildcards, which are compared with every read one by one.
MAX_WILDCARDS = 500


@dataclass(frozen=True)
class WatchedRead:
    """What is compared with the list."""

    read: messages.PlateRead
    camera_id: uuid.UUID
    plate: str


# --- the list -------------------------------------------------------------------


def entries(caller: Caller, city: str | None, kind: str | None) -> "QuerySet[WatchlistEntry]":
    """What is on the lists of the caller's cities, newest first."""
    listed = WatchlistEntry.objects.visible_to(caller).filter(removed_at__isnull=True)
    if city is not None:
        listed = listed.filter(city_id__in=cities.visible_city_ids(caller, city))
    return (listed.filter(kind=kind) if kind else listed).select_related("city")


@transaction.atomic
def add_entry(caller: Caller, city_code: str, **asked: Any) -> WatchlistEntry:
    """Takes `pattern`, `tolerant`, `kind`, `reason`, `valid_from` and `valid_until`."""
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    cities.lock_city(city_code)
    pattern = check_pattern(asked["pattern"], asked["tolerant"])
    _check_validity(asked["valid_from"], asked["valid_until"])
    present = WatchlistEntry.objects.filter(city=city, removed_at__isnull=True)
    if present.count() >= MAX_WATCHLIST:
        raise Conflict(f"A lista já tem {MAX_WATCHLIST} placas, o máximo permitido.", code="watchlist-full")
    keys = pattern.variants if is_exact(pattern.text) else None
    if keys is None and present.filter(keys__isnull=True).count() >= MAX_WILDCARDS:
        raise Conflict(f"A lista já tem {MAX_WILDCARDS} placas com ? ou *.", code="watchlist-full")
    entry = WatchlistEntry.objects.create(
        city=city, keys=keys, created_by=caller.username, **{**asked, "pattern": pattern.text}
    )
    _changed(caller, entry, "watchlist-entry-added")
    return entry


@transaction.atomic
def remove_entry(caller: Caller, entry_id: uuid.UUID) -> None:
    entry = entries(caller, None, None).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("Placa monitorada não encontrada.")
    require_governs(caller, entry.city_id)
    entry.removed_at, entry.removed_by = timezone.now(), caller.username
    entry.save(update_fields=["removed_at", "removed_by"])
    _changed(caller, entry, "watchlist-entry-removed")


def check_pattern(text: str, tolerant: bool) -> PlatePattern:
    """Raises InvalidInput."""
    pattern = PlatePattern.parse(text, similar=tolerant, field="pattern")
    if pattern is None or len(pattern.text) - sum(map(pattern.text.count, "?*")) < MIN_KNOWN:
        raise InvalidInput.in_field("pattern", f"Informe ao menos {MIN_KNOWN} letras ou números da placa.")
    if is_exact(pattern.text) and len(pattern.text) > plates.MAX_PLATE:
        raise InvalidInput.in_field("pattern", f"Uma placa tem no máximo {plates.MAX_PLATE} caracteres.")
    return pattern


def _check_validity(valid_from: datetime | None, valid_until: datetime | None) -> None:
    if valid_from is not None and valid_until is not None and valid_from >= valid_until:
        raise InvalidInput.in_field("valid_until", "O fim precisa ser depois do início.")
    if valid_until is not None and valid_until <= timezone.now():
        raise InvalidInput.in_field("valid_until", "Este fim já passou: a placa não seria vigiada.")


def _changed(caller: Caller, entry: WatchlistEntry, action: str) -> None:
    details = {"pattern": entry.pattern, "kind": entry.kind, "reason": entry.reason}
    audit.record(caller, action, str(entry.pk), city_code=entry.city.code, details=details)
    events.configuration_changed.send(sender=WatchlistEntry, city_id=entry.city_id)


def desired_watchlist(city_id: int) -> list[messages.WatchlistEntry]:
    """The city's list as its boxes get it, without what is over."""
    present = WatchlistEntry.objects.filter(city_id=city_id, removed_at__isnull=True).exclude(
        valid_until__lte=timezone.now()
    )
    return [
        messages.WatchlistEntry(
            id=str(entry.pk),
            pattern=entry.pattern,
            kind=entry.kind,  # type: ignore[arg-type]  # the model's choices are the protocol's
            reason=entry.reason,
            valid_from=entry.valid_from,
            valid_until=entry.valid_until,
            tolerant=entry.tolerant,
        )
        for entry in present.order_by("pk")[:MAX_WATCHLIST]
    ]


# --- hits -----------------------------------------------------------------------


def hits(caller: Caller, city: str | None, before_id: int | None, limit: int) -> list[WatchlistHit]:
    """Newest first."""
    found = WatchlistHit.objects.visible_to(caller).select_related("entry", "camera", "city")
    if city is not None:
        found = found.filter(city_id__in=cities.visible_city_ids(caller, city))
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return list(found.order_by("-id")[:limit])


def reads_of(caller: Caller, found: Sequence[WatchlistHit]) -> dict[int, PlateRead]:
    """The read of each hit, by the hit's id; of those that are still kept."""
    reads = (
        PlateRead.objects.visible_to(caller)
        .filter(camera_id__in={hit.camera_id for hit in found})
        .filter(captured_at__in={hit.captured_at for hit in found})
        .select_related("camera", "city")
    )
    known = {(read.camera_id, read.plate, read.captured_at): read for read in reads}
    by_hit = {hit.pk: known.get((hit.camera_id, hit.plate, hit.captured_at)) for hit in found}
    return {hit_id: read for hit_id, read in by_hit.items() if read is not None}


def record_hits(city_id: int, node_id: uuid.UUID, reads: Sequence[WatchedRead]) -> list[int]:
    """Keep the hits among these reads; the ids of those that are new. "Authorised" alarms nobody."""
    listed = _candidates(city_id, reads)
    found = {
        (entry.pk, passage_of(seen.read)): WatchlistHit(
            city_id=city_id,
            entry=entry,
            node_id=node_id,
            passage=passage_of(seen.read),
            camera_id=seen.camera_id,
            plate=seen.plate,
            captured_at=seen.read.captured_at,
        )
        for seen in reversed(reads)
        for entry in matching_entries(seen, listed.values())
        if entry.kind != WatchlistEntry.Kind.AUTHORISED
    }
    if not found:
        return []
    last = WatchlistHit.objects.order_by("-id").values_list("id", flat=True).first() or 0
    in_order = sorted(found.values(), key=lambda hit: hit.captured_at)  # numbered and told in this order
    WatchlistHit.objects.bulk_create(in_order, ignore_conflicts=True)
    new = WatchlistHit.objects.filter(
        node_id=node_id, id__gt=last, passage__in={passage for _, passage in found}
    )
    return list(new.order_by("id").values_list("id", flat=True))


def passage_of(read: messages.PlateRead) -> str:
    return read.group or read.id


def matching_entries(seen: WatchedRead, listed: Iterable[WatchlistEntry]) -> list[WatchlistEntry]:
    """The entries that this read is a hit of, by their validity at the moment of the passage."""
    told = {hit.entry for hit in seen.read.hits}
    return [
        entry
        for entry in listed
        if str(entry.pk) in told
        or (
            entry.removed_at is None
            and _valid_at(entry, seen.read.captured_at)
            and plates.matches(entry.pattern, seen.plate, tolerant=entry.tolerant)
        )
    ]


def _valid_at(entry: WatchlistEntry, at: datetime) -> bool:
    since, until = entry.valid_from, entry.valid_until
    return (since is None or since <= at) and (until is None or at < until)


def _candidates(city_id: int, reads: Sequence[WatchedRead]) -> Mapping[uuid.UUID, WatchlistEntry]:
    """The city's entries that may match one of these: by their keys, by wildcards, or told by the box."""
    texts = {seen.plate for seen in reads}
    texts |= {plates.fold(text) for text in texts}
    told = {hit.entry for seen in reads for hit in seen.read.hits}
    ours = WatchlistEntry.objects.filter(city_id=city_id)
    listed = Q(removed_at__isnull=True) & (Q(keys__overlap=sorted(texts)) | Q(keys__isnull=True))
    return ours.filter(listed | Q(pk__in=_uuids(told))).in_bulk()


def _uuids(texts: Iterable[str]) -> list[uuid.UUID]:
    """Those that are ids of ours."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
