"""Plate reads by month: made ahead, dropped when no city keeps them, and what a legal hold protects stays."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from central_hub import objects
from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.ingest.models import StreamCursor
from central_hub.lpr import partitions, retention
from central_hub.lpr.domain import Month
from central_hub.lpr.images import key_of
from central_hub.lpr.models import LegalHold, Plate, PlatePolicy, PlateRead
from protocol.messages import PlateRead as Read
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import World

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def months_as_before(world: World) -> object:
    """Tests move the borders of the one table; the next test finds them where the migration left them."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(inhrelid::regclass::text, ', ') FROM pg_inherits"
            " WHERE inhparent = 'lpr_plateread'::regclass"
        )
        cursor.execute(f"DROP TABLE {cursor.fetchone()[0]}")
        partitions.make_first(cursor, Month.of(NOW))
    retention.make_months(NOW)


def store(city: str, events: dict[int, Read]) -> None:
    node = cities.find_node(NodeAddress(city, "caixa-01"))
    assert node is not None
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))


def read_of(world: World, plate: str, days_ago: float, *, other: bool = False) -> Read:
    camera = world.other_camera if other else world.camera
    return plate_read(camera.pk, plate, captured_at=NOW - timedelta(days=days_ago))


def partition_of(plate: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM lpr_plateread WHERE plate = %s", [plate])
        return str(cursor.fetchone()[0]).removeprefix("lpr_plateread_")


def back_to(month: Month) -> None:
    """As if the hub had run since that month."""
    with connection.cursor() as cursor:
        for name in [f"y{m.year}m{m.month:02d}" for m in partitions.months()] + ["past", "future"]:
            cursor.execute(f"DROP TABLE lpr_plateread_{name}")
        partitions.make_first(cursor, month)
    retention.make_months(NOW)


def test_an_installation_has_this_month_and_the_coming_ones(world: World) -> None:
    month = Month.of(NOW)
    assert partitions.months() == [month, month.next(), month.next(2)]
    assert retention.make_months(NOW) == [], "asking again changes nothing"


def test_a_read_of_any_time_finds_its_month_and_none_is_refused(world: World) -> None:
    far = {"PAS1T00": -3000, "NOW0A00": 0, "FUT1R00": 900}
    store(
        "vale-verde",
        {seq: read_of(world, plate, -days) for seq, (plate, days) in enumerate(far.items(), start=1)},
    )
    month = Month.of(NOW)
    assert partition_of("NOW0A00") == f"y{month.year}m{month.month:02d}"
    assert (partition_of("PAS1T00"), partition_of("FUT1R00")) == ("past", "future")


def test_months_that_come_take_over_what_a_fast_clock_had_put_into_the_future(world: World) -> None:
    store("vale-verde", {1: read_of(world, "FAS1T00", -120)})
    assert partition_of("FAS1T00") == "future"
    made = retention.make_months(NOW + timedelta(days=92))
    month = Month.of(NOW + timedelta(days=120))
    assert month in made and partition_of("FAS1T00") == f"y{month.year}m{month.month:02d}"
    assert PlateRead.objects.count() == 1


@pytest.mark.req("E2")
def test_a_repeated_read_is_stored_once_even_if_the_cursor_were_lost(world: World) -> None:
    read = read_of(world, "ABC1D23", 0)
    store("vale-verde", {1: read})
    store("vale-verde", {1: read})
    StreamCursor.objects.all().delete()
    store("vale-verde", {1: read})
    assert PlateRead.objects.count() == Plate.objects.count() == 1


@pytest.mark.req("S14.1")
def test_each_city_keeps_its_reads_for_its_own_days(world: World) -> None:
    PlatePolicy.objects.create(city=world.city, retention_days=10)
    PlatePolicy.objects.create(city=world.other_city, retention_days=60)
    back_to(Month.of(NOW).next(-5))
    store("vale-verde", {1: read_of(world, "OLD1A00", 20), 2: read_of(world, "NEW1A00", 5)})
    store(
        "serra-azul",
        {
            1: read_of(world, "OLD2A00", 20, other=True),
            2: read_of(world, "AGE2A00", 65, other=True),
            3: read_of(world, "ANC2A00", 130, other=True),
        },
    )
    assert retention.enforce(NOW) == 3
    assert sorted(PlateRead.objects.values_list("plate", flat=True)) == ["NEW1A00", "OLD2A00"]
    assert sorted(Plate.objects.values_list("plate", flat=True)) == ["NEW1A00", "OLD2A00"]
    assert partitions.months()[0] >= Month.of(NOW - timedelta(days=61))
    assert AuditEntry.objects.filter(action="plate-month-dropped").exists()
    assert retention.enforce(NOW) == 0


@pytest.mark.req("S14.1")
def test_a_legal_hold_outlives_the_month_that_is_dropped(world: World) -> None:
    back_to(Month.of(NOW).next(-10))
    store("vale-verde", {1: read_of(world, "HLD1A00", 250), 2: read_of(world, "FRE1A00", 250)})
    hold = LegalHold.objects.create(
        city=world.city, plate="HLD1A00", since=NOW - timedelta(days=300), reference="0001", placed_by="x"
    )
    assert retention.enforce(NOW) == 1
    assert [read.plate for read in PlateRead.objects.all()] == ["HLD1A00"]
    assert partition_of("HLD1A00") == "past"
    hold.released_at = NOW
    hold.save()
    assert retention.enforce(NOW) == 1
    assert not PlateRead.objects.exists() and not Plate.objects.exists()


@pytest.mark.req("S14.1")
def test_images_go_with_their_reads(world: World) -> None:
    store("vale-verde", {1: read_of(world, "PIC1A00", 400), 2: read_of(world, "PIC2A00", 1)})
    addresses = {}
    for read in PlateRead.objects.select_related("city"):
        upload = objects.presigned_put(key_of(read), timedelta(minutes=1))
        assert httpx.put(upload, content=b"jpeg").is_success
        addresses[read.plate] = objects.presigned_get(key_of(read))
    PlateRead.objects.update(image_stored_at=NOW)
    retention.enforce(NOW)
    assert httpx.get(addresses["PIC1A00"]).status_code == 404
    assert httpx.get(addresses["PIC2A00"]).content == b"jpeg"


def test_the_migration_keeps_the_rows_of_the_table_before(world: World) -> None:
    """Back to the first migration's table is not offered; so it is made in a schema of its own."""
    node, camera = world.node.pk, world.camera.pk
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before")
        cursor.execute("SET search_path TO before, public")
        try:
            _migrate_in_schema(node, camera)
            cursor.execute("SELECT plate, seq, city_id FROM before.lpr_plateread ORDER BY seq")
            assert cursor.fetchall() == [("ABC1D23", 1, world.city.pk), ("XYZ9876", 2, world.city.pk)]
            cursor.execute("SELECT plate, folded FROM before.lpr_plate ORDER BY plate")
            assert cursor.fetchall() == [("ABC1D23", "A8C1023"), ("XYZ9876", "XY29876")]
            cursor.execute("SELECT nextval('before.lpr_plateread_id_seq')")
            assert cursor.fetchone() == (3,)
        finally:
            cursor.execute("RESET search_path")
            cursor.execute("DROP SCHEMA before CASCADE")


def _migrate_in_schema(node: object, camera: object) -> None:
    executor = MigrationExecutor(connection)
    graph = executor.loader
    old = graph.project_state(("lpr", "0001_initial"))
    first = graph.get_migration("lpr", "0001_initial")
    second = graph.get_migration("lpr", "0002_partitions")
    with connection.schema_editor() as editor:
        first.apply(graph.project_state(("cities", "0002_cameras_from_boxes")), editor)
    city_id = cities.city_by_code("vale-verde").pk
    with connection.cursor() as cursor:
        for seq, plate in ((1, "ABC1D23"), (2, "XYZ9876")):
            cursor.execute(
                "INSERT INTO lpr_plateread (city_id, node_id, seq, camera_id, edge_id, plate, captured_at,"
                " received_at, stored_at, vendor, image_sha256)"
                " VALUES (%s, %s, %s, %s, 'r', %s, now() - interval '40 days' * %s, now(), now(), 'v', '')",
                [city_id, node, seq, camera, plate, seq],
            )
    with connection.schema_editor() as editor:
        second.apply(old, editor)
