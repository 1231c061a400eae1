"""Cameras as makers build them are recorded with picture and sound, whatever codec, transport and manners."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import av
import numpy as np
import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.media_files import TONE_HZ, Media, make_media
from demo.ports import LOOPBACK
from demo.rtsp_server import Login, LoopedFile, Manners, RtspCameras
from edge_agent.cameras.probe import watch_stream
from edge_agent.recording.events import CameraSource, Transport
from tests.integration.edge.recorder_rig import Recorder
from tests.unit.edge.test_fragments import with_b_frames

pytestmark = pytest.mark.req("S4.1")

#: Every video codec, and every sound.
CAMERAS: dict[str, Media] = {
    "h264-aac": Media("h264", "aac"),
    "h264-pcmu": Media("h264", "pcmu"),
    "h265-pcma": Media("h265", "pcma"),
    "h265-opus": Media("h265", "opus"),
    "h265": Media("h265"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LoopedFile]:
    folder = tmp_path_factory.mktemp("media")
    made = {name: LoopedFile(make_media(folder / name, media)) for name, media in CAMERAS.items()}
    made["b-frames"] = LoopedFile(with_b_frames(folder / "b.mp4"))
    return made


@pytest.fixture(scope="module")
def plain(files: dict[str, LoopedFile]) -> LoopedFile:
    return files["h264-aac"]


def parts(recorder: Recorder, camera: str) -> Iterator[bytes]:
    """Each whole file of a camera."""
    for segment in recorder.index.footage(camera, 0, 2**60):
        data = (recorder.index.folder / segment.path).read_bytes()
        last = segment.fragments[-1]
        yield data[: last.offset + last.size_bytes]


def decoded(folder: Path, data: bytes) -> tuple[int, float, float]:
    """(pictures, seconds of sound, its loudest frequency); the video's codec decodes without an error."""
    file = folder / "whole.mp4"
    file.write_bytes(data)
    with av.open(str(file)) as opened:
        pictures = sum(1 for frame in opened.decode(video=0) if not frame.is_corrupt)
    with av.open(str(file)) as opened:
        if not opened.streams.audio:
            return pictures, 0.0, 0.0
        mono = av.AudioResampler("s16", "mono", 16_000)
        frames = [made for frame in opened.decode(audio=0) for made in mono.resample(frame)]
    wave = np.concatenate([frame.to_ndarray().ravel() for frame in frames]).astype(float)
    loudest = int(np.argmax(np.abs(np.fft.rfft(wave)))) * 16_000 / len(wave)
    return pictures, len(wave) / 16_000, loudest


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_every_codec_is_recorded_with_its_sound(
    recorder: Recorder, files: dict[str, LoopedFile], transport: Transport, tmp_path: Path
) -> None:
    with RtspCameras(files) as cameras:
        recorder.supervisor.assign([CameraSource(name, cameras.url(name), transport) for name in files])
        await recorder.until(lambda: min(map(recorder.fragments, files)) >= 4, 30)
    for name in files:
        assert recorder.health.of(name).packets_lost == 0, name
        (segment,) = recorder.index.footage(name, 0, 2**60)
        (data,) = parts(recorder, name)
        pictures, sound_s, tone_hz = decoded(tmp_path, data)
        assert pictures == 10 * len(segment.fragments), name
        if name in CAMERAS and CAMERAS[name].audio != "none":
            length_s = (segment.end_us - segment.start_us) / 1e6
            assert sound_s == pytest.approx(length_s, abs=0.5), name
            assert tone_hz == pytest.approx(TONE_HZ, abs=10), name
            assert recorder.health.of(name).audio_codec


PASSWORD = 'p@:/?#[]%&=+ "ç\\'


@pytest.mark.parametrize("scheme", ["basic", "digest", "digest-sha256"])
async def test_a_password_of_all_signs_opens_a_camera_by_any_scheme(
    recorder: Recorder, plain: LoopedFile, scheme: Literal["basic", "digest", "digest-sha256"]
) -> None:
    with RtspCameras({"cam1": plain}, login=Login("admin", PASSWORD, scheme)) as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1", "admin", quote(PASSWORD, "")))])
        await recorder.until(lambda: recorder.fragments() >= 1)


