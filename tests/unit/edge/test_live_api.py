"""Live video over one set of URLs: who may watch, for how long, and what a player is told."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Literal

import httpx
import pytest
from msgspec import structs

from edge_agent.box import Box
from edge_agent.live.broadcasts import Broadcasts
from edge_agent.live.embedded import EmbeddedEngine
from edge_agent.live.engine import HlsAnswer, Variant
from edge_agent.live.tokens import IDLE_S, MAX_TOKENS, LiveTokens, TokenRefused
from edge_agent.recording.supervisor import Supervisor
from passthrough.errors import CodecNotOffered, LiveUnavailable, OfferUnreadable
from passthrough.whep import WhepAnswer
from protocol.messages import DesiredUser
from protocol.uplink import Quality
from tests.unit.edge.builders import desired_state, open_segment, segment, write_file
from tests.unit.edge.console_rig import ANA, CAMERAS, LOGIN, NEW_PASSWORD, get

SDP = {"Content-Type": "application/sdp"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Engine:
    """An engine that answers and remembers; `error` is raised instead."""

    name: Literal["embedded"] = "embedded"

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.hung_up: list[str] = []
        self.without: set[Quality] = set()

    def codec(self, camera: str, quality: Quality) -> str:
        return "h264"

    async def offer(self, camera: str, quality: Quality, sdp: str) -> WhepAnswer:
        if self.error:
            raise self.error
        return WhepAnswer("r1", f"answer to {sdp}")

    async def hang_up(self, camera: str, quality: Quality, resource_id: str) -> None:
        self.hung_up.append(resource_id)

    async def variant(self, camera: str, quality: Quality) -> Variant:
        if quality in self.without:
            raise LiveUnavailable("sem imagem")
        return Variant(quality, {"main": 2_000_000, "sub": 300_000}[quality], "avc1.4d401f", 1280, 720)

    async def hls(
        self, camera: str, quality: Quality, file: str, query: str, byte_range: str = ""
    ) -> HlsAnswer:
        return HlsAnswer(f"{camera} {quality} {file} {query}".encode(), "text/plain")

    def sessions(self) -> int:
        return 0


@pytest.fixture
def engine(box: Box) -> Engine:
    box.live.engine = made = Engine()
    return made


@pytest.fixture
async def whep(guard: httpx.AsyncClient, engine: Engine) -> AsyncIterator[str]:
    yield (await get(guard, "/api/cameras/cam1/live"))["qualities"][0]["whep_url"]


def test_a_token_lives_while_it_is_used() -> None:
    clock = Clock()
    tokens = LiveTokens(lambda _login: True, clock)
    token = tokens.issue("cam1", LOGIN)
    for _ in range(10):
        clock.now += IDLE_S / 2
        assert tokens.use(token, "cam1") == LOGIN
    clock.now += IDLE_S
    with pytest.raises(TokenRefused):
        tokens.use(token, "cam1")


def test_a_token_opens_one_camera_only_and_dies_with_its_login() -> None:
    logins = {LOGIN}
    tokens = LiveTokens(lambda login: login in logins)
    token = tokens.issue("cam1", LOGIN)
    with pytest.raises(TokenRefused):
        tokens.use(token, "cam2")
    logins.clear()
    with pytest.raises(TokenRefused):
        tokens.use(token, "cam1")


def test_tokens_are_bounded_and_the_oldest_goes_first() -> None:
    tokens = LiveTokens(lambda _login: True)
    first = tokens.issue("cam1", LOGIN)
    second = tokens.issue("cam1", LOGIN)
    tokens._grants |= {f"t{n}": tokens._grants[second] for n in range(MAX_TOKENS - 2)}
    tokens.issue("cam1", LOGIN)
    assert tokens.use(second, "cam1") == LOGIN
    with pytest.raises(TokenRefused):
        tokens.use(first, "cam1")


@pytest.mark.req("S4.5")
async def test_live_gives_addresses_on_the_own_origin(guard: httpx.AsyncClient, engine: Engine) -> None:
    answer = await get(guard, "/api/cameras/cam1/live")
    (quality,) = answer["qualities"]
    assert (answer["camera"], answer["engine"], quality["codec"]) == ("cam1", "embedded", "h264")
    assert quality["whep_url"].startswith("/live/")
    assert (await guard.get(quality["hls_url"])).text == "cam1 main index.m3u8 "
    assert (await guard.get(quality["hls_url"] + "?_HLS_msn=4")).text.endswith("_HLS_msn=4")


async def test_before_an_engine_runs_live_says_so(guard: httpx.AsyncClient) -> None:
    assert (await guard.get("/api/cameras/cam1/live")).status_code == HTTPStatus.SERVICE_UNAVAILABLE


async def test_an_offer_is_answered_and_hung_up(guard: httpx.AsyncClient, engine: Engine, whep: str) -> None:
    answer = await guard.post(whep, content="offer", headers=SDP)
    assert (answer.status_code, answer.text) == (HTTPStatus.CREATED, "answer to offer")
    location = answer.headers["Location"]
    assert location == f"{whep}/r1"
    assert (await guard.patch(location)).status_code == HTTPStatus.NO_CONTENT
    assert (await guard.delete(location)).status_code == HTTPStatus.OK
    assert engine.hung_up == ["r1"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (LiveUnavailable("cheio", HTTPStatus.SERVICE_UNAVAILABLE), HTTPStatus.SERVICE_UNAVAILABLE),
        (LiveUnavailable("sem imagem"), HTTPStatus.NOT_FOUND),
        (CodecNotOffered("H.265"), HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        (OfferUnreadable(), HTTPStatus.BAD_REQUEST),
    ],
)
async def test_an_engine_that_cannot_says_why(
    guard: httpx.AsyncClient, engine: Engine, whep: str, error: Exception, status: HTTPStatus
) -> None:
    engine.error = error
    answer = await guard.post(whep, content="offer", headers=SDP)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_offer_must_be_a_small_sdp(guard: httpx.AsyncClient, whep: str) -> None:
    assert (await guard.post(whep, json={})).status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    big = await guard.post(whep, content="v=0\n" * 20_000, headers=SDP)
    assert big.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.req("S4.5")
async def test_another_cameras_token_and_a_removed_persons_are_refused(
    guard: httpx.AsyncClient, box: Box, whep: str
) -> None:
    other = await guard.post(whep.replace("cam1", "cam2"), content="offer", headers=SDP)
    assert other.status_code == HTTPStatus.FORBIDDEN
    box.desired.receive(desired_state(2, cameras=CAMERAS, users=[]))
    gone = await guard.post(whep, content="offer", headers=SDP)
    assert gone.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.req("S4.5")
async def test_a_viewer_is_ended_by_the_logout_and_his_key_opens_nothing_more(
    guard: httpx.AsyncClient, box: Box, engine: Engine, whep: str
) -> None:
    await guard.post(whep, content="offer", headers=SDP)
    assert (await guard.post("/api/auth/logout")).status_code == HTTPStatus.NO_CONTENT
    await box.live.review()
    assert engine.hung_up == ["r1"]
    assert (await guard.get(whep.replace("whep", "index.m3u8"))).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.req("S4.5")
@pytest.mark.parametrize("people", [[NEW_PASSWORD], []], ids=["another password", "removed"])
async def test_a_viewer_is_ended_by_another_password_and_with_his_person(
    guard: httpx.AsyncClient, box: Box, engine: Engine, whep: str, people: list[DesiredUser]
) -> None:
    await guard.post(whep, content="offer", headers=SDP)
    box.desired.receive(desired_state(2, cameras=CAMERAS, users=people))
    await box.live.review()
    assert engine.hung_up == ["r1"]


async def test_a_viewer_is_ended_with_the_camera(
    guard: httpx.AsyncClient, box: Box, engine: Engine, whep: str
) -> None:
    await guard.post(whep, content="offer", headers=SDP)
    await box.live.review()
    assert engine.hung_up == []
    box.desired.receive(desired_state(2, cameras=CAMERAS[1:], users=[ANA]))
    await box.live.review()
    assert engine.hung_up == ["r1"]
    assert (await guard.get(whep.replace("whep", "index.m3u8"))).status_code == HTTPStatus.NOT_FOUND


async def test_viewers_who_vanish_are_not_remembered_without_end(
    guard: httpx.AsyncClient, box: Box, engine: Engine, whep: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge_agent.live.desk.MAX_REMEMBERED", 0)
    await guard.post(whep, content="offer", headers=SDP)
    assert engine.hung_up == ["r1"]
    assert box.live.watching == engine.sessions()


async def test_embedded_hls_is_the_tail_of_the_recording(
    guard: httpx.AsyncClient, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor = Supervisor(box.index.folder, box.index, 1)
    box.live.engine = EmbeddedEngine(box.index, Broadcasts(supervisor, lambda _camera: ""))
    address = (await get(guard, "/api/cameras/cam1/live"))["qualities"][0]["hls_url"]
    assert (await guard.get(address)).status_code == HTTPStatus.NOT_FOUND
    recorded = segment(1_000_000, seconds=3)
    write_file(box.index, recorded)
    await open_segment(box.index, recorded)
    monkeypatch.setattr("edge_agent.playback.services.now_us", lambda: recorded.end_us)
    playlist = (await guard.get(address)).text
    assert "segments/1000000.mp4" in playlist
    media = address.replace("index.m3u8", "segments/1000000.mp4")
    part = await guard.get(media, headers={"Range": "bytes=100-109"})
    assert part.status_code == HTTPStatus.PARTIAL_CONTENT
    assert part.headers["Content-Range"] == "bytes 100-109/*"
    assert part.content == bytes(range(100, 110))
    assert (await guard.get(media)).status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert (await guard.get(address.replace("index", "other"))).status_code == HTTPStatus.NOT_FOUND


@pytest.fixture
def with_sub(box: Box) -> None:
    """cam1 has a second stream."""
    camera = structs.replace(CAMERAS[0], sub_rtsp_url="rtsp://10.0.0.2/2")
    box.desired.receive(desired_state(2, cameras=[camera], users=[ANA]))


@pytest.mark.req("S5.1")
async def test_a_player_gets_main_and_sub_as_variants(
    guard: httpx.AsyncClient, engine: Engine, with_sub: None
) -> None:
    live = await get(guard, "/api/cameras/cam1/live")
    assert [quality["whep_url"].rpartition("/live/")[2][-9:] for quality in live["qualities"]] == [
        "main/whep",
        "/sub/whep",
    ]
    answer = await guard.get(live["adaptive_url"])
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    stream = 'CODECS="avc1.4d401f",RESOLUTION=1280x720'
    assert answer.text.splitlines()[3:] == [
        f"#EXT-X-STREAM-INF:BANDWIDTH=2000000,{stream}",
        "main/media.m3u8",
        f"#EXT-X-STREAM-INF:BANDWIDTH=300000,{stream}",
        "sub/media.m3u8",
    ]
    folder = live["adaptive_url"].rpartition("/")[0]
    assert (await guard.get(f"{folder}/sub/media.m3u8")).text == "cam1 sub media.m3u8 "


@pytest.mark.req("S5.1")
async def test_a_stream_without_picture_is_no_variant(
    guard: httpx.AsyncClient, engine: Engine, with_sub: None
) -> None:
    url = (await get(guard, "/api/cameras/cam1/live"))["adaptive_url"]
    engine.without = {"sub"}
    assert "sub/" not in (await guard.get(url)).text
    engine.without = {"main", "sub"}
    assert (await guard.get(url)).status_code == HTTPStatus.NOT_FOUND


async def test_a_camera_of_one_stream_has_nothing_to_adapt(guard: httpx.AsyncClient, engine: Engine) -> None:
    assert (await get(guard, "/api/cameras/cam1/live"))["adaptive_url"] is None
