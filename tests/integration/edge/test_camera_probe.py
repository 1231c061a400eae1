"""A technician tests a camera: a picture and plain words, or the reason why not."""

import pytest

from demo.cameras import SimulatedCameras
from demo.ports import LOOPBACK
from edge_agent.cameras.probe import watch_stream
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
