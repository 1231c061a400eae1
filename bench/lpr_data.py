"""Synthetic plate reads with the skew of real traffic, loaded by COPY.

A city's own vehicles make most of its reads, the few that drive all day far more than their share (Zipf);
the others pass through once or twice. Two reads in a hundred have one character misread. Reads are spread
over MONTHS months in order of time, fewer at night.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection

from central_hub.lpr import partitions
from central_hub.lpr.domain import Month
from protocol.plates import fold

MONTHS = 12
CITIES = 20
CAMERAS_PER_CITY = 40
CHUNK = 100_000
LOCAL_SHARE = 0.75  # reads of vehicles of the city itself
MISREAD_SHARE = 0.02
CONFUSED = {
    "O": "0",
    "0": "O",
    "I": "1",
    "1": "I",
    "B": "8",
    "8": "B",
    "S": "5",
    "5": "S",
    "Z": "2",
    "2": "Z",
}
COLOURS = ["white", "silver", "black", "gray", "red", "blue", "green", "brown"]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
PLATE_READ_COLUMNS = (
    "city_id, node_id, seq, camera_id, captured_at, received_at, stored_at, confidence, speed_kmh,"
    " image_size_bytes, lane, edge_id, plate, vendor, direction, vehicle_type, vehicle_color,"
    " image_sha256, image_stored_at"
)


@dataclass(frozen=True)
class Place:
    """A city with its box and cameras."""

    city_id: int
    node_id: str
    cameras: list[str]


def make_places() -> list[Place]:
    from central_hub.cities.models import Camera, City, EdgeNode, Plan

    plan, _ = Plan.objects.get_or_create(name="bench", retention_days=30)
    places = []
    for number in range(CITIES):
        city = City.objects.create(code=f"city-{number}", name=f"City {number}", plan=plan)
        node = EdgeNode.objects.create(city=city, code="box")
        cameras = [
            Camera(id=uuid.uuid4(), city=city, node=node, name=f"Camera {n}", rtsp_url="rtsp://camera/")
            for n in range(CAMERAS_PER_CITY)
        ]
        Camera.objects.bulk_create(cameras)
        places.append(Place(city.pk, str(node.pk), [str(camera.pk) for camera in cameras]))
    return places


def make_months() -> None:
    """The table empty, with its months."""
    first = Month.of(NOW).next(1 - MONTHS)
    with connection.cursor() as cursor:
        names = [f"y{month.year:04d}m{month.month:02d}" for month in partitions.months()]
        for name in [*names, "past", "future"]:
            cursor.execute(f"DROP TABLE lpr_plateread_{name}")
        cursor.execute("TRUNCATE lpr_plate, ingest_streamcursor")
        partitions.make_first(cursor, first)
    partitions.make_through(Month.of(NOW))


class Traffic:
    """Rows in order of time; the same for the same number of rows."""

    def __init__(self, places: list[Place], count: int) -> None:
        self._places = places
        self._count = count
        self._rng = np.random.default_rng(7)
        weights = 1 / np.arange(1, len(places) + 1)
        self._city_weights = weights / weights.sum()
        # Vehicles of a city: as many as make about seven reads each in the whole period.
        self._fleet = np.maximum((count * self._city_weights / 9).astype(int), 50)
        self._seq = [0] * len(places)

    def chunks(self) -> Iterator[list[tuple[object, ...]]]:
        start = NOW - timedelta(days=MONTHS * 30)
        step_s = MONTHS * 30 * 86400 / self._count
        for first in range(0, self._count, CHUNK):
            size = min(CHUNK, self._count - first)
            yield list(self._rows(start, step_s, first, size))

    def _rows(self, start: datetime, step_s: float, first: int, size: int) -> Iterator[tuple[object, ...]]:
        rng = self._rng
        cities = rng.choice(len(self._places), size, p=self._city_weights)
        local = rng.random(size) < LOCAL_SHARE
        # Zipf with a bound: rank = N^u is dense at the low ranks.
        ranks = (self._fleet[cities] ** rng.random(size)).astype(int)
        ranks = np.where(rng.random(size) < 0.6, (rng.random(size) * self._fleet[cities]).astype(int), ranks)
        strangers = rng.integers(0, 40_000_000, size)
        misread = rng.random(size) < MISREAD_SHARE
        cameras = (rng.random(size) ** 2 * CAMERAS_PER_CITY).astype(int)
        confidence = np.round(rng.beta(12, 1.5, size), 3)
        colour = rng.integers(0, len(COLOURS), size)
        for n in range(size):
            city = cities[n]
            place = self._places[city]
            number = int(city) * 7_919_003 + int(ranks[n]) * 13 if local[n] else int(strangers[n])
            plate = plate_of(number)
            if misread[n]:
                plate = _misread(plate, first + n)
            at = start + timedelta(seconds=step_s * (first + n))
            self._seq[city] += 1
            edge_id = f"{first + n:032x}"
            yield (
                place.city_id, place.node_id, self._seq[city], place.cameras[cameras[n]], at, at, at,
                confidence[n], 40.0, 180_000, 1, edge_id, plate, "hikvision", "forward", "car",
                COLOURS[colour[n]], edge_id * 2, at,
            )  # fmt: skip


def plate_of(number: int) -> str:
    """A plate for each number: seven of ten Mercosul, the others of the old form."""
    mixed = number * 2_654_435_761 % 456_976_000  # 26^4 x 10^3: neighbours in number are none in plate
    letters = []
    rest = mixed
    for _ in range(4):
        rest, letter = divmod(rest, 26)
        letters.append(chr(65 + letter))
    fifth = letters[3] if number % 10 < 7 else str(ord(letters[3]) % 10)
    digits = f"{rest % 1000:03d}"
    return f"{letters[0]}{letters[1]}{letters[2]}{digits[0]}{fifth}{digits[1:]}"


def _misread(plate: str, salt: int) -> str:
    places = [place for place, sign in enumerate(plate) if sign in CONFUSED]
    if not places:
        return plate
    place = places[salt % len(places)]
    return plate[:place] + CONFUSED[plate[place]] + plate[place + 1 :]


def load(places: list[Place], count: int) -> None:
    """Fill the empty tables with so many reads, and bring statistics up to date."""
    make_months()
    connection.ensure_connection()
    raw = connection.connection
    seen: set[tuple[int, str]] = set()
    for rows in Traffic(places, count).chunks():
        with (
            raw.cursor() as cursor,
            cursor.copy(f"COPY lpr_plateread ({PLATE_READ_COLUMNS}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        seen.update((row[0], row[12]) for row in rows)  # type: ignore[misc]
    with raw.cursor() as cursor:
        with cursor.copy("COPY lpr_plate (city_id, plate, folded, first_captured_at) FROM STDIN") as copy:
            for city_id, plate in sorted(seen):
                copy.write_row((city_id, plate, fold(plate), NOW))
        for table in ("lpr_plateread", "lpr_plate"):
            cursor.execute(f"VACUUM ANALYZE {table}")
