"""Clips for the hub: ordered twice they are made once, broken off they are sent on."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge_agent.box import Box
from edge_agent.clock import to_datetime
from edge_agent.evidence.domain import Clip, NoSuchClip, SentPart
from edge_agent.evidence.hub import HubClips
from edge_agent.lpr.erasure import PlateErasure
from edge_agent.sync.commands import CommandRunner
from edge_agent.technician import Technician
from edge_agent.updates.orders import UpdateOrders
from edge_agent.updates.updater import Updater
from protocol.messages import (
    ClipSpan,
    Command,
    MakeClip,
    Reply,
    UploadClip,
    UploadPart,
    decode,
    encode,
)
from tests.unit.edge.builders import NOON_US, SECOND
from tests.unit.edge.clip_rig import CAMERA, made, span
from tests.unit.edge.object_rig import ObjectStore

CLIP = "0f8fad5bd9cb469fa16570867728950e"


@pytest.fixture
def clips(footage: Box) -> HubClips:
    return HubClips(footage.clips, footage.audit)


@pytest.fixture
async def working(footage: Box) -> AsyncIterator[Box]:
    """The box, making what is ordered."""
    task = asyncio.create_task(footage.clips.run())
    yield footage
    task.cancel()


def make(start_s: int, end_s: int, clip: str = CLIP) -> MakeClip:
    start, end = to_datetime(NOON_US + start_s * SECOND), to_datetime(NOON_US + end_s * SECOND)
    return MakeClip(clip=clip, spans=[ClipSpan(camera=CAMERA, start=start, end=end)], reason="Ofício 12")


def upload(clip: Clip, *urls: str, name: str = "u1") -> UploadClip:
    """The clip in as many parts as addresses, all but the last of 1000 bytes."""
    sizes = [1000] * (len(urls) - 1)
    sizes.append(clip.size_bytes - sum(sizes))
    parts = [UploadPart(url=url, size_bytes=size) for url, size in zip(urls, sizes, strict=True)]
    return UploadClip(clip=clip.id, upload=name, parts=parts)


async def test_the_hub_orders_a_clip_and_hears_of_it_when_it_is_finished(working: Box) -> None:
    replies: asyncio.Queue[Reply] = asyncio.Queue()
    command = Command(
        id="k1", deadline=datetime.now(UTC) + timedelta(seconds=30), requester="bia", action=make(2, 4)
    )
    async with asyncio.TaskGroup() as group, asyncio.timeout(20):
        clips = HubClips(working.clips, working.audit)
        erasure = PlateErasure(working.store, working.folder.images)
        technician = Technician(working, lambda: None)
        runner = CommandRunner(
            working.index,
            lambda _camera: pytest.fail("nobody watches"),
            working.plates,
            erasure,
            clips,
            technician,
            UpdateOrders(working, Updater(None, Path(), working.working_state, lambda: None), group),
            group,
            replies.put_nowait,
        )
        runner.receive(decode(encode(command), Command))
        reply = decode(encode(await replies.get()), Reply)
    assert reply.ok, reply.error
    assert reply.clip is not None
    clip = working.clips.get(CLIP)
    assert (reply.clip.clip, reply.clip.sha256, reply.clip.size_bytes) == (CLIP, clip.sha256, clip.size_bytes)
    manifest = json.loads(reply.clip.manifest)
    assert (manifest["requester"], manifest["reason"]) == ("bia", "Ofício 12")


async def test_an_order_that_comes_again_makes_no_second_clip(working: Box, clips: HubClips) -> None:
    async with asyncio.timeout(20):
        first = await clips.make("k1", "bia", make(2, 4))
        again = await clips.make("k2", "bia", make(2, 4))
    assert first.clip == again.clip
    assert len(working.clips.newest(10, None)) == 1


async def test_a_clip_that_cannot_be_made_is_refused_in_words(working: Box, clips: HubClips) -> None:
    reply = await clips.make("k1", "bia", make(100, 200))
    assert (reply.ok, reply.error) == (False, "Não há gravação destas câmeras nestes horários.")


async def test_a_clip_that_fails_is_answered_with_the_reason(footage: Box, clips: HubClips) -> None:
    for segment in footage.index.footage(CAMERA, NOON_US, NOON_US + 60 * SECOND):
        (footage.index.folder / segment.path).unlink()
    making = asyncio.create_task(footage.clips.run())
    async with asyncio.timeout(20):
        reply = await clips.make("k1", "bia", make(2, 4))
    making.cancel()
    assert (reply.ok, reply.error) == (False, "Não foi possível fazer o recorte.")


async def test_a_clip_deleted_before_it_is_made_is_answered(footage: Box, clips: HubClips) -> None:
    answering = asyncio.create_task(clips.make("k1", "bia", make(2, 4)))
    async with asyncio.timeout(20):
        while not footage.clips.newest(1, None):  # noqa: ASYNC110 - a database row
            await asyncio.sleep(0.01)
        footage.clips.delete(CLIP)
        making = asyncio.create_task(footage.clips.run())
        await made(footage, span(5, 6))
        reply = await answering
    making.cancel()
    assert "apagado" in reply.error


@pytest.mark.parametrize("clip", ["../../../etc/passwd", "", "0F" * 16])
def test_a_clip_id_is_no_path(clip: str) -> None:
    command = Command(id="k1", deadline=datetime.now(UTC), requester="x", action=make(1, 2, clip))
    with pytest.raises(ValueError, match="Expected `str` matching"):
        decode(encode(command), Command)


async def test_a_clip_goes_to_the_object_store_whole(
    footage: Box, clips: HubClips, objects: ObjectStore
) -> None:
    clip = await made(footage, span(2, 4))
    reply = await clips.upload("k1", "bia", upload(clip, f"{objects.url}/take/1"))
    assert (reply.ok, [part.number for part in reply.parts]) == (True, [1])
    assert objects.taken["/take/1"] == footage.clips.file(clip.id).read_bytes()


async def test_an_upload_that_broke_off_sends_only_what_is_missing(
    footage: Box, clips: HubClips, objects: ObjectStore
) -> None:
    clip = await made(footage, span(2, 4))
    taken, refused = f"{objects.url}/take", f"{objects.url}/refused"
    broken = await clips.upload("k1", "bia", upload(clip, f"{taken}/1", f"{refused}/2", f"{taken}/3"))
    assert (broken.ok, broken.error) == (False, "part 2 of 3 could not be uploaded")
    assert [part.number for part in broken.parts] == [1]
    objects.taken.clear()
    whole = await clips.upload("k2", "bia", upload(clip, f"{refused}/1", f"{taken}/2", f"{taken}/3"))
    assert (whole.ok, [part.number for part in whole.parts]) == (True, [1, 2, 3])
    assert whole.parts[0] == broken.parts[0]
    assert list(objects.taken) == ["/take/2", "/take/3"]
    body = footage.clips.file(clip.id).read_bytes()
    assert b"".join(objects.taken.values()) == body[1000:]


async def test_another_upload_of_the_same_clip_begins_anew(
    footage: Box, clips: HubClips, objects: ObjectStore
) -> None:
    clip = await made(footage, span(2, 4))
    url = f"{objects.url}/take/1"
    assert (await clips.upload("k1", "bia", upload(clip, url))).ok
    objects.taken.clear()
    assert (await clips.upload("k2", "bia", upload(clip, url, name="u2"))).ok
    assert list(objects.taken) == ["/take/1"]


async def test_parts_that_are_not_the_clip_are_refused(
    footage: Box, clips: HubClips, objects: ObjectStore
) -> None:
    clip = await made(footage, span(2, 4))
    url = f"{objects.url}/take/1"
    wrong = UploadClip(clip=clip.id, upload="u1", parts=[UploadPart(url=url, size_bytes=5)])
    assert re.match("the parts are 5 bytes", (await clips.upload("k1", "bia", wrong)).error)
    unknown = UploadClip(clip=CLIP, upload="u1", parts=[UploadPart(url=url, size_bytes=5)])
    assert (await clips.upload("k2", "bia", unknown)).error == "no such clip"
    waiting = footage.clips.order("ana", "na fila", [span(1, 2)])
    early = UploadClip(clip=waiting.id, upload="u1", parts=[UploadPart(url=url, size_bytes=5)])
    assert (await clips.upload("k3", "bia", early)).error == "the clip is queued, not done"
    assert not objects.taken


async def test_a_store_that_is_away_is_said_without_the_address(
    footage: Box, clips: HubClips, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = await made(footage, span(2, 4))
    reply = await clips.upload("k1", "bia", upload(clip, "http://127.0.0.1:1/?X-Amz-Signature=geheim"))
    assert (reply.ok, reply.parts) == (False, [])
    assert "geheim" not in reply.error + capsys.readouterr().out


def test_a_part_of_a_clip_that_is_gone_is_forgotten(footage: Box) -> None:
    footage.clips.part_sent(CLIP, "u1", SentPart(1, 0, 5, "e"))
    with pytest.raises(NoSuchClip):
        footage.clips.get(CLIP)
