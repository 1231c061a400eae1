"""A command of the hub gets exactly one reply, and whatever goes wrong in it stays in it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.protocol import State

from edge_agent.config import DataFolder, Identity
from edge_agent.evidence.hub import HubClips
from edge_agent.evidence.services import ClipDesk
from edge_agent.lpr.erasure import PlateErasure
from edge_agent.lpr.search import PlateSearch
from edge_agent.lpr.services import PlateReads
from edge_agent.recording.index import RecordingIndex
from edge_agent.store import MAX_INTEGER, Store
from edge_agent.sync.commands import MAX_UPLINKS, CommandRunner
from edge_agent.sync.outbox import Outbox
from edge_agent.sync.uplink import Send
from protocol.messages import Command, ErasePlate, ImageUpload, OpenLive, OpenUplink, Reply, UploadImages
from protocol.topics import Stream
from protocol.uplink import FromRelay
from tests.unit.edge.builders import JPEG, vendor_read
from tests.unit.edge.object_rig import ObjectStore


@pytest.fixture
def plates(store: Store, tmp_path: Path) -> PlateSearch:
    return PlateSearch(store, tmp_path / "images")


@pytest.fixture
def erasure(store: Store, tmp_path: Path) -> PlateErasure:
    return PlateErasure(store, tmp_path / "images")


@pytest.fixture
def clips(store: Store, index: RecordingIndex, tmp_path: Path) -> HubClips:
    identity = Identity("sao-bento", "caixa-01", "127.0.0.1", 1)
    desk = ClipDesk(store, index, DataFolder(tmp_path).prepare(), identity, camera_name=str)
    return HubClips(desk, audit=lambda *_: None)


class Silence:
    """Answers of a live uplink on which nothing is asked."""

    async def answer(self, frame: FromRelay, send: Send) -> None:
        raise AssertionError(frame)


class Box:
    """A command runner in a task group that must not fail."""

    def __init__(
        self,
        index: RecordingIndex,
        plates: PlateSearch,
        erasure: PlateErasure,
        clips: HubClips,
        group: asyncio.TaskGroup,
        technician: Any = None,
        updates: Any = None,
    ) -> None:
        self.replies: asyncio.Queue[Reply] = asyncio.Queue()
        self.runner = CommandRunner(
            index,
            lambda _camera: Silence(),
            plates,
            erasure,
            clips,
            technician,
            updates,
            group,
            self.replies.put_nowait,
        )

    async def reply_to(self, command: Command) -> Reply:
        self.runner.receive(command)
        async with asyncio.timeout(15):
            return await self.replies.get()


@pytest.fixture
async def box(
    index: RecordingIndex, plates: PlateSearch, erasure: PlateErasure, clips: HubClips
) -> AsyncIterator[Box]:
    async with asyncio.TaskGroup() as group:
        yield Box(index, plates, erasure, clips, group)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=30)


def upload(*images: tuple[str, str], deadline: datetime | None = None) -> Command:
    action = UploadImages(images=[ImageUpload(read=read, url=url) for read, url in images])
    return Command(id="k1", deadline=deadline or soon(), requester="hub", action=action)


def open_uplink(url: str, command_id: str = "k1") -> Command:
    now = datetime.now(UTC)
    action = OpenUplink(
        session="s1",
        url=url,
        token="t",
        camera="cam1",
        start=now,
        end=now,
        expires_at=now + timedelta(hours=1),
    )
    return Command(id=command_id, deadline=soon(), requester="ana", action=action)


@pytest.fixture
def read_id(store: Store, tmp_path: Path) -> str:
    read = PlateReads(store, tmp_path / "images").accept("cam1", vendor_read(image=JPEG))
    assert read is not None
    return read.id


async def test_images_are_put_into_the_object_store(box: Box, objects: ObjectStore, read_id: str) -> None:
    reply = await box.reply_to(upload((read_id, f"{objects.url}/take/1?signature=x")))
    assert reply == Reply(command="k1", ok=True, uploaded=[read_id])
    assert objects.taken == {"/take/1?signature=x": JPEG}


async def test_an_image_that_cannot_be_uploaded_is_said_and_the_others_go(
    box: Box, objects: ObjectStore, read_id: str
) -> None:
    command = upload(
        ("no-such-read", f"{objects.url}/take/1"),
        (read_id, f"{objects.url}/refused"),
        (read_id, "http://127.0.0.1:1/nobody-there"),
        (read_id, f"{objects.url}/take/2"),
    )
    reply = await box.reply_to(command)
    assert not reply.ok
    assert reply.error.startswith("3 images")
    assert reply.uploaded == [read_id]


async def test_a_command_whose_deadline_has_passed_is_refused_and_not_carried_out(
    box: Box, objects: ObjectStore, read_id: str
) -> None:
    late = datetime.now(UTC) - timedelta(seconds=1)
    reply = await box.reply_to(upload((read_id, f"{objects.url}/take/1"), deadline=late))
    assert not reply.ok
    assert "deadline" in reply.error
    assert objects.taken == {}


async def test_a_command_that_mqtt_delivers_twice_is_carried_out_and_answered_once(
    index: RecordingIndex, plates: PlateSearch, clips: HubClips, objects: ObjectStore, read_id: str
) -> None:
    command = upload((read_id, f"{objects.url}/take/1"))
    async with asyncio.TaskGroup() as group:
        box = Box(index, plates, erasure, clips, group)
        box.runner.receive(command)
        box.runner.receive(command)
    assert box.replies.qsize() == 1


async def test_an_unexpected_error_becomes_a_reply_and_ends_nothing_else(box: Box, read_id: str) -> None:
    reply = await box.reply_to(upload((read_id, "http://[not-an-address/")))
    assert not reply.ok
    assert reply.error


@pytest.mark.parametrize("url", ["ws://127.0.0.1:1/uplink", "not-a-url", "http://127.0.0.1:1/uplink"])
async def test_a_relay_that_cannot_be_reached_is_said_in_the_reply(box: Box, url: str) -> None:
    reply = await box.reply_to(open_uplink(url))
    assert not reply.ok
    assert reply.error
    assert "Bearer" not in reply.error


async def test_a_relay_that_refuses_the_uplink_is_said_in_the_reply(box: Box, objects: ObjectStore) -> None:
    reply = await box.reply_to(open_uplink(objects.url.replace("http", "ws")))
    assert not reply.ok
    assert "relay" in reply.error


async def test_a_box_opens_only_so_many_uplinks_at_once_and_more_when_some_have_ended(
    index: RecordingIndex, plates: PlateSearch, erasure: PlateErasure, clips: HubClips
) -> None:
    hang_up = asyncio.Event()

    async def relay(_connection: ServerConnection) -> None:
        await hang_up.wait()

    async with serve(relay, "127.0.0.1", 0) as server, asyncio.TaskGroup() as group:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/uplink"
        box = Box(index, plates, erasure, clips, group)
        for number in range(MAX_UPLINKS + 3):
            box.runner.receive(open_uplink(url, f"k{number}"))
        async with asyncio.timeout(15):
            replies = [await box.replies.get() for _ in range(MAX_UPLINKS + 3)]
        assert sum(reply.ok for reply in replies) == MAX_UPLINKS
        assert {reply.error for reply in replies if not reply.ok} == {
            f"{MAX_UPLINKS} uplinks are open already"
        }
        hang_up.set()
        async with asyncio.timeout(15):
            number = 0
            while not (await box.reply_to(open_uplink(url, f"again-{number}"))).ok:
                number += 1


async def test_a_live_uplink_that_is_ordered_again_takes_the_place_of_the_first(
    index: RecordingIndex, plates: PlateSearch, erasure: PlateErasure, clips: HubClips
) -> None:
    """The hub orders when it knows of none: the one that the box still holds leads nowhere."""
    dialled: asyncio.Queue[ServerConnection] = asyncio.Queue()

    async def relay(connection: ServerConnection) -> None:
        dialled.put_nowait(connection)
        await connection.wait_closed()

    async with serve(relay, "127.0.0.1", 0) as server, asyncio.TaskGroup() as group:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/uplink"
        box = Box(index, plates, erasure, clips, group)
        for command_id, camera in (("k1", "cam1"), ("k2", "cam2"), ("k3", "cam1")):
            action = OpenLive(f"live-{camera}", url, "t", camera, soon())
            assert (await box.reply_to(Command(command_id, soon(), "ana", action))).ok
        async with asyncio.timeout(15):
            first, other, second = [await dialled.get() for _ in range(3)]
            await first.wait_closed()
        assert other.state is second.state is State.OPEN
        await asyncio.gather(other.close(), second.close())


async def test_an_erasure_is_done_when_nothing_waits_for_the_hub(
    box: Box, store: Store, tmp_path: Path, outbox: Outbox
) -> None:
    PlateReads(store, tmp_path / "images").accept("cam1", vendor_read())
    order = ErasePlate(spellings=["ABC1D23", "ABC1323"], before=soon())
    first = await box.reply_to(Command(id="k1", deadline=soon(), requester="hub", action=order))
    assert (first.ok, first.error) == (False, "1 reads wait for the hub's acknowledgement")
    outbox.acknowledge(Stream.LPR, [(1, MAX_INTEGER)])
    second = await box.reply_to(Command(id="k2", deadline=soon(), requester="hub", action=order))
    assert second.ok, second.error
