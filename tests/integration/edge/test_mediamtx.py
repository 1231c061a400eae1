"""A real MediaMTX, owned by the agent: provisioned, recorded through, watched through the console."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import av
import httpx
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from demo.cameras import CameraSpec, SimulatedCameras
from demo.media_files import Media, make_media
from demo.ports import LOOPBACK, free_port
from demo.rtsp_server import Login, LoopedFile, Loss, RtspCameras
from edge_agent.agent import _serve
from edge_agent.box import Box
from edge_agent.live.adaptive import MEDIA_PLAYLIST
from edge_agent.mediamtx.client import Unreachable
from edge_agent.mediamtx.config import Ports
from edge_agent.mediamtx.domain import Patch
from edge_agent.mediamtx.server import MediaServer
from edge_agent.recording.events import CameraSource, Measured, StateChanged
from passthrough.errors import LiveUnavailable, OfferUnreadable
from protocol.messages import DesiredCamera
from protocol.uplink import Quality
from tests.integration.edge.recorder_rig import Recorder
from tests.integration.edge.rig import PASSWORD, SECOND, BoxProcess, Pki, camera, clocks, desired, eventually
from tests.unit.edge.builders import count_frames

BINARY = shutil.which("mediamtx")
pytestmark = [
    pytest.mark.mediamtx,
    pytest.mark.skipif(BINARY is None, reason="no mediamtx binary on PATH"),
]


class Rig:
    """A MediaServer over a box's desired state."""

    def __init__(self, box: Box, folder: Path) -> None:
        self.box = box
        self._revision = 0
        ports = Ports.choose(webrtc_udp=free_port(), lan_rtsp_port=free_port())
        self.media = MediaServer(Path(BINARY or ""), folder, box.desired, box.authenticator, ports)

    def want(self, *cameras: DesiredCamera) -> None:
        self._revision += 1
        self.box.desired.receive(desired(self._revision, *cameras))

    async def until(self, true: Callable[[], object], within_s: float = 20.0) -> None:
        async with asyncio.timeout(within_s):
            while not true():  # noqa: ASYNC110 - a condition of another process
                await asyncio.sleep(0.05)

    async def until_available(self, path: str = "cam1") -> None:
        await self.until(lambda: (state := self.media.path(path)) and state.available)

    def rtsp(self, path: str, user: str, password: str) -> str:
        return f"rtsp://{user}:{password}@{LOOPBACK}:{self.media.ports.rtsp}/{path}"

    def kill(self) -> None:
        assert self.media.process.pid
        os.kill(self.media.process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def street() -> Iterator[SimulatedCameras]:
    with SimulatedCameras([CameraSpec("street", "Praça", "cam1", "x")]) as running:
        yield running


@pytest.fixture
async def rig(tmp_path: Path, pki: Pki) -> AsyncIterator[Rig]:
    process = BoxProcess(tmp_path / "box", pki, None)
    box = Box.open(process.root)
    made = Rig(box, tmp_path / "box" / "mediamtx")
    hook = asyncio.create_task(_serve(made.media.hook, made.media.hook_listener))
    running = asyncio.create_task(made.media.run())
    yield made
    pid = made.media.process.pid
    for task in (running, hook):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    if pid:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)  # it ended with its owner
    box.store.close()


def with_sub(made: DesiredCamera, rtsp_port: int) -> DesiredCamera:
    return DesiredCamera(
        made.id, made.name, made.rtsp_url, sub_rtsp_url=f"rtsp://{LOOPBACK}:{rtsp_port}/street/sub"
    )


