"""Which box takes a camera, and what becomes of cameras and footage when a box is away for long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.cities.models import Camera, EdgeNode
from central_hub.fleet import failover
from central_hub.fleet.models import NodeState
from central_hub.ingest import services as ingest
from central_hub.streaming import services as streaming
from protocol.messages import CoverageSpan, Purged, encode
from protocol.topics import NodeAddress, Stream
from tests.integration.conftest import Broker
from tests.integration.hub.box import Box, batch
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.test_accounts import at_once

NORTH, SOUTH = (-22.60, -45.70), (-22.80, -45.70)


@pytest.fixture
def second(world: World, login: Login) -> EdgeNode:
    """Another box of the first prefeitura, in the south; the first one is in the north."""
    node = cities.add_node(world.admin, "vale-verde", "caixa-02")
    for code, (latitude, longitude) in (("caixa-01", NORTH), ("caixa-02", SOUTH)):
        place = {"latitude": latitude, "longitude": longitude}
        address = f"/api/v1/nodes/vale-verde/{code}/place"
        assert login(world.gestor).put(address, place, format="json").status_code == 200
    return node


def add(world: World, login: Login, name: str, **fields: Any) -> str:
    body = {"name": name, "rtsp_url": f"rtsp://10.0.0.1/{name}", **fields}
    answer = login(world.gestor).post("/api/v1/cameras", body, format="json")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["node"])


def away(node: EdgeNode, minutes: int) -> None:
    seen = timezone.now() - timedelta(minutes=minutes)
    NodeState.objects.filter(node=node).update(online=False, last_seen_at=seen)


def online(node: EdgeNode) -> None:
    NodeState.objects.filter(node=node).update(online=True, last_seen_at=timezone.now())


@pytest.mark.req("S3.1")
def test_a_camera_goes_to_the_nearest_box_unless_somebody_says_which(
    world: World, login: Login, second: EdgeNode
) -> None:
    assert add(world, login, "norte", latitude=-22.61, longitude=-45.71) == "caixa-01"
    assert add(world, login, "sul", latitude=-22.79, longitude=-45.69) == "caixa-02"
    assert add(world, login, "dita", latitude=-22.79, longitude=-45.69, node="caixa-01") == "caixa-01"
    assert add(world, login, "nenhuma", node=None) == "None"
    assert add(world, login, "sem-lugar") == "caixa-02", "the one with fewer cameras"
    rows = "nome;rtsp;latitude;longitude\nA;rtsp://h/a;-22,79;-45,69\nB;rtsp://h/b;-22,61;-45,7\n"
    address = "/api/v1/cameras/import?dry_run=false"
    login(world.gestor).post(address, data=rows.encode(), content_type="text/csv")
    assert Camera.objects.get(name="A").node == second
    assert Camera.objects.get(name="B").node == world.node


def test_cameras_of_a_box_that_is_away_go_to_another_where_the_city_wants_it_and_home_by_decision(
    world: World, login: Login, second: EdgeNode, broker: Broker
) -> None:
    online(second)
    away(world.node, 11)
    assert failover.move_cameras() == 0, "a city that said nothing keeps its cameras where they are"
    change = {"failover_after_minutes": 10}
    assert login(world.gestor).patch("/api/v1/cities/vale-verde", change, format="json").status_code == 403
    city = login(world.admin).patch("/api/v1/cities/vale-verde", change, format="json")
    assert city.status_code == 200 and city.json()["failover_after_minutes"] == 10
    away(world.node, 9)
    assert failover.move_cameras() == 0, "not before its time"
    away(world.node, 11)
    away(second, 11)
    assert failover.move_cameras() == 0, "nobody is there to take them"
    online(second)
    with Box("vale-verde", "caixa-02", broker) as box:
        assert sum(at_once(3, lambda _: failover.move_cameras())) == 1  # type: ignore[arg-type]
        box.wait_for(Stream.DESIRED, lambda desired: [one.name for one in desired.cameras] == ["Entrada"])
    (camera,) = login(world.gestor).get("/api/v1/cameras").json()
    assert (camera["node"], camera["home_node"]) == ("caixa-02", "caixa-01")
    assert AuditEntry.objects.get(action="cameras-moved-away").details == {"cameras": 1}

    online(world.node)
    assert failover.move_cameras() == 0, "back, it gets them only when somebody says so"
    home = "/api/v1/nodes/vale-verde/caixa-01/cameras-home"
    assert login(world.viewer).post(home).status_code == 403
    assert login(world.gestor).post(home).json() == {"cameras": 1}
    (camera,) = login(world.gestor).get("/api/v1/cameras").json()
    assert (camera["node"], camera["home_node"]) == ("caixa-01", None)
    assert login(world.gestor).post(home).json() == {"cameras": 0}


def test_footage_of_a_moved_camera_is_known_at_both_boxes_and_asked_of_the_one_that_has_it(
    world: World, login: Login, second: EdgeNode
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)

    def minutes(first: int, last: int) -> tuple[datetime, datetime]:
        return start + timedelta(minutes=first), start + timedelta(minutes=last)

    camera = str(world.camera.pk)
    one, two = NodeAddress("vale-verde", "caixa-01"), NodeAddress("vale-verde", "caixa-02")
    store(one, {1: CoverageSpan(camera, *minutes(0, 60), 1)})
    Camera.objects.filter(pk=world.camera.pk).update(node=second, home_node=world.node)
    store(two, {1: CoverageSpan(camera, *minutes(50, 120), 1)})
    online(world.node)
    online(second)
    world.camera.refresh_from_db()

    def spans() -> list[tuple[datetime, datetime]]:
        found = streaming.coverage(world.gestor, world.camera.pk, *minutes(-10, 200))
        return [(span.start, span.end) for span in found]

    assert spans() == [minutes(0, 120)], "one timeline"
    assert streaming.box_for(world.camera, *minutes(10, 20)) == world.node.pk
    assert streaming.box_for(world.camera, *minutes(80, 90)) == second.pk
    assert streaming.box_for(world.camera, *minutes(52, 58)) == second.pk, "both have it: the camera's own"
    assert streaming.box_for(world.camera, *minutes(40, 55)) == world.node.pk, "the one that has more of it"
    away(world.node, 5)
    assert streaming.box_for(world.camera, *minutes(40, 55)) == second.pk, "of those within reach"

    store(one, {2: Purged(camera, *minutes(0, 60), "retention")})
    assert spans() == [minutes(50, 120)], "what one box deletes, the other still has"


def store(address: NodeAddress, events: dict[int, Any]) -> None:
    node = cities.find_node(address)
    assert node is not None
    ingest.store_batch(node, Stream.COVERAGE, "t", encode(batch(events)))