def certificate(folder: Path) -> ssl.SSLContext:
    """As a camera makes its own: signed by itself, for a name that is not its address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    now, day = datetime.now(UTC), timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - 3 * day)
        .not_valid_after(now - day)  # and nobody renewed it
        .sign(key, hashes.SHA256())
    )
    file = folder / "camera.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_camera_with_a_certificate_of_its_own_is_recorded_by_tls(
    recorder: Recorder, plain: LoopedFile, tmp_path: Path
) -> None:
    login = Login("admin", "segredo", "basic")
    with RtspCameras({"cam1": plain}, login=login, tls=certificate(tmp_path)) as cameras:
        url = cameras.url("cam1", "admin", "segredo")
        assert url.startswith("rtsps://")
        recorder.supervisor.assign([CameraSource("cam1", url)])
        await recorder.until(lambda: recorder.fragments() >= 4)
        assert recorder.health.of("cam1").packets_lost == 0
        assert (await asyncio.to_thread(watch_stream, url, "auto", 1.0)).ok


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_a_session_is_kept_alive_by_requests(
    recorder: Recorder, plain: LoopedFile, transport: Transport
) -> None:
    with RtspCameras({"cam1": plain}, manners=Manners(session_timeout_s=2)) as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1"), transport)])
        await recorder.until(lambda: recorder.fragments() >= 8)
        assert cameras.connections("cam1") == 1
    assert len({segment.run_us for segment in recorder.index.footage("cam1", 0, 2**60)}) == 1


@pytest.mark.parametrize(
    ("path", "manners"),
    [
        ("cam1", Manners(first_channel=6)),
        ("cam1", Manners(absolute_controls=True)),
        ("live/ch0?channel=1&subtype=0", Manners()),
        ("live/ch0?channel=1&subtype=0", Manners(absolute_controls=True)),
    ],
    ids=["other channels", "absolute", "query", "absolute with query"],
)
async def test_a_cameras_own_idea_of_channels_and_addresses_is_followed(
    recorder: Recorder, plain: LoopedFile, path: str, manners: Manners, tmp_path: Path
) -> None:
    with RtspCameras({path: plain}, manners=manners) as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url(path))])
        await recorder.until(lambda: recorder.fragments() >= 2)
    (data,) = parts(recorder, "cam1")
    pictures, sound_s, _ = decoded(tmp_path, data)
    assert pictures >= 20
    assert sound_s > 1


@pytest.mark.parametrize("method", ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"])
async def test_a_camera_that_hangs_up_is_said_to_have_and_is_asked_again(
    recorder: Recorder, plain: LoopedFile, method: str
) -> None:
    with RtspCameras({"cam1": plain}, manners=Manners(hangs_up_after=method)) as cameras:
        port = cameras.port
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1"))])
        await recorder.until(lambda: recorder.state() == "offline")
        assert recorder.health.of("cam1").reason == "A câmera encerrou a transmissão."
    with RtspCameras({"cam1": plain}, port=port):
        await recorder.until(lambda: recorder.fragments() >= 1)


async def test_another_codec_in_the_same_connection_is_recorded_before_long(
    recorder: Recorder, files: dict[str, LoopedFile]
) -> None:
    with RtspCameras({"cam1": files["h265"]}) as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1"))])
        await recorder.until(lambda: recorder.fragments() >= 3)
        cameras.switch("cam1", files["b-frames"])
        await recorder.until(lambda: recorder.health.of("cam1").video_codec == "h264", 40)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_a_camera_with_an_address_of_ipv6_is_recorded(
    recorder: Recorder, plain: LoopedFile, transport: Transport
) -> None:
    with RtspCameras({"cam1": plain}, host="::1") as cameras:
        recorder.supervisor.assign([CameraSource("cam1", cameras.url("cam1"), transport)])
        await recorder.until(lambda: recorder.fragments() >= 2)
        assert recorder.health.of("cam1").packets_lost == 0


async def test_a_camera_that_is_stopped_while_it_connects_is_stopped_at_once(
    recorder: Recorder, plain: LoopedFile
) -> None:
    """One accepts and says nothing, one has a name that nobody knows; a third goes on."""
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(60), LOOPBACK, 0)
    port = silent.sockets[0].getsockname()[1]
    with RtspCameras({"good": plain}) as cameras:
        good = CameraSource("good", cameras.url("good"))
        bad = [
            CameraSource("silent", f"rtsp://{LOOPBACK}:{port}/"),
            CameraSource("lost", "rtsp://camera.invalid/"),
            CameraSource("odd", "rtsp://[::1/"),
        ]
        recorder.supervisor.assign([good, *bad])
        await recorder.until(lambda: recorder.fragments("good") >= 1)
        await recorder.until(lambda: recorder.state("odd") == "offline")
        assert recorder.health.of("odd").reason == "O endereço da câmera está errado."
        recorder.supervisor.assign([good])
        (worker,) = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]

        def sockets_to_silent() -> int:
            return sum(bool(c.raddr) and c.raddr.port == port for c in worker.net_connections("tcp"))

        await recorder.until(lambda: sockets_to_silent() == 0, 5)
        before = recorder.fragments("good")
        await recorder.until(lambda: recorder.fragments("good") >= before + 2)
        assert len({segment.run_us for segment in recorder.index.footage("good", 0, 2**60)}) == 1
    silent.close()


async def test_a_camera_whose_address_changes_goes_on_behind_its_own_footage(
    recorder: Recorder, plain: LoopedFile
) -> None:
    with RtspCameras({"one": plain, "other": plain}) as cameras:
        for path, fragments in (("one", 2), ("other", 5), ("one", 8)):
            recorder.supervisor.assign([CameraSource("cam1", cameras.url(path))])
            await recorder.until(lambda more=fragments: recorder.fragments() >= more)  # type: ignore[misc]
    found = recorder.index.footage("cam1", 0, 2**60)
    assert len(found) == 3
    for before, after in pairwise(found):
        assert before.end_us <= after.start_us