@pytest.mark.req("S3.2")
async def test_cameras_are_provisioned_changed_and_removed_by_themselves(
    rig: Rig, street: SimulatedCameras
) -> None:
    cam1 = camera("cam1", street.rtsp_port, "street")
    rig.want(cam1, with_sub(camera("cam2", street.rtsp_port, "street"), street.rtsp_port))
    await rig.until_available()
    configured = await rig.media.client.configured_paths()
    assert sorted(configured) == ["cam1", "cam2", "cam2-sub"]
    assert configured["cam1"]["sourceOnDemand"] is False
    assert configured["cam2-sub"]["sourceOnDemand"] is True
    assert await rig.media.reconciler.converge() == 0, "what is as wanted is left alone"

    new_password = cam1.rtsp_url.replace("h1dden", "ch@nged")
    rig.want(DesiredCamera(cam1.id, cam1.name, new_password))
    async with asyncio.timeout(10):
        while (paths := await rig.media.client.configured_paths()).keys() != {"cam1"} or (  # noqa: ASYNC110
            paths["cam1"]["source"] != new_password
        ):
            await asyncio.sleep(0.05)


@pytest.mark.req("S3.2")
async def test_paths_converge_after_mediamtx_was_killed_and_after_a_hand_made_change(
    rig: Rig, street: SimulatedCameras
) -> None:
    rig.want(camera("cam1", street.rtsp_port, "street"))
    await rig.until_available()
    rig.kill()
    await rig.until(lambda: rig.media.process.starts == 2 and rig.media.process.ready.is_set())
    await rig.until_available()

    await rig.media.client.apply(Patch("cam1", {"record": True, "sourceOnDemand": True}))
    assert await rig.media.reconciler.converge() == 1
    settings = (await rig.media.client.configured_paths())["cam1"]
    assert (settings["record"], settings["sourceOnDemand"]) == (False, False)


async def test_only_the_agent_and_the_boxes_users_read_and_nobody_publishes(
    rig: Rig, street: SimulatedCameras
) -> None:
    rig.want(camera("cam1", street.rtsp_port, "street"))
    await rig.until_available()

    def opens(url: str) -> bool:
        try:
            with av.open(url, options={"rtsp_transport": "tcp"}, timeout=10):
                return True
        except av.FFmpegError:
            return False

    credential = rig.media.credential
    right = [rig.rtsp("cam1", credential.user, credential.password), rig.rtsp("cam1", "ana", "boa%20senha")]
    wrong = [rig.rtsp("cam1", credential.user, "wrong"), rig.rtsp("cam1", "ana", "wrong")]
    anonymous = f"rtsp://{LOOPBACK}:{rig.media.ports.rtsp}/cam1"
    assert [await asyncio.to_thread(opens, url) for url in right] == [True, True]
    assert [await asyncio.to_thread(opens, url) for url in [*wrong, anonymous]] == [False] * 3

    async with httpx.AsyncClient() as anybody:
        api = f"http://{LOOPBACK}:{rig.media.ports.api}/v3/config/paths/list"
        assert (await anybody.get(api)).status_code == httpx.codes.UNAUTHORIZED
        whip = f"http://{LOOPBACK}:{rig.media.ports.webrtc}/cam1/whip"
        answer = await anybody.post(
            whip, content="v=0", headers={"Content-Type": "application/sdp"}, auth=("ana", PASSWORD)
        )
        assert answer.status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.req("S5.1")
async def test_a_viewer_watches_by_whep_through_the_engine(rig: Rig, street: SimulatedCameras) -> None:
    rig.want(camera("cam1", street.rtsp_port, "street"))
    await rig.until_available()
    engine = rig.media.engine
    assert engine.codec("cam1", "main") == "h264"
    viewer = RTCPeerConnection()
    arrived: asyncio.Queue[object] = asyncio.Queue()
    viewer.on("track", arrived.put_nowait)
    viewer.addTransceiver("video", direction="recvonly")
    await viewer.setLocalDescription(await viewer.createOffer())
    answer = await engine.offer("cam1", "main", viewer.localDescription.sdp)
    await viewer.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
    try:
        async with asyncio.timeout(20):
            track = await arrived.get()
            frame = await track.recv()  # type: ignore[attr-defined]
        assert (frame.width, frame.height) == (640, 360)
        await rig.until(lambda: engine.sessions() == 1)
        await engine.hang_up("cam1", "main", answer.resource_id)
        await rig.until(lambda: engine.sessions() == 0)
    finally:
        await viewer.close()
    with pytest.raises(OfferUnreadable):
        await engine.offer("cam1", "main", "not sdp")
    with pytest.raises(LiveUnavailable):
        await engine.offer("nowhere", "main", answer.sdp)


