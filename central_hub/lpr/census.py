"""What each city has decided about plates, and where its alerts go, for reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from central_hub.lpr.models import LegalHold, PlatePolicy, WatchlistEntry, Webhook


@dataclass(frozen=True)
class Census:
    """Days that reads are kept, who sees plates, what is protected and watched, and which hosts are told."""

    retention_days: int
    viewers_see_plates: bool
    holds: int
    watched: int
    told: Sequence[str]


def of_cities(city_ids: Sequence[int]) -> Mapping[int, Census]:
    policies = {policy.city_id: policy for policy in PlatePolicy.objects.filter(city_id__in=city_ids)}
    holds = _count(LegalHold.objects.filter(city_id__in=city_ids, released_at=None))
    watched = _count(WatchlistEntry.objects.filter(city_id__in=city_ids, removed_at=None))
    told: dict[int, set[str]] = {}
    for city_id, url in Webhook.objects.filter(city_id__in=city_ids).values_list("city_id", "url"):
        # The host alone: the rest of an address may be a secret of the receiver's.
        told.setdefault(city_id, set()).add(urlsplit(url).hostname or "")
    return {
        key: Census(
            retention_days=_days(policies.get(key)),
            viewers_see_plates=policies[key].viewers_see_plates if key in policies else True,
            holds=holds[key],
            watched=watched[key],
            told=sorted(told.get(key, set())),
        )
        for key in city_ids
    }


def _days(policy: PlatePolicy | None) -> int:
    return policy.retention_days if policy else settings.GTV_PLATE_RETENTION_DAYS


def _count(rows: "QuerySet[LegalHold] | QuerySet[WatchlistEntry]") -> Counter[int]:
    return Counter(rows.values_list("city_id", flat=True))
