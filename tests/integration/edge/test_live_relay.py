"""Live through the relay: real cameras, box, broker, relay and Redis; one uplink however many watch."""

import asyncio
import io
import os
import re
import signal
import time
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import av
import httpx
import pytest

from central_hub.relay.tokens import live_uplink
from central_hub.relay.watching import box_does_not_dial, end, watched
from protocol.messages import Reply, decode
from protocol.topics import Stream
from tests.integration.edge.live_rig import CAMERA, City, Refused, fetch, live_url, watching
from tests.integration.edge.rig import eventually, fetch_media


@pytest.mark.req("E3", "S5.1")
async def test_viewers_share_one_uplink_and_the_box_stops_with_the_last(city: City) -> None:
    dialled = city.dialled()
    city.order()
    ana, rui = (live_url(city.relay, CAMERA, uuid4().hex) for _ in range(2))
    async with watching(ana) as first:
        behind_s = [time.time() - await first.clock() for _ in range(40)][-1]
        assert behind_s < 2
        async with watching(rui) as second:
            clocks = [await second.clock() for _ in range(10)]
            assert clocks == sorted(clocks)
            assert abs(await first.clock() - await second.clock()) < 2
            assert city.uplinks() == 1
            assert city.dialled() == dialled + 1
        await first.clock()  # the other's leaving is nothing to him
    await asyncio.to_thread(eventually, lambda: city.uplinks() == 0, 60, "the uplink is hung up")
    payload = city.hub.latest[Stream.REPLY]
    assert decode(payload, Reply).ok


@pytest.mark.req("S5.1")
async def test_the_small_stream_comes_by_the_same_uplink_and_only_to_who_may_have_it(city: City) -> None:
    city.order()
    small = live_url(city.relay, CAMERA, uuid4().hex, ["sub"])
    async with watching(small, "sub") as viewer:
        assert time.time() - await viewer.clock() < 5
        with pytest.raises(Refused) as refused:
            async with watching(small, "main"):
                pass
        assert refused.value.status == HTTPStatus.UNAUTHORIZED
        assert (await fetch(small, "adaptive.m3u8")).status_code == HTTPStatus.UNAUTHORIZED
        assert (await fetch(small, "main/index.m3u8")).status_code == HTTPStatus.UNAUTHORIZED
        assert city.uplinks() == 1


@pytest.mark.req("S5.1")
async def test_where_webrtc_does_not_get_through_it_comes_by_hls(city: City) -> None:
    city.order()
    url = live_url(city.relay, CAMERA, uuid4().hex)
    adaptive = await fetch(url, "adaptive.m3u8")
    assert adaptive.status_code == HTTPStatus.OK, adaptive.text
    assert len(re.findall(r"^(main|sub)/media.m3u8$", adaptive.text, re.MULTILINE)) >= 1
    playlist = await fetch(url, "main/index.m3u8")
    with httpx.Client(timeout=30) as client:
        media = await asyncio.to_thread(fetch_media, client, f"{url}/main/index.m3u8", playlist.text)
    with av.open(io.BytesIO(media)) as shown:
        assert sum(1 for _ in shown.decode(video=0)) > 10
    for path in ("main/../../../etc/passwd.mp4", "main/nothing.txt", "sub/segments/1.mp4"):
        answer = await fetch(url, path, Range="bytes=0-9")
        assert answer.status_code == HTTPStatus.NOT_FOUND, path
    wide = await fetch(url, "main/segments/1.mp4", Range="bytes=0-")
    assert wide.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE


@pytest.mark.req("S1.2")
async def test_a_link_of_one_camera_opens_no_other_and_one_that_ended_none(city: City) -> None:
    city.order()
    session = uuid4().hex
    mine = live_url(city.relay, CAMERA, session)
    async with watching(mine) as viewer:
        await viewer.clock()
        await asyncio.to_thread(
            eventually, lambda: watched(city.redis, [session]) == {session}, 20, "the hub sees who watches"
        )
        end(city.redis, [session], timedelta(minutes=1))
        await viewer.ended()
    for attempt in (fetch(mine, "main/index.m3u8"), fetch(f"{city.relay.url}/v1/live/x", "main/index.m3u8")):
        answer = await attempt
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert answer.headers["content-type"] == "application/problem+json"
    other = live_url(city.relay, "cam2", uuid4().hex)
    assert (await fetch(other, "main/index.m3u8")).status_code == HTTPStatus.GONE
    playback = mine.replace("/v1/live/", "/v1/sessions/")
    assert (await fetch(playback, "playback.m3u8")).status_code == HTTPStatus.UNAUTHORIZED


async def test_a_viewer_is_ended_with_the_session(city: City) -> None:
    city.order()
    async with watching(live_url(city.relay, CAMERA, uuid4().hex, seconds=6)) as viewer:
        await viewer.clock()
        await viewer.ended()


async def test_a_camera_that_the_box_does_not_have_is_said_in_words(city: City) -> None:
    city.order("no-such-camera")
    with pytest.raises(Refused) as refused:
        async with watching(live_url(city.relay, "no-such-camera", uuid4().hex)):
            pass
    assert refused.value.status == HTTPStatus.NOT_FOUND
    assert "câmera" in refused.value.detail


async def test_a_box_that_dials_again_serves_in_place_of_its_first_uplink(city: City) -> None:
    city.order()
    async with watching(live_url(city.relay, CAMERA, uuid4().hex)) as first:
        await first.clock()
        open_before = city.uplinks()
        box_does_not_dial(city.redis, live_uplink(CAMERA))  # as when Redis has lost what it knew
        city.order()
        await first.ended()  # his player asks the hub again
        async with watching(live_url(city.relay, CAMERA, uuid4().hex)) as second:
            await second.clock()
        assert city.uplinks() == open_before


async def test_a_box_that_is_killed_is_gone_at_once_and_serves_again_when_it_is_back(city: City) -> None:
    city.order()
    url = live_url(city.relay, CAMERA, uuid4().hex)
    async with watching(url) as viewer:
        await viewer.clock()
        os.kill(city.box.process.pid, signal.SIGKILL)
        await viewer.ended()
        answer = await fetch(url, "main/index.m3u8")
        assert answer.status_code == HTTPStatus.GONE
        assert "caixa" in answer.json()["detail"]
    await asyncio.to_thread(city.box.process.start)
    with city.box.log_in() as guard:
        eventually(lambda: guard.get("/api/status").json()["online_with_hub"], what="in contact")
        eventually(lambda: guard.get("/api/cameras").json()[0]["state"] == "online", what="camera online")
    city.order()
    async with watching(url) as viewer:
        assert time.time() - await viewer.clock() < 5
