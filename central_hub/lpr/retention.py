"""How long plate reads are kept: each city's days, and no longer, unless a legal hold says so.

Months that no city keeps any more are dropped whole. Before that, a city that keeps its reads
for less has them deleted row by row. Order of steps: the images go first, then their rows; a
crash in between leaves rows without an image, and the next turn takes them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from central_hub import objects
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.lpr import partitions
from central_hub.lpr.domain import Month, image_key, kept_since, newest_month
from central_hub.lpr.models import LegalHold, Plate, PlatePolicy, PlateRead, WatchlistHit

log = structlog.get_logger()

#: Rows deleted in one transaction: a second's work, so that nobody waits for it.
ROWS_AT_ONCE = 5_000

#: As `held`, in the form that `partitions.drop` takes.
HELD_SQL = """
    EXISTS (SELECT 1 FROM lpr_legalhold AS hold WHERE hold.released_at IS NULL
        AND hold.city_id = read.city_id AND read.plate IN (hold.plate, hold.other_spelling)
        AND read.captured_at >= hold.since
        AND (hold.until IS NULL OR read.captured_at < hold.until))
"""


def held() -> Exists:
    """Of a plate read or a watchlist hit: does a hold in force cover it?"""
    return Exists(
        LegalHold.objects.filter(
            Q(until__isnull=True) | Q(until__gt=OuterRef("captured_at")),
            Q(plate=OuterRef("plate")) | Q(other_spelling=OuterRef("plate")),
            released_at__isnull=True,
            city_id=OuterRef("city_id"),
            since__lte=OuterRef("captured_at"),
        )
    )


def make_months(now: datetime) -> list[Month]:
    """The partitions of the months to come; those that were made."""
    made = partitions.make_through(newest_month(now))
    if made:
        log.info("plate_months_made", months=[str(month) for month in made])
    return made


def enforce(now: datetime) -> int:
    """Remove what has had its time, and forget plates that nothing is left of; how many reads."""
    days = days_by_city()
    if not days:
        return 0
    removed = _drop_months(kept_since(now, max(days.values())))
    for city_id, kept_days in days.items():
        old = {"city_id": city_id, "captured_at__lt": kept_since(now, kept_days)}
        removed += remove_reads(PlateRead.objects.filter(**old))
        # A hit tells of a passage as its read does.
        WatchlistHit.objects.filter(**old).exclude(held()).delete()
    forget_plates()
    return removed


def days_by_city() -> dict[int, int]:
    chosen = dict(PlatePolicy.objects.values_list("city_id", "retention_days"))
    return {
        city_id: chosen.get(city_id, settings.GTV_PLATE_RETENTION_DAYS) for city_id in cities.all_city_ids()
    }


def remove_reads(reads: "QuerySet[PlateRead]") -> int:
    """Delete these reads and their images, oldest first, but for what a hold protects; how many."""
    free = reads.filter(~held()).order_by("captured_at", "id").annotate(code=F("city__code"))
    removed = 0
    while True:
        rows = list(free.values_list("id", "captured_at", "image_stored_at", "code")[:ROWS_AT_ONCE])
        if not rows:
            return removed
        _remove_images((code, id_, at) for id_, at, stored_at, code in rows if stored_at is not None)
        span = (rows[0][1], rows[-1][1])
        PlateRead.objects.filter(captured_at__range=span, id__in=[row[0] for row in rows]).delete()
        removed += len(rows)


def _drop_months(limit: datetime) -> int:
    removed = 0
    while month := partitions.oldest_before(limit.date()):
        of_month = PlateRead.objects.filter(
            captured_at__gte=_utc(month), captured_at__lt=_utc(month.next())
        ).filter(~held())
        with_image = of_month.filter(image_stored_at__isnull=False)
        _remove_images(with_image.values_list("city__code", "id", "captured_at").iterator(ROWS_AT_ONCE))
        removed += of_month.count()
        kept = partitions.drop(month, HELD_SQL)
        audit.record("hub", "plate-month-dropped", str(month), details={"removed": removed, "held": kept})
        log.info("plate_month_dropped", month=str(month), held=kept)
    return removed


def _remove_images(keys: Iterable[tuple[str, int, datetime]]) -> None:
    objects.remove(image_key(code, id_, captured_at) for code, id_, captured_at in keys)


def forget_plates(among: "QuerySet[Plate] | None" = None) -> int:
    """Take plates out of the dictionary that no read is left of, of these or of all; how many.

    Found without a lock; then ingest waits while they are looked at once more, so that a plate
    that is being read again at this moment stays.
    """
    gone = (Plate.objects.all() if among is None else among).filter(
        ~Exists(PlateRead.objects.filter(plate=OuterRef("plate"), city_id=OuterRef("city_id")))
    )
    candidates = list(gone.values_list("city_id", "plate"))
    forgotten = 0
    for first in range(0, len(candidates), ROWS_AT_ONCE):
        forgotten += _forget(candidates[first : first + ROWS_AT_ONCE])
    return forgotten


@transaction.atomic
def _forget(candidates: Sequence[tuple[int, str]]) -> int:
    city_ids, plates = zip(*candidates, strict=True)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE lpr_plate IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "DELETE FROM lpr_plate AS known USING unnest(%s::bigint[], %s::varchar[]) AS gone(city_id, plate)"
            " WHERE known.city_id = gone.city_id AND known.plate = gone.plate AND NOT EXISTS (SELECT 1"
            " FROM lpr_plateread AS read WHERE read.city_id = gone.city_id AND read.plate = gone.plate)",
            [list(city_ids), list(plates)],
        )
        return int(cursor.rowcount)


def _utc(month: Month) -> datetime:
    return datetime.combine(month.first, datetime.min.time(), UTC)