@pytest.mark.req("S5.1")
async def test_low_latency_hls_and_the_sub_stream_on_demand_come_through_the_engine(
    rig: Rig, street: SimulatedCameras
) -> None:
    rig.want(with_sub(camera("cam1", street.rtsp_port, "street"), street.rtsp_port))
    await rig.until_available()
    state = rig.media.path("cam1-sub")
    assert state is None or not state.available, "nobody watches the sub stream"
    engine = rig.media.engine
    for quality in ("main", "sub"):
        multivariant = (await engine.hls("cam1", quality, "index.m3u8", "")).body.decode()
        media, _, query = multivariant.strip().splitlines()[-1].partition("?")
        playlist = (await engine.hls("cam1", quality, media, query)).body.decode()
        assert "CAN-BLOCK-RELOAD=YES" in playlist
        assert rig.media.credential.password not in multivariant + playlist
        number = int(playlist.split("#EXT-X-MEDIA-SEQUENCE:")[1].split()[0]) + playlist.count("#EXTINF")
        later = (await engine.hls("cam1", quality, media, f"{query}&_HLS_msn={number}&_HLS_part=0")).body
        assert later.decode() != playlist, "the reload waited for the next part"
        init = playlist.split('#EXT-X-MAP:URI="')[1].split('"')[0]
        file, _, query = init.partition("?")
        assert b"ftyp" in (await engine.hls("cam1", quality, file, query)).body[:16]
    await rig.until(lambda: (sub := rig.media.path("cam1-sub")) and sub.available)
    for bad in ("../../v3/info", "x/y.m3u8", "nothing.mp4"):
        with pytest.raises(LiveUnavailable):
            await engine.hls("cam1", "main", bad, "")


@pytest.mark.req("S5.1")
async def test_a_variant_plays_on_when_mediamtx_has_forgotten_its_session(
    rig: Rig, street: SimulatedCameras
) -> None:
    rig.want(with_sub(camera("cam1", street.rtsp_port, "street"), street.rtsp_port))
    await rig.until_available()
    engine = rig.media.engine
    main, sub = [await engine.variant("cam1", quality) for quality in ("main", "sub")]
    assert (main.quality, main.width, main.height) == ("main", 640, 360)
    assert (sub.quality, sub.width, sub.height) == ("sub", 320, 180)
    assert main.bandwidth_bps > sub.bandwidth_bps > 10_000
    assert main.codecs.startswith("avc1.")

    async def media(quality: Quality, query: str = "") -> str:
        return (await engine.hls("cam1", quality, MEDIA_PLAYLIST, query)).body.decode()

    def timeline(playlist: str) -> str:
        return playlist.split("#EXT-X-DISCONTINUITY-SEQUENCE:")[1].split()[0]

    before = await media("sub")
    assert "#EXT-X-GAP" not in before, "a player that adapts takes a gap for a fault of the variant"
    assert before.count("#EXTINF"), "there are pictures to begin with"
    assert timeline(before) != timeline(await media("main")), "their media time begins elsewhere"
    sessions = await rig.media.client.hls_sessions()
    assert sessions, "MediaMTX knows who watches"
    for session in sessions:
        await rig.media.client.kick_hls(session.id)
    after = await media("sub", "_HLS_msn=900&_HLS_part=0")
    assert "CAN-BLOCK-RELOAD=YES" in after
    assert timeline(after) != timeline(before)


