"""A camera added at a box becomes the prefeitura's: once, within the limits, or the box is told why not."""

import threading
import uuid
from datetime import UTC, datetime

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import domain
from central_hub.cities import services as cities
from central_hub.cities.models import Camera, RefusedCamera
from central_hub.cities.services import NodeRef
from central_hub.ingest import services as ingest
from central_hub.ingest.models import DeadLetter
from protocol.messages import CameraAdded, DesiredState, encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import Box, batch
from tests.integration.hub.conftest import Login, World


def added(camera_id: str = "", path: str = "praca", **fields: object) -> CameraAdded:
    known = {
        "id": camera_id or uuid.uuid4().hex,
        "name": "Praça",
        "rtsp_url": f"rtsp://10.0.0.7/{path}",
        "at": datetime.now(UTC),
        "actor": "técnica",
    }
    return CameraAdded(**{**known, **fields})  # type: ignore[arg-type]


def node_ref(city: str = "vale-verde") -> NodeRef:
    node = cities.find_node(NodeAddress(city, "caixa-01"))
    assert node is not None
    return node


def take(node: NodeRef, events: dict[int, CameraAdded]) -> None:
    topic = node.address.topic(Stream.CAMERA_ADDED)
    ingest.store_batch(node, Stream.CAMERA_ADDED, topic, encode(batch(dict(events))))


def refusals() -> list[str]:
    return [refused.reason for refused in RefusedCamera.objects.order_by("pk")]


def test_an_added_camera_is_adopted_under_its_id_and_comes_back_as_desired(world: World, box: Box) -> None:
    new = added()
    take(node_ref(), {1: new})
    camera = Camera.objects.get(pk=uuid.UUID(new.id))
    assert (camera.city, camera.node, camera.name, camera.rtsp_url) == (
        world.city,
        world.node,
        "Praça",
        "rtsp://10.0.0.7/praca",
    )
    desired: DesiredState = box.wait_for(
        Stream.DESIRED, lambda state: str(camera.pk) in [c.id for c in state.cameras]
    )
    assert desired.refused == []
    entry = AuditEntry.objects.get(action="camera-adopted")
    assert (entry.actor, entry.target) == ("técnica @ vale-verde/caixa-01", str(camera.pk))


def test_the_same_camera_again_changes_nothing_even_after_the_hub_changed_it(world: World) -> None:
    new = added()
    take(node_ref(), {1: new})
    cities.change_camera(None, Camera.objects.get(pk=uuid.UUID(new.id)), name="Praça da Matriz")
    take(node_ref(), {2: new})
    assert Camera.objects.get(pk=uuid.UUID(new.id)).name == "Praça da Matriz"
    assert refusals() == []
    assert AuditEntry.objects.filter(action="camera-adopted").count() == 1


def test_what_cannot_be_adopted_is_refused_to_the_box_with_the_reason(world: World, box: Box) -> None:
    first, twin, no_name = added(), added(), added(name="  ", path="b")
    no_address = added(rtsp_url="http://10.0.0.7/")
    strangers = added(world.other_camera.pk.hex, path="c")
    take(node_ref(), {1: first, 2: twin, 3: no_name, 4: no_address, 5: strangers})
    assert refusals() == [
        "Este vídeo já está cadastrado nesta caixa como «Praça».",
        "Informe o nome da câmera.",
        "Informe um endereço rtsp:// ou rtsps:// completo.",
        "A identificação desta câmera já está em uso. Exclua e adicione de novo.",
    ]
    state = box.wait_for(Stream.DESIRED, lambda state: len(state.refused) == 4)
    assert str(uuid.UUID(twin.id)) in [refused.id for refused in state.refused]
    assert Camera.objects.get(pk=world.other_camera.pk).city == world.other_city


def test_a_refusal_is_shown_at_the_hub_with_the_name_the_technician_gave(world: World, login: Login) -> None:
    take(node_ref(), {1: added(), 2: added(name="Praça, outra vez")})
    (refused,) = login(world.gestor).get("/api/v1/refused-cameras").json()
    assert (refused["name"], refused["node"], refused["city"]["code"]) == (
        "Praça, outra vez",
        "caixa-01",
        "vale-verde",
    )
    assert refused["reason"] == "Este vídeo já está cadastrado nesta caixa como «Praça»."
    assert login(world.other_gestor).get("/api/v1/refused-cameras").json() == []


def test_a_camera_without_a_usable_id_is_a_dead_letter(world: World) -> None:
    take(node_ref(), {1: added("not-a-uuid"), 2: added()})
    assert DeadLetter.objects.get().seq == 1
    assert Camera.objects.filter(node=world.node).count() == 2


def test_refusals_are_forgotten_oldest_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cities, "MAX_REFUSALS", 3)
    take(node_ref(), {seq: added(name=" ") for seq in range(1, 6)})
    assert len(refusals()) == 3


@pytest.mark.req("S2.4")
def test_the_limit_of_cameras_holds_when_two_boxes_add_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MAX_CAMERAS", 4)
    cities.add_node(None, "vale-verde", "caixa-02")
    second = cities.find_node(NodeAddress("vale-verde", "caixa-02"))
    assert second is not None

    def add_five(node: NodeRef) -> None:
        from django.db import connection

        try:
            for seq in range(1, 6):
                take(node, {seq: added(path=str(seq))})
        finally:
            connection.close()

    threads = [threading.Thread(target=add_five, args=(node,)) for node in (node_ref(), second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Camera.objects.filter(city=world.city).count() == 4
    assert refusals() == ["A prefeitura já tem 4 câmeras, o máximo permitido."] * 7
