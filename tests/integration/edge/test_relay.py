"""Remote playback over real sockets: viewer, relay process, Redis, and the box's uplink."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from central_hub.relay.tokens import Audience, issue
from demo.cameras import SimulatedCameras
from demo.ports import free_port
from edge_agent.clock import to_datetime
from edge_agent.playback import services
from edge_agent.playback.services import Period
from edge_agent.recording.index import RecordingIndex
from edge_agent.sync.uplink import UplinkRefused
from protocol.messages import Command, OpenUplink, Reply, decode
from protocol.topics import Stream
from protocol.uplink import Chunk, GetMedia, Head, decode_from_relay, encode
from tests.integration.edge.relay_rig import (
    HUB_ORIGIN,
    RelayProcess,
    box_dialled_in,
    dialled,
    get,
    order,
)
from tests.integration.edge.rig import (
    SECOND,
    BoxProcess,
    HubClient,
    Pki,
    camera,
    clocks,
    desired,
    eventually,
    fetch_media,
    make_broker,
    media_of,
)
from tests.unit.edge.builders import NOON_US

# --- what a viewer sees ------------------------------------------------------------------


async def test_a_recording_plays_through_the_relay(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    async with box_dialled_in(relay, index, order(relay, session)):
        with relay.viewer(session) as viewer:
            answer = await get(viewer, "playback.m3u8")
            assert answer.status_code == HTTPStatus.OK
            assert answer.headers["content-type"].startswith("application/vnd.apple.mpegurl")
            assert answer.headers["access-control-allow-origin"] == HUB_ORIGIN
            media = await asyncio.to_thread(fetch_media, viewer, f"{viewer.base_url}x.m3u8", answer.text)
    (segment,) = index.footage("cam1", NOON_US, NOON_US + 5 * SECOND)
    file = (index.folder / segment.path).read_bytes()
    assert media == file[: segment.size_bytes], "not a byte was changed on the way"


async def test_viewers_share_one_uplink(relay: RelayProcess, index: RecordingIndex, session: str) -> None:
    async with box_dialled_in(relay, index, order(relay, session)):
        with relay.viewer(session) as viewer:
            answers = await asyncio.gather(*(get(viewer, "playback.m3u8") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    assert len({answer.text for answer in answers}) == 1


async def test_a_viewer_may_come_before_the_box_has_dialled_in(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    with relay.viewer(session) as viewer:
        waiting = asyncio.create_task(get(viewer, "playback.m3u8"))
        await asyncio.sleep(0)
        async with box_dialled_in(relay, index, order(relay, session)):
            assert (await waiting).status_code == HTTPStatus.OK


async def test_bytes_outside_the_period_are_refused_by_the_box(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    (whole,) = index.footage("cam1", NOON_US, NOON_US + 10 * SECOND)
    late = whole.fragments[8]
    other = NOON_US + 60 * SECOND
    async with box_dialled_in(relay, index, order(relay, session)):
        with relay.viewer(session) as viewer:
            outside = f"bytes={late.offset}-{late.offset + late.size_bytes - 1}"
            refused = await get(viewer, f"segments/{NOON_US}.mp4", Range=outside)
            assert refused.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            assert "período" in refused.json()["detail"]
            foreign = await get(viewer, f"segments/{other}.mp4", Range="bytes=0-99")
            assert foreign.status_code == HTTPStatus.NOT_FOUND
            for header in ({}, {"Range": "bytes=0-"}, {"Range": "bytes=9-1"}):
                answer = await get(viewer, f"segments/{NOON_US}.mp4", **header)
                assert answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            absurd = await get(viewer, f"segments/{10**30}.mp4", Range="bytes=0-9")
            assert absurd.is_client_error


@pytest.mark.req("E3")
async def test_the_first_picture_is_asked_of_the_box_before_the_viewer_asks(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    """A far viewer's round trips, and the box's, are not one after the other."""
    playlist = services.playlist(index, Period("cam1", NOON_US, NOON_US + 10 * SECOND))
    play_from = (to_datetime(NOON_US + int(3.5 * SECOND))).isoformat()
    (segment,) = index.footage("cam1", NOON_US, NOON_US + 10 * SECOND)
    fourth = segment.fragments[3]
    headers = {"Authorization": f"Bearer {relay.token(Audience.UPLINK, session)}"}
    async with connect(relay.uplink_url, additional_headers=headers) as box:
        with relay.viewer(session) as viewer:
            asking = asyncio.create_task(get(viewer, f"playback.m3u8?from={quote(play_from)}"))
            request = decode_from_relay(bytes(await box.recv(decode=False))).request
            await box.send(encode(Head(request, 200, "application/vnd.apple.mpegurl")))
            await box.send(encode(Chunk(request, playlist.encode(), last=True)))
            assert (await asking).text == playlist
            ahead = [decode_from_relay(bytes(await box.recv(decode=False))) for _ in range(2)]
            assert ahead == [
                GetMedia(ahead[0].request, NOON_US, 0, segment.init_bytes),
                GetMedia(ahead[1].request, NOON_US, fourth.offset, fourth.size_bytes),
            ]
            picture = bytes(n % 251 for n in range(fourth.size_bytes))
            await box.send(encode(Head(ahead[1].request, 206, "video/mp4")))
            await box.send(encode(Chunk(ahead[1].request, picture, last=True)))
            whole = f"bytes={fourth.offset}-{fourth.offset + fourth.size_bytes - 1}"
            answer = await get(viewer, f"segments/{NOON_US}.mp4", Range=whole)
            assert (answer.status_code, answer.content) == (HTTPStatus.PARTIAL_CONTENT, picture)


async def test_an_unknown_start_is_refused_and_a_gap_begins_at_the_next_picture(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    async with box_dialled_in(relay, index, order(relay, session, end_s=70)):
        with relay.viewer(session) as viewer:
            assert (await get(viewer, "playback.m3u8?from=ontem")).status_code == 422
            for start in ("2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z", to_datetime(NOON_US).isoformat()):
                answer = await get(viewer, f"playback.m3u8?from={quote(start)}")
                assert answer.status_code == HTTPStatus.OK
                media = await asyncio.to_thread(
                    fetch_media, viewer, f"{viewer.base_url}x.m3u8", answer.text.partition("#EXT-X-DISC")[0]
                )
                file = (index.folder / index.footage("cam1", NOON_US, NOON_US + SECOND)[0].path).read_bytes()
                assert media == file, "what was asked ahead is what the viewer would have got"


async def test_a_period_without_footage_is_said_in_portuguese(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    async with box_dialled_in(relay, index, order(relay, session, start_s=-100, end_s=-50)):
        with relay.viewer(session) as viewer:
            answer = await get(viewer, "playback.m3u8")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Não há gravação")


# --- who may ------------------------------------------------------------------------------


async def test_a_token_that_is_forged_late_or_of_another_kind_opens_nothing(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    wrong = [
        relay.token(Audience.UPLINK, session),
        relay.token(Audience.VIEWER, session, seconds=-5),
        issue("t" * 32, Audience.VIEWER, session, datetime.now(UTC) + timedelta(minutes=1)),
        session,
    ]
    async with box_dialled_in(relay, index, order(relay, session)):
        for token in wrong:
            with relay.viewer_with(token) as viewer:
                for path in ("playback.m3u8", f"segments/{NOON_US}.mp4"):
                    answer = await get(viewer, path, Range="bytes=0-9")
                    assert answer.status_code == HTTPStatus.UNAUTHORIZED
                    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_uplink_token_is_good_for_one_connection(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    asked = order(relay, session)
    async with box_dialled_in(relay, index, asked):
        pass
    with pytest.raises(UplinkRefused):
        await dialled(index, asked)


async def test_a_second_uplink_of_a_session_does_not_replace_the_first(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    async with box_dialled_in(relay, index, order(relay, session)):
        asked = order(relay, session)
        async with asyncio.timeout(10):
            await (await dialled(index, asked)).serve(asked.expires_at)  # returns: the relay hung up
        with relay.viewer(session) as viewer:
            assert (await get(viewer, "playback.m3u8")).status_code == HTTPStatus.OK


@pytest.mark.parametrize("kind", ["none", "viewer", "expired"])
async def test_an_uplink_without_its_token_is_refused(relay: RelayProcess, session: str, kind: str) -> None:
    headers = {
        "none": {},
        "viewer": {"Authorization": f"Bearer {relay.token(Audience.VIEWER, session)}"},
        "expired": {"Authorization": f"Bearer {relay.token(Audience.UPLINK, session, seconds=-5)}"},
    }[kind]
    with pytest.raises(InvalidStatus) as refused:
        await connect(relay.uplink_url, additional_headers=headers)
    assert refused.value.response.status_code == HTTPStatus.FORBIDDEN


# --- all together ----------------------------------------------------------------------------


def test_the_hub_orders_by_mqtt_and_the_viewer_sees_the_street(
    relay: RelayProcess, pki: Pki, cameras: SimulatedCameras, tmp_path: Path, session: str
) -> None:
    port = free_port()
    box = BoxProcess(tmp_path / "box", pki, desired(1, camera("cam1", cameras.rtsp_port, "street")), port)
    with make_broker(pki, tmp_path / "broker", port), box.process, box.log_in() as guard:
        hub = HubClient(pki, port)
        try:
            eventually(lambda: guard.get("/api/cameras/cam1/live.m3u8").text.count("#EXTINF") >= 4)
            eventually(lambda: guard.get("/api/status").json()["online_with_hub"])
            now = datetime.now(UTC)
            action = OpenUplink(
                session=session,
                url=relay.uplink_url,
                token=relay.token(Audience.UPLINK, session),
                camera="cam1",
                start=now - timedelta(minutes=1),
                end=now,
                expires_at=now + timedelta(minutes=1),
            )
            deadline = now + timedelta(seconds=20)
            began = time.monotonic()
            hub.send(Stream.CMD, Command(id="k1", deadline=deadline, requester="ana", action=action))
            with relay.viewer(session) as viewer:
                playlist = viewer.get("playback.m3u8").text
                first_uri, first_range = next(media_of(playlist))
                assert viewer.get(first_uri, headers={"Range": first_range}).is_success
                assert time.monotonic() - began < 8.0
                shown = clocks(fetch_media(viewer, f"{viewer.base_url}x.m3u8", playlist))
            assert len(shown) > 24
            assert shown == sorted(shown)
            payload = eventually(lambda: hub.latest.get(Stream.REPLY))
            assert decode(payload, Reply) == Reply(command="k1", ok=True)
        finally:
            hub.close()
    assert relay.token(Audience.UPLINK, session)[:20] not in box.log_text()