async def test_a_stopped_mediamtx_is_said_so(rig: Rig, street: SimulatedCameras) -> None:
    rig.want(camera("cam1", street.rtsp_port, "street"))
    await rig.until_available()
    rig.kill()
    with pytest.raises(LiveUnavailable) as caught:
        await rig.media.engine.offer("cam1", "main", "v=0")
    assert caught.value.status == httpx.codes.SERVICE_UNAVAILABLE
    with pytest.raises(Unreachable):
        await rig.media.client.paths()


@pytest.mark.req("S4.1")
async def test_a_refused_login_is_taken_from_mediamtx_and_the_right_one_is_tried_at_once(
    rig: Rig, tmp_path: Path
) -> None:
    login = Login("admin", "certa", "digest")
    video = LoopedFile(make_media(tmp_path / "media", Media()))
    with RtspCameras({"yard": video, "gate": video}, login=login) as cameras:

        def wanted(password: str) -> list[DesiredCamera]:
            sub = cameras.url("gate", "admin", password)
            return [
                DesiredCamera("cam1", "Pátio", cameras.url("yard", "admin", password), sub_rtsp_url=sub),
                DesiredCamera("cam2", "Portão", cameras.url("gate", "admin", "certa")),
            ]

        rig.want(*wanted("errada"))
        await rig.until_available("cam2")
        await rig.until(lambda: rig.media.reconciler.rests(wanted("errada")[0].rtsp_url))
        async with asyncio.timeout(10):
            while (await rig.media.client.configured_paths()).keys() != {"cam2"}:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert login.refused == ["DESCRIBE"]
        said = rig.media.explain(StateChanged("cam1", "offline", ""))
        assert said.reason == "A câmera recusou o usuário ou a senha."
        rig.want(*wanted("certa"))
        await rig.until_available("cam1")
        assert login.refused == ["DESCRIBE"]


@pytest.mark.req("S4.1")
def test_a_box_records_through_its_mediamtx_and_says_why_a_camera_is_offline(
    pki: Pki, street: SimulatedCameras, tmp_path: Path
) -> None:
    state = desired(
        1, camera("cam1", street.rtsp_port, "street"), camera("cam2", street.rtsp_port, "nowhere")
    )
    box = BoxProcess(
        tmp_path / "box", pki, state, options=["--mediamtx", str(BINARY), "--webrtc-port", str(free_port())]
    )
    with box.process, box.log_in() as client:
        live = client.get("/api/cameras/cam1/live").json()
        assert live["engine"] == "mediamtx"
        eventually(lambda: list((tmp_path / "box" / "recordings" / "cam1").rglob("*.mp4")), 30)
        eventually(lambda: client.get(live["qualities"][0]["hls_url"]).is_success, 20)

        def health(of: str) -> dict[str, str]:
            cameras = client.get("/api/cameras").json()
            return next(found for found in cameras if found["id"] == of)

        eventually(lambda: health("cam1")["state"] == "online", 20)
        eventually(lambda: health("cam2")["state"] == "offline", 30)
        figures = client.get("/metrics").text
        assert "gtv_mediamtx_up 1.0" in figures
        assert "gtv_mediamtx_paths_available 1.0" in figures
        assert health("cam2")["reason"] == "O endereço do vídeo não existe na câmera."
    [file] = (tmp_path / "box" / "recordings" / "cam1").rglob("*.mp4")
    assert clocks(file.read_bytes()), "the recording plays, with its clock in the picture"
    log = box.log_text()
    assert "h1dden-rtsp" not in log
    config = tmp_path / "box" / "mediamtx" / "mediamtx.yml"
    assert config.stat().st_mode & 0o777 == 0o600
    assert "h1dden-rtsp" not in config.read_text()


