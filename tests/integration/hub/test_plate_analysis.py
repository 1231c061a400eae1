"""What many reads say: paths, companions, statistics, and saved searches, each for the own city only."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.cities.models import Camera, City
from central_hub.ingest import services as ingest
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday; 9:00 in São Paulo
API = "/api/v1"


def store(city: str, reads: list[tuple[Camera, str, float]]) -> None:
    """Camera, plate, minutes after noon; stored as the next numbers of the city's box."""
    node = cities.find_node(NodeAddress(city, "caixa-01"))
    assert node is not None
    events = {
        seq: plate_read(camera.pk, plate, captured_at=NOON + timedelta(minutes=minutes))
        for seq, (camera, plate, minutes) in enumerate(reads, start=1)
    }
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))


@pytest.fixture
def street(world: World) -> list[Camera]:
    """Three cameras of the first city, a few kilometres apart, and one that nobody has placed."""
    cameras = [world.camera, *(world.add_camera(world.city, world.node, f"Câmera {n}") for n in (2, 3, 4))]
    for camera, latitude in zip(cameras, (-23.50, -23.55, -23.60), strict=False):
        cities.change_camera(None, camera, latitude=latitude, longitude=-46.6)
    return cameras


def get(client: Any, path: str, **query: Any) -> Any:
    answer = client.get(f"{API}/{path}", {"purpose": "BO 55/2026", **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.req("S11.1")
def test_a_vehicles_path_is_its_reads_in_order_of_time_with_their_places(
    world: World, street: list[Camera], login: Login
) -> None:
    one, two, three, unplaced = street
    store(
        "vale-verde",
        [
            (two, "ABC1D23", 10),
            (one, "ABC1D23", 0),
            (two, "XYZ9876", 5),
            (three, "ABC1D23", 10.5),
            (unplaced, "ABC1D23", 20),
        ],
    )
    store("serra-azul", [(world.other_camera, "ABC1D23", 60)])
    points = get(login(world.gestor), "plate-path", plate="ABC1D23")
    assert [point["read"]["camera"]["name"] for point in points] == [
        "Entrada",
        "Câmera 2",
        "Câmera 3",
        "Câmera 4",
    ]
    assert [point["latitude"] for point in points] == [-23.50, -23.55, -23.60, None]
    legs = [point["leg"] for point in points]
    assert (
        legs[0] is None
        and legs[1]["minutes"] == 10
        and legs[1]["distance_km"] == pytest.approx(5.56, abs=0.01)
    )
    assert [leg["impossible"] for leg in legs[1:]] == [False, True, False]
    across = get(login(world.admin), "plate-path", plate="ABC1D23")
    assert [point["read"]["city"]["code"] for point in across] == ["vale-verde"] * 4 + ["serra-azul"]
    assert AuditEntry.objects.filter(action="plate-path", target="ABC1D23").count() == 2


@pytest.mark.parametrize("plate", ["", "ABC*", "AB?1D23"])
def test_a_path_is_one_vehicles(world: World, login: Login, plate: str) -> None:
    for path in ("plate-path", "plate-companions"):
        answer = login(world.gestor).get(f"{API}/{path}", {"plate": plate, "purpose": "BO 55/2026"})
        assert answer.status_code == 400 and "plate" in answer.json()["errors"]


@pytest.mark.req("S11.1")
def test_companions_were_read_at_enough_cameras_within_the_time(
    world: World, street: list[Camera], login: Login
) -> None:
    one, two, three, four = street
    reads = []
    for camera, minutes in ((one, 0), (two, 10), (three, 20)):
        reads += [
            (camera, "ABC1D23", minutes),
            (camera, "CUM1A00", minutes + 0.5),
            (camera, "ATR1A50", minutes + 5),
        ]
    reads += [(one, "TWO2C00", 0.2), (two, "TWO2C00", 10.2), (one, "TWO2C00", 0.3), (four, "CUM1A00", 40)]
    store("vale-verde", reads)
    store("serra-azul", [(world.other_camera, "SEG1A00", 0)])
    client = login(world.gestor)
    (found,) = get(client, "plate-companions", plate="ABC1D23")
    assert (found["plate"], found["cameras"], found["meetings"]) == ("CUM1A00", 3, 3)
    two_cameras = get(client, "plate-companions", plate="ABC1D23", min_cameras=2)
    assert [row["plate"] for row in two_cameras] == ["CUM1A00", "TWO2C00"]
    wide = get(client, "plate-companions", plate="ABC1D23", within_s=600)
    assert "ATR1A50" in [row["plate"] for row in wide]
    assert get(login(world.other_gestor), "plate-companions", plate="ABC1D23", min_cameras=2) == []


def test_a_vehicle_is_no_companion_of_itself_however_its_plate_was_misread(
    world: World, street: list[Camera], login: Login
) -> None:
    passages = [(camera, minutes) for minutes, camera in enumerate(street[:3])]
    own = [(camera, "CVY1A11", minutes * 10) for camera, minutes in passages]
    misread = [(camera, "CVY1A1I", minutes * 10 + 0.01) for camera, minutes in passages]
    store("vale-verde", own + misread)
    assert get(login(world.gestor), "plate-companions", plate="CVY1A11") == []


@pytest.mark.req("S11.2")
def test_statistics_count_by_time_camera_plate_and_hour_of_the_week(
    world: World, street: list[Camera], login: Login
) -> None:
    one, two, *_ = street
    store(
        "vale-verde",
        [(one, "ABC1D23", 0), (one, "ABC1D23", 61), (two, "ABC1D23", 62), (two, "XYZ9876", 24 * 60)],
    )
    store("serra-azul", [(world.other_camera, "SEG1A00", 0)])
    period = {"since": "2026-11-20T00:00:00Z", "until": "2026-11-22T00:00:00Z"}
    found = get(login(world.gestor), "plate-statistics", **period)
    assert (found["reads"], found["plates"], found["timezone"]) == (4, 2, "America/Sao_Paulo")
    assert [row["reads"] for row in found["by_period"]] == [3, 1]
    assert [(row["name"], row["reads"]) for row in found["by_camera"]] == [("Câmera 2", 2), ("Entrada", 2)]
    assert found["top_plates"][0] == {"plate": "ABC1D23", "reads": 3, "cameras": 2}
    friday, saturday = found["heat"][4], found["heat"][5]
    assert (friday[9], friday[10], saturday[9]) == (1, 2, 1) and sum(map(sum, found["heat"])) == 4
    hours = get(login(world.gestor), "plate-statistics", by="hour", camera=str(two.pk), **period)["by_period"]
    assert [(row["at"], row["reads"]) for row in hours] == [
        ("2026-11-20T13:00:00Z", 1),
        ("2026-11-21T12:00:00Z", 1),
    ]
    assert get(login(world.admin), "plate-statistics", **period)["reads"] == 5


@pytest.mark.parametrize(
    ("zone", "since"),
    [
        ("America/Sao_Paulo", "2026-11-20T12:00:00Z"),
        ("Asia/Kathmandu", "2026-11-20T12:00:00Z"),  # 5 hours and 45 minutes ahead
        ("America/New_York", "2026-11-01T00:00:00Z"),  # an hour comes twice
    ],
)
def test_hours_and_weekdays_are_the_citys(
    world: World, street: list[Camera], login: Login, zone: str, since: str
) -> None:
    City.objects.filter(pk=world.city.pk).update(timezone=zone)
    began, rng = datetime.fromisoformat(since), random.Random(5)
    minutes = [rng.uniform(0, 2 * 24 * 60) for _ in range(200)]
    offset = (began - NOON).total_seconds() / 60
    store("vale-verde", [(street[0], f"AAA{n:04}", offset + at) for n, at in enumerate(minutes)])
    moments = [(began + timedelta(minutes=at)).astimezone(ZoneInfo(zone)) for at in minutes]
    period = {"since": since, "until": (began + timedelta(days=2)).isoformat()}
    found = get(login(world.gestor), "plate-statistics", by="hour", **period)
    hours = Counter(moment.replace(minute=0, second=0, microsecond=0) for moment in moments)
    told = {
        datetime.fromisoformat(row["at"]).astimezone(ZoneInfo(zone)): row["reads"]
        for row in found["by_period"]
    }
    assert told == hours
    heat = Counter((moment.weekday(), moment.hour) for moment in moments)
    assert found["heat"] == [[heat[day, hour] for hour in range(24)] for day in range(7)]


def test_statistics_of_all_cities_are_those_of_each_together(
    world: World, street: list[Camera], login: Login
) -> None:
    rng = random.Random(7)
    plates = [f"BBB{rng.randrange(30):04}" for _ in range(200)]
    store("vale-verde", [(rng.choice(street), plate, n) for n, plate in enumerate(plates[:120])])
    store("serra-azul", [(world.other_camera, plate, n) for n, plate in enumerate(plates[120:])])
    period = {"since": "2026-11-20T00:00:00Z", "until": "2026-11-22T00:00:00Z"}
    found = get(login(world.admin), "plate-statistics", **period)
    expected = sorted(Counter(plates).items(), key=lambda item: (-item[1], item[0]))
    assert [(row["plate"], row["reads"]) for row in found["top_plates"]] == expected
    assert (found["reads"], found["plates"]) == (200, len(expected))


def test_first_seen_plates_are_those_that_the_city_never_had(
    world: World, street: list[Camera], login: Login
) -> None:
    store("vale-verde", [(street[0], "ABC1D23", 0), (street[0], "XYZ9876", 1)])
    found = get(login(world.gestor), "plate-statistics")
    other = get(login(world.gestor), "plate-statistics", vehicle_color="nonesuch")
    assert (other["reads"], other["new_plates"], other["first_seen"]) == (0, 0, []), (
        "of the search, as all else"
    )
    assert found["new_plates"] == 2 and {row["plate"] for row in found["first_seen"]} == {
        "ABC1D23",
        "XYZ9876",
    }
    assert get(login(world.other_gestor), "plate-statistics")["new_plates"] == 0


def test_a_plate_is_first_seen_when_it_passed_and_not_when_an_outage_ended(
    world: World, street: list[Camera], login: Login
) -> None:
    store("vale-verde", [(street[0], "ABC1D23", 0)])
    late = plate_read(street[0].pk, "ABC1D23", captured_at=NOON - timedelta(days=3))
    node = cities.find_node(NodeAddress("vale-verde", "caixa-01"))
    assert node is not None
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch({2: late})))
    day = {"since": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z"}
    assert get(login(world.gestor), "plate-statistics", **day)["new_plates"] == 0
    before = {"since": "2026-11-17T00:00:00Z", "until": "2026-11-18T00:00:00Z"}
    (seen,) = get(login(world.gestor), "plate-statistics", **before)["first_seen"]
    assert (seen["plate"], seen["at"]) == ("ABC1D23", "2026-11-17T12:00:00Z")


@pytest.mark.parametrize(
    "period",
    [
        {"since": "2026-01-01T00:00:00Z", "until": "2026-11-01T00:00:00Z"},
        {"since": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"},
    ],
)
def test_statistics_of_an_impossible_period_are_refused(
    world: World, login: Login, period: dict[str, str]
) -> None:
    assert login(world.gestor).get(f"{API}/plate-statistics", period).status_code == 400


def test_saved_searches_are_their_owners(world: World, login: Login) -> None:
    mine, colleague = login(world.gestor), login(world.viewer)
    url = f"{API}/plate-searches"
    new = {"name": "Suspeitos", "plate": "ABC*", "match": "similar", "min_confidence": 0.5}
    saved = mine.post(url, new, format="json")
    assert saved.status_code == 201, saved.content
    assert saved.json()["filters"] == {
        "plate": "ABC*", "match": "similar", "min_confidence": 0.5, "order": "newest",
    }  # fmt: skip
    mine.post(url, {**new, "plate": "XYZ*"}, format="json")
    (only,) = mine.get(url).json()
    assert only["filters"]["plate"] == "XYZ*", "the same name replaces"
    assert colleague.get(url).json() == []
    assert colleague.delete(f"{url}/{only['id']}").status_code == 404
    assert mine.delete(f"{url}/{only['id']}").status_code == 204
    assert mine.get(url).json() == []


def test_what_cannot_be_searched_is_not_saved(world: World, login: Login) -> None:
    client = login(world.gestor)
    assert (
        client.post(f"{API}/plate-searches", {"name": "x", "plate": "A%"}, format="json").status_code == 400
    )
    assert client.post(f"{API}/plate-searches", {"plate": "A*"}, format="json").status_code == 400
    stranger = {"name": "x", "city": "serra-azul"}
    assert client.post(f"{API}/plate-searches", stranger, format="json").status_code == 404
