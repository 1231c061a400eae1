"""A technician tests a camera: a picture and plain words, or the reason why not."""

import contextlib
import itertools
import os
import socketserver
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from demo.cameras import SimulatedCameras
from demo.media_files import Media, make_media
from demo.ports import LOOPBACK
from demo.rtsp_server import Login, LoopedFile, RtspCameras
from edge_agent.cameras import probe
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


SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track1\r\n"
)
ANSWERS = {
    b"DESCRIBE": f"Content-Type: application/sdp\r\nContent-Length: {len(SDP)}\r\n\r\n{SDP}",
    b"SETUP": "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
    b"PLAY": "Session: 1\r\n\r\n",
}


def rtp(number: int) -> bytes:
    """A packet of a keyframe's kind, full of noise (RFC 6184, 5.2)."""
    header = b"\x80\xe0" + number.to_bytes(2, "big") + (number * 9000).to_bytes(4, "big") + b"abcd"
    packet = header + b"\x65" + os.urandom(500)
    return b"$\x00" + len(packet).to_bytes(2, "big") + packet


class Talker(socketserver.StreamRequestHandler):
    """Speaks RTSP well; what comes after PLAY is the test's."""

    sends: ClassVar[Callable[[int], bytes]] = rtp

    def handle(self) -> None:
        while request := self.rfile.readline():
            method = request.split()[0]
            headers = dict(line.split(b":", 1) for line in iter(self.rfile.readline, b"\r\n"))
            answer = ANSWERS.get(method, "Public: DESCRIBE, SETUP, PLAY\r\n\r\n")
            head = f"RTSP/1.0 200 OK\r\nCSeq:{headers[b'CSeq'].decode()}"
            self.wfile.write(f"{head}{answer}".encode())
            if method == b"PLAY":
                break
        with contextlib.suppress(OSError):
            for number in itertools.count():
                self.wfile.write(type(self).sends(number))
                time.sleep(0.05)


@pytest.mark.parametrize(
    ("sends", "words"),
    [(rtp, "sem um vídeo que se possa ler"), (lambda _number: b"", "não mandou vídeo")],
    ids=["noise", "nothing"],
)
def test_a_camera_that_sends_no_picture_is_not_called_good(
    sends: Callable[[int], bytes], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "KEYFRAME_S", 3.0)
    talker = type("Camera", (Talker,), {"sends": staticmethod(sends)})
    with socketserver.ThreadingTCPServer((LOOPBACK, 0), talker) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = watch_stream(f"rtsp://{LOOPBACK}:{server.server_address[1]}/x", watch_s=1.0)
        server.shutdown()
    assert not seen.ok
    assert words in seen.verdict