@pytest.mark.req("S4.1")
async def test_picture_and_sound_of_every_codec_are_recorded_through_the_engine(
    rig: Rig, recorder: Recorder, tmp_path: Path
) -> None:
    medias = {
        "aac": Media("h264", "aac"),
        "opus": Media("h265", "opus"),
        "pcma": Media("h264", "pcma"),
        "pcmu": Media("h265", "pcmu"),
    }
    files = {name: LoopedFile(make_media(tmp_path / name, media)) for name, media in medias.items()}
    with RtspCameras(files) as cameras:
        rig.want(*(camera(name, cameras.port, name) for name in files))
        for name in files:
            await rig.until_available(name)
        credential = rig.media.credential
        recorder.supervisor.assign(
            [CameraSource(name, rig.rtsp(name, credential.user, credential.password)) for name in files]
        )
        await recorder.until(lambda: min(map(recorder.fragments, files)) >= 4, 40)
    for name in files:
        (segment,) = recorder.index.footage(name, 0, 2**60)
        file = tmp_path / "whole.mp4"
        data = (recorder.index.folder / segment.path).read_bytes()
        file.write_bytes(data[: segment.fragments[-1].offset + segment.fragments[-1].size_bytes])
        assert count_frames(file) == 10 * len(segment.fragments), name
        with av.open(str(file)) as opened:
            heard = sum(frame.samples / frame.sample_rate for frame in opened.decode(audio=0))
        assert heard == pytest.approx((segment.end_us - segment.start_us) / SECOND, abs=0.5), name


async def test_what_a_cameras_network_loses_before_mediamtx_is_counted(rig: Rig, tmp_path: Path) -> None:
    seen = Measured("udp", fps=10.0, bitrate_bps=1, last_packet_us=1)
    file = LoopedFile(make_media(tmp_path / "udp", Media()))
    with RtspCameras({"udp": file}, transports=["udp"]) as cameras:
        rig.want(DesiredCamera("udp", "Ponte", cameras.url("udp"), transport="udp"))
        await rig.until_available("udp")
        assert rig.media.measured(seen).packets_lost == 0
        cameras.inject("udp", Loss(5))
        await rig.until(lambda: rig.media.measured(seen).packets_lost > 0)


async def test_a_camera_of_many_bits_loses_nothing_between_engine_and_recorder(
    rig: Rig, recorder: Recorder, tmp_path: Path
) -> None:
    """Intra pictures of 500 kB come as one burst, and the recorder reads ten times a second."""
    media = Media(width=1280, height=720, fps=10, gop=10, grain=90, bitrate_bps=20_000_000)
    with RtspCameras({"cam1": LoopedFile(make_media(tmp_path / "large", media))}) as cameras:
        rig.want(camera("cam1", cameras.port, "cam1"))
        await rig.until_available()
        credential = rig.media.credential
        recorder.supervisor.assign(
            [CameraSource("cam1", rig.rtsp("cam1", credential.user, credential.password))]
        )
        await recorder.until(lambda: recorder.fragments() >= 8, 40)
        assert recorder.health.of("cam1").packets_lost == 0
    (segment,) = recorder.index.footage("cam1", 0, 2**60)
    file = recorder.index.folder / segment.path
    end = segment.fragments[-1].offset + segment.fragments[-1].size_bytes
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(file.read_bytes()[:end])
    assert count_frames(whole) == 10 * len(segment.fragments)
    assert end / len(segment.fragments) > 1_000_000, "it was a camera of many bits"


def test_the_doctor_tells_which_program_the_running_box_uses_not_which_it_finds_itself(
    tmp_path: Path, pki: Pki
) -> None:
    box = BoxProcess(tmp_path / "box", pki, None, options=("--mediamtx", BINARY or ""))
    with box.process:
        argv = [box.argv()[0], "edge", "doctor", "--json", "--data-dir", box.root]
        nowhere = {**os.environ, "PATH": str(tmp_path)}
        told = subprocess.run(argv, capture_output=True, text=True, env=nowhere, timeout=60, check=False)
    found = {finding["subject"]: finding["text"] for finding in json.loads(told.stdout)}
    assert found["MediaMTX"] == f"Em uso: {BINARY}."
