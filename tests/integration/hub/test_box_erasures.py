"""An erasure at the hub reaches the boxes: over the real broker, until each says that nothing is left."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.fleet.models import NodeState
from central_hub.ingest import services as ingest
from central_hub.lpr import box_erasures
from central_hub.lpr.models import BoxErasure, PlateRead
from protocol.messages import Command, ErasePlate, Reply, encode
from protocol.topics import Stream
from tests.integration.hub.box import Box, batch, plate_read
from tests.integration.hub.conftest import Login, World

API = "/api/v1"
NOW = datetime.now(UTC)
ORDER = {"plate": "ABC1D23", "reference": "Pedido 7/2026"}


@pytest.fixture
def online(world: World) -> World:
    NodeState.objects.filter(node=world.node).update(online=True)
    return world


def erase(world: World, login: Login) -> dict[str, Any]:
    answer = login(world.gestor).post(f"{API}/plate-erasures", ORDER, format="json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def reply(world: World, command: Command, ok: bool) -> None:
    ingest.take_reply(world.node, encode(Reply(command=command.id, ok=ok, error="" if ok else "1 waits")))


@pytest.mark.req("S14.1")
def test_a_box_forgets_the_plate_and_what_its_backlog_still_brought_goes_too(
    online: World, box: Box, login: Login
) -> None:
    erasure = erase(online, login)
    assert erasure["boxes"] == 1
    command = box.wait_for(Stream.CMD)
    assert isinstance(command.action, ErasePlate)
    assert (command.action.spellings, command.action.kept) == (["ABC1D23", "ABC1323"], [])

    late = plate_read(online.camera.pk, "ABC1323", captured_at=NOW - timedelta(hours=3))
    after = plate_read(online.camera.pk, "ABC1D23", captured_at=datetime.now(UTC) + timedelta(minutes=1))
    node = cities.find_node(box.address)
    assert node is not None
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch({1: late, 2: after})))
    reply(online, command, ok=False)
    assert BoxErasure.objects.count() == 1, "it is not over"
    reply(online, command, ok=True)
    assert BoxErasure.objects.count() == 1, "a command has one answer"

    BoxErasure.objects.update(sent_at=NOW - timedelta(hours=1))
    assert box_erasures.tell_boxes() == 1
    again = box.wait_for(Stream.CMD, lambda sent: sent.id != command.id)
    assert again.action == command.action
    reply(online, again, ok=True)
    assert BoxErasure.objects.count() == 0, "the plate stays nowhere"
    assert PlateRead.objects.get().plate == "ABC1D23", "what was read after the request is another matter"
    proof = AuditEntry.objects.get(action="plate-erased-at-box")
    assert (proof.target, proof.city_code) == (erasure["digest"], "vale-verde")
    assert proof.details == {"node": "caixa-01", "removed_late": 1}


@pytest.mark.req("S14.1")
def test_a_box_that_is_away_is_told_when_it_is_back_and_not_before(
    world: World, box: Box, login: Login
) -> None:
    erase(world, login)
    assert box_erasures.tell_boxes() == 0
    NodeState.objects.filter(node=world.node).update(online=True)
    assert box_erasures.tell_boxes() == 1
    assert isinstance(box.wait_for(Stream.CMD).action, ErasePlate)
    assert box_erasures.tell_boxes() == 0, "it has minutes to answer"


@pytest.mark.req("S14.1")
def test_a_legal_hold_is_the_boxs_too(online: World, box: Box, login: Login) -> None:
    since, until = NOW - timedelta(days=2), NOW - timedelta(days=1)
    hold = {
        "plate": "ABC1323",
        "since": since.isoformat(),
        "until": until.isoformat(),
        "reference": "Processo 1",
    }
    assert login(online.gestor).post(f"{API}/legal-holds", hold, format="json").status_code == 201
    erase(online, login)
    kept = box.wait_for(Stream.CMD).action.kept
    assert [(period.since, period.until) for period in kept] == [(since, until)]


def test_another_citys_box_is_told_nothing_and_cannot_settle_the_order(
    online: World, box: Box, login: Login
) -> None:
    erase(online, login)
    assert set(BoxErasure.objects.values_list("node_id", flat=True)) == {online.node.pk}
    command = box.wait_for(Stream.CMD)
    ingest.take_reply(online.other_node, encode(Reply(command=command.id, ok=True)))
    assert BoxErasure.objects.count() == 1
