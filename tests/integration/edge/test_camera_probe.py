"""A technician tests a camera: a picture and plain words, or the reason why not."""

from pathlib import Path
from typing import Literal

import pytest

from demo.cameras import SimulatedCameras
from demo.media_files import Media, make_media
from demo.ports import LOOPBACK
from demo.rtsp_server import Login, LoopedFile, RtspCameras
from edge_agent.cameras.probe import watch_stream
from edge_agent.recording.events import Transport
from tests.integration.edge.rig import RTSP_PASSWORD


@pytest.mark.req("S4.1")
def test_a_good_camera_shows_a_picture_and_its_facts(cameras: SimulatedCameras) -> None:
    seen = watch_stream(cameras.url("street"), watch_s=2.5)
    assert seen.ok, seen.verdict
    assert seen.verdict.endswith("pronto para gravar.")
    assert (seen.codec, seen.transport) == ("H.264", "tcp")
    assert seen.width > 0
    assert seen.fps > 1
    assert seen.bitrate_bps > 1000
    assert seen.gop_s is not None
    assert seen.snapshot_jpeg.startswith(b"\xff\xd8")


def test_what_is_wrong_is_said_without_the_password(cameras: SimulatedCameras) -> None:
    lost = watch_stream(f"rtsp://admin:{RTSP_PASSWORD}@{LOOPBACK}:{cameras.rtsp_port}/nowhere")
    dead = watch_stream(f"rtsp://admin:{RTSP_PASSWORD}@{LOOPBACK}:1/street")
    assert not lost.ok
    assert lost.verdict == "O endereço do vídeo não existe na câmera."
    assert not dead.ok
    assert dead.verdict.startswith("A câmera recusou a conexão")
    assert RTSP_PASSWORD not in str((lost, dead))


@pytest.mark.req("S4.1")
@pytest.mark.parametrize(
    ("transport", "codec", "audio"),
    [("tcp", "h265", "none"), ("udp", "h264", "aac"), ("udp", "h265", "pcma"), ("tcp", "h264", "opus")],
)
def test_each_codec_is_tested_by_each_transport_with_its_sound(
    tmp_path: Path, codec: Literal["h264", "h265"], transport: Transport, audio: str
) -> None:
    media = Media(codec, audio)  # type: ignore[arg-type]
    file = LoopedFile(make_media(tmp_path / "street", media), media.declared_fps)
    with RtspCameras({"street": file}, login=Login("admin", RTSP_PASSWORD, "digest")) as cameras:
        seen = watch_stream(cameras.url("street", "admin", RTSP_PASSWORD), transport, watch_s=2.5)
    assert seen.ok, seen.verdict
    assert (seen.codec, seen.transport) == ({"h264": "H.264", "h265": "H.265"}[codec], transport)
    assert (seen.width, seen.height) == (320, 180)
    assert seen.audio == {"none": "", "pcma": "pcm_alaw"}.get(audio, audio)
    assert seen.fps == pytest.approx(10, abs=2)
    assert seen.gop_s == pytest.approx(1, abs=0.3)
    assert seen.snapshot_jpeg.startswith(b"\xff\xd8")


def test_a_camera_that_has_only_udp_is_tested_by_it_and_said_to_have_no_other(tmp_path: Path) -> None:
    file = LoopedFile(make_media(tmp_path / "street", Media()), Media().declared_fps)
    with RtspCameras({"street": file}, transports=["udp"]) as cameras:
        seen = watch_stream(cameras.url("street"), watch_s=1.5)
    assert (seen.ok, seen.transport) == (True, "udp"), seen.verdict
    assert any("UDP" in note for note in seen.notes)
