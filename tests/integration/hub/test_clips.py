"""Clips at the hub: who may, what is asked of the box and when again, what is kept of its answers."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from central_hub import objects
from central_hub.fleet import services as fleet
from central_hub.fleet.models import NodeState
from central_hub.streaming import clips
from central_hub.streaming.models import Clip
from central_hub.streaming.tasks import pursue_clips
from protocol import messages
from protocol.topics import Stream
from tests.integration.hub.box import Box
from tests.integration.hub.conftest import Login, World

URL = "/api/v1/clips"
END = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
START = END - timedelta(minutes=10)
WHOLE = b"what the box signed" * 20_000


@pytest.fixture
def online(world: World) -> World:
    NodeState.objects.filter(node=world.node).update(online=True)
    return world


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "PART_BYTES", 200_000)
    monkeypatch.setattr(clips, "RETRY_AFTER", timedelta(0))


def asked(world: World, **changes: Any) -> dict[str, Any]:
    body = {"camera": str(world.camera.pk), "start": START.isoformat(), "end": END.isoformat()}
    return {**body, "reason": "BO 7", **changes}


def ordered(world: World, login: Login) -> str:
    answer = login(world.viewer).post(URL, asked(world), format="json")
    assert answer.status_code == 202, answer.content
    return str(answer.json()["id"])


def command(box: Box, kind: type) -> Any:
    """The newest command of a kind."""
    return box.wait_for(Stream.CMD, lambda message: isinstance(message.action, kind))


def answer(world: World, order: Any, **fields: Any) -> None:
    fleet.take_reply(world.node.pk, messages.Reply(order.id, **fields))


def made(clip: str, sha256: str = hashlib.sha256(WHOLE).hexdigest()) -> messages.ClipResult:
    return messages.ClipResult(clip, len(WHOLE), sha256, manifest="{}")


def put(upload: messages.UploadClip, parts: int, whole: bytes = WHOLE) -> list[messages.UploadedPart]:
    """What a box does with the first so many parts."""
    sent, offset = [], 0
    for number, part in enumerate(upload.parts[:parts], 1):
        response = httpx.put(part.url, content=whole[offset : offset + part.size_bytes]).raise_for_status()
        sent.append(messages.UploadedPart(number, response.headers["ETag"]))
        offset += part.size_bytes
    return sent


@pytest.mark.req("S8.1")
def test_a_clip_goes_from_order_to_download_and_is_deleted(online: World, login: Login, box: Box) -> None:
    clip_id = ordered(online, login)
    make = command(box, messages.MakeClip)
    span = messages.ClipSpan(str(online.camera.pk), START, END)
    assert (make.requester, make.action.spans, make.action.reason) == ("vigilante", [span], "BO 7")
    answer(online, make, ok=True, clip=made(make.action.clip))
    pursue_clips()
    upload = command(box, messages.UploadClip)
    assert sum(part.size_bytes for part in upload.action.parts) == len(WHOLE)
    answer(online, upload, ok=False, error="line broke", parts=put(upload.action, 1))
    assert login(online.viewer).get(f"{URL}/{clip_id}").json()["progress"] == 0.5
    pursue_clips()
    again = box.wait_for(Stream.CMD, lambda m: m.id not in (make.id, upload.id))
    assert (again.action.upload, again.action.clip) == (upload.action.upload, upload.action.clip)
    answer(online, again, ok=True, parts=put(again.action, 2))
    pursue_clips()
    (shown,) = login(online.viewer).get(URL).json()
    assert (shown["state"], shown["sha256"]) == ("done", hashlib.sha256(WHOLE).hexdigest())
    url = login(online.viewer).get(f"{URL}/{clip_id}/download").json()["url"]
    assert httpx.get(url).content == WHOLE
    other = online.user("colega", "visualizador", "vale-verde")  # type: ignore[arg-type]
    assert login(other).delete(f"{URL}/{clip_id}").status_code == 403
    assert login(online.gestor).delete(f"{URL}/{clip_id}").status_code == 204
    assert httpx.get(url).status_code == 404 and not Clip.objects.exists()


def test_what_is_not_what_the_box_signed_is_not_given(online: World, login: Login, box: Box) -> None:
    clip_id = ordered(online, login)
    make = command(box, messages.MakeClip)
    answer(online, make, ok=True, clip=made(make.action.clip))
    pursue_clips()
    upload = command(box, messages.UploadClip)
    answer(online, upload, ok=True, parts=put(upload.action, 2, WHOLE[:-1] + b"!"))
    pursue_clips()
    shown = login(online.viewer).get(f"{URL}/{clip_id}").json()
    assert (shown["state"], shown["error"]) == ("failed", clips.NOT_AS_SIGNED)
    assert objects.sha256(clips._key(Clip.objects.select_related("city").get())) is None
    assert login(online.viewer).get(f"{URL}/{clip_id}/download").status_code == 409


def test_a_hub_that_stopped_after_joining_the_parts_ends_the_same(
    online: World, login: Login, box: Box
) -> None:
    ordered(online, login)
    make = command(box, messages.MakeClip)
    answer(online, make, ok=True, clip=made(make.action.clip))
    pursue_clips()
    upload = command(box, messages.UploadClip)
    answer(online, upload, ok=True, parts=put(upload.action, 2))
    clip = Clip.objects.select_related("city").get()
    objects.complete_upload(clips._key(clip), clip.upload, clip.etags)
    pursue_clips()
    assert Clip.objects.get().state == "done"


def test_parts_that_the_store_lost_are_sent_anew(online: World, login: Login, box: Box) -> None:
    ordered(online, login)
    make = command(box, messages.MakeClip)
    answer(online, make, ok=True, clip=made(make.action.clip))
    pursue_clips()
    upload = command(box, messages.UploadClip)
    answer(online, upload, ok=True, parts=put(upload.action, 2))
    clip = Clip.objects.select_related("city").get()
    objects.abort_upload(clips._key(clip), clip.upload)
    pursue_clips()
    pursue_clips()
    again = box.wait_for(Stream.CMD, lambda m: m.id not in (make.id, upload.id))
    assert again.action.upload != upload.action.upload
    answer(online, again, ok=True, parts=put(again.action, 2))
    pursue_clips()
    assert Clip.objects.get().state == "done"


def test_a_lost_reply_is_asked_for_again_and_a_late_one_changes_nothing(
    online: World, login: Login, box: Box
) -> None:
    ordered(online, login)
    first = command(box, messages.MakeClip)
    pursue_clips()
    assert Clip.objects.get().command_id is not None, "the box is given time"
    Clip.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    pursue_clips()
    second = box.wait_for(Stream.CMD, lambda m: m.id != first.id)
    assert second.action == first.action
    answer(online, first, ok=False, error="too late")
    assert Clip.objects.get().state == "ordered"
    answer(online, second, ok=True, clip=made(second.action.clip))
    assert Clip.objects.get().state == "made"


def test_a_box_that_never_comes_back_ends_the_order_in_words(world: World, login: Login) -> None:
    clip_id = ordered(world, login)
    Clip.objects.update(created_at=timezone.now() - clips.GIVE_UP_AFTER - timedelta(minutes=1))
    pursue_clips()
    shown = login(world.viewer).get(f"{URL}/{clip_id}").json()
    assert (shown["state"], shown["error"]) == ("failed", clips.GAVE_UP)


@pytest.mark.parametrize(
    "change",
    [
        {"end": START.isoformat()},
        {"end": (END + timedelta(days=1)).isoformat()},
        {"start": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
        {"reason": ""},
    ],
)
def test_an_order_that_cannot_be_is_refused(world: World, login: Login, change: dict[str, str]) -> None:
    assert login(world.viewer).post(URL, asked(world, **change), format="json").status_code == 400
    assert not Clip.objects.exists()
