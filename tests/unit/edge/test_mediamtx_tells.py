"""What MediaMTX alone knows of a camera reaches its health: by MediaMTX's log, in its own words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.box import Box
from edge_agent.mediamtx.config import Ports
from edge_agent.mediamtx.server import MediaServer
from edge_agent.recording.events import Measured, StateChanged

FROM_RECORDER = StateChanged("cam1", "offline", "O endereço do vídeo não existe na câmera.")


@pytest.fixture
def media(box: Box, tmp_path: Path) -> Iterator[MediaServer]:
    made = MediaServer(
        Path("/mediamtx"), tmp_path / "mediamtx", box.desired, box.authenticator, Ports(1, 2, 3, 4, 5)
    )
    yield made
    made.hook_listener.close()


def told(media: MediaServer, message: str) -> None:
    media._read_log(f"[path cam1] [RTSP source] {message}")


def test_packets_that_a_camera_lost_are_counted(media: MediaServer) -> None:
    told(media, "3 RTP packets lost")
    told(media, "1 RTP packet lost")
    seen = Measured("cam1", fps=25.0, bitrate_bps=1, last_packet_us=1, packets_lost=2)
    assert media.measured(seen).packets_lost == 6
    other = Measured("cam2", fps=25.0, bitrate_bps=1, last_packet_us=1)
    assert media.measured(other).packets_lost == 0


def test_loss_is_no_reason_for_a_camera_without_video(media: MediaServer) -> None:
    media.process.ready.set()
    told(media, "dial tcp 192.0.2.1:554: connect: connection refused")
    told(media, "1 RTP packet lost")
    told(media, "started")
    assert "recusou a conexão" in media.explain(FROM_RECORDER).reason, "what comes anew has not arrived yet"
