"""What many reads say together: a vehicle's path, who drives with it, and how many pass when and where."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, DateTimeField, Exists, F, Func, OuterRef, QuerySet, Value, Window

from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, InvalidInput
from central_hub.lpr.journeys import Leg, Sighting, legs
from central_hub.lpr.lookups import CONFUSED
from central_hub.lpr.matching import is_exact
from central_hub.lpr.models import Plate, PlateRead
from central_hub.lpr.privacy import require_plates
from central_hub.lpr.search import ReadSearch, bounded_time, found_by
from protocol.plates import fold

#: Reads of a path that a map can show; of a longer one, the newest.
MAX_PATH = 1000

#: Reads of the one vehicle that a convoy is looked for around: the newest.
MAX_MEETINGS = 2000

#: Plates that drive with it, or are read most.
MAX_PLATES = 50

#: Days that statistics may span: a quarter.
MAX_STATISTICS = timedelta(days=92)

#: The offset of every time zone is a whole number of these.
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class PathPoint:
    read: PlateRead
    leg: Leg | None


@dataclass(frozen=True)
class Companion:
    """A plate that was read at the same cameras at the same time."""

    plate: str
    cameras: int
    meetings: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class PeriodCount:
    at: datetime
    reads: int


@dataclass(frozen=True)
class CameraCount:
    id: str
    name: str
    reads: int


@dataclass(frozen=True)
class PlateCount:
    plate: str
    reads: int
    cameras: int


@dataclass(frozen=True)
class FirstSeen:
    plate: str
    at: datetime


@dataclass(frozen=True)
class Statistics:
    reads: int
    plates: int
    timezone: str
    by_period: Sequence[PeriodCount]
    by_camera: Sequence[CameraCount]
    top_plates: Sequence[PlateCount]
    #: Plates that the hub had never stored before the period: how many, and the newest.
    new_plates: int
    first_seen: Sequence[FirstSeen]
    #: Reads by day of the week (Monday first) and hour, in the city's time.
    heat: Sequence[Sequence[int]]


# --- one vehicle ----------------------------------------------------------------


def vehicle_path(caller: Caller, search: ReadSearch, purpose: str = "") -> list[PathPoint]:
    """The reads of one plate across all cameras, oldest first, with the legs between them. Audited."""
    require_plates(caller)
    _require_one_plate(search)
    with bounded_time():
        newest = found_by(caller, replace(search, order="newest"))
        reads = list(newest.select_related("camera", "city")[:MAX_PATH])[::-1]
    ways = legs([Sighting(read.captured_at, read.camera.latitude, read.camera.longitude) for read in reads])
    _audit(caller, "plate-path", search, len(reads), purpose)
    return [PathPoint(read, way) for read, way in zip(reads, ways, strict=True)]


# A companion is looked for at the cameras of reads that the caller may see, and nowhere else: so the
# scope of the reads is the scope of the answer. The bounds are columns, so that each meeting reads one month.
# OFFSET 0 keeps the planner from joining otherwise: it takes a meeting for a hundred reads, and would rather
# go through the whole table. Of a plate with 1,700 reads among a million: 8 s that way, 0.2 s this way.
# What OCR makes of the same plate is the vehicle itself, not another.
_COMPANIONS = f"""
    SELECT near.plate, count(DISTINCT near.camera_id), count(DISTINCT met.number),
        min(near.captured_at), max(near.captured_at)
    FROM unnest(%s::int[], %s::uuid[], %s::timestamptz[], %s::timestamptz[])
        AS met(number, camera_id, low, high)
    CROSS JOIN LATERAL (
        SELECT plate, camera_id, captured_at FROM lpr_plateread
        WHERE camera_id = met.camera_id AND captured_at >= met.low AND captured_at <= met.high
        OFFSET 0
    ) AS near
    WHERE translate(near.plate, '{CONFUSED}', '{fold(CONFUSED)}') <> ALL(%s)
    GROUP BY near.plate HAVING count(DISTINCT near.camera_id) >= %s
    ORDER BY 2 DESC, 3 DESC, 1 LIMIT %s
