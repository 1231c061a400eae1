"""The evidence image's way: asked for, uploaded by the box to the object store, shown to the searcher."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.utils import timezone

from central_hub.fleet.models import NodeState
from central_hub.ingest.process import Ingest
from central_hub.lpr import images
from central_hub.lpr.models import PlateRead
from central_hub.lpr.services import request_missing_images
from protocol import messages
from protocol.topics import Stream
from tests.integration.hub.box import Box, eventually, plate_read
from tests.integration.hub.conftest import Login, World

JPEG = b"\xff\xd8 not quite a picture \xff\xd9"
IMAGE = messages.ImageRef(sha256="ab" * 32, size_bytes=len(JPEG))


@pytest.fixture
def ingest(world: World) -> Iterator[Ingest]:
    running = Ingest()
    thread = threading.Thread(target=running.run)
    thread.start()
    eventually(running.subscribed.is_set, "ingest subscribes")
    yield running
    running.stop()
    thread.join(20)


def asked_for(box: Box, read: messages.PlateRead) -> messages.Command:
    command: messages.Command = box.wait_for(
        Stream.CMD, lambda sent: [image.read for image in sent.action.images] == [read.id]
    )
    return command


@pytest.mark.req("S10.1")
def test_an_image_goes_from_the_box_to_whoever_finds_the_plate(
    world: World, ingest: Ingest, box: Box, login: Login
) -> None:
    read = plate_read(world.camera.pk, image=IMAGE, captured_at=datetime(2026, 3, 9, 23, 0, tzinfo=UTC))
    box.publish_events(Stream.LPR, {1: read, 2: plate_read(world.camera.pk)})
    command = asked_for(box, read)
    assert isinstance(command.action, messages.UploadImages)
    (upload,) = command.action.images
    row = PlateRead.objects.get(seq=1)
    assert f"/vale-verde/plates/2026/03/09/{row.pk}.jpg?" in upload.url
    assert httpx.put(upload.url, content=JPEG, headers={"Content-Type": "image/jpeg"}).is_success

    client = login(world.gestor)
    urls = [found["image_url"] for found in client.get("/api/v1/plate-reads").json()["results"]]
    assert urls == [None, None], "not shown before the box says that it is there"
    box.publish(Stream.REPLY, messages.Reply(command.id, ok=True, uploaded=[read.id]))
    eventually(lambda: PlateRead.objects.get(seq=1).image_stored_at, "the reply is taken")
    found = client.get("/api/v1/plate-reads", {"until": "2026-04-01T00:00:00Z"}).json()["results"]
    shown = httpx.get(found[0]["image_url"])
    assert shown.content == JPEG
    without_signature = found[0]["image_url"].split("?")[0]
    assert httpx.get(without_signature).is_client_error, "nobody reads evidence without a signed address"


def test_a_box_can_speak_of_its_own_images_only(world: World, ingest: Ingest, box: Box) -> None:
    read = plate_read(world.camera.pk, image=IMAGE)
    box.publish_events(Stream.LPR, {1: read})
    command = asked_for(box, read)
    row = PlateRead.objects.get()
    # The same read id, in a reply to a command of another box.
    PlateRead.objects.filter(pk=row.pk).update(node=world.other_node)
    box.publish(Stream.REPLY, messages.Reply(command.id, ok=True, uploaded=[read.id]))
    box.publish_events(Stream.LPR, {2: plate_read(world.camera.pk)})
    box.wait_for_ack(Stream.LPR, [(1, 2)])
    row.refresh_from_db()
    assert row.image_stored_at is None


def stored(world: World, edge_id: str, **fields: object) -> PlateRead:
    """A read that came a minute ago and whose image is owed."""
    known = {
        "city": world.city, "node": world.node, "camera": world.camera, "plate": "ABC1D23", "vendor": "v",
        "captured_at": timezone.now(), "received_at": timezone.now(), "image_sha256": "ab" * 32,
    }  # fmt: skip
    row = PlateRead.objects.create(seq=int(edge_id), edge_id=edge_id, **{**known, **fields})
    PlateRead.objects.filter(pk=row.pk).update(stored_at=timezone.now() - timedelta(minutes=1))
    return row


@pytest.mark.req("E2")
def test_a_missing_image_is_asked_for_again_while_the_box_is_online(world: World, box: Box) -> None:
    now = timezone.now()
    owed = stored(world, "1", image_requested_at=now - timedelta(seconds=30))
    stored(world, "2", image_requested_at=now - timedelta(seconds=5))
    stored(world, "3", image_stored_at=now)
    stored(world, "4", image_sha256="")
    fresh = stored(world, "5")
    PlateRead.objects.filter(pk=fresh.pk).update(stored_at=now)
    stored(world, "6", node=world.other_node, city=world.other_city, camera=world.other_camera)

    assert request_missing_images() == 0, "nobody is asked who is not online"
    NodeState.objects.filter(node=world.node).update(online=True)
    assert request_missing_images() == 1
    assert [image.read for image in box.wait_for(Stream.CMD).action.images] == ["1"]
    assert request_missing_images() == 0, "asked a moment ago"
    owed.refresh_from_db()
    assert owed.image_requested_at is not None and owed.image_requested_at > now


@pytest.mark.req("E2")
def test_a_box_that_delivers_is_asked_for_what_it_owes_from_before_one_command_at_a_time(
    world: World, ingest: Ingest, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "IMAGES_PER_COMMAND", 1)
    now = timezone.now()
    for number in (1, 2, 3):
        stored(world, str(number), captured_at=now - timedelta(minutes=10 - number))
    NodeState.objects.filter(node=world.node).update(online=True)

    def asked() -> list[str]:
        return [image.read for command in box.received[Stream.CMD] for image in command.action.images]

    assert request_missing_images(per_node=1) == 1
    eventually(lambda: asked() == ["3"], "the newest first")
    assert images.request_next_images(world.node.pk) == 0, "it has not answered yet"
    for delivered, then in (("3", ["3", "2"]), ("2", ["3", "2", "1"])):
        command = box.received[Stream.CMD][-1]
        box.publish(Stream.REPLY, messages.Reply(command.id, ok=True, uploaded=[delivered]))
        eventually(lambda then=then: asked() == then, f"asked for {then[-1]} next")  # type: ignore[misc]


def test_many_images_are_asked_for_in_commands_of_a_bounded_size(
    world: World, ingest: Ingest, box: Box
) -> None:
    box.publish_events(Stream.LPR, {seq: plate_read(world.camera.pk, image=IMAGE) for seq in range(1, 451)})
    eventually(
        lambda: sorted(len(sent.action.images) for sent in box.received[Stream.CMD]) == [50, 200, 200],
        "450 images in three commands",
    )