"""  # noqa: S608


def companions(
    caller: Caller, search: ReadSearch, within: timedelta, min_cameras: int, purpose: str = ""
) -> list[Companion]:
    """Plates read with this one, within so much time, at so many cameras at least. Audited."""
    require_plates(caller)
    _require_one_plate(search)
    with bounded_time():
        met = list(
            found_by(caller, replace(search, order="newest")).values_list(
                "camera_id", "captured_at", "plate"
            )[:MAX_MEETINGS]
        )
        own = sorted({fold(plate) for _, _, plate in met})
        with connection.cursor() as cursor:
            cursor.execute(
                _COMPANIONS,
                [
                    list(range(len(met))),
                    [camera for camera, _, _ in met],
                    [at - within for _, at, _ in met],
                    [at + within for _, at, _ in met],
                    own,
                    min_cameras,
                    MAX_PLATES,
                ],
            )
            found = [Companion(*row) for row in cursor.fetchall()]
    _audit(caller, "plate-convoy", search, len(found), purpose)
    return found


def _require_one_plate(search: ReadSearch) -> None:
    """A path of many vehicles is none."""
    if search.pattern is None or not is_exact(search.pattern.text):
        raise InvalidInput.in_field("plate", "Informe uma placa inteira, sem ? e *.")


# --- many vehicles --------------------------------------------------------------


def statistics(
    caller: Caller,
    search: ReadSearch,
    since: datetime,
    until: datetime,
    by: Literal["hour", "day"],
    purpose: str = "",
) -> Statistics:
    """Counts over the reads of a search in this period. Audited, because plates are named."""
    require_plates(caller)
    if not timedelta(0) < until - since <= MAX_STATISTICS:
        raise InvalidInput.in_field("until", f"Informe um período de até {MAX_STATISTICS.days} dias.")
    timezone = cities.timezone_for(caller, search.city)
    with bounded_time():
        reads = found_by(caller, replace(search, since=since, until=until)).order_by()
        by_hour = _by_hour(reads, timezone)
        with _grouped_by_index(caller.city_id is None and not search.filters):
            top, plates = _top_plates(reads)
        new = _new_plates(caller, search, since, until)
        if replace(search, city=None).filters:
            read = reads.filter(plate=OuterRef("plate"), city_id=OuterRef("city_id"))
            new = new.filter(Exists(read))
        found = Statistics(
            reads=sum(hour.reads for hour in by_hour),
            plates=plates,
            timezone=timezone.key,
            by_period=by_hour if by == "hour" else _by_day(by_hour),
            by_camera=_by_camera(reads),
            top_plates=top,
            new_plates=new.count(),
            first_seen=[
                FirstSeen(plate, at)
                for plate, at in new.order_by("-first_captured_at").values_list("plate", "first_captured_at")[
                    :MAX_PLATES
                ]
            ],
            heat=_heat(by_hour),
        )
    _audit(caller, "plate-statistics", replace(search, since=since, until=until), found.reads, purpose)
    return found


# Three passes over the reads, each by one column, so that PostgreSQL can share them among workers and
# needs no sorting: hours (days and weekdays follow from them), cameras, plates.


def _by_hour(reads: "QuerySet[PlateRead]", timezone: ZoneInfo) -> list[PeriodCount]:
    """The hours of the city's time, from quarters of an hour.

    PostgreSQL takes a time zone for each read longer than the reading: of two million, 1.0 s so and 0.4 s by
    quarters. Sorted here: told to sort, it sorts the reads, not the hours.
    """
    quarter = Func(
        Value(QUARTER),
        F("captured_at"),
        Value(datetime(2000, 1, 1, tzinfo=UTC)),
        function="date_bin",
        output_field=DateTimeField(),
    )
    hours: Counter[datetime] = Counter()
    for at, count in reads.annotate(at=quarter).values_list("at").annotate(reads=Count("id")):
        hours[at.astimezone(timezone).replace(minute=0)] += count
    return [PeriodCount(at, count) for at, count in sorted(hours.items())]


def _by_day(hours: Sequence[PeriodCount]) -> list[PeriodCount]:
    days: Counter[datetime] = Counter()
    for hour in hours:
        days[hour.at.replace(hour=0, minute=0)] += hour.reads
    return [PeriodCount(at, reads) for at, reads in days.items()]


def _heat(hours: Sequence[PeriodCount]) -> list[list[int]]:
    heat = [[0] * 24 for _ in range(7)]
    for hour in hours:
        heat[hour.at.weekday()][hour.at.hour] += hour.reads
    return heat


def _by_camera(reads: "QuerySet[PlateRead]") -> list[CameraCount]:
    counted = dict(reads.values_list("camera_id").annotate(reads=Count("id")))
    names = cities.camera_names(counted)
    rows = [CameraCount(str(camera), names.get(camera, ""), count) for camera, count in counted.items()]
    return sorted(rows, key=lambda row: (-row.reads, row.name, row.id))


@contextmanager
def _grouped_by_index(every_read: bool) -> Iterator[None]:
    """Plates of all reads come in order from their months' indexes, and are counted as they come.

    PostgreSQL would rather collect them in memory, where a quarter's plates do not fit. Of two million reads:
    1.3 s that way, 0.85 s this way. Reads of one city would have to be sorted for it.
    """
    if not every_read:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashagg = off")
        yield
        cursor.execute("SET LOCAL enable_hashagg TO DEFAULT")


def _top_plates(reads: "QuerySet[PlateRead]") -> tuple[list[PlateCount], int]:
    """The plates that were read most, and how many different ones there are."""
    counted = reads.values("plate").annotate(reads=Count("id"), plates=Window(Count("*")))
    rows = list(counted.order_by("-reads", "plate")[:MAX_PLATES])
    of_these = reads.filter(plate__among=[row["plate"] for row in rows])
    seen_at = dict(of_these.values_list("plate").annotate(cameras=Count("camera_id", distinct=True)))
    top = [PlateCount(row["plate"], row["reads"], seen_at.get(row["plate"], 0)) for row in rows]
    return top, rows[0]["plates"] if rows else 0


def _new_plates(caller: Caller, search: ReadSearch, since: datetime, until: datetime) -> "QuerySet[Plate]":
    known = Plate.objects.visible_to(caller)
    if search.city is not None:
        known = known.filter(city_id__among=cities.visible_city_ids(caller, search.city))
    return known.filter(first_captured_at__gte=since, first_captured_at__lt=until)


def _audit(caller: Caller, action: str, search: ReadSearch, results: int, purpose: str) -> None:
    told = {"purpose": purpose} if purpose else {}
    audit.record(
        caller,
        action,
        search.plate,
        city_code=cities.code_asked_of(caller, search.city),
        details={"filters": search.filters, "results": results, **told},
    )
